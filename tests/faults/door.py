"""The bot's door as a stranger knocks at it: plain HTTP over a socket, many requests in a row."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.faults.forgeries import Sent

PATH = "/slack/events"


@dataclass
class Door:
    """One connection to the bot."""

    port: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    path: str = PATH

    @classmethod
    @asynccontextmanager
    async def at(cls, port: int, path: str = PATH) -> "AsyncIterator[Door]":
        """Give a connection."""
        door = cls(port, *await asyncio.open_connection("127.0.0.1", port), path)
        try:
            yield door
        finally:
            door.writer.close()

    async def knock(self, requests: Sequence[Sent]) -> list[int]:
        """Send requests one behind the other and return the status of each answer."""
        self.writer.write(b"".join(written(request, self.path) for request in requests))
        return [await self._status() for _ in requests]

    async def _status(self) -> int:
        head = await self.reader.readuntil(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        lengths = [line.partition(":")[2] for line in lines if line.lower().startswith("content-length:")]
        await self.reader.readexactly(int(lengths[0]) if lengths else 0)
        return int(lines[0].split()[1])


def written(request: Sent, path: str = PATH) -> bytes:
    """Return the bytes of a request."""
    headers = [("Host", "127.0.0.1"), ("Content-Length", str(len(request.body))), *request.headers]
    head = [f"{request.method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join([*head, "", ""]).encode() + request.body
