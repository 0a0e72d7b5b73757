"""Cards and notes, brought up to date from the rows: the handler of the job ``notify``."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from weakref import WeakValueDictionary

import structlog

from bot.core.accepting import ASKED_AFTER, in_slack
from bot.core.change import Awaited
from bot.core.people import Person
from bot.core.status import Reminder, State
from bot.core.values import Json
from bot.frontends.slack import note
from bot.frontends.slack.card import card
from bot.frontends.slack.kit import Message
from bot.frontends.slack.outgoing import Outgoing, SlackRefused
from bot.frontends.slack.posts import Posts
from bot.frontends.slack.wording import Case
from bot.store.jobs import Later
from bot.workflow.service import Service

_MOVING = {State.PENDING, State.APPROVED, State.APPLYING}

log = structlog.get_logger()


class Notices:
    """Shows each request where people look: its card, its requester's note, owners' reminders."""

    def __init__(
        self,
        service: Service,
        outgoing: Outgoing,
        posts: Posts,
        clock: Callable[[], datetime],
        channel: str,
        titles: Mapping[str, str],
    ) -> None:
        self._service = service
        self._outgoing = outgoing
        self._posts = posts
        self._clock = clock
        self._channel = channel
        self._titles = titles
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def notify(self, payload: Json) -> None:
        """Bring everything that shows a request up to date; Later when an edit must wait."""
        id_ = str(payload["request"])
        shown = -1
        async with self._locks.setdefault(id_, asyncio.Lock()):
            while shown != (case := await self.case(id_)).status.seq:  # another process may have been faster
                await self._show(case)
                shown = case.status.seq

    async def case(self, id_: str) -> Case:
        """Return a request as it stands; what is logged from here on is about it.

        Whoever looks is a task of its own: a delivery that is worked on, or a job.
        """
        request, status = await self._service.view(id_)
        structlog.contextvars.bind_contextvars(request=request.number)
        return Case(request, status, await self._service.situation(), self._titles)

    async def link(self, id_: str) -> str | None:
        """Return the link to a request's card, posting it when it is not there yet."""
        async with self._locks.setdefault(id_, asyncio.Lock()):
            case = await self.case(id_)
            if case.request.needs:
                await self._posts.once(id_, "card", self._channel, card(case))
            return await self._link(case)

    async def _show(self, case: Case) -> None:
        """Show a request everywhere; what keeps its card from being shown keeps nobody from being told."""
        if not case.request.needs:  # our own data: who asked was answered
            return
        waits: list[Exception] = []
        try:
            await self._shown(case, "card", self._channel, card(case))
        except (Later, SlackRefused) as wait:
            waits.append(wait)
        try:
            await self._tell(case, await self._link(case))
        except Later as wait:
            waits.append(wait)
        if waits:
            raise waits[0]

    async def _link(self, case: Case) -> str | None:
        sent = await self._posts.at(case.request.id, "card")
        return await self._outgoing.link(sent.channel, sent.ts) if sent else None

    async def _tell(self, case: Case, link: str | None) -> None:
        """Tell people directly: owners who are asked, who asked."""
        people = {person.name: person for person in case.situation.people}
        asker = case.request.requested_by
        slack_id = asker.slack or _slack_id(people.get(asker.name))
        for index, reminder in list(enumerate(case.status.reminders))[-1:]:
            if reminder.stage in ASKED_AFTER:
                await self._ask_to_accept(case, index, reminder, slack_id, link)
            elif case.status.state is State.PENDING or reminder.stage in {"alone", "left"}:
                await self._remind(case, index, reminder, people, link)
        if slack_id is None:
            return
        for stage in case.status.warned[-1:]:
            await self._direct(
                case, f"warned:{stage}", slack_id, note.ending_soon(case, stage, link), once=True
            )
        await self._direct(case, "asker", slack_id, note.to_requester(case, link))
        if case.status.lapsed:
            await self._direct(case, "lapsed", slack_id, note.lapsed(case, link), once=True)

    async def _remind(
        self, case: Case, index: int, reminder: Reminder, people: Mapping[str, Person], link: str | None
    ) -> None:
        for name in reminder.names:
            slack_id = _slack_id(people.get(name))
            if slack_id is not None:
                told = note.to_owner(case, reminder, link)
                await self._direct(case, f"owner:{index}:{slack_id}", slack_id, told, once=True)

    async def _ask_to_accept(
        self, case: Case, index: int, reminder: Reminder, asker: str | None, link: str | None
    ) -> None:
        """Ask whoever has yet to accept, each once; whom we cannot reach, through who asked for it."""
        accounts = defaultdict[str, list[Awaited]](list)
        for awaited in case.status.awaited:
            if awaited.since <= reminder.at:  # what began to wait later is asked about later
                accounts[awaited.account].append(awaited)
        others: list[Awaited] = []
        for account, theirs in accounts.items():
            slack_id = _slack_id(in_slack(account, case.situation.people))
            told, place = note.to_invited(case, theirs), f"accept:{index}:{slack_id}"
            if not (slack_id and await self._direct(case, place, slack_id, told, once=True)):
                others += theirs
        if others and asker:
            told = note.to_forward(case, others, link)
            await self._direct(case, f"forward:{index}", asker, told, once=True)

    async def _direct(
        self, case: Case, place: str, slack_id: str, message: Message, *, once: bool = False
    ) -> bool:
        """Show a message to one person; that Slack cannot reach them keeps nobody else waiting.

        Return whether it is there.
        """
        try:
            channel = await self._outgoing.direct(slack_id)
            await self._shown(case, place, channel, message, once=once)
        except SlackRefused as refused:
            log.warning("cannot tell", who=slack_id, why=refused.code)
            return False
        return True

    async def _shown(
        self, case: Case, place: str, channel: str, message: Message, *, once: bool = False
    ) -> None:
        """Post a message, or edit it where it is; the end is shown at once."""
        id_, moving = case.request.id, case.status.state in _MOVING
        if once:
            await self._posts.once(id_, place, channel, message)
        else:
            await self._posts.show(id_, place, channel, message, patient=moving)


def _slack_id(person: Person | None) -> str | None:
    return person.slack[0] if person and person.slack else None
