"""Socket Mode: the links an app holds open, and frames over any one of them."""

import asyncio
import json
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from .state import Json, Workspace

MOST_LINKS = 10


class NoLinkError(Exception):
    """No app is connected."""


@dataclass(eq=False)
class Link:
    """One open connection; a *muffled* one carries nothing, a *deaf* one answers no pings either.

    A *late* one carries what it has only when the app has closed its end.
    """

    socket: web.WebSocketResponse
    deaf: bool = False
    muffled: bool = False
    late: bool = False
    held: list[bytes] = field(default_factory=list)


class Links:
    """Hold the app's connections and exchange frames with it."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._open: deque[Link] = deque()
        self._waiting: defaultdict[str, list[asyncio.Future[Any]]] = defaultdict(list)

    def __len__(self) -> int:
        return len(self._open)

    @property
    def deaf(self) -> bool:
        """Return whether any link is deaf."""
        return any(link.deaf for link in self._open)

    @deaf.setter
    def deaf(self, value: bool) -> None:
        for link in self._open:
            link.deaf = value

    @property
    def muffled(self) -> bool:
        """Return whether any link is muffled."""
        return any(link.muffled for link in self._open)

    @muffled.setter
    def muffled(self, value: bool) -> None:
        for link in self._open:
            link.muffled = value

    def delay(self) -> None:
        """Make the open links late."""
        for link in self._open:
            link.late = True

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Hold one connection until it ends."""
        if self._workspace.refuse_connections:
            return web.Response(status=503)
        ticket = request.query.get("ticket", "")
        if ticket not in self._workspace.tickets:
            return web.Response(status=404)
        self._workspace.tickets.remove(ticket)
        socket = web.WebSocketResponse(autoping=False, autoclose=False, timeout=1.0)
        await socket.prepare(request)
        if len(self._open) >= MOST_LINKS:
            await socket.send_json(_farewell("too_many_websockets"))
            await socket.close()
            return socket
        link = Link(socket)
        self._open.append(link)
        self._workspace.touch()
        try:
            await socket.send_json(self._hello())
            await self._listen(link)
            for frame in link.held:
                await socket.send_str(frame.decode())
            await socket.close()
        finally:
            if link in self._open:
                self._open.remove(link)
            self._workspace.touch()
        return socket

    async def exchange(self, frame: bytes, within: float) -> Any:
        """Send *frame* over the next link and return the payload of its acknowledgement.

        Raises ``NoLinkError``, and ``TimeoutError`` when none came *within* so many seconds.
        """
        if not self._open:
            raise NoLinkError
        self._open.rotate(-1)
        link, envelope_id = self._open[0], json.loads(frame)["envelope_id"]
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id].append(answer)
        try:
            async with asyncio.timeout(within):
                if link.late:
                    link.held.append(frame)
                elif not (link.deaf or link.muffled):
                    await link.socket.send_str(frame.decode())
                return await answer
        except ConnectionError:
            raise NoLinkError from None
        finally:
            self._waiting[envelope_id].remove(answer)
            if not self._waiting[envelope_id]:
                del self._waiting[envelope_id]

    async def disconnect(self, reason: str) -> None:
        """Tell each link that it will end: ``warning`` only tells, any other *reason* also ends it."""
        for link in list(self._open):
            if not link.deaf:
                await link.socket.send_json(_farewell(reason))
            if reason != "warning":
                await link.socket.close()

    async def drop(self) -> None:
        """Close all links without a word."""
        for link in list(self._open):
            await link.socket.close()

    def vanish(self) -> None:
        """Lose all links without a word: their other ends look open, and nobody is there."""
        self.deaf = True
        self._open.clear()
        self._workspace.touch()

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._open),
            "debug_info": {"host": "applink-1", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self._workspace.app_id},
        }

    async def _listen(self, link: Link) -> None:
        async for message in link.socket:
            if link.deaf:
                continue
            if message.type == WSMsgType.PING:
                await link.socket.pong(message.data)
            elif message.type == WSMsgType.TEXT:
                self._acknowledge(message.data)

    def _acknowledge(self, text: str) -> None:
        try:
            frame = json.loads(text)
        except ValueError:
            return
        waiting = self._waiting.get(str(frame.get("envelope_id")), ()) if isinstance(frame, dict) else ()
        for answer in waiting:
            if not answer.done():
                answer.set_result(frame.get("payload"))
                return


def _farewell(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}}
