"""The parts: reasons and waits of answers, redaction, the budget, the memo."""

import asyncio
from math import inf
from typing import Any

import pytest
from multidict import CIMultiDict

from bot.core.errors import Unavailable
from bot.http import Answer, Memo, Wait, deadline, redacted
from bot.http.budget import Budget
from tests.http.scripted import NOON, Scripted, answer


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"message": "Bad credentials"}, "Bad credentials"),
        (
            {"message": "Validation Failed", "errors": [{"field": "name", "code": "invalid"}]},
            "Validation Failed: name invalid",
        ),
        ({"message": "No", "errors": [{"message": "Cannot assign"}, {}]}, "No: Cannot assign"),
        ({"message": "No", "errors": ["one", "two"]}, "No: one: two"),
        ({"message": "No", "errors": "one"}, "No: one"),
        (
            {"message": "No", "errors": {"name": ["is long", "is odd"], "ttl": "low"}},
            "No: name is long, is odd: ttl low",
        ),
        ({"error": "unauthorised"}, "unauthorised"),
        ({"message": "a\nb\x1b[31m"}, "a b [31m"),
        ({"message": "x" * 1000}, "x" * 300),
        (["no"], ""),
        (None, ""),
    ],
)
def test_a_reason_is_one_short_line(content: Any, said: str) -> None:
    """Whatever the shape of the errors, people read one line."""
    assert Answer(422, {}, content).reason == said


@pytest.mark.parametrize(
    ("status", "headers", "message", "seconds"),
    [
        (429, {}, "", 60),
        (429, {"Retry-After": "7"}, "", 7),
        (429, {"Retry-After": "Mon, 15 Jun 2026 12:00:30 GMT"}, "", 30),
        (403, {"Retry-After": "7"}, "", 7),
        (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(NOON.timestamp()) + 90)}, "", 90),
        (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "5"}, "", 1),
        (
            403,
            {
                "X-RateLimit-Remaining": "0",
                "X-RateLimit-Reset": "1000",
                "Date": "Thu, 01 Jan 1970 00:16:00 GMT",
            },
            "",
            40,
        ),
        (403, {}, "You have exceeded a secondary rate limit", 60),
        (403, {"X-RateLimit-Remaining": "12"}, "Must have admin rights", None),
        (503, {"Retry-After": "7"}, "", None),
        (200, {"X-RateLimit-Remaining": "0"}, "", None),
    ],
)
def test_a_vendor_says_how_long_to_wait(
    status: int, headers: dict[str, str], message: str, seconds: float | None
) -> None:
    """Retry-After wins, then the reset, told from the vendor's own clock; a missing right is no wait."""
    assert Answer(status, CIMultiDict(headers), {"message": message}).wait(NOON) == seconds


def test_redaction_knows_values_and_shapes() -> None:
    """Known secrets and whatever looks like a token disappear; the rest stays."""
    said = "Bearer abc.def, Basic QUM6c2VjcmV0LXdvcmQ=, xoxb-1234567890, github_pat_11AAAA, hush, core"
    wanted = "Bearer [secret], Basic [secret], [secret], [secret], [secret], core"
    assert redacted(said, ("hush", "")) == wanted
    assert (
        redacted("hush-again, hush: a Basic dyno", ("hush", "hush-again"))
        == "[secret], [secret]: a Basic dyno"
    )


def test_half_of_the_rate_may_go_at_once_and_the_rest_is_spread() -> None:
    """A burst of half the hourly rate is free; then each call waits its share of the hour."""
    budget = Budget(hourly=100, spacing=1)
    assert [budget.read(inf) for _ in range(50)] == [0] * 50
    assert budget.read(inf) == pytest.approx(72, abs=0.1)
    assert budget.read(inf) == pytest.approx(144, abs=0.1)


def test_a_call_that_will_not_wait_takes_nothing() -> None:
    """Who leaves because the wait is too long makes it no longer for others."""
    budget = Budget(hourly=2, spacing=1)
    assert budget.read(5) == 0
    assert [budget.read(5) for _ in range(3)] == pytest.approx([3600] * 3, abs=0.1)
    assert budget.write(5) == pytest.approx(3600, abs=0.1)


def test_the_sixth_write_in_ten_seconds_waits() -> None:
    """Five writes go at once, the next ones a second apart; who will not wait is not counted."""
    budget = Budget(hourly=5000, spacing=1)
    waits = [budget.write(inf) for _ in range(7)]
    assert waits[:5] == [0] * 5
    assert waits[5:] == pytest.approx([1, 2], abs=0.1)
    assert [budget.write(0.5), budget.write(inf)] == pytest.approx([3, 3], abs=0.1)


async def test_a_spent_budget_is_said_at_once(vendor: Scripted) -> None:
    """A read that would wait for minutes is not sent and does not hang."""
    http = vendor.http(answer({}), hourly=2)
    await http.get("/")
    with pytest.raises(Wait, match="asks us to wait"):
        await http.get("/")
    assert len(vendor.asked) == 1


async def test_a_write_that_would_wait_past_its_deadline_is_not_sent(vendor: Scripted) -> None:
    """The budget's pause counts against the deadline."""
    http = vendor.http(answer({}), spacing=60)
    for _ in range(5):
        await http.write("PUT", "/x")
    with deadline(10), pytest.raises(Unavailable, match="Not sent"):
        await http.write("PUT", "/x")
    assert len(vendor.asked) == 5


async def test_those_who_ask_together_share_one_answer() -> None:
    """One question, one call, also a moment later; another key is another question."""
    asked: list[str] = []

    async def ask() -> int:
        asked.append("once")
        await asyncio.sleep(0.01)
        return len(asked)

    memo = Memo(seconds=60)
    assert list(await asyncio.gather(memo("a", ask), memo("a", ask))) == [1, 1]
    assert await memo("a", ask) == 1
    assert await memo("b", ask) == 2
    memo.clear()
    assert await memo("a", ask) == 3


async def test_answers_are_forgotten_after_their_time() -> None:
    """A memo of no seconds asks again once the answer is there."""
    counted = iter(range(9))

    async def ask() -> int:
        return next(counted)

    memo = Memo(seconds=0)
    assert await memo("a", ask) == 0
    await asyncio.sleep(0.01)
    assert await memo("a", ask) == 1


async def test_a_failure_is_not_remembered_and_a_cancelled_asker_harms_nobody() -> None:
    """Who asks after a failure asks anew; who leaves early takes nobody's answer along."""
    results = iter([ValueError("no"), None])

    async def ask() -> str:
        await asyncio.sleep(0.02)
        if error := next(results):
            raise error
        return "yes"

    memo = Memo(seconds=60)
    with pytest.raises(ValueError, match="no"):
        await memo("a", ask)
    hasty = asyncio.create_task(memo("a", ask))
    await asyncio.sleep(0)
    patient = asyncio.create_task(memo("a", ask))
    await asyncio.sleep(0)
    hasty.cancel()
    assert await patient == "yes"
