"""``docs/vendors.md``: what the bot does with each vendor, as its code, stand-in and tests say.

``python -m tests.vendors`` writes it; a test fails when it is out of date.
"""

import asyncio
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.core.vendor import Vendor
from bot.http import Network, network
from bot.sandbox.world import World
from config.costs import shipped
from integrations import OURS, VENDORS
from tests.integrations.test_bad_answers import BAD, faults

PAGE = Path(__file__).parents[1] / "docs" / "vendors.md"
LOOKS = ("check", "account", "live")  # of a client
READS = ("health", "costs", "pointing", "claims", "site")  # of its reads
COLUMNS = (
    "vendor",
    "reads",
    "changes",
    "costs",
    "health",
    "webhooks",
    "faults tested",
    "stand-in routes used",
)
BEGINS = f"""# Vendors

What the bot does with each vendor. `python -m tests.vendors` computes it from the code; a test fails when it
is out of date.

- *reads* are the questions that commands can ask, *changes* what an approved request can change.
- *costs* is whether the vendor itself says what it costs; for the others there are our own figures. *health*
  is whether it is on the status board, *webhooks* whether its deliveries are taken.
- *faults tested* are the bad answers that `tests/integrations/test_bad_answers.py` proves to be told clearly:
  {", ".join(BAD)}.
  Who asks for no token can refuse none.
- *stand-in routes used* are those, of all that the sandbox's stand-in has, that the bot asks for when it
  looks by itself: check, health, costs, names, what is live. Single commands and changes ask for the others.
"""


async def page() -> str:
    """Return the page, once each vendor was looked at in the sandbox."""
    async with World.start() as world, network(world.clock) as net:
        rows = [await _row(vendor, world, net) for vendor in VENDORS]
    head = [" | ".join(COLUMNS), " | ".join("---" for _ in COLUMNS)]
    return BEGINS + "\n" + "".join(f"| {row} |\n" for row in [*head, *(" | ".join(row) for row in rows)])


async def _row(vendor: Vendor[Any, Any, Any], world: World, net: Network) -> tuple[str, ...]:
    client = vendor.connect(world.settings().integrations[vendor.name], net)
    reads = vendor.reads(client)
    await _look(vendor, client, reads)
    return (
        vendor.title,
        str(len(list(_questions(reads)))),
        ", ".join(f"`{each}`" for each in _changes(vendor.name)) or "none",
        _yes(vendor.costs),
        _yes(vendor.health or vendor.name in shipped().titles),
        _yes(vendor.webhooks),
        f"{len(faults(vendor.name))} of {len(BAD)}",
        _routes(vendor.name, world),
    )


async def _look(vendor: Vendor[Any, Any, Any], client: Any, reads: Any) -> None:
    """Ask a vendor all that is asked without a command."""
    for given, offers in ((client, LOOKS), (reads, READS)):
        for name in offers:
            if ask := getattr(vendor, name):
                await ask(given)
    for ask in vendor.names.values():
        await ask(reads)


def _questions(reads: Any) -> Iterator[str]:
    """Yield the names of what can be asked for."""
    for name, _ in inspect.getmembers(type(reads), inspect.iscoroutinefunction):
        if not name.startswith("_"):
            yield name


def _changes(vendor: str) -> Iterator[str]:
    """Yield the kinds of things that can change, at a vendor or in our own record of it."""
    for each in (*VENDORS, *OURS):
        if each.name == vendor:
            yield from (resource.name.partition(".")[2] for resource in each.resources)


def _routes(vendor: str, world: World) -> str:
    offered = {each.canonical for each in world.standins[vendor].app.router.resources()}
    used = {call.resource for call in world.faults[vendor].calls} & offered
    return f"{len(used)} of {len(offered)}"


def _yes(offer: object) -> str:
    return "yes" if offer else "–"


if __name__ == "__main__":
    PAGE.write_text(asyncio.run(page()), encoding="utf-8")
