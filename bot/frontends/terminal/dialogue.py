"""Questions in a terminal: why, a default, help on ``?``, a way back, and never a wrong answer taken."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from textwrap import fill
from typing import Any, TypeAlias, TypeVar

from bot.core.names import suggestion
from bot.core.vendor import Finding
from bot.frontends.terminal import render

T = TypeVar("T")
Read: TypeAlias = Callable[[str], str]
Complaint: TypeAlias = Callable[[str], str | None]
SOON = 1.0
WIDTH = 100
_INDENT: Any = {
    "initial_indent": "  ",
    "subsequent_indent": "  ",
    "break_long_words": False,
    "break_on_hyphens": False,
}


class BackError(Exception):
    """Somebody wants to answer the question before once more."""


@dataclass(frozen=True)
class Question:
    """What is asked, *why* in a sentence, and *how* to find the answer; Enter takes the *default*.

    With *options* one of them is meant, by its number or its name.
    """

    title: str
    why: str = ""
    how: str = ""
    default: str = ""
    secret: bool = False
    optional: bool = False
    options: tuple[str, ...] = ()


@dataclass
class Dialogue:
    """One conversation; *read* gives a line, *read_secret* one that is not shown, *say* prints.

    *soon* is how many seconds something may take before a line says what is going on.
    """

    read: Read
    read_secret: Read
    say: Callable[[str], None]
    soon: float = SOON
    asked: int = field(default=0, init=False)

    def ask(self, question: Question, complaint: Complaint = lambda _: None) -> str:
        """Return an answer with which *complaint* finds no fault; BackError for ``<``."""
        self.asked += 1
        self.say(f"\n{question.title}")
        if question.why:
            self.say(_indented(question.why))
        for n, option in enumerate(question.options, 1):
            self.say(f"    {n}. {option}")
        prompt = f"  [{question.default}] > " if question.default else "  > "
        read = self.read_secret if question.secret else self.read
        while True:
            said = read(prompt).strip()
            if said == "?":
                self.say(_indented(question.how or question.why or "Any answer will do."))
                self.say("  < goes back a question. Ctrl-C stops; what was answered is kept.")
                continue
            if said == "<":
                raise BackError
            said = said or question.default
            if not said and not question.optional:
                self.wrong("Nothing was typed. `?` explains what is meant.")
            elif said and (fault := complaint(said)):
                self.wrong(fault)
            else:
                return said

    def choose(self, question: Question) -> int:
        """Return the index of the option that was chosen."""
        options = question.options

        def complaint(said: str) -> str | None:
            known = _index(said, options) is not None
            return None if known else f"That is none of these. {suggestion(said, options)}".strip()

        return _index(self.ask(question, complaint), options) or 0

    def choose_several(self, question: Question) -> list[int]:
        """Return the indices of the options that were chosen; none when nothing was said."""
        options = question.options

        def chosen(said: str) -> list[int | None]:
            words = said.replace(",", " ").split()
            everything: list[int | None] = [*range(len(options))]
            return everything if words == ["all"] else [_index(word, options) for word in words]

        def complaint(said: str) -> str | None:
            wrong = None in chosen(said)
            return f"`{said}` is neither `all` nor numbers up to {len(options)}." if wrong else None

        return [each for each in chosen(self.ask(question, complaint)) if each is not None]

    def wrong(self, text: str, hint: str = "") -> None:
        """Say what is wrong, and what to do."""
        self.say(_indented(render.error(f"✗ {text}", hint)))

    def good(self, text: str) -> None:
        """Say that something is as it should be."""
        self.findings((Finding(level="good", text=text),))

    def findings(self, found: Iterable[Finding]) -> None:
        """Show what a check found."""
        self.say(_indented(render.findings(found)))

    async def during(self, doing: str, work: Awaitable[T]) -> T:
        """Return what *work* gives; what takes longer than a moment is said to go on."""
        task = asyncio.ensure_future(work)
        done, _ = await asyncio.wait({task}, timeout=self.soon)
        if not done:
            self.say(f"  … {doing}")
        return await task


def _index(said: str, options: Sequence[str]) -> int | None:
    """Return which of *options* somebody means, by number or by name."""
    if said.isdecimal():
        return int(said) - 1 if 0 < int(said) <= len(options) else None
    names = [option.casefold().removeprefix("#") for option in options]
    name = said.casefold().removeprefix("#")
    return names.index(name) if name in names else None


def _indented(text: str) -> str:
    """Return *text* indented, its long lines broken."""
    return "\n".join(fill(line, WIDTH, **_INDENT) for line in text.splitlines())
