"""The night's export where the settings want it: a folder, a git repository, or both."""

import asyncio
import os
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.app import pack
from bot.core.errors import Refused
from bot.core.vendor import Finding
from bot.http import redacted
from bot.store import Store, journal
from bot.workflow.exports import SUBJECT, TITLE
from config.settings import Export, Settings

SECONDS = 120.0
QUIET = {"GIT_TERMINAL_PROMPT": "0", "GIT_SSH_COMMAND": "ssh -o BatchMode=yes", "LC_ALL": "C"}
IDENTITY = {
    "user.name": "infra",
    "user.email": "infra@localhost",
    "commit.gpgSign": "false",
    "init.defaultBranch": "main",
}
HINT = "docs/operations.md, *Every night*, says what it needs."


async def export(store: Store, settings: Settings, wanted: Export) -> None:
    """Write the pack where it is *wanted*; Refused says why that did not come about."""
    with _in_words():
        if wanted.directory:
            await pack.write(store, settings, Path(wanted.directory))
        if wanted.git:
            try:
                await _push(store, settings, wanted, wanted.git)
            except Refused:  # perhaps since another process pushed meanwhile
                await _push(store, settings, wanted, wanted.git)


async def check(store: Store, wanted: Export) -> tuple[Finding, ...]:
    """Return how the last one went, and whether the repository can be reached."""
    async with store.read() as tx:
        last = await journal.last(tx, SUBJECT)
    if last and last.payload["detail"]:
        return (Finding(level="bad", text=f"{TITLE} failed. {last.payload['detail']}"),)
    try:
        with _in_words():
            if wanted.git:
                await _git(wanted, "ls-remote", "--quiet", "--", wanted.git)
    except Refused as error:
        return (Finding(level="bad", text=f"{TITLE}: {error.message}", hint=error.hint),)
    when = f"last on {last.payload['night']}" if last else f"the first at {wanted.at:%H:%M}"
    return (Finding(level="good", text=f"{TITLE}: {when}."),)


async def _push(store: Store, settings: Settings, wanted: Export, repository: str) -> None:
    """Commit to a fresh clone what is new, and push it."""
    with TemporaryDirectory(prefix="infra-export-") as aside:
        clone = f"{aside}/pack"
        await _git(wanted, "clone", "--quiet", "--depth", "1", "--", repository, clone)
        try:
            lines, head = await pack.write(store, settings, Path(clone))
        except Refused as error:
            raise Refused(error.message.replace(clone, repository), HINT) from None
        await _git(wanted, "add", "--all", within=clone)
        if await _git(wanted, "status", "--porcelain", within=clone):
            said = f"Export of {lines} lines\n\nThe journal's head is {head}."
            await _git(wanted, "commit", "--quiet", "--message", said, within=clone)
            await _git(wanted, "push", "--quiet", "origin", "HEAD", within=clone)


async def _git(wanted: Export, *words: str, within: str | None = None) -> str:
    """Run git and return what it says; Refused in its own last words, without a secret."""
    process = await asyncio.create_subprocess_exec(
        "git",
        *words,
        cwd=within,
        env={**QUIET, **os.environ, **_told(wanted)},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(SECONDS):
            out, complaint = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        why = complaint.decode(errors="replace").strip() or f"it ended with {process.returncode}"
        secrets = [wanted.token.get_secret_value()] if wanted.token else []
        raise Refused(f"`git {words[0]}` failed: {redacted(why, secrets)[-500:]}.", HINT)
    return out.decode(errors="replace")


def _told(wanted: Export) -> dict[str, str]:
    """Return what git is told by its environment, where no list of processes shows it."""
    said = dict(IDENTITY)
    if wanted.token:
        pair = b64encode(f"x-access-token:{wanted.token.get_secret_value()}".encode()).decode()
        said[f"http.{wanted.git}.extraHeader"] = f"Authorization: Basic {pair}"
    keys = {f"GIT_CONFIG_KEY_{n}": key for n, key in enumerate(said)}
    values = {f"GIT_CONFIG_VALUE_{n}": value for n, value in enumerate(said.values())}
    return {"GIT_CONFIG_COUNT": f"{len(said)}", **keys, **values}


@contextmanager
def _in_words() -> Iterator[None]:
    """Raise what the system refuses as Refused."""
    try:
        yield
    except TimeoutError:
        raise Refused(f"git did not end within {SECONDS:.0f} seconds.", HINT) from None
    except OSError as error:
        raise Refused(f"The system refused: {error.strerror or error} ({error.filename}).", HINT) from None
