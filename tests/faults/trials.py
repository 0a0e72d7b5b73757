"""A story told to a bot that is killed, time and again, and started again; and where it can be killed."""

import asyncio
import signal
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from itertools import cycle
from operator import itemgetter
from random import Random
from time import monotonic

import psycopg

from bot.sandbox.world import World
from bot.store import Store
from tests.faults.forks import Forks, Life
from tests.faults.points import Point, calls, kill_at
from tests.faults.stories import VENDORS, Story, Telling, changes

STUCK = 240.0  # seconds for one telling, however slow the machine and however many its lives
DATED_BACK = "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '10 s'"
LINES = ("filed", "approved", "applying", "started", "outcome", "finished")


@dataclass(frozen=True)
class Cut:
    """Where a life ends: at a commit of its own, at a call to a vendor, by name, or at any moment."""

    where: str
    point: Point | None = None
    seconds: float = 0.0

    def __str__(self) -> str:
        return f"{self.where}: {self.point or f'after {self.seconds:.2f} s'}"

    @property
    def weighty(self) -> bool:
        """Return whether a journal line or a change of a vendor is at stake."""
        vendors = [f"{vendor} changes" for vendor in VENDORS.values()]
        return any(word in self.stage for word in (*vendors, *LINES))

    @property
    def stage(self) -> str:
        """Return what goes on around the point, in words."""
        if self.point is None:
            return "at any moment"
        if self.where == "commit":
            return f"around the {self.point.what}"
        if self.where == "slack":
            return "as Slack changes"
        return f"as {VENDORS[self.where]} {'changes' if changes(self.point.what) else 'is read'}"


@dataclass
class Trial:
    """One story and the lives of the bot it takes; with *hasty* the bot is started again at once."""

    world: World
    forks: Forks
    url: str
    story: Story
    cuts: list[Cut]
    hasty: bool = False
    killed: list[Cut] = field(default_factory=list)
    lives: list[Life] = field(default_factory=list)

    async def run(self) -> list[str]:
        """Tell the story to its end and return what is wrong then: lost, doubled or stuck."""
        self.world.reset()
        environ = self.world.environ({"database_url": self.url})
        store = await Store.open(self.url)
        telling = Telling(self.world, self.story, store, monotonic() + STUCK)
        try:
            for cut in [*self.cuts, None]:
                if await self._life(telling, environ, cut):
                    break
                await self._restart(telling)
            return await telling.wrong()
        except TimeoutError:
            return [f"stuck: {await telling.where()}"]
        finally:
            await store.close()

    async def _life(self, telling: Telling, environ: dict[str, str], cut: Cut | None) -> bool:
        """Let the bot live until *cut* or the end of the story, and return whether that came."""
        at = asdict(cut.point) if cut and cut.where == "commit" and cut.point else None
        life = await self.forks.life(
            "tests.faults.lives:serve",
            environ=environ,
            clock=str(self.world.clock.file),
            vendors=self.story.vendors,
            cut=at,
        )
        self.lives.append(life)
        try:
            ended = await self._tell(telling, life, cut)
        finally:
            await life.end()
            for faults in self.world.faults.values():
                faults.clear()
        if cut and not ended:
            self.killed.append(cut)
        return ended

    async def _tell(self, telling: Telling, life: Life, cut: Cut | None) -> bool:
        ready = await life.until("port")
        if ready is None:
            return False
        self.world.slack.request_url = f"http://127.0.0.1:{ready['port']}/slack/events"
        if cut and cut.where in self.world.faults and cut.point:
            kill_at(self.world.faults[cut.where], cut.point, life)
        if cut and cut.where == "moment":
            asyncio.get_running_loop().call_later(cut.seconds, life.send, signal.SIGKILL)
        return await telling.goes_on(life.gone.is_set)

    async def _restart(self, telling: Telling) -> None:
        """Let time pass before the next life, or with *hasty* let the clock go faster while it lasts."""
        if telling.store.dialect == "postgresql":
            await asyncio.to_thread(_date_back, self.url)
        telling.haste = timedelta(seconds=2 if self.hasty else 0)
        if not self.hasty:
            self.world.clock.move(timedelta(seconds=61))


def _date_back(url: str) -> None:
    """Let the dead have been silent for long enough."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(DATED_BACK)


@dataclass(frozen=True)
class Way:
    """A story, where it can be cut, in the order of time, and how many seconds it takes."""

    story: Story
    cuts: tuple[Cut, ...]
    seconds: float

    @classmethod
    async def survey(cls, world: World, forks: Forks, url: str, story: Story) -> "Way":
        """Tell a story undisturbed and note its points."""
        trial = Trial(world, forks, url, story, [])
        began = monotonic()
        wrong = await trial.run()
        assert not wrong, f"undisturbed: {wrong}"
        said = [each for each in trial.lives[0].said if "point" in each]
        cuts = [(each["at"], Cut("commit", Point(**each["point"]))) for each in said]
        cuts += [(at, Cut(vendor, point)) for vendor in VENDORS for at, point in calls(world.faults[vendor])]
        slack = [(at, point) for at, point in calls(world.faults["slack"]) if "/response/" not in point.what]
        cuts += [(at, Cut("slack", point)) for at, point in slack]
        cuts.sort(key=itemgetter(0))
        return cls(story, tuple(cut for _, cut in cuts), monotonic() - began)

    def each(self, tellings: int, kills: int) -> Iterator[list[Cut]]:
        """Yield cuts for tellings of about *kills*, so that every weighty point and kind of others is in one.

        With one more in *tellings* than before, other points follow each other.
        """
        light = {(cut.where, cut.point.what, cut.point.side): cut for cut in reversed(self.cuts) if cut.point}
        points = [cut for cut in self.cuts if cut.weighty or cut in light.values()]
        stride = -(-len(points) // kills) + tellings
        for first in range(stride):
            yield self._chained(points[first::stride])

    def _chained(self, cuts: list[Cut]) -> list[Cut]:
        """Return *cuts* as lives that follow each other meet them: what is done does not come again."""
        chained = []
        done: Counter[tuple[str, str]] = Counter()
        for cut in cuts:
            assert cut.point
            named = (cut.where, cut.point.what)
            nth = max(1, cut.point.nth - done[named]) if cut.weighty else 1
            chained.append(replace(cut, point=replace(cut.point, nth=nth)))
            for past in self.cuts[: self.cuts.index(cut) + 1]:
                if past.point and past.point.side == "after":
                    done[past.where, past.point.what] = past.point.nth
        return chained

    def deck(self, chance: Random, *, weighty: bool) -> Iterator[Cut]:
        """Yield the weighty cuts, or the others, in a random order, round and round."""
        chosen = [cut for cut in self.cuts if cut.weighty is weighty]
        chance.shuffle(chosen)
        return cycle(chosen)

    def later(self, first: Cut, number: int, chance: Random) -> list[Cut]:
        """Return some weighty cuts after *first*, for the lives that follow."""
        rest = self.cuts[self.cuts.index(first) + 1 :] if first in self.cuts else self.cuts
        again = [cut for cut in rest if cut.weighty and cut.point and cut.point.nth == 1]
        chosen = chance.sample(range(len(again)), min(len(again), number))
        return [again[index] for index in sorted(chosen)]
