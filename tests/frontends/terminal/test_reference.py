"""The reference pages say everything of commands and settings."""

from typing import Annotated

import pytest
from pydantic import BaseModel, Field

from bot.core.command import Arg, Command, Context, NoArgs
from bot.core.people import Role
from bot.core.reply import Reply
from bot.core.values import Json
from bot.frontends.terminal import reference


class Args(BaseModel):
    """What is granted to whom."""

    user: Annotated[str, Arg("USER", positional=True)]
    span: Annotated[str | None, Arg("DURATION")] = Field(None, alias="for", description="how long")


async def run(_args: BaseModel, _context: Context) -> Reply:
    """Answer nothing."""
    return Reply(title="")


COMMANDS = (
    Command("grant-push", "Give somebody push.", Args, run, ("grant-push organiser-1",), group="Access"),
    Command("owners", "Say who decides", NoArgs, run, role=Role.READER, group="People"),
)

SCHEMA: Json = {
    "$defs": {
        "Slack": {
            "type": "object",
            "required": ["team_id"],
            "properties": {
                "team_id": {"type": "string", "description": "Ours | not theirs."},
                "app_id": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
                "token": {"type": "string", "format": "reference"},
            },
        },
        "Rule": {
            "type": "object",
            "properties": {
                "needs": {"enum": [1, 2], "default": 1, "type": "integer"},
                "wait": {"type": "string", "format": "span", "default": "0m"},
                "loud": {"type": "boolean", "default": False},
            },
        },
    },
    "properties": {
        "url": {"type": "string", "default": "x", "description": "Where."},
        "slack": {
            "anyOf": [{"$ref": "#/$defs/Slack"}, {"type": "null"}],
            "default": None,
            "description": "The app.",
        },
        "rules": {
            "type": "array",
            "items": {"$ref": "#/$defs/Rule"},
            "default": [],
            "description": "Who decides.",
        },
        "names": {"type": "array", "items": {"type": "string"}, "description": "Names."},
        "services": {"type": "object", "additionalProperties": {}, "description": "Services."},
    },
}


def test_each_command_is_on_its_page() -> None:
    """Usage, summary, who may, options and an example of each, by group."""
    page = reference.commands_page(COMMANDS)
    assert (
        "## Access\n\n### `grant-push USER [--for DURATION]`\n\nGive somebody push. For organisers." in page
    )
    assert "- `--for`: how long" in page
    assert "```\n/infra grant-push organiser-1\n```" in page
    assert "## People\n\n### `owners`\n\nSay who decides. For anybody in our list.\n" in page


@pytest.mark.parametrize(
    "line",
    [
        "Where. (text; `x`)",
        "| `slack.team_id` | text | needed | Ours \\| not theirs. |",
        "| `slack.app_id` | text |  |  |",
        "| `slack.token` | reference to a secret |  |  |",
        "| `rules[].needs` | `1` or `2` | `1` |  |",
        "| `rules[].wait` | duration, such as `72h` | `0m` |  |",
        "| `rules[].loud` | true or false | `false` |  |",
        "Names. (list of text)",
        "Services. (section)",
    ],
)
def test_each_key_is_on_its_page(line: str) -> None:
    """Key, type, default and meaning of each, through references, unions and lists."""
    assert line in reference.settings_page(SCHEMA).splitlines()
