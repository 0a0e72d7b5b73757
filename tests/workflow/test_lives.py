"""Whole lives, drawn by Hypothesis: people, faults, deaths and time in any order; the promises hold."""

import asyncio
import shutil
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from bot.core.change import Change, Request
from bot.core.errors import BotError, Unavailable
from bot.core.event import Event, Kind
from bot.core.people import Role
from bot.core.reply import Reply
from bot.store import grants, requests
from bot.store.tables import JOBS
from bot.workflow import audit
from bot.workflow.service import Filed
from tests.workflow.shelf import Box, Fault
from tests.workflow.world import OWNERS, Killed, World, make

T = TypeVar("T")
SILENCE = Unavailable("shelf", "The shelf does not answer.")

BOXES = st.sampled_from(["box-1", "box-2", "box-3"])
SOME = st.lists(BOXES, min_size=1, max_size=3)
PEOPLE = st.sampled_from(["organiser-1", "organiser-2", "George", "Cory"])
DECIDERS = st.sampled_from(OWNERS[:4])
THINGS = st.sampled_from(["apple", "pear", "plum", "crown", ""])
OPTIONS = st.sampled_from(["", "", " --for 1h", " --for 2d", " --restore"])
ACTS = st.sampled_from(
    ["undo", "deny", "end now", "alone", "withdraw", "take_back", "stop", "undo", "ask again", "remind"]
)
WHICH = st.integers(0, 3)
FAULTS = st.sampled_from([f for f in Fault if f not in {Fault.MEDDLED, Fault.LOST_MEDDLED}])
SPANS = st.sampled_from([{"seconds": 5}, {"minutes": 1}, {"minutes": 20}, {"hours": 2}, {"days": 1}])
TROUBLES = st.sampled_from(["meddle", "fault", "silence", "outage", "invite", "accept"])


class Lives(RuleBasedStateMachine):
    """One bot, its people and its vendor; after every step the journal, the rows and the vendor agree."""

    template: Path
    folder: Path

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.file = self.folder / "lives.db"
        for leftover in self.folder.glob("lives.db*"):
            leftover.unlink()
        shutil.copyfile(self.template, self.file)
        self.world: World
        self.requests: list[Request] = []
        self.meddled = Counter[str]()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something in the world."""
        return self.runner.run(work)

    lived: ClassVar[Counter[str]] = Counter()

    @initialize()
    def begin(self) -> None:
        """Start the bot, and let it do something."""
        self.world = self.run(make(f"sqlite:///{self.file}"))
        self.ask_and_approve(["box-1", "box-2"], "apple", "organiser-1", " --for 2d", "Cory")

    def tried(self, work: Coroutine[Any, Any, T]) -> T | None:
        """Do something that may be refused, and let what it asked for happen."""
        done: T | None = None
        with suppress(BotError):
            done = self.run(work)
        self.run(self.world.drain())
        return done

    def kept(self, filed: Reply | Filed | None) -> Request | None:
        """Remember a request."""
        if not isinstance(filed, Filed):
            return None
        if filed.request not in self.requests:
            self.requests.append(filed.request)
        return filed.request

    def chosen(self, which: int) -> Request:
        """Return one of the newest requests."""
        return self.requests[-1 - which % len(self.requests)]

    # people

    def asked(self, boxes: list[str], thing: str, by: str, options: str = "") -> Request | None:
        """Ask for something; return its request if one was filed."""
        line = f"put {' '.join(f'{box}={thing}' for box in dict.fromkeys(boxes))}{options}"
        return self.kept(self.tried(self.world.service.ask(line, self.world.actor(by), self.world.key())))

    @rule(boxes=SOME, thing=THINGS, by=PEOPLE, options=OPTIONS)
    def ask(self, boxes: list[str], thing: str, by: str, options: str) -> None:
        """Ask for something."""
        self.asked(boxes, thing, by, options)

    @rule(boxes=SOME, thing=THINGS, by=PEOPLE, options=OPTIONS, owner=DECIDERS)
    def ask_and_approve(self, boxes: list[str], thing: str, by: str, options: str, owner: str) -> None:
        """Ask for something that an owner approves at once."""
        if request := self.asked(boxes, thing, by, options):
            self.tried(self.world.decide(request, "approve", owner))

    @rule(which=WHICH, first=DECIDERS, second=DECIDERS)
    def approve(self, which: int, first: str, second: str) -> None:
        """Have two owners press Approve."""
        for name in (first, second):
            self.tried(self.world.decide(self.chosen(which), "approve", name))

    @rule(name=st.sampled_from(["door", "window"]), text=st.sampled_from(["open", "shut"]))
    def note(self, name: str, text: str) -> None:
        """Change our own data."""
        self.tried(
            self.world.service.ask(f"note {name} {text}", self.world.actor("organiser-1"), self.world.key())
        )

    @rule(which=WHICH, act=ACTS, by=PEOPLE)
    def act(self, which: int, act: str, by: str) -> None:
        """Do something else about a request."""
        request, actor, service = self.chosen(which), self.world.actor(by), self.world.service
        match act:
            case "undo":
                self.kept(self.tried(service.undo(request.id, actor, self.world.key())))
            case "ask again" if not request.undoes:  # the command `undo` is not part of this world
                self.kept(self.tried(service.ask_again(request.id, actor, self.world.key())))
            case "end now":
                self.tried(self.world.endings.end_now(request.id, actor))
            case "remind":
                self.tried(service.remind(request.id, actor))
            case "deny" | "take_back" | "withdraw" | "alone" | "stop":
                self.tried(self.world.decide(request, act, by, "because"))

    # the world

    @rule(span=SPANS)
    def wait(self, span: dict[str, int]) -> None:
        """Let time pass; an outage is over then."""
        self.run(self.world.jump(**span))
        self.world.shelf.down = None
        self.check()

    @rule(kind=TROUBLES, box=BOXES, thing=THINGS, fault=FAULTS, count=st.integers(1, 4))
    def trouble(self, kind: str, box: str, thing: str, fault: Fault, count: int) -> None:
        """Let the vendor be difficult."""
        shelf = self.world.shelf
        match kind:
            case "meddle" if thing:
                self.meddled[box] += 1
                shelf.boxes[box] = Box(holds=thing)
            case "meddle":
                self.meddled[box] += 1
                shelf.boxes.pop(box, None)
            case "fault":
                shelf.faults.append(fault)
            case "silence":
                shelf.looks.extend([SILENCE] * count)
            case "outage":
                shelf.down = SILENCE
            case "invite":
                shelf.invites = not shelf.invites
            case "accept" if box in shelf.boxes:
                shelf.accept(box)

    @rule(steps=st.integers(0, 45), thing=THINGS, by=PEOPLE, owner=DECIDERS)
    def die(self, steps: int, thing: str, by: str, owner: str) -> None:
        """Kill the bot after some steps of a decision and of what follows, and start it again."""
        request = self.asked(["box-2", "box-3"], thing, by) or self.requests[-1]
        self.world.life.left = steps
        try:
            self.tried(self.world.decide(request, "approve", owner))
            self.run(self.world.sweep())
        except Killed:
            self.lived["deaths"] += 1
        self.run(self.world.restart())
        self.check()

    # promises

    def check(self) -> None:
        """Find every promise kept."""
        self.run(self._check())

    async def _check(self) -> None:
        world = self.world
        self.lived["checks"] += 1
        assert await audit.verify(world.store) == []
        assert world.failures == []
        starts = set[tuple[str, str]]()
        async with world.store.read() as tx:
            filed = [request async for request, _ in requests.everything(tx)]
        for request in filed:
            lines = await world.lines(request)
            assert sum(line.kind is Kind.APPLYING for line in lines) <= 1
            check_decided(request, lines)
            starts |= started(lines)
        made = Counter(world.shelf.writes)
        allowed = Counter(effect for _, effect in starts)
        for effect, times in made.items():
            box = effect.partition("=")[0]
            assert times <= allowed[effect] + self.meddled[box], (effect, made, allowed)

    def teardown(self) -> None:
        """Let everything come to its end: nothing is stuck."""
        if hasattr(self, "world"):
            try:
                self.run(self._end())
                self.check()
            finally:
                self.run(self.world.store.close())
        self.runner.close()

    async def _end(self) -> None:
        world = self.world
        world.shelf.down, world.shelf.invites = None, False
        world.shelf.faults.clear()
        world.shelf.looks.clear()
        for box in list(world.shelf.boxes):
            world.shelf.accept(box)
        for span in (
            {"minutes": 1},
            {"minutes": 1},
            {"days": 3},
            {"days": 6},
            {"minutes": 1},
            {"minutes": 1},
        ):
            await world.jump(**span)
        self.lived["lives"] += 1
        self.lived["writes"] += len(world.shelf.writes)
        async with world.store.read() as tx:
            self.lived.update([state.value async for _, state in requests.everything(tx)])
            assert [r.number async for r, state in requests.everything(tx) if state.open] == []
            assert await grants.running(tx) == []
            assert (await tx.execute(JOBS.select())).all() == []


def started(lines: list[Event]) -> set[tuple[str, str]]:
    """Return the steps that were begun, each with the effect it has."""
    found = set()
    for line in lines:
        if line.kind is Kind.STARTED:
            change = Change.model_validate(line.payload["change"])
            holds = Box.model_validate(change.after).holds if change.after else ""
            found.add((f"{line.subject} {line.payload['step']}", f"{change.target}={holds}"))
    return found


def check_decided(request: Request, lines: list[Event]) -> None:
    """Find that nothing was begun before enough owners stood behind it."""
    approvals: dict[str, bool] = {}
    for line in lines:
        if line.kind is Kind.APPROVED:
            assert line.actor.role is Role.OWNER
            assert line.payload["digest"] == request.digest
            approvals[line.actor.name] = bool(line.payload.get("alone"))
        if line.kind in {Kind.TAKEN_BACK, Kind.VOIDED}:
            approvals.pop(str(line.payload["name"]), None)
        if line.kind in {Kind.APPLYING, Kind.STARTED} and request.needs:
            others = {*approvals} if request.undoes else {*approvals} - {request.requested_by.name}
            behind = {*approvals} | ({request.requested_by.name} & {*OWNERS})
            assert any(approvals.values()) or (others and len(behind) >= request.needs)


@pytest.mark.timeout(600)
def test_lives(sqlite_template: Path, tmp_path: Path, full: bool, figure: Callable[[str], None]) -> None:
    """Whatever people do and whatever goes wrong: journal, rows and vendor agree, nothing is stuck."""

    class Here(Lives):
        template, folder = sqlite_template, tmp_path

    drawn = settings(
        max_examples=80 if full else 4,
        stateful_step_count=50 if full else 30,
        derandomize=not full,
        database=None,
        deadline=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    run_state_machine_as_test(Here, settings=drawn)
    figure(
        f"workflow, whole lives: {', '.join(f'{count} {what}' for what, count in Lives.lived.most_common())}"
    )
