"""Builds the state from plain data."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from .edge import World
from .zone import NAMESERVERS, Zone

KEYS = {
    "account",
    "plan",
    "token",
    "zone",
    "records",
    "charges",
    "others",
    "nameservers",
    "elsewhere",
    "sites",
}
SOA = "ns1.dnsimple.com admin.dnsimple.com 1458642070 86400 7200 604800 300"


def build(seed: Mapping[str, Any], clock: Callable[[], datetime]) -> World:
    """Return the state that *seed* describes; ``ValueError`` for what it cannot hold."""
    if unknown := seed.keys() - KEYS:
        raise ValueError(f"the DNSimple seed has unknown keys: {', '.join(sorted(unknown))}")
    zone = Zone(seed["zone"], clock)
    zone.add({"name": "", "type": "SOA", "content": SOA}, system=True)
    for server in NAMESERVERS:
        zone.add({"name": "", "type": "NS", "content": server}, system=True)
    for given in seed.get("records") or ():
        zone.add(given)
    return World(
        account=int(seed["account"]),
        plan=seed.get("plan", "solo-v1-monthly"),
        token=seed["token"],
        zone=zone,
        clock=clock,
        charges=list(seed.get("charges") or ()),
        others=list(seed.get("others") or ()),
    )
