"""Requests from command to end, told by people who do not give up, and what must be true then."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any

from sqlalchemy import text

from bot.core.change import Request
from bot.core.event import Event, Kind
from bot.core.status import State, fold
from bot.sandbox.standins import Message
from bot.sandbox.world import World
from bot.store import Store, inbox, journal, people, requests
from bot.store.tables import stamp
from bot.workflow import audit
from bot.workflow.wiring import subject

CHANNEL = "C0000000003"
APPROVALS = "C0000000001"
ASKER = "organiser-2"
GLANCE = 0.1  # seconds between two looks of people
WRITES = {"PUT", "PATCH", "POST", "DELETE"}
VENDORS = {
    "github": "GitHub",
    "dnsimple": "DNSimple",
    "heroku": "Heroku",
    "readthedocs": "Read the Docs",
    "slack_workspaces": "the attendees' Slack",
}
DUE = {
    "sqlite": "SELECT count(*) FROM jobs WHERE run_at <= :now",
    "postgresql": "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
    " AND coalesce(scheduled_at, now()) <= now() AND :now <> ''",
}


@dataclass(frozen=True)
class Story:
    """What is asked, who approves, the calls that change a vendor, each once, and who must accept.

    What *waits* by itself needs only time. The bot knows of these *vendors* alone: a life that looks at all
    there are takes twice as long.
    """

    line: str
    writes: tuple[str, ...]
    owners: tuple[str, ...] = ("Cory",)
    accepts: str = ""
    waits: bool = False
    vendors: tuple[str, ...] = ("github",)


CORE = "PUT /orgs/PyconUK/teams/core"
RECORDS = "/v2/1010/zones/pyconuk.org/records"
STORIES = {
    "push": Story(
        "grant-push organiser-25 website",
        (f"{CORE}/repos/PyconUK/2026.pyconuk.org", f"{CORE}/memberships/organiser-25"),
    ),
    "accepted": Story(
        "grant-push organiser-1 website",
        (f"{CORE}/repos/PyconUK/2026.pyconuk.org", f"{CORE}/memberships/organiser-1"),
        accepts="organiser-1",
    ),
    "for a while": Story(
        "grant-push organiser-25 voting --for 14d",
        ("PUT /repos/PyconUK/voting/collaborators/organiser-25",),
    ),
    "dns": Story(
        "dns change voting 192.0.2.99 --type A",
        (f"DELETE {RECORDS}/28", f"POST {RECORDS}"),
        vendors=(
            "github",
            "dnsimple",
        ),
    ),
    "new year": Story(
        "new-year 2027",
        (
            *["PATCH /repos/PyconUK/2026.pyconuk.org"] * 2,  # may be copied, and no longer
            "POST /repos/PyconUK/2026.pyconuk.org/generate",
            f"{CORE}/repos/PyconUK/2027.pyconuk.org",
            "POST /repos/PyconUK/2027.pyconuk.org/pages",
            f"POST {RECORDS}",
            *["PUT /repos/PyconUK/2027.pyconuk.org/pages"] * 2,  # the name, then HTTPS
        ),
        waits=True,
        vendors=(
            "github",
            "dnsimple",
        ),
    ),
    "restart": Story(
        "app restart voting",
        ("DELETE /apps/pyconuk-voting/dynos",),
        vendors=(
            "github",
            "heroku",
        ),
    ),
    "app": Story(
        "deploy voting",
        ("POST /apps/pyconuk-voting/builds",),
        vendors=(
            "github",
            "heroku",
        ),
    ),
    "docs": Story(
        "deploy docs",
        ("POST /api/v3/projects/pyconuk-2016-internaldocs/versions/latest/builds/",),
        vendors=(
            "github",
            "readthedocs",
        ),
    ),
    "website": Story(
        "deploy website", ("POST /repos/PyconUK/2026.pyconuk.org/actions/workflows/jekyll.yml/dispatches",)
    ),
    "announce": Story(
        "announce 'Doors open at nine'",
        ("POST /api/chat.postMessage",),
        vendors=(
            "github",
            "slack_workspaces",
        ),
    ),
    "two owners": Story(
        "owners add organiser-2", ("PUT /orgs/PyconUK/memberships/organiser-2",), ("Cory", "Owen")
    ),
    "comes": Story(
        "people add helper-1 --slack <@U0000000009> --github helper-1",
        ("PUT /orgs/PyconUK/memberships/helper-1", f"{CORE}/memberships/helper-1"),
        accepts="helper-1",
    ),
    "goes": Story(
        "people remove Peter",
        ("DELETE /orgs/PyconUK/teams/core/memberships/peter", "DELETE /orgs/PyconUK/memberships/peter"),
        ("Cory", "Owen"),
    ),
}
PUSH = STORIES["push"]


def changes(called: str) -> bool:
    """Return whether a call changes something: GraphQL asks by POST too."""
    return called.partition(" ")[0] in WRITES and "graphql" not in called


@dataclass
class Telling:
    """One story in one world and database, told by people who look, and act on what they see."""

    world: World
    story: Story
    store: Store
    late: float  # when the story is to be told at the latest
    port: int = 0
    accepted: bool = False
    haste: timedelta = timedelta(0)

    async def goes_on(self, until: Callable[[], object] = bool) -> bool:
        """Ask, approve and accept; return True at the end of the story, False when *until* comes before."""
        while not (told := await self._step()) and not until():
            if monotonic() > self.late:
                raise TimeoutError
            await asyncio.sleep(GLANCE)
            self.world.clock.move(self.haste)
        return told

    async def _step(self) -> bool:
        """Do what is next for somebody, and return whether all is done and shown."""
        request, state, approved, waits = await self._look()
        if waits:
            return False
        if request is None:
            await self.world.slack.as_(self.world.person(ASKER)).say(CHANNEL, f"/infra {self.story.line}")
        elif state is State.PENDING:
            await self._approve(request, next(name for name in self.story.owners if name not in approved))
        elif state is State.WAITING and self.story.accepts:
            self._accept()
        elif state is State.WAITING:
            self.world.clock.move(timedelta(minutes=4))
        return state is State.APPLIED and self._shown() and not await self._due()

    async def _look(self) -> tuple[Request | None, State | None, set[str], bool]:
        """Return the request, where it is, who approved it, and whether a delivery waits to be worked on."""
        late = self.world.clock() + timedelta(days=1)
        async with self.store.read() as tx:
            waits = bool(await inbox.waiting(tx, late))
            newest = await requests.newest(tx)
            if not newest:
                return None, None, set(), waits
            request, state = newest[0]
            status = fold(await journal.of(tx, subject(request.id)))
            return request, state, {decision.by.name for decision in status.approvals}, waits

    async def _approve(self, request: Request, name: str) -> None:
        hand = self.world.slack.as_(self.world.person(name))
        for message in self.cards():
            if "'approve'" in str(message.blocks):
                await hand.press(APPROVALS, message.ts, "approve")

    def _accept(self) -> None:
        if not self.accepted:
            self.world.github.accept(self.story.accepts)
            self.accepted = True
        self.world.clock.move(timedelta(seconds=61))

    def _shown(self) -> bool:
        return any("*Applied.*" in str(message.blocks) for message in self.cards())

    async def where(self) -> str:
        """Return where the story is."""
        request, state, approved, waits = await self._look()
        due, shown = await self._due(), self._shown()
        return f"{self.story.line}: {request and state}, approved by {approved}, {waits=} {due=} {shown=}"

    async def settled(self) -> None:
        """Wait until everything that was delivered is worked on, and every job that is due is done."""
        while (await self._look())[-1] or await self._due():
            if monotonic() > self.late:
                raise TimeoutError
            await asyncio.sleep(0.01)

    async def _due(self) -> bool:
        """Return whether a job is due, or running."""
        async with self.store.read() as tx:
            now = stamp(self.world.clock())
            return bool(await tx.scalar(text(DUE[self.store.dialect]), {"now": now}))

    def cards(self) -> list[Message]:
        """Return what everybody sees in the approvals channel."""
        seen = self.world.slack.messages(APPROVALS, self.world.person("Cory"))
        return [message for message in seen if message.ephemeral_to is None]

    async def wrong(self) -> list[str]:
        """Return what is wrong now that the story is told: lost, doubled, or a journal that does not fit."""
        async with self.store.read() as tx:
            filed = await requests.newest(tx)
            lines = [line for r, _ in filed for line in await journal.of(tx, subject(r.id))]
        said = Counter(self._line(line) for line in lines)
        wanted = Counter(["filed", "applying", *self._ends(), *["approved"] * len(self.story.owners)])
        return [
            *await audit.verify(self.store),
            *_compared("call", Counter(self.changed()), Counter(self.story.writes)),
            *_compared("line", Counter({w: n for w, n in said.items() if w in wanted}), wanted),
            *(f"doubled: message {mark}" for mark, times in self.marks().items() if times > 1),
        ]

    def _ends(self) -> list[str]:
        waits = self.story.waits or self.story.accepts
        return ["finished waiting", "finished applied"] if waits else ["finished applied"]

    def _line(self, line: Event) -> str:
        state = f" {line.payload['state']}" if line.kind is Kind.FINISHED else ""
        return f"{line.kind.value}{state}"

    def changed(self) -> list[str]:
        """Return the calls that changed a vendor."""
        calls = [call for vendor in VENDORS for call in self.world.faults[vendor].calls if call.done]
        return [called for call in calls if changes(called := f"{call.method} {call.path}")]

    def marks(self) -> Counter[str]:
        """Return how often each message that carries a mark was posted, in all channels."""
        slack: Any = self.world.slack  # its protocol, made for the sandbox page, knows no metadata
        posted = [message.metadata for channel in slack.channels.values() for message in channel.messages]
        return Counter(found["event_payload"]["key"] for found in posted if found)


def _compared(what: str, found: Counter[str], wanted: Counter[str]) -> list[str]:
    doubled = [f"doubled: {what} {each}" for each in (found - wanted).elements()]
    return doubled + [f"lost: {what} {each}" for each in (wanted - found).elements()]


async def effects(story: Telling) -> tuple[Any, ...]:
    """Return everything that a delivery could change: requests, lines, people, GitHub, public messages."""
    async with story.store.read() as tx:
        filed = [(request.number, state) for request, state in await requests.newest(tx)]
        lines = [line async for line in journal.everything(tx)]
        everyone = await people.everyone(tx)
    said = [
        (message.channel, message.ts, message.text, str(message.blocks))
        for channel in story.world.slack.channels.values()
        if not channel.person
        for message in story.world.slack.messages(channel.id, story.world.person("George"))
        if message.ephemeral_to is None
    ]
    decided = [(line.subject, line.kind.value) for line in lines if line.kind is not Kind.REFUSED]
    return filed, decided, everyone, story.changed(), said
