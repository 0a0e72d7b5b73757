"""The export as files: writing a pack into a folder, and reading it back."""

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from bot import verify
from bot.app.runbook import runbook
from bot.core.errors import Refused
from bot.core.event import Kind
from bot.store import Store
from bot.workflow import audit
from bot.workflow.packing import Pack, packed
from config.settings import Settings

RUNBOOK, VERIFY, ATTRIBUTES = "RUNBOOK.md", "verify.py", ".gitattributes"
RESTORING = {Kind.VOIDED.value, Kind.RESTORED.value}


async def write(store: Store, settings: Settings, folder: Path) -> tuple[int, str]:
    """Write the pack into *folder*, in the place of an earlier one; return the journal's length and head.

    Refused when the folder holds anything else. The same state gives the same bytes.
    """
    async with store.read() as tx:
        texts = await packed(tx)
    with _aside(folder) as aside:
        new = Path(aside)
        _put(new, {**texts, **_beside(settings)})
        about = verify.about(aside)
        with open(new / verify.JOURNAL, "w", encoding="utf-8", newline="\n") as lines:  # noqa: ASYNC230 - a local file
            async for line in audit.export(store, about["lines"]):
                lines.write(line)
        _settle(new, folder)
    return about["lines"], about["head"]


def _beside(settings: Settings) -> dict[str, str]:
    """Return what is in a pack beside what the database holds."""
    return {
        RUNBOOK: runbook(settings),
        VERIFY: Path(verify.__file__).read_text(encoding="utf-8"),
        ATTRIBUTES: "* -text\n",  # or git would write other line ends on some machines
    }


def _aside(folder: Path) -> "TemporaryDirectory[str]":
    """Return a place to write in until all is written; Refused when *folder* holds anything but a pack."""
    there = [path.name for path in folder.iterdir() if path.name != ".git"] if folder.is_dir() else []
    if there and verify.PACK not in there:
        raise Refused(
            f"{folder} holds other things, such as {min(there)}: nothing was written.",
            "Name an empty folder, a new one, or one that holds an export.",
        )
    folder.mkdir(parents=True, exist_ok=True)
    return TemporaryDirectory(dir=folder, prefix=".new-")


def _put(folder: Path, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def _settle(new: Path, folder: Path) -> None:
    """Move what was written into its place, and take out the files of tables that are no more."""
    written = {path.relative_to(new) for path in new.rglob("*") if path.is_file()}
    (folder / "state").mkdir(exist_ok=True)
    for name in written:
        (new / name).replace(folder / name)
    for path in folder.glob("state/*"):
        if path.relative_to(folder) not in written:
            path.unlink()


def read(folder: Path) -> Pack:
    """Return the pack in *folder*; Refused when there is none."""
    if not (folder / verify.PACK).is_file():
        raise Refused(f"{folder} holds no export: it has no {verify.PACK}.", "Name a folder that does.")
    names = [verify.PACK, *(f"state/{path.name}" for path in sorted(folder.glob("state/*.yaml")))]

    def lines() -> Iterator[str]:
        with open(folder / verify.JOURNAL, encoding="utf-8", errors="replace") as file:
            yield from file

    return Pack({name: (folder / name).read_text(encoding="utf-8") for name in names}, lines)


def differences(first: Path, second: Path, asked: Collection[int]) -> list[str]:
    """Return in which files a pack is not the one that it was restored from: *asked* are asked anew.

    What a restore writes down itself is no difference.
    """
    names = {path.relative_to(each) for each in (first, second) for path in each.rglob("*") if path.is_file()}
    own = {verify.PACK, verify.JOURNAL, *([verify.REQUESTS] if asked else [])}
    found = [
        f"{name} differs"
        for name in sorted(map(str, names))
        if name not in own and _content(first / name) != _content(second / name)
    ]
    lines, more = _content(first / verify.JOURNAL), _content(second / verify.JOURNAL)
    added = more[len(lines) :].decode().splitlines()
    if more[: len(lines)] != lines or {json.loads(line)["kind"] for line in added} - RESTORING:
        found.append(f"{verify.JOURNAL} differs")
    return found


def _content(file: Path) -> bytes:
    return file.read_bytes() if file.exists() else b""
