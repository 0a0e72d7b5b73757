"""People who ask and approve, and who ask again when nothing happens."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count, product
from math import inf

from bot.core.change import Request
from bot.core.status import State
from bot.sandbox.world import World
from bot.store import Store, StoreUnavailable, requests
from tests.faults.fleet import until
from tests.faults.stories import APPROVALS, ASKER, CHANNEL, RECORDS

OWNER = "Cory"
ASKED_AGAIN = 20.0  # seconds after which people who see nothing ask, or press, again
MANY = 10_000


@dataclass(frozen=True)
class Errand:
    """What somebody asks, the target of the change it is, and the call that makes it."""

    line: str
    target: str
    call: str


def errands() -> Iterator[Errand]:
    """Yield errands, each about something else: records without end, grants while there are some."""
    repositories = [f"{year}.pyconuk.org" for year in range(2023, 2026)]
    repositories += ["ironcage", "voting", "sms_conference", "pyconuk.github.io"]
    grants = product(("organiser-25", "organiser-26"), repositories)
    for number in count(1):
        name = f"soak-{number}"
        address = f"192.0.2.{number % 250 + 1}"
        yield Errand(f"dns add {name} A {address}", f"{name}.pyconuk.org/A", f"POST {RECORDS}")
        if granted := next(grants, None):
            login, repository = granted
            call = f"PUT /repos/PyconUK/{repository}/collaborators/{login}"
            yield Errand(f"grant-push {login} {repository} --direct", f"{repository}/{login}", call)


@dataclass
class Crowd:
    """People who ask and approve, and who ask again when nothing happens."""

    world: World
    store: Store
    known: dict[str, tuple[Request, State]] = field(default_factory=dict)
    sent: list[Errand] = field(default_factory=list)
    ends: set[str] = field(default_factory=set)

    async def look(self) -> None:
        """See what became of requests, time and again."""
        while True:
            with suppress(StoreUnavailable):
                async with self.store.read() as tx:
                    newest = await requests.newest(tx, limit=MANY)
                self.known = {each.plan.changes[0].target: (each, state) for each, state in newest}
            await asyncio.sleep(0.5)

    async def run(self, errand: Errand) -> None:
        """Ask for something, have it approved, and wait until it is done."""
        self.sent.append(errand)
        asker, owner = (self.world.slack.as_(self.world.person(name)) for name in (ASKER, OWNER))
        while errand.target not in self.known:
            await asker.say(CHANNEL, f"/infra {errand.line}")
            await until(lambda: errand.target in self.known, ASKED_AGAIN)
        while self._state(errand) is State.PENDING:
            if card := self._card(self.known[errand.target][0]):
                await owner.press(APPROVALS, card, "approve")
            await until(lambda: self._state(errand) is not State.PENDING, ASKED_AGAIN)
        await until(lambda: not self._state(errand).open, inf)
        self.ends.add(errand.target)

    def _state(self, errand: Errand) -> State:
        return self.known[errand.target][1]

    def _card(self, request: Request) -> str | None:
        seen = self.world.slack.messages(APPROVALS, self.world.person(OWNER))
        mine = (m for m in reversed(seen) if request.id in str(m.blocks) and "'approve'" in str(m.blocks))
        return next((message.ts for message in mine if message.ephemeral_to is None), None)
