"""Heroku as who deploys: an app is built from its repository, at the head of the default branch."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.deploying import Build, Sourced, Stage, Way
from integrations.heroku.builds import BUILD, target
from integrations.heroku.lookup import find_app
from integrations.heroku.reads import HerokuReads


@dataclass(frozen=True)
class Deployer:
    """The apps; *of* is one, by its name or a word of it."""

    _reads: HerokuReads

    async def way(self, of: str, source: Sourced) -> Way:
        """Return how an app is built now, and what it runs until then."""
        code = await source()
        app = await find_app(self._reads, of, {})
        notes = [f"Built is the head of {code.branch} as it is now ({code.url}/commit/{code.commit})"]
        if app.current:
            notes.append(f"v{app.current.version} runs now: {app.current.text}")
        notes += [
            f"*{each.run.name} is under way* ({each.run.link})"
            for each in await self._reads.builds(app.name)
            if each.run.stage is Stage.UNDER_WAY
        ]
        return Way(resource=BUILD.name, target=target(app.name, code), notes=tuple(notes), fixed=True)

    async def builds(self, of: str) -> Sequence[Build]:
        """Return the last builds of an app, the newest first, whoever asked for them."""
        return await self._reads.builds((await find_app(self._reads, of, {})).name)
