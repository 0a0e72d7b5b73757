"""Settings: what is read, in which order, and how each mistake is told."""

import re
from datetime import time, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.core.board import Service
from bot.core.errors import ConfigurationError
from bot.core.people import Person, Role
from bot.core.policy import Policy
from config import load, outline
from tests.config.sample import SAMPLE, TOKENS, VENDORS, loaded, refused

# As the design has it, filled where it leaves out.
IN_FULL = """\
organisation: {name: PyCon UK, domain: pyconuk.org, timezone: Europe/London, currency: GBP, years_from: 2015}
server: {host: 127.0.0.1, port: 3000, public_url: https://bot.example.org}
database_url: sqlite:///infra.db         # postgresql://… beyond one process
slack:
  api_url: https://slack.com/api/
  transport: http                        # or socket
  team_id: T0000000000
  app_id: A0000000000                    # optional; then payloads of another app are refused
  bot_token: env:SLACK_BOT_TOKEN
  signing_secret: env:SLACK_SIGNING_SECRET
  app_token: env:SLACK_APP_TOKEN
  channels: {approvals: C0000000001, digests: C0000000002}
people:                                  # seeds an empty database
  - {name: George, slack: U0000000001, github: george, role: owner}
policy: {min_owners: 2, self_approval: never, request_expires: 72h, rules: []}
services: {website: {repository: "{year}.pyconuk.org"}, ticketing: {}, chat: {}}
integrations:
  github: {url: https://api.github.com, graphql_url: https://api.github.com/graphql, org: PyconUK,
    push_team: core, token: env:GITHUB_TOKEN, webhook_secret: env:GITHUB_WEBHOOK_SECRET}
  dnsimple: {url: https://api.dnsimple.com/v2, account: "1010", zone: pyconuk.org, token: env:DNSIMPLE_TOKEN}
  tito: {url: https://api.tito.io/v3, account: pyconuk, event: "2026", token: env:TITO_TOKEN}
costs:
  rates: {on: 2026-03-18, table: {USD: 1.15, GBP: 0.86393}}
  budget: {total: 1000 GBP}
  vendors: {twilio: {amount: 120 USD, source: invoice}}
digests: [{command: digest tickets, at: "09:00", channel: digests},
  {command: digest costs, at: 10:30, channel: digests}]
"""


def test_every_key_of_the_design_is_read() -> None:
    """A configuration that uses each key loads, and each value is where it belongs."""
    settings = loaded(IN_FULL)
    assert settings.organisation.timezone.key == "Europe/London"
    assert settings.people == (
        Person(name="George", slack=("U0000000001",), github="george", role=Role.OWNER),
    )
    assert settings.policy == Policy()
    assert settings.chat().bot_token == SecretStr("held by SLACK_BOT_TOKEN")
    assert settings.chat().channels.digests == "C0000000002"
    assert settings.integrations["tito"].model_dump()["token"] == SecretStr("held by TITO_TOKEN")
    assert {name: str(charge) for name, charge in settings.costs.vendors.items()} == {"twilio": "$120 a year"}
    assert [digest.at for digest in settings.digests] == [time(9), time(10, 30)]


def test_an_absent_vendor_is_off() -> None:
    """Only the sections that are written are there; an empty one is as good as none."""
    assert set(loaded(SAMPLE).integrations) == {"github"}
    assert set(loaded(SAMPLE + "  tito:\n").integrations) == {"github"}


def test_without_slack_the_terminal_still_has_settings() -> None:
    """Slack may be missing until something needs it; then the message says so."""
    settings = loaded("{}")
    assert settings.slack is None
    with pytest.raises(ConfigurationError, match="the section `slack` is missing"):
        settings.chat()


def write(folder: Path, name: str, text: str) -> str:
    """Write a file and return its path."""
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a configuration folder with defaults."""
    write(
        tmp_path,
        "default.yaml",
        "organisation: {name: A, domain: a.org, timezone: UTC}\nservices: {web: {}, chat: {}}",
    )
    return tmp_path


def test_a_later_source_wins(folder: Path) -> None:
    """The deployment's file wins over the defaults key by key, the environment over both."""
    write(
        folder,
        "local.yaml",
        "organisation: {name: B}\nservices: {web: {repository: x}, chat:}\nserver: {port: 1}",
    )
    settings = load(VENDORS, {}, folder=folder)
    assert (settings.organisation.name, settings.organisation.domain) == ("B", "a.org")
    assert settings.services == {"web": Service(repository="x")}
    assert settings.server.port == 1
    environ = {"PORT": "5000", "DATABASE_URL": "postgres://u:p@db/x", "INFRA_LOG_LEVEL": "DEBUG"}
    settings = load(VENDORS, environ, folder=folder)
    assert (settings.server.port, settings.database_url) == (5000, "postgres://u:p@db/x")
    assert settings.log_level == "debug"


def test_a_named_source_replaces_the_local_file(folder: Path) -> None:
    """INFRA_CONFIG names another file, INFRA_CONFIG_YAML is the text itself; local.yaml is then not read."""
    write(folder, "local.yaml", "organisation: {name: local}")
    other = write(folder, "other.yaml", "organisation: {name: other}")
    names = [
        load(VENDORS, environ, folder=folder).organisation.name
        for environ in ({}, {"INFRA_CONFIG": other}, {"INFRA_CONFIG_YAML": "organisation: {name: text}"})
    ]
    assert names == ["local", "other", "text"]


def test_empty_variables_are_as_good_as_unset(folder: Path) -> None:
    """A deploy form that leaves fields empty sets nothing."""
    environ = dict.fromkeys(
        ("INFRA_CONFIG", "INFRA_CONFIG_YAML", "DATABASE_URL", "PORT", "INFRA_LOG_LEVEL"), ""
    )
    assert load(VENDORS, environ, folder=folder).server.port == 3000


BAD = [
    # what is changed in the sample, into what, line, key, what the message says, what the hint says
    ("bot_token", "bot_tokn", 4, "slack.bot_tokn", "is not a known key", "Did you mean `bot_token`?"),
    ("slack:", "slak:", 2, "slak", "is not a known key", "Did you mean `slack`?"),
    ("github:\n", "githb:\n", 11, "integrations.githb", "is not a known key", "Did you mean `github`?"),
    (
        "github:\n",
        "pagerduty:\n",
        11,
        "integrations.pagerduty",
        "not a known key",
        "Known here: github, dnsimple, exchange_rates, registrar and tito",
    ),
    ("team_id: T0000000000", "", 2, "slack.team_id", "is missing", "Our workspace"),
    ("8080", "eighty", 1, "server.port", "must be a whole number", "The port"),
    ("8080", "70000", 1, "server.port", "must be less than or equal to 65535", "The port"),
    ("https://bot.example.org", "bot.example.org", 1, "server.public_url", "must be a web address", "Slack"),
    (
        "https://bot.example.org",
        "https://a:b@x.org",
        1,
        "server.public_url",
        "must not hold a name or a password",
        "",
    ),
    ("PyconUK", "2026", 12, "integrations.github.org", "must be text; put it in quotes", ""),
    ("PyconUK", "[PyconUK]", 12, "integrations.github.org", "must be text", ""),
    (
        "T0000000000",
        "PyCon UK",
        3,
        "slack.team_id",
        "must be the ID of the workspace, such as T0123456789",
        "",
    ),
    ("C0000000001", "'#approvals'", 6, "slack.channels.approvals", "must be the ID of a channel", ""),
    ("U0000000001", "charlie", 8, "people[0].slack", "must be the ID of a Slack member", ""),
    (
        "role: owner",
        "role: boss",
        8,
        "people[0].role",
        "must be 'reader', 'organiser' or 'owner'",
        "`owner` decides",
    ),
    ("name: Charlie", "name: Charlie B", 8, "people[0].name", "does not look right", "one word"),
    ("github: organiser-1", "github: not a login", 9, "people[1].github", "is not a GitHub login", ""),
    (
        "organiser-1, slack",
        "CHARLIE, slack",
        9,
        "people[1].name",
        "is also that of people[0]",
        "one person's",
    ),
    ("U0000000002", "U0000000001", 9, "people[1].slack", "is also that of people[0]", "one person's"),
    (
        "  signing_secret: env:SLACK_SIGNING_SECRET\n",
        "  transport: http\n",
        5,
        "slack.transport",
        "is http, which needs `slack.signing_secret`",
        "Write `signing_secret: env:SLACK_SIGNING_SECRET`",
    ),
    (
        "team_id:",
        "transport: socket\n  team_id:",
        3,
        "slack.transport",
        "is socket, which needs `slack.app_token`",
        "env:SLACK_APP_TOKEN",
    ),
    (
        "env:GITHUB_TOKEN",
        "hunter2",
        13,
        "integrations.github.token",
        "holds a secret in plain text",
        "Write `token: env:GITHUB_TOKEN`",
    ),
    (
        "env:GITHUB_TOKEN",
        "123456",
        13,
        "integrations.github.token",
        "holds a secret in plain text",
        "keyring:service/name",
    ),
    (
        "env:GITHUB_TOKEN",
        "'env:'",
        13,
        "integrations.github.token",
        "holds a secret in plain text",
        "op://vault/item/field",
    ),
    (
        "env:GITHUB_TOKEN",
        "env:NOT_SET",
        13,
        "integrations.github.token",
        "is not there: env:NOT_SET is empty or not set",
        "export NOT_SET=…",
    ),
    (
        "org: PyconUK",
        "org: PyconUK\n    org: other",
        13,
        "integrations.github.org",
        "is written twice: first in line 12",
        "",
    ),
    (
        "people:\n",
        "digests: [{command: help, at: noon, channel: approvals}]\npeople:\n",
        7,
        "digests[0].at",
        "must be a time of day",
        "",
    ),
    (
        "people:\n",
        "digests: [{command: help, at: 09:00, channel: news}]\npeople:\n",
        7,
        "digests[0].channel",
        "is not a channel under",
        "",
    ),
    (
        "people:\n",
        f"digests: [{', '.join(['{command: help, at: 09:00, channel: approvals}'] * 2)}]\npeople:\n",
        7,
        "digests[1].command",
        "is there already for this channel",
        "",
    ),
    (
        "people:\n",
        "policy: {request_expires: 3 days}\npeople:\n",
        7,
        "policy.request_expires",
        "is not a duration",
        "stays open",
    ),
    (
        "people:\n",
        "policy: {min_owners: 1}\npeople:\n",
        7,
        "policy.min_owners",
        "must be greater than or equal to 2",
        "",
    ),
    (
        "people:\n",
        "policy: {rules: [{resorce: x}]}\npeople:\n",
        7,
        "policy.rules[0].resorce",
        "is not a known key",
        "`resource`",
    ),
    (
        "people:\n",
        "policy: {break_glass: maybe}\npeople:\n",
        7,
        "policy.break_glass",
        "must be true or false",
        "",
    ),
    (
        "people:\n",
        "organisation: {timezone: Europe/Londn}\npeople:\n",
        7,
        "organisation.timezone",
        "is not a time zone",
        "`Europe/London`",
    ),
    ("people:\n", "organisation: {name: ''}\npeople:\n", 7, "organisation.name", "must not be empty", ""),
    (
        "people:\n",
        "database_url: mysql://h/x\npeople:\n",
        7,
        "database_url",
        "must be sqlite:///FILE or postgresql://",
        "",
    ),
    (
        "people:\n",
        "database_url: 'postgresql://u@[h/x'\npeople:\n",
        7,
        "database_url",
        "must be sqlite:///FILE or",
        "",
    ),
    (
        "people:\n",
        "database_url: postgresql://u:pw@db.example.org/x\npeople:\n",
        7,
        "database_url",
        "holds a password",
        "DATABASE_URL",
    ),
    (
        "people:\n",
        "services: {website: 5}\npeople:\n",
        7,
        "services.website",
        "must be a section of keys and values",
        "",
    ),
    (
        "people:\n",
        "log_level: loud\npeople:\n",
        7,
        "log_level",
        "must be 'debug', 'info', 'warning' or 'error'",
        "",
    ),
    ("people:\n", "costs: {rates: 5}\npeople:\n", 7, "costs.rates", "must be a section", ""),
    (
        "people:\n",
        "costs: {budget: {total: 5}}\npeople:\n",
        7,
        "costs.budget.total",
        "needs a currency: write for example 5 GBP",
        "",
    ),
    (
        "people:\n",
        "costs:\n  budget: {Heruko: 5 GBP}\npeople:\n",
        8,
        "costs.budget.Heruko",
        "is no vendor we know",
        "Did you mean `Heroku`?",
    ),
    (
        "people:\n",
        "costs:\n  vendors:\n    heroku: {amount: 5 USD, sauce: x}\npeople:\n",
        9,
        "costs.vendors.heroku.sauce",
        "is not a known key",
        "Did you mean `source`?",
    ),
    (
        "people:\n",
        "costs: {rates: {on: 2026-03-18, table: {GBP: 0}}}\npeople:\n",
        7,
        "costs.rates.table.GBP",
        "greater than 0",
        "",
    ),
]


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "message", "hint"), BAD, ids=[f"{row[3]}-{n}" for n, row in enumerate(BAD)]
)
def test_a_mistake_is_told_with_file_line_key_and_remedy(
    old: str, new: str, line: int, key: str, message: str, hint: str
) -> None:
    """Each mistake is found, placed, named and answered with what to do."""
    assert old in SAMPLE
    error = refused(SAMPLE.replace(old, new))
    mine = next(said for said in error.message.splitlines() if f"`{key}`" in said)
    assert mine.startswith(f"INFRA_CONFIG_YAML:{line}: `{key}` ")
    assert message in mine
    assert hint in (error.hint or mine)
    assert error.hint or "." in mine


UNREADABLE = [
    ("slack: [", 1, "not readable as YAML"),
    ("slack:\n  a: 1\n b: 2", 3, "not readable as YAML"),
    ("a: *other", 1, "not readable as YAML: found undefined alias"),
    ("- slack", 1, "must be keys and values"),
    ("just words", 1, "must be keys and values"),
    ("a: 1\n---\nb: 2", 2, "not readable as YAML"),
    ("slack: &x {team_id: *x}", 1, "refers to itself"),
    ("? [a]\n: b", 1, "has a key that is no text"),
    ("slack: !!python/object:os.system {}", 1, "is missing"),
    ("name: !secret x", 1, "has a tag"),
    ("a: \x00", None, "holds odd characters"),
]


@pytest.mark.parametrize(("text", "line", "message"), UNREADABLE)
def test_text_that_cannot_be_read_is_told_with_its_line(text: str, line: int | None, message: str) -> None:
    """Broken YAML is refused with file and line, and builds no object."""
    error = refused(text)
    assert message in error.message
    assert (error.file, error.line) == ("INFRA_CONFIG_YAML", line)


def test_all_mistakes_are_told_at_once() -> None:
    """Whoever writes the file corrects it in one go; the first mistake gives the place."""
    error = refused(SAMPLE.replace("8080", "x").replace("T0000000000", "x").replace("org:", "orgg:"))
    lines = error.message.splitlines()
    assert [re.match(r"INFRA_CONFIG_YAML:(\d+): ", said)[1] for said in lines] == ["1", "3", "11", "12"]  # type: ignore[index] # a line without its place fails the test
    assert (error.line, error.key) == (1, "server.port")


@pytest.mark.parametrize(
    ("environ", "message", "key"),
    [
        ({"PORT": "http"}, "PORT: `server.port` must be a whole number", "server.port"),
        ({"INFRA_LOG_LEVEL": "x"}, "INFRA_LOG_LEVEL: `log_level` must be", "log_level"),
        ({"DATABASE_URL": "oracle://x"}, "DATABASE_URL: `database_url` must be", "database_url"),
        (
            {"DYNO": "web.1"},
            "INFRA_CONFIG_YAML:1: `database_url` is SQLite, but this disk is emptied",
            "database_url",
        ),
        (
            {"DYNO": "web.1", "DATABASE_URL": "sqlite:///x.db"},
            "DATABASE_URL: `database_url` is SQLite",
            "database_url",
        ),
        ({"INFRA_CONFIG": "x.yaml"}, "INFRA_CONFIG and INFRA_CONFIG_YAML are both set", None),
    ],
)
def test_a_mistake_in_the_environment_names_the_variable(
    environ: dict[str, str], message: str, key: str | None
) -> None:
    """A wrong variable is told by its name."""
    error = refused(SAMPLE, **environ)
    assert error.message.startswith(message)
    assert error.key == key


def test_sqlite_is_fine_where_the_disk_stays() -> None:
    """Only a disk that is emptied forbids the file; PostgreSQL is fine there."""
    assert loaded(SAMPLE).database_url == "sqlite:///infra.db"
    assert (
        loaded(SAMPLE, DYNO="web.1", DATABASE_URL="postgres://u:p@h/x").database_url == "postgres://u:p@h/x"
    )


@pytest.mark.parametrize("make", ["absent", "folder", "binary"])
def test_a_file_that_cannot_be_read_is_named(folder: Path, make: str) -> None:
    """A missing file, a folder, a file that is no text: the message names it."""
    path = folder / "mine.yaml"
    if make == "folder":
        path.mkdir()
    if make == "binary":
        path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError) as raised:
        load(VENDORS, {"INFRA_CONFIG": str(path)}, folder=folder)
    assert raised.value.file == str(path)
    assert raised.value.message.startswith(f"{path}: ")
    assert raised.value.hint


TOKEN_LIKE = ["xoxb-1-abcdef", "ghp_abcdefghijkl", "github_pat_abcdefgh", "-----BEGIN RSA PRIVATE KEY-----"]


@pytest.mark.parametrize("token", TOKEN_LIKE)
@pytest.mark.parametrize(
    "where", ["  bot_token: {}", "  team_id: {}", "  team: {}", "  {}: x", "  team_id: [{}]"]
)
def test_a_token_is_refused_and_not_repeated_wherever_it_is_written(where: str, token: str) -> None:
    """What looks like a token is refused by its place alone, under whatever key, even as a key."""
    error = refused("slack:\n" + where.format(f"'{token}'"))
    assert "INFRA_CONFIG_YAML:2: " in error.message
    assert "holds a secret in plain text" in error.message
    assert token not in f"{error.message} {error.hint} {error!r}"


def test_a_secret_that_looks_like_any_word_is_not_repeated() -> None:
    """A plain secret under a secret's key is refused without its value."""
    error = refused(SAMPLE.replace("env:SLACK_SIGNING_SECRET", "hunter2"))
    assert error.key == "slack.signing_secret"
    assert "hunter2" not in f"{error.message} {error.hint} {error!r}"


def test_a_password_is_never_repeated() -> None:
    """Neither an error nor the settings' text holds the database's password."""
    for url in ("postgres://u:pa55@[h/x", "postgres://u:pa55@h:port/x", "mysql://u:pa55@h/x"):
        error = refused(SAMPLE, DATABASE_URL=url)
        assert "pa55" not in f"{error.message} {error.hint}"
    assert "pa55" not in repr(loaded(SAMPLE, DATABASE_URL="postgres://u:pa55@h/x"))
    assert "pa55" not in repr(loaded(SAMPLE + "database_url: postgresql://u:pa55@127.0.0.1/x\n"))


def test_the_settings_text_holds_no_secret() -> None:
    """Printing the settings by mistake gives nothing away."""
    assert "held by" not in repr(loaded(IN_FULL))


def test_the_outline_needs_no_secret() -> None:
    """Work that talks to nobody reads the same settings without a single secret set."""
    settings = outline(VENDORS, {"INFRA_CONFIG_YAML": IN_FULL})
    assert settings.chat().team_id == "T0000000000"
    assert settings.chat().bot_token.get_secret_value() == "env:SLACK_BOT_TOKEN"


def test_the_example_loads() -> None:
    """What a maintainer copies is right as it stands, and names only what exists."""
    settings = load(VENDORS, {**TOKENS, "INFRA_CONFIG": str(EXAMPLE)})
    assert [rule.needs for rule in settings.policy.rules] == [2]
    assert settings.policy.request_expires == timedelta(hours=72)


def test_a_vendor_that_is_not_built_is_not_known() -> None:
    """A section for a vendor that this version does not have is an error, not silence."""
    with pytest.raises(ConfigurationError, match=r"`integrations\.dnsimple` is not a known key"):
        load({"github": VENDORS["github"]}, {**TOKENS, "INFRA_CONFIG_YAML": IN_FULL})


EXAMPLE = Path(__file__).parents[2] / "config" / "example.yaml"
