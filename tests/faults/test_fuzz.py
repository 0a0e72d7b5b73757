"""Whatever comes in, made up by Hypothesis: understood, or answered with what to do; never a traceback."""

import base64
import hashlib
import hmac
import json
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlencode

import pytest
import yaml
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

import config
from bot.app import vendor_settings
from bot.core.errors import BotError, ConfigurationError
from bot.core.grammar import understand
from bot.core.vendor import Dropped, Hint, Unsigned
from commands import COMMANDS
from integrations import VENDORS
from tests.faults.databases import Databases
from tests.faults.door import Door
from tests.faults.forgeries import SIGNATURE, STAMP, Sent
from tests.faults.stories import ASKER
from tests.faults.test_forgeries import LOUD
from tests.faults.test_trouble import telling

Made = TypeVar("Made")

SECRET = "s" * 20
ENVIRON = dict.fromkeys(("A", "B"), SECRET)
CONFIG = """\
organisation: {name: PyCon UK, domain: pyconuk.org, timezone: Europe/London, currency: GBP, years_from: 2015}
server: {host: 127.0.0.1, port: 3000, public_url: https://bot.example.org}
slack: {team_id: T0, bot_token: env:A, signing_secret: env:A, channels: {approvals: C0, digests: C1}}
people: [{name: George, slack: U1, github: george, role: owner}]
policy: {min_owners: 2, request_expires: 72h, rules: [{resource: github.*, target: "*", needs: 2}]}
digests: [{command: digest tickets, at: "09:00", channel: digests}]
services: {website: {repository: "{year}.pyconuk.org"}}
integrations:
  github: {org: PyconUK, token: env:A, webhook_secret: env:B}
  dnsimple: {account: "1010", zone: pyconuk.org, token: env:A, webhook_secret: env:B}
  tito: {account: pyconuk, event: "2026", token: env:A, webhook_secret: env:B}
  readthedocs: {project: docs, token: env:A, webhook_secret: env:B}
  twilio:
    account: AC00000000000000000000000000000001
    key: SK00000000000000000000000000000001
    secret: env:A
    auth_token: env:B
    webhook_url: https://bot.example.org/webhooks/twilio
"""
PARTS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
FIELDS = """
    type team id user api_app_id actions action_id value view state values callback_id private_metadata
    event text channel container message ts event_id team_id action repository organization member login
"""
NAMES = st.text(max_size=8) | st.sampled_from(FIELDS.split())
JSON = st.recursive(
    PARTS, lambda part: st.lists(part, max_size=3) | st.dictionaries(NAMES, part, max_size=4), max_leaves=8
)
WORDS = st.sampled_from([word for command in COMMANDS for word in command.path.split()])
LINES = st.lists(
    WORDS | st.text(max_size=30) | st.sampled_from(["--for", "--until", '"', "because"]), max_size=7
)


def tried(number: int, made: st.SearchStrategy[Made], on: Callable[[Made], None]) -> int:
    """Call *on* with *number* different things; return how often it was."""
    calls = 0

    @settings(max_examples=number, database=None, phases=[Phase.generate, Phase.shrink])
    @given(made)
    def one(each: Made) -> None:
        nonlocal calls
        calls += 1
        on(each)

    one()
    return calls


@pytest.mark.faults  # the commands' own tests try a few
def test_lines(full: bool, figure: Callable[[str], None]) -> None:
    """A line is understood, or told with a next step."""

    def said(words: list[str]) -> None:
        problem = None
        try:
            understand(" ".join(words), COMMANDS)
        except BotError as error:
            problem = error
        assert problem is None or (problem.message and problem.hint), words

    number = tried(10_000 if full else 60, LINES, said)
    figure(f"{number} made-up lines: all understood or answered, 0 tracebacks")


def sealed(body: bytes, secret: str) -> dict[str, str]:
    """Return the signatures of every vendor that signs."""
    mac = hmac.new(secret.encode(), body, hashlib.sha256)
    called = f"https://bot.example.org/webhooks/twilio?bodySHA256={hashlib.sha256(body).hexdigest()}"
    twilio = hmac.digest(secret.encode(), called.encode(), "sha1")
    return {
        "X-Hub-Signature-256": f"sha256={mac.hexdigest()}",
        "X-Hub-Signature": mac.hexdigest(),
        "Tito-Signature": base64.b64encode(mac.digest()).decode(),
        "X-Twilio-Signature": base64.b64encode(twilio).decode(),
        "Content-Type": "application/json",
        "X-Webhook-Name": "ticket.completed",
        "X-GitHub-Event": "organization",
        "X-GitHub-Delivery": mac.hexdigest()[:32],
    }


def test_webhooks(full: bool, figure: Callable[[str], None]) -> None:
    """What is signed rightly is taken, and leads to a look at most; what is not is never taken."""
    known = config.load(vendor_settings(), {"INFRA_CONFIG_YAML": CONFIG, **ENVIRON}).integrations
    readers = [v.webhooks(known[v.name]) for v in VENDORS if v.webhooks and v.name in known]
    assert len(readers) == len([v for v in VENDORS if v.webhooks]) == 5

    def delivered(delivery: tuple[Any, bytes, bool]) -> None:
        value, raw, genuine = delivery
        body = raw or json.dumps(value).encode()
        headers = sealed(body, SECRET if genuine else "other")
        for reader in readers:
            read = reader.read if isinstance(reader, Unsigned) else reader
            assert read is not None
            found = read(headers, body)
            assert found is None or isinstance(found, Hint | Dropped)
            assert (found is not None) == genuine or isinstance(reader, Unsigned)

    made = st.tuples(JSON, st.binary(max_size=40), st.booleans())
    number = tried(5_000 if full else 40, made, delivered)
    figure(f"{number} made-up webhooks to {len(readers)} vendors: 0 forged ones taken, 0 tracebacks")


def bodies(ours: Mapping[str, str]) -> tuple[st.SearchStrategy[bytes], st.SearchStrategy[bytes]]:
    """Return what makes bodies that claim to be from our workspace: payloads, and commands."""
    user = {"id": ours["user_id"], "team_id": ours["team_id"]}
    claimed = {**ours, "team": {"id": ours["team_id"]}, "user": user}
    kinds = st.sampled_from(
        ["block_actions", "view_submission", "view_closed", "block_suggestion", "shortcut", "event_callback"]
    )
    payloads = st.builds(
        lambda kind, more: more | claimed | {"type": kind}, kinds, st.dictionaries(NAMES, JSON, max_size=5)
    ).map(json.dumps)
    commands = st.dictionaries(NAMES, st.text(max_size=20)).map(
        lambda each: urlencode({**each, **ours, "command": "/infra"}, errors="replace").encode()
    )
    return (
        payloads.map(str.encode)
        | payloads.map(lambda each: urlencode({"payload": each}).encode())
        | st.binary(max_size=60),
        commands,
    )


async def test_payloads_of_slack(
    on_files: Databases, full: bool, figure: Callable[[str], None], caplog: pytest.LogCaptureFixture
) -> None:
    """What is signed rightly and means nothing is answered, and changes nothing at a vendor."""
    async with on_files() as url, telling(url) as story, Door.at(story.port) as door:
        slack = story.world.seed["slack"]
        made: list[bytes] = []
        person = story.world.person(ASKER)
        payloads, commands = bodies(
            {"team_id": slack["team_id"], "api_app_id": slack["app_id"], "user_id": person}
        )
        tried(1_000 if full else 30, payloads, made.append)
        tried(20 if full else 5, commands, made.append)  # each is answered, one a second
        with capture_logs() as logs:
            statuses = await door.knock([_signed(body, slack["signing_secret"]) for body in made])
            await story.settled()
        written = [call for call in story.world.faults["github"].calls if call.method != "GET"]
    loud = [each for each in logs if each["log_level"] in LOUD]
    loud += [vars(record) for record in caplog.records if record.levelno >= logging.ERROR]
    figure(f"{len(made)} made-up payloads of Slack, signed: {len(loud)} tracebacks, 0 writes")
    assert max(statuses) < 500
    assert not loud, loud[:3]
    assert not [call for call in written if not call.path.endswith("/graphql")]


def _signed(body: bytes, secret: str) -> Sent:
    stamp = str(time.time_ns() // 10**9)
    mac = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    kind = "application/json" if body.startswith(b"{") else "application/x-www-form-urlencoded"
    return Sent(body, (("Content-Type", kind), (STAMP, stamp), (SIGNATURE, f"v0={mac}")))


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of each part of *node*."""
    parts = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(below for name, part in parts for below in places(part, (*path, name)))]


def replaced(node: Any, path: tuple[Any, ...], value: Any) -> Any:
    """Return *node* with *value* at *path*."""
    if not path:
        return value
    first, *rest = path
    if isinstance(node, Mapping):
        return {**node, first: replaced(node[first], tuple(rest), value)}
    return [replaced(part, tuple(rest), value) if i == first else part for i, part in enumerate(node)]


def test_configuration(full: bool, figure: Callable[[str], None]) -> None:
    """A configuration with something else at any place, or none at all, is read or its mistakes are told."""
    whole, vendors, refused = yaml.safe_load(CONFIG), vendor_settings(), 0

    def written(text: str) -> None:
        nonlocal refused
        told = ""
        try:
            config.load(vendors, {"INFRA_CONFIG_YAML": text, **ENVIRON})
        except ConfigurationError as error:
            refused += 1
            told = f"{error.message} {error.hint}"
        assert SECRET not in told

    changed = st.builds(
        lambda path, value: yaml.safe_dump(replaced(whole, path, value), allow_unicode=True),
        st.sampled_from(places(whole)),
        JSON,
    )
    number = tried(1_000 if full else 40, changed | st.text(max_size=60), written)
    figure(f"{number} made-up configurations: {refused} refused with what is wrong, 0 tracebacks")
    assert refused
