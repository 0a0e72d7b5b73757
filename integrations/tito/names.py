"""What ti.to calls things now: offered while somebody fills in a form."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from integrations.tito.reads import TitoReads


async def _conferences(reads: TitoReads) -> Sequence[str]:
    return [each.name for each in await reads.conferences()]


NAMES: Mapping[str, Callable[[TitoReads], Awaitable[Sequence[str]]]] = {"conferences": _conferences}
