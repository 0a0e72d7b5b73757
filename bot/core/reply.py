"""An answer, made of a closed set of blocks that every frontend draws.

Text may carry ``*bold*`` and ``code`` in backticks; frontends escape the rest.
"""

from collections.abc import Callable
from typing import Literal, TypeAlias

from pydantic import ConfigDict

from bot.core.values import Value


class Text(Value):
    """A paragraph or a list."""

    text: str


class Fields(Value):
    """Names and their values."""

    pairs: tuple[tuple[str, str], ...]


class Table(Value):
    """Rows under column heads."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Notice(Value):
    """A line that must not be missed."""

    level: Literal["good", "warning", "bad"]
    text: str


class Chart(Value):
    """A picture (PNG), and the same in words."""

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    title: str
    png: bytes
    words: str


class File(Value):
    """A file of text to keep, such as a CSV for the books."""

    name: str
    text: str


class Progress(Value):
    """Something that goes on; edited in place until the answer is there."""

    text: str


class Choice(Value):
    """One way to go on: a button that says *label* and asks *line*."""

    label: str
    line: str


class Choices(Value):
    """The ways to go on from here."""

    text: str
    choices: tuple[Choice, ...]


Block: TypeAlias = Text | Fields | Table | Notice | Chart | File | Progress | Choices


class Reply(Value):
    """What a command answers; *title* is also the notification.

    *private* is for whoever asked alone: they are not offered to share it. *quiet*
    says that nothing is new: a digest may be left out then. *partial*: somebody did
    not answer, so that it is worth asking again soon.
    """

    title: str
    blocks: tuple[Block, ...] = ()
    private: bool = False
    quiet: bool = False
    partial: bool = False


Report: TypeAlias = Callable[[Progress], None]
