"""A deployment's own file while `infra init` fills it in, and the file of secrets beside it."""

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import JsonValue

from bot.core.values import Json
from config.document import Document, parse, single
from config.loading import own_file, refuse_mistakes
from config.settings import Settings

UNFINISHED = "# `infra init` is not through with this file: run it again, and it goes on where it stopped.\n"
FINISHED = "# Written by `infra init`. docs/configuration.md explains each key. Secrets are not here.\n"


@dataclass
class Draft:
    """What is known of the configuration; each change is kept in *file* at once.

    *foreign* says that *file* was there before and is no draft, so nothing may be
    written before somebody agreed.
    """

    file: Path
    tree: Json
    foreign: bool = False

    @classmethod
    def of(cls, environ: Mapping[str, str], model: type[Settings], given: Mapping[str, str]) -> "Draft":
        """Return the draft of the file that *environ* means, what it says and what is *given* known."""
        file = own_file(environ)
        text = file.read_text(encoding="utf-8") if file.exists() else environ.get("INFRA_CONFIG_YAML", "")
        document = parse(text, str(file) if file.exists() else "INFRA_CONFIG_YAML")
        for key, value in given.items():
            document = document.under(single(tuple(key.split(".")), value, f"--set {key}"))
        refuse_mistakes(document, model)
        return cls(file, document.tree, foreign=file.exists() and not text.startswith(UNFINISHED))

    def get(self, key: str) -> JsonValue:
        """Return what is known of a key such as ``slack.team_id``; None when nothing is."""
        return Document(self.tree).at(tuple(key.split(".")))

    def adopt(self) -> Path:
        """Let a file that is no draft become one; return where a copy of it stays."""
        copy = self.file.with_name(f"{self.file.name}.before-init")
        replace(copy, self.file.read_text(encoding="utf-8"), 0o644)
        self.foreign = False
        return copy

    def set(self, key: str, value: JsonValue) -> None:
        """Keep the value of one key; None takes it away."""
        *above, last = key.split(".")
        section = self.tree
        for name in above:
            inner = section.setdefault(name, {})
            if not isinstance(inner, dict):
                inner = section[name] = {}
            section = inner
        if value is None:
            section.pop(last, None)
        else:
            section[last] = value
        self._write(UNFINISHED)

    def finish(self) -> None:
        """Say in the file that it is complete; one that was complete stays as it is."""
        if not self.foreign:
            self._write(FINISHED)

    def _write(self, head: str) -> None:
        body = yaml.safe_dump(self.tree, sort_keys=False, allow_unicode=True, width=110)
        replace(self.file, head + body, 0o644)


@dataclass(frozen=True)
class SecretsFile:
    """Lines ``NAME=value`` as a shell and systemd read them, in a file for its owner's eyes alone."""

    file: Path

    def read(self) -> dict[str, str]:
        """Return what it holds; nothing when there is none."""
        pairs = (line.partition("=") for line in self._lines() if "=" in line and not line.startswith("#"))
        return {name.removeprefix("export ").strip(): _unquoted(value) for name, _, value in pairs}

    def put(self, name: str, value: str) -> None:
        """Keep one secret, in place of an earlier one; other lines stay."""
        others = [line for line in self._lines() if not line.startswith(f"{name}=")]
        replace(self.file, "\n".join([*others, f"{name}={shlex.quote(value)}", ""]), 0o600)

    def _lines(self) -> list[str]:
        return self.file.read_text(encoding="utf-8").splitlines() if self.file.exists() else []


def _unquoted(value: str) -> str:
    try:
        return " ".join(shlex.split(value))
    except ValueError:  # a quote of its own
        return value


def replace(file: Path, text: str, mode: int) -> None:
    """Put *text* into *file* in one step: whoever stops half way leaves the earlier one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f"{file.name}.new")
    beside.unlink(missing_ok=True)
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as out:
        out.write(text)
    beside.replace(file)
