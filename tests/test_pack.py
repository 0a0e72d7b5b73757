"""Leaving the bot: what is exported, that it is proved without us, and that it comes back."""

import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from fnmatch import fnmatchcase
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
import yaml
from pydantic import SecretStr

import config
from bot.__main__ import main
from bot.app import core, nightly, now, vendor_settings
from bot.app.runbook import runbook
from bot.core.change import Plan
from bot.core.errors import ConfigurationError, Refused
from bot.core.vendor import NoSettings
from bot.verify import JOURNAL, PACK, REQUESTS
from commands import COMMANDS
from config.settings import Export
from integrations import OURS, VENDORS

CANARY = "canary-in-the-mine"
CONFIG = """\
organisation: {name: PyCon UK, domain: pyconuk.org, timezone: Europe/London}
people: [{name: Charlie, role: owner}, {name: Cory, role: owner}]
slack: {team_id: T0, bot_token: env:S, signing_secret: env:S, channels: {approvals: C0}}
integrations:
  github: {org: PyconUK, token: env:S, webhook_secret: env:S}
  dnsimple: {account: "1010", zone: pyconuk.org, token: env:S}
  heroku: {token: env:S}
  readthedocs: {project: pyconuk, token: env:S}
  travis_ci: {owner: PyconUK, repository: 2017.pyconuk.org, token: env:S}
  slack_workspaces: {organisers: {token: env:S}, attendees: {token: env:S}}
"""


def said(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str]:
    """Return the exit code of a run, and all that it says."""
    code = main(argv)
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return code, out + err


def proved(pack: Path, *argv: str) -> tuple[int, str]:
    """Run the pack's own proof: Python alone, in the pack, without anything of ours to be found."""
    command = [sys.executable, "-I", "-S", "verify.py", *argv]
    done = subprocess.run(command, cwd=pack, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr


def contents(pack: Path) -> dict[str, bytes]:
    """Return every file of a pack."""
    return {str(path.relative_to(pack)): path.read_bytes() for path in pack.rglob("*") if path.is_file()}


@pytest.fixture
def lived(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> sqlite3.Connection:
    """Give a database in which a little happened, and secrets where they may be."""
    for name in ("INFRA_CONFIG", "PORT", "DYNO"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("INFRA_CONFIG_YAML", CONFIG)
    monkeypatch.setenv("S", CANARY)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/infra.db")
    for line in ("away until 2099-01-01", "costs record 123-reg 11.99 --per year --source invoice"):
        assert said(capsys, "ask", "--as", "charlie", line)[0] == 0
    return sqlite3.connect(tmp_path / "infra.db")


def test_everything_is_exported_proved_and_restored(
    lived: sqlite3.Connection,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """The same state gives the same files, no secret in them; anybody proves them; and all comes back."""
    with closing(lived):
        lived.execute(
            "INSERT INTO inbox VALUES ('k', 'command', ?, '2026-06-15', 'waiting', 0, NULL)", (CANARY,)
        )
        lived.execute("INSERT INTO answers VALUES ('k', '2026-06-15', ?)", (CANARY,))
        lived.commit()
    one, two, three = (tmp_path / name for name in ("one", "two", "three"))
    code, told = said(capsys, "export", str(one))
    head = told.split()[-1].rstrip(".")
    assert (code, len(head)) == (0, 64)
    assert said(capsys, "export", str(two))[0] == said(capsys, "export", str(two))[0] == 0
    first = contents(one)
    assert first == contents(two)
    assert not [name for name, content in first.items() if CANARY.encode() in content]
    assert yaml.safe_load(first["state/people.yaml"])[0]["body"]["away_until"] == "2099-01-01"
    assert [row["state"] for row in yaml.safe_load(first[REQUESTS])] == ["applied", "applied"]

    assert proved(one, "--head", head) == (
        0,
        f"The journal is whole: {len(lines(one))} lines, head {head}.\n",
    )
    assert said(capsys, "audit", "verify", str(one), "--head", head)[0] == 0
    (two / JOURNAL).write_text((two / JOURNAL).read_text().replace("123-reg", "124-reg"))
    code, told = proved(two)
    assert code == 1
    assert "was altered" in told
    assert said(capsys, "restore", str(two))[0] == 1

    assert "not empty" in said(capsys, "restore", str(one))[1]
    code, told = said(capsys, "drill")
    assert (code, told.count("\n")) == (0, 5)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/new.db")
    assert said(capsys, "restore", str(one))[0] == 0
    code, told = said(capsys, "audit", "verify", "--head", head)
    assert code == 0, told
    assert said(capsys, "export", str(three))[0] == 0
    again = contents(three)
    assert {name for name in first if first[name] != again[name]} == {JOURNAL, PACK}
    assert lines(three)[:-1] == lines(one)


def lines(pack: Path) -> list[str]:
    """Return the journal of a pack."""
    return (pack / JOURNAL).read_text().splitlines()


def test_nothing_else_is_overwritten(
    lived: sqlite3.Connection, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A folder with other things in it is left as it is, one without an export is none to restore from."""
    lived.close()
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "README.md").write_text("mine")
    code, told = said(capsys, "export", str(folder))
    assert code == 1
    assert "holds other things, such as README.md: nothing was written" in told
    assert contents(folder) == {"README.md": b"mine"}
    assert "holds no export" in said(capsys, "restore", str(folder))[1]


def test_each_kind_of_resource_has_its_page() -> None:
    """The runbook says of everything that the bot can change where a person does it, and by which call."""
    settings = config.load(vendor_settings(), {"INFRA_CONFIG_YAML": CONFIG, "S": CANARY})
    text = runbook(settings)
    assert CANARY not in text
    for vendor in (*VENDORS, *OURS):
        section = settings.integrations.get(vendor.name, NoSettings())
        pages = vendor.runbook(section).pages if vendor.runbook else {}
        assert set(pages) == {resource.name for resource in vendor.resources}
        for name, page in pages.items():
            assert f'<a id="{name}"></a>{page.what}' in text
            theirs = page.calls or "state/" in page.where
            assert theirs, name
            assert all(call.url.startswith("https://") for call in page.calls)
    assert "is not set up here" not in text


def test_each_command_that_plans_is_in_the_runbook() -> None:
    """Whoever can answer with a plan says what it may change; who only answers says nothing."""
    planning = {
        command.path
        for command in COMMANDS
        if Plan in ((told := get_type_hints(command.run)["return"]), *get_args(told))
    }
    assert planning == {command.path for command in COMMANDS if command.changes}
    kinds = {resource.name for vendor in (*VENDORS, *OURS) for resource in vendor.resources}
    idle = [
        pattern
        for command in COMMANDS
        for pattern in command.changes
        if not any(fnmatchcase(kind, pattern) for kind in kinds)
    ]
    assert idle == []


def git(*words: str) -> str:
    """Run git as somebody else does."""
    identity = ("-c", "user.name=x", "-c", "user.email=x@localhost", "-c", "init.defaultBranch=main")
    done = subprocess.run(["git", *identity, *words], capture_output=True, text=True, timeout=60, check=True)
    return done.stdout


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not on this machine")
async def test_the_night_s_export_is_pushed(lived: sqlite3.Connection, tmp_path: Path) -> None:
    """An empty repository gets a commit, another only when there is something new; what is not ours stays."""
    lived.close()
    kept, clone, here = (str(tmp_path / name) for name in ("kept.git", "clone", "here"))
    git("init", "--quiet", "--bare", kept)
    wanted = Export(directory=here, git=kept)
    environ = {"INFRA_CONFIG_YAML": CONFIG, "DATABASE_URL": f"sqlite:///{tmp_path}/infra.db"}
    settings = config.outline(vendor_settings(), environ).model_copy(update={"export": wanted})
    async with core(settings, now) as opened:
        export = opened.wiring.export
        assert export is not None
        for _ in range(2):
            await export()
        git("clone", "--quiet", kept, clone)
        git("-C", clone, "rm", "--quiet", PACK)
        git("-C", clone, "commit", "--quiet", "--message", "Mine")
        git("-C", clone, "push", "--quiet")
        with pytest.raises(Refused, match=f"^{kept} holds other things, such as .gitattributes"):
            await export()
        (finding,) = await nightly.check(opened.store, wanted)
        assert (finding.level, finding.text) == ("good", "The night's export: the first at 03:30.")
        nobody = Export(git="https://127.0.0.1:1/none.git", token=SecretStr(CANARY))
        (finding,) = await nightly.check(opened.store, nobody)
    assert finding.level == "bad"
    assert "`git ls-remote` failed: " in finding.text
    assert CANARY not in finding.text + str(nobody)
    said = f"Export of {len(lines(Path(here)))} lines"
    assert git("-C", kept, "log", "--format=%s").splitlines() == ["Mine", said]
    assert git("-C", kept, "show", "HEAD~:pack.yaml") == (Path(here) / PACK).read_text()


@pytest.mark.parametrize(
    ("section", "why"),
    [
        ("{at: '04:00'}", "needs `directory` or `git`, or both"),
        ("{git: https://me:secret@example.org/kept.git}", "without a password"),
        ("{git: --upload-pack=x}", "must be what git clones"),
        ("{git: git@example.org:us/kept.git, token: env:S}", "only a `git` that begins with https:// takes"),
    ],
)
def test_where_it_goes_is_checked_at_start(section: str, why: str) -> None:
    """It goes somewhere, by an address without a password; a token is for HTTPS alone."""
    with pytest.raises(ConfigurationError, match=re.escape(why)) as refused:
        config.outline(vendor_settings(), {"INFRA_CONFIG_YAML": f"{CONFIG}export: {section}\n"})
    assert "secret" not in refused.value.message
