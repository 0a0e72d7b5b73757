"""Runs as values: a kind of run knows its stages, and which of several is ours."""

import pytest

from bot.core.bound import Bound
from bot.core.change import Sought
from bot.core.errors import Rejected
from bot.core.run import Run, Stage, parts_of, run_of
from bot.core.vendor import Reach
from tests.core.samples import NOW

Bells = list[Run]
ASKED = Run().model_dump(mode="json")
SOUGHT = Sought(marker="infra-1", since=NOW)


async def ring(bells: Bells, target: str, marker: str) -> str:
    """Ring."""
    bells.append(Run(id=str(len(bells) + 1), stage=Stage.UNDER_WAY, name=target, link="there", marker=marker))
    return bells[-1].id


async def heard(bells: Bells, target: str, _sought: Sought) -> Bells:
    """Return what rings."""
    return [run for run in bells if run.name == target]


BELL = run_of("tower.bell", ring, heard, "{} rings".format)


async def test_a_run_is_planned_without_a_look_and_carries_the_mark() -> None:
    """It goes from nothing to started; what the vendor calls it is what it answered."""
    bells: Bells = []
    bound = Bound(BELL, bells)
    change = await bound.plan("tenor", Run())
    assert (change.before, change.after, change.words) == (None, ASKED, "tenor rings")
    assert await bound.look("tenor", None) is None
    assert await bound.write("tenor", ASKED, "infra-1") == "1"
    assert bells[0].marker == "infra-1"
    assert await bound.write("tenor", None) == ""
    live = await bound.look("tenor", SOUGHT)
    assert (bound.run(live), bound.run(None)) == ("1", "")
    assert await bound.look("treble", SOUGHT) is None


async def test_how_far_a_run_is() -> None:
    """Each stage is told from the others, and said."""
    bound = Bound(BELL, [])
    said = {}
    for stage in Stage:
        live = Run(id="1", stage=stage, name="Ring 1", text="loud", link="there").model_dump(mode="json")
        said[bound.reached(live, ASKED)] = bound.waits("tenor", live, "15 Jun")
    assert (bound.reached(None, ASKED), bound.reached(None, None)) == (Reach.NO, Reach.YES)
    assert said[Reach.UNDER_WAY] == "Ring 1 is under way: loud (there); I look until 15 Jun"
    assert said[Reach.YES] == "Ring 1 succeeded: loud (there)"
    assert said[Reach.FAILED] == "Ring 1 failed: loud (there)"
    assert said[Reach.UNCLEAR] == "Which run is mine I cannot tell: there. Please look"


async def test_of_several_runs_none_is_taken() -> None:
    """Two that fit are named, and neither is followed."""
    bells: Bells = []
    await ring(bells, "tenor", "")
    await ring(bells, "tenor", "")
    live = await Bound(BELL, bells).look("tenor", SOUGHT)
    assert live
    assert (live["stage"], live["link"], live["id"]) == ("several", "there, there", "")


def test_a_target_has_three_parts() -> None:
    """What is missing one is told with the form that is wanted; further signs belong to the last part."""
    assert parts_of("tower/bell@a/b@c", "Tower", "bell", "TOWER/BELL@HOUR") == ("tower", "bell", "a/b@c")
    for said in ("tower", "tower/bell", "/bell@noon", "tower/@noon", "tower/bell@"):
        with pytest.raises(Rejected, match="names no bell") as caught:
            parts_of(said, "Tower", "bell", "TOWER/BELL@HOUR")
        assert caught.value.hint == "Write TOWER/BELL@HOUR."
