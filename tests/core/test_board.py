"""The status board: what a vendor said, since when, and what it means for our services."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.core.board import Health, Roster, Seen, Service, board, seen
from bot.core.vendor import Closed, Finding

NINE = datetime(2026, 6, 15, 8, 0, tzinfo=UTC)
GOOD = Finding(level="good", text="It answers for us.")
SOON = Finding(level="warning", text="It ends soon.", hint="Renew it.")
GONE = Finding(level="bad", text="It is gone.")
GONE_TOO = Finding(level="bad", text="The other is gone too.")


def at(minutes: int) -> datetime:
    return NINE + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("findings", "health", "why"),
    [
        ((), Health.FINE, "It answers."),
        ((GOOD, GOOD), Health.FINE, "It answers for us."),
        ((GOOD, SOON), Health.LOOK, "It ends soon."),
        ((SOON, GOOD, GONE, GONE_TOO), Health.TROUBLE, "It is gone. And 1 more."),
    ],
)
def test_a_vendor_does_as_its_worst_finding(findings: tuple[Finding, ...], health: Health, why: str) -> None:
    """The worst finding is the state, the first of that kind the reason."""
    found = seen(None, "dns", findings, NINE)
    assert (found.health, found.why) == (health, why)


def test_since_when_is_kept_while_it_does_the_same() -> None:
    """A look that finds the same moves only when it was looked at; another state begins anew."""
    first = seen(None, "dns", (GOOD,), at(0))
    same = seen(first, "dns", (), at(1))
    assert (same.since, same.looked_at, same.heard_at) == (at(0), at(1), at(1))
    assert seen(same, "dns", (SOON,), at(2)).since == at(2)


def test_who_does_not_answer_keeps_what_was_said_last() -> None:
    """What was said before stays, with when that was; its end begins the state anew."""
    first = seen(None, "dns", (SOON,), at(0))
    away = seen(first, "dns", "No answer.", at(1))
    longer = seen(away, "dns", "Still no answer.", at(2))
    assert (longer.health, longer.why, longer.since) == (Health.AWAY, "Still no answer.", at(1))
    assert (longer.said, longer.heard_at, longer.looked_at) == (Health.LOOK, at(0), at(2))
    assert seen(longer, "dns", (SOON,), at(3)).since == at(3)
    never = seen(None, "dns", "No answer.", at(0))
    assert (never.heard_at, never.health) == (None, Health.AWAY)


SITE, VOTES, CHAT = "website", "voting-app", "chat"
ROSTER = Roster(
    titles={"dns": "DNS", "code": "Code", "chat": "Chat", "sms": "SMS"},
    looked_at=frozenset({"dns", "code", "sms"}),
    closed=(Closed(title="Opbeat", on=date(2018, 5, 24), why="Use another."),),
    services={
        SITE: Service(uses={"dns": "names", "code": "hosting", "chat": "talk", "no": "nothing"}),
        VOTES: Service(uses={"code": "code"}, yearly=True),
        CHAT: Service(uses={"chat": "talk"}),
    },
)


def known(**findings: Finding | str) -> dict[str, Seen]:
    """Return vendors that said something, or do not answer."""
    return {
        name: seen(None, name, said if isinstance(said, str) else (said,), NINE)
        for name, said in findings.items()
    }


@pytest.mark.parametrize(
    ("dns", "code", "health", "why"),
    [
        (GOOD, GOOD, Health.FINE, "DNS and Code. Not looked at: Chat and no."),
        (SOON, GOOD, Health.LOOK, "DNS: It ends soon. Not looked at: Chat and no."),
        (SOON, "Away.", Health.AWAY, "Code: Away. Not looked at: Chat and no."),
        (GONE, "Away.", Health.TROUBLE, "DNS: It is gone. Not looked at: Chat and no."),
    ],
)
def test_a_service_does_as_the_worst_of_its_vendors(
    dns: Finding, code: Finding | str, health: Health, why: str
) -> None:
    """A service rests on its vendors; those that nobody looks at are named, and spoil nothing."""
    found = board(ROSTER, known(dns=dns, code=code), {}, 2026).named(SITE)
    assert found
    assert (found.health, found.why) == (health, why)


def test_what_concerns_one_service_spoils_no_other() -> None:
    """It is the vendor's own state, and that of the service; the others that use the vendor do as before."""
    red = Finding(level="bad", text="The site is red.", service=SITE)
    vendors = {"code": seen(None, "code", (SOON, red), NINE), "dns": seen(None, "dns", (GOOD,), NINE)}
    found = board(ROSTER, vendors, {VOTES: True}, 2026)
    said = {name: line.health for name in (SITE, VOTES, "code") if (line := found.named(name))}
    assert said == {SITE: Health.TROUBLE, VOTES: Health.LOOK, "code": Health.TROUBLE}


def test_what_owners_decide_comes_first() -> None:
    """A service is open until it is decided on; then it does as its vendors, or is not needed."""
    vendors = known(code=GONE)
    lines = [board(ROSTER, vendors, said, 2026).named(VOTES) for said in ({}, {VOTES: True}, {VOTES: False})]
    assert [line.health for line in lines if line] == [
        Health.UNDECIDED,
        Health.TROUBLE,
        Health.NOT_NEEDED,
    ]
    assert [line.attention for line in lines if line] == [True, True, False]
    assert lines[0]
    assert "`status decide voting-app yes`" in lines[0].why


def test_each_vendor_has_its_line() -> None:
    """By title, also those that are not set up, were not looked at yet, or are closed."""
    found = board(ROSTER, known(dns=GOOD, code=GOOD), {}, 2026)
    assert [(line.title, str(line.health), line.on) for line in found.vendors] == [
        ("Chat", "▫️ not set up", None),
        ("Code", "✅ fine", None),
        ("DNS", "✅ fine", None),
        ("Opbeat", "▫️ closed", date(2018, 5, 24)),
        ("SMS", "⏳ no answer", None),
    ]
    sms, chat = found.named("SMS"), found.named(CHAT)
    assert sms
    assert sms.why == "It was not looked at yet."
    assert chat
    assert chat.why == "None of its vendors is set up here."
    assert found.named("nothing") is None


def test_a_service_is_called_by_its_title_or_its_name() -> None:
    """What the settings call `voting-app` people call Voting app, unless it has a title."""
    assert Service().titled("voting-app") == "Voting app"
    assert Service(title="SMS app").titled("sms-app") == "SMS app"


def test_what_is_deployed_is_called_as_its_repository_unless_the_settings_say_otherwise() -> None:
    """`vendor:name` is for a vendor that calls it otherwise."""
    service = Service(repository="voting", deploys={"votes": "heroku", "docs": "readthedocs:voting-docs"})
    assert [service.called(name) for name in service.deploys] == ["voting", "voting-docs"]
