"""`infra init`: from an empty folder to a first answer, a question at a time."""

import asyncio
import getpass
import signal
import sys
from collections.abc import Collection, Mapping
from pathlib import Path

from bot.app.compose import now, vendor_settings
from bot.app.first_run.interview import Interview
from bot.app.first_run.steps import run
from bot.app.first_run.vendors import optional
from bot.app.logs import hush
from bot.core.errors import UsageError
from bot.core.people import listed
from bot.frontends.terminal.dialogue import Dialogue
from config.draft import Draft, SecretsFile
from config.secrets import system_keyring
from config.settings import shape

INTERRUPTED = 130
SECRETS = Path(".env")


def init(environ: Mapping[str, str], given: Mapping[str, str], also: Collection[str] = ()) -> int:
    """Ask what is not known yet, *given* being known and the vendors *also* wanted; return the exit code."""
    names = [vendor.name for vendor in optional()]
    if strange := [name for name in also if name not in names]:
        raise UsageError(f"`{strange[0]}` cannot be set up so.", f"There are {listed(names, 'and')}.")
    hush()
    dialogue = Dialogue(input, _hidden, print)
    model = shape(vendor_settings())
    draft = Draft.of(environ, model, given)
    interview = Interview(dialogue, draft, model, environ, system_keyring, SecretsFile(SECRETS))
    dialogue.say("`?` explains a question, Enter takes what stands in [ ], < goes back, Ctrl-C stops.")
    try:
        asyncio.run(_undisturbed(interview, also))
    except (KeyboardInterrupt, EOFError):
        dialogue.say(
            f"\nStopped. What was answered is kept in {draft.file}: run `infra init` again to go on."
        )
        return INTERRUPTED
    return 0


async def _undisturbed(interview: Interview, also: Collection[str]) -> None:
    """Let Ctrl-C end a question at once: asyncio would wait for its answer first."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    await run(interview, now, also)


def _hidden(prompt: str) -> str:
    """Read a line that is not shown where there is a terminal."""
    return getpass.getpass(prompt) if sys.stdin.isatty() else input(prompt)
