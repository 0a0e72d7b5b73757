"""The interactive elements of messages and views: finding them, and what a choice in one looks like."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from . import limits
from .state import Json

REQUIRED = "Please complete this required field."

# The key of an element's state, and its keys for what it starts with. Several types share a row.
_OPTION = ("selected_option", "initial_option")
_TEXT = ("value", "initial_value")
_STATE: dict[str, tuple[str, str]] = {
    "static_select": _OPTION,
    "external_select": _OPTION,
    "radio_buttons": _OPTION,
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "plain_text_input": _TEXT,
    "email_text_input": _TEXT,
    "url_text_input": _TEXT,
    "number_input": _TEXT,
    "rich_text_input": ("rich_text_value", "initial_value"),
    "file_input": ("files", "initial_files"),
}
_MANY = ("selected_options", "selected_users", "selected_conversations", "selected_channels", "files")


class NoSuchElement(LookupError):  # noqa: N818 - reads as what a person would say
    """There is no such button, menu, field or option to act on."""


class Place(NamedTuple):
    """An interactive element and the block it is in."""

    block: Json
    element: Json


def places(blocks: Iterable[Json]) -> Iterator[Place]:
    """Yield each interactive element."""
    for block in blocks:
        for element in limits.elements(block):
            if element["type"] != "image":
                yield Place(block, element)


def place(
    blocks: Iterable[Json], action_id: str, block_id: str | None = None, value: str | None = None
) -> Place:
    """Return the element with *action_id*, where given in *block_id* and (buttons) with *value*."""
    there = list(places(blocks))
    for found in there:
        if found.element["action_id"] != action_id or block_id not in {None, found.block["block_id"]}:
            continue
        if value is None or found.element.get("value") == value:
            return found
    known = ", ".join(f"{p.element['action_id']}={p.element.get('value', '')}" for p in there) or "nothing"
    raise NoSuchElement(f"no {action_id!r} (value {value!r}, block {block_id!r}) here, only: {known}")


def initial(blocks: Iterable[Json], kept: Json | None = None) -> Json:
    """Return ``state.values`` as it starts; fields that were there before keep what *kept* says."""
    values: Json = {}
    for block, element in places(blocks):
        if element["type"] not in _STATE:
            continue
        before = (kept or {}).get(block["block_id"], {}).get(element["action_id"])
        if before is None or before["type"] != element["type"]:
            key, start = _STATE[element["type"]]
            before = {"type": element["type"], key: element.get(start, [] if key in _MANY else None)}
        values.setdefault(block["block_id"], {})[element["action_id"]] = before
    return values


def chosen(element: Json, choice: Any, offered: Iterable[Json] = ()) -> Json:
    """Return the state of *element* after a person made *choice*: a value, or a list where several may be.

    External menus take only what was *offered*.
    """
    kind = element["type"]
    if kind == "overflow":
        return {"type": kind, "selected_option": _option(element, choice, offered)}
    if kind not in _STATE:
        raise NoSuchElement(f"a {kind} takes no choice")
    key = _STATE[kind][0]
    if key == "selected_options":
        return {"type": kind, key: [_option(element, each, offered) for each in choice]}
    if key == "selected_option":
        return {"type": kind, key: None if choice is None else _option(element, choice, offered)}
    if isinstance(choice, datetime):
        return {"type": kind, key: int(choice.timestamp())}
    return {"type": kind, key: choice}


def complaint(block: Json, state: Json) -> str | None:
    """Return what Slack says under a field it does not let through, before asking the app."""
    element = block["element"]
    value = state.get(_STATE[element["type"]][0])
    if value in (None, "", []):
        return None if block.get("optional") else REQUIRED
    if element["type"] == "plain_text_input":
        least, most = element.get("min_length", 0), element.get("max_length", 3000)
        if not least <= len(value) <= most:
            return f"Please enter {least} to {most} characters."
    return None


def acted(found: Place, state: Json, stamp: str) -> Json:
    """Return the entry of ``actions`` for an element, with its *state* where it has one."""
    block, element = found
    kept = ("action_id", "type", "text", "value", "style", "placeholder")
    entry = {key: element[key] for key in kept if key in element}
    return {**entry, "block_id": block["block_id"], **state, "action_ts": stamp}


def options(source: Json) -> list[Json]:
    """Return the options of a menu or an answer, groups flattened."""
    groups: list[Json] = source.get("option_groups") or []
    return [*(source.get("options") or []), *(option for group in groups for option in group["options"])]


def _option(element: Json, value: str, offered: Iterable[Json]) -> Json:
    for option in [*options(element), *offered]:
        if option["value"] == value:
            return option
    raise NoSuchElement(f"{element['action_id']!r} does not offer {value!r}")
