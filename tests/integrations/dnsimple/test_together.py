"""Several records at once: a call each side by side, or one batch where the account's plan has them."""

from collections.abc import Mapping

import pytest
from aiohttp import web

from bot.core.change import Change
from bot.core.errors import OutcomeUnknown, Rejected, Unavailable, VendorError
from integrations.dnsimple.records import Record, RecordSet
from tests.integrations.dnsimple.test_zones import kept
from tests.integrations.dnsimple.wired import PAGES, Wired, wired

NEW, SITE, OLD = "2027.pyconuk.org/CNAME", "2026.pyconuk.org/CNAME", "2014.pyconuk.org/A"
AFTERS = {
    NEW: RecordSet.of([Record(content=PAGES)]),
    SITE: RecordSet.of([Record(content=PAGES, ttl=600)]),
    OLD: None,
}
BATCH = "POST /1010/zones/pyconuk.org/batch"
LIST = "GET /1010/zones/pyconuk.org/records"
ENTERPRISE = {"plan": "enterprise-v1-monthly"}


async def make(dnsimple: Wired, changes: tuple[Change, ...]) -> Mapping[str, VendorError]:
    """Look at the targets of changes and write them, as the executor does."""
    await dnsimple.bound.read_all([change.target for change in changes])
    return await dnsimple.bound.write_all({change.target: change.after for change in changes})


async def test_each_is_one_call_and_the_zone_is_read_once(dnsimple: Wired) -> None:
    """What is planned, looked at and written together costs a list each time, and a call a record."""
    changes = await dnsimple.bound.plan_all(AFTERS)
    assert dnsimple.calls == [LIST]
    assert await make(dnsimple, changes) == {}
    assert [call.split()[0] for call in dnsimple.calls[1:2]] == ["GET"]
    assert sorted(call.split()[0] for call in dnsimple.calls[2:]) == ["DELETE", "PATCH", "POST"]
    assert await dnsimple.bound.plan_all(AFTERS) == tuple(
        dnsimple.bound.change(change.target, change.after, change.after) for change in changes
    )


async def test_what_goes_wrong_is_said_of_each(dnsimple: Wired) -> None:
    """One that is refused, one that moved and one that nobody answers take nothing from the others."""
    changes = await dnsimple.bound.plan_all({**AFTERS, "mail.pyconuk.org/MX": None})
    number = dnsimple.standin.world.zone.at("2014")[0].id
    answer = web.json_response({"message": "Validation failed", "errors": {"base": ["no"]}}, status=400)
    dnsimple.answers["POST /1010/zones/pyconuk.org/records"] = answer
    dnsimple.answers[f"DELETE /1010/zones/pyconuk.org/records/{number}"] = web.Response(status=502)
    errors = await make(dnsimple, changes)
    assert {target: type(error) for target, error in errors.items()} == {
        NEW: Rejected,
        OLD: OutcomeUnknown,
        "mail.pyconuk.org/MX": Rejected,
    }
    assert dnsimple.standin.world.zone.at("2026")[0].ttl == 600


async def test_names_tell_what_depends_on_each_other(dnsimple: Wired) -> None:
    """Records of one name are never written together, so a change of type keeps its order."""
    assert dnsimple.bound.about(SITE) == dnsimple.bound.about("2026.pyconuk.org/URL") == "2026.pyconuk.org"
    assert dnsimple.bound.about(NEW) != dnsimple.bound.about(SITE)


async def test_a_batch_is_one_call() -> None:
    """With a plan that has batches, all goes in one call of the documented shape; what is so is left out."""
    async with wired(ENTERPRISE, batches=True) as dnsimple:
        zone = dnsimple.standin.world.zone
        numbers = {name: zone.at(name)[0].id for name in ("2026", "2014")}
        changes = await dnsimple.bound.plan_all(AFTERS)
        assert await make(dnsimple, changes) == {}
        assert dnsimple.sent == [
            (
                BATCH,
                {
                    "creates": [{"name": "2027", "type": "CNAME", "content": PAGES, "ttl": 3600}],
                    "updates": [{"id": numbers["2026"], "ttl": 600}],
                    "deletes": [{"id": numbers["2014"]}],
                },
            )
        ]
        assert await make(dnsimple, changes) == {}
        assert dnsimple.writes == [BATCH]


async def test_a_plan_without_batches() -> None:
    """A 412 means one by one, now and from then on."""
    async with wired(batches=True) as dnsimple:
        assert await make(dnsimple, await dnsimple.bound.plan_all(AFTERS)) == {}
        assert [call == BATCH for call in dnsimple.writes] == [True, False, False, False]
        back = {NEW: None, OLD: RecordSet.of([Record(content="192.0.2.7")])}
        assert await make(dnsimple, await dnsimple.bound.plan_all(back)) == {}
        assert dnsimple.writes.count(BATCH) == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (web.json_response({"message": "quota exceeded"}, status=429), Unavailable),
        (web.Response(status=504, text="<html>"), OutcomeUnknown),
    ],
)
async def test_a_batch_that_goes_wrong_goes_wrong_for_all(
    answer: web.Response, error: type[VendorError]
) -> None:
    """Of a batch that is refused, or whose answer is lost, the same is said of each."""
    async with wired(ENTERPRISE, batches=True) as dnsimple:
        dnsimple.answers[BATCH] = answer
        errors = await make(dnsimple, await dnsimple.bound.plan_all(AFTERS))
        assert errors.keys() == AFTERS.keys()
        assert all(isinstance(each, error) for each in errors.values())
        assert dnsimple.writes == [BATCH]


async def test_of_a_batch_all_is_made_or_nothing() -> None:
    """One record that DNSimple will not have keeps the whole batch from being made; its reason is said."""
    async with wired(ENTERPRISE, batches=True) as dnsimple:
        before = kept(dnsimple)
        wrong = {**AFTERS, "2025.pyconuk.org/TXT": RecordSet.of([Record(content="text")])}
        errors = await make(dnsimple, await dnsimple.bound.plan_all(wrong))
        assert kept(dnsimple) == before
        assert [type(each) for each in errors.values()] == [Rejected] * 4
        assert "must be the only record of its name" in errors[NEW].message
