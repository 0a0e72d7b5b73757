"""A plain HTTP server in threads, made of the standard library; it can go away and come back."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

T = TypeVar("T")


def until(look: Callable[[], T | None], seconds: float = 40.0, what: Callable[[], object] | str = "") -> T:
    """Return what *look* finds as soon as that is something; fail after some *seconds*."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, f"waited {seconds} s in vain: {what() if callable(what) else what}"
        time.sleep(0.05)
    return found


@dataclass(frozen=True)
class Call:
    """One request as it came in."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""

    def content(self) -> dict[str, Any]:
        """Return the fields of a JSON or a form body."""
        if self.headers.get("content-type", "").startswith("application/json"):
            found: dict[str, Any] = json.loads(self.body or b"{}")
            return found
        return dict(parse_qsl(self.body.decode()))


@dataclass(frozen=True)
class Answer:
    """One answer; *content* is sent as JSON, bytes as they are, None as an empty body."""

    status: int = 200
    content: object = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def raw(self) -> bytes:
        """Return the body."""
        if self.content is None or isinstance(self.content, bytes):
            return self.content or b""
        return json.dumps(self.content).encode()


class Place:
    """One address on loopback. Once opened it keeps its port, also while it is away."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.broken: list[str] = []
        self._port = 0
        self._server: _Server | None = None

    @property
    def url(self) -> str:
        """Return the address, without a path."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def port(self) -> int:
        """Return the port."""
        assert self._port
        return self._port

    def open(self) -> None:
        """Answer calls."""
        self._server = _Server(self, self._port)
        self._port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Go away: whoever is connected is cut off, who connects is refused."""
        if self._server is not None:
            self._server.shutdown()
            self._server.cut()
            self._server.server_close()
            self._server = None

    def answer(self, call: Call) -> Answer:
        """Answer one call."""
        raise NotImplementedError

    def linked(self, handler: BaseHTTPRequestHandler) -> None:
        """Speak another protocol over a connection that asked for it."""
        raise NotImplementedError


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = True
    request_queue_size = 64

    def __init__(self, place: Place, port: int) -> None:
        self.place = place
        self._open: set[Any] = set()
        super().__init__(("127.0.0.1", port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def cut(self) -> None:
        for request in list(self._open):
            self.shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        import traceback

        said = traceback.format_exc()
        if "ConnectionResetError" not in said and "BrokenPipeError" not in said and "Bad file" not in said:
            self.place.broken.append(said)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def _take(self) -> None:
        place, parts = self.server.place, urlsplit(self.path)
        if self.headers.get("upgrade", "").lower() == "websocket":
            self.close_connection = True
            place.linked(self)
            return
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        call = Call(self.command, parts.path, dict(parse_qsl(parts.query)), headers, body)
        place.calls.append(call)
        answer = place.answer(call)
        raw = answer.raw()
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if "Content-Type" not in answer.headers and raw:
            self.send_header("Content-Type", "application/json; charset=utf-8")
        if answer.status != 204:
            self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _take  # noqa: N815 - the library's names

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Log nothing."""
