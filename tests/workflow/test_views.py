"""What commands may read of our own data."""

from datetime import timedelta

from bot.core.status import State
from bot.workflow.views import StoredJournal, StoredRequests
from tests.workflow.world import START, World


async def test_one_request_by_its_number(world: World) -> None:
    """A request is found by its number, with its present status."""
    request = await world.approved("put box-1=apple")
    found = await StoredRequests(world.store).by_number(1)
    assert found == (request, await world.status(request))
    assert await StoredRequests(world.store).by_number(2) is None


async def test_newest_requests(world: World) -> None:
    """The newest requests come first, those of some states alone when asked so."""
    first, second = await world.approved("put box-1=apple"), await world.asked("put box-2=pear")
    view = StoredRequests(world.store)
    assert await view.newest() == [(second, State.PENDING), (first, State.APPLIED)]
    assert await view.newest((State.APPLIED,)) == [(first, State.APPLIED)]
    assert await view.newest(limit=1) == [(second, State.PENDING)]


async def test_running_grants_of_a_target(world: World) -> None:
    """The grants that run are found, all or those of one target; one that ended is not."""
    first = await world.approved("put box-1=apple --for 1h")
    second = await world.approved("put box-2=pear --for 2d")
    view = StoredRequests(world.store)
    assert [grant.request for grant in await view.grants()] == [first.id, second.id]
    assert [grant.request for grant in await view.grants("box-2")] == [second.id]
    await world.jump(hours=1)
    assert await view.grants("box-1") == []


async def test_journal_lines(world: World) -> None:
    """The journal is read by who, by when and by subject, oldest first."""
    request = await world.asked("put box-1=apple")
    await world.later(hours=1)
    await world.decide(request, "deny", "Cory")
    view = StoredJournal(world.store)
    assert [line.seq for line in await view.lines(subject=f"request:{request.id}")] == [1, 2]
    assert [line.actor.name for line in await view.lines(who="cory")] == ["Cory"]
    assert [line.seq for line in await view.lines(since=START + timedelta(minutes=1))] == [2]
    assert [line.seq for line in await view.lines(limit=1)] == [2]
