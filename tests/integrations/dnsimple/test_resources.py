"""What the bot changes at DNSimple: one call a change, in place, and nothing else is touched."""

from typing import Any

import pytest
from aiohttp import web

from bot.core.errors import OutcomeUnknown, Rejected
from integrations.dnsimple import DNSIMPLE, RECORD
from integrations.dnsimple.records import Record, RecordSet
from tests.integrations.dnsimple.wired import PAGES, Wired, wired

SITE = "2026.pyconuk.org/CNAME"
NEW = Record(content="new.example.org")


def kept(dnsimple: Wired) -> dict[int, dict[str, Any]]:
    """Return all records as DNSimple holds them."""
    return {number: dict(vars(each)) for number, each in dnsimple.standin.world.zone.records.items()}


async def test_a_content_is_changed_in_place(dnsimple: Wired) -> None:
    """One PATCH of the record's number sends what is different; everything else stays equal byte for byte."""
    before = kept(dnsimple)
    change = await dnsimple.change(SITE, NEW)
    await dnsimple.make(change)
    ((called, sent),) = dnsimple.sent
    number = int(called.rpartition("/")[2])
    assert called.startswith("PATCH /1010/zones/pyconuk.org/records/")
    assert sent == {"content": "new.example.org"}
    assert before.pop(number) | {"content": "new.example.org"} == kept(dnsimple)[number]
    assert {n: each for n, each in kept(dnsimple).items() if n != number} == before
    assert await dnsimple.bound.read(SITE) == change.after
    assert change.words == (
        "*2026.pyconuk.org* CNAME: `new.example.org`, TTL 1 hour (now: `pyconuk.github.io`, TTL 1 hour)"
    )


async def test_making_it_so_twice_writes_once(dnsimple: Wired) -> None:
    """What is so already costs no call."""
    change = await dnsimple.change(SITE, NEW)
    await dnsimple.make(change)
    await dnsimple.make(change)
    assert len(dnsimple.writes) == 1


async def test_a_record_comes_and_goes(dnsimple: Wired) -> None:
    """A new set is one POST without anything the plan may lack, an old one one DELETE; undo restores it."""
    change = await dnsimple.change("2027.pyconuk.org/CNAME", Record(content=PAGES, ttl=600))
    await dnsimple.make(change)
    said = {"name": "2027", "type": "CNAME", "content": PAGES, "ttl": 600}
    assert dnsimple.sent == [("POST /1010/zones/pyconuk.org/records", said)]
    back, still = await dnsimple.bound.back(change)
    assert still
    await dnsimple.make(back)
    assert dnsimple.writes[-1].startswith("DELETE ")
    assert await dnsimple.bound.read("2027.pyconuk.org/CNAME") is None


async def test_a_set_of_several_is_changed_a_record_at_a_time(dnsimple: Wired) -> None:
    """A change of three records is a chain of three calls, each with its own before and after."""
    after = (
        Record(content="mx1.example.org", priority=5),
        Record(content="mx3.example.org", priority=20),
        Record(content="mx4.example.org", priority=30),
    )
    steps = dnsimple.bound.steps(await dnsimple.change("mail.pyconuk.org/MX", *after))
    for step in steps:
        assert await dnsimple.bound.read(step.target) == step.before
        await dnsimple.make(step)
    wanted = RecordSet.of(after)
    assert wanted is not None
    assert await dnsimple.bound.read("mail.pyconuk.org/MX") == wanted.model_dump(mode="json")
    assert [call.split()[0] for call in dnsimple.writes] == ["PATCH", "PATCH", "POST"]
    assert dnsimple.sent[0][1] == {"priority": 5}


async def test_more_than_one_call_is_refused(dnsimple: Wired) -> None:
    """A set that somebody else moved meanwhile is left alone."""
    change = await dnsimple.change("mail.pyconuk.org/MX")
    with pytest.raises(Rejected, match="not as it was shown"):
        await dnsimple.make(change)
    assert dnsimple.writes == []


async def test_texts_and_their_quotes(dnsimple: Wired) -> None:
    """A text is read without its quotes and sent with them."""
    held = await dnsimple.bound.read("text.pyconuk.org/TXT")
    assert held is not None
    assert held["records"] == [{"content": 'v=spf1 "quoted" -all', "ttl": 3600, "priority": None}]
    await dnsimple.make(await dnsimple.change("text.pyconuk.org/TXT", Record(content='say "hi"')))
    assert dnsimple.sent[0][1] == {"content": r'"say \"hi\""'}


async def test_what_hangs_on_a_record_is_not_seen(dnsimple: Wired) -> None:
    """The text beside an ALIAS is no record of ours: it is neither shown nor planned against."""
    assert await dnsimple.bound.read("alias.pyconuk.org/TXT") is None


async def test_the_apex_is_asked_for_by_type(dnsimple: Wired) -> None:
    """That an empty name filters for the apex is nowhere written, so nothing depends on it."""
    held = await dnsimple.bound.read("pyconuk.org/URL")
    assert held is not None
    await dnsimple.make(await dnsimple.change("pyconuk.org/URL", Record(content="https://2025.pyconuk.org")))
    assert dnsimple.standin.world.zone.at("")[-1].content == "https://2025.pyconuk.org"


async def test_a_record_that_went_meanwhile(dnsimple: Wired) -> None:
    """A number that is gone between looking and writing is refused, and nothing is done."""
    change = await dnsimple.change(SITE, NEW)
    number = dnsimple.standin.world.zone.at("2026")[0].id
    gone = {"message": f"Record `{number}` not found"}
    dnsimple.answers[f"PATCH /1010/zones/pyconuk.org/records/{number}"] = web.json_response(gone, status=404)
    with pytest.raises(Rejected):
        await dnsimple.make(change)


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("pyconuk.org/TXT", "the apex, pyconuk.org itself"),
        ("www.pyconuk.org/URL", "www.pyconuk.org"),
        ("2026.pyconuk.org/CNAME", "the current year, 2026.pyconuk.org"),
        ("mail.pyconuk.org/MX", "MX records"),
        ("docs.pyconuk.org/NS", "NS records"),
        ("2025.pyconuk.org/CNAME", None),
    ],
)
async def test_what_needs_two_owners(dnsimple: Wired, target: str, why: str | None) -> None:
    """Apex, www, the year the apex leads to, mail and delegations are protected, whoever asks."""
    change = await dnsimple.change(target, Record(content="x.example.org"))
    concerns = await dnsimple.bound.concerns(change)
    assert (concerns.protected, concerns.refused) == (why, None)
    assert concerns.existing == 7


async def test_the_current_year_is_where_the_apex_leads(dnsimple: Wired) -> None:
    """After a switch another year is protected; a redirect elsewhere protects none."""
    apex = dnsimple.standin.world.zone.at("")[-1]
    old, change = await dnsimple.change(SITE, NEW), await dnsimple.change("2025.pyconuk.org/CNAME", NEW)
    dnsimple.standin.world.zone.change(apex, {"content": "https://2025.pyconuk.org"})
    dnsimple.client.memo.clear()
    assert (await dnsimple.bound.concerns(change)).protected == "the current year, 2025.pyconuk.org"
    assert (await dnsimple.bound.concerns(old)).protected is None
    dnsimple.standin.world.zone.change(apex, {"content": "https://example.org"})
    dnsimple.client.memo.clear()
    assert (await dnsimple.bound.concerns(change)).protected is None


@pytest.mark.parametrize(
    ("target", "records", "stops", "begins"),
    [
        (SITE, [NEW], {"2026.pyconuk.org"}, set()),
        (SITE, [], {"2026.pyconuk.org"}, set()),
        (SITE, [Record(content=PAGES, ttl=60)], set(), set()),
        ("2027.pyconuk.org/CNAME", [NEW], set(), set()),
        ("2027.pyconuk.org/CNAME", [Record(content=PAGES, ttl=60)], set(), {"2027.pyconuk.org"}),
        ("2014.pyconuk.org/A", [], set(), set()),
    ],
)
async def test_which_name_stops_pointing_and_which_begins(
    dnsimple: Wired, target: str, records: list[Record], stops: set[str], begins: set[str]
) -> None:
    """A name that is moved or taken out points no longer where it did; only at a service can it be taken."""
    concerns = await dnsimple.bound.concerns(await dnsimple.change(target, *records))
    assert concerns.unpoints == stops
    assert {each.name for each in concerns.points} == begins


async def test_what_is_not_changed_here(dnsimple: Wired) -> None:
    """What DNSimple keeps itself, and what could not be put back, is refused."""
    for target, words in (("pyconuk.org/NS", "keeps the NS records"), ("pyconuk.org/SOA", "keeps the SOA")):
        concerns = await dnsimple.bound.concerns(await dnsimple.change(target, NEW))
        assert words in (concerns.refused or "")
    dnsimple.standin.world.zone.at("2025")[0].regions = ("SV1",)
    dnsimple.client.memo.clear()
    concerns = await dnsimple.bound.concerns(await dnsimple.change("2025.pyconuk.org/CNAME"))
    assert "some regions only" in (concerns.refused or "")


async def test_what_is_live_is_what_a_change_starts_from(dnsimple: Wired) -> None:
    """The baseline's look at the whole zone has each set as its own look has it, in one call; no SOA."""
    assert DNSIMPLE.live is not None
    found = await DNSIMPLE.live(dnsimple.client)
    assert len(dnsimple.calls) == 1
    assert len(found.states) == 8
    for (resource, target), state in found.states.items():
        assert (resource, state) == (RECORD.name, await dnsimple.bound.read(target))


async def test_a_refusal_says_why(dnsimple: Wired) -> None:
    """What DNSimple will not keep is refused in its own words, by field."""
    with pytest.raises(Rejected, match="must be the only record of its name"):
        await dnsimple.make(await dnsimple.change("2026.pyconuk.org/TXT", Record(content="text")))


@pytest.mark.parametrize("status", [500, 502, 504])
async def test_a_write_without_an_answer_is_not_repeated(dnsimple: Wired, status: int) -> None:
    """When nobody knows what came of a write, it is looked at, not sent again; HTML is no answer."""
    called = "POST /1010/zones/pyconuk.org/records"
    dnsimple.answers[called] = web.Response(status=status, text="<html>", content_type="text/html")
    with pytest.raises(OutcomeUnknown):
        await dnsimple.make(await dnsimple.change("2027.pyconuk.org/CNAME", NEW))
    assert dnsimple.writes == [called]


async def test_sets_of_a_large_zone_are_read_in_pages() -> None:
    """The second page and all after it are read at once; each record is counted once."""
    many = [{"name": f"n{number}", "type": "A", "content": "192.0.2.1"} for number in range(250)]
    async with wired({"records": many}) as dnsimple:
        assert len(await dnsimple.reads.entries()) == 252
        assert len(dnsimple.calls) == 3
