"""The server's side of a WebSocket (RFC 6455), as far as Socket Mode needs it."""

import base64
import hashlib
import struct
import threading
from http.server import BaseHTTPRequestHandler

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


class Link:
    """One link: text out, text in; pings are answered."""

    def __init__(self, handler: BaseHTTPRequestHandler) -> None:
        self._in, self._out, self._lock = handler.rfile, handler.wfile, threading.Lock()
        key = handler.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        handler.send_response(101)
        handler.send_header("Upgrade", "websocket")
        handler.send_header("Connection", "Upgrade")
        handler.send_header(
            "Sec-WebSocket-Accept", base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
        )
        handler.end_headers()

    def send(self, text: str, kind: int = TEXT) -> None:
        """Send one frame."""
        body = text.encode()
        if len(body) < 126:
            head = struct.pack("!BB", 0x80 | kind, len(body))
        elif len(body) < 2**16:
            head = struct.pack("!BBH", 0x80 | kind, 126, len(body))
        else:
            head = struct.pack("!BBQ", 0x80 | kind, 127, len(body))
        with self._lock:
            self._out.write(head + body)
            self._out.flush()

    def receive(self) -> str | None:
        """Return the next text; None when the link is closed or cut."""
        while True:
            try:
                kind, body = self._frame()
            except (OSError, ValueError, struct.error):
                return None
            if kind == TEXT:
                return body.decode()
            if kind == CLOSE:
                return None
            if kind == PING:
                self.send(body.decode(), PONG)

    def _frame(self) -> tuple[int, bytes]:
        first, second = struct.unpack("!BB", self._in.read(2))
        size = second & 0x7F
        if size == 126:
            (size,) = struct.unpack("!H", self._in.read(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", self._in.read(8))
        mask = self._in.read(4) if second & 0x80 else bytes(4)
        body = self._in.read(size)
        return first & 0x0F, bytes(byte ^ mask[index % 4] for index, byte in enumerate(body))
