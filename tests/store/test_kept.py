"""Grants, people and messages."""

import asyncio
from datetime import date, timedelta

import pytest

from bot.core.keys import Proof, Vault
from bot.core.money import Money
from bot.core.people import Person, Role
from bot.core.reply import Chart, Choices, Reply
from bot.core.secret import Made
from bot.core.status import State
from bot.core.tickets import Conference, Kind, Orders, Sales, Season, Sold
from bot.store import Conflict, Store, answers, grants, keys, messages, people, presence, requests, sales
from bot.store.answers import Answer
from bot.store.grants import GrantState
from bot.store.messages import Message
from tests.store.samples import NOW, grant, request

CORY = Person(name="Cory", role=Role.OWNER, slack=("U1", "U2"), github="cory")


async def test_a_grant_runs_until_it_ends(store: Store) -> None:
    """Running grants come first to end first; a grant that ended is kept but does not run."""
    async with store.write() as tx:
        for number, days in ((1, 14), (2, 7)):
            await requests.file(tx, request(number), State.APPLIED, None)
            await grants.start(tx, grant(number, days), NOW + timedelta(days=days))
    async with store.read() as tx:
        assert await grants.running(tx) == [grant(2, 7), grant(1, 14)]
        assert await grants.due(tx, NOW + timedelta(days=7)) == ["r2"]
    async with store.write() as tx:
        await grants.set_state(tx, "r2", GrantState.ENDED, None)
    async with store.read() as tx:
        assert await grants.running(tx) == [grant(1, 14)]
        assert await grants.due(tx, NOW + timedelta(days=30)) == ["r1"]
        assert await grants.get(tx, "r2") == (grant(2, 7), GrantState.ENDED)
        assert await grants.get(tx, "r3") is None


async def test_a_request_has_one_grant(store: Store) -> None:
    """Starting a grant twice is told, and the first stays."""
    async with store.write() as tx:
        await requests.file(tx, request(1), State.APPLIED, None)
        await grants.start(tx, grant(1), None)
        with pytest.raises(Conflict):
            await grants.start(tx, grant(1, days=1), None)
    async with store.read() as tx:
        assert await grants.running(tx) == [grant(1)]


async def test_grants_whose_ends_came_in_a_time(store: Store) -> None:
    """The first bound is outside, the last one within, and ended grants count too."""
    async with store.write() as tx:
        for number, days in ((1, 7), (2, 8), (3, 9)):
            await requests.file(tx, request(number), State.APPLIED, None)
            await grants.start(tx, grant(number, days), None)
        await grants.set_state(tx, "r3", GrantState.ENDED, None)
    async with store.read() as tx:
        assert await grants.between(tx, NOW + timedelta(days=7), NOW + timedelta(days=9)) == [
            (grant(2, 8), GrantState.RUNNING),
            (grant(3, 9), GrantState.ENDED),
        ]


async def test_the_bot_learns_when_it_was_last_there(store: Store) -> None:
    """The first time never; then each time the time before."""
    later = NOW + timedelta(hours=4)
    async with store.write() as tx:
        assert await presence.seen(tx, NOW) is None
        assert await presence.seen(tx, later) == NOW
    async with store.write() as tx:
        assert await presence.seen(tx, later) == later


async def test_people_are_found_by_name_in_any_case(store: Store) -> None:
    """Names come back as written, sorted without regard to case."""
    async with store.write() as tx:
        for name in ("organiser-1", "Cory", "Zoë"):
            await people.put(tx, Person(name=name))
    async with store.read() as tx:
        assert [person.name for person in await people.everyone(tx)] == ["Cory", "organiser-1", "Zoë"]
        assert await people.by_name(tx, "ZOË") == Person(name="Zoë")
        assert await people.by_name(tx, "nobody") is None


async def test_a_person_is_replaced_renamed_and_removed(store: Store) -> None:
    """One name is one person; what a person loses, another may have."""
    async with store.write() as tx:
        await people.put(tx, CORY)
        await people.put(tx, Person(name="cory", role=Role.OWNER, slack=("U1",)))
        await people.put(tx, Person(name="Charlie", slack=("U2",)))
        await people.put(tx, Person(name="Cory-B", slack=("U1", "U3")), was="CORY")
    async with store.read() as tx:
        assert [person.name for person in await people.everyone(tx)] == ["Charlie", "Cory-B"]
    async with store.write() as tx:
        await people.remove(tx, "charlie")
        await people.remove(tx, "nobody")
        await people.put(tx, Person(name="George", slack=("U2",)))
    async with store.read() as tx:
        assert [person.name for person in await people.everyone(tx)] == ["Cory-B", "George"]


@pytest.mark.parametrize(
    ("person", "was"),
    [
        (Person(name="George", slack=("U9", "U2")), None),
        (Person(name="CORY"), "Charlie"),
    ],
    ids=["slack account", "name"],
)
async def test_what_is_another_persons_conflicts(store: Store, person: Person, was: str | None) -> None:
    """A taken name or Slack account is told, and nobody changed."""
    async with store.write() as tx:
        await people.put(tx, CORY)
        await people.put(tx, Person(name="Charlie"))
        with pytest.raises(Conflict):
            await people.put(tx, person, was=was)
    async with store.read() as tx:
        assert await people.everyone(tx) == (Person(name="Charlie"), CORY)


async def test_two_who_add_one_account_at_once_give_it_to_one(store: Store, migrated_url: str) -> None:
    """Of two additions with one Slack account, the second is told."""
    other = await Store.open(migrated_url)

    async def add(one: Store, name: str) -> None:
        async with one.write() as tx:
            await people.put(tx, Person(name=name, slack=("U1",)))

    outcomes = await asyncio.gather(add(store, "one"), add(other, "two"), return_exceptions=True)
    await other.close()
    assert [type(outcome) for outcome in outcomes if outcome] == [Conflict]
    async with store.read() as tx:
        assert len(await people.everyone(tx)) == 1


async def test_a_message_is_remembered_by_its_place(store: Store) -> None:
    """The newest word on each place of each request counts."""
    first = Message(channel="C1", ts="1.0", fingerprint="a")
    async with store.write() as tx:
        await messages.put(tx, "r1", "card", first)
        await messages.put(tx, "r1", "note", Message(channel="D1", ts="2.0", fingerprint="b"))
        await messages.put(tx, "r1", "card", first.model_copy(update={"fingerprint": "c"}))
    async with store.read() as tx:
        assert await messages.get(tx, "r1", "card") == Message(channel="C1", ts="1.0", fingerprint="c")
        assert await messages.get(tx, "r1", "note") == Message(channel="D1", ts="2.0", fingerprint="b")
        assert await messages.get(tx, "r2", "card") is None


async def test_of_two_that_replace_a_message_one_does(store: Store) -> None:
    """A message is replaced only while it is what was known, also when none was there."""
    first, second = (Message(channel="C1", ts="", fingerprint=said) for said in "ab")
    async with store.write() as tx:
        tried = [
            await messages.replace(tx, "r1", "card", known, message)
            for known, message in ((None, first), (None, second), (second, first), (first, second))
        ]
        assert tried == [True, False, False, True]
        assert await messages.get(tx, "r1", "card") == second


async def test_an_answer_is_kept_for_a_day(store: Store) -> None:
    """The first answer to a delivery is kept whole, with its picture, until a day has passed."""
    chart = Chart(title="Sales", png=b"\x89\xff", words="120 of 400 sold")
    reply = Reply(title="Two ways", blocks=(chart, Choices(text="Which?", choices=())))
    answer = Answer(reply=reply, at=NOW, channel="C1", thread="1.0")
    async with store.write() as tx:
        await answers.keep(tx, "k1", answer)
        await answers.keep(tx, "k1", answer.model_copy(update={"channel": "C2"}))
        await answers.prune(tx, NOW + answers.REMEMBERED)
        assert await answers.get(tx, "k1") == answer
        await answers.prune(tx, NOW + answers.REMEMBERED + timedelta(seconds=1))
        assert await answers.get(tx, "k1") is None


async def test_sales_are_kept_by_year_and_by_day(store: Store) -> None:
    """The last word on a year and on a day stands; a snapshot is kept without its curve."""
    nothing, day = Money(minor=0, currency="GBP"), date(2026, 6, 15)
    orders = Orders(number=0, paid=nothing, unpaid=nothing, refunded=nothing)
    conference = Conference(name="2026", title="PyCon UK 2026", currency="GBP")
    async with store.read() as tx:
        assert await sales.newest(tx) is None
    first = Sales(conference=conference, at=NOW, releases=(), orders=orders)
    later = first.model_copy(update={"at": NOW + timedelta(hours=1)})
    curved = later.model_copy(update={"days": (Sold(day=day, kind="All", sold=1),)})
    async with store.write() as tx:
        for total in (331, 332):
            await sales.put(tx, Season(year=2015, kinds=(Kind(title="All", sold=total),)))
        await sales.put(tx, Season(year=2014))
        for each in (first, curved):
            await sales.snap(tx, day, each)
        await sales.snap(tx, day + timedelta(days=1), first)
    async with store.read() as tx:
        assert await sales.newest(tx) == later
        assert [season.total for season in await sales.seasons(tx)] == [None, 332]
        assert await sales.snapshots(tx, "2026", day) == (later, first)
        assert await sales.snapshots(tx, "2026", day + timedelta(days=1)) == (first,)
        assert await sales.snapshots(tx, "2025", day) == ()
    async with store.write() as tx:
        await sales.remove(tx, 2014)
        for event in ("2026", "2027"):
            await sales.follow(tx, "tito", event)
    async with store.read() as tx:
        assert (await sales.followed(tx, "tito"), await sales.followed(tx, "another")) == ("2027", None)
        assert await sales.season(tx, 2014) is None
        assert (await sales.season(tx, 2015)) is not None


async def test_the_last_proof_of_a_person_is_kept(store: Store) -> None:
    """Who logs in again is there once, with the newer day; what is taken back is gone."""
    first, other = (
        Proof(vendor=vendor, person="Cory", on=date(2026, 6, 1)) for vendor in ("github", "dnsimple")
    )
    again = first.model_copy(update={"on": date(2026, 6, 15)})
    async with store.write() as tx:
        for proof in (first, other, again):
            await keys.put(tx, proof)
    async with store.read() as tx:
        assert set(await keys.proofs(tx)) == {again, other}
    async with store.write() as tx:
        await keys.remove(tx, "github", "Cory")
    async with store.read() as tx:
        assert await keys.proofs(tx) == (other,)


async def test_the_last_listing_of_a_vault_is_kept(store: Store) -> None:
    """A vault is listed anew in the place of before, or forgotten."""
    first, other = (Vault(people=(name,), on=date(2026, 6, 1)) for name in ("George", "Cory"))
    async with store.write() as tx:
        for name, vault in (("Infra", first), ("Infra", other), ("Old", first)):
            await keys.put_vault(tx, name, vault)
        await keys.put_vault(tx, "Old", None)
    async with store.read() as tx:
        assert await keys.vaults(tx) == {"Infra": other}


async def test_the_last_age_of_a_secret_is_kept(store: Store) -> None:
    """A secret that is made anew has the newer day; what is taken back is gone."""
    first, other = (Made(on=date(2026, 6, day), account="the-bot") for day in (1, 15))
    async with store.write() as tx:
        for key, made in (("slack.bot_token", first), ("slack.bot_token", other), ("old", first)):
            await keys.put_made(tx, key, made)
        await keys.put_made(tx, "old", None)
    async with store.read() as tx:
        assert await keys.made(tx) == {"slack.bot_token": other}
