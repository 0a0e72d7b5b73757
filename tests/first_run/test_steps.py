"""The steps of the first run: what is wrong is named, and asked again once it is put right."""

from pathlib import Path

import pytest
import yaml

from bot.app.first_run import init
from bot.app.first_run.vendors import wanted
from bot.core.errors import UsageError
from bot.sandbox.world import World
from config.draft import UNFINISHED, Draft
from integrations import VENDORS
from integrations.github.rights import PERMISSIONS
from integrations.github.standin import App
from integrations.slack.standin import StandIn
from tests import appkey
from tests.first_run.newcomer import SECRETS, Newcomer

APPROVALS, BOT = "C0000000001", "U0000000100"
TOKEN, APP_TOKEN, CHANNEL = "The app's bot token", "The app-level token", "The channel of approvals"
GITHUB_TOKEN, OWNERS = (
    "A token of the bot's own account on GitHub",
    "The owners, who approve requests: is each of them who it says?",
)


async def test_each_thing_in_slack_that_is_wrong_is_named_until_it_is_right(
    world: World, tmp_path: Path, slack: StandIn
) -> None:
    """Tokens of another kind or dead, a scope that lacks, a channel without the bot: each has its remedy."""
    scopes = slack.scopes
    slack.scopes = tuple(scope for scope in scopes if scope != "pins:write")
    for channel in slack.channels.values():
        channel.members.remove(BOT)

    def install_again() -> None:
        slack.scopes = scopes

    def invite() -> None:
        slack.channels[APPROVALS].members.append(BOT)

    person = Newcomer(
        {
            TOKEN: ["xoxp-sandbox", "xoxb-old"],
            APP_TOKEN: ["xapp-old"],
            "Install the app again (page Install App), then press Enter.": [install_again],
            CHANNEL: ["", "#nowhere", "#infra-approvals"],
            "Press Enter when it is there.": [invite],
        }
    )
    await person.run(world, tmp_path)
    for said in (
        "✗ It should begin with xoxb-",
        "✗ Slack does not accept this token: invalid_auth.",
        "✗ Slack: the app lacks pins:write.",
        "Make another one.",
        "✗ The bot is in no channel that could be it.",
        "✗ The bot sees no channel `#nowhere`.",
        "✗ The bot is not in #infra-approvals.",
        "✓ Slack: cards go to #infra-approvals.",
        "The first answer.",
    ):
        assert said in person.words, said
    (pinned,) = slack.channels[APPROVALS].messages
    assert slack.channels[APPROVALS].pins == [pinned.ts]


async def test_github_and_the_owners_are_put_right(world: World, tmp_path: Path, slack: StandIn) -> None:
    """A dead token, a missing team, owners whom Slack knows by another name, too few of them."""
    for user in slack.users.values():
        if user.name in {"charlie", "george", "kristian", "owen", "peter"}:
            user.name = user.real_name = f"{user.name}-of-another-name"
    person = Newcomer(
        {
            GITHUB_TOKEN: ["nope"],
            "What now?": ["", "4", "1", "2"],
            "The team whose members may push": ["nobody", "core"],
            "Who is charlie (Charlie) in Slack?": ["", "@charlie", "Charlie of another name"],
        }
    )
    talk = await person.run(world, tmp_path, integrations__github__push_team="cores")
    for said in (
        "✗ GitHub does not accept our token",
        "✗ There is no team cores that the token can see.",
        "✗ That is none of these.",
        "✗ Fewer than two owners can decide: Cory.",
        "`policy.self_approval: sole-owner`",
        "✗ `@charlie` is nobody who is free.",
    ):
        assert said in person.words, said
    seeds = talk.draft.get("people")
    assert seeds == [
        {"name": "Cory", "slack": "U0000000002", "github": "cory", "role": "owner"},
        {"name": "charlie-of-another-name", "slack": "U0000000001", "github": "charlie", "role": "owner"},
    ]
    assert talk.draft.get("integrations.github.push_team") == "core"


async def test_elsewhere_secrets_become_variables(world: World, tmp_path: Path) -> None:
    """With an address Slack calls the bot; secrets go to a file of one's own, and commands hand them over."""
    person = Newcomer(
        {
            "Your organisation": ["?", "perhaps", "no"],
            "Its time zone": ["London", "Europe/London"],
            "Where will the bot run?": ["1", "2"],
            "The address at which Slack finds the bot, https://…": [
                "bot.example.org",
                "https://bot.example.org",
            ],
            TOKEN: ["<"],
            "Where the bot runs, and who can start it again": ["xoxb-1-a-token", "Peter, on Heroku"],
            OWNERS: ["9", "1"],
        }
    )
    await person.run(world, tmp_path)
    for said in (
        "✗ Please answer yes or no.",
        "✗ Is not a time zone. Did you mean `Europe/London`?",
        "✗ Must be a web address",
        "✗ Looks like a secret.",
        "✗ `9` is neither yes nor numbers up to 6.",
        "xargs heroku config:set <",
        "let Slack verify the address",
    ):
        assert said in person.words, said
    assert person.titles.count("Where will the bot run?") == 2
    secrets = tmp_path / ".env"
    assert secrets.stat().st_mode & 0o777 == 0o600
    assert [line.partition("=")[0] for line in secrets.read_text().splitlines()] == [
        "SLACK_BOT_TOKEN",
        "SLACK_SIGNING_SECRET",
        "GITHUB_TOKEN",
    ]
    assert not [secret for secret in SECRETS.values() if secret in person.seen]
    written = yaml.safe_load((tmp_path / "local.yaml").read_text())
    assert (written["slack"]["transport"], written["server"]["keeper"]) == ("http", "Peter, on Heroku")
    assert "charlie" not in [each["github"] for each in written["people"]]


async def test_the_bot_may_be_an_app(world: World, tmp_path: Path) -> None:
    """An App is known by its ID and the file of its key, which is kept in one line and named for deletion."""
    private, public = appkey.pair()
    permissions = {each.name: each.level for each in PERMISSIONS}
    world.github.world.install(App(id=4321, key=public, permissions=permissions))
    other, key = tmp_path / "other.pem", tmp_path / "bot.pem"
    other.write_text("nothing")
    key.write_text(private)
    person = Newcomer(
        {
            "How does the bot act on GitHub?": ["1"],
            "The App's ID on GitHub": ["4321"],
            "The file of the App's private key": [tmp_path / "none.pem", other, key],
        }
    )
    await person.run(world, tmp_path)
    for said in ("none.pem cannot be read.", "✗ It should begin with -----BEGIN", "✓ ", "The first answer."):
        assert said in person.words, said
    written = yaml.safe_load((tmp_path / "local.yaml").read_text())
    assert written["integrations"]["github"]["app"] == {
        "id": "4321",
        "private_key": "env:GITHUB_APP_PRIVATE_KEY",
    }
    assert "token" not in written["integrations"]["github"]


async def test_another_vendor_is_set_up_when_it_is_wanted(world: World, tmp_path: Path) -> None:
    """What its face asks is asked, its check is shown, and the end says what else could be set up."""
    person = Newcomer({"This year's event there": ["2031", "2026"], "What now?": ["3"]})
    talk = await person.run(world, tmp_path, integrations__tito__url=world.urls["tito"])
    assert "✗ " in person.words
    assert talk.draft.get("integrations.tito.event") == "2026"
    assert "infra init --with dnsimple" in person.words
    assert "--with tito" not in person.words
    again = Newcomer({"The number of the account at DNSimple": [EOFError]})
    with pytest.raises(EOFError):
        await again.run(world, tmp_path, also=["dnsimple"])
    assert again.titles == ["The number of the account at DNSimple"]
    with pytest.raises(UsageError, match="`nobody` cannot be set up so"):
        init({}, {}, ["nobody"])


async def test_every_vendor_is_set_up(world: World, tmp_path: Path) -> None:
    """What each of their faces asks leads to a client whose check finds nothing bad."""
    places = {
        name: {key: value for key, value in section if key.endswith("url") and value}
        for name, section in world.settings().integrations.items()
    }
    places["dnsimple"] |= world.dnsimple.outside()
    places["slack_workspaces"]["organisers"] = {"url": f"{world.urls['slack']}/api"}
    (tmp_path / "local.yaml").write_text(UNFINISHED + yaml.safe_dump({"integrations": places}))
    person = Newcomer(
        {
            "The number of the account at DNSimple": ["1010"],
            "This year's event there": ["2026"],
            "The Account SID at Twilio": [world.seed["twilio"]["account"]],
            "The SID of an API key at Twilio": [world.seed["twilio"]["key"]],
            "The channel for announcements in the attendees' workspace": ["C0000000091"],
            "The project at Read the Docs": ["pyconuk-2016-internaldocs"],
            "The project there": ["voting"],
            "The organisation, as Travis-CI calls it": ["PyconUK"],
            "The repository that Travis-CI still builds": ["2017.pyconuk.org"],
            "What now?": [AssertionError],
        }
    )
    await person.run(world, tmp_path)
    for said in (
        "✓ Heroku answers for our account: pyconuk-voting.",
        "✓ Its key reads usage, messages and the balance.",
        "✓ Announcements go to #announcements in pyconuk-attendees.",
        "✓ Read the Docs answers for the project pyconuk-2016-internaldocs.",
        "✓ Exchange rates: ",
    ):
        assert said in person.words, said
    assert person.words.count("✗") == 1  # the machine has no keyring
    assert "infra init --with" not in person.words
    written = yaml.safe_load((tmp_path / "local.yaml").read_text())["integrations"]
    assert written.keys() == {vendor.name for vendor in VENDORS}
    assert written["slack_workspaces"]["attendees"]["token"] == "env:SLACK_WORKSPACES_ATTENDEES_TOKEN"


def test_vendors_are_chosen_in_one_question(tmp_path: Path) -> None:
    """By numbers, names or all; what is begun is not offered, and a complete file is not asked about."""
    which = "Which other vendors do you use? They can be set up now, or later"

    def chosen(*said: object, complete: bool = False, also: tuple[str, ...] = ()) -> tuple[list[str], bool]:
        person = Newcomer({which: list(said)})
        draft = Draft(tmp_path / "local.yaml", {"integrations": {"tito": {"event": "2026"}}}, complete)
        talk = person.interview(draft, tmp_path, {})
        return [vendor.name for vendor in wanted(talk, also)], which in person.titles

    assert chosen() == (["tito"], True)
    assert chosen("12", "2, 9") == (["registrar", "tito", "onepassword"], True)
    assert len(chosen("all")[0]) == len(VENDORS) - 1
    assert chosen("dnsimple", "1", complete=True, also=("heroku",)) == (["tito", "heroku"], False)


async def test_the_section_of_the_zone(world: World, tmp_path: Path) -> None:
    """What is live in the zone fills its section and its baseline; a second run asks nothing of it."""
    file, server = (
        tmp_path / "local.yaml",
        "What to call the server 192.0.2.14, if one person keeps it for you",
    )
    zone = {"url": f"{world.urls['dnsimple']}/v2", **world.dnsimple.outside()}
    file.write_text(UNFINISHED + yaml.safe_dump({"integrations": {"dnsimple": zone}}))
    person = Newcomer(
        {"The number of the account at DNSimple": ["1010"], server: ["server kindly hosted by Zeth"]}
    )
    talk = await person.run(world, tmp_path)
    assert "✓ DNSimple answers for the zone pyconuk.org" in person.words
    assert "2007.pyconuk.org, 2008.pyconuk.org" in person.words
    assert talk.draft.get("integrations.dnsimple.kindly_hosted") == {
        "192.0.2.14": "server kindly hosted by Zeth"
    }
    assert "✓ DNSimple: what is there is the baseline to compare with, 24 entries." in person.words
    world.faults["dnsimple"].switch("malformed", only="*/records")
    again = Newcomer()
    await again.run(world, tmp_path)
    assert again.titles == []
    assert "Run this again, to be asked about what is there." in again.words


async def test_nothing_is_asked_or_done_twice(world: World, tmp_path: Path, slack: StandIn) -> None:
    """A second run looks at everything, asks nothing, and pins nothing again; Slack away is waited for."""
    await Newcomer().run(world, tmp_path)
    before = (tmp_path / "local.yaml").read_text()
    world.faults["slack"].switch("500", only="*auth.test")
    person = Newcomer({"Press Enter to try again.": [world.faults["slack"].clear]})
    await person.run(world, tmp_path)
    assert person.titles == ["Press Enter to try again."]
    assert "✗ Slack" in person.seen
    assert len(slack.channels[APPROVALS].messages) == 1
    assert (tmp_path / "local.yaml").read_text() == before


async def test_a_file_of_somebody_elses_is_not_touched_unasked(world: World, tmp_path: Path) -> None:
    """Who answers no keeps the file as it was, and learns what it lacks."""
    file = tmp_path / "local.yaml"
    file.write_text("# mine\norganisation: {name: PyCon UK}\n")
    with pytest.raises(UsageError, match=r"Nothing was written: .*local\.yaml lacks `slack\.bot_token`"):
        await Newcomer({f"May I add to {file}?": ["no"]}).run(world, tmp_path)
    assert file.read_text().startswith("# mine")
    await Newcomer().run(world, tmp_path)
    assert file.with_name("local.yaml.before-init").read_text().startswith("# mine")
    assert "mine" not in file.read_text()
