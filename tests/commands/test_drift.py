"""``drift``: what others changed, accepted or put back."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.core.baseline import ACCEPTED as NAME
from bot.core.bound import Bound
from bot.core.drift import Difference, Drift, Watched
from bot.core.errors import Refused, UsageError
from bot.core.people import Role
from bot.core.reply import Notice
from bot.core.values import Json
from commands import COMMANDS
from integrations.baseline import ACCEPTED
from tests.commands.world import NOW, World, choices, rows, targets, words


class Kept:
    """A baseline in memory."""

    def __init__(self) -> None:
        self.states: dict[str, Json | None] = {}

    async def get(self, target: str) -> Json | None:
        """Return what was accepted."""
        return self.states.get(target)

    async def put(self, target: str, state: Json | None) -> None:
        """Accept a state."""
        self.states[target] = state


async def differing(world: World, away: str = "") -> Watched:
    """Let others change three things behind the bot's back; return how that is seen."""
    world.bound[NAME] = Bound(ACCEPTED, Kept())
    members, repos = world.bound["github.team_member"], world.bound["github.team_repo"]
    before = [
        (members, "core/organiser-1", await members.read("core/organiser-1")),
        (repos, "core/2026.pyconuk.org", await repos.read("core/2026.pyconuk.org")),
        (members, "core/organiser-2", await members.read("core/organiser-2")),
    ]
    world.github.world.set_team_member("core", "organiser-1")
    world.github.world.set_team_repo("core", "2026.pyconuk.org", "admin")
    world.github.world.set_team_member("core", "organiser-2", None)
    found: list[Difference] = []
    for number, (bound, target, kept) in enumerate(before, 17):
        change = bound.drift(target, kept, await bound.read(target))
        assert change is not None
        found.append(
            Difference(number=number, change=change, since=NOW, by="charlie" if number == 17 else "")
        )
    return watched(found, away=away)


def watched(found: Sequence[Difference], away: str = "") -> Watched:
    """Return how GitHub is seen."""
    drift = Drift(vendor="github", episode=1, since=NOW, differences=tuple(found))
    return Watched(vendor="github", seeded_at=NOW, looked_at=NOW, away=away, drift=drift)


async def test_what_differs_is_shown_with_who_did_it(world: World) -> None:
    """In people's words, with the ways on for owners only; what goes against a guard is loud."""
    seen = await differing(world)
    assert seen.drift is not None
    loud = seen.drift.differences[1].model_copy(
        update={"alarm": "It touches what two owners protect: owner list."}
    )
    world.watched = (watched([seen.drift.differences[0], loud, seen.drift.differences[2]]),)
    reply = await world.reply("drift", by="Cory")
    assert reply.title == "3 differences from what was last accepted"
    assert rows(reply) == [
        (
            "17",
            "organiser-1 joins team *core* (was: not in it)",
            "Mon 15 Jun, 09:00",
            "charlie, GitHub says",
        ),
        ("18", "*2026.pyconuk.org* joins core with *Admin* (was: Read)", "Mon 15 Jun, 09:00", ""),
        ("19", "organiser-2 leaves team *core* (was: member)", "Mon 15 Jun, 09:00", ""),
    ]
    assert Notice(level="bad", text="18: It touches what two owners protect: owner list.") in reply.blocks
    assert choices(reply) == ["drift adopt 17-19", "drift revert 17-19"]
    assert choices(await world.reply("drift", by="reader-1")) == []


async def test_how_vendors_stand_when_nothing_differs(world: World) -> None:
    """As accepted, seen for the first time, away, or not set up: each is said."""
    calm = Watched(vendor="github", seeded_at=NOW, looked_at=NOW)
    for seen, said in (
        (calm, "GitHub is as accepted; its baseline began Mon 15 Jun, 09:00."),
        (calm.model_copy(update={"fresh": True}), "There was no baseline of GitHub yet."),
        (Watched(vendor="shelf", away="It is away."), "shelf cannot be looked at now: It is away."),
        (calm.model_copy(update={"away": "No."}), "now: No. This is how it was Mon 15 Jun, 09:00."),
    ):
        world.watched = (seen,)
        reply = await world.reply("drift", by="reader-1")
        nothing = "Nothing is known to differ" if seen.away else "Nothing differs"
        assert reply.title == f"{nothing} from what was last accepted"
        assert said in words(reply)
    world.watched = ()
    assert "No vendor is set up" in words(await world.reply("drift"))


@pytest.mark.parametrize(
    ("which", "numbers"),
    [
        ("17", [0]),
        ("#18", [1]),
        ("17 19", [0, 2]),
        ("17-18", [0, 1]),
        ("all", [0, 1, 2]),
        ("organiser-2", [2]),
        ("CORE/organiser-1", [0]),
        ("github", [0, 1, 2]),
        ("17 99", [0]),
    ],
)
async def test_what_is_meant(world: World, which: str, numbers: list[int]) -> None:
    """Numbers, spans, names in any case, or all of them."""
    seen = await differing(world)
    world.watched = (seen,)
    assert seen.drift is not None
    meant = [seen.drift.differences[n].change.target for n in numbers]
    plan = await world.plan(f"drift revert {which}", by="Cory")
    assert [change.target for change in plan.changes] == meant


async def test_adopting_changes_our_own_data_alone(world: World) -> None:
    """What was told is accepted, whatever is there by now, in the words it was told in."""
    world.watched = (await differing(world),)
    plan = await world.plan("drift adopt 17 19 because Owen did it by hand", by="Cory")
    assert (plan.title, len(plan.changes)) == ("Accept 2 changes made elsewhere", 2)
    assert targets(plan) == [
        (NAME, "github.team_member/core/organiser-1"),
        (NAME, "github.team_member/core/organiser-2"),
    ]
    assert plan.changes[0].after == {"state": {"role": "member", "pending": False}}
    assert plan.changes[0].words == "Accepted: organiser-1 joins team *core* (was: not in it)"
    assert world.bound[NAME].resource.own
    concerns = await world.bound[NAME].concerns(plan.changes[0])
    assert (concerns.counts, concerns.asks) == (False, False)
    await world.apply(plan)
    assert (await world.plan("drift adopt 17", by="Cory")).changes[0].action == "none"


async def test_reverting_is_a_plan_like_any_other(world: World) -> None:
    """It leads from what is live to what was accepted, and says who made what is put back."""
    world.watched = (await differing(world),)
    plan = await world.plan("drift revert all", by="Cory")
    assert [change.words for change in plan.changes] == [
        "organiser-1 leaves team *core* (now: member)",
        "*2026.pyconuk.org* joins core with *Read* (now: Admin)",
        "organiser-2 joins team *core* (now: not in it)",
    ]
    assert (plan.title, plan.notes, plan.wide) == (
        "Put back 3 changes",
        ("Made by charlie, GitHub says",),
        True,
    )
    await world.apply(plan)
    with pytest.raises(Refused, match="as it was already"):
        await world.ask("drift revert 17", by="Cory")


async def test_what_is_settled_is_told_with_who_did_it(world: World) -> None:
    """Whoever comes second hears who was first, and nothing is filed."""
    seen = await differing(world)
    assert seen.drift is not None
    at = NOW + timedelta(minutes=5)
    how = {17: "accepted by Cory (#3)", 18: "settled by #4"}
    world.watched = (seen.model_copy(update={"drift": seen.drift.settle(how, at)}),)
    with pytest.raises(
        Refused, match=r"17 is settled already: accepted by Cory \(#3\), Mon 15 Jun, 09:05\.$"
    ):
        await world.ask("drift adopt 17", by="Charlie")
    with pytest.raises(Refused, match="So are 1 more"):
        await world.ask("drift adopt 17 18", by="Charlie")
    assert (await world.plan("drift adopt", by="Charlie")).title == "Accept a change made elsewhere"


async def test_what_is_not_understood(world: World) -> None:
    """Which are meant must be said, and a name that is nearly right is suggested."""
    world.watched = (await differing(world),)
    with pytest.raises(UsageError, match="Say which") as which:
        await world.ask("drift adopt", by="Cory")
    assert "17-19" in which.value.hint
    with pytest.raises(UsageError, match="Nothing that differs is called organiser-22") as near:
        await world.ask("drift adopt organiser-22", by="Cory")
    assert "organiser-2" in near.value.hint
    world.watched = ()
    with pytest.raises(Refused, match="Everything is as it was last accepted"):
        await world.ask("drift adopt all", by="Cory")


def test_only_owners_settle() -> None:
    """Everybody may look."""
    roles = {command.path: command.role for command in COMMANDS if command.word == "drift"}
    assert roles == {"drift show": Role.READER, "drift adopt": Role.OWNER, "drift revert": Role.OWNER}
