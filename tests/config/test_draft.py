"""The deployment's own file while it is written, and the file of secrets."""

from pathlib import Path

import pytest

from bot.core.errors import ConfigurationError
from config import load
from config.draft import Draft, SecretsFile
from config.loading import mistake
from config.settings import shape
from tests.config.sample import SAMPLE, TOKENS, VENDORS

MODEL = shape(VENDORS)


def draft(file: Path, **given: str) -> Draft:
    """Return the draft of a file; in keys ``__`` stands for dots."""
    return Draft.of({"INFRA_CONFIG": str(file)}, MODEL, {k.replace("__", "."): v for k, v in given.items()})


def test_each_answer_is_kept_at_once(tmp_path: Path) -> None:
    """Whoever stops finds what was answered, and a first line that says so until it is complete."""
    file = tmp_path / "config" / "local.yaml"
    first = draft(file, slack__transport="socket")
    assert not file.exists()
    first.set("slack.team_id", "T1")
    first.set("organisation.name", "PyCon Ü")
    again = draft(file)
    assert (again.get("slack.team_id"), again.get("organisation.name")) == ("T1", "PyCon Ü")
    assert (again.get("slack.transport"), again.get("slack.app_id"), again.foreign) == ("socket", None, False)
    again.set("slack.team_id", None)
    again.finish()
    assert "team_id" not in file.read_text()
    assert "not through" not in file.read_text()
    assert [path.name for path in file.parent.iterdir()] == ["local.yaml"]


def test_a_file_of_somebody_elses_is_copied_before_it_changes(tmp_path: Path) -> None:
    """What init did not write is foreign: it is left alone when complete, and kept beside when adopted."""
    file = tmp_path / "local.yaml"
    file.write_text(f"# mine\n{SAMPLE}")
    found = draft(file)
    assert found.foreign
    found.finish()
    assert file.read_text() == f"# mine\n{SAMPLE}"
    assert found.adopt().read_text() == f"# mine\n{SAMPLE}"
    found.set("server.port", 1)
    assert load(VENDORS, {**TOKENS, "INFRA_CONFIG": str(file)}).server.port == 1


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("slack.teem_id", "T1", "is not a known key"),
        ("slack.team_id", "organisers", "must be the ID of the workspace"),
        ("slack.bot_token", "hunter2", "holds a secret in plain text"),
    ],
)
def test_what_is_given_wrong_is_told_before_anything_is_asked(
    tmp_path: Path, key: str, value: str, said: str
) -> None:
    """A mistake in the file or on the command line is named; a lack is none."""
    with pytest.raises(ConfigurationError, match=said) as raised:
        Draft.of({"INFRA_CONFIG": str(tmp_path / "x")}, MODEL, {key: value})
    assert f"--set {key}" in raised.value.message


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("organisation.timezone", "Europe/Londn", "is not a time zone"),
        ("server.public_url", "bot.example.org", "must be a web address"),
        ("organisation.name", "xoxb-123", "looks like a secret"),
        ("organisation.nick", "x", "is not a known key"),
    ],
)
def test_one_answer_is_judged_by_itself(key: str, value: str, said: str) -> None:
    """What is wrong with it is said though all else is missing; what is right passes."""
    found = mistake(MODEL, key, value)
    assert found
    assert said in found.message
    assert mistake(MODEL, "organisation.timezone", "Europe/London") is None


def test_the_folder_in_which_it_runs_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of one's own has its own configuration."""
    monkeypatch.chdir(tmp_path)
    assert str(Draft.of({}, MODEL, {}).file) == "config/local.yaml"
    Draft.of({}, MODEL, {}).set("organisation.name", "Here")
    assert load(VENDORS, {}).organisation.name == "Here"


def test_secrets_are_for_ones_own_eyes(tmp_path: Path) -> None:
    """A secret replaces the one before it, other lines stay, and nobody else may read the file."""
    file = tmp_path / ".env"
    file.write_text("# mine\nexport OTHER='a b'\nODD='\n")
    secrets = SecretsFile(file)
    secrets.put("SLACK_BOT_TOKEN", "one")
    secrets.put("SLACK_BOT_TOKEN", "two\\nlines")
    assert secrets.read() == {"OTHER": "a b", "ODD": "'", "SLACK_BOT_TOKEN": "two\\nlines"}
    assert file.read_text().startswith("# mine\n")
    assert file.stat().st_mode & 0o777 == 0o600
    assert SecretsFile(tmp_path / "none").read() == {}
