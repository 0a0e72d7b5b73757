"""YAML text as a tree that remembers where each key stands."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeAlias

import yaml
from pydantic import JsonValue

from bot.core.errors import ConfigurationError
from bot.core.values import Json

KeyPath: TypeAlias = tuple[str | int, ...]

REFERENCES = "Write a reference such as `env:NAME` instead, and renew what was written here if others saw it."
_TOKEN = re.compile(
    r"\b(xox[a-z]-|xapp-|xoxe\.|gh[pousr]_\w|github_pat_|ops_\w{20}|ey[\w-]{20,}\.)|BEGIN [A-Z ]*PRIVATE KEY"
)


@dataclass(frozen=True)
class Place:
    """Where something is written: a file or a variable, and the line."""

    file: str
    line: int | None = None

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Document:
    """A tree of keys and values, and the place of each."""

    tree: Json = field(default_factory=dict)
    places: Mapping[KeyPath, Place] = field(default_factory=dict)

    def place(self, path: KeyPath) -> Place:
        """Return where *path* is written, or else the nearest section above it."""
        known, places = self.known(path), self.places
        return places.get(known) or Place("the configuration")

    def known(self, path: KeyPath) -> KeyPath:
        """Return as much of *path* as is written."""
        return next((path[:n] for n in range(len(path), 0, -1) if path[:n] in self.places), ())

    def at(self, path: KeyPath) -> JsonValue:
        """Return the value at *path*; None when nothing is written there."""
        value: Any = self.tree  # a step into JSON has no narrower type
        for step in path:
            value = value.get(step) if isinstance(value, dict) and isinstance(step, str) else None
        found: JsonValue = value
        return found

    def problem(self, path: KeyPath, text: str, hint: str) -> ConfigurationError:
        """Return the error that says what is wrong with *path*, and where it is written."""
        return problem(self.place(path), path, text, hint)

    def under(self, other: "Document") -> "Document":
        """Return both, *other* winning: sections merge, all else is replaced, an empty key takes away."""
        return Document(_merged(self.tree, other.tree), {**self.places, **other.places})


def spell(path: KeyPath) -> str:
    """Return a key as people write it: ``people[0].role``."""
    said = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return said.removeprefix(".")


def secret_like(text: str) -> bool:
    """Return whether *text* looks like a token or a key."""
    return _TOKEN.search(text) is not None


def problem(place: Place, path: KeyPath, text: str, hint: str = "") -> ConfigurationError:
    """Return the error that says where, which key and what is wrong."""
    key = spell(path)
    message = f"{place}: {f'`{key}` ' if key else ''}{text}"
    return ConfigurationError(message, hint, file=place.file, line=place.line, key=key or None)


def single(path: tuple[str, ...], value: str, source: str) -> Document:
    """Return a document of one key, as a variable of the environment gives it."""
    tree: JsonValue = value
    for key in reversed(path):
        tree = {key: tree}
    return Document(tree if isinstance(tree, dict) else {}, {path: Place(source)})


def parse(text: str, file: str) -> Document:
    """Return what YAML *text* says; ConfigurationError names the line of what cannot be read."""
    try:
        root = _root(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1 if mark else None)
        raise problem(
            place, (), f"not readable as YAML: {error.problem}", "Check indents, colons, quotes."
        ) from None
    except yaml.YAMLError:
        raise problem(
            Place(file), (), "not readable as YAML: it holds odd characters", "Save it as UTF-8."
        ) from None
    if root is None:
        return Document()
    reading = _Reading(file)
    tree = reading.value(root, ())
    if not isinstance(tree, dict):
        raise problem(
            Place(file, 1), (), "must be keys and values, such as `slack:`", "See config/example.yaml."
        )
    return Document(tree, reading.places)


class _Loader(yaml.SafeLoader):
    """Plain scalars as JSON has them: ``10:00``, ``off`` and a date stay text."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 # the parent's own, emptied


for _kind, _pattern, _first in (
    ("bool", "true|false", "tf"),
    ("null", "~|null|", ["~", "n", ""]),
    ("int", "-?(0|[1-9][0-9]*)", "-0123456789"),
    ("float", r"-?(0|[1-9][0-9]*)\.[0-9]+", "-0123456789"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", re.compile(f"^(?:{_pattern})$"), list(_first))


def _root(text: str) -> yaml.Node | None:
    """Return the tree of nodes, in C where that can be had: fifteen times as quick, a bit stricter."""
    if yaml.__with_libyaml__:
        with suppress(yaml.YAMLError):
            return _node(yaml.compose(text, _quick()))
    return _node(yaml.compose(text, _Loader))


@cache
def _quick() -> Any:
    """Return the same loader in C, which has no type."""
    return type(
        "_QuickLoader", (yaml.CSafeLoader,), {"yaml_implicit_resolvers": _Loader.yaml_implicit_resolvers}
    )


def _node(found: Any) -> yaml.Node | None:
    return found if isinstance(found, yaml.Node) else None


class _Reading:
    """One walk over the nodes of one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._scalars = yaml.constructor.SafeConstructor()
        self.places: dict[KeyPath, Place] = {}
        self._open: set[int] = set()

    def value(self, node: yaml.Node, path: KeyPath) -> JsonValue:
        """Return the value of *node*, noting the places of what is in it."""
        place = Place(self.file, node.start_mark.line + 1)
        self.places.setdefault(path, place)
        if id(node) in self._open:
            raise problem(place, path, "refers to itself", "Write it out.")
        self._open.add(id(node))
        try:
            if isinstance(node, yaml.MappingNode):
                return dict(self._pairs(node, path))
            if isinstance(node, yaml.SequenceNode):
                return [self.value(item, (*path, n)) for n, item in enumerate(node.value)]
            return self._scalar(node, place, path)
        finally:
            self._open.discard(id(node))

    def _pairs(self, node: yaml.MappingNode, path: KeyPath) -> Iterator[tuple[str, JsonValue]]:
        seen: dict[str, int] = {}
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            inner = (*path, name)
            if not isinstance(key, yaml.ScalarNode):
                raise problem(
                    Place(self.file, line), path, "has a key that is no text", "Write `name: value`."
                )
            if secret_like(name):
                raise problem(Place(self.file, line), path, "holds a secret in plain text", REFERENCES)
            if name in seen:
                raise problem(
                    Place(self.file, line),
                    inner,
                    f"is written twice: first in line {seen[name]}",
                    "Keep one of them.",
                )
            seen[name] = line
            self.places[inner] = Place(self.file, line)
            yield name, self.value(value, inner)

    def _scalar(self, node: yaml.Node, place: Place, path: KeyPath) -> JsonValue:
        try:
            value: JsonValue = self._scalars.construct_object(node)
        except yaml.YAMLError:
            raise problem(
                place, path, "has a tag (`!…`) that is not read here", "Leave the tag out."
            ) from None
        if isinstance(value, str) and secret_like(value):
            raise problem(place, path, "holds a secret in plain text", REFERENCES)
        return value


def _merged(below: Json, above: Json) -> Json:
    merged = dict(below)
    for key, value in above.items():
        under = merged.pop(key, None)
        if isinstance(value, dict):
            merged[key] = _merged(under if isinstance(under, dict) else {}, value)
        elif value is not None:
            merged[key] = value
    return merged
