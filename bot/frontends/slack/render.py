"""A reply, drawn in Block Kit."""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import assert_never

from bot.core.reply import Block, Chart, Choices, Fields, File, Notice, Progress, Reply, Table, Text
from bot.core.values import Json
from bot.frontends.slack import kit
from bot.frontends.slack.kit import Message
from bot.frontends.slack.text import unmarked

SAY = "say"
MOST_TABLE = 24_000
_SIGNS = {"good": "✅", "warning": "⚠️", "bad": "❌"}


def render(reply: Reply, *last: Json | None) -> Message:
    """Return *reply* as a message that ends with *last*; its title is also the notification."""
    numbers = count()
    drawn = [part for block in reply.blocks for part in _drawn(block, numbers)]
    files = [block for block in reply.blocks if isinstance(block, Chart | File)]
    return kit.message(reply.title, [kit.section(f"*{unmarked(reply.title)}*"), *drawn], files, last)


def _drawn(block: Block, numbers: Iterator[int]) -> Sequence[Json | None]:
    match block:
        case Text(text=text):
            return kit.sections(text.split("\n"))
        case Fields(pairs=pairs):
            return kit.sections(f"*{name}:* {value}" for name, value in pairs)
        case Table():
            return kit.sections(_lines(block))
        case Notice(level=level, text=text):
            return [kit.section(f"{_SIGNS[level]} {text}")]
        case Chart(title=title, words=words):
            return [kit.section(f"*{title}*\n{words}")]
        case File(name=name):
            return [kit.section(f"📎 `{name}` is in your conversation with me.")]
        case Progress():
            return [progress(block)]
        case Choices(text=text, choices=choices):
            buttons = (kit.button(c.label, f"{SAY}:{next(numbers)}", c.line) for c in choices)
            return [kit.section(text), kit.actions(*buttons)]
        case _:
            assert_never(block)


def progress(going_on: Progress) -> Json:
    """Return the line that says what goes on."""
    return kit.context(f"⏳ {going_on.text}")


def _lines(table: Table) -> Iterator[str]:
    """Yield a table as lines, which a phone can show: the first cell stands out."""
    yield f"_{' · '.join(table.columns)}_"
    room = MOST_TABLE
    for index, (first, *rest) in enumerate(table.rows):
        line = " · ".join(cell for cell in (f"*{unmarked(first)}*" if first else "–", *rest) if cell)
        room -= len(line)
        if room < 0:
            yield f"… and {len(table.rows) - index} more rows. Ask for fewer to see them."
            return
        yield line
