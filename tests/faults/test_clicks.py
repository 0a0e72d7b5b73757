"""Many clicks at the same instant, in two processes on one PostgreSQL: one decision, one execution."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.app import now
from bot.core.change import Request
from bot.core.event import Kind
from bot.core.people import Actor, Person, Role
from bot.core.status import State, fold
from bot.store import Store, journal, people, requests
from bot.workflow.executor import Executor
from bot.workflow.service import Filed, Service
from bot.workflow.wiring import subject
from tests.faults import doors
from tests.faults.databases import Databases
from tests.faults.forks import Forks, Json, Life

OWNERS = ("Charlie", "Cory", "George", "Kristian", "Owen", "Peter")
SOON = 0.006  # seconds until an appointment


@dataclass(frozen=True)
class Race:
    """What two people do at once about a door, and how many of them may succeed."""

    door: str
    clicks: tuple[tuple[str, str], tuple[str, str]]
    succeed: int = 1


RACES = (
    Race("door", (("Cory", "approve"), ("Owen", "approve"))),
    Race("door", (("Cory", "approve"), ("Owen", "deny"))),
    Race("vault", (("Cory", "approve"), ("Owen", "approve")), succeed=2),
    Race("door", (("Cory", "approve"), ("Cory", "approve"))),
    Race("door", (("Cory", "approve"), ("organiser-1", "withdraw"))),
)


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
async def test_two_who_click_at_once(
    databases: Databases, forks: Forks, tmp_path: Path, full: bool, figure: Callable[[str], None]
) -> None:
    """Of two decisions at the same instant as many succeed as may, and what is approved is done once."""
    number = 2000 if full else 40
    found: Counter[str] = Counter()
    async with databases() as url:
        store = await Store.open(url)
        task = {"database_url": url, "folder": str(tmp_path)}
        filed = await _file(store, doors.Doors(tmp_path), number)
        lives = [await forks.life("tests.faults.lives:press", **task) for _ in range(2)]
        for life in lives:
            await life.until("said")
        for index, request in enumerate(filed):
            race = RACES[index % len(RACES)]
            found += await _race(race, request, lives)
        opened = doors.Doors(tmp_path).opened()
        for index, request in enumerate(filed):
            wrong = await _wrong(store, RACES[index % len(RACES)], request, opened)
            found["wrong"] += bool(wrong)
            assert not wrong, f"#{request.number} {RACES[index % len(RACES)]}: {wrong}"
        for life in lives:
            await life.end()
        await store.close()
    figure(
        f"{number} click races: {found['collided']} truly collided (both held or awaited the row at once), "
        f"{found['refused']} were told who had decided, {sum(opened.values())} requests approved, "
        f"{sum(opened.values())} executions, {found['carried out twice at once']} times begun by both at once"
    )
    assert found["collided"] > number / 2


async def _file(store: Store, all_doors: doors.Doors, number: int) -> list[Request]:
    """File requests of organiser-1, in the order of the races."""
    wiring = doors.wiring(store, all_doors, now)
    service = Service(wiring, Executor(wiring))
    everyone = [Person(name=name, role=Role.OWNER) for name in OWNERS] + [Person(name="organiser-1")]
    async with store.write() as tx:
        for person in everyone:
            await people.put(tx, person)
    asker, filed = Actor.of(everyone[-1], "slack"), []
    for index in range(number):
        plan = doors.opening(f"{RACES[index % len(RACES)].door}-{index}")
        answer = await service.file(plan, asker, f"request-{index}", "")
        assert isinstance(answer, Filed)
        filed.append(answer.request)
    return filed


async def _race(race: Race, request: Request, lives: list[Life]) -> Counter[str]:
    """Let both click at once, then let both carry the request out at once."""
    clicks = [{"actor": actor, "verb": verb} for actor, verb in race.clicks]
    clicked = await _at_once(request, lives, clicks)
    said = [each["said"] for each in clicked]
    refused = [word for word in said if word == "AlreadyDecided"]
    assert len(said) - len(refused) == race.succeed, f"{race}: {said}"
    (one_from, one_to), (other_from, other_to) = (each["span"] for each in clicked)
    applied = await _at_once(request, lives, [{"verb": "apply"}, {"verb": "apply"}])
    (first_from, first_to), (second_from, second_to) = (each["span"] for each in applied)
    return Counter(
        {
            "collided": int(max(one_from, other_from) < min(one_to, other_to)),
            "refused": len(refused),
            "carried out twice at once": int(0 < max(first_from, second_from) < min(first_to, second_to)),
        }
    )


async def _at_once(request: Request, lives: list[Life], wanted: list[dict[str, str]]) -> list[Json]:
    at = time.monotonic() + SOON
    for life, each in zip(lives, wanted, strict=True):
        life.tell(request=request.id, digest=request.short_digest, at=at, **each)
    answers = await asyncio.gather(*(life.until("said") for life in lives))
    assert all(answers), "a life ended"
    return [answer for answer in answers if answer]


async def _wrong(store: Store, race: Race, request: Request, opened: Counter[str]) -> str:
    """Return what is wrong with a request after its race."""
    async with store.read() as tx:
        lines = await journal.of(tx, subject(request.id))
        column = await requests.state(tx, request.id)
    kinds = Counter(line.kind for line in lines)
    state, times = fold(lines).state, opened[request.plan.changes[0].target]
    if column is not state:
        return f"the column says {column}, the journal {state}"
    if state is State.APPLIED:
        once = all(kinds[kind] == 1 for kind in (Kind.APPLYING, Kind.STARTED, Kind.OUTCOME, Kind.FINISHED))
        approvals = race.succeed
        return "" if once and times == 1 and kinds[Kind.APPROVED] == approvals else f"{times} times, {kinds}"
    closed = kinds[Kind.DENIED] + kinds[Kind.WITHDRAWN]
    return (
        "" if state in {State.DENIED, State.WITHDRAWN} and times == 0 and closed == 1 else f"{state} {kinds}"
    )
