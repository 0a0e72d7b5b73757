"""Charts as pictures (PNG), drawn by a process of their own: matplotlib would keep 50 MB of the bot.

They are readable on a phone: few, large words, lines named where they end. Colours
are those of Okabe and Ito, which colour-blind people can tell apart, and each line
has a dash, each part of a bar a hatching of its own. The ground is white, so that
they look the same in light and dark themes.
"""

import asyncio
import sys
from base64 import b64decode, b64encode
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import structlog
from pydantic import TypeAdapter

from bot.core.errors import BotError
from bot.core.values import Value

if TYPE_CHECKING:
    from matplotlib.axes import Axes

log = structlog.get_logger()

ROOT = Path(__file__).parents[1]
SECONDS = 60.0
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#000000", "#CC79A7", "#E69F00", "#56B4E9")
FILLS = tuple(colour for colour in COLOURS if colour != "#000000")
DASHES = ("-", "--", "-.", ":")
HATCHES = ("", "//", "..", "xx", "\\\\", "oo", "--")
SIZE = (5.6, 5.6)  # inches: few, so that words are large enough where a phone shows it 300 pixels wide
DOTS = 192  # an inch
LETTERS = 20  # of a name in a legend


class Line(Value):
    """One line: its points, and its name, which stands where it ends. The first one is what matters."""

    name: str
    points: tuple[tuple[float, float], ...]


class Lines(Value):
    """Lines over days that count down to 0; *levels* are heights that a name stands for."""

    title: str
    across: str
    up: str
    lines: tuple[Line, ...]
    levels: tuple[tuple[str, float], ...] = ()


class Bars(Value):
    """Bars of several parts, named in a legend; *names* stand below the bars."""

    title: str
    up: str
    names: tuple[str, ...]
    parts: tuple[tuple[str, tuple[int, ...]], ...]


Drawing: TypeAlias = Lines | Bars
_DRAWINGS: TypeAdapter[list[Drawing]] = TypeAdapter(list[Drawing])


async def draw(drawings: Sequence[Drawing], seconds: float = SECONDS) -> list[bytes]:
    """Return a picture for each of *drawings*; BotError when that fails or takes longer than *seconds*."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.charts",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    try:
        async with asyncio.timeout(seconds):
            out, complaint = await process.communicate(_DRAWINGS.dump_json(list(drawings)))
    except TimeoutError:
        out, complaint = b"", b"it took too long"
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    pictures = [b64decode(line) for line in out.split()]
    if process.returncode != 0 or len(pictures) != len(drawings):
        log.warning("chart not drawn", why=complaint.decode(errors="replace")[-500:].strip())
        raise BotError(
            "The chart could not be drawn.", "Try again; `tickets` and `tickets forecast` say it in words."
        )
    return pictures


def main() -> None:
    """Draw what standard input asks for; write a line of base64 for each."""
    for drawing in _DRAWINGS.validate_json(sys.stdin.buffer.read()):
        sys.stdout.write(f"{b64encode(picture(drawing)).decode()}\n")


def picture(drawing: Drawing) -> bytes:
    """Return one drawing as PNG."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(
        {
            "font.size": 15,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "figure.constrained_layout.h_pad": 0.12,
            "figure.constrained_layout.w_pad": 0.1,
        }
    ):
        figure = Figure(figsize=SIZE, dpi=DOTS, facecolor="white", layout="constrained")
        axes = figure.add_subplot()
        axes.set_title(drawing.title, loc="left", fontsize=18, fontweight="bold", pad=14)
        axes.set_ylabel(drawing.up)
        axes.grid(axis="y", color="#DDDDDD")
        axes.set_axisbelow(True)
        if isinstance(drawing, Lines):
            _lines(axes, drawing)
        else:
            _bars(axes, drawing)
        file = BytesIO()
        figure.savefig(file, format="png", metadata={"Software": None})
    return file.getvalue()


def _lines(axes: "Axes", drawing: Lines) -> None:
    axes.set_xlabel(drawing.across)
    ends = list[tuple[float, str, str]]()
    for index, line in enumerate(drawing.lines):
        days, heights = zip(*line.points, strict=True)
        colour = COLOURS[index % len(COLOURS)]
        axes.plot(
            days, heights, DASHES[index % len(DASHES)], color=colour, linewidth=4 if index == 0 else 2.2
        )
        if index == 0:
            axes.plot(days[-1], heights[-1], "o", color=colour, markersize=10)
            axes.annotate(
                line.name,
                (days[-1], heights[-1]),
                (-10, 12),
                textcoords="offset points",
                ha="right",
                color=colour,
                fontweight="bold",
            )
        else:
            ends.append((heights[-1], line.name, colour))
    for name, height in drawing.levels:
        axes.axhline(height, color="#555555", linestyle=(0, (1, 4)), linewidth=1.5)
        ends.append((height, name, "#555555"))
    furthest = max((day for line in drawing.lines for day, _ in line.points), default=1)
    axes.set_xlim(furthest, min([0, *(day for line in drawing.lines for day, _ in line.points)]))
    _name_ends(axes, ends)


def _name_ends(axes: "Axes", ends: Sequence[tuple[float, str, str]]) -> None:
    """Write names beside the right edge at their heights, apart enough to be read."""
    top = max([axes.get_ylim()[1], *(height * 1.05 for height, _, _ in ends)])
    axes.set_ylim(0, top)
    at = float("-inf")
    for height, name, colour in sorted(ends):
        at = max(height, at + top * 0.055)
        axes.annotate(
            name,
            (1, at),
            (6, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="center",
            color=colour,
            annotation_clip=False,
        )


def _bars(axes: "Axes", drawing: Bars) -> None:
    bottom = [0] * len(drawing.names)
    places = range(len(drawing.names))
    for index, (name, numbers) in enumerate(drawing.parts):
        axes.bar(
            places,
            numbers,
            bottom=bottom,
            width=0.85,
            label=name if len(name) <= LETTERS else f"{name[: LETTERS - 1]}…",
            color=FILLS[index % len(FILLS)],
            hatch=HATCHES[index % len(HATCHES)],
            edgecolor="white",
            linewidth=0,
        )
        bottom = [low + more for low, more in zip(bottom, numbers, strict=True)]
    step = max(1, -(-len(drawing.names) // 5))
    shown = list(places)[::-step][::-1]
    axes.set_xticks(shown, [drawing.names[place] for place in shown])
    axes.set_ylim(0, max([*bottom, 1]) * 1.05)
    axes.legend(loc="upper center", bbox_to_anchor=(0.45, -0.09), ncols=2, frameon=False, fontsize=14)


if __name__ == "__main__":
    main()
