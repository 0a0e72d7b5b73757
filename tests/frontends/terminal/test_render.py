"""The terminal's drawing: each block, the request, findings and errors as plain text."""

from datetime import UTC, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from bot.core.approval import Situation
from bot.core.change import Change, Outcome, Plan, Request
from bot.core.people import Actor, Person, Role
from bot.core.policy import Policy
from bot.core.reply import Block, Chart, Choice, Choices, Fields, File, Notice, Progress, Reply, Table, Text
from bot.core.status import State, Status, Step
from bot.core.vendor import Finding
from bot.frontends.terminal import render

NOW = datetime(2026, 6, 15, 8, 5, tzinfo=UTC)
OWNERS = tuple(Person(name=name, role=Role.OWNER) for name in ("Charlie", "Cory", "George"))
SITUATION = Situation(OWNERS, Policy(), ZoneInfo("Europe/London"), NOW)
REQUEST = Request(
    id="r1",
    number=42,
    plan=Plan(
        title="Push access for organiser-1: website",
        reason="looks after the schedule page",
        changes=(
            Change(resource="a.b", target="x", before=None, after={}, words="organiser-1 joins team *core*"),
            Change(resource="a.b", target="y", before={"n": 1}, after={"n": 2}, words="core gets *Write*"),
        ),
        gains=("organiser-1: Write on *9 repositories*",),
        notes=("GitHub: organiser-1, account since 2014.",),
        lasts=timedelta(days=14),
        ending=(Change(resource="a.b", target="x", before={}, after=None, words="organiser-1 leaves core"),),
    ),
    requested_by=Actor(name="organiser-2"),
    at=NOW,
    expires_at=NOW + timedelta(hours=72),
)

DRAWN = {
    Text(text="*Six* owners, see `owners`"): "Six owners, see `owners`",
    Fields(pairs=(("Role", "owner"), ("GitHub", "george"))): "Role:   owner\nGitHub: george",
    Table(columns=("Team", "Level"), rows=(("core", "*Write*"), ("pydata", "Read"), ("日本", "é"))): (
        "Team    Level\n------  -----\ncore    Write\npydata  Read\n日本    é"
    ),
    Table(columns=("Team",), rows=()): "Team\n----",
    Notice(level="good", text="Done."): "✓ Done.",
    Notice(level="warning", text="Late."): "! Late.",
    Notice(level="bad", text="Gone."): "✗ Gone.",
    Chart(title="Sales", png=b"", words="5 a day"): "Sales\n5 a day",
    File(name="costs.csv", text="vendor\nTwilio\n"): "vendor\nTwilio\n",
    Progress(text="Reading…"): "Reading…",
    Choices(text="Which?", choices=(Choice(label="Just this", line="grant-push a b --direct"),)): (
        "Which?\n  Just this: infra ask 'grant-push a b --direct'"
    ),
}


@pytest.mark.parametrize("block", DRAWN, ids=lambda block: type(block).__name__)
def test_each_block_is_drawn(block: Block) -> None:
    """A block follows the title after an empty line."""
    assert render.reply(Reply(title="*T*", blocks=(block,))) == f"T\n\n{DRAWN[block]}"


def test_every_kind_of_block_has_a_drawing() -> None:
    """No block of the closed set goes untested."""
    assert {type(block) for block in DRAWN} == set(get_args(Block))


def test_a_request_is_shown_whole() -> None:
    """Who asks, what changes, who gains, what ends, who decides, until when."""
    assert render.card(REQUEST, Status(), SITUATION) == (
        "#42 Push access for organiser-1: website\n"
        'organiser-2 asks: "looks after the schedule page"\n\n'
        "What changes\n"
        "  1. organiser-1 joins team core\n"
        "  2. core gets Write\n\n"
        "Who gains what\n"
        "  - organiser-1: Write on 9 repositories\n\n"
        "What changes back at its end\n"
        "  - organiser-1 leaves core\n\n"
        "GitHub: organiser-1, account since 2014.\n"
        "Ends 14 days after approval.\n\n"
        "One owner decides, in Slack: Charlie, Cory or George.\n"
        "Open until Thu 18 Jun, 09:05. After that nothing happens."
    )


def test_a_protected_request_says_so() -> None:
    """Two owners, the reason for it, and the pause are on it."""
    request = REQUEST.model_copy(
        update={"needs": 2, "protected": ("owner list",), "wait": timedelta(minutes=15)}
    )
    shown = render.card(request, Status(), SITUATION)
    assert "2 owners decide, in Slack" in shown
    assert "Protected: owner list." in shown
    assert "a pause of 15 minutes: any organiser can stop it" in shown


def test_a_request_that_goes_on_shows_its_steps() -> None:
    """What needs no approval is carried out at once; each step shows where it is."""
    steps = {
        "apply:0": Step(outcome=Outcome.DONE),
        "apply:1": Step(outcome=Outcome.FAILED, detail="no right"),
    }
    shown = render.card(REQUEST, Status(state=State.PARTIAL, steps=steps), SITUATION)
    assert "  ✓ organiser-1 joins team core\n  ✗ core gets Write: no right" in shown
    assert shown.endswith("Partial. `infra ask 'requests 42'` shows how it goes on.")


def test_findings_say_what_to_do() -> None:
    """One line a finding, the remedy below it."""
    found = [
        Finding(level="good", text="GitHub answers"),
        Finding(level="bad", text="No admin:org", hint="Renew the token with admin:org."),
    ]
    assert render.findings(found) == "✓ GitHub answers\n✗ No admin:org\n  Renew the token with admin:org."


@pytest.mark.parametrize("sign", ["\x1b]0;title\x07", "\x1b[2J", "\x9b31m", "\u202e", "\r", "\x08"])
def test_nothing_in_a_text_steers_the_terminal(sign: str) -> None:
    """A repository's description cannot clear the screen or hide a line."""
    answer = Reply(title=f"a{sign}b", blocks=(Text(text=f"c{sign}d"), Table(columns=("x",), rows=((sign,),))))
    shown = (
        render.reply(answer) + render.error(sign, sign) + render.findings([Finding(level="bad", text=sign)])
    )
    assert not set(sign) & set(shown) & set("\x1b\x07\x9b\u202e\r\x08")


@pytest.mark.parametrize("text", ["2 * 3 * 4", "a*b*c", "** **", "*"])
def test_stars_that_are_no_marks_stay(text: str) -> None:
    """Only marks of bold are taken away."""
    assert render.error(text) == text
