"""A page of prose, written as Markdown or as reStructuredText; between backticks stands code."""

import re
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import TypeAlias

from bot.core.values import Value

_CODE = re.compile(r"(`[^`]*`)")
_LINES = ("=", "-", "~")  # what stands below a heading in reStructuredText, by its level


class Form(StrEnum):
    """How a page is written; the value is how its file ends."""

    RST = "rst"
    MARKDOWN = "md"


class Heading(Value):
    """A heading; *level* 1 is the page's own, 3 the deepest."""

    text: str
    level: int = 2


class Paragraph(Value):
    """Some sentences."""

    text: str


class Items(Value):
    """A list without order."""

    items: tuple[str, ...]


Part: TypeAlias = Heading | Paragraph | Items


def written(parts: Iterable[Part], form: Form) -> str:
    """Return a page as text, its lines as they come: no version of it differs from another in its breaks."""
    write = _markdown if form is Form.MARKDOWN else _rst
    return "\n\n".join(filter(None, map(write, parts))) + "\n"


def _markdown(part: Part) -> str:
    if isinstance(part, Heading):
        return f"{'#' * part.level} {_plain_markdown(part.text)}"
    return _body(part, _plain_markdown)


def _rst(part: Part) -> str:
    if isinstance(part, Heading):
        text = _plain_rst(part.text)
        return f"{text}\n{_LINES[part.level - 1] * len(text)}"
    return _body(part, _plain_rst)


def _body(part: Paragraph | Items, plain: Callable[[str], str]) -> str:
    if isinstance(part, Paragraph):
        return plain(part.text)
    return "\n".join(f"- {plain(item)}" for item in part.items)


def _plain_markdown(text: str) -> str:
    return _but_for_code(text, lambda said: re.sub(r"([\\*<\[]|(?<!\w)_|_(?!\w))", r"\\\1", said), "`")


def _plain_rst(text: str) -> str:
    return _but_for_code(text, lambda said: re.sub(r"([\\*|]|_(?!\w))", r"\\\1", said), "``")


def _but_for_code(text: str, plain: Callable[[str], str], mark: str) -> str:
    said = " ".join(text.split())
    parts = (
        f"{mark}{part.strip('`')}{mark}" if _CODE.fullmatch(part) else plain(part)
        for part in _CODE.split(said)
    )
    return "".join(parts)
