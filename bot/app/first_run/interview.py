"""What is known of the configuration, and asking for the rest: each answer is kept as it is given."""

from collections.abc import Awaitable, Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, SecretStr

from bot.core.errors import Denied, UsageError, VendorError
from bot.core.vendor import Ask, Vendor
from bot.frontends.terminal.dialogue import Dialogue, Question
from config import Reference, Secrets, reference
from config.draft import Draft, SecretsFile
from config.loading import defaults, mistake, secret_keys
from config.secrets import variable
from config.settings import Settings

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")


@dataclass
class Interview:
    """One person's answers. What the configuration or an earlier run has is not asked again.

    *asked* are the keys in the order of their questions, *again* those to be asked once more.
    """

    dialogue: Dialogue
    draft: Draft
    model: type[Settings]
    environ: Mapping[str, str]
    keyring: "Callable[[], KeyringBackend]"
    file: SecretsFile
    asked: list[str] = field(default_factory=list)
    again: set[str] = field(default_factory=set)
    put: list[str] = field(default_factory=list)

    def keep(self, key: str, value: Any) -> None:
        """Keep an answer; the first one for a file that is no draft of ours is agreed on before."""
        if self.draft.foreign:
            question = Question(
                f"May I add to {self.draft.file}?",
                "It lacks something. Its comments get lost; a copy with them stays beside it.",
                default="yes",
            )
            if not self.yes(question):
                raise UsageError(f"Nothing was written: {self.draft.file} lacks `{key}`.", "Add it yourself.")
            self.draft.adopt()
        self.draft.set(key, value)

    def yes(self, question: Question) -> bool:
        """Return whether the answer is yes."""

        def complaint(said: str) -> str | None:
            return None if said.casefold() in {"y", "yes", "n", "no"} else "Please answer yes or no."

        return self.dialogue.ask(question, complaint).casefold().startswith("y")

    def value(self, key: str) -> Any:
        """Return what *key* will be as things are: what is known, else what holds everywhere."""
        known = self.draft.get(key)
        return defaults().at(tuple(key.split("."))) if known is None else known

    def known(self, key: str) -> Any:
        """Return what is known of *key*, unless it is to be asked again."""
        return None if key in self.again else self.draft.get(key)

    def done(self, key: str) -> None:
        """Note that *key* was asked and answered."""
        self.again.discard(key)
        self.asked.append(key)

    def back(self) -> None:
        """Have the question before asked once more."""
        if self.asked:
            self.again.add(self.asked.pop())

    def anew(self, key: str) -> None:
        """Have one question asked once more."""
        self.again.add(key)

    def answer(self, section: str, ask: Ask, options: tuple[str, ...] = ()) -> str:
        """Return the value of a key, asked for if it is not known; secrets are fetched and kept as such."""
        key = f"{section}.{ask.key}"
        if self.is_secret(key):
            return self._secret(key, ask)
        if known := self.known(key):
            return str(known)
        default = str(self.draft.get(key) or ask.default.format(**self._words()))
        question = Question(ask.title, ask.why, ask.how, default, options=options)
        if options:
            said = options[self.dialogue.choose(question)]
        else:
            said = self.dialogue.ask(question, partial(self.fault, key))
        self.keep(key, said)
        self.done(key)
        return said

    @property
    def transport(self) -> str:
        """Return how Slack and the bot reach each other, as far as it is known."""
        return str(self.draft.get("slack.transport") or "http")

    def fault(self, key: str, said: str) -> str | None:
        """Return what is wrong with a value, and the remedy."""
        found = mistake(self.model, key, said)
        return f"{found.message.partition('` ')[2].capitalize()}. {found.hint}" if found else None

    def _words(self) -> dict[str, str]:
        domain = str(self.value("organisation.domain"))
        return {"domain": domain, "short": domain.partition(".")[0]}

    # Waiting for people and vendors.

    def wait(self, title: str) -> None:
        """Wait until somebody presses Enter."""
        self.dialogue.ask(Question(title, optional=True))

    async def tried(self, doing: str, call: Callable[[], Awaitable[T]]) -> T:
        """Return what *call* gives; when the vendor is away, say so and try again on Enter. Raises Denied."""
        while True:
            try:
                return await self.dialogue.during(doing, call())
            except Denied:
                raise
            except VendorError as error:
                self.dialogue.wrong(error.message, error.hint)
                self.wait("Press Enter to try again.")

    # Secrets.

    def is_secret(self, key: str) -> bool:
        """Return whether a key holds the reference of a secret."""
        return tuple(key.split(".")) in secret_keys(self.model)

    def reference(self, key: str) -> Reference:
        """Return where a secret is kept, or will be: where that of the bot token is."""
        if (written := reference(self.draft.get(key))) is not None:
            return written
        first = reference(self.draft.get("slack.bot_token"))
        if first is not None and first.scheme == "keyring":
            return Reference("keyring", f"infra/{key.removeprefix('integrations.')}")
        return Reference("env", variable(key))

    @property
    def secrets(self) -> Secrets:
        """Return where secrets are fetched from, the file of secrets included."""
        return Secrets({**self.file.read(), **self.environ}, self.keyring)

    def secret(self, key: str) -> str | None:
        """Return a secret that is there."""
        where = self.reference(key)
        return self.secrets.fetch([where]).get(where)

    def _secret(self, key: str, ask: Ask) -> str:
        where, written = self.reference(key), self.draft.get(key)
        if key not in self.again and (written or where.scheme == "env") and (value := self.secret(key)):
            if not written:
                self.keep(key, str(where))
            return value

        def complaint(said: str) -> str | None:
            value = _content(said) if ask.file else said
            if value is None:
                return f"The file {said} cannot be read."
            if ask.begins and not value.startswith(ask.begins):
                return f"It should begin with {' or '.join(ask.begins)}; this is something else."
            return None if value.isprintable() else "It has signs that no such secret has."

        question = Question(ask.title, ask.why, ask.how, secret=not ask.file)
        said = self.dialogue.ask(question, complaint)
        value = (_content(said) or "") if ask.file else said
        self._put(where, value)
        self.put.append(key)
        self.keep(key, str(where))
        self.done(key)
        return value

    def _put(self, where: Reference, value: str) -> None:
        if where.scheme == "env":
            self.file.put(where.name, value)
            self.environ = {name: held for name, held in self.environ.items() if name != where.name}
        else:
            self.secrets.keep(where, value)

    def section(self, vendor: Vendor[Any, Any, Any]) -> BaseModel:
        """Return a vendor's settings as they are known now, with their secrets."""
        name = f"integrations.{vendor.name}"
        written = self.draft.get(name)
        values: Any = deepcopy(written) if isinstance(written, dict) else {}
        for path in secret_keys(vendor.settings):
            holder = values
            for step in path[:-1]:
                holder = holder.get(step, {})
            if path[-1] in holder:
                value = self.secret(".".join((name, *path)))
                holder[path[-1]] = SecretStr(value) if value else None
        section: BaseModel = vendor.settings.model_validate(values)
        return section


def _content(file: str) -> str | None:
    """Return what a file holds, in one line; None when it cannot be read."""
    try:
        return Path(file).expanduser().read_text(encoding="utf-8").strip().replace("\n", "\\n")
    except (OSError, UnicodeDecodeError):
        return None
