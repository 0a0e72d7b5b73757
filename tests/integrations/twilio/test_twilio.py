"""Twilio: money and losses in sums; its Auth Token and whom messages were for never leave its answers."""

import hmac
from base64 import b64encode
from collections.abc import AsyncIterator
from hashlib import sha1, sha256
from typing import Any, TypeAlias
from urllib.parse import urlencode

import pytest
from pydantic import ValidationError

from bot.core.errors import Denied, Malformed, Rejected, VendorError
from bot.core.vendor import Dropped, Finding, Hint
from integrations.twilio import TWILIO, TwilioReads, TwilioSettings
from integrations.twilio.check import check
from integrations.twilio.client import TwilioClient
from integrations.twilio.costs import told
from integrations.twilio.health import health
from integrations.twilio.standin import StandIn
from integrations.twilio.webhooks import signed, webhooks
from tests.integrations.wired import Wired, wired

Twilio: TypeAlias = Wired[StandIn, TwilioClient, TwilioReads]

SECTION = {"account": f"AC{1:032x}", "key": f"SK{1:032x}", "secret": "sandbox-twilio-secret"}
SEED = {
    **SECTION,
    "balance": "18.405",
    "rent": 1.15,
    "spent": {"2025-06-30": 7, "2025-07-01": 21.3, "2026-06-11": 0.84},
    "messages": [
        {"sent": "2026-06-01T09:00:00", "status": "failed", "error": 30005},
        *({"sent": "2026-06-11T09:00:00", "status": "undelivered", "error": 30003} for _ in range(2)),
        {"sent": "2026-06-12T09:00:00", "status": "failed", "error": 39999},
        {"sent": "2026-06-12T09:00:00", "status": "failed"},
        {"sent": "2026-06-12T09:00:00", "status": "delivered"},
    ],
}
ROOT = f"/2010-04-01/Accounts/{SECTION['account']}"


@pytest.fixture
async def twilio() -> AsyncIterator[Twilio]:
    """Give our client wired to the stand-in."""
    async with wired(TWILIO, StandIn, SEED, SECTION) as found:
        yield found


def levels(found: tuple[Finding, ...]) -> list[str]:
    """Return how each finding is."""
    return [each.level for each in found]


async def test_money_and_losses_are_told_in_sums(twilio: Twilio) -> None:
    """Balance, this month by day, and why messages were lost; each of the stand-in's routes is asked."""
    said = " ".join(finding.text for finding in await health(twilio.reads))
    assert said == (
        "$18.41 are left at Twilio. $1.99 were used this month, on 2 days; most on 1 Jun 2026: $1.15. "
        "4 messages of the last seven days did not arrive (2: the handset could not be reached; "
        "1: error 39999 at Twilio; 1: no reason is given)."
    )
    await told(twilio.reads)
    assert twilio.unused() == set()
    assert {call.split()[0] for call in twilio.calls} == {"GET"}


async def test_costs_are_what_was_used_in_twelve_months(twilio: Twilio) -> None:
    """Measured, this month apart; what is older than eleven months and this one does not count."""
    charge = (await told(twilio.reads)).charge
    assert charge is not None
    assert (charge.mark, f"{charge}") == (
        "measured",
        "used in the last 12 months, $1.99 of it this month: $35.94 a year",
    )


async def test_a_low_balance_is_told_once_a_month_and_is_bad_at_zero(twilio: Twilio) -> None:
    """Below the configured floor it is a warning and an alarm; at nothing no message is sent any more."""
    twilio.standin.balance = "10.00"
    assert (await told(twilio.reads)).alarms == ()
    for balance, level, words in (
        ("9.99", "warning", "$9.99 are left, less than $10."),
        ("-0.31", "bad", "is used up (-$0.31)"),
    ):
        twilio.standin.balance = balance
        twilio.client.memo.clear()
        (alarm,) = (await told(twilio.reads)).alarms
        found = (await health(twilio.reads))[0]
        assert (found.level, found.text, alarm.key) == (level, alarm.text, "twilio:balance:2026-06")
        assert words in found.text
        assert found.hint


async def test_a_quiet_or_suspended_account_is_said_to_be_so(twilio: Twilio) -> None:
    """Nothing used and nothing lost is good; a suspended account is bad, and nothing else counts then."""
    twilio.standin.spent, twilio.standin.messages, twilio.standin.rent = {}, [], twilio.standin.rent * 0
    assert levels(await health(twilio.reads)) == ["good", "good", "good"]
    twilio.client.memo.clear()
    twilio.standin.status = "suspended"
    (found,) = await health(twilio.reads)
    assert (found.level, found.text) == ("bad", "The account at Twilio is suspended: nothing is sent.")


async def test_nothing_personal_and_no_token_is_kept(
    twilio: Twilio, caplog: pytest.LogCaptureFixture
) -> None:
    """The account's Auth Token, numbers and words are in no value, no message and no log line."""
    client = twilio.client
    body = '{"status": "active", "auth_token": "canary-auth-token"}'
    twilio.instead(f"{ROOT}.json", body=body, ETag='"1"')
    kept = [await client.account(), *await client.messages(client.now().date().replace(day=1))]
    twilio.instead("*", 403, '{"message": "no: sandbox-twilio-secret"}')
    with pytest.raises(VendorError) as caught:
        await client.balance()
    said = f"{kept!r}{client!r}{client._http._kept!r}{caught.value.message}{caplog.text}"
    assert "canary" not in said
    assert "sandbox-twilio-secret" not in said


async def test_long_lists_are_followed_to_their_end(twilio: Twilio) -> None:
    """Each page names the next by a path, which is followed as it is; a list without end is an error."""
    twilio.standin.messages = [{"sent": "2026-06-12T09:00:00", "status": "failed", "error": 30003}] * 1001
    (lost,) = await twilio.reads.lost()
    assert lost.number == 1001
    assert "PageToken=" in twilio.calls[-1]
    twilio.client.memo.clear()
    twilio.instead(f"{ROOT}/Messages.json", body='{"messages": [], "next_page_uri": "/2010-04-01/x"}')
    twilio.instead("/2010-04-01/x", body='{"messages": [], "next_page_uri": "/2010-04-01/x"}')
    with pytest.raises(VendorError):
        await twilio.reads.lost()


async def test_check_names_the_right_that_is_missing(twilio: Twilio) -> None:
    """All rights: good. One missing is named, none at all says how to make a key, a wrong one too."""
    assert levels(await check(twilio.client)) == ["good", "good", "good"]
    twilio.standin.rights = ["usage", "messages"]
    assert (await check(twilio.client))[1].text.startswith("Our key for Twilio may not read the balance:")
    twilio.standin.rights = ["account"]
    (found,) = await check(twilio.client)
    assert "may read nothing of the account, which is active" in found.text
    twilio.standin.secret = "another"
    (found,) = await check(twilio.client)
    assert (found.level, "does not accept our token (Authenticate)" in found.text) == ("bad", True)
    assert "API keys" in found.hint


async def test_a_balance_that_cannot_be_seen_is_unknown(twilio: Twilio) -> None:
    """A key that may look at neither balance nor account, or a sub-account that has none: no alarm."""
    twilio.standin.rights = ["usage", "messages"]
    for _ in range(2):
        assert levels(await health(twilio.reads)) == ["warning", "good", "warning"]
        assert (await told(twilio.reads)).alarms == ()
        twilio.client.memo.clear()
        twilio.standin.rights, twilio.standin.balance = ["account", "balance", "usage", "messages"], None


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (404, '{"code": 20404, "message": "Not found", "status": 404}', Rejected),
        (401, '{"code": 20003, "message": "Authenticate", "status": 401}', Denied),
        (403, '{"code": 20003, "message": "Permission denied", "status": 403}', Denied),
        (200, '{"status": null, "usage_records": [{"price": "cheap"}]}', Malformed),
    ],
)
async def test_bad_answers_are_told_clearly(
    twilio: Twilio, status: int, body: str, error: type[VendorError]
) -> None:
    """Each is one of our errors with a next step, and *infra check* shows it instead of failing."""
    twilio.instead("*", status, body)
    with pytest.raises(error) as caught:
        await health(twilio.reads)
    assert caught.value.message
    assert caught.value.hint
    found = await check(twilio.client)
    assert "bad" in levels(found)


def test_settings_need_both_halves_of_a_webhook() -> None:
    """A signature without the address it covers proves nothing."""
    with pytest.raises(ValidationError, match="together, or neither"):
        TwilioSettings.model_validate({**SECTION, "auth_token": "t"})


# Webhooks.

TOKEN, URL = "12345", "https://bot.example.org/webhooks/twilio"
FORM = {"MessageSid": "SM1", "MessageStatus": "delivered", "To": "+441632960000", "Body": ""}


def read(form: dict[str, str], url: str = URL, token: str = TOKEN) -> Any:
    """Read a delivery of *form*, as Twilio signs it for *url*."""
    reader = webhooks(TwilioSettings.model_validate({**SECTION, "auth_token": TOKEN, "webhook_url": URL}))
    assert reader
    said = url + "".join(name + form[name] for name in sorted(form))
    seal = b64encode(hmac.new(token.encode(), said.encode(), sha1).digest()).decode()
    return reader({"X-Twilio-Signature": seal}, urlencode(form).encode())


def test_the_signature_is_that_of_twilios_own_example() -> None:
    """The vendor's example is accepted, with every field and the address in it, and nothing near it."""
    form = {
        name: [value]
        for name, value in {
            "CallSid": "CA1234567890ABCDE",
            "Digits": "1234",
            "From": "+14158675309",
            "To": "+18005551212",
            "Caller": "+14158675309",
        }.items()
    }
    url, right = "https://mycompany.com/myapp.php?foo=1&bar=2", "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    assert signed("12345", url, form, b"", right)
    assert not signed("12345", url, {**form, "Digits": ["1235"]}, b"", right)
    assert not signed("12345", f"{url}3", form, b"", right)
    assert not any(signed("12345", url, form, b"", each) for each in ("", right[:-1], "é"))
    assert not signed("", url, form, b"", b64encode(hmac.new(b"", url.encode(), sha1).digest()).decode())


def test_a_delivery_says_that_a_message_got_on_and_nothing_else() -> None:
    """No number and no word is taken from it; with the usual port in the address it is the same."""
    hint = read(FORM)
    assert hint == Hint(vendor="twilio", key="SM1/delivered", event="message delivered", about=frozenset())
    assert read(FORM, "https://bot.example.org:443/webhooks/twilio") == hint
    assert isinstance(read({"CallSid": "CA1"}), Dropped)
    assert isinstance(read({**FORM, "MessageSid": "../x"}), Dropped)


def test_what_twilio_did_not_sign_is_not_its() -> None:
    """Another token, another address, a body that is no text: none is believed."""
    assert read(FORM, token="another") is None
    assert read(FORM, "http://bot.example.org/webhooks/twilio") is None
    reader = webhooks(TwilioSettings.model_validate({**SECTION, "auth_token": TOKEN, "webhook_url": URL}))
    assert reader
    assert reader({}, b"\xff=1") is None
    body = b'{"a": 1}'
    seal = hmac.new(TOKEN.encode(), f"{URL}?bodySHA256={sha256(body).hexdigest()}".encode(), sha1).digest()
    headers = {"Content-Type": "application/json", "X-Twilio-Signature": b64encode(seal).decode()}
    assert isinstance(reader(headers, body), Dropped)
    assert reader(headers, body + b" ") is None
    assert webhooks(TwilioSettings.model_validate(SECTION)) is None
