"""*Share here*: what one person was shown, posted once in the channel where they asked."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.core.duration import moment
from bot.core.people import Person
from bot.core.reply import Choices, Reply, Text
from bot.core.values import Json
from bot.frontends.slack import kit
from bot.frontends.slack.delivery import Delivery
from bot.frontends.slack.kit import Message
from bot.frontends.slack.outgoing import SlackRefused
from bot.frontends.slack.posts import Posts
from bot.frontends.slack.render import render
from bot.store import Store, answers
from bot.store.answers import Answer
from bot.workflow.service import Service

SHARE = "share"
_OUTSIDE = {"not_in_channel", "channel_not_found"}  # the second is what Slack says of private ones


class Sharing:
    """Offers answers to be shared, and shares them."""

    def __init__(
        self,
        store: Store,
        service: Service,
        posts: Posts,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._service = service
        self._posts = posts
        self._clock = clock

    async def offered(self, reply: Reply, delivery: Delivery) -> Message:
        """Return the answer to a delivery with the button that shares it; it is kept for that."""
        channel, thread = delivery.channel, delivery.thread
        answer = Answer(reply=reply, at=self._clock(), channel=channel, thread=thread)
        async with self._store.write() as tx:
            await answers.keep(tx, delivery.key, answer)
        return render(reply, _button(delivery.key))

    async def share(self, key: str, person: Person) -> Message:
        """Share the answer to the delivery *key*; return it with what came of that, for who pressed."""
        async with self._store.read() as tx:
            answer = await answers.get(tx, key)
        if answer is None:
            return kit.said("*That answer is too old to be shared.* Ask again, then share it.")
        at = moment(answer.at, (await self._service.situation()).zone)
        shared = render(_without_choices(answer.reply), kit.context(f"Shared by {person.name}, as of {at}."))
        try:
            sent, new = await self._posts.once(key, SHARE, answer.channel, shared, answer.thread)
            await self._posts.attach(key, sent, shared.files, answer.thread)
        except SlackRefused as refused:
            return _shown(answer, kit.section(_refused(refused.code)), _button(key))
        return _shown(answer, kit.context("Shared here." if new else "It is shared here already."))


def _button(key: str) -> Json | None:
    return kit.actions(kit.button("Share here", SHARE, key))


def _shown(answer: Answer, *last: Json | None) -> Message:
    """Return an answer as who asked sees it; they have its files."""
    return replace(render(answer.reply, *last), files=())


def _without_choices(reply: Reply) -> Reply:
    """Return an answer without buttons: its choices were offered to who asked."""
    blocks = (Text(text=each.text) if isinstance(each, Choices) else each for each in reply.blocks)
    return reply.model_copy(update={"blocks": tuple(blocks)})


def _refused(code: str) -> str:
    if code in _OUTSIDE:
        return "⚠️ *I am not in this channel, so I cannot post here.* Say `/invite @infra`, then press again."
    return f"⚠️ *Slack does not let me post here* (`{code}`). The maintainer can see why with `infra check`."
