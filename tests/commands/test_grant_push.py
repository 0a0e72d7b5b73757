"""``grant-push``: what is missing becomes a plan, and nothing more."""

from datetime import timedelta

import pytest

from bot.core.errors import BotError, Refused, UsageError
from bot.core.people import Person
from bot.core.policy import Policy
from tests.commands.conftest import Build
from tests.commands.world import NOW, SEED, World, targets, words

CORE_REPO = ("github.team_repo", "core/2026.pyconuk.org")
CORE_MEMBER = ("github.team_member", "core/organiser-1")


async def test_the_repository_and_then_the_person_join_core(world: World) -> None:
    """Both are planned, the repository first, since an invitation that waits must hold nothing back."""
    plan = await world.plan("grant-push organiser-1 website because looks after the schedule page")
    assert plan.title == "Push access for organiser-1: website"
    assert targets(plan) == [CORE_REPO, CORE_MEMBER]
    assert [change.after for change in plan.changes] == [
        {"level": "Write"},
        {"role": "member", "pending": False},
    ]
    assert plan.changes[0].words == "*2026.pyconuk.org* joins core with *Write* (now: Read)"


async def test_the_card_says_who_gains_what(world: World) -> None:
    """The person gains the team's other repositories that live, the team gains the repository."""
    plan = await world.plan("grant-push organiser-1 website")
    assert plan.gains == (
        "organiser-1: Write on *2 repositories*, this one included",
        "*2 people* in core: Write on this repository",
    )
    assert plan.wide
    assert "GitHub: organiser-1, account since 2014." in plan.notes
    assert "Only this repository instead: `grant-push organiser-1 website --direct`." in plan.notes


async def test_applying_the_plan_gives_push(world: World) -> None:
    """After the plan is carried out the same line finds nothing missing."""
    await world.apply(await world.plan("grant-push organiser-1 website"))
    reply = await world.reply("grant-push organiser-1 website")
    assert reply.title == "organiser-1 can already push to 2026.pyconuk.org"
    assert "team core" in words(reply)
    assert "#42" in words(reply)
    assert "nothing was filed" in words(reply)


async def test_only_what_is_missing_is_planned(world: World) -> None:
    """A person who is in the team needs the repository there, and only that."""
    plan = await world.plan("grant-push organiser-2 website")
    assert targets(plan) == [CORE_REPO]
    assert plan.gains == (
        "organiser-2: Write on this repository",
        "*1 person* in core: Write on this repository",
    )


async def test_a_repository_that_core_can_push_to_needs_the_person_alone(world: World) -> None:
    """A repository in the team with Write stays as it is, and nobody else gains anything."""
    plan = await world.plan("grant-push organiser-1 2025.pyconuk.org")
    assert targets(plan) == [("github.team_member", "core/organiser-1")]
    assert plan.gains == ("organiser-1: Write on this repository",)
    assert not plan.wide
    assert not any("--direct" in note for note in plan.notes)


async def test_a_public_repository_says_that_pull_requests_need_nobody(world: World) -> None:
    """Push is often not needed at all, and the plan says so."""
    assert "need nobody" in words(await world.plan("grant-push organiser-1 website"))
    assert "*accounts* is private." in words(await world.plan("grant-push organiser-1 accounts"))


@pytest.mark.parametrize(
    "said",
    [
        "2026.pyconuk.org",
        "PyconUK/2026.pyconuk.org",
        "https://github.com/PyconUK/2026.pyconuk.org/",
        "WEBSITE",
    ],
)
async def test_a_repository_may_be_said_in_any_form(world: World, said: str) -> None:
    """A service, a full name and an address mean the same repository; next year's is not yet the website."""
    assert targets(await world.plan(f"grant-push organiser-1 {said}"))[0] == CORE_REPO


async def test_an_owner_has_access_already(world: World) -> None:
    """Owners can push everywhere, so nothing is filed."""
    assert "owner of the organisation" in words(await world.reply("grant-push Cory website"))


async def test_access_by_another_team_is_access(world: World) -> None:
    """Admin through another team counts as push."""
    assert "Admin on *ironcage*: team pydata" in words(await world.reply("grant-push organiser-2 ironcage"))


async def test_a_base_permission_of_write_is_access(build: Build) -> None:
    """Where every member can push, nothing is missing for a member."""
    world = await build(default_repository_permission="write")
    assert "as every member" in words(await world.reply("grant-push organiser-1 ironcage"))


async def test_who_joins_an_organisation_where_all_can_push_gains_everything(build: Build) -> None:
    """Joining the team means joining the organisation, and the card counts what that gives."""
    world = await build(default_repository_permission="write")
    plan = await world.plan("grant-push helper-1 2025.pyconuk.org")
    assert plan.gains == ("helper-1: Write on *5 repositories*, this one included",)


async def test_a_duration_gives_a_grant_of_its_own_that_ends(world: World) -> None:
    """With an end the grant is direct, and its end is part of the plan."""
    plan = await world.plan("grant-push organiser-1 website --for 14d")
    assert targets(plan) == [("github.collaborator", "2026.pyconuk.org/organiser-1")]
    assert plan.lasts == timedelta(days=14)
    assert [(c.before, c.after) for c in plan.ending] == [({"level": "Write", "pending": False}, None)]
    assert plan.ending[0].words == "organiser-1 loses their own grant on *2026.pyconuk.org* (now: Write)"
    assert plan.gains == ("organiser-1: Write on *2026.pyconuk.org* alone, for 14 days from approval",)
    assert not plan.wide


async def test_a_date_includes_the_whole_day(world: World) -> None:
    """Until Friday ends on Friday at midnight, London time."""
    plan = await world.plan("grant-push organiser-1 website --until 2026-06-19")
    assert plan.ends_at is not None
    assert plan.ends_at.isoformat() == "2026-06-19T23:00:00+00:00"
    assert "until the end of 19 Jun 2026" in words(plan)


async def test_direct_gives_this_repository_without_an_end(world: World) -> None:
    """--direct is the narrow grant, and it stays."""
    plan = await world.plan("grant-push organiser-1 website --direct")
    assert targets(plan) == [("github.collaborator", "2026.pyconuk.org/organiser-1")]
    assert plan.ending == ()
    assert plan.end(NOW) is None


async def test_a_grant_ends_in_what_stood_before(build: Build) -> None:
    """Who had a lower grant of their own has it again afterwards."""
    world = await build(collaborators={"ironcage": {"organiser-1": "triage"}})
    plan = await world.plan("grant-push organiser-1 ironcage --for 14d")
    assert plan.ending[0].after == {"level": "Triage", "pending": False}


async def test_a_running_grant_is_extended_and_ends_in_what_it_began_with(world: World) -> None:
    """Asking again with an end extends the grant, and does not end in the grant it extends."""
    first = await world.apply(await world.plan("grant-push organiser-1 website --for 14d"))
    world.grant(first, NOW + timedelta(days=14))
    plan = await world.plan("grant-push organiser-1 website --for 28d")
    assert plan.changes[0].before == plan.changes[0].after
    assert plan.ending[0].after is None


async def test_a_running_grant_can_become_lasting_through_the_team(world: World) -> None:
    """Asking without an end while a grant runs plans the team, which stays."""
    first = await world.apply(await world.plan("grant-push organiser-1 website --for 14d"))
    world.grant(first, NOW + timedelta(days=14))
    assert targets(await world.plan("grant-push organiser-1 website")) == [CORE_REPO, CORE_MEMBER]
    with pytest.raises(Refused, match=r"until Mon 29 Jun, 09:00 \(#42\)"):
        await world.ask("grant-push organiser-1 website --direct")


async def test_a_lasting_direct_grant_is_access(build: Build) -> None:
    """A grant of one's own without an end is access already, whatever end is asked."""
    world = await build(collaborators={"ironcage": {"organiser-1": "push"}})
    reply = await world.reply("grant-push organiser-1 ironcage --for 14d")
    assert "Write on *ironcage*: given directly." in words(reply)


async def test_who_is_invited_is_not_in_yet(world: World) -> None:
    """Somebody who must accept is not invited again; the link to forward is given."""
    await world.apply(await world.plan("grant-push helper-1 2025.pyconuk.org"))
    reply = await world.reply("grant-push helper-1 2025.pyconuk.org")
    assert reply.title == "helper-1 is invited to push to 2025.pyconuk.org, not in yet"
    assert "/orgs/PyconUK/invitation" in words(reply)
    assert "no push until then" in words(reply)


async def test_an_invitation_that_waits_does_not_hold_back_the_repository(world: World) -> None:
    """For who is invited into the team, only the repository is still planned."""
    await world.apply(await world.plan("grant-push helper-1 2025.pyconuk.org"))
    assert targets(await world.plan("grant-push helper-1 website")) == [CORE_REPO]


async def test_an_invitation_to_the_repository_is_not_repeated(world: World) -> None:
    """Who was invited to the repository alone is told so, with its link."""
    await world.apply(await world.plan("grant-push helper-1 ironcage --direct"))
    reply = await world.reply("grant-push helper-1 ironcage --direct")
    assert "/PyconUK/ironcage/invitations" in words(reply)


async def test_an_end_can_be_put_to_an_invitation(world: World) -> None:
    """An invitation that waits is no state to go back to when the grant ends."""
    await world.apply(await world.plan("grant-push helper-1 ironcage --direct"))
    plan = await world.plan("grant-push helper-1 ironcage --for 14d")
    assert plan.ending[0].after is None


async def test_a_live_login_that_is_not_ours_is_allowed_and_said_loudly(world: World) -> None:
    """Somebody outside our people may get access, and the owners read that."""
    plan = await world.plan("grant-push helper-1 website")
    assert "*helper-1 is not in our people*." in plan.notes
    assert any("not in PyconUK yet" in note for note in plan.notes)


async def test_a_lookalike_is_named(world: World) -> None:
    """A login that looks like an owner's, and a young account, are pointed out."""
    said = words(await world.plan("grant-push ge0rge website"))
    assert "*Looks like George* (george), but is not that account." in said
    assert "*account only 5 days old*" in said


async def test_an_unknown_mention_is_told_what_to_type(world: World) -> None:
    """A helper whom nobody knows is one option away."""
    with pytest.raises(Refused) as caught:
        await world.ask("grant-push <@U9> website")
    assert caught.value.message == "I do not know <@U9>."
    assert caught.value.hint == "Say their GitHub login: `grant-push <@U9> website --login LOGIN`"


async def test_an_unknown_helper_gets_in_with_one_request(world: World) -> None:
    """The person and the access are one plan, the person first."""
    plan = await world.plan("grant-push <@U9> website --login helper-1")
    assert targets(plan) == [
        ("people.person", "helper-1"),
        CORE_REPO,
        ("github.team_member", "core/helper-1"),
    ]
    after = plan.changes[0].after
    assert after is not None
    assert (after["slack"], after["github"], after["role"]) == (["U9"], "helper-1", "organiser")
    await world.apply(plan)
    assert world.person("helper-1").slack == ("U9",)


async def test_an_unknown_helper_may_be_given_a_name(world: World) -> None:
    """--name says what we call them; a plain word is a name too."""
    plan = await world.plan("grant-push <@U9> website --login helper-1 --name Ada")
    assert targets(plan)[0] == ("people.person", "Ada")
    plan = await world.plan("grant-push Ada website --login helper-1")
    assert targets(plan)[0] == ("people.person", "Ada")


async def test_a_person_without_login_gets_it_with_the_access(world: World) -> None:
    """Our people lack a login: it is asked for, and then part of the plan."""
    with pytest.raises(Refused, match="organiser-4 has no GitHub login in our people") as caught:
        await world.ask("grant-push organiser-4 website")
    assert "`grant-push organiser-4 website --login LOGIN`" in caught.value.hint
    plan = await world.plan("grant-push organiser-4 website --login helper-1")
    assert targets(plan)[0] == ("people.person", "organiser-4")
    assert plan.changes[0].after is not None
    assert plan.changes[0].after["slack"] == ["U0ORG4"]


async def test_a_login_that_is_known_may_be_said_too(world: World) -> None:
    """--login with the login we know changes nothing."""
    assert targets(await world.plan("grant-push organiser-1 website --login ORGANISER-1")) == [
        CORE_REPO,
        CORE_MEMBER,
    ]


@pytest.mark.parametrize(
    ("line", "error", "message", "hint"),
    [
        (
            "grant-push organser-1 website",
            UsageError,
            "GitHub has no account `organser-1`",
            "Did you mean `organiser-1`?",
        ),
        ("grant-push zzzz website", UsageError, "GitHub has no account `zzzz`", "Check the spelling"),
        ("grant-push Zoë website", UsageError, "I do not know Zoë", "people add"),
        ("grant-push оrganiser-1 website", UsageError, "I do not know", "Did you mean `organiser-1`?"),
        ("grant-push another-org website", Refused, "is no person", "Name a person's login"),
        ("grant-push organiser-1 websit", UsageError, "no repository `websit`", "Did you mean `website`?"),
        (
            "grant-push organiser-1 irongcage",
            UsageError,
            "no repository `irongcage`",
            "Did you mean `ironcage`?",
        ),
        ("grant-push organiser-1 zzzz", UsageError, "no repository `zzzz`", "`teams show core` lists"),
        (
            "grant-push organiser-1 evil/ironcage",
            Refused,
            "is not in PyconUK",
            "Only repositories of PyconUK",
        ),
        (
            "grant-push organiser-1 2016.pyconuk.org",
            Refused,
            "2016.pyconuk.org is archived",
            "Name another repository",
        ),
        ("grant-push organiser-1 chat", Refused, "The service chat has no repository", "Name the repository"),
        ("grant-push organiser-1 website --for 0d", UsageError, "passed already", "--for 14d"),
        ("grant-push organiser-1 website --until 2026-06-14", UsageError, "passed already", "--for 14d"),
        ("grant-push organiser-1 website --for 2w --until 2026-07-01", UsageError, "two ends", "Say one"),
        ("grant-push organiser-1 website --for 999d", Refused, "may last 366 days at most", "earlier end"),
        (
            "grant-push organiser-1 website --for soon",
            UsageError,
            "--for: 'soon' is not a duration",
            "grant-push USER REPO",
        ),
        (
            "grant-push <@U9> website --login organiser-1",
            Refused,
            "the GitHub login of organiser-1",
            "Write `organiser-1`",
        ),
        (
            "grant-push organiser-1 website --login helper-1",
            Refused,
            "organiser-1's GitHub login in our people is organiser-1",
            "people change",
        ),
        (
            "grant-push <@U9> website --login nobody-here",
            UsageError,
            "GitHub has no account `nobody-here`",
            "Check the spelling",
        ),
        (
            "grant-push <@U9> website --login helper-1 --name Cory",
            Refused,
            "already have a Cory",
            "--name NAME",
        ),
        ("grant-push a*b website --login helper-1", UsageError, "cannot be a name", "--name NAME"),
    ],
)
async def test_what_cannot_be_says_the_next_step(
    world: World, line: str, error: type[BotError], message: str, hint: str
) -> None:
    """Each mistake has a message of its own and what to do about it."""
    with pytest.raises(error) as caught:
        await world.ask(line)
    assert message in caught.value.message
    assert hint in caught.value.hint


async def test_a_login_of_ours_that_is_gone_is_said(world: World) -> None:
    """Logins can be renamed: the list is out of date, and how to mend it is said."""
    world.rename("organiser-1", github="was-renamed")
    with pytest.raises(Refused, match="GitHub has no account `was-renamed`") as caught:
        await world.ask("grant-push organiser-1 website")
    assert caught.value.hint.endswith("`people change organiser-1 --github LOGIN`.")


async def test_policy_limits_how_long_a_grant_lasts(world: World) -> None:
    """The organisation's own limit counts."""
    world.policy = Policy(grant_max=timedelta(days=7))
    with pytest.raises(Refused, match="may last 7 days at most"):
        await world.ask("grant-push organiser-1 website --for 8d")
    assert (await world.plan("grant-push organiser-1 website --for 7d")).lasts == timedelta(days=7)


async def test_without_a_site_the_website_means_nothing(build: Build) -> None:
    """No repository is named like a year: the alias says so."""
    world = await build(repos=[{"name": "ironcage"}], teams=[])
    with pytest.raises(Refused, match="No year's site was found"):
        await world.ask("grant-push organiser-1 website")


async def test_a_missing_team_is_the_maintainers_matter(build: Build) -> None:
    """Without the push team nothing can be planned, and who can mend it is said."""
    world = await build(teams=[])
    with pytest.raises(Refused, match="PyconUK has no team core") as caught:
        await world.ask("grant-push organiser-1 website")
    assert "integrations.github.push_team" in caught.value.hint


async def test_levels_of_a_team_are_told_apart(build: Build) -> None:
    """A team with Admin somewhere says so."""
    core = SEED["teams"][0]
    world = await build(teams=[core | {"repos": core["repos"] | {"ironcage": "admin", "accounts": "admin"}}])
    plan = await world.plan("grant-push organiser-1 website")
    assert (
        plan.gains[0]
        == "organiser-1: Admin on *2 repositories*; Write on *2 repositories*, this one included"
    )


async def test_without_github_it_says_what_is_missing(world: World) -> None:
    """An organisation without GitHub in its configuration is told so."""
    world.configured = False
    with pytest.raises(Refused, match="GitHub is not set up here"):
        await world.ask("grant-push organiser-1 website")


async def test_people_are_found_by_mention(world: World) -> None:
    """A mention of one of ours is that person."""
    world.people.people["organiser-9"] = Person(name="organiser-9", slack=("U0ORG9",), github="helper-1")
    assert (await world.plan("grant-push <@U0ORG9> website")).title == "Push access for organiser-9: website"
