"""What ``infra check`` says of DNSimple."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.core.errors import Denied
from bot.core.vendor import Finding
from integrations.dnsimple import DNSIMPLE
from integrations.dnsimple.standin import StandIn
from tests.integrations.dnsimple.wired import Wired, wired


async def check(dnsimple: Wired) -> tuple[Finding, ...]:
    """Return the findings."""
    assert DNSIMPLE.check is not None
    return await DNSIMPLE.check(dnsimple.client)


async def test_all_is_well(dnsimple: Wired) -> None:
    """Account, zone, plan, name servers, distribution, webhooks and certificates are looked at."""
    found = await check(dnsimple)
    assert [each.level for each in found] == ["good"] * 5
    assert found[0].text == "DNSimple answers for the zone pyconuk.org (plan solo-v1-monthly)."


async def test_the_zone_says_how_it_does(dnsimple: Wired) -> None:
    """Its health is what the check finds; a DNSimple that does not answer is told from trouble."""
    assert DNSIMPLE.health is not None
    assert await DNSIMPLE.health(DNSIMPLE.reads(dnsimple.client)) == await check(dnsimple)
    revoke(dnsimple.standin)
    with pytest.raises(Denied):
        await DNSIMPLE.health(DNSIMPLE.reads(dnsimple.client))


def revoke(standin: StandIn) -> None:
    standin.world.token = "another"


def take_a_users_token(standin: StandIn) -> None:
    standin.world.user_token = True


def lag(standin: StandIn) -> None:
    standin.world.distributed = False


def fail_to_look(standin: StandIn) -> None:
    standin.world.distributed = None


@pytest.mark.parametrize(
    ("trouble", "level", "words"),
    [
        (revoke, "bad", "does not accept our token"),
        (take_a_users_token, "bad", "is a user's"),
        (lag, "warning", "not all its name servers"),
        (fail_to_look, "warning", "could not check its name servers"),
    ],
)
async def test_trouble(dnsimple: Wired, trouble: Callable[[StandIn], None], level: str, words: str) -> None:
    """Each trouble is named, with what to do about it."""
    trouble(dnsimple.standin)
    worst = next(each for each in await check(dnsimple) if each.level != "good")
    assert (worst.level, words in worst.text) == (level, True)
    assert worst.hint


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"account": "2020"}, "is for account 1010, not 2020"),
        ({"zone": "example.org"}, "no zone example.org"),
    ],
)
async def test_the_wrong_account_or_zone(settings: dict[str, Any], words: str) -> None:
    """A token of another account and a zone that is not there are found out at once."""
    async with wired(**settings) as dnsimple:
        assert words in (await check(dnsimple))[0].text


async def test_silent_name_servers(dnsimple: Wired) -> None:
    """Name servers that do not answer us are a warning: changes could not be checked."""
    dnsimple.client.outside.seconds = 0.05
    dnsimple.standin.servers["ns1.dnsimple.com"].silent = True
    assert (await check(dnsimple))[1].text == "Name servers that do not answer: ns1.dnsimple.com."
