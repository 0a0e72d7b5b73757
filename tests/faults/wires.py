"""The network of one process, as wires on loopback that can be cut, go silent, and be listened to."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

HOST = "127.0.0.1"


class Wire:
    """A wire to servers on this machine: each connection goes to the next of them that answers."""

    def __init__(self, *ports: int) -> None:
        self.port = 0
        self._ports = list(ports)
        self._ears: list[tuple[bytes, Callable[[], None]]] = []
        self._whole = True
        self._passing = asyncio.Event()
        self._passing.set()
        self._open: set[asyncio.StreamWriter] = set()
        self._used: set[asyncio.Task[None]] = set()

    @classmethod
    @asynccontextmanager
    async def to(cls, *ports: int) -> "AsyncIterator[Wire]":
        """Give a wire that is whole."""
        wire = cls(*ports)
        server = await asyncio.start_server(wire._use, HOST, 0)
        wire.port = server.sockets[0].getsockname()[1]
        try:
            yield wire
        finally:
            server.close()
            wire.cut()
            await asyncio.gather(*wire._used)

    def cut(self) -> None:
        """Break every connection, and each new one as soon as it is made."""
        self._whole = False
        for writer in self._open:
            writer.transport.abort()
        self._passing.set()

    def hush(self) -> None:
        """Hold back whatever is said on the wire, at either end."""
        self._passing.clear()

    def mend(self) -> None:
        """Let everything pass again, what was held back first."""
        self._whole = True
        self._passing.set()

    def overhear(self, words: bytes, tell: Callable[[], None]) -> None:
        """Have *tell* called once, when the process says *words*, before they pass."""
        self._ears.append((words, tell))

    def deafen(self) -> None:
        """Overhear nothing any more."""
        self._ears.clear()

    def _use(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._connected(reader, writer))
        self._used.add(task)
        task.add_done_callback(self._used.discard)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await self._there() if self._whole else None
        ends = {writer, there[1]} if there else {writer}
        if there is None or not self._whole:
            for end in ends:
                end.transport.abort()
            return
        self._open |= ends
        try:
            await asyncio.gather(self._pass(reader, there[1], heard=True), self._pass(there[0], writer))
        finally:
            self._open -= ends

    async def _there(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        for _ in self._ports:
            self._ports.append(self._ports.pop(0))
            with suppress(OSError):
                return await asyncio.open_connection(HOST, self._ports[-1])
        return None

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, heard: bool = False
    ) -> None:
        with suppress(OSError):
            while said := await reader.read(65536):
                if heard:
                    self._hear(said)
                await self._passing.wait()
                writer.write(said)
                await writer.drain()
        writer.close()

    def _hear(self, said: bytes) -> None:
        for ear in [ear for ear in self._ears if ear[0] in said]:
            self._ears.remove(ear)
            ear[1]()
