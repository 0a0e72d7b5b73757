"""From the owner's click to the change at the vendor."""

import time
from functools import partial
from typing import Any

from bot.sandbox.world import World
from tests.bench.table import Row

CALL_SECONDS = 0.1
PERSON = "organiser-25"  # in the organisation, not in the team that may push
REPOSITORIES = ("2023.pyconuk.org", "2024.pyconuk.org", "2025.pyconuk.org", "ironcage", "voting")


def waited(spans: list[tuple[float, float]]) -> float:
    """Return the seconds in which at least one vendor call was under way: the calls on the critical path."""
    total, until = 0.0, float("-inf")
    for began, ended in sorted(spans):
        total += max(0.0, ended - max(began, until))
        until = max(until, ended)
    return total


async def click_to_applied(world: World) -> Row:
    """Measure grant-push from click to change, calls taking 100 ms, against the calls it waits for."""
    slack: Any = world.slack  # loaded by name: no type comes with it
    slack.rate_limits = False
    approvals = next(c.id for c in slack.channels.values() if c.name == "infra-approvals")
    took, calls = [], []
    for number, repository in enumerate(REPOSITORIES):
        asker, owner = slack.as_(world.person("organiser-2")), slack.as_(world.person("cory"))
        await asker.say(approvals, f"/infra grant-push {PERSON} {repository} --direct")
        card = await slack.until(partial(_card, world, approvals, "approve", number), within=20)
        faults = world.faults["github"]
        faults.switch("slow", seconds=CALL_SECONDS)
        faults.forget()
        target = f"/repos/PyconUK/{repository}/collaborators/{PERSON}"
        began = time.monotonic()
        await owner.press(approvals, card, "approve")
        await slack.until(partial(_card, world, approvals, "undo", number), within=30)
        written = next(c for c in faults.calls if c.method == "PUT" and c.path == target)
        ended = written.finished or began
        spans = [(c.started, c.finished or c.started) for c in faults.calls if c.started < ended]
        took.append(ended - began)
        calls.append(waited(spans))
        faults.clear()
    ours, base = sum(took) / len(took), sum(calls) / len(calls)
    return Row(
        "grant-push, click to applied, calls of 100 ms", ours, base, "ms", ours <= 1.3 * base, "≤ 1.3 ×"
    )


def _card(world: World, channel: str, action: str, number: int) -> str | None:
    """Return the newest card, once it is one of more than *number* and offers *action*."""
    cards = [
        message
        for message in world.slack.messages(channel, world.person("cory"))
        if message.bot_id and not message.ephemeral_to and not message.thread_ts
    ]
    if len(cards) <= number:
        return None
    offered = [
        e["action_id"] for b in cards[-1].blocks or () if b["type"] == "actions" for e in b["elements"]
    ]
    return cards[-1].ts if action in offered else None
