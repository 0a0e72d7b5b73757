"""Free ports of loopback for servers that need to know theirs before they start."""

import random
import socket
from contextlib import suppress

BELOW_WHAT_SYSTEMS_HAND_OUT = range(10_000, 32_000)


def free_port() -> int:
    """Return a port that nobody listens on, nor is given by chance before it is used.

    What the system hands out (as port 0) may become the port of anybody's connection as soon as it is closed.
    """
    while True:
        port = random.choice(BELOW_WHAT_SYSTEMS_HAND_OUT)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
