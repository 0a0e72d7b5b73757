"""Somebody who runs `infra init` for the first time, in this process or at a terminal of its own."""

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from keyring.backend import KeyringBackend

from bot.app import vendor_settings
from bot.app.first_run import steps
from bot.app.first_run.interview import Interview
from bot.core.errors import ConfigurationError
from bot.frontends.terminal.dialogue import Dialogue
from bot.sandbox.world import World
from config.draft import Draft, SecretsFile
from config.settings import shape

ROOT = Path(__file__).parents[2]
PROMPT = re.compile(r"\n  (\[[^\n]*\] )?> $")
SECRETS = {
    "The app's bot token": "xoxb-sandbox",
    "The app-level token": "xapp-sandbox",
    "The app's signing secret": "sandbox-signing-secret",
    "A token of the bot's own account on GitHub": "sandbox-github-token",
    "A token of the account at DNSimple": "sandbox-dnsimple-token",
    "A secret token for ti.to": "sandbox-tito-token",
    "A token for Heroku": "sandbox-heroku-token",
    "The secret of that key": "sandbox-twilio-secret",
    "The bot token for the organisers' workspace": "xoxb-sandbox",
    "The bot token for the attendees' workspace": "xoxb-sandbox-attendees",
    "A token for Read the Docs": "sandbox-readthedocs-token",
    "A token of the Connect server": "sandbox-onepassword-token",
    "A token for Travis-CI": "sandbox-travis-token",
    "A token of an internal integration at Sentry": "sandbox-sentry-token",
}
USUALLY = {**SECRETS, "How does the bot act on GitHub?": "2"}


def known(world: World) -> dict[str, str]:
    """Return where the stand-ins are."""
    return {
        "slack.api_url": f"{world.urls['slack']}/api/",
        "integrations.github.url": world.urls["github"],
    }


def no_keyring() -> KeyringBackend:
    """Refuse, as a machine without a safe keyring does."""
    raise ConfigurationError("The keyring of this machine does not keep secrets safely.")


@dataclass
class Newcomer:
    """Somebody with *answers* by question, each list in turn; to all else Enter. *titles* were asked.

    An answer that can be called is done first, as somebody does who puts something right elsewhere.
    """

    answers: Mapping[str, list[object]] = field(default_factory=dict)
    titles: list[str] = field(default_factory=list)
    seen: str = ""
    _heard: int = 0

    @property
    def words(self) -> str:
        """Return what was seen, on one line."""
        return " ".join(self.seen.split())

    def say(self, text: str) -> None:
        """Hear a line."""
        self.seen += f"{text}\n"

    def read(self, prompt: str) -> str:
        """Answer the question that was just asked."""
        self.seen += prompt
        new, self._heard = self.seen[self._heard :], len(self.seen)
        titles = re.findall(r"\n\n(\S.*)\n", f"\n{new}")
        self.titles += titles[-1:]
        left = self._answers.get(self.titles[-1]) or []
        said = left.pop(0) if left else USUALLY.get(self.titles[-1], "")
        if isinstance(said, type):
            raise said
        if callable(said):
            said()
            said = ""
        self.seen += "\n"
        return str(said)

    def __post_init__(self) -> None:
        self._answers = {title: list(said) for title, said in self.answers.items()}

    async def run(
        self,
        world: World,
        folder: Path,
        keyring: Callable[[], KeyringBackend] = no_keyring,
        also: Collection[str] = (),
        **given: str,
    ) -> Interview:
        """Go through `infra init` in this process; in keys of *given* ``__`` stands for dots."""
        environ = {"INFRA_CONFIG": str(folder / "local.yaml"), "DATABASE_URL": f"sqlite:///{folder}/infra.db"}
        model = shape(vendor_settings())
        more = {key.replace("__", "."): value for key, value in given.items()}
        talk = self.interview(Draft.of(environ, model, known(world) | more), folder, environ, keyring)
        await steps.run(talk, world.clock, also)
        return talk

    def interview(
        self,
        draft: Draft,
        folder: Path,
        environ: Mapping[str, str],
        keyring: Callable[[], KeyringBackend] = no_keyring,
    ) -> Interview:
        """Return an interview in which this newcomer answers."""
        dialogue, model = Dialogue(self.read, self.read, self.say), shape(vendor_settings())
        return Interview(dialogue, draft, model, environ, keyring, SecretsFile(folder / ".env"))


@dataclass
class Terminal:
    """A folder in which verbs run as processes, with a keyring of its own; *more* is in their environment."""

    world: World
    folder: Path
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def environ(self) -> dict[str, str]:
        """Return the environment."""
        return {
            "PATH": os.defpath,
            "HOME": str(self.folder),
            "PYTHONPATH": str(ROOT),
            "PYTHON_KEYRING_BACKEND": "tests.first_run.drawer.Drawer",
            "DRAWER": str(self.folder.parent / "drawer.json"),
            **self.more,
        }

    async def start(self, *words: str) -> Process:
        """Start a verb."""
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *words),
            cwd=self.folder,
            env=self.environ,
            stdin=PIPE,
            stdout=PIPE,
            stderr=STDOUT,
        )

    async def init(self) -> Process:
        """Start the first run."""
        pairs = [f"{key}={value}" for key, value in known(self.world).items()]
        return await self.start("init", *(word for pair in pairs for word in ("--set", pair)))


async def attend(person: Newcomer, process: Process) -> int:
    """Answer what *process* asks until it ends; return its exit code."""
    assert process.stdin
    assert process.stdout
    while said := await process.stdout.read(4096):
        person.seen += said.decode()
        if PROMPT.search(person.seen):
            try:
                process.stdin.write(f"{person.read('')}\n".encode())
            except KeyboardInterrupt:
                person.seen += await _interrupted(process)
    return await process.wait()


async def _interrupted(process: Process) -> str:
    """Press Ctrl-C, again when it came just before the question waited; return the last words."""
    assert process.stdout
    await asyncio.sleep(0.1)  # as people take
    last = asyncio.ensure_future(process.stdout.read())
    while not last.done():
        process.send_signal(signal.SIGINT)
        await asyncio.wait({last}, timeout=5)
    return last.result().decode()
