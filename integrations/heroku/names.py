"""What Heroku calls things now: offered while somebody fills in a form."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from integrations.heroku.reads import HerokuReads

NAMES: Mapping[str, Callable[[HerokuReads], Awaitable[Sequence[str]]]] = {"apps": HerokuReads.names}
