"""Reads GraphQL text: one or more operations and fragments, no directives."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

TOKEN = re.compile(
    r"""(?P<skip>[\s,\ufeff]+|\#[^\n]*)
      | (?P<name>[_A-Za-z]\w*)
      | (?P<number>-?\d+(?:\.\d+)?)
      | (?P<text>"(?:[^"\\\n]|\\.)*")
      | (?P<mark>\.\.\.|[!$():=@\[\]{|}])""",
    re.VERBOSE,
)


class ParseError(Exception):
    """The text is no GraphQL; *at* is line and column."""

    def __init__(self, message: str, at: tuple[int, int]) -> None:
        super().__init__(message)
        self.at = at


@dataclass(frozen=True)
class Variable:
    """The use of a variable."""

    name: str


@dataclass(frozen=True)
class Field:
    """A field asked for: *key* is its name in the answer."""

    key: str
    name: str
    arguments: Mapping[str, Any]
    selections: "Selections"
    at: tuple[int, int]


@dataclass(frozen=True)
class Fragment:
    """Selections that hold for objects of type *on*; by *name* when they are written elsewhere."""

    on: str | None
    selections: "Selections" = ()
    name: str | None = None


Selections = tuple[Field | Fragment, ...]


@dataclass(frozen=True)
class Operation:
    """A query or mutation; *variables* maps names to (type, default)."""

    kind: str
    name: str | None
    variables: Mapping[str, tuple[str, Any]]
    selections: Selections


@dataclass(frozen=True)
class Document:
    """All that was sent."""

    operations: tuple[Operation, ...]
    fragments: Mapping[str, Fragment]


def parse(text: str) -> Document:
    """Return what *text* says, or raise ``ParseError``."""
    reader = _Reader(text)
    operations, fragments = [], {}
    while reader.kind:
        if reader.word == "fragment":
            reader.take()
            name = reader.name()
            reader.expect("on")
            fragments[name] = Fragment(reader.name(), reader.selections())
        else:
            operations.append(reader.operation())
    return Document(tuple(operations), fragments)


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._end = 0
        self.kind = ""
        self.word = ""
        self.at = (1, 1)
        self.take()

    def take(self) -> str:
        """Return the present token and move to the next."""
        taken = self.word
        self.kind = "skip"
        while self.kind == "skip":
            before = self._text[: self._end]
            self.at = (before.count("\n") + 1, self._end - before.rfind("\n"))
            match = TOKEN.match(self._text, self._end)
            if match is None and self._end < len(self._text):
                self.word = self._text[self._end]
                self.fail()
            self.kind, self.word = (match.lastgroup or "", match.group()) if match else ("", "")
            self._end = match.end() if match else self._end
        return taken

    def fail(self) -> NoReturn:
        """Raise for the present token."""
        line, column = self.at
        raise ParseError(f'Parse error on "{self.word or "end of file"}" at [{line}, {column}]', self.at)

    def accept(self, token: str) -> bool:
        """Move on if *token* stands here, and tell whether it did."""
        return self.word == token and self.kind != "text" and bool(self.take())

    def expect(self, token: str) -> None:
        """Move on over *token*, which must stand here."""
        if not self.accept(token):
            self.fail()

    def name(self) -> str:
        """Return the name that stands here."""
        return self.take() if self.kind == "name" else self.fail()

    def operation(self) -> Operation:
        """Read ``query Name($a: Int = 1) {…}`` or a bare selection."""
        if self.word == "{":
            return Operation("query", None, {}, self.selections())
        if self.word not in ("query", "mutation", "subscription"):
            self.fail()
        kind = self.take()
        name = self.name() if self.kind == "name" else None
        variables = {}
        if self.accept("("):
            while not self.accept(")"):
                self.expect("$")
                variable = self.name()
                self.expect(":")
                variables[variable] = (self.type(), self.value() if self.accept("=") else None)
        return Operation(kind, name, variables, self.selections())

    def type(self) -> str:
        """Read a type, like ``[String!]!``."""
        if self.accept("["):
            inner = f"[{self.type()}]"
            self.expect("]")
        else:
            inner = self.name()
        return inner + ("!" if self.accept("!") else "")

    def selections(self) -> Selections:
        """Read ``{…}``."""
        self.expect("{")
        found: list[Field | Fragment] = []
        while not self.accept("}"):
            found.append(self._fragment() if self.accept("...") else self._field())
        return tuple(found)

    def _fragment(self) -> Fragment:
        if self.accept("on"):
            return Fragment(self.name(), self.selections())
        if self.kind == "name":
            return Fragment(None, name=self.name())
        return Fragment(None, self.selections())

    def _field(self) -> Field:
        at, name = self.at, self.name()
        key, name = (name, self.name()) if self.accept(":") else (name, name)
        arguments = {}
        if self.accept("("):
            while not self.accept(")"):
                argument = self.name()
                self.expect(":")
                arguments[argument] = self.value()
        return Field(key, name, arguments, self.selections() if self.word == "{" else (), at)

    def value(self) -> Any:
        """Read a value; the words of enumerations become text."""
        if self.accept("$"):
            return Variable(self.name())
        if self.accept("["):
            items = []
            while not self.accept("]"):
                items.append(self.value())
            return items
        if self.accept("{"):
            entries = {}
            while not self.accept("}"):
                key = self.name()
                self.expect(":")
                entries[key] = self.value()
            return entries
        if self.kind == "name":
            word = self.take()
            return {"true": True, "false": False, "null": None}.get(word, word)
        return json.loads(self.take()) if self.kind in ("number", "text") else self.fail()
