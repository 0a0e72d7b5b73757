"""``leftovers``: what is still there of grants that ended."""

from datetime import timedelta

from bot.core.leftover import Left
from bot.core.status import State
from integrations.github import COLLABORATOR, Collaborator, Level
from tests.commands.world import NOW, World, choices, targets, words


async def left(world: World, number: int = 12, same: bool = True, trying: bool = False) -> Left:
    """Return what is left over of a grant on a repository."""
    target = "ironcage/organiser-3"
    await world.bound[COLLABORATOR.name].write(
        target, Collaborator(level=Level.WRITE).model_dump(mode="json")
    )
    change = await world.bound[COLLABORATOR.name].plan(target, None)
    ended = NOW - timedelta(days=1)
    return Left(request=f"r{number}", number=number, ended_at=ended, change=change, same=same, trying=trying)


async def test_nothing_left_over(world: World) -> None:
    """Without leftovers there is nothing to see and nothing is filed."""
    assert (await world.reply("leftovers", by="reader-1")).title == "Nothing is left of grants that ended"
    assert "Nothing was filed" in words(await world.reply("leftovers remove"))


async def test_what_is_left_becomes_one_plan(world: World) -> None:
    """One plan takes away all that is left and is not tried by itself, and says what moved."""
    world.left = (await left(world), await left(world, 13, same=False), await left(world, 14, trying=True))
    reply = await world.reply("leftovers", by="reader-1")
    assert "ended Sun 14 Jun, 09:00" in words(reply)
    assert choices(reply) == ["leftovers remove"]
    plan = await world.plan("leftovers remove because nobody needs it")
    assert plan.title == "Take away what is left of #12 and #13"
    assert targets(plan) == [("github.collaborator", "ironcage/organiser-3")] * 2
    assert [change.after for change in plan.changes] == [None, None]
    assert len(plan.notes) == 1


async def test_a_second_press_files_nothing(world: World) -> None:
    """While a request that removes it is open, its number is said and nothing else is filed."""
    world.left = (await left(world),)
    world.keep(await world.plan("leftovers remove"), number=20, state=State.PENDING, outcome=None)
    assert "#20 asks for it already." in words(await world.reply("leftovers remove"))
