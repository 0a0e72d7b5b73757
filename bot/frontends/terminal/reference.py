"""The reference pages: commands from the command table, settings from their schema."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from pydantic import JsonValue

from bot.core.command import Command
from bot.core.grammar import usage
from bot.core.people import listed
from bot.core.values import Json
from bot.core.vendor import Right

_MADE = "<!-- Made by `infra docs`; `make check` fails when it is out of date. -->"
_COMMANDS = f"""\
# Commands

{_MADE}

Type them in Slack behind `/infra`, to the bot in a direct message, or in a terminal as `infra ask "…"`.
A bare word means `show`. Words after `because` are the reason that owners read. A command answers, or it
files a request that owners decide on; nothing changes before."""
_CONFIGURATION = f"""\
# Configuration

{_MADE}

`config/default.yaml` holds what is the same everywhere. A deployment's own file is read after it and
wins key by key: the file named by `INFRA_CONFIG`, else the text in `INFRA_CONFIG_YAML`, else
`config/local.yaml` of the folder where `infra` is run, else that of the checkout. Last come the variables
`DATABASE_URL`, `PORT` and `INFRA_LOG_LEVEL`. An empty key takes away what an earlier file said. A mistake
stops the bot at start, with file, line, key and the nearest known key.

A *reference to a secret* is `env:NAME`, `keyring:service/name` or `op://vault/item/field`; secrets
themselves are refused. `infra secrets list` says which are there. One that nothing needs may be missing:
it is then as good as left out.

For completion and checks in an editor, begin the file with `# yaml-language-server:
$schema=schema.json`."""
RIGHTS = ("<!-- Rights: made by `infra docs`. -->", "<!-- End of the rights. -->")
_ROLES = {"reader": "anybody in our list", "organiser": "organisers", "owner": "owners"}
_KINDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "array": "list",
    "object": "section",
}
_FORMATS = {
    "span": "duration, such as `72h`",
    "reference": "reference to a secret",
    "zoneinfo": "time zone",
    "time": "time of day",
}


def commands_page(commands: Sequence[Command[Any]]) -> str:
    """Return the page of everything people can ask."""
    lines = [_COMMANDS]
    for group, members in groupby(commands, key=lambda command: command.group):
        lines += [f"## {group}", *(_command(command) for command in members)]
    return "\n\n".join(lines) + "\n"


def settings_page(schema: Json) -> str:
    """Return the page of every key of the settings."""
    definitions = _section(schema.get("$defs", {}))
    lines = [_CONFIGURATION]
    for name, node in _section(schema["properties"]).items():
        lines += [f"## `{name}`", *_settings(name, _section(node), definitions)]
    return "\n\n".join(lines) + "\n"


def with_rights(page: str, rights: Sequence[Right]) -> str:
    """Return *page* with the table of *rights* between its marks, or at its end when it has none."""
    begin, end = RIGHTS
    before, _, rest = page.partition(begin)
    rows = [f"| {each.of} | `{each.name}` | {_cell(each.why)} |" for each in rights]
    table = "\n".join(["| of | right | what it is for |", "|---|---|---|", *rows])
    return f"{before}{begin}\n\n{table}\n\n{end}{rest.partition(end)[2]}"


def _command(command: Command[Any]) -> str:
    parts = [f"### `{usage(command)}`", f"{command.summary.rstrip('.')}. For {_ROLES[command.role.value]}."]
    parts += [f"- `--{name}`: {text}" for name, text in _options(command)]
    if command.examples:
        parts.append("```\n" + "\n".join(f"/infra {example}" for example in command.examples) + "\n```")
    return "\n\n".join(parts)


def _options(command: Command[Any]) -> Iterator[tuple[str, str]]:
    for name, field in command.args.model_fields.items():
        if field.description:
            yield field.alias or name, field.description


def _settings(name: str, node: Json, definitions: Json) -> Iterator[str]:
    """Yield what is said of one top-level key: its description, then a table of the keys below."""
    described = _text(node) or _text(_resolved(node, definitions)[0])
    rows = list(_rows(name, node, definitions))
    kind, default = _kind(node, definitions), _default(node)
    if not rows:
        yield f"{described} ({kind}{f'; {default}' if default else ''})"
        return
    yield described
    yield "\n".join(["| key | type | default | meaning |", "|---|---|---|---|", *rows])


def _rows(above: str, node: Json, definitions: Json) -> Iterator[str]:
    """Yield a table row for each key below *above*."""
    found, each = _resolved(node, definitions)
    needed = found.get("required") or []
    for name, value in _section(found.get("properties", {})).items():
        part = _section(value)
        key = f"{above}{'[]' if each else ''}.{name}"
        below = list(_rows(key, part, definitions))
        if below:
            yield from below
            continue
        default = _default(part) or ("needed" if isinstance(needed, list) and name in needed else "")
        yield f"| `{key}` | {_kind(part, definitions)} | {default} | {_cell(_text(part))} |"


def _resolved(node: Json, definitions: Json) -> tuple[Json, bool]:
    """Return the schema that *node* stands for, and whether it is that of each item of a list."""
    if "items" in node:
        return _resolved(_section(node["items"]), definitions)[0], True
    if isinstance(several := node.get("anyOf"), list):
        return _resolved(_section(several[0]), definitions)
    if isinstance(reference := node.get("$ref"), str):
        return _section(definitions[reference.rpartition("/")[2]]), False
    return node, False


def _kind(node: Json, definitions: Json) -> str:
    if isinstance(several := node.get("anyOf"), list):
        kinds = [_kind(_section(one), definitions) for one in several if one != {"type": "null"}]
        return " or ".join(kinds)
    if "items" in node:
        kind = _kind(_section(node["items"]), definitions)
        return "list" if kind == "section" else f"list of {kind}"
    found, _ = _resolved(node, definitions)
    if isinstance(values := found.get("enum"), list):
        return listed((f"`{value}`" for value in values), "or")
    return _FORMATS.get(str(found.get("format"))) or _KINDS.get(str(found.get("type")), "anything")


def _default(node: Json) -> str:
    value: JsonValue = node.get("default")
    if value is None or value in ("", [], {}):
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _text(node: Json) -> str:
    return str(node.get("description") or "")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _section(value: JsonValue) -> Json:
    """Return *value*, which the schema has as an object."""
    return value if isinstance(value, dict) else {}
