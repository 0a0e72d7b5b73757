"""People in the sandbox's Slack: they say lines, press buttons, and look at what came of it."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any, TypeVar

from bot.sandbox.page.mrkdwn import plain
from bot.sandbox.standins import Delivery, Hand, Message, View
from bot.sandbox.world import World

Found = TypeVar("Found")
Place = tuple[str, str]

APPROVALS = "infra-approvals"
PATIENCE = 30.0  # seconds in which nothing happens: a busy machine takes some of them


class DidNotHappenError(Exception):
    """What should have happened did not."""


class Scene:
    """Lets people act in a world by their names, and waits for what they should see."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._before: dict[Place, str] = {}

    # What people do.

    async def say(self, who: str, text: str, room: str = APPROVALS) -> Delivery | None:
        """Let somebody type *text* in a channel, or with *room* empty to the bot."""
        self._remember(who)
        return await self._hand(who).say(self._room(who, room), text)

    async def ask(self, who: str, line: str, expected: str, room: str = APPROVALS) -> str:
        """Let somebody say ``/infra`` *line*; return the answer, which holds *expected*."""
        await self.say(who, f"/infra {line}", room)
        return await self.hears(who, expected)

    async def press(self, who: str, label: str, on: str = "") -> Delivery:
        """Let somebody press the button *label* of the newest message they see that holds *on*."""

        def there() -> tuple[Message, dict[str, Any]] | None:
            for message in reversed(list(self._seen(who))):
                for button in buttons(message.blocks):
                    if button["text"]["text"] == label and on in content(message):
                        return message, button
            return None

        message, button = await self.wait(there, f"a button {label!r} that {who} sees on {on!r}")
        self._remember(who)
        hand = self._hand(who)
        return await hand.press(message.channel, message.ts, button["action_id"], button.get("value"))

    async def fill(self, who: str, values: Mapping[str, Any]) -> None:
        """Let somebody fill in and send the form that is open, once it is."""
        view = await self.form(who)
        self._remember(who)
        await self._hand(who).submit(view.id, values)

    async def form(self, who: str) -> View:
        """Return the form somebody has open, once there is one."""

        def front() -> View | None:
            views = self.world.slack.views(self.world.person(who))
            return views[-1] if views else None

        return await self.wait(front, f"a form for {who}")

    def later(self, **by: float) -> None:
        """Let time jump, by hours, days or minutes."""
        self.world.clock.move(timedelta(**by))

    # What they see.

    async def hears(self, who: str, words: str) -> str:
        """Wait until a message to *who* alone, new since they last acted, holds *words*; return it."""

        def heard() -> str | None:
            for message in self._seen(who):
                said = content(message)
                if (
                    self._private(message)
                    and words in said
                    and self._before.get((message.channel, message.ts)) != said
                ):
                    return said
            return None

        return await self.wait(heard, f"{who} hears {words!r}", who)

    def card(self, number: int) -> Message | None:
        """Return the card of a request."""
        channel = self._room("george", APPROVALS)
        cards = (
            message
            for message in self.world.slack.messages(channel, self.world.person("george"))
            if message.ephemeral_to is None
            and message.thread_ts is None
            and any(block["type"] == "header" for block in message.blocks)
            and f"#{number}" in content(message).replace("\n", " ").split()
        )
        return next(cards, None)

    async def card_says(self, number: int, words: str) -> str:
        """Wait until the card of a request holds *words*; return it."""

        def so() -> str | None:
            card = self.card(number)
            return content(card) if card and words in content(card) else None

        return await self.wait(so, f"the card of #{number} says {words!r}", "George")

    async def channel_says(self, words: str) -> str:
        """Wait until a message that Cory sees in the channel of approvals holds *words*; return it."""

        def so() -> str | None:
            said = (content(message) for message in self._seen("Cory") if not self._private(message))
            return next((each for each in said if words in each), None)

        return await self.wait(so, f"the channel says {words!r}", "Cory")

    async def holds(self, section: str, *row: str, vendor: str = "github") -> None:
        """Wait until a vendor's table has a row that begins with *row*."""
        await self.wait(lambda: self._held(vendor, section, row), f"{vendor} holds {row} in {section!r}")

    async def lacks(self, section: str, *row: str, vendor: str = "github") -> None:
        """Wait until a vendor's table has no row that begins with *row*."""
        await self.wait(lambda: not self._held(vendor, section, row), f"{vendor} lacks {row} in {section!r}")

    async def wait(
        self, predicate: Callable[[], Found | None], what: str, who: str = "", within: float = PATIENCE
    ) -> Found:
        """Return the first true answer of *predicate*; DidNotHappenError when none comes."""
        changes, until = self.world.changes, within
        while not (found := predicate()):
            if until <= 0:
                seen = "\n---\n".join(content(message) for message in self._seen(who)) if who else ""
                raise DidNotHappenError(f"did not happen: {what}" + (f". {who} sees:\n{seen}" if who else ""))
            before = changes.version
            quiet = await changes.beyond(before, 0.1) == before
            until -= 0.1 if quiet else 0.01  # patience is for what does not come, not for what is busy
        return found

    def _held(self, vendor: str, section: str, row: tuple[str, ...]) -> bool:
        tables = {each["title"]: each["rows"] for each in self.world.standins[vendor].pane()["sections"]}
        return any(tuple(map(str, cells[: len(row)])) == row for cells in tables.get(section, ()))

    def _hand(self, who: str) -> Hand:
        return self.world.slack.as_(self.world.person(who))

    def _room(self, who: str, room: str) -> str:
        slack = self.world.slack
        if not room:
            return slack.direct(self.world.person(who))
        return next(channel.id for channel in slack.channels.values() if channel.name == room)

    def _seen(self, who: str) -> Iterator[Message]:
        """Yield what somebody sees, oldest first."""
        slack, person = self.world.slack, self.world.person(who)
        slack.direct(person)
        rooms = [channel for channel in slack.channels_of(person) if channel.person in {None, person}]
        seen = [message for room in rooms for message in slack.messages(room.id, person)]
        yield from sorted(seen, key=lambda message: message.ts)

    def _private(self, message: Message) -> bool:
        """Return whether nobody else sees a message."""
        channel = self.world.slack.channels[message.channel]
        return message.ephemeral_to is not None or channel.person is not None

    def _remember(self, who: str) -> None:
        self._before = {(m.channel, m.ts): content(m) for m in self._seen(who)}


def content(message: Message) -> str:
    """Return all words of a message, as people read them."""
    if not message.blocks:
        return plain(message.text)
    return plain("\n".join(words for block in message.blocks for words in _words(block)))


def _words(part: Any) -> Iterator[str]:
    """Yield the texts in a block, its buttons' included."""
    match part:
        case {"type": "plain_text" | "mrkdwn", "text": str(text)}:
            yield text
        case dict():
            for key in ("text", "fields", "elements", "accessory", "title", "label", "element"):
                yield from _words(part.get(key))
        case list():
            for each in part:
                yield from _words(each)


def buttons(blocks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the buttons in *blocks*."""
    for block in blocks:
        for element in (*block.get("elements", ()), block.get("accessory", {})):
            if element.get("type") == "button":
                yield element
