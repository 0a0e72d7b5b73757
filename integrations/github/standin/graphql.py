"""POST /graphql: checks a query against the schema, weighs it, answers it; errors come with 200."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from .edge import Answer, Call, Route
from .query import Document, Field, Operation, ParseError, Selections, Variable, parse
from .schema import SCHEMA, UNIONS, Edge, FieldError, View
from .schema import Field as Known
from .shapes import stamp

MOST_NODES = 500_000
MOST_ITEMS = 100
SCALARS: dict[str, type | tuple[type, ...]] = {"String": str, "ID": (str, int), "Int": int, "Boolean": bool}
Errors = list[dict[str, Any]]


@dataclass(frozen=True)
class Page:
    """A part of a connection."""

    total: int
    edges: list[Edge]
    info: dict[str, Any]


@dataclass(frozen=True)
class Root:
    """Where a query starts."""

    rate_limit: dict[str, Any]


def graphql(call: Call) -> Answer:
    """Answer a query; a query that does not fit the schema gets errors and no data."""
    text, variables = call.body.get("query"), call.body.get("variables") or {}
    if not isinstance(text, str):
        return _refused("A query attribute must be specified and must be a string.")
    try:
        document = parse(text)
    except ParseError as error:
        return _refused(str(error), locations=[_place(error.at)])
    operation = _operation(document, call.body.get("operationName"))
    if operation is None:
        return _refused("An operation name is required")
    if operation.kind != "query":
        return _refused(f"{operation.kind.title()}s are not offered here.")
    check = _Check(call, document, operation, variables)
    if check.errors:
        return Answer(200, {"errors": check.errors})
    run = _Run(View(call.world, call.caller), document, check.variables)
    data = run.object("Query", Root(_rate(call, check)), operation.selections, [])
    return Answer(200, {"data": data} | ({"errors": run.errors} if run.errors else {}), cost=check.cost)


def _refused(message: str, **more: Any) -> Answer:
    return Answer(200, {"errors": [{"message": message, **more}]})


def _operation(document: Document, name: str | None) -> Operation | None:
    found = [each for each in document.operations if name in (None, each.name)]
    return found[0] if len(found) == 1 else None


def _rate(call: Call, check: "_Check") -> dict[str, Any]:
    meter = call.world.meter
    used = meter.used("graphql") + check.cost
    return {
        "cost": check.cost,
        "limit": meter.limit,
        "nodeCount": check.nodes,
        "used": used,
        "remaining": max(0, meter.limit - used),
        "resetAt": stamp(meter.reset("graphql")),
    }


def _place(at: tuple[int, int]) -> dict[str, int]:
    return {"line": at[0], "column": at[1]}


def _filled(value: Any, variables: Mapping[str, Any]) -> Any:
    """Return a value with its variables put in."""
    if isinstance(value, Variable):
        return variables.get(value.name)
    if isinstance(value, dict):
        return {key: _filled(each, variables) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, variables) for each in value]
    return value


def _arguments(field: Field, variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments that are there: null is the same as left out."""
    filled = {name: _filled(value, variables) for name, value in field.arguments.items()}
    return {name: value for name, value in filled.items() if value is not None}


def _names(value: Any) -> set[str]:
    """Return the variables a value uses."""
    if isinstance(value, Variable):
        return {value.name}
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return {name for part in parts for name in _names(part)}


class _Check:
    """Finds what is wrong with a query, and what it costs."""

    def __init__(
        self, call: Call, document: Document, operation: Operation, given: Mapping[str, Any]
    ) -> None:
        self.errors: Errors = []
        self.nodes = 0
        self._requests = 0
        self._call = call
        self._document = document
        self._used: set[str] = set()
        self.variables = {
            name: given.get(name, default) for name, (_, default) in operation.variables.items()
        }
        self._types(operation)
        self._walk(
            "Query", operation.selections, [f"query {operation.name}" if operation.name else "query"], 1
        )
        self._balance(operation)
        if self.nodes > MOST_NODES:
            message = f"This query requests up to {self.nodes:,} possible nodes; the maximum is 500,000."
            self.errors.append({"type": "MAX_NODE_LIMIT_EXCEEDED", "message": message})

    @property
    def cost(self) -> int:
        """Points of the hourly allowance: requests for connections by the hundred."""
        return max(1, round(self._requests / 100))

    def _types(self, operation: Operation) -> None:
        for name, (kind, _) in operation.variables.items():
            value, wanted = self.variables[name], SCALARS.get(kind.rstrip("!"))
            missing = value is None and kind.endswith("!")
            if missing or (value is not None and wanted and not isinstance(value, wanted)):
                message = f"Variable ${name} of type {kind} was provided invalid value"
                self.errors.append({"message": message, "extensions": {"value": value}})

    def _balance(self, operation: Operation) -> None:
        who, declared = operation.name or "anonymous query", operation.variables.keys()
        problems = [
            f"Variable ${name} is declared by {who} but not used" for name in sorted(declared - self._used)
        ]
        problems += [
            f"Variable ${name} is used by {who} but not declared" for name in sorted(self._used - declared)
        ]
        self.errors += [{"message": problem} for problem in problems]

    def _walk(self, kind: str, selections: Selections, path: list[str], times: int) -> None:
        for each in selections:
            if isinstance(each, Field):
                self._field(kind, each, [*path, each.key], times)
                continue
            fragment = self._document.fragments.get(each.name) if each.name else each
            if fragment is None:
                self._wrong(f"Fragment {each.name} was used, but not defined", "useAndDefineFragment", path)
            elif fragment.on and fragment.on not in SCHEMA:
                self._wrong(
                    f"No such type {fragment.on}, so it can't be a fragment condition", "undefinedType", path
                )
            else:
                self._walk(fragment.on or kind, fragment.selections, path, times)

    def _field(self, kind: str, field: Field, path: list[str], times: int) -> None:
        self._used |= _names(dict(field.arguments))
        if field.name == "__typename":
            return
        known = SCHEMA[kind].get(field.name)
        if known is None:
            message = f"Field '{field.name}' doesn't exist on type '{kind}'"
            self._wrong(message, "undefinedField", path, field, typeName=kind, fieldName=field.name)
            return
        if bool(known.of) != bool(field.selections):
            message = (
                f"Field must have selections (field '{field.name}' returns {known.of} but has no selections.)"
            )
            bare = f"Selections can't be made on scalars (field '{field.name}')"
            self._wrong(message if known.of else bare, "selectionMismatch", path, field)
            return
        self._check_arguments(field, known, path)
        self._check_scope(field, known)
        if known.connection:
            times *= self._pages(field, path, times)
        self._walk(known.of, field.selections, path, times)

    def _check_arguments(self, field: Field, known: Known, path: list[str]) -> None:
        for name in field.arguments.keys() - known.args.keys():
            self._wrong(
                f"Field '{field.name}' doesn't accept argument '{name}'", "argumentNotAccepted", path, field
            )
        values = _arguments(field, self.variables)
        for name, words in known.args.items():
            if words == ("!",):
                if name not in field.arguments:
                    message = f"Field '{field.name}' is missing required arguments: {name}"
                    self._wrong(message, "missingRequiredArguments", path, field)
            elif words and name in values and values[name] not in words:
                message = f"Argument '{name}' on Field '{field.name}' has an invalid value ({values[name]})."
                self._wrong(message, "argumentLiteralsIncompatible", path, field)

    def _check_scope(self, field: Field, known: Known) -> None:
        caller = self._call.caller
        if known.scope and known.scope not in caller.scopes and not caller.app:
            held = ", ".join(f"'{scope}'" for scope in self._call.world.scopes)
            message = (
                "Your token has not been granted the required scopes to execute this query. "
                f"The '{field.name}' field requires one of the following scopes: ['{known.scope}'], "
                f"but your token has only been granted the: [{held}] scopes."
            )
            self.errors.append(
                {"type": "INSUFFICIENT_SCOPES", "locations": [_place(field.at)], "message": message}
            )

    def _pages(self, field: Field, path: list[str], times: int) -> int:
        """Count a connection; return how many items it may have."""
        asked = _arguments(field, self.variables)
        size = asked.get("first", asked.get("last"))
        self._requests += times
        if not isinstance(size, int):
            bounds = "You must provide a `first` or `last` value to properly paginate"
            message = f"{bounds} the `{field.name}` connection."
            self._refuse("MISSING_PAGINATION_BOUNDARIES", message, path, field)
            return 1
        if not 1 <= size <= MOST_ITEMS:
            asked_for = f"Requesting {size} records on the `{field.name}` connection"
            message = f"{asked_for} exceeds the `first` limit of {MOST_ITEMS} records."
            self._refuse("EXCESSIVE_PAGINATION", message, path, field)
            return 1
        self.nodes += times * size
        return size

    def _refuse(self, kind: str, message: str, path: list[str], field: Field) -> None:
        self.errors.append(
            {"type": kind, "path": path[1:], "locations": [_place(field.at)], "message": message}
        )

    def _wrong(
        self, message: str, code: str, path: list[str], field: Field | None = None, **more: str
    ) -> None:
        locations = [_place(field.at)] if field else []
        extensions = {"code": code, **more}
        self.errors.append(
            {"path": path, "extensions": extensions, "locations": locations, "message": message}
        )


class _Run:
    """Answers a query that was found right."""

    def __init__(self, view: View, document: Document, variables: Mapping[str, Any]) -> None:
        self.errors: Errors = []
        self._view = view
        self._document = document
        self._variables = variables

    def object(self, kind: str, thing: Any, selections: Selections, path: list[str | int]) -> dict[str, Any]:
        """Return the selected fields of one object."""
        kind = UNIONS[kind][type(thing)] if kind in UNIONS else kind
        answer: dict[str, Any] = {}
        for each in selections:
            if isinstance(each, Field):
                answer[each.key] = self._value(kind, thing, each, [*path, each.key])
                continue
            fragment = self._document.fragments[each.name] if each.name else each
            if fragment.on in (None, kind):
                answer |= self.object(kind, thing, fragment.selections, path)
        return answer

    def _value(self, kind: str, thing: Any, field: Field, path: list[str | int]) -> Any:
        if field.name == "__typename":
            return kind
        known = SCHEMA[kind][field.name]
        arguments = _arguments(field, self._variables)
        try:
            value = known.resolve(self._view, thing, arguments)
            if known.connection and value is not None:
                value = _cut(value, arguments)
        except FieldError as error:
            place = {"path": path, "locations": [_place(field.at)]}
            self.errors.append({"type": error.type, **place, "message": str(error)})
            return None
        if not known.of or value is None:
            return value
        if isinstance(value, list):
            return [
                self.object(known.of, each, field.selections, [*path, at]) for at, each in enumerate(value)
            ]
        return self.object(known.of, value, field.selections, path)


def _cut(edges: list[Edge], asked: Mapping[str, Any]) -> Page:
    """Return the asked part of a connection; a cursor is a place in it."""
    start = _index(asked["after"]) + 1 if "after" in asked else 0
    end = _index(asked["before"]) if "before" in asked else len(edges)
    if "first" in asked:
        end = min(end, start + asked["first"])
    else:
        start = max(start, end - asked["last"])
    shown = [replace(edge, cursor=_cursor(at)) for at, edge in enumerate(edges[start:end], start)]
    info = {
        "hasNextPage": end < len(edges),
        "hasPreviousPage": start > 0,
        "startCursor": shown[0].cursor if shown else None,
        "endCursor": shown[-1].cursor if shown else None,
    }
    return Page(len(edges), shown, info)


def _cursor(at: int) -> str:
    return b64encode(f"cursor:v2:{at}".encode()).decode()


def _index(cursor: str) -> int:
    try:
        return int(b64decode(str(cursor)).rpartition(b":")[2])
    except ValueError:
        raise FieldError(
            "INVALID_CURSOR_ARGUMENTS", f"`{cursor}` does not appear to be a valid cursor."
        ) from None


ROUTES = (Route("POST", "/graphql", graphql, resource="graphql"),)
