"""Resources with their client, and what commands may see of vendors."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import BaseModel

from bot.core.board import Board, Seen
from bot.core.bound import Bound
from bot.core.change import Action, Awaited, Change
from bot.core.command import Command, Context, NoArgs, Organisation
from bot.core.costs import Bill, Book
from bot.core.errors import ConfigurationError, Refused, Unavailable, VendorError
from bot.core.people import Actor, Role
from bot.core.policy import Policy
from bot.core.reply import Reply
from bot.core.values import Value
from bot.core.vendor import (
    Concerns,
    Finding,
    Hint,
    Look,
    NoSettings,
    Reach,
    Resource,
    Together,
    Vendor,
    handed_in,
)
from tests.core.samples import LONDON, NOW, ORGANISER, PEOPLE


class Lamp(Value):
    """A lamp is on with some brightness."""

    brightness: int = 1


Lamps = dict[str, Lamp]


async def look(lamps: Lamps, target: str) -> Lamp | None:
    """Return the lamp."""
    return lamps.get(target)


async def switch(lamps: Lamps, target: str, after: Lamp | None) -> None:
    """Switch the lamp."""
    lamps.pop(target, None)
    if after:
        lamps[target] = after


def say(target: str, before: Lamp | None, after: Lamp | None) -> str:
    """Say the change."""
    return f"{target}: {before.brightness if before else 0} to {after.brightness if after else 0}"


LAMP: Resource[Lamps, Lamp] = Resource("house.lamp", Lamp, look, switch, say)
HOUSE: Vendor[NoArgs, Lamps, str] = Vendor(
    name="house",
    title="The house",
    settings=NoArgs,
    connect=lambda _settings, lamps: lamps,
    reads=lambda lamps: f"{len(lamps)} lamps",
    resources=(LAMP,),
)


async def test_a_plan_reads_what_is_there() -> None:
    """The change from live to wanted has both states, and words."""
    change = await Bound(LAMP, {"hall": Lamp()}).plan("hall", Lamp(brightness=5))
    assert (change.before, change.after) == ({"brightness": 1}, {"brightness": 5})
    assert change.words == "hall: 1 to 5"
    absent = await Bound(LAMP, {}).plan("hall", None)
    assert absent.action is Action.NONE


async def test_several_are_read_and_written_at_once() -> None:
    """What goes wrong with all of them is said of each; what is written alone is read one by one."""

    async def look_at_all(lamps: Lamps, targets: Sequence[str]) -> dict[str, Lamp | None]:
        return {target: lamps.get(target) for target in targets}

    async def switch_all(lamps: Lamps, afters: Mapping[str, Lamp | None]) -> dict[str, VendorError]:
        if "attic" in afters:
            raise Unavailable("house", "There is no current.")
        lamps.update({target: lamp for target, lamp in afters.items() if lamp})
        return {}

    together = Together(look_at_all, switch_all, about=lambda target: target.partition(" ")[0])
    bound = Bound(replace(LAMP, together=together), {"hall": Lamp()})
    changes = await bound.plan_all({"hall": None, "porch": Lamp(brightness=2)})
    assert [(each.before, each.after) for each in changes] == [
        ({"brightness": 1}, None),
        (None, {"brightness": 2}),
    ]
    assert await bound.write_all({"porch": {"brightness": 2}, "hall": None}) == {}
    assert await bound.read_all(["hall", "porch"]) == {"hall": {"brightness": 1}, "porch": {"brightness": 2}}
    assert [*await bound.write_all({"hall": None, "attic": None})] == ["hall", "attic"]
    assert (bound.about("hall east"), Bound(LAMP, {}).about("hall")) == ("hall", None)
    assert await Bound(LAMP, {}).read_all(["hall", "porch"]) == {"hall": None, "porch": None}


async def test_what_is_written_is_read_back() -> None:
    """States go in and come out as JSON."""
    bound = Bound(LAMP, {})
    await bound.write("hall", {"brightness": 5})
    assert await bound.read("hall") == {"brightness": 5}
    await bound.write("hall", None)
    assert await bound.read("hall") is None


def test_done_means_equal_unless_the_resource_knows_better() -> None:
    """A resource without its own notion compares."""
    bound = Bound(LAMP, {})
    assert bound.reached({"brightness": 1}, {"brightness": 1}) is Reach.YES
    assert bound.reached(None, {"brightness": 1}) is Reach.NO
    assert bound.brings("hall", {"brightness": 1}) == ()


async def test_the_way_back_starts_from_what_is_there() -> None:
    """Taking a change back ends in what was before, and tells whether something moved since."""
    lamps = {"hall": Lamp(brightness=5)}
    bound = Bound(LAMP, lamps)
    made = bound.change("hall", {"brightness": 1}, {"brightness": 5})
    back, still = await bound.back(made)
    assert (back.before, back.after, still) == ({"brightness": 5}, {"brightness": 1}, True)
    lamps["hall"] = Lamp(brightness=9)
    back, still = await bound.back(made)
    assert (back.before, back.after, still) == ({"brightness": 9}, {"brightness": 1}, False)


async def test_what_stays_has_no_way_back() -> None:
    """It is left as it is with the reason; what was changed, or is gone, has its ordinary way back."""
    lamps = {"hall": Lamp(brightness=5)}
    bound = Bound(replace(LAMP, stays="stays: it is screwed on"), lamps)
    back, still = await bound.back(bound.change("hall", None, {"brightness": 5}))
    assert (back.action, back.words, still) == (Action.NONE, "*hall* stays: it is screwed on", True)
    back, still = await bound.back(bound.change("hall", {"brightness": 1}, {"brightness": 5}))
    assert (back.after, still) == ({"brightness": 1}, True)
    assert (await bound.back(bound.change("attic", None, {"brightness": 5})))[1] is False


async def test_a_look_from_outside() -> None:
    """A change is looked at from outside where there is an outside."""

    async def seen(lamps: Lamps, change: Change) -> Look:
        return Look(good=change.target in lamps, text="it is dark")

    bound = Bound(LAMP, {})
    change = await bound.plan("hall", Lamp())
    assert await bound.outside(change) is None
    assert await Bound(replace(LAMP, outside=seen), {}).outside(change) == Look(good=False, text="it is dark")


async def test_the_way_back_invites_nobody() -> None:
    """Where people are invited, what was given and is gone since stays gone; what was taken comes back."""
    bound = Bound(replace(LAMP, awaits=lambda _lamps, target: (target, "https://house.example")), {})
    back, still = await bound.back(bound.change("hall", {"brightness": 1}, {"brightness": 5}))
    said = "*hall* is gone since, and taking back what was given invites nobody"
    assert (back.action, back.words, still) == (Action.NONE, said, True)
    back, still = await bound.back(bound.change("hall", {"brightness": 1}, None))
    assert (back.after, still) == ({"brightness": 1}, True)


def test_a_resource_says_who_must_act() -> None:
    """Who and where comes from the resource, until when from its patience; most wait for nobody."""
    assert Bound(LAMP, {}).awaited("hall", NOW) is None
    asking = replace(LAMP, awaits=lambda _lamps, target: (f"keeper-{target}", "https://house.example"))
    expected = Awaited(
        account="keeper-hall", link="https://house.example", since=NOW, until=NOW + timedelta(days=7)
    )
    assert Bound(asking, {}).awaited("hall", NOW) == expected


async def test_a_resource_without_concerns_has_none() -> None:
    """Guards then know nothing of it."""
    bound = Bound(LAMP, {})
    assert await bound.concerns(await bound.plan("hall", Lamp())) == Concerns()
    assert Bound(LAMP, {}).waits("hall", None, "22 Jun") == "hall is under way, until 22 Jun at the latest"
    assert LAMP.patience == timedelta(days=7)


@pytest.mark.parametrize(
    ("vendor", "about", "concerned"),
    [
        ("house", {"hall"}, True),
        ("house", {"cellar", "lamp-1"}, True),
        ("house", {"hal"}, False),
        ("house", set(), False),
        ("garden", {"hall"}, False),
    ],
)
def test_a_hint_concerns_what_it_names(vendor: str, about: set[str], concerned: bool) -> None:
    """A hint is about changes of its vendor whose target has one of the names, whatever its case."""
    change = Change(resource="house.lamp", target="Hall/Lamp-1", before=None, after=None)
    hint = Hint(vendor=vendor, key="1", event="lit", about=frozenset(about))
    assert hint.concerns(change) is concerned


class Nothing:
    """Requests and a journal in which there is nothing."""

    async def by_number(self, number: int) -> None:
        """Return no request."""

    async def newest(self, *_args: Any, **_options: Any) -> list[Any]:
        """Return no requests."""
        return []

    async def grants(self, target: str | None = None) -> list[Any]:
        """Return no grants."""
        return []

    async def lines(self, **_options: Any) -> list[Any]:
        """Return no lines."""
        return []


class NoCosts:
    """Knows nothing of costs."""

    book = Book()

    async def rates(self, on: date | None = None) -> None:
        return None

    async def bill(self, tariff: str) -> Bill:
        raise NotImplementedError(tariff)

    async def kept(self, until: date) -> None:
        return None


class NoBoard:
    """No board."""

    year = 2026

    async def now(self) -> Board:
        raise NotImplementedError

    async def kept(self) -> Board:
        return await self.now()

    async def past(self, vendor: str) -> tuple[Seen, ...]:
        raise NotImplementedError(vendor)


def context(**readers: Any) -> Context:
    """Return what a command may see in the house."""
    bound = Bound(LAMP, {"hall": Lamp()})

    async def none() -> tuple[()]:
        return ()

    async def report(_progress: Any) -> None:
        """Report to nobody."""

    return Context(
        actor=Actor.of(ORGANISER, "slack"),
        now=NOW,
        reason="",
        organisation=Organisation("PyCon UK", "pyconuk.org", LONDON, {}),
        people=PEOPLE,
        policy=Policy(),
        commands=(),
        requests=Nothing(),
        journal=Nothing(),
        readers=readers,
        planner=lambda _name, afters: bound.plan_all(afters),
        back=bound.back,
        left=none,
        watched=none,
        report=report,
        costs=NoCosts(),
        board=NoBoard(),
    )


async def test_a_command_sees_reads_and_plans_but_no_client() -> None:
    """Vendors are known by their face; the change of a resource is read live."""
    seen = context(house=HOUSE.reads({"hall": Lamp()}))
    assert seen.reads(HOUSE) == "1 lamps"
    assert (await seen.change(LAMP, "hall", None)).after is None
    assert seen.situation.now == NOW


async def test_a_vendor_that_is_not_configured_is_said() -> None:
    """Who is missing, and who can mend it."""
    assert not context().has(HOUSE)
    assert await context().site() is None
    with pytest.raises(Refused, match="The house is not set up here") as caught:
        context().reads(HOUSE)
    assert "`integrations.house`" in caught.value.hint


def test_who_sells_our_tickets_is_known_or_said_to_be_missing() -> None:
    """A command asks whoever it is, not one vendor."""
    with pytest.raises(Refused, match="Nobody who sells our tickets") as caught:
        _ = context().seller
    assert "`integrations.tito`" in caught.value.hint
    booth: Any = "the booth"  # whatever was handed in comes back
    assert replace(context(), ticketing=booth).seller == booth


def test_a_command_knows_its_word_and_verb() -> None:
    """The path is a word, or a word and a verb."""

    async def run(_args: BaseModel, _ctx: Context) -> Reply:
        return Reply(title="done")

    plain = Command("status", "…", NoArgs, run)
    assert (plain.word, plain.verb, plain.role) == ("status", "", Role.ORGANISER)
    verbal = Command("dns add", "…", NoArgs, run)
    assert (verbal.word, verbal.verb) == ("dns", "add")


def test_errors_carry_where_they_come_from() -> None:
    """A vendor's trouble names the vendor, a mistake in the configuration file, line and key."""
    trouble = Unavailable("GitHub", "GitHub does not answer.", "Try again later.")
    assert (trouble.vendor, trouble.message, trouble.hint) == (
        "GitHub",
        "GitHub does not answer.",
        "Try again later.",
    )
    mistake = ConfigurationError(
        "Unknown key.", "Did you mean `token`?", file="local.yaml", line=3, key="tokn"
    )
    assert (mistake.file, mistake.line, mistake.key, str(mistake)) == (
        "local.yaml",
        3,
        "tokn",
        "Unknown key.",
    )


def test_our_own_records_are_handed_in() -> None:
    """They take the place of the network, and no settings."""
    record = object()
    assert handed_in(NoSettings(), record) is record


def test_a_finding_says_how_it_is_and_what_to_do() -> None:
    """What is good needs nothing to be done; whatever is not says what."""
    assert Finding.good("It answers.") == Finding(level="good", text="It answers.")
    assert Finding.warning("It is old.", "Renew it.") == Finding(
        level="warning", text="It is old.", hint="Renew it."
    )
    assert Finding.bad("It is gone.", "Make one.") == Finding(
        level="bad", text="It is gone.", hint="Make one."
    )
