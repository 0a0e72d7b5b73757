"""Random zones: what is not meant stays, a second time writes nothing, undo restores, guards hold."""

import asyncio
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.dnsimple.records import Record, RecordSet
from tests.integrations.dnsimple.wired import SEED, Wired, wired

ZONE = SEED["zone"]
ALL_NAMES = ["", "www", "2025", "2026", "mail", *(f"n{number}" for number in range(40))]
NAMES = st.sampled_from(ALL_NAMES)
CONTENTS = st.integers(1, 250).map("192.0.2.{}".format)
SETS = st.lists(CONTENTS, max_size=4, unique=True)
ZONES = st.dictionaries(NAMES, SETS.filter(bool), min_size=1, max_size=45)


def records(zone: dict[str, list[str]]) -> list[dict[str, Any]]:
    """Return the seed of a zone of addresses, with a redirect that says which year it is."""
    lead = {"name": "", "type": "URL", "content": f"https://2026.{ZONE}"}
    given = [{"name": n, "type": "A", "content": each} for n, contents in zone.items() for each in contents]
    return [lead, *given][:200]


def kept(dnsimple: Wired, *, but: str = "-") -> list[tuple[Any, ...]]:
    """Return all records as they are held, but for those of one name."""
    held = dnsimple.standin.world.zone.records.values()
    return [tuple(vars(each).values()) for each in held if each.name != but]


async def change(zone: dict[str, list[str]], name: str, contents: list[str], ttl: int) -> None:
    """Change the addresses of one name, and back."""
    async with wired({"records": records(zone)}) as dnsimple:
        full = f"{name}.{ZONE}".removeprefix(".")
        others, before = kept(dnsimple, but=name), await dnsimple.bound.read(f"{full}/A")
        meant = await dnsimple.change(f"{full}/A", *(Record(content=each, ttl=ttl) for each in contents))
        protected = (await dnsimple.bound.concerns(meant)).protected
        assert (protected is not None) == (name in {"", "www", "2026"})
        for step in dnsimple.bound.steps(meant):
            await dnsimple.make(step)
        after = RecordSet.of(Record(content=each, ttl=ttl) for each in contents)
        assert await dnsimple.bound.read(meant.target) == (after.model_dump(mode="json") if after else None)
        writes = len(dnsimple.writes)
        assert writes <= max(len(contents), len(zone.get(name, ())))
        await dnsimple.make(meant)
        assert len(dnsimple.writes) == writes
        back, still = await dnsimple.bound.back(meant)
        assert still
        for step in dnsimple.bound.steps(back):
            await dnsimple.make(step)
        assert await dnsimple.bound.read(meant.target) == before
        assert kept(dnsimple, but=name) == others


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(zone=ZONES, name=NAMES, contents=SETS, ttl=st.sampled_from([60, 3600]))
def test_a_change_and_its_way_back(
    zone: dict[str, list[str]], name: str, contents: list[str], ttl: int
) -> None:
    """Whatever the zone and the change: in as few calls as records differ, nothing else is touched."""
    asyncio.run(change(zone, name, contents, ttl))
