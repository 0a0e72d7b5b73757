"""The grammar of lines: words, then arguments, derived from each command's args."""

import argparse
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NoReturn

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from bot.core.command import Arg, Command
from bot.core.errors import UsageError
from bot.core.names import suggestion

LONGEST_LINE = 2000
_WRONG = {  # what pydantic calls a mistake, in words for people
    "int_parsing": "must be a whole number",
    "date_parsing": "must be a date, such as 2026-09-18",
    "date_from_datetime_parsing": "must be a date, such as 2026-09-18",
}
_BECAUSE = re.compile(r"(?:^|\s)because(?:\s+|$)", re.IGNORECASE)


@dataclass(frozen=True)
class Said:
    """A line understood: the command, its arguments, and the words after *because*."""

    command: Command[Any]
    args: BaseModel
    reason: str


def understand(line: str, commands: Sequence[Command[Any]]) -> Said:
    """Return what *line* says; raise UsageError naming the problem, usage and an example."""
    if len(line) > LONGEST_LINE:
        raise UsageError(
            f"That line has {len(line)} characters; at most {LONGEST_LINE} are read.",
            "Say it in fewer words.",
        )
    order, reason = _cut(line)
    command, rest = _find(_tokens(order, commands), commands)
    return Said(command, parse(command, rest, commands), reason)


def _cut(line: str) -> tuple[str, str]:
    """Return the order and its reason: what follows the first *because* outside of quotation marks."""
    found = [*_BECAUSE.finditer(line)]
    if not found:
        return line, ""
    because = next((each for each in found if _closed(line[: each.start()])), found[0])
    return line[: because.start()], line[because.end() :].strip()


def _closed(order: str) -> bool:
    """Return whether each quotation mark is closed."""
    try:
        shlex.split(order)
    except ValueError:
        return False
    return True


def _tokens(order: str, commands: Sequence[Command[Any]]) -> list[str]:
    try:
        return shlex.split(order)
    except ValueError:
        words = order.split()
    if words[0].lower() in {command.word for command in commands}:
        raise UsageError("A quotation mark is not closed.", "Close it, or leave it out.")
    return words  # a sentence with an apostrophe: it is its first word that is not known


def _find(tokens: Sequence[str], commands: Sequence[Command[Any]]) -> tuple[Command[Any], Sequence[str]]:
    """Return the command that *tokens* name, and the tokens left; a bare word means ``show``."""
    if not tokens:
        raise UsageError("Say what you need.", "`help` lists what you can ask.")
    word, verbs = tokens[0].lower(), {c.verb: c for c in commands if c.word == tokens[0].lower()}
    if not verbs:
        raise UsageError(
            f"I do not know `{word[:40]}`.",
            suggestion(word, {c.word for c in commands}) or "`help` lists all.",
        )
    verb = tokens[1].lower() if len(tokens) > 1 else ""
    if verb and verb in verbs:
        return verbs[verb], tokens[2:]
    bare = verbs.get("") or verbs.get("show")
    if bare is None:
        raise UsageError(f"`{word}` needs a verb: {', '.join(sorted(verbs))}.", _usages(verbs.values()))
    return bare, tokens[1:]


def _usages(commands: Any) -> str:
    return "\n".join(f"`{usage(command)}`" for command in commands)


def parse(command: Command[Any], tokens: Sequence[str], commands: Sequence[Command[Any]] = ()) -> BaseModel:
    """Return the arguments that *tokens* say; UsageError names the argument."""
    try:
        said = vars(_parser(command).parse_args(list(tokens)))
        given = {key: value for key, value in said.items() if value is not None and value != []}
        args: BaseModel = command.args.model_validate(given)
    except UsageError as error:
        verbs = {c.verb for c in commands if c.word == command.word and c.verb}
        near = suggestion(tokens[0], verbs) if tokens else ""
        raise UsageError(error.message, near or hint(command)) from None
    except ValidationError as error:
        field, problem = _problem(command, error)
        raise UsageError(problem, hint(command), field) from None
    return args


def hint(command: Command[Any]) -> str:
    """Return usage and an example."""
    example = f"\nFor example: `{command.examples[0]}`" if command.examples else ""
    return f"Write: `{usage(command)}`{example}"


def _problem(command: Command[Any], error: ValidationError) -> tuple[str, str]:
    """Return the field that is wrong, if it is one, and what is wrong in words that begin with its name."""
    first = error.errors(include_url=False)[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    wrong = next(((key, f) for key, f in fields(command) if name in {key, f.alias}), None)
    named = label(*wrong) if wrong else command.path
    said = first["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
    why = _WRONG.get(first["type"], said.replace("Input should be", "must be"))
    return wrong[0] if wrong else "", f"{named}: {why}"


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message[:1].upper()}{message[1:300]}.")


@cache
def _parser(command: Command[Any]) -> _Parser:
    parser = _Parser(prog=command.path, add_help=False, allow_abbrev=False)
    for key, field in fields(command):
        arg = meta(field)
        kind: dict[str, Any] = {"default": None}
        if not arg.positional and field.annotation is bool:
            parser.add_argument(f"--{key}", dest=key, action="store_true", default=None)
            continue
        if arg.positional and many(field):
            kind["nargs"] = "+" if field.is_required() else "*"
        elif arg.positional and not field.is_required():
            kind["nargs"] = "?"
        elif not arg.positional:
            kind |= {"dest": key, "required": field.is_required()}
        metavar = label(key, field).removeprefix("--")
        parser.add_argument(key if arg.positional else f"--{key}", metavar=metavar, **kind)
    return parser


def fields(command: Command[Any]) -> list[tuple[str, FieldInfo]]:
    """Return the fields of a command by the names people write."""
    return [(field.alias or name, field) for name, field in command.args.model_fields.items()]


def meta(field: FieldInfo) -> Arg:
    """Return how *field* is written."""
    return next((m for m in field.metadata if isinstance(m, Arg)), Arg())


def many(field: FieldInfo) -> bool:
    """Return whether *field* takes all remaining words."""
    return getattr(field.annotation, "__origin__", None) in {tuple, list}


def label(key: str, field: FieldInfo) -> str:
    """Return what usage, and a mistake in it, calls a field: ``USER``, ``--for``."""
    arg = meta(field)
    return (arg.metavar or key.upper()) if arg.positional else f"--{key}"


def usage(command: Command[Any]) -> str:
    """Return how a command is written: ``grant-push USER REPO [--for DURATION]``."""
    parts = [command.path]
    for key, field in fields(command):
        arg, part = meta(field), label(key, field)
        if not arg.positional and field.annotation is not bool:
            part += f" {arg.metavar or key.upper()}"
        if many(field):
            part += " …"
        parts.append(part if field.is_required() else f"[{part}]")
    return " ".join(parts)


def line(command: Command[Any], given: Mapping[str, Sequence[str]], reason: str = "") -> str:
    """Return the line that says *command* with the words *given* for its fields; a flag has none."""
    words, options = [command.path], list[str]()
    for key, field in fields(command):
        said = [_quoted(word) for word in given.get(key, ())]
        if meta(field).positional:
            words += said
        elif key in given:
            options += [f"--{key}", *said]
    because = ["because", reason] if reason else []
    return " ".join([*words, *options, *because])


def _quoted(word: str) -> str:
    return f"'{word}'" if _BECAUSE.fullmatch(word) else shlex.quote(word)


def changed(text: str, commands: Sequence[Command[Any]], key: str, word: str) -> str:
    """Return the line *text* with another *word* for the option *key*."""
    order, reason = _cut(text)
    command, rest = _find(_tokens(order, commands), commands)
    said = vars(_parser(command).parse_args(list(rest)))
    given = {name: _words(value) for name, value in said.items() if value not in (None, [])}
    return line(command, given | {key: [word]}, reason)


def _words(said: object) -> list[str]:
    """Return the words that were said for one field; a flag has none."""
    if isinstance(said, list):
        return said
    return [said] if isinstance(said, str) else []
