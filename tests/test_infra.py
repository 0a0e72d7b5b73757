"""The ``infra`` command: what it says, and with which exit code it ends."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend

from bot.__main__ import _bug, main
from bot.app import vendor_settings
from bot.core.errors import ConfigurationError
from bot.frontends.terminal.reference import RIGHTS
from config import load, outline
from integrations import VENDORS

ROOT = Path(__file__).parents[1]
CONFIG = """\
database_url: sqlite:///{}/infra.db
people: [{{name: Charlie, role: owner}}, {{name: Cory, role: owner}}]
"""
SLACK = """\
slack:
  team_id: T0000000000
  bot_token: keyring:infra/slack
  signing_secret: env:SLACK_SIGNING_SECRET
  channels: {approvals: C0000000001}
"""


class Drawer(KeyringBackend):
    """A keyring of the test's own."""

    priority = 1.0

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture(autouse=True)
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give a configuration without Slack, and nothing else in the environment."""
    for name in ("INFRA_CONFIG", "DATABASE_URL", "PORT", "INFRA_LOG_LEVEL", "DYNO", "SLACK_SIGNING_SECRET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("INFRA_CONFIG_YAML", CONFIG.format(tmp_path))


@pytest.fixture
def drawer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Drawer:
    """Give a keyring that the command finds as the machine's, and a place for a database."""
    drawer = Drawer()
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/infra.db")
    monkeypatch.setattr("keyring.core._keyring_backend", drawer)
    return drawer


def said(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    """Return the exit code of a run, its output and its complaints."""
    code = main(argv)
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return code, out, err


def test_a_wrong_configuration_ends_with_2(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message has file, line and key; the hint is below it; no trace."""
    monkeypatch.setenv("INFRA_CONFIG_YAML", "server:\n  prt: 1")
    assert said(capsys, "check") == (
        2,
        "",
        "INFRA_CONFIG_YAML:2: `server.prt` is not a known key\nDid you mean `port`?\n",
    )


def test_a_line_that_is_not_understood_ends_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    """The terminal suggests the nearest word."""
    code, _, err = said(capsys, "ask", "peeple")
    assert code == 2
    assert "Did you mean `people`?" in err


def test_what_is_refused_ends_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody who is not in the list may not ask."""
    code, _, err = said(capsys, "ask", "--as", "nobody", "people")
    assert code == 1
    assert "nobody is not in our list" in err


def test_a_question_is_answered_without_slack(capsys: pytest.CaptureFixture[str]) -> None:
    """The terminal needs a database and nothing else."""
    code, out, _ = said(capsys, "ask", "--as", "charlie", "people")
    assert code == 0
    assert "Charlie" in out


def test_costs_are_estimated_in_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """The organisers' example comes out to the penny, and says that it is one; no quotes are needed."""
    line = "costs estimate --tickets 300 --price 200 --tariff 2016"
    code, out, _ = said(capsys, "ask", "--as", "charlie", *line.split())
    assert code == 0
    assert said(capsys, "ask", "--as", "charlie", line) == (0, out, "")
    assert "between £3,176.46 and £3,600.00" in out
    assert "example figures, not actual sales" in out


def test_a_file_that_cannot_be_written_ends_with_1(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """What the system refuses is said in its words."""
    code, _, err = said(capsys, "audit", "export", "--out", str(tmp_path / "absent" / "journal"))
    assert code == 1
    assert "No such file or directory" in err


def test_the_journal_is_verified_and_exported(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Both work on a laptop without a single secret."""
    assert said(capsys, "migrate")[0] == 0
    assert said(capsys, "audit", "verify")[0] == 0
    assert "is no head of a journal" in said(capsys, "audit", "verify", "--head", "0123")[2]
    assert said(capsys, "audit", "export", "--out", str(tmp_path / "journal"))[0] == 0
    code, out, _ = said(capsys, "audit", "verify", str(tmp_path / "journal"))
    assert code == 0
    assert out.startswith("The journal is whole: 1 lines, head ")


def test_an_export_is_verified_offline(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """What does not fit is said and ends with 1; a head that is missing is found; no settings are read."""
    export = tmp_path / "journal.jsonl"
    export.write_bytes(b"")
    code, out, _ = said(capsys, "audit", "verify", str(export), "--head", "ab" * 32)
    assert code == 1
    assert "cut" in out
    export.write_bytes(b"\xff{}\n")
    code, out, _ = said(capsys, "audit", "verify", str(export))
    assert code == 1
    assert "a line after line 0 cannot be read" in out


def test_past_sales_are_imported_whole_or_not_at_all(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """What the file says is kept and journalled; a mistake is named by its line, and changes nothing."""
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("year,ticket,sold,price\n2015,Regular,112,165\n2015,Sponsor,23,\n2014,All,200,\n")
    bad.write_text("year,ticket,sold\n2015,Regular,112\n2013,All,-1\n")
    code, out, _ = said(capsys, "import-sales", str(good), "--as", "cory")
    assert code == 0
    assert "Ticket sales of 2015: 135 sold, 2 kinds (now: nothing known)" in out
    code, _, err = said(capsys, "import-sales", str(bad))
    assert code == 2
    assert "Line 3: `sold`: must be greater than or equal to 0, not '-1'." in err
    assert "Nothing needs to change" in said(capsys, "import-sales", str(good))[1]
    assert said(capsys, "import-sales", str(tmp_path / "none.csv"))[0] == 1
    journal = tmp_path / "journal"
    said(capsys, "audit", "export", "--out", str(journal))
    assert '"sales.season"' in journal.read_text()
    assert '"Cory"' in journal.read_text()
    assert '"2013"' not in journal.read_text()


def test_who_can_open_a_vault_is_imported(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Names of several listings are kept under the vault's name; what is no listing changes nothing."""
    users, owners, item = (tmp_path / f"{name}.json" for name in ("users", "owners", "item"))
    users.write_text('[{"name": "George", "email": "george@example.org"}]')
    owners.write_text('[{"name": "cory"}]')
    item.write_text('{"title": "Heroku", "fields": []}')
    code, out, _ = said(capsys, "import-vault", "Infrastructure", str(users), str(owners), "--as", "cory")
    assert code == 0
    assert "The vault Infrastructure opens for cory and George, as of" in out
    code, _, err = said(capsys, "import-vault", "Infrastructure", str(item))
    assert (code, "Delete that file" in err) == (2, True)


@pytest.mark.parametrize(
    "argv", [(), ("sreve",), ("secrets",), ("serve", "--port", "x"), ("manifest", "--url", "x", "--socket")]
)
def test_a_wrong_verb_ends_with_2_and_usage(
    capsys: pytest.CaptureFixture[str], argv: tuple[str, ...]
) -> None:
    """What is no verb shows how it is written."""
    with pytest.raises(SystemExit) as ended:
        main(argv)
    assert ended.value.code == 2
    assert "usage: infra" in capsys.readouterr().err


def test_the_manifest_is_printed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """For an address, for Socket Mode, or as the settings say, before any secret is there."""
    code, out, _ = said(capsys, "manifest", "--url", "https://bot.example.org")
    assert code == 0
    assert json.loads(out)["settings"]["socket_mode_enabled"] is False
    assert json.loads(said(capsys, "manifest", "--socket")[1])["settings"]["socket_mode_enabled"] is True
    code, _, err = said(capsys, "manifest")
    assert code == 2
    assert "--socket" in err
    monkeypatch.setenv("INFRA_CONFIG_YAML", SLACK + "server: {public_url: https://set.example.org}")
    assert "https://set.example.org/slack/events" in said(capsys, "manifest")[1]
    socket = SLACK.replace("team_id", "transport: socket\n  app_token: env:A\n  team_id")
    monkeypatch.setenv("INFRA_CONFIG_YAML", socket)
    assert json.loads(said(capsys, "manifest")[1])["settings"]["socket_mode_enabled"] is True


def test_secrets_are_listed_with_what_to_do(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, drawer: Drawer
) -> None:
    """Each reference, who holds it, whether it is there, and the remedy; never a value."""
    monkeypatch.setenv("INFRA_CONFIG_YAML", SLACK)
    code, out, _ = said(capsys, "secrets", "list")
    assert code == 1
    assert "slack.bot_token       keyring:infra/slack       this machine's keyring" in out
    assert "For slack.signing_secret, set SLACK_SIGNING_SECRET" in out
    drawer.set_password("infra", "slack", "hunter2")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "hunter3")
    code, out, _ = said(capsys, "secrets", "list")
    assert code == 0
    assert out.count("there") == 2
    assert "hunter" not in out


def test_how_old_a_secret_is_is_kept_when_it_is_set(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, drawer: Drawer, tmp_path: Path
) -> None:
    """It is listed as of today, due in a year; of another nobody said it; without a database it is told."""
    monkeypatch.setenv("INFRA_CONFIG_YAML", SLACK)
    assert "slack.signing_secret" in said(capsys, "secrets", "list")[1]
    monkeypatch.setattr("sys.stdin", io.StringIO("hunter2\n"))
    assert "once the bot runs" in said(capsys, "secrets", "set", "slack.bot_token")[1]
    said(capsys, "migrate")
    monkeypatch.setattr("sys.stdin", io.StringIO("hunter2\n"))
    assert said(capsys, "secrets", "set", "slack.bot_token")[0] == 0
    assert drawer.kept
    lines = {line.split()[0]: line for line in said(capsys, "secrets", "list")[1].splitlines() if line}
    assert "nobody said  unknown" in lines["slack.signing_secret"]
    assert re.search(r" {2}\d+ \w{3} \d{4}  \d+ \w{3} \d{4}$", lines["slack.bot_token"].rstrip())
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/infra.db/infra.db")
    monkeypatch.setattr("sys.stdin", io.StringIO("hunter2\n"))
    code, out, _ = said(capsys, "secrets", "set", "slack.bot_token")
    assert (code, "keys rotated slack.bot_token" in out) == (0, True)


@pytest.mark.parametrize("name", ["slack.bot_token", "keyring:infra/slack"])
def test_a_secret_is_kept_and_removed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, drawer: Drawer, name: str
) -> None:
    """By its key or its reference; what was typed is not shown."""
    monkeypatch.setenv("INFRA_CONFIG_YAML", SLACK)
    monkeypatch.setattr("sys.stdin", io.StringIO("hunter2\n"))
    code, out, err = said(capsys, "secrets", "set", name)
    assert (code, out.partition("\n")[0], err) == (0, "Kept keyring:infra/slack.", "")
    assert drawer.kept == {("infra", "slack"): "hunter2"}
    assert said(capsys, "secrets", "remove", name)[1] == "Removed keyring:infra/slack.\n"
    assert said(capsys, "secrets", "remove", name)[1] == "keyring:infra/slack was not there.\n"


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [
        ("slack.bot_token", "\n", "Nothing was typed."),
        ("slack.bot_tokn", "x", "Did you mean `slack.bot_token`?"),
        ("slack.signing_secret", "x", "`env:SLACK_SIGNING_SECRET` is not kept in the keyring."),
        ("op://vault/item/field", "x", "is not kept in the keyring"),
    ],
)
def test_a_secret_that_cannot_be_kept_is_told(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    drawer: Drawer,
    name: str,
    typed: str,
    message: str,
) -> None:
    """An empty one, an unknown key, one that lives elsewhere: nothing is changed."""
    monkeypatch.setenv("INFRA_CONFIG_YAML", SLACK)
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    code, _, err = said(capsys, "secrets", "set", name)
    assert code == 2
    assert message in err
    assert not drawer.kept


def test_pages_out_of_date_are_named_and_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """With --check nothing is written; without it the pages are, and are then up to date."""
    for folder in ("docs", "config"):
        (tmp_path / folder).mkdir()
    root = ("--root", str(tmp_path))
    code, out, _ = said(capsys, "docs", "--check", *root)
    assert code == 1
    assert out.splitlines() == [
        f"{name} is out of date: run `infra docs`."
        for name in ("docs/commands.md", "docs/configuration.md", "config/schema.json")
    ]
    assert said(capsys, "docs", *root)[0] == 0
    assert said(capsys, "docs", "--check", *root) == (0, "", "")
    (tmp_path / "docs/commands.md").write_text("")
    assert "docs/commands.md is out of date" in said(capsys, "docs", "--check", *root)[1]


def test_the_rights_are_written_between_their_marks(tmp_path: Path) -> None:
    """What people wrote around the table stays, and an older table goes."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "config").mkdir()
    page = tmp_path / "docs/security.md"
    page.write_text("\nby hand\n".join(("Before", *RIGHTS, "After")))
    assert main(["docs", "--root", str(tmp_path)]) == 0
    before, rest = page.read_text().split(RIGHTS[0])
    table, after = rest.split(RIGHTS[1])
    assert (before, after) == ("Before\nby hand\n", "\nby hand\nAfter")
    assert "| Slack app, scope | `chat:write` |" in table
    assert "| GitHub classic token | `admin:org` |" in table
    assert "by hand" not in table


def test_a_bug_is_told_without_its_trace(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it is and a reference; the text of the error, which may hold anything, only when asked for."""
    with pytest.raises(ValueError, match="hunter2") as raised:
        int("hunter2")
    message, hint = _bug(raised.value)
    assert "ValueError in test_infra.py" in message
    assert "hunter2" not in message + hint + capsys.readouterr().err
    monkeypatch.setenv("INFRA_LOG_LEVEL", "debug")
    _bug(raised.value)
    assert "hunter2" in capsys.readouterr().err


class Interrupted(io.TextIOBase):
    """A terminal at which somebody presses Ctrl-C."""

    def readline(self, _size: int = -1, /) -> str:  # type: ignore[override] # as typeshed has it for text
        raise KeyboardInterrupt


def test_ctrl_c_is_quiet(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, drawer: Drawer
) -> None:
    """An interrupted command ends with 130, says nothing and changes nothing."""
    monkeypatch.setattr("sys.stdin", Interrupted())
    assert said(capsys, "secrets", "set", "keyring:infra/slack") == (130, "", "")
    assert not drawer.kept


def test_a_reader_who_has_seen_enough_is_no_error() -> None:
    """Behind ``| head`` the command ends without a word."""
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "bot", "manifest", "--socket"]
    done = subprocess.run(command, cwd=ROOT, stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (1, b"")


def test_help_imports_nothing_heavy() -> None:
    """The command answers at once: no Slack, no database library before a verb needs it."""
    code = "import sys; from bot.__main__ import _parser; _parser(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not {"slack_bolt", "slack_sdk", "sqlalchemy", "aiohttp", "keyring", "pydantic"} & set(
        done.stdout.split()
    )


def test_the_committed_pages_are_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    """Commands and settings are in the docs as they are in the code."""
    assert said(capsys, "docs", "--check") == (0, "", "")


def test_the_example_fits_the_vendors_there_are() -> None:
    """What a maintainer copies needs nothing but its secrets, and no vendor ignores a mistyped key."""
    settings = outline(vendor_settings(), {"INFRA_CONFIG": str(ROOT / "config" / "example.yaml")})
    assert {"github", "dnsimple"} <= set(settings.integrations) <= {vendor.name for vendor in VENDORS}
    assert all(vendor.settings.model_config.get("extra") == "forbid" for vendor in VENDORS)


@pytest.mark.parametrize(
    ("identity", "said"),
    [
        ("", "1: `integrations.github` needs either `token` or `app`, and has neither"),
        ("token: env:T, app: {id: 1, private_key: env:K}", "needs either `token` or `app`, and has both"),
        ("token: env:T", "`integrations.github.token` is not there: env:T is empty or not set"),
        ("app: {id: 1, private_key: env:K}", "`integrations.github.app.private_key` is not there"),
        ("app: {id: 1}", "`integrations.github.app.private_key` is missing"),
    ],
)
def test_the_bot_is_one_identity_at_github(identity: str, said: str) -> None:
    """A token, or an App with its key: neither, both or an empty secret are told with place and key."""
    text = f"integrations: {{github: {{org: PyconUK, {identity}}}}}"
    with pytest.raises(ConfigurationError) as caught:
        load(vendor_settings(), {"INFRA_CONFIG_YAML": text})
    assert said in caught.value.message
