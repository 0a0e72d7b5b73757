"""What the bot can change at DNSimple: the set of records of one name and type, one record a call."""

from asyncio import gather
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from bot.core.change import Change
from bot.core.errors import Rejected, VendorError
from bot.core.takeover import Pointing, service
from bot.core.vendor import Concerns, Resource, Together
from integrations.dnsimple.client import DnsimpleClient, Edit
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
    if edit := _edit(client, target, await _found(client, target), after):
        await client.edit(edit)


def _edit(
    client: DnsimpleClient, target: str, found: Sequence[ZoneRecord], after: RecordSet | None
) -> Edit | None:
    """Return what makes *found*, the records of a target, what they should be; None when they are."""
    _, name, kind = parts(target, client.zone_name)
    gone, new = unlike(map(ours, found), after.records if after else ())
    if len(gone) > 1 or len(new) > 1:
        raise Rejected(
            "DNSimple",
            f"{target} is not as it was shown any more.",
            "Nothing was changed: look, and ask again.",
        )
    old = next((each for each in found if gone and ours(each) == gone[0]), None)
    match old, new:
        case ZoneRecord(id=number), []:
            return Edit("deletes", {"id": number})
        case ZoneRecord(id=number), [fresh]:
            before, after_ = _content(kind, gone[0]), _content(kind, fresh)
            changed = {key: value for key, value in after_.items() if value != before[key]}
            return Edit("updates", {"id": number, **changed})
        case None, [fresh]:
            return Edit("creates", {"name": name, "type": kind, **_content(kind, fresh)})
        case _:
            return None


async def _read_all(client: DnsimpleClient, targets: Sequence[str]) -> Mapping[str, RecordSet | None]:
    """Read the zone once."""
    found = _apart(client, targets, await client.memo.anew("records", client.records))
    return {target: RecordSet.of(map(ours, records)) for target, records in found.items()}


def _apart(
    client: DnsimpleClient, targets: Iterable[str], records: Iterable[ZoneRecord]
) -> dict[str, list[ZoneRecord]]:
    """Return the records of each target."""
    sets = defaultdict[tuple[str, str], list[ZoneRecord]](list)
    for each in records:
        sets[each.name, each.type].append(each)
    return {target: sets[parts(target, client.zone_name)[1:]] for target in targets}


async def _write_all(
    client: DnsimpleClient, afters: Mapping[str, RecordSet | None]
) -> Mapping[str, VendorError]:
    """Write in one batch where the plan has them, else a call each, all at once."""
    found = _apart(client, afters, await client.memo("records", client.records))
    edits, errors = dict[str, Edit](), dict[str, VendorError]()
    for target, after in afters.items():
        try:
            edit = _edit(client, target, found[target], after)
        except Rejected as error:
            errors[target] = error
        else:
            edits |= {target: edit} if edit else {}
    if edits and await client.batch(edits.values()):
        return errors

    async def write(target: str, edit: Edit) -> None:
        try:
            await client.edit(edit)
        except VendorError as error:
            errors[target] = error

    await gather(*(write(*each) for each in edits.items()))
    return errors


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
    together=Together(_read_all, _write_all, about=lambda target: target.rpartition("/")[0]),
)
