"""The JSON Schema for editors agrees with what is read."""

from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest
import yaml

from bot.core.duration import duration
from config.schema import compact, json_schema
from tests.config.sample import SAMPLE, VENDORS

SCHEMA = json_schema(VENDORS)
CONFIG = Path(__file__).parents[2] / "config"


def complaints(text: str) -> list[str]:
    """Return what an editor would mark."""
    validator = jsonschema.Draft202012Validator(SCHEMA)
    return [error.message for error in validator.iter_errors(yaml.safe_load(text))]


def test_it_is_a_schema() -> None:
    """The schema keeps to the standard's own schema."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    "text", [SAMPLE, (CONFIG / "example.yaml").read_text(), (CONFIG / "default.yaml").read_text()]
)
def test_what_is_read_is_not_marked(text: str) -> None:
    """An editor marks nothing in a file that loads."""
    assert complaints(text) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("bot_token", "bot_tokn"),
        ("8080", "eighty"),
        ("env:GITHUB_TOKEN", "ghp_abc"),
        ("role: owner", "role: boss"),
        ("github:\n", "githb:\n"),
        ("people:\n", "policy: {request_expires: three days}\npeople:\n"),
    ],
)
def test_mistakes_are_marked(old: str, new: str) -> None:
    """An editor marks what would be refused at start."""
    assert complaints(SAMPLE.replace(old, new))


@pytest.mark.parametrize("text", ["0m", "15m", "72h", "25h", "14d", "366d", "90m"])
def test_durations_are_written_as_they_are_read(text: str) -> None:
    """A default in the schema reads back as the same duration."""
    assert duration(compact(duration(text))) == duration(text)
    assert compact(timedelta(hours=72)) == "72h"
