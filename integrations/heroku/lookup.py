"""Which app people mean."""

from collections.abc import Mapping

from bot.core.board import Service
from bot.core.errors import UsageError
from bot.core.names import suggestion
from bot.core.people import listed
from integrations.heroku.reads import App, HerokuReads


async def find_app(reads: HerokuReads, said: str, services: Mapping[str, Service]) -> App:
    """Return the app that a name, a word of one, or a service (by its repository) means; UsageError else."""
    names, word = await reads.names(), said.casefold()
    service = next((each for name, each in services.items() if name.casefold() == word), None)
    word = (service.repository if service else None) or word
    begun = [name for name in names if word in name.split("-")]
    name = word if word in names else begun[0] if len(begun) == 1 else ""
    app = await reads.app(name) if name else None
    if app is None:
        hint = suggestion(said, names) or f"There are: {listed(names, 'and')}."
        raise UsageError(f"We have no app `{said[:60]}` at Heroku.", hint, "app")
    return app
