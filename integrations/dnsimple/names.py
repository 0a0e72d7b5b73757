"""What the zone calls things now: offered while somebody fills in a form."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from integrations.dnsimple.reads import DnsimpleReads
from integrations.dnsimple.validation import TYPES


async def _names(reads: DnsimpleReads) -> Sequence[str]:
    found = await reads.entries()
    return list(dict.fromkeys(entry.name for entry in found if not entry.system))


async def _types(_reads: DnsimpleReads) -> Sequence[str]:
    return TYPES


NAMES: Mapping[str, Callable[[DnsimpleReads], Awaitable[Sequence[str]]]] = {
    "names": _names,
    "types": _types,
}
