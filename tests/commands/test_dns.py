"""``dns``: what the zone's names point at, asked for and looked at from outside."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.core.bound import Bound
from bot.core.change import Plan
from bot.core.errors import BotError, Refused
from bot.core.takeover import Names
from integrations.dnsimple import DNSIMPLE
from integrations.github import GITHUB
from tests.commands.conftest import Build
from tests.commands.world import World, choices, rows, targets, words
from tests.integrations.dnsimple.wired import PAGES, SEED, Wired, wired

HOSTED = {"kindly_hosted": {"192.0.2.7": "server kindly hosted by Zeth"}}
TWO = [
    {"name": "mail", "type": "MX", "content": "mail.example.org", "priority": 10},
    {"name": "mail", "type": "MX", "content": PAGES, "priority": 20},
    {"name": "mail", "type": "TXT", "content": "v=spf1 -all"},
]


def join(world: World, dnsimple: Wired) -> World:
    """Let *world* have a zone."""
    world.readers["dnsimple"] = DNSIMPLE.reads(dnsimple.client)
    world.bound |= {resource.name: Bound(resource, dnsimple.client) for resource in DNSIMPLE.resources}
    return world


@pytest.fixture
async def zone() -> AsyncIterator[Wired]:
    """The zone of the seed."""
    async with wired({}, **HOSTED) as found:
        yield found


@pytest.fixture
async def world(build: Build, zone: Wired) -> World:
    """The organisation with its zone."""
    return join(await build(), zone)


async def carry_out(world: World, plan: Plan) -> None:
    """Carry out *plan* a step at a time, each from what it was planned from."""
    for change in (step for each in plan.changes for step in world.bound[each.resource].steps(each)):
        bound = world.bound[change.resource]
        assert await bound.read(change.target) == change.before
        await bound.write(change.target, change.after)
        assert await bound.read(change.target) == change.after


async def test_all_records_are_listed(world: World) -> None:
    """The apex comes first, the current year is marked, and who depends on one person is said."""
    said = await world.reply("dns", by="reader-1")
    assert rows(said)[0] == ("pyconuk.org", "URL", "https://2026.pyconuk.org", "1 hour", "")
    assert ("2026.pyconuk.org", "CNAME", PAGES, "1 hour", "the current year") in rows(said)
    assert ("", "", "20 mx2.example.org", "1 hour", "") in rows(said)
    assert "*2014.pyconuk.org depends on one person*: server kindly hosted by Zeth." in words(said)
    assert "SOA" not in words(said)


async def test_one_name_is_shown(world: World, zone: Wired) -> None:
    """All of its types; several names on one person's server are one warning."""
    zone.standin.world.zone.add({"name": "2013", "type": "A", "content": "192.0.2.7"})
    assert rows(await world.reply("dns show 2025")) == [
        ("2025.pyconuk.org", "CNAME", PAGES, "10 minutes", "")
    ]
    assert "*2 depend on one person*" in words(await world.reply("dns"))
    with pytest.raises(BotError) as unknown:
        await world.reply("dns show 2206")
    assert unknown.value.message == "2206.pyconuk.org has no records."
    assert unknown.value.hint == "Did you mean `2026.pyconuk.org`?"


async def test_a_record_is_added(world: World) -> None:
    """The plan is one change from nothing; TTLs are said as people say them."""
    plan = await world.plan(f"dns add 2027 cname {PAGES} --ttl 5m")
    assert targets(plan) == [("dnsimple.record", "2027.pyconuk.org/CNAME")]
    assert plan.changes[0].words == f"*2027.pyconuk.org* CNAME: `{PAGES}`, TTL 5 minutes (now: nothing)"
    await carry_out(world, plan)
    said = words(await world.reply(f"dns add 2027 CNAME {PAGES}"))
    assert "2027.pyconuk.org is so already" in said
    assert "Nothing was filed" in said


async def test_a_wildcard_is_said_as_it_is(world: World) -> None:
    """The star of a wildcard is no mark of ours."""
    plan = await world.plan(f"dns add '*' CNAME {PAGES}")
    assert plan.changes[0].words.startswith("`*.pyconuk.org` CNAME: ")


async def test_a_record_joins_others(world: World) -> None:
    """Before and after stand side by side with all records of the set."""
    plan = await world.plan("dns add 2014 A 192.0.2.8")
    assert plan.changes[0].words == (
        "*2014.pyconuk.org* A: `192.0.2.7`, TTL 1 hour and `192.0.2.8`, TTL 1 hour "
        "(now: `192.0.2.7`, TTL 1 hour)"
    )
    await carry_out(world, plan)


async def test_a_redirect_says_what_it_does_not_do(world: World) -> None:
    """A redirect works for http:// alone unless DNSimple has a certificate."""
    plan = await world.plan("dns add talks URL https://2026.pyconuk.org/talks")
    assert plan.notes == (
        "http://talks.pyconuk.org is redirected; https:// needs a certificate of DNSimple for the name.",
    )


@pytest.mark.parametrize(
    ("line", "words_"),
    [
        ("dns add 2026 CNAME mail.example.org", "has a CNAME already"),
        ("dns add @ CNAME pyconuk.github.io", "cannot have a CNAME"),
        ("dns add 2026 TXT text", "is a CNAME"),
        ("dns add 2027 CNAME nothing.example.org", "There is no nothing.example.org"),
        ("dns add 2027 URL https://nothing.example.org/x", "There is no nothing.example.org"),
        ("dns add _x._tcp.pyconuk.org SRV '1 1 nothing.example.org' --priority 1", "There is no nothing"),
        ("dns add 2027.example.org A 192.0.2.1", "is not in pyconuk.org"),
        ("dns add 2027 SOA x", "records of type `SOA`"),
        ("dns add 2027 A 192.0.2.1 --ttl 1s", "--ttl"),
        ("dns add 2027 A 192.0.2.1 --ttl 5", "out of range"),
        ("dns add 2027 MX mail.example.org", "need a priority"),
        ("dns add 2027 A 192.0.2.1 --priority 10", "have no priority"),
        ("dns add 2027 A mail.example.org", "cannot be the content of a record of type A"),
        ("dns add old.*.pyconuk.org A 192.0.2.1", "cannot be a name"),
        ("dns change 2027 mail.example.org", "has no records"),
        ("dns change 2026", "Say what is new"),
        ("dns change 2026 --type A --ttl 60", "Say what the A points at"),
        ("dns change 2026 x --type TXT", "has no TXT, but CNAME"),
        ("dns change 2026 nothing.example.org", "There is no nothing"),
        ("dns change mail --from mx3.example.org --priority 5", "has no MX record `mx3.example.org`"),
        ("dns remove 2027", "has no records"),
        ("dns remove 2026 A", "has no A record"),
        ("dns remove 2026 CNAME other.example.org", "has no CNAME record"),
        ("dns check 2027", "has no records"),
    ],
)
async def test_what_is_refused_before_it_is_filed(world: World, line: str, words_: str) -> None:
    """Each mistake is named, with what to say instead."""
    with pytest.raises(BotError) as refused:
        await world.ask(line)
    assert words_ in refused.value.message
    assert refused.value.hint


async def test_a_name_points_somewhere_else(world: World) -> None:
    """One change in place; the plan says how long some people see the old."""
    plan = await world.plan("dns change 2025 mail.example.org")
    assert plan.changes[0].words == (
        f"*2025.pyconuk.org* CNAME: `mail.example.org`, TTL 10 minutes (now: `{PAGES}`, TTL 10 minutes)"
    )
    assert plan.notes == ("Some people see what is there now for up to 10 minutes longer.",)
    assert (plan.on_failure, plan.title) == ("leave", "2025.pyconuk.org: CNAME points at mail.example.org")
    await carry_out(world, plan)
    assert "is so already" in words(await world.reply("dns change 2025 Mail.example.org."))


async def test_a_host_nobody_can_look_up_is_noted(world: World, zone: Wired) -> None:
    """When the resolver is silent the owners are told that nobody looked."""
    zone.client.outside.seconds = 0.05
    for server in zone.standin.servers.values():
        server.silent = True
    plan = await world.plan("dns change 2025 other.example.org")
    assert "Whether there is other.example.org could not be looked up." in plan.notes


async def test_every_record_of_a_set_is_remembered_for_another_time(world: World) -> None:
    """A TTL alone is for all records of a set."""
    plan = await world.plan("dns change mail --ttl 5m")
    assert plan.title == "mail.pyconuk.org: MX is remembered for another time"
    await carry_out(world, plan)


async def test_which_record_is_meant_is_asked(build: Build) -> None:
    """Of several types or records none is guessed: a button says each."""
    async with wired({"records": TWO}) as zone:
        world = join(await build(), zone)
        assert choices(await world.reply("dns change mail mail2.example.org --priority 5")) == [
            "dns change mail mail2.example.org --priority 5 --type MX",
            "dns change mail mail2.example.org --priority 5 --type TXT",
        ]
        asked = choices(await world.reply("dns change mail --type mx --priority 5"))
        assert asked == [
            "dns change mail --type mx --priority 5 --from mail.example.org",
            f"dns change mail --type mx --priority 5 --from {PAGES}",
        ]
        plan = await world.plan(asked[1])
        assert plan.title == "mail.pyconuk.org: MX gets another priority"
        await carry_out(world, plan)
        assert choices(await world.reply("dns remove mail")) == [
            "dns remove mail.pyconuk.org MX",
            "dns remove mail.pyconuk.org TXT",
        ]
        plan = await world.plan(f"dns remove mail MX {PAGES}")
        assert plan.title == "mail.pyconuk.org: one MX record less"
        await carry_out(world, plan)


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        ("dns change 2014 pyconuk.github.io --type CNAME", ["A", "CNAME"]),
        ("dns change @ pyconuk.github.io --type ALIAS", ["URL", "ALIAS"]),
        ("dns change 2026 192.0.2.9 --type A", ["CNAME", "A"]),
    ],
)
async def test_a_type_changes_in_two_ordered_steps(world: World, line: str, kinds: list[str]) -> None:
    """What it was goes first; the gap is stated, and what was there comes back when the last step fails."""
    plan = await world.plan(line)
    assert [target.rpartition("/")[2] for _, target in targets(plan)] == kinds
    assert plan.changes[0].after is None
    assert plan.on_failure == "restore"
    assert "leads nowhere" in plan.notes[0]
    await carry_out(world, plan)


async def test_a_type_that_cannot_take_the_place_of_what_stays(build: Build) -> None:
    """A CNAME does not push out the text beside what it replaces, nor an address family the other."""
    records: list[dict[str, Any]] = [
        {"name": "x", "type": "A", "content": "192.0.2.1"},
        {"name": "x", "type": "TXT", "content": "text"},
    ]
    async with wired({"records": records}) as zone:
        world = join(await build(), zone)
        with pytest.raises(Refused, match="has TXT already"):
            await world.ask(f"dns change x {PAGES} --type CNAME")
        with pytest.raises(BotError, match="has no AAAA"):
            await world.ask("dns change x 2001:db8::1 --type AAAA")


async def test_a_name_is_removed(world: World) -> None:
    """The plan says that nobody arrives any more; a set of several is one change to the eye."""
    plan = await world.plan("dns remove 2025")
    assert plan.losses == ("*Nobody reaches 2025.pyconuk.org by its name any more.*",)
    assert plan.notes == ("Some people see what is there now for up to 10 minutes longer.",)
    await carry_out(world, plan)
    plan = await world.plan("dns remove mail")
    assert plan.wide
    await carry_out(world, plan)


async def test_what_is_wrong_from_outside(world: World, zone: Wired) -> None:
    """Each name server is asked and each site fetched; what is not as it should be is listed."""
    said = await world.reply("dns check", by="reader-1")
    assert rows(said) == [
        ("2025.pyconuk.org", "CNAME", "https://2025.pyconuk.org shows no page: status 404"),
        ("alias.pyconuk.org", "ALIAS", "https://alias.pyconuk.org shows no page: status 404"),
    ]
    assert "5 of 7 are from outside as they should be, on all 2 name servers." in words(said)
    zone.standin.servers["ns2.dnsimple.com"].fall_behind(zone.standin.world.zone)
    await carry_out(world, await world.plan("dns change 2014 192.0.2.9"))
    assert rows(await world.reply("dns check 2014")) == [
        ("2014.pyconuk.org", "A", "ns2.dnsimple.com does not have it")
    ]
    assert "all is well" in words(await world.reply("dns check 2026"))


async def test_a_name_that_anybody_could_take(build: Build) -> None:
    """What points, or is to, at a service where nothing of ours answers is named; what is unknown too."""
    more = [
        {"name": "docs", "type": "CNAME", "content": "us.readthedocs.io"},
        {"name": "gone", "type": "CNAME", "content": "x.herokudns.com"},
    ]
    known = {PAGES: "192.0.2.10", "us.readthedocs.io": "192.0.2.40"}
    async with wired({"elsewhere": known, "records": SEED["records"] + more}) as zone:
        site = {"name": "2026.pyconuk.org", "pages": {"cname": "2026.pyconuk.org"}}
        world = join(await build(repos=[site], teams=[]), zone)
        world.names = Names(
            pointing={"dnsimple": DNSIMPLE.reads(zone.client).pointing},
            claims={"github": GITHUB.reads(world.client).domains},
        )
        plan = await world.plan(f"dns add '*' CNAME {PAGES}")
        (note,) = plan.notes
        assert note.startswith("We do not hold `*.pyconuk.org` at GitHub Pages yet: whoever claims it there")
        assert (await world.plan(f"dns change 2026 {PAGES} --ttl 5m")).notes[1:] == ()
        plan = await world.plan("dns change 2025 us.readthedocs.io")
        assert plan.notes[0] == (
            "Whether we hold *2025.pyconuk.org* at Read the Docs cannot be known: it is not set up here"
        )
        said = words(await world.reply("dns check"))
        assert "*2025.pyconuk.org* points at `pyconuk.github.io`, and nothing of ours there has this" in said
        assert "*gone.pyconuk.org* points at `x.herokudns.com`, and there is no such host" in said
        assert "`dns remove gone.pyconuk.org`" in said
        assert "Whether we hold *docs.pyconuk.org* at Read the Docs cannot be known: it is not set" in said
        assert "*2026.pyconuk.org*" not in said
        assert "all is well" in words(await world.reply("dns check 2026"))


async def test_without_a_zone(build: Build) -> None:
    """Who has no DNSimple is told what to set up."""
    with pytest.raises(Refused, match="DNSimple is not set up here"):
        await (await build()).ask("dns")
