"""Slack's interactive elements as a browser's form has them: what they offer, and what was chosen."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.standins import Slack

Json = Mapping[str, Any]

SEVERAL = {
    "checkboxes",
    "multi_static_select",
    "multi_external_select",
    "multi_users_select",
    "multi_conversations_select",
    "multi_channels_select",
}
TEXTS = {"plain_text_input", "email_text_input", "url_text_input", "number_input"}


def choice(kind: str, said: Sequence[str], zone: ZoneInfo) -> Any:
    """Return what somebody chose or typed in an element of *kind*, as a person's hand takes it."""
    if kind in SEVERAL:
        return [each for each in said if each]
    value = said[-1] if said else ""
    if kind == "datetimepicker" and value:
        return datetime.fromisoformat(value).replace(tzinfo=zone)
    return value if value or kind in TEXTS else None


def fields(blocks: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield block id and kind of each field of a form."""
    for block in blocks:
        if block["type"] == "input":
            yield block["block_id"], block["element"]["type"]


def pressed(element: Json, block: Json) -> str:
    """Return what a button of the page sends."""
    said = {"action_id": element["action_id"], "block_id": block["block_id"]}
    return json.dumps(said | ({"value": element["value"]} if "value" in element else {}))


def choices(slack: Slack, element: Json) -> list[tuple[str, str]]:
    """Return what a menu offers: values and words."""
    kind = element["type"]
    if "user" in kind:
        return [(user.id, user.name) for user in slack.users.values()]
    if "channel" in kind or "conversation" in kind:
        return [(channel.id, channel.name) for channel in slack.channels.values() if not channel.person]
    groups = element.get("option_groups", ())
    every = [*element.get("options", ()), *(option for group in groups for option in group["options"])]
    return [(option["value"], option["text"]["text"]) for option in every]


def current(inputs: Json, block: Json, element: Json) -> list[tuple[str, str]]:
    """Return what is chosen or typed in an element now: values and words."""
    state = inputs.get(block["block_id"], {}).get(element["action_id"], {})
    chosen = next((value for key, value in state.items() if key != "type"), None)
    every = chosen if isinstance(chosen, list) else [] if chosen is None else [chosen]
    return [
        (each["value"], each["text"]["text"]) if isinstance(each, dict) else (str(each), str(each))
        for each in every
    ]
