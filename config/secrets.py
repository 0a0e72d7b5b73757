"""Secrets are references: where each one is kept, and how it is fetched."""

import asyncio
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

from pydantic import BaseModel, SecretStr

from bot.core.errors import ConfigurationError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

Scheme: TypeAlias = Literal["env", "keyring", "op"]
Vault: TypeAlias = Callable[[list["Reference"], str], dict["Reference", str]]
A = TypeVar("A")

_FORMS: dict[Scheme, re.Pattern[str]] = {
    "env": re.compile(r"env:([A-Za-z_][A-Za-z0-9_]*)"),
    "keyring": re.compile(r"keyring:([^/\s]+/\S+)"),
    "op": re.compile(r"op:/(/[^/]+(/[^/]+){2,3})"),
}
PATTERN = f"^({'|'.join(form.pattern for form in _FORMS.values())})$"
FORMS = "`env:NAME`, `keyring:service/name` or `op://vault/item/field`"
ONEPASSWORD_TOKEN = "OP_SERVICE_ACCOUNT_TOKEN"  # noqa: S105 # the variable's name, as 1Password's own tools read it


@dataclass(frozen=True)
class Reference:
    """Where a secret is kept: in the environment, in this machine's keyring, in 1Password."""

    scheme: Scheme
    name: str

    def __str__(self) -> str:
        return f"{self.scheme}:{'/' if self.scheme == 'op' else ''}{self.name}"

    @property
    def holder(self) -> str:
        """Return who holds the secret, in words."""
        if self.scheme == "env":
            return "the environment of the process"
        return (
            "this machine's keyring"
            if self.scheme == "keyring"
            else f"1Password, vault {self.name.split('/')[1]}"
        )

    @property
    def remedy(self) -> str:
        """Return how to put the secret where it is looked for."""
        if self.scheme == "env":
            return f"set {self.name} (`export {self.name}=…`, on Heroku `heroku config:set {self.name}=…`)"
        if self.scheme == "keyring":
            return f"run `infra secrets set {self}`"
        return f"add the field to that vault, which the account of {ONEPASSWORD_TOKEN} must be able to read"


def variable(key: str) -> str:
    """Return the variable that holds the secret of a key, unless the settings name another."""
    return key.removeprefix("integrations.").removeprefix("server.").replace(".", "_").upper()


def held(settings: BaseModel | Mapping[str, object], above: str = "") -> Iterator[tuple[str, SecretStr]]:
    """Return the secrets that *settings* hold, by their keys, such as ``slack.bot_token``."""
    for name, value in dict(settings).items():
        if isinstance(value, SecretStr):
            yield f"{above}{name}", value
        elif isinstance(value, BaseModel | Mapping):
            yield from held(value, f"{above}{name}.")


def reference(text: object) -> Reference | None:
    """Return the reference that *text* is; None for anything else."""
    for scheme, form in _FORMS.items():
        found = form.fullmatch(text) if isinstance(text, str) else None
        if found:
            return Reference(scheme, found[1])
    return None


def system_keyring() -> "KeyringBackend":
    """Return this machine's keyring; refuse one that keeps nothing or keeps plain text."""
    import keyring  # slow, and only laptops need it

    backend = keyring.get_keyring()
    for kept in (backend, *getattr(backend, "backends", ())):
        name = f"{type(kept).__module__}.{type(kept).__qualname__}"
        if re.search(r"\.(fail|null)\.|plaintext", name, re.IGNORECASE):
            raise ConfigurationError(
                f"The keyring of this machine ({name}) does not keep secrets safely.",
                "Unlock the system's own (Keychain, Secret Service, KWallet, Windows), or use `env:NAME`.",
            )
    return backend


def onepassword(references: list[Reference], token: str) -> dict[Reference, str]:
    """Return what 1Password holds for *references*, asked in one call."""
    try:
        client_class = import_module("onepassword.client").Client
    except ImportError:
        raise ConfigurationError(
            "`op://` references need 1Password's library, which is not installed.",
            "Run `.venv/bin/pip install onepassword-sdk`, or use `env:NAME`.",
        ) from None

    async def fetch() -> dict[Reference, str]:
        client = await client_class.authenticate(
            auth=token, integration_name="infra", integration_version="1"
        )
        answer = await client.secrets.resolve_all([str(one) for one in references])
        found = {one: answer.individual_responses.get(str(one)) for one in references}
        return {one: got.content.secret for one, got in found.items() if got and got.content}

    try:
        return asyncio.run(fetch())
    except Exception as error:  # noqa: BLE001 # the library raises bare Exception, and its text may hold the token
        raise ConfigurationError(
            f"1Password did not answer ({type(error).__name__}).", f"Is {ONEPASSWORD_TOKEN} a valid token?"
        ) from None


@dataclass(frozen=True)
class Secrets:
    """The places secrets are fetched from; *environ* is the environment handed in."""

    environ: Mapping[str, str]
    keyring: "Callable[[], KeyringBackend]" = system_keyring
    vault: Vault = onepassword

    def fetch(self, references: Iterable[Reference]) -> dict[Reference, str]:
        """Return those of *references* that are there, with their values."""
        wanted = list(dict.fromkeys(references))
        found = {one: self.environ.get(one.name) for one in wanted if one.scheme == "env"}
        kept = [one for one in wanted if one.scheme == "keyring"]
        if kept:
            backend = self.keyring()
            found |= {one: _asked(backend.get_password, one) for one in kept}
        vaulted = [one for one in wanted if one.scheme == "op"]
        if vaulted:
            found |= self.vault(vaulted, self._token())
        return {one: value.strip() for one, value in found.items() if value and value.strip()}

    def state(self, where: Reference) -> str:
        """Return "there", "missing", or why that cannot be said."""
        try:
            return "there" if self.fetch([where]) else "missing"
        except ConfigurationError as error:
            return error.message

    def keep(self, where: Reference, value: str) -> None:
        """Put a secret into the keyring."""
        _asked(self._backend(where).set_password, where, value)

    def forget(self, where: Reference) -> bool:
        """Take a secret out of the keyring; False when it was not there."""
        backend = self._backend(where)
        there = _asked(backend.get_password, where) is not None
        if there:
            _asked(backend.delete_password, where)
        return there

    def _backend(self, where: Reference) -> "KeyringBackend":
        if where.scheme != "keyring":
            raise ConfigurationError(
                f"`{where}` is not kept in the keyring.", f"To change it, {where.remedy}."
            )
        return self.keyring()

    def _token(self) -> str:
        if token := self.environ.get(ONEPASSWORD_TOKEN):
            return token
        raise ConfigurationError(
            f"`op://` references need {ONEPASSWORD_TOKEN}, which is not set.",
            "Make a service account in 1Password that reads only this vault, and set its token.",
        )


def _asked(call: Callable[..., A], where: Reference, *more: str) -> A:
    """Return what the keyring answers about *where*; a locked one is our error."""
    from keyring.errors import KeyringError  # as above

    service, name = where.name.split("/", 1)
    try:
        return call(service, name, *more)
    except KeyringError as error:
        raise ConfigurationError(
            f"The keyring of this machine did not answer ({type(error).__name__}).",
            "Unlock it and run this again, or use `env:NAME`.",
        ) from None
