"""Messages that are posted once, whoever else tries: the intent is kept before, the ts after."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

import structlog

from bot.core.reply import Chart, File
from bot.frontends.slack.kit import Message
from bot.frontends.slack.outgoing import Outgoing, SlackAway, SlackRefused
from bot.store import Store, messages
from bot.store.jobs import Later
from bot.store.messages import Message as Sent

SETTLED = timedelta(seconds=15)  # after which whoever was about to post did, or never will
SOON = timedelta(seconds=1)
log = structlog.get_logger()
_GONE = {"message_not_found", "cant_update_message", "edit_window_closed"}


class Posts:
    """Where messages are: each has an id, such as a request's, and a place, such as ``card``."""

    def __init__(self, store: Store, outgoing: Outgoing, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._outgoing = outgoing
        self._clock = clock
        self._locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()
        self._tried: set[tuple[str, str]] = set()

    async def at(self, id_: str, place: str) -> Sent | None:
        """Return where a message is; None before it is posted."""
        row = await self._row(id_, place)
        return row if row and row.ts else None

    async def keep(self, id_: str, place: str, sent: Sent) -> None:
        """Keep where a message is, and what it shows now."""
        async with self._store.write() as tx:
            await messages.put(tx, id_, place, sent)

    async def once(
        self, id_: str, place: str, channel: str, message: Message, thread: str | None = None
    ) -> tuple[Sent, bool]:
        """Return where a message is, and whether it was posted just now.

        Later while another process may be about to post it.
        """
        async with self._locks.setdefault((id_, place), asyncio.Lock()):
            known = await self._row(id_, place)
            if known is not None and known.ts:
                return known, False
            return await self._anew(id_, place, channel, message, known, thread), True

    async def tell(self, id_: str, channel: str, message: Message) -> None:
        """Post what is only told, once; when Slack refuses it, that is logged and it is not tried again."""
        try:
            await self.once(id_, "told", channel, message)
        except SlackRefused as refused:
            log.warning("cannot tell", what=id_, why=refused.code)

    async def show(
        self,
        id_: str,
        place: str,
        channel: str,
        message: Message,
        *,
        patient: bool = True,
        every: timedelta = timedelta(0),
    ) -> None:
        """Post a message, or edit it where it is; Later when that is too soon for who is *patient*.

        It is too soon for anybody until *every* has passed since any process posted or edited it.
        """
        sent, new = await self.once(id_, place, channel, message)
        if sent.fingerprint == message.fingerprint and not new:
            return
        if every:
            await self._turn(id_, f"{place}:turn", every)
        if new:
            return
        seconds = self._outgoing.edit_due(sent.channel, sent.ts)
        if seconds and patient:
            raise Later(self._clock() + timedelta(seconds=seconds))
        try:
            await self._outgoing.edit(sent.channel, sent.ts, message)
        except SlackRefused as refused:
            if refused.code not in _GONE:
                raise
            await self._anew(id_, place, channel, message, sent)
        else:
            await self.keep(id_, place, sent.model_copy(update={"fingerprint": message.fingerprint}))

    async def attach(
        self, id_: str, sent: Sent, files: Sequence[Chart | File], thread: str | None = None
    ) -> None:
        """Upload what goes with a message that was *sent*, each file once: what may have arrived stays so."""
        for number, file in enumerate(files):
            place = f"file {number}"
            async with self._store.write() as tx:
                if not await messages.replace(tx, id_, place, None, sent):
                    continue
            try:
                await self._outgoing.upload(sent.channel, file, thread)
            except SlackAway as away:
                if not away.unsure:
                    async with self._store.write() as tx:
                        await messages.forget(tx, id_, place)
                raise

    async def _turn(self, id_: str, place: str, every: timedelta) -> None:
        """Take the turn to show something; Later while somebody else has it: a turn lasts for *every*."""
        last, now = await self._row(id_, place), self._clock()
        if last and now < (free := datetime.fromisoformat(last.fingerprint) + every):
            raise Later(free)
        mine = Sent(channel="", ts="", fingerprint=now.isoformat())
        async with self._store.write() as tx:
            if not await messages.replace(tx, id_, place, last, mine):
                raise Later(now + SOON)

    async def _anew(
        self,
        id_: str,
        place: str,
        channel: str,
        message: Message,
        known: Sent | None,
        thread: str | None = None,
    ) -> Sent:
        """Post a message that is not where it is *known* to be, if anywhere."""
        key = f"{place}:{id_}"
        ts = await self._found(id_, place, channel, key, known)
        if ts is None:
            self._tried.add((id_, place))
            channel, ts = await self._outgoing.post(channel, message, key=key, thread=thread)
        self._tried.discard((id_, place))
        sent = Sent(channel=channel, ts=ts, fingerprint=message.fingerprint)
        await self.keep(id_, place, sent)
        return sent

    async def _found(self, id_: str, place: str, channel: str, key: str, row: Sent | None) -> str | None:
        """Return the ts of a message that somebody meant to post, and did; else the intent is ours now."""
        now = self._clock()
        if row is not None and not row.ts:
            intended = datetime.fromisoformat(row.fingerprint)
            ts = await self._outgoing.find(row.channel, key, intended)
            if ts is not None:
                return ts
            if (id_, place) not in self._tried and now < intended + SETTLED:
                raise Later(intended + SETTLED)
        intent = Sent(channel=channel, ts="", fingerprint=now.isoformat())
        async with self._store.write() as tx:
            if not await messages.replace(tx, id_, place, row, intent):
                raise Later(now + SOON)
        return None

    async def _row(self, id_: str, place: str) -> Sent | None:
        async with self._store.read() as tx:
            return await messages.get(tx, id_, place)
