"""Block Kit: the only place where its parts are made, so the only one that keeps its limits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

from pydantic import JsonValue

from bot.core.reply import Chart, File
from bot.core.values import Json, sha256
from bot.frontends.slack.text import cut, escape, unmarked

OPEN = "open"
MOST_BLOCKS = 50
MOST_TEXT = 3000
MOST_NOTIFICATION = 3000


@dataclass(frozen=True)
class Message:
    """What is posted: *text* for notifications and screen readers, *blocks* for eyes, *files* beside."""

    text: str
    blocks: tuple[Json, ...] = ()
    files: tuple[Chart | File, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Return what tells this message from another."""
        return sha256({"text": self.text, "blocks": list(self.blocks)})


def message(
    text: str,
    blocks: Iterable[Json | None] = (),
    files: Iterable[Chart | File] = (),
    last: Iterable[Json | None] = (),
) -> Message:
    """Return a message of *text*, in our marks, and *blocks*, leaving out those that are None.

    When there are too many, those of *last* stay.
    """
    kept, end = ([block for block in part if block is not None] for part in (blocks, last))
    room = MOST_BLOCKS - len(end)
    if len(kept) > room:
        rest = len(kept) - room + 1
        kept[room - 1 :] = [context(f"… and {rest} more parts that do not fit here.")]
    return Message(cut(escape(unmarked(text)), MOST_NOTIFICATION), (*kept, *end), tuple(files))


def said(text: str, *buttons: Json) -> Message:
    """Return a message that is one paragraph of our text, and *buttons*."""
    return message(text, [section(text), actions(*buttons)])


def header(text: str) -> Json:
    """Return a heading of plain text."""
    return {"type": "header", "text": _plain(text, 150)}


def section(text: str) -> Json | None:
    """Return a paragraph, or None without text."""
    return {"type": "section", "text": _markup(text)} if text.strip() else None


def sections(lines: Iterable[str]) -> list[Json | None]:
    """Return *lines* in as many paragraphs as they need."""
    parts = [""]
    for line in lines:
        if parts[-1] and len(escape(parts[-1])) + len(escape(line)) + 1 > MOST_TEXT:
            parts.append("")
        parts[-1] = f"{parts[-1]}\n{line}" if parts[-1] else line
    return [section(part) for part in parts]


def context(text: str) -> Json:
    """Return a line in small print."""
    return {"type": "context", "elements": [_markup(text)]}


def actions(*buttons: Json) -> Json | None:
    """Return a row of buttons, or None without any."""
    return {"type": "actions", "elements": [*buttons[:25]]} if buttons else None


def button(label: str, action: str, value: str, **more: JsonValue) -> Json:
    """Return a button; pressing it sends *action* and *value*. *more* are style, confirm and the like."""
    return {
        "type": "button",
        "text": _plain(label, 75),
        "action_id": action,
        "value": value[:2000],
        **{key: value for key, value in more.items() if value},
    }


def link(label: str, url: str) -> Json:
    """Return a button that opens *url*."""
    return button(label, OPEN, "", url=url[:3000])


def confirm(title: str, text: str, yes: str) -> Json:
    """Return a dialog that asks again before a press counts."""
    return {
        "title": _plain(title, 100),
        "text": _plain(text, 300),
        "confirm": _plain(yes, 30),
        "deny": _plain("Not now", 30),
    }


def form(title: str, callback: str, metadata: str, blocks: Iterable[Json], submit: str) -> Json:
    """Return a modal view."""
    return {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": metadata[:3000],
        "title": _plain(title, 24),
        "submit": _plain(submit, 24),
        "close": _plain("Cancel", 24),
        "blocks": [*islice(blocks, 100)],
    }


def home(blocks: Iterable[Json | None]) -> Json:
    """Return an App Home view."""
    kept = [block for block in blocks if block is not None]
    return {"type": "home", "blocks": [*islice(kept, 100)]}


def field(name: str, label: str, element: Json, hint: str = "", **more: JsonValue) -> Json:
    """Return an input called *name*, filled in with *element*; *more* are optional and dispatch_action."""
    return {
        "type": "input",
        "block_id": name,
        "label": _plain(label, 2000),
        **({"hint": _plain(hint, 2000)} if hint else {}),
        "element": element,
        **{key: value for key, value in more.items() if value},
    }


def asking(name: str, label: str, hint: str) -> Json:
    """Return a required input of several lines, called *name*."""
    return field(name, label, typing(name, multiline=True, max_length=1000, focus_on_load=True), hint)


def typing(name: str, **more: JsonValue) -> Json:
    """Return a place to type into; *more* are multiline, max_length and the like."""
    return {"type": "plain_text_input", "action_id": name, "max_length": 1000, **more}


def menu(name: str, choices: Mapping[str, str], chosen: str = "") -> Json:
    """Return a menu of *choices*, what is sent and what is shown, of which one may be chosen already."""
    options = {value: option(value, label) for value, label in choices.items()}
    initial: Json = {"initial_option": options[chosen]} if chosen else {}
    shown: list[JsonValue] = [*options.values()]
    return {"type": "static_select", "action_id": name, "options": shown[:100], **initial}


def completing(kinds: str) -> Json:
    """Return a menu whose options are asked for by the name *kinds* while somebody types."""
    hint = _plain("Type a few letters", 150)
    return {"type": "external_select", "action_id": kinds, "min_query_length": 1, "placeholder": hint}


def member(name: str) -> Json:
    """Return a menu of the people in Slack."""
    return {"type": "users_select", "action_id": name}


def day(name: str) -> Json:
    """Return a calendar."""
    return {"type": "datepicker", "action_id": name}


def tick(name: str, label: str) -> Json:
    """Return a box to tick."""
    return {"type": "checkboxes", "action_id": name, "options": [option("yes", label)]}


def option(value: str, label: str, note: str = "") -> Json:
    """Return an option: what is sent, what is shown, and a remark."""
    remark: Json = {"description": _plain(note, 75)} if note else {}
    return {"text": _plain(label, 75), "value": value, **remark}


def _plain(text: str, most: int) -> Json:
    return {"type": "plain_text", "text": cut(unmarked(text), most)}


def _markup(text: str) -> Json:
    return {"type": "mrkdwn", "text": cut(escape(text), MOST_TEXT)}
