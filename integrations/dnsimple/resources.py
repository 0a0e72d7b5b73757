"""What the bot can change at DNSimple: the set of records of one name and type, one record a call."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from bot.core.change import Change
from bot.core.errors import Rejected
from bot.core.takeover import Pointing, service
from bot.core.vendor import Concerns, Resource
from integrations.dnsimple.client import DnsimpleClient
from integrations.dnsimple.guards import protected, refused
from integrations.dnsimple.looks import leads_nowhere, look
from integrations.dnsimple.models import ZoneRecord
from integrations.dnsimple.records import Record, RecordSet, bold, lifetime, links, ours, parts, sent, unlike


async def _read(client: DnsimpleClient, target: str) -> RecordSet | None:
    return RecordSet.of(map(ours, await _found(client, target)))


async def _found(client: DnsimpleClient, target: str) -> list[ZoneRecord]:
    _, name, kind = parts(target, client.zone_name)
    return await client.records(name, kind)


async def _write(client: DnsimpleClient, target: str, after: RecordSet | None) -> None:
    """Look which record is not as it should be, and change, add or remove that one."""
    _, name, kind = parts(target, client.zone_name)
    found = await client.records(name, kind)
    gone, new = unlike(map(ours, found), after.records if after else ())
    if not gone and not new:
        return
    if len(gone) > 1 or len(new) > 1:
        raise Rejected(
            "DNSimple",
            f"{target} is not as it was shown any more.",
            "Nothing was changed: look, and ask again.",
        )
    old = next((each for each in found if gone and ours(each) == gone[0]), None)
    match old, new:
        case None, [fresh]:
            await client.add({"name": name, "type": kind, **_content(kind, fresh)})
        case ZoneRecord(id=number), []:
            await client.remove(number)
        case ZoneRecord(id=number), [fresh]:
            before, after_ = _content(kind, gone[0]), _content(kind, fresh)
            await client.change(number, {key: value for key, value in after_.items() if value != before[key]})


def _content(kind: str, record: Record) -> dict[str, Any]:
    """Return what is sent of a record."""
    content = {"content": sent(kind, record.content), "ttl": record.ttl}
    return content if record.priority is None else {**content, "priority": record.priority}


def _say(target: str, before: RecordSet | None, after: RecordSet | None) -> str:
    full, _, kind = target.rpartition("/")
    now = before.words if before else "nothing"
    return f"{bold(full)} {kind}: {after.words if after else 'nothing'} (now: {now})"


async def _weigh(client: DnsimpleClient, change: Change) -> Concerns:
    """Weigh a change against the whole zone as it is."""
    records = await client.memo("records", client.records)
    unpoints, points = _pointing(client, change)
    return Concerns(
        protected=protected(change, client.zone_name, records),
        refused=refused(change, client.zone_name, records) or await leads_nowhere(client, change),
        unpoints=unpoints,
        points=points,
        existing=len({(each.name, each.type) for each in records if not each.system_record}),
    )


def _pointing(client: DnsimpleClient, change: Change) -> tuple[frozenset[str], tuple[Pointing, ...]]:
    """Return the name if it stops pointing where it does, and to which service it begins to."""
    full, _, kind = parts(change.target, client.zone_name)
    if kind not in {"ALIAS", "CNAME"}:
        return frozenset(), ()
    before, after = (
        set() if s is None else {each.content for each in RecordSet.model_validate(s).records}
        for s in (change.before, change.after)
    )
    begins = [Pointing(name=full, host=host) for host in after - before if service(host)]
    return frozenset({full} if before - after else ()), tuple(begins)


def _steps(change: Change) -> tuple[Change, ...]:
    """Return the same change a record at a time, since each of them is a call."""
    before, after = (
        None if s is None else RecordSet.model_validate(s) for s in (change.before, change.after)
    )
    states: Sequence[RecordSet | None] = (before, *links(before, after))
    return tuple(
        change.model_copy(
            update={
                "before": None if one is None else one.model_dump(mode="json"),
                "after": None if other is None else other.model_dump(mode="json"),
                "words": _say(change.target, one, other),
            }
        )
        for one, other in pairwise(states)
    )


def remembered(changes: Iterable[Change]) -> tuple[str, ...]:
    """Return how long others may go on seeing what these changes take away, as a note."""
    before = [RecordSet.model_validate(change.before) for change in changes if change.before]
    if not before:
        return ()
    longest = max(each.ttl for each in before)
    return (f"Some people see what is there now for up to {lifetime(int(longest.total_seconds()))} longer.",)


RECORD = Resource(
    "dnsimple.record",
    RecordSet,
    _read,
    _write,
    _say,
    concerns=_weigh,
    kept=True,
    loud=True,
    steps=_steps,
    outside=look,
)
