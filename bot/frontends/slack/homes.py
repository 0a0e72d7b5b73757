"""Homes, drawn when somebody opens theirs, and anew when what they show has changed."""

import asyncio
from collections.abc import Collection, Mapping

import structlog

from bot.core.approval import Situation
from bot.core.change import Request
from bot.core.errors import NotAllowed
from bot.core.status import State
from bot.frontends.slack.home import JOIN, Facts, Home, closed, home
from bot.frontends.slack.outgoing import Outgoing, SlackRefused
from bot.frontends.slack.people import People, Unknown
from bot.frontends.slack.wording import Case
from bot.store import Store, grants, messages, requests
from bot.store.messages import Message as Sent
from bot.workflow.service import Service
from bot.workflow.wiring import status_of

PLACE = "home"
MOST_OPEN = 40
LOOKS = 3  # two processes that see it differently do not go on for ever
_OPEN = tuple(state for state in State if state.open)

log = structlog.get_logger()


class Homes:
    """Draws homes of those who opened them; what each shows is kept, so that nothing is drawn in vain."""

    def __init__(
        self,
        store: Store,
        service: Service,
        outgoing: Outgoing,
        people: People,
        titles: Mapping[str, str],
    ) -> None:
        self._store = store
        self._service = service
        self._outgoing = outgoing
        self._people = people
        self._titles = titles
        self._drawing = asyncio.Lock()

    async def opened(self, slack_id: str) -> None:
        """Draw the home of somebody who opened it, whatever it shows."""
        await self._keep(slack_id, "")
        await self.redraw(slack_id)

    async def redraw(self, *slack_ids: str) -> None:
        """Draw each home, of *slack_ids* or else of all our people, that shows what is so no longer.

        It looks again after drawing: another process may have drawn what it read before.
        """
        async with self._drawing:
            for _ in range(LOOKS):
                stale = await self._stale(slack_ids)
                for slack_id, wanted in stale.items():
                    await self._draw(slack_id, wanted)
                if not stale:
                    break

    async def _stale(self, slack_ids: Collection[str]) -> dict[str, Home]:
        situation = await self._service.situation()
        ids = slack_ids or [slack_id for person in situation.people for slack_id in person.slack]
        async with self._store.read() as tx:
            drawn = await messages.at(tx, PLACE, ids)
        if not drawn:
            return {}
        facts = await self._facts(situation, drawn)
        wanted = {slack_id: home(slack_id, facts) for slack_id in drawn}
        return {who: view for who, view in wanted.items() if view.fingerprint != drawn[who].fingerprint}

    async def _facts(self, situation: Situation, slack_ids: Collection[str]) -> Facts:
        async with self._store.read() as tx:
            newest = [request for request, _ in await requests.newest(tx, _OPEN, MOST_OPEN) if request.needs]
            running = [(await requests.get(tx, grant.request), grant) for grant in await grants.running(tx)]
            status = {
                request.id: await status_of(tx, request.id)
                for request in (*newest, *(request for request, _ in running if request))
            }
            cards = await messages.at(tx, "card", [request.id for request in newest])
            asked = await messages.at(tx, JOIN, slack_ids)

        def case(request: Request) -> Case:
            return Case(request, status[request.id], situation, self._titles)

        return Facts(
            situation=situation,
            cases=[case(request) for request in newest],
            links={id_: link for id_, sent in cards.items() if (link := await self._link(sent))},
            grants=[(case(request), grant.ends_at) for request, grant in running if request],
            asked=frozenset(slack_id for slack_id, sent in asked.items() if sent.ts),
            board=await self._service.board.kept(),
        )

    async def _link(self, sent: Sent) -> str | None:
        return await self._outgoing.link(sent.channel, sent.ts) if sent.ts else None

    async def _draw(self, slack_id: str, wanted: Home) -> None:
        """Draw one home; who may no longer speak to the bot is told so there, and sees nothing else."""
        shown = wanted
        try:
            await self._people.trusted(slack_id, "")
        except Unknown:  # what is wanted says who we are
            pass
        except NotAllowed as refused:
            shown = closed(refused)
        try:
            await self._outgoing.show_home(slack_id, shown.view)
        except SlackRefused as refused:  # so it will be next time; when they open it, it is tried again
            log.warning("home not drawn", who=slack_id, why=refused.code)
        await self._keep(slack_id, wanted.fingerprint)

    async def _keep(self, slack_id: str, fingerprint: str) -> None:
        async with self._store.write() as tx:
            await messages.put(tx, slack_id, PLACE, Sent(channel="", ts="", fingerprint=fingerprint))
