"""The card that says what others changed at a vendor: one for all of it, until it is settled."""

import asyncio
from collections.abc import Iterator, Mapping
from weakref import WeakValueDictionary

from bot.core.approval import Situation
from bot.core.drift import Difference, Drift, ranges
from bot.core.duration import hour, moment
from bot.core.people import owners
from bot.core.values import Json
from bot.frontends.slack import kit
from bot.frontends.slack.kit import Message
from bot.frontends.slack.posts import Posts
from bot.frontends.slack.render import SAY
from bot.frontends.slack.text import cut, unmarked
from bot.store import Store, baseline
from bot.workflow.service import Service

MOST_OPEN = 30
MOST_SETTLED = 10


class DriftCards:
    """Keeps the card of each episode of drift up to date."""

    def __init__(
        self, store: Store, service: Service, posts: Posts, channel: str, titles: Mapping[str, str]
    ) -> None:
        self._store = store
        self._service = service
        self._posts = posts
        self._channel = channel
        self._titles = titles
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def notify(self, payload: Json) -> None:
        """Bring the card of an episode up to date; Later when an edit must wait."""
        vendor, episode = str(payload["vendor"]), int(str(payload["episode"]))
        id_, shown = f"drift:{vendor}:{episode}", -1
        async with self._locks.setdefault(id_, asyncio.Lock()):
            while (drift := await self._drift(vendor, episode)) and drift.seq != shown:
                situation, title = await self._service.situation(), self._titles.get(vendor, vendor)
                message = card(drift, title, situation)
                await self._posts.show(id_, "card", self._channel, message, patient=bool(drift.open))
                shown = drift.seq

    async def _drift(self, vendor: str, episode: int) -> Drift | None:
        async with self._store.read() as tx:
            return await baseline.drift(tx, vendor, episode)


def card(drift: Drift, title: str, situation: Situation) -> Message:
    """Return the card of an episode: what differs, what goes against a guard, what became of the rest."""
    alarms = list(dict.fromkeys(each.alarm for each in drift.open if each.alarm))
    blocks = [
        kit.header(f"{title} was changed elsewhere"),
        *kit.sections(_loudly(alarms, situation)),
        *kit.sections(_open(drift, title, situation)),
        *kit.sections(_settled(drift, situation)),
        kit.section("" if drift.open else "*Everything is as accepted again.*"),
        kit.context(_footer(drift, title)),
        kit.actions(*_buttons(drift, title)),
    ]
    return kit.message(_notification(drift, title, alarms), blocks)


def _loudly(alarms: list[str], situation: Situation) -> Iterator[str]:
    """Yield what goes against a guard, and to whom it is said."""
    if alarms:
        asked = " ".join(f"<@{owner.slack[0]}>" for owner in owners(situation.people) if owner.slack)
        yield f"🚨 *{' '.join(alarms)}* {asked}"


def _open(drift: Drift, title: str, situation: Situation) -> Iterator[str]:
    for each in drift.open[:MOST_OPEN]:
        by = f", {title} says by {each.by}" if each.by else ""
        yield f"{each.number}. {each.change.words} · noticed {_when(each, situation)}{by}"
    if (more := len(drift.open) - MOST_OPEN) > 0:
        yield f"… and {more} more: `drift` lists them."


def _when(each: Difference, situation: Situation) -> str:
    same = each.since.astimezone(situation.zone).date() == situation.now.astimezone(situation.zone).date()
    return (hour if same else moment)(each.since, situation.zone)


def _settled(drift: Drift, situation: Situation) -> Iterator[str]:
    """Yield what became of what differs no longer, the latest last."""
    done = sorted(
        ((each.settled_at, each) for each in drift.differences if each.settled_at), key=lambda pair: pair[0]
    )
    if (more := len(done) - MOST_SETTLED) > 0:
        yield f"✅ {more} more were settled before."
    for at, each in done[-MOST_SETTLED:]:
        yield f"✅ {each.number}. {each.change.words}: *{each.settled}*, {moment(at, situation.zone)}"


def _footer(drift: Drift, title: str) -> str:
    if not drift.open:
        return f"`drift` compares {title} with what was last accepted at any time."
    return "*Adopt*: it stays so. *Revert*: a request puts it back. `drift` shows it at any time."


def _buttons(drift: Drift, title: str) -> list[Json]:
    """Return what owners can press: for what this card knows of, not for what comes after it."""
    numbers = ranges(each.number for each in drift.open)
    if not numbers:
        return []
    count = len(drift.open)
    text = f"{count} changes on {title} stay as they are now. `drift` lists them all."
    sure = kit.confirm(f"Adopt {count} changes?", text, "Adopt") if count > 1 else None
    return [
        kit.button("Adopt", f"{SAY}:0", f"drift adopt {numbers}", confirm=sure),
        kit.button("Revert", f"{SAY}:1", f"drift revert {numbers}"),
    ]


def _notification(drift: Drift, title: str, alarms: list[str]) -> str:
    if not drift.open:
        return f"{title} is as accepted again."
    first, count = unmarked(drift.open[0].change.words), len(drift.open)
    more = f" and {count - 1} more" if count > 1 else ""
    return cut(" ".join([f"{title} was changed elsewhere: {first}{more}.", *alarms]), 300)
