"""Random zones: what is not meant stays, a second time writes nothing, undo restores, guards hold."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from itertools import islice
from random import Random
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from integrations.dnsimple.records import RANKED, Record, RecordSet, plain, target
from integrations.dnsimple.validation import full_name
from tests.integrations.dnsimple.wired import SEED, Wired, wired

ZONE, YEAR = SEED["zone"], "2026"
NAMES = ["", "www", "2025", YEAR, "mail", *(f"n{number}" for number in range(60))]
ONLY_ONE = {"ALIAS": "host{}.example.org", "CNAME": "host{}.example.org", "URL": "https://host{}.example.org"}
KINDS = ONLY_ONE | {
    "A": "192.0.2.{}",
    "AAAA": "2001:db8::{}",
    "CAA": '0 issue "ca{}.example.org"',
    "MX": "mx{}.example.org",
    "NS": "ns{}.example.org",
    "SRV": "5 5060 sip{}.example.org",
    "SSHFP": "4 2 ab{:062}",
    "TXT": 'text {} "quoted" \\ ü',
}
LEAD: dict[str, Any] = {"name": "", "type": "URL", "content": f"https://{YEAR}.{ZONE}"}
BATCHES = {"plan": "enterprise-v1-monthly"}

Seed = list[dict[str, Any]]
Sets = dict[tuple[str, str], list[str]]
"""The contents of each name and type."""


def seeded(size: int, chance: Random) -> Seed:
    """Return *size* records of all types; the apex leads to the current year."""
    found: Seed = [LEAD]
    while len(found) < size:
        name, kind = chance.choice(NAMES), chance.choice([*KINDS])
        content = KINDS[kind].format(chance.randrange(100, 240))
        new = {"name": name, "type": kind, "content": content, "ttl": chance.choice([60, 3600])}
        here = sets(found)
        if fits(name, kind, here) and content not in here[name, kind]:
            found.append(new)
    return found


def sets(records: Seed) -> Sets:
    """Return which sets there are."""
    found = defaultdict[tuple[str, str], list[str]](list)
    for each in records:
        found[each["name"], each["type"]].append(each["content"])
    return found


def fits(name: str, kind: str, here: Sets) -> bool:
    """Return whether a name may have one more record of a type."""
    kinds = {type_ for held, type_ in here if held == name and here[held, type_]}
    if kind == "CNAME":
        return bool(name) and not kinds
    return "CNAME" not in kinds and not (kind in ONLY_ONE and kind in kinds) and (name, kind) != ("", "NS")


def record(kind: str, content: str, ttl: int = 3600) -> Record:
    """Return a record of a type, as we read it."""
    return Record(content=plain(kind, content), ttl=ttl, priority=10 if kind in RANKED else None)


def wanted(here: Sets, chance: Random) -> Iterator[tuple[str, str]]:
    """Yield names, each with a type that it has or may have."""
    for name in chance.sample(NAMES, len(NAMES)):
        kinds = [kind for kind in KINDS if here.get((name, kind)) or fits(name, kind, here)]
        if kinds:
            yield name, chance.choice(kinds)


def kept(dnsimple: Wired, *, but: Sequence[tuple[str, str]] = ()) -> list[tuple[Any, ...]]:
    """Return all records as they are held, but for those of some names and types."""
    held = dnsimple.standin.world.zone.records.values()
    return [
        tuple(vars(each).values())
        for each in held
        if (each.name, each.type) not in but and each.parent_id is None
    ]


async def one(records: Seed, chance: Random) -> None:
    """Change the records of one name and type, and back."""
    here = sets(records)
    name, kind = next(wanted(here, chance))
    now, most = here.get((name, kind), []), 1 if kind in ONLY_ONE else 4
    fresh = [KINDS[kind].format(number) for number in chance.sample(range(240, 250), 4)]
    contents = chance.sample(now + fresh, chance.randint(0, most))
    async with wired({"records": records}) as dnsimple:
        others = kept(dnsimple, but=[(name, kind)])
        aim = target(full_name(name, ZONE), kind)
        before, after = await dnsimple.bound.read(aim), [record(kind, each) for each in contents]
        meant = await dnsimple.change(aim, *after)
        protected = (await dnsimple.bound.concerns(meant)).protected
        assert (protected is not None) == (name in {"", "www", YEAR} or kind in {"NS", "MX"})
        for step in dnsimple.bound.steps(meant):
            await dnsimple.make(step)
        found = RecordSet.of(after)
        assert await dnsimple.bound.read(aim) == (found.model_dump(mode="json") if found else None)
        writes = len(dnsimple.writes)
        assert writes <= max(len(contents), len(now))
        await dnsimple.make(meant)
        assert len(dnsimple.writes) == writes
        back, still = await dnsimple.bound.back(meant)
        assert still
        for step in dnsimple.bound.steps(back):
            await dnsimple.make(step)
        assert await dnsimple.bound.read(aim) == before
        assert kept(dnsimple, but=[(name, kind)]) == others


async def many(records: Seed, chance: Random) -> None:
    """Change a record of each of many names, and back: a call each, or one for all."""
    batches, here = chance.random() < 0.5, sets(records)
    aims = list(islice(wanted(here, chance), chance.randint(2, 30)))
    async with wired({"records": records} | (BATCHES if batches else {}), batches=batches) as dnsimple:
        before, others = kept(dnsimple), kept(dnsimple, but=aims)
        afters = {}
        for name, kind in aims:
            aim = target(full_name(name, ZONE), kind)
            live = RecordSet.model_validate(await dnsimple.bound.read(aim) or {"records": ()}).records
            less = live[: -1 if live and (kind in ONLY_ONE or chance.random() < 0.7) else None]
            more = [record(kind, KINDS[kind].format(250))] if not live or chance.random() < 0.7 else []
            afters[aim] = RecordSet.of([*less, *more])
        changes = await dnsimple.bound.plan_all(afters)

        async def make(back: bool = False) -> int:
            ways = {c.target: c.before if back else c.after for c in changes}
            await dnsimple.bound.read_all([*ways])
            assert await dnsimple.bound.write_all(ways) == {}
            return len(dnsimple.writes)

        writes = await make()
        assert writes <= (1 if batches else len(changes))
        assert kept(dnsimple, but=aims) == others
        assert await make() == writes
        assert await dnsimple.bound.read_all([*afters]) == {c.target: c.after for c in changes}
        await make(back=True)
        assert sorted(each[1:6] for each in kept(dnsimple)) == sorted(each[1:6] for each in before)


def tried(number: int, told: Callable[[Seed, Random], Awaitable[None]]) -> str:
    """Tell a story in *number* zones, and return of how many records these were."""
    sizes = []

    @settings(max_examples=number, database=None, phases=[Phase.generate, Phase.shrink])
    @given(size=st.integers(1, 200), chance=st.randoms(use_true_random=True))
    def try_one(size: int, chance: Random) -> None:
        records = seeded(size, chance)
        sizes.append(len(records))

        async def story() -> None:
            await told(records, chance)

        asyncio.run(story())

    try_one()
    return f"{len(sizes)} random zones of {min(sizes)} to {max(sizes)} records"


def test_a_change_and_its_way_back(full: bool, figure: Callable[[str], None]) -> None:
    """Whatever the zone and the change: in as few calls as records differ, nothing else is touched."""
    figure(f"{tried(300 if full else 5, one)}: a set changed and put back, 0 others touched")


def test_many_changes_and_their_way_back(full: bool, figure: Callable[[str], None]) -> None:
    """Whatever the zone: a call a record or one for all, nothing else is touched, and all can be put back."""
    figure(
        f"{tried(300 if full else 4, many)}: up to 30 names changed at once and put back, 0 others touched"
    )
