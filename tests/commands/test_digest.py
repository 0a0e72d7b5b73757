"""``digest``: what organisers read every morning; its first line is what matters."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.change import Change, Plan
from bot.core.costs import Alarm, Told
from bot.core.drift import Difference, Drift, Watched
from bot.core.errors import Unavailable, VendorError
from bot.core.event import Kind, flaw
from bot.core.people import Actor
from bot.core.reply import Reply
from bot.core.status import Decision, State
from bot.core.tickets import Conference, Sale, Sales, Sold
from tests.commands.world import NOW, World, words
from tests.integrations.tito.wired import Wired, wired

TODAY = date(2026, 6, 15)
YESTERDAY = TODAY - timedelta(days=1)
LATER = NOW + timedelta(days=2)


@pytest.fixture
async def tito() -> AsyncIterator[Wired]:
    """Give a ti.to that sells our tickets."""
    async with wired({}) as found:
        yield found


@dataclass
class Window:
    """Somebody who sells our tickets, as a test says."""

    now: Sales
    away: VendorError | None = None
    vendor: str = "window"
    seller: str = "the window"
    where: str = "https://tickets.example.org"

    async def current(self) -> str:
        return "2026"

    async def conferences(self, *, archived: bool = False) -> tuple[Conference, ...]:
        return ()

    async def sales(self, zone: ZoneInfo, name: str | None = None, *, fresh: bool = False) -> Sales:
        if self.away:
            raise self.away
        return self.now


@pytest.fixture
async def window(world: World, tito: Wired) -> Window:
    """Give a window that sold nothing of late, and keeps when the conference begins to itself."""
    sales = await tito.sales()
    conference = sales.conference.model_copy(update={"first_day": None})
    days = tuple(each for each in sales.days if each.day < YESTERDAY)
    window = Window(sales.model_copy(update={"conference": conference, "days": days}))
    world.ticketing = window
    kept = window.now.model_copy(update={"at": NOW - timedelta(hours=12)})
    world.record.snapped.append(kept)
    return window


def changed(sales: Sales, release: str, **new: object) -> Sales:
    """Return sales with something else about one release."""
    releases = (each.model_copy(update=new) if each.name == release else each for each in sales.releases)
    return sales.model_copy(update={"releases": tuple(releases)})


async def test_a_quiet_day_is_one_line(world: World, window: Window) -> None:
    """It says what stands, and how much waits for owners."""
    reply = await world.reply("digest tickets")
    stands = f"No change: {window.now.sold} sold, {window.now.revenue.short}."
    assert reply == Reply(title=f"{stands} Nothing waits.", quiet=True)
    world.keep(Plan(title="Something", changes=()), state=State.PENDING, outcome=None)
    assert (await world.reply("digest tickets")).title == f"{stands} 1 request waits."


async def test_what_became_void_and_what_stopped_is_news(world: World, window: Window) -> None:
    """Also on a day without sales; what was kept before yesterday is not compared with."""
    regular = next(each for each in window.now.releases if each.name == "regular")
    gone = changed(window.now, "regular", void=regular.void + 2, state=Sale.SOLD_OUT)
    days = (*gone.days, Sold(day=TODAY, kind="Regular", sold=3), Sold(day=TODAY, kind="Shirt", sold=1))
    window.now = gone.model_copy(update={"days": days})
    reply = await world.reply("digest tickets", by="reader-1")
    sums = f"{window.now.sold} of {window.now.capacity} sold, {window.now.revenue.short}"
    assert reply.title == f"None sold yesterday, 3 today: {sums}"
    said = words(reply)
    assert "*Today:* Regular 3, Shirt 1" in said
    assert "*Regular:* 2 became void (£0)." in said
    assert "*Regular* is sold out (was: on sale)." in said
    assert "the window does not know when PyCon UK 2026 begins." in said
    world.record.snapped[:] = [changed(window.now, "regular", name="other")]
    world.record.snapped[0] = world.record.snapped[0].model_copy(update={"at": NOW - timedelta(hours=12)})
    assert "*Regular* is new: sold out." in words(await world.reply("digest tickets"))
    window.now = window.now.model_copy(update={"days": (Sold(day=YESTERDAY, kind="Regular", sold=5),)})
    assert (await world.reply("digest tickets")).title == f"5 sold yesterday: {sums}"
    world.record.snapped[:] = [window.now]
    assert "became void" not in words(await world.reply("digest tickets"))


async def test_a_launch_is_told_before_it_and_after(world: World, window: Window) -> None:
    """A kind of ticket that begins to be sold today is news, whatever else is not."""
    kept = window.now
    hour = timedelta(hours=1)
    window.now = changed(kept, "regular", starts_at=NOW + hour)
    assert "*Regular* goes on sale at 10:00." in words(await world.reply("digest tickets"))
    window.now = changed(kept, "regular", starts_at=NOW - hour, sold=7)
    assert "*Regular* went on sale at 08:00: 7 of 300 sold." in words(await world.reply("digest tickets"))
    window.now = changed(kept, "shirt", starts_at=NOW, sold=7)
    assert "*Shirt* went on sale at 09:00: 7 sold." in words(await world.reply("digest tickets"))


async def test_while_the_seller_is_away_the_age_is_told(world: World, window: Window) -> None:
    """The digest comes all the same; without any record the fault is what there is to tell."""
    window.away = Unavailable("window", "The window is closed.")
    reply = await world.reply("digest tickets")
    assert (
        reply.title.endswith("sold, £22,870, as of Sun 14 Jun, 21:00")
        or "as of Sun 14 Jun, 21:00" in reply.title
    )
    whose = "The fault is window's, not ours."
    assert f"The window is closed. {whose} These figures are our own record of Sun 14 Jun" in words(reply)
    assert (reply.partial, reply.quiet) == (True, False)
    world.record.snapped.clear()
    with pytest.raises(Unavailable):
        await world.reply("digest tickets")


async def test_what_everything_costs_and_what_needs_somebody(world: World) -> None:
    """The sum first; then what makes it change, who did not answer with the age of the figure, renewals."""
    quiet = await world.reply("digest costs", by="reader-1")
    assert quiet.title == (await world.reply("costs")).title
    assert (quiet.blocks, quiet.quiet) == ((), True)
    world.costs.told = {
        "github": Told(alarms=(Alarm(key="private", text="A repository is private."),)),
        "dnsimple": None,
    }
    for name, renews in (("123-reg", TODAY + timedelta(days=20)), ("Twilio", YESTERDAY)):
        await world.apply(
            await world.plan(f"costs record {name} 12 --per year --source bill --renews {renews}")
        )
    reply = await world.reply("digest costs")
    said = words(reply)
    assert "A repository is private." in said
    assert "DNSimple did not answer: its figure is from elsewhere (" in said
    assert "• 123-reg, 5 Jul 2026 (£12.00 a year)" in said or "• 123-reg, 5 Jul 2026 (£12 a year)" in said
    assert "• Twilio, 14 Jun 2026: was it paid?" in said
    assert (reply.partial, reply.quiet) == (True, False)


async def test_a_day_on_which_no_cost_moved_is_one_line(world: World) -> None:
    """What is new is told that day; what moved comes with the sums of yesterday and last week."""
    world.costs.told = {"github": Told(alarms=(Alarm(key="private", text="A repository is private."),))}
    await world.apply(await world.plan("costs record Twilio 12 --per year --source bill --renews 2026-06-20"))
    first = await world.reply("digest costs")
    bill = await world.costs.bill("today")
    assert len(first.blocks) == 2
    for days in (7, 2, 1):
        world.costs.bills.append(bill.model_copy(update={"today": TODAY - timedelta(days=days)}))
    assert await world.reply("digest costs") == Reply(title=f"No change. {first.title}", quiet=True)
    week, *_ = world.costs.bills
    cheaper = tuple(each for each in week.lines if each.vendor != "twilio")
    world.costs.bills[0] = week.model_copy(update={"lines": cheaper})
    await world.apply(await world.plan("costs record 123-reg 11.99 --per year --source invoice"))
    reply = await world.reply("digest costs")
    assert reply.title == (await world.reply("costs")).title
    assert words(reply).endswith(
        "That is at least £11.99 more than on 14 Jun 2026, £23.99 more than on 8 Jun 2026:\n"
        "• *123-reg:* £11.99 a year (was: unknown)"
    )
    assert not reply.quiet


async def test_nothing_waits(world: World) -> None:
    """A day without anything to look at is one line."""
    assert await world.reply("digest attention") == Reply(title="Nothing waits.", quiet=True)


async def test_the_head_of_the_journal_at_midnight(world: World) -> None:
    """It is that of the last line before today, which proves what was cut; unless it is new it is no news."""
    assert (await world.reply("digest journal")).quiet
    cory, midnight = world.person("Cory"), NOW.replace(hour=0) - timedelta(hours=1)  # in summer time
    for at in (midnight - timedelta(hours=5), midnight - timedelta(minutes=1), midnight):
        world.journal.add("refusal", Kind.REFUSED, {}, cory, at)
    reply, lines = await world.reply("digest journal"), world.journal.kept
    head = lines[1].hash
    assert reply.title == "The journal had 2 lines at midnight."
    assert f"`infra audit verify --head {head}`" in words(reply)
    assert not reply.quiet
    assert flaw(lines, head) is None
    assert flaw(lines[:1], head)
    world.now = NOW + timedelta(days=2)
    later = await world.reply("digest journal")
    assert (later.title, later.quiet) == ("The journal had 3 lines at midnight.", True)


async def test_what_waits_for_whom(world: World) -> None:
    """Requests with their owners, lone decisions, ends, invitations, renewals and drift, each counted."""
    plan = await world.plan("grant-push organiser-1 2026.pyconuk.org --for 3d")
    world.keep(plan, state=State.PENDING, outcome=None)
    ended = await world.apply(plan, number=43)
    world.grant(ended, NOW + timedelta(days=3))
    world.grant(ended, NOW + timedelta(days=30))
    request, status = world.requests.filed[-1]
    cory = Actor.of(world.person("Cory"), "slack")
    alone = Decision(by=cory, at=NOW - timedelta(hours=2), reason="nobody is there", alone=True)
    old = Decision(by=cory, at=NOW - timedelta(days=2), alone=True)
    world.requests.filed[-1] = (request, status.model_copy(update={"approvals": (alone, old)}))
    await world.apply(await world.plan("costs record Twilio 12 --per year --source bill --renews 2026-06-20"))
    made = Change(
        resource="github.team_member", target="core/helper-1", before=None, after={}, words="helper-1 joins"
    )
    drift = Drift(
        vendor="github", episode=1, since=NOW, differences=(Difference(number=1, change=made, since=NOW),)
    )
    world.watched = (Watched(vendor="github", looked_at=NOW, away="GitHub is down.", drift=drift),)
    reply = await world.reply("digest attention")
    said = words(reply)
    assert reply.title == (
        "To look at: 1 request, 1 lone decision, 1 ending grant, 1 renewal and 1 difference"
    )
    assert f"• #42 {plan.title}: 1 owner of Charlie, Cory" in said
    assert f"• #43 {plan.title}: by Cory: nobody is there" in said
    assert f"• #43 {plan.title}: ends Thu 18 Jun, 09:00" in said
    assert "• Twilio, 20 Jun 2026 (£12" in said
    assert "• helper-1 joins, noticed Mon 15 Jun, 09:00 (`drift`)" in said
    assert (
        "GitHub cannot be looked at now: GitHub is down. What is said of it is of Mon 15 Jun, 09:00." in said
    )
    assert (reply.partial, reply.quiet) == (True, False)
