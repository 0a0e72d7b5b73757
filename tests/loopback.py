"""No connection leaves this machine: an audit hook refuses look-ups of and connections to other hosts."""

import ipaddress
from collections.abc import Callable
from typing import Any


def _name(args: tuple[Any, ...]) -> object:
    return args[0]


def _address(args: tuple[Any, ...]) -> object:
    address = args[1]
    return address[0] if isinstance(address, tuple) else None  # a path: a Unix socket


HOST_OF: dict[str, Callable[[tuple[Any, ...]], object]] = {
    "socket.getaddrinfo": _name,
    "socket.gethostbyname": _name,
    "socket.connect": _address,
    "socket.sendto": _address,
    "socket.sendmsg": _address,
}


def is_local(host: object) -> bool:
    """Say whether *host*, as sockets name it, is this machine."""
    name = host.decode() if isinstance(host, bytes) else host
    if not isinstance(name, str) or name == "" or name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


class Guard:
    """Refuse what leaves loopback and remember it, so that no `except OSError` hides it from the test."""

    def __init__(self) -> None:
        self._refused: list[str] = []

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        """Be the audit hook."""
        host_of = HOST_OF.get(event)
        if host_of is not None and not is_local(host := host_of(args)):
            self._refused.append(f"{event} {host}")
            raise ConnectionRefusedError(f"tests stay on this machine: {event} to {host} refused")

    def take(self) -> list[str]:
        """Return what was refused since the last call."""
        refused, self._refused = self._refused, []
        return refused


GUARD = Guard()
