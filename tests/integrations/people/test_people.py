"""Our own list: read, changed, said in words, weighed; the list is handed in."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.core.bound import Bound
from bot.core.errors import Refused
from bot.core.people import Person, Role
from bot.core.policy import Policy, Verdict, weigh
from bot.core.review import Terms
from bot.core.vendor import NoSettings
from integrations import VENDORS
from integrations.people import PEOPLE, PERSON, REVIEW, PersonState


@dataclass
class Shelf:
    """A list of people in memory."""

    people: dict[str, Person] = field(default_factory=dict)
    terms: Terms | None = None

    async def everyone(self) -> tuple[Person, ...]:
        """Return all people."""
        return tuple(self.people.values())

    async def by_name(self, name: str) -> Person | None:
        """Return one person."""
        return self.people.get(name.casefold())

    async def put(self, person: Person) -> None:
        """Keep a person."""
        self.people[person.name.casefold()] = person

    async def remove(self, name: str) -> None:
        """Forget a person."""
        self.people.pop(name.casefold(), None)

    async def review(self) -> Terms | None:
        """Return what runs."""
        return self.terms

    async def begin_review(self, terms: Terms) -> None:
        """Begin a review."""
        self.terms = terms

    async def stop_review(self) -> None:
        """Stop it."""
        self.terms = None


CORY = Person(name="Cory", role=Role.OWNER, slack=("U2",), github="cory")
ORGANISER = Person(name="organiser-1", slack=("U7",), github="organiser-1")


def shelf(*people: Person) -> Shelf:
    """Return a list of three owners, an organiser and *people*."""
    owners = [CORY, *(Person(name=n, role=Role.OWNER, slack=(f"U-{n}",)) for n in ("George", "Owen"))]
    return Shelf({person.name.casefold(): person for person in (*owners, ORGANISER, *people)})


async def judged(listed: Shelf, name: str, after: PersonState | None) -> Verdict:
    """Return what the guards ask of a change."""
    bound = Bound(PERSON, listed)
    change = await bound.plan(name, after)
    return weigh((change,), (await bound.concerns(change),), PERSON.own, Policy())


async def test_people_come_change_and_go() -> None:
    """What is written is read back, the name in any case."""
    listed = shelf()
    state = PersonState(slack=("U9",), github="helper", away_until=date(2026, 7, 1))
    assert await PERSON.read(listed, "helper") is None
    await PERSON.write(listed, "helper", state)
    assert await PERSON.read(listed, "HELPER") == state
    await PERSON.write(listed, "helper", None)
    assert await PERSON.read(listed, "helper") is None


def test_a_state_is_a_person_without_the_name() -> None:
    """Nothing of a person is lost but the name."""
    assert PersonState.of(CORY).named("Cory") == CORY


async def test_the_list_is_handed_in() -> None:
    """The face is a vendor's, its client the list; it is none of the configured vendors."""
    listed = shelf()
    assert PEOPLE.connect(NoSettings(), listed) is listed
    assert await PEOPLE.reads(listed).everyone() == await listed.everyone()
    assert PEOPLE.name not in {vendor.name for vendor in VENDORS}


async def test_being_away_needs_nobody() -> None:
    """Whoever it is: it only decides who is asked."""
    for person in (CORY, ORGANISER):
        away = PersonState.of(person).model_copy(update={"away_until": date(2026, 7, 1)})
        assert (await judged(shelf(), person.name, away)).needs == 0


async def test_an_ordinary_person_needs_one_owner() -> None:
    """Adding, changing and removing organisers are decided by an owner."""
    state = PersonState.of(ORGANISER)
    for name, after in (
        ("helper", PersonState(github="helper")),
        ("organiser-1", state.model_copy(update={"slack": ("U8",)})),
        ("organiser-1", None),
    ):
        assert await judged(shelf(), name, after) == Verdict(needs=1, wait=timedelta(0))


async def test_an_owners_role_and_accounts_need_two() -> None:
    """Whoever could sign as an owner is the owner list's business: role, Slack and GitHub accounts."""
    cory, organiser = PersonState.of(CORY), PersonState.of(ORGANISER)
    for name, after in (
        ("organiser-1", organiser.model_copy(update={"role": Role.OWNER})),
        ("Cory", cory.model_copy(update={"role": Role.ORGANISER})),
        ("Cory", cory.model_copy(update={"slack": ("U8",)})),
        ("Cory", cory.model_copy(update={"github": "c0ry"})),
        ("cory", None),
    ):
        assert await judged(shelf(), name, after) == Verdict(needs=2, protected=("owner list",))


async def test_two_owners_stay() -> None:
    """The last two owners cannot be taken away, whatever case the name is in."""
    listed = shelf()
    await listed.remove("George")
    with pytest.raises(Refused, match="would leave 1 owner"):
        await judged(listed, "cORY", None)


@pytest.mark.parametrize(
    ("after", "why"),
    [
        (PersonState(slack=("U2", "U8")), "Slack <@U2> belongs to Cory"),
        (PersonState(github="CORY"), "The GitHub login cory belongs to Cory"),
    ],
)
async def test_an_account_is_one_persons(after: PersonState, why: str) -> None:
    """Nobody gets an account that is another's; one's own may stay."""
    with pytest.raises(Refused, match=why):
        await judged(shelf(), "helper", after)
    assert (await judged(shelf(), "Cory", PersonState.of(CORY))).needs == 0


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (None, ORGANISER, "x joins our people as *organiser* (Slack <@U7>, GitHub organiser-1)"),
        (None, Person(name="x"), "x joins our people as *organiser* (no Slack account, no GitHub login)"),
        (CORY, None, "x leaves our people (now: owner)"),
        (ORGANISER, ORGANISER.model_copy(update={"role": Role.OWNER}), "x: *owner* (now: organiser)"),
        (
            ORGANISER,
            ORGANISER.model_copy(update={"github": None, "slack": ()}),
            "x: no Slack account (now: Slack <@U7>); GitHub *no login* (now: organiser-1)",
        ),
        (
            ORGANISER,
            ORGANISER.model_copy(update={"away_until": date(2026, 7, 1)}),
            "x: away until 1 Jul 2026",
        ),
        (ORGANISER.model_copy(update={"away_until": date(2026, 7, 1)}), ORGANISER, "x: back"),
    ],
)
def test_in_words(before: Person | None, after: Person | None, words: str) -> None:
    """The card says what is new and what is now."""
    states = [None if person is None else PersonState.of(person) for person in (before, after)]
    assert PERSON.words("x", *states) == words


async def test_the_check_counts_who_can_decide() -> None:
    """Fewer than two owners with Slack is bad; who has no login is named."""
    assert PEOPLE.check is not None
    good, warning = await PEOPLE.check(shelf())
    assert (good.level, warning.level) == ("good", "warning")
    assert "George and Owen" in warning.text
    alone = Shelf({"cory": CORY, "owen": Person(name="Owen", role=Role.OWNER, github="owen")})
    (bad,) = await PEOPLE.check(alone)
    assert (bad.level, bad.text) == (
        "bad",
        "Fewer than two owners have a Slack account and can decide: Cory.",
    )


async def test_a_review_is_begun_and_stopped_by_anybody_who_asks() -> None:
    """It asks and takes nothing away, so it needs no approval; the words say until when."""
    listed = shelf()
    at = datetime(2026, 6, 15, 9, tzinfo=UTC)
    terms = Terms(
        by="Cory", asks_at=at, reminds_at=at, closes_at=at + timedelta(days=14), holds={"Cory": ("owner",)}
    )
    bound = Bound(REVIEW, listed)
    begun = await bound.plan("everybody", terms)
    assert begun.words == (
        "A review: 1 person is asked whether they still help, from 15 Jun 2026 until 29 Jun 2026"
    )
    await bound.write("everybody", begun.after)
    assert await bound.read("everybody") == begun.after
    stopped = await bound.plan("everybody", None)
    assert stopped.words.startswith("The review is stopped")
    assert weigh((stopped,), (await bound.concerns(stopped),), REVIEW.own, Policy()).needs == 0
    await bound.write("everybody", None)
    assert listed.terms is None
