"""The bot's home in Slack: what it shows to whom, its buttons, and when it is drawn anew."""

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from bot.core.board import Board, Health, Line
from bot.core.people import Person, Role
from bot.frontends.slack.delivery import Delivery
from bot.frontends.slack.home import Facts, home
from bot.frontends.slack.kit import Message as Drawn
from bot.frontends.slack.outgoing import SlackAway
from bot.store.tables import MESSAGES
from tests.frontends.slack.drawing import ASKED_AT, PLAN, approved, case, drawn, finished, invited, request
from tests.frontends.slack.faults import Faults
from tests.frontends.slack.office import (
    CORY,
    GEORGE,
    GUEST,
    NEWCOMER,
    ORGANISER,
    ORGANISER_2,
    STRANGER,
    Office,
    shown,
)
from tests.frontends.slack.test_keeping import database_away

FOR_A_TIME = "put a=pear --for 14d because sprints"


def seen(office: Office, who: str) -> str:
    """Return what somebody's home shows; empty when it was never drawn."""
    view = office.slack.home(who)
    return drawn(Drawn("", tuple(view.blocks))) if view else ""


async def opens(office: Office, who: str) -> str:
    """Have somebody open the home, and return what it shows."""
    assert (await office.slack.as_(who).open_home()).ok
    await office.settled()
    return seen(office, who)


async def becomes(office: Office, who: str, words: str, *, gone: bool = False) -> str:
    """Return what somebody's home shows, once it shows *words*, or with *gone* does so no longer."""
    try:
        return await office.slack.until(
            lambda: page if (words in (page := seen(office, who))) is not gone else None
        )
    except TimeoutError:
        raise AssertionError(f"{words!r} {'still ' if gone else 'not '}in {seen(office, who)}") from None


async def presses(office: Office, who: str, action: str, value: str | None = None) -> None:
    """Have somebody press a button of the home, acknowledged."""
    view = office.slack.home(who)
    assert view is not None
    assert (await office.slack.as_(who).press_in_view(view.id, action, value)).ok


async def granted(office: Office) -> None:
    """Have something granted for a time."""
    card = await office.asks(FOR_A_TIME)
    await office.presses(CORY, card, "approve")
    await office.carded("*Applied.*")


async def test_an_owner_sees_what_waits_and_decides(office: Office) -> None:
    """An owner reads in the home what the card says, and approves there; all homes follow."""
    await office.asks("put a=pear because it is ripe")
    for who in (CORY, GEORGE, ORGANISER):
        await opens(office, who)
    page = await becomes(office, CORY, "[Approve] [Deny…] [Open the card]")
    assert '*#1* Put a=pear\norganiser-1 asks: "it is ripe"' in page
    assert "1. a holds pear (now: nothing)" in page
    assert "Open until Thu 18 Jun, 09:00." in page
    assert "*#1* Put a=pear: pending, open until Thu 18 Jun, 09:00\n[Withdraw #1]" in seen(office, ORGANISER)
    await presses(office, CORY, "approve")
    await office.carded("*Applied.* Approved by Cory")
    for who in (CORY, GEORGE, ORGANISER):
        await becomes(office, who, "#1", gone=True)


async def test_a_reason_is_asked_for_at_home(office: Office) -> None:
    """*Deny…* in the home opens the form that the card opens."""
    await office.asks()
    await opens(office, CORY)
    await presses(office, CORY, "deny")
    form = await office.form(CORY)
    await office.slack.as_(CORY).submit(form.id, {"reason": "not now"})
    await office.carded('*Denied by Cory 09:00*: "not now".')
    await becomes(office, CORY, "#1", gone=True)


async def test_who_asked_withdraws_at_home(office: Office) -> None:
    """*Withdraw* in the home is the same as in the note."""
    await office.asks()
    await opens(office, ORGANISER)
    await presses(office, ORGANISER, "withdraw")
    await office.carded("*Withdrawn by organiser-1")
    await becomes(office, ORGANISER, "Nothing is open.")


async def test_a_press_that_is_refused_is_answered_directly(office: Office) -> None:
    """A refusal of a press in the home comes in the direct conversation, since a home shows no answers."""
    await office.asks()
    await opens(office, CORY)
    await office.world.demote("Cory")
    await presses(office, CORY, "approve")
    await office.noted(CORY, "*Only an owner can approve #1.*")


async def test_a_grant_is_extended_and_ended_at_home(office: Office) -> None:
    """Who asked for a time-bound grant sees its end, asks for it anew, and ends it."""
    await granted(office)
    page = await opens(office, ORGANISER)
    assert "# What you were granted for a time\n*#1* Put a=pear: ends Mon 29 Jun, 09:00.\n" in page
    assert "[Extend] [End now]" in page
    office.world.clock.now += timedelta(days=1)
    await presses(office, ORGANISER, "extend")
    await becomes(office, ORGANISER, "*#2*")
    await presses(office, ORGANISER, "end_now")
    await office.noted(ORGANISER, "#1 ends now")
    page = await becomes(office, ORGANISER, "What you were granted", gone=True)
    assert office.world.shelf.boxes == {}


async def test_a_home_follows_what_needed_no_approval(office: Office) -> None:
    """When a change of our own data is done, the homes that show it are drawn anew, and there is no card."""
    await opens(office, CORY)
    george = next(p for p in (await office.world.service.situation()).people if p.name == "George")
    await office.world.everyone(george.model_copy(update={"away_until": date(2026, 6, 20)}))
    await office.says(ORGANISER, "/infra note door open")
    await becomes(office, CORY, "George (away until 20 Jun 2026)")
    assert office.cards == []


async def test_owners_see_everybodys_grants_and_the_people(office: Office) -> None:
    """An owner's home has all grants that run, with *End now*, and our people, also who is away."""
    peter = Person(name="Peter", role=Role.OWNER, slack=("U0PETER",), away_until=date(2026, 7, 1))
    await office.world.everyone(peter)
    await granted(office)
    page = await opens(office, CORY)
    assert (
        "# What else ends\n*#1* Put a=pear: ends Mon 29 Jun, 09:00. Asked by organiser-1.\n[End now]" in page
    )
    assert (
        "*Owners:* Charlie, Cory, George, Kristian, Owen and Peter (away until 1 Jul 2026)\n"
        "*Organisers:* organiser-1 and organiser-2\n*Readers:* reader-1\n"
    ) in page
    theirs = await opens(office, ORGANISER_2)
    assert "#1" not in theirs
    assert "Owners" not in theirs
    await presses(office, CORY, "end_now")
    await becomes(office, CORY, "What else ends", gone=True)


async def test_somebody_new_is_told_who_we_are_and_asks_once(office: Office) -> None:
    """The home of somebody unknown says what the bot is and who can add them; the owners are asked once."""
    page = await opens(office, NEWCOMER)
    assert (
        "I am the bot with which the volunteers who organise this conference run its infrastructure." in page
    )
    assert (
        f"I do not know you yet, <@{NEWCOMER}>.* Charlie, Cory, George, Kristian, Owen or Peter can" in page
    )
    view = office.slack.home(NEWCOMER)
    assert view is not None
    hand = office.slack.as_(NEWCOMER)
    twice = await asyncio.gather(*(hand.press_in_view(view.id, "join") for _ in range(2)))
    assert all(press.ok for press in twice)
    await becomes(office, NEWCOMER, "I asked them to.")
    await office.noted(NEWCOMER, "I asked the owners to add you.")
    await office.settled()
    assert "[Ask to be added]" not in seen(office, NEWCOMER)
    assert [f"<@{NEWCOMER}> asks to be added" in shown(card) for card in office.cards] == [True]
    await office.world.everyone(Person(name="helper-1", slack=(NEWCOMER,)))
    assert "# What waits for you\nNothing." in await opens(office, NEWCOMER)


async def test_owners_are_asked_once_though_a_crash_came_between(office: Office) -> None:
    """A press that is worked on again after a crash finds what it posted."""
    await opens(office, NEWCOMER)
    await presses(office, NEWCOMER, "join")
    await becomes(office, NEWCOMER, "I asked them to.")
    await office.settled()
    async with office.world.store.write() as tx:
        meant = {"ts": "", "fingerprint": office.world.clock.now.isoformat()}
        await tx.execute(update(MESSAGES).where(MESSAGES.c.place == "join").values(meant))
    body = office.slack.deliveries[-1].payload
    again = Delivery("again", "action", body, office.world.clock.now, again=True)
    await office.frontend._worker._desk.work(again)
    assert len(office.cards) == 1


@pytest.mark.parametrize(
    ("who", "why"),
    [(GUEST, "you are a guest in this workspace"), (STRANGER, "you belong to another workspace")],
)
async def test_who_may_not_speak_to_the_bot_reads_why(office: Office, who: str, why: str) -> None:
    """The home of a guest or of a stranger says why it is empty, and tells nothing of ours."""
    await office.asks()
    page = await opens(office, who)
    assert f"*Sorry, {why}, so I cannot help you here.*" in page
    assert "#1" not in page
    assert "Ask to be added" not in page


async def test_who_became_a_guest_sees_nothing_more(office: Office) -> None:
    """A home that would be drawn anew is closed when its person may no longer speak to the bot."""
    await opens(office, CORY)
    await office.slack.change_user(CORY, is_restricted=True)
    await office.asks()
    assert "#1" not in await becomes(office, CORY, "you are a guest")


async def test_homes_are_drawn_for_who_opened_theirs_and_never_in_vain(
    office: Office, faults: Faults
) -> None:
    """Nobody who never opened a home has one drawn; one that shows what is so is left alone."""
    await office.asks()
    await office.noted(ORGANISER, "#1")
    await opens(office, CORY)
    await office.frontend._homes.redraw()
    assert faults.calls.count("views.publish") == 1
    await opens(office, CORY)
    assert faults.calls.count("views.publish") == 2
    assert office.slack.home(GEORGE) is None


async def test_a_home_that_slack_did_not_take_is_drawn_later(office: Office, faults: Faults) -> None:
    """While Slack is away a home stays as it was, with its time; then it is drawn."""
    assert "Drawn Mon 15 Jun, 09:00." in await opens(office, CORY)
    faults.away = True
    await office.world.asked("put a=pear")
    with pytest.raises(SlackAway):
        await office.frontend._homes.redraw()
    assert "#1" not in seen(office, CORY)
    faults.away = False
    await office.frontend._homes.redraw()
    assert "*#1* Put a=pear" in seen(office, CORY)


async def test_a_home_that_slack_refuses_keeps_nobody_waiting(office: Office) -> None:
    """Somebody of ours whom Slack does not know keeps nobody else's home from being drawn."""
    await office.world.everyone(Person(name="Anna", role=Role.OWNER, slack=("U0GONE",)))
    await opens(office, CORY)
    await office.frontend._homes.opened("U0GONE")
    await office.asks()
    await becomes(office, CORY, "*#1* Put a=pear")


async def test_a_home_says_that_the_database_is_away(office: Office) -> None:
    """Who opens the home while nothing can be kept reads so; Slack's repetition draws it."""
    office.slack.retry_delays = ()
    database_away(office)
    assert (await office.slack.as_(CORY).open_home()).status == 500
    await becomes(office, CORY, "*I cannot look just now: my database is away.*")


def test_a_full_home_fits() -> None:
    """However much there is, a home keeps to Slack's hundred blocks and says what is left out."""
    cases = [
        case(of=request(PLAN, asker).model_copy(update={"id": f"{asker}{n}"}))
        for n in range(30)
        for asker in ("Cory", "organiser-2")
    ]
    grants = [(each, ASKED_AT) for each in cases]
    links = {each.request.id: "https://example.org/card" for each in cases}
    lines = tuple(
        Line(name=f"vendor-{n}", title=f"Vendor {n}", health=Health.TROUBLE, why="x" * 100) for n in range(17)
    )
    facts = Facts(cases[0].situation, cases, links, grants, frozenset(), Board(vendors=lines))
    full = home("UCORY", facts)
    assert len(full.view["blocks"]) <= 100  # type: ignore[arg-type] # a list of blocks
    assert drawn(Drawn("", full.blocks)).count("(… and 22 more: `/infra requests` lists them.)") == 4
    assert "❌ trouble: *Vendor 16*: xxx" in drawn(Drawn("", full.blocks))


def test_what_is_long_is_decided_on_its_card() -> None:
    """A request of which a home could only show a part has no *Approve* there."""
    long = PLAN.model_copy(update={"gains": tuple(f"{n}: {'x' * 500}" for n in range(20))})
    waiting = case(of=request(long))
    facts = Facts(waiting.situation, [waiting], {"0f3a": "https://example.org/card"}, [], frozenset())
    page = drawn(Drawn("", home("UCORY", facts).blocks))
    assert "This is long: read it, and decide, on its card.\n[Open the card]" in page
    assert "[Approve]" not in page


def test_what_waits_for_somebody_is_seen() -> None:
    """Who asked sees who must accept, and what happens next."""
    events = (approved(), invited(0, "organiser-1", "They must accept"), finished("waiting"))
    waits = case(*events)
    facts = Facts(waits.situation, [waits], {}, [], frozenset())
    page = drawn(Drawn("", home("UORGANISER2", facts).blocks))
    expected = "website: waiting. They must accept. Next: asked again Wed 17 Jun."
    assert f"*#42* Push access for organiser-1: {expected}" in page


def test_where_slack_gives_no_link_there_is_no_button() -> None:
    """A card that cannot be linked to is decided on here, without that button."""
    waiting = case()
    facts = Facts(waiting.situation, [waiting], {}, [], frozenset())
    assert "[Approve] [Deny…]\n" in drawn(Drawn("", home("UCORY", facts).blocks))
