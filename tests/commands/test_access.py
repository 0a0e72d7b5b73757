"""``access``: who can push where, why, and until when."""

from datetime import timedelta

import pytest

from bot.core.errors import Refused, UsageError
from bot.core.people import Person
from tests.commands.world import NOW, World, rows, words


async def test_a_repository_lists_who_can_push_and_why(world: World) -> None:
    """The strongest come first, each with every reason."""
    reply = await world.reply("access 2025.pyconuk.org", by="reader-1")
    assert reply.title == "2025.pyconuk.org: 6 people can push"
    listed = {row[0]: row[1:] for row in rows(reply)}
    assert listed["Cory"] == ("Admin", "owner of the organisation; team core", "no end")
    assert listed["organiser-2"] == ("Write", "team core", "no end")
    assert "organiser-1" not in listed
    assert "need nobody" in words(reply)


async def test_a_person_called_otherwise_is_shown_with_the_login(world: World) -> None:
    """Our name comes first, the login only when it says more."""
    world.people.people["Ada"] = Person(name="Ada", github="organiser-3")
    assert "Ada (organiser-3)" in {row[0] for row in rows(await world.reply("access 2025.pyconuk.org"))}


async def test_a_login_that_is_somebody_elses_name_is_not_called_by_it(world: World) -> None:
    """Our person has another account: whoever has the login of their name is not shown as them."""
    world.people.people["Organiser-3"] = Person(name="Organiser-3", github="organiser-9")
    listed = {row[0] for row in rows(await world.reply("access 2025.pyconuk.org"))}
    assert "organiser-3" in listed
    assert "Organiser-3" not in listed


async def test_a_service_is_answered_with_its_full_name(world: World) -> None:
    """The website is this year's repository, and the answer says which."""
    assert (await world.reply("access website")).title.startswith("2026.pyconuk.org: ")


async def test_a_person_lists_where_they_can_push(world: World) -> None:
    """Archived repositories and mere reading are left out."""
    reply = await world.reply("access organiser-2")
    assert reply.title == "organiser-2 can push to 2 repositories"
    assert rows(reply) == [
        ("2025.pyconuk.org", "Write", "team core; as every member", "no end"),
        ("ironcage", "Admin", "team pydata; as every member", "no end"),
    ]
    assert "GitHub: organiser-2 (Organiser Two), account since 2015." in words(reply)


async def test_a_grant_shows_its_end(world: World) -> None:
    """Until when is said for both, the person and the repository."""
    request = await world.apply(await world.plan("grant-push organiser-1 ironcage --for 14d"))
    world.grant(request, NOW + timedelta(days=14))
    assert rows(await world.reply("access organiser-1"))[0][3] == "Mon 29 Jun, 09:00"
    by_name = {row[0]: row[3] for row in rows(await world.reply("access ironcage"))}
    assert by_name["organiser-1"] == "Mon 29 Jun, 09:00"
    assert by_name["organiser-2"] == "no end"


async def test_the_invited_are_not_in_yet(world: World) -> None:
    """Who must accept is named apart from who can push."""
    await world.apply(await world.plan("grant-push helper-1 2025.pyconuk.org"))
    assert "Invited into core, not in yet: helper-1." in words(await world.reply("access 2025.pyconuk.org"))
    reply = await world.reply("access helper-1")
    assert reply.title == "helper-1 can push to 0 repositories"
    assert "Invited to PyconUK, not in yet" in words(reply)


async def test_an_archived_repository_says_so(world: World) -> None:
    """Access to an archived repository is worth nothing."""
    assert "It is archived" in words(await world.reply("access 2016.pyconuk.org"))


async def test_a_private_repository_speaks_of_no_forks(world: World) -> None:
    """Only a public repository can be forked by anybody."""
    assert "need nobody" not in words(await world.reply("access accounts"))


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("access websit", "Did you mean `website`?"),
        ("access organiser-11", "Did you mean `organiser-1`?"),
        ("access zzzz", "`teams show core`"),
    ],
)
async def test_what_is_neither_is_answered_with_the_nearest(world: World, line: str, hint: str) -> None:
    """A misspelt person or repository gets a suggestion."""
    with pytest.raises(UsageError, match="I know no person, account or repository") as caught:
        await world.ask(line)
    assert hint in caught.value.hint


async def test_a_person_without_login_cannot_be_looked_up(world: World) -> None:
    """Our people lack the login, and how to add it is said."""
    with pytest.raises(Refused, match="organiser-4 has no GitHub login"):
        await world.ask("access organiser-4")


async def test_what_the_token_may_not_see_is_said(world: World) -> None:
    """An answer that may be incomplete says so."""
    world.github.world.members[world.github.world.bot] = "member"
    assert "Our token may not see" in words(await world.reply("access ironcage"))


@pytest.mark.parametrize("graphql", [True, False])
async def test_an_invitation_is_said_while_it_waits(world: World, graphql: bool) -> None:
    """Who is invited is said to be, by GraphQL and by REST, and no more once the invitation ran out."""
    world.github.graphql_enabled = graphql
    await world.apply(await world.plan("teams add core helper-1"))
    assert "Invited to PyconUK, not in yet" in words(await world.reply("access helper-1"))
    world.now += timedelta(days=8)
    world.client.memo.clear()
    assert "Invited to PyconUK" not in words(await world.reply("access helper-1"))
