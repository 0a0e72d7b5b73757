"""Block Kit's rules: what Slack refuses in blocks, options and views, and in which words."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal

Surface = Literal["message", "modal", "home"]
Problems = list[str]
Check = Callable[[Any, str, Problems], None]

VIEW_BYTES = 250 * 1024
BLOCKS_PER = {"message": 50, "modal": 100, "home": 100}
MARKDOWN_CHARACTERS = 12_000


def block_problems(blocks: Any, surface: Surface, at: str = "/blocks") -> Problems:
    """Return what is wrong with *blocks* on a *surface*, in Slack's words; empty when fine."""
    problems: Problems = []
    _items(_MESSAGE_BLOCK if surface == "message" else _VIEW_BLOCK, BLOCKS_PER[surface], 0)(
        blocks, at, problems
    )
    if not problems:
        _check_together(blocks, at, problems)
    return problems


def view_problems(view: Any, at: str = "/view") -> Problems:
    """Return what is wrong with a modal or home *view*."""
    problems: Problems = []
    _VIEW(view, at, problems)
    if not problems:
        problems += block_problems(view["blocks"], view["type"], f"{at}/blocks")
    if not problems and view["type"] == "modal" and "submit" not in view and _has_input(view["blocks"]):
        _say(problems, "missing required field: submit", at)
    return problems


def option_problems(answer: Any) -> Problems:
    """Return what is wrong with the answer to a ``block_suggestion``."""
    problems: Problems = []
    _SUGGESTIONS(answer, "", problems)
    return problems


def size(view: Mapping[str, Any]) -> int:
    """Return the bytes of *view* as JSON."""
    return len(json.dumps(view, ensure_ascii=False).encode())


def elements(block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the interactive elements of one block."""
    if block["type"] == "actions":
        yield from block["elements"]
    elif block["type"] == "section" and "accessory" in block:
        yield block["accessory"]
    elif block["type"] == "input":
        yield block["element"]


def _say(problems: Problems, words: str, at: str) -> None:
    problems.append(f"[ERROR] {words} [json-pointer:{at or '/'}]")


def _check_together(blocks: Sequence[dict[str, Any]], at: str, problems: Problems) -> None:
    _check_unique((block.get("block_id") for block in blocks), "block_id", at, problems)
    for index, block in enumerate(blocks):
        ids = (element.get("action_id") for element in elements(block))
        _check_unique(ids, "action_id", f"{at}/{index}", problems)
        if block["type"] == "section" and not ("text" in block or "fields" in block):
            _say(problems, "missing required field: text", f"{at}/{index}")
    if sum(len(block["text"]) for block in blocks if block["type"] == "markdown") > MARKDOWN_CHARACTERS:
        _say(problems, f"must be less than {MARKDOWN_CHARACTERS + 1} characters in all markdown blocks", at)
    if sum(block["type"] == "table" for block in blocks) > 1:
        _say(problems, "only one table allowed", at)


def _check_unique(ids: Iterator[str | None], name: str, at: str, problems: Problems) -> None:
    seen: set[str] = set()
    for value in ids:
        if value in seen:
            _say(problems, f"{name} '{value}' already exists", at)
        elif value:
            seen.add(value)


def _has_input(blocks: Sequence[Mapping[str, Any]]) -> bool:
    return any(block["type"] == "input" for block in blocks)


# The checks below build on each other: a check looks at one value and adds what is wrong with it.


def _anything(value: Any, at: str, problems: Problems) -> None:
    """Accept: Slack looks into this, the stand-in does not."""


def _boolean(value: Any, at: str, problems: Problems) -> None:
    if not isinstance(value, bool):
        _say(problems, "must be a boolean", at)


def _string(most: int, least: int = 1) -> Check:
    def check(value: Any, at: str, problems: Problems) -> None:
        if not isinstance(value, str):
            _say(problems, "must be a string", at)
        elif len(value) > most:
            _say(problems, f"must be less than {most + 1} characters", at)
        elif len(value) < least:
            _say(problems, f"must be more than {least - 1} characters", at)

    return check


def _number(least: int, most: int) -> Check:
    def check(value: Any, at: str, problems: Problems) -> None:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            _say(problems, f"must be a number from {least} to {most}", at)

    return check


def _one_of(*values: str) -> Check:
    def check(value: Any, at: str, problems: Problems) -> None:
        if value not in values:
            _say(problems, f"must be one of: {', '.join(values)}", at)

    return check


def _items(item: Check, most: int, least: int = 1) -> Check:
    def check(value: Any, at: str, problems: Problems) -> None:
        if not isinstance(value, list):
            _say(problems, "must be an array", at)
        elif len(value) > most:
            _say(problems, f"no more than {most} items allowed", at)
        elif len(value) < least:
            _say(problems, f"no fewer than {least} items allowed", at)
        else:
            for index, each in enumerate(value):
                item(each, f"{at}/{index}", problems)

    return check


def _shape(fields: Mapping[str, Check], required: Sequence[str] = ()) -> Check:
    def check(value: Any, at: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            _say(problems, "must be an object", at)
            return
        for key in required:
            if key not in value:
                _say(problems, f"missing required field: {key}", at)
        for key, each in value.items():
            if key not in fields:
                _say(problems, f"invalid additional property: {key}", at)
            elif each is not None:
                fields[key](each, f"{at}/{key}", problems)

    return check


def _typed(shapes: Mapping[str, Check]) -> Check:
    def check(value: Any, at: str, problems: Problems) -> None:
        if not isinstance(value, dict) or "type" not in value:
            _say(problems, "missing required field: type", at)
        elif value["type"] not in shapes:
            _say(problems, f"unsupported type: {value['type']}", f"{at}/type")
        else:
            shapes[value["type"]](value, at, problems)

    return check


def _one_choice(check: Check) -> Check:
    """Ask for exactly one of options and option_groups."""

    def both(value: Any, at: str, problems: Problems) -> None:
        check(value, at, problems)
        if isinstance(value, dict) and ("options" in value) == ("option_groups" in value):
            _say(problems, "must provide either options or option_groups", at)

    return both


def _plain(most: int, least: int = 1) -> Check:
    fields = {"type": _anything, "text": _string(most, least), "emoji": _boolean}
    return _typed({"plain_text": _shape(fields, ("text",))})


def _text(most: int) -> Check:
    fields = {"type": _anything, "text": _string(most), "verbatim": _boolean}
    plain = {"type": _anything, "text": _string(most), "emoji": _boolean}
    return _typed({"mrkdwn": _shape(fields, ("text",)), "plain_text": _shape(plain, ("text",))})


_ID = _string(255)
_CONFIRM = _shape(
    {
        "title": _plain(100),
        "text": _text(300),
        "confirm": _plain(30),
        "deny": _plain(30),
        "style": _one_of("primary", "danger"),
    },
    ("title", "text"),
)


def _option(text: Check) -> Check:
    fields = {"text": text, "value": _string(150), "description": _text(75), "url": _string(3000)}
    return _shape(fields, ("text", "value"))


_OPTION = _option(_plain(75))
_RICH_OPTION = _option(_text(75))
_OPTIONS = _items(_OPTION, 100)
_OPTION_GROUPS = _items(_shape({"label": _plain(75), "options": _OPTIONS}, ("label", "options")), 100)
_SUGGESTED_GROUP = _shape({"label": _plain(75), "options": _items(_OPTION, 100, 0)}, ("label", "options"))
_SUGGESTIONS = _one_choice(
    _shape({"options": _items(_OPTION, 100, 0), "option_groups": _items(_SUGGESTED_GROUP, 100, 0)})
)


def _element(required: Sequence[str] = (), /, **fields: Check) -> Check:
    return _shape({"type": _anything, "action_id": _ID, "confirm": _CONFIRM, **fields}, required)


def _input(required: Sequence[str] = (), /, **fields: Check) -> Check:
    return _element(required, placeholder=_plain(150), focus_on_load=_boolean, **fields)


def _typing(**fields: Check) -> Check:
    return _input(dispatch_action_config=_anything, **fields)


_BUTTON = _element(
    ("text",),
    text=_plain(75),
    value=_string(2000, 0),
    url=_string(3000),
    style=_one_of("primary", "danger"),
    accessibility_label=_string(75),
)
_OVERFLOW = _element(("options",), options=_items(_OPTION, 5))
_MANY = {"max_selected_items": _number(1, 100)}
_STATIC = {"options": _OPTIONS, "option_groups": _OPTION_GROUPS}
_CONVERSATIONS = {"default_to_current_conversation": _boolean, "filter": _anything}
_MENUS: dict[str, Check] = {
    "static_select": _one_choice(_input(initial_option=_OPTION, **_STATIC)),
    "external_select": _input(initial_option=_OPTION, min_query_length=_number(0, 100)),
    "users_select": _input(initial_user=_string(255)),
    "conversations_select": _input(
        initial_conversation=_string(255), response_url_enabled=_boolean, **_CONVERSATIONS
    ),
    "channels_select": _input(initial_channel=_string(255), response_url_enabled=_boolean),
    "multi_static_select": _one_choice(_input(initial_options=_OPTIONS, **_STATIC, **_MANY)),
    "multi_external_select": _input(initial_options=_OPTIONS, min_query_length=_number(0, 100), **_MANY),
    "multi_users_select": _input(initial_users=_items(_string(255), 100, 0), **_MANY),
    "multi_conversations_select": _input(
        initial_conversations=_items(_string(255), 100, 0), **_CONVERSATIONS, **_MANY
    ),
    "multi_channels_select": _input(initial_channels=_items(_string(255), 100, 0), **_MANY),
}
_PICKERS: dict[str, Check] = {
    "datepicker": _input(initial_date=_string(10)),
    "timepicker": _input(initial_time=_string(5), timezone=_string(255)),
    "radio_buttons": _input(("options",), options=_items(_RICH_OPTION, 10), initial_option=_RICH_OPTION),
    "checkboxes": _input(
        ("options",), options=_items(_RICH_OPTION, 10), initial_options=_items(_RICH_OPTION, 10)
    ),
}
_CHOICES = {**_MENUS, **_PICKERS, "datetimepicker": _input(initial_date_time=_anything)}
_TYPED_INPUTS: dict[str, Check] = {
    "plain_text_input": _typing(
        initial_value=_string(3000, 0),
        multiline=_boolean,
        min_length=_number(0, 3000),
        max_length=_number(1, 3000),
    ),
    "email_text_input": _typing(initial_value=_string(3000)),
    "url_text_input": _typing(initial_value=_string(3000)),
    "number_input": _typing(
        is_decimal_allowed=_boolean,
        initial_value=_string(255),
        min_value=_string(255),
        max_value=_string(255),
    ),
    "rich_text_input": _typing(initial_value=_anything),
    "file_input": _input(filetypes=_anything, max_files=_number(1, 10)),
}


def _image(**fields: Check) -> Check:
    keys = {"type": _anything, "image_url": _string(3000), "slack_file": _anything, "alt_text": _string(2000)}
    return _shape({**keys, **fields}, ("alt_text",))


def _block(required: Sequence[str] = (), /, **fields: Check) -> Check:
    return _shape({"type": _anything, "block_id": _ID, **fields}, required)


_TEXT_OBJECTS: dict[str, Check] = {"mrkdwn": _text(3000), "plain_text": _text(3000)}
_CELL = _typed({"raw_text": _anything, "rich_text": _anything, "raw_number": _anything})
_VIEW_BLOCKS: dict[str, Check] = {
    "section": _block(
        text=_text(3000),
        fields=_items(_text(2000), 10),
        accessory=_typed({"button": _BUTTON, "overflow": _OVERFLOW, "image": _image(), **_MENUS, **_PICKERS}),
        expand=_boolean,
    ),
    "header": _block(("text",), text=_plain(150)),
    "divider": _block(),
    "context": _block(("elements",), elements=_items(_typed({**_TEXT_OBJECTS, "image": _image()}), 10)),
    "actions": _block(
        ("elements",), elements=_items(_typed({"button": _BUTTON, "overflow": _OVERFLOW, **_CHOICES}), 25)
    ),
    "input": _block(
        ("label", "element"),
        label=_plain(2000),
        hint=_plain(2000),
        element=_typed({**_CHOICES, **_TYPED_INPUTS}),
        optional=_boolean,
        dispatch_action=_boolean,
    ),
    "image": _image(block_id=_ID, title=_plain(2000)),
    "rich_text": _block(("elements",), elements=_items(_anything, 1000, 0)),
    "video": _block(
        ("alt_text", "title", "thumbnail_url", "video_url"),
        **dict.fromkeys(
            ("alt_text", "title", "thumbnail_url", "video_url", "author_name", "description"), _anything
        ),
    ),
}
_MESSAGE_BLOCKS: dict[str, Check] = {
    **_VIEW_BLOCKS,
    "markdown": _block(("text",), text=_string(MARKDOWN_CHARACTERS)),
    "table": _block(("rows",), rows=_items(_items(_CELL, 20), 100), column_settings=_items(_anything, 20)),
}
_VIEW_BLOCK = _typed(_VIEW_BLOCKS)
_MESSAGE_BLOCK = _typed(_MESSAGE_BLOCKS)
_VIEW_FIELDS: dict[str, Check] = {
    "type": _anything,
    "blocks": _anything,
    "callback_id": _string(255, 0),
    "external_id": _string(255, 0),
    "private_metadata": _string(3000, 0),
}
_MODAL_FIELDS: dict[str, Check] = {
    **_VIEW_FIELDS,
    **dict.fromkeys(("title", "submit", "close"), _plain(24)),
    **dict.fromkeys(("clear_on_close", "notify_on_close", "submit_disabled"), _boolean),
}
_VIEW = _typed(
    {
        "modal": _shape(_MODAL_FIELDS, ("title", "blocks")),
        "home": _shape(_VIEW_FIELDS, ("blocks",)),
    }
)
