"""What ``infra check`` says of Slack."""

from bot.core.vendor import Finding
from bot.frontends.slack.check import look
from bot.frontends.slack.outgoing import Outgoing
from integrations.slack.standin import StandIn
from tests.frontends.slack.faults import Faults
from tests.frontends.slack.office import APPROVALS, AT_ONCE, BOT, SHARED, Office, Settings, make_frontend


async def said(
    slack: StandIn,
    token: str = "xoxb-test",
    team: str = "T0TEAM",
    channel: str = APPROVALS,
    use: str = "approvals",
    app_token: str | None = None,
) -> list[Finding]:
    """Return the findings."""
    out = Outgoing(slack.url("/api/"), token, AT_ONCE)
    await out.open()
    try:
        return await look(out, team, {use: channel}, app_token)
    finally:
        await out.close()


async def test_all_is_well(office: Office) -> None:
    """A workspace that is set up as it should be has only good findings."""
    settings = Settings(office.slack.url("/api/"))
    findings = await make_frontend(office.world, office.inbox, settings).check()
    assert [(f.level, f.text) for f in findings] == [
        ("good", "Slack: the bot is in workspace T0TEAM."),
        ("good", "Slack: cards go to #approvals."),
    ]


async def test_what_is_wrong_is_named_with_its_remedy(slack: StandIn, faults: Faults) -> None:
    """A wrong token, workspace, scope or channel is said, each with the next step."""
    assert "refuses the token: invalid_auth" in (await said(slack, token="xoxb-old"))[0].text
    assert (await said(slack, team="T0OTHER"))[0].hint == "Correct `slack.team_id`."
    assert "cannot be seen: channel_not_found" in (await said(slack, channel="C0NOWHERE"))[-1].text
    assert (await said(slack, channel=SHARED))[-1].level == "warning"
    assert "`slack.channels.digests`" in (await said(slack, channel="C0NOWHERE", use="digests"))[-1].hint
    slack.channels[APPROVALS].archived = True
    assert (await said(slack))[-1].text == "Slack: #approvals is archived."
    slack.channels[APPROVALS].archived = False
    slack.channels[APPROVALS].members.remove(BOT)
    assert (await said(slack))[-1].hint == "Say `/invite @infra` in #approvals."
    slack.scopes = tuple(scope for scope in slack.scopes if scope != "im:history")
    assert "lacks im:history" in (await said(slack))[1].text
    faults.away = True
    assert (await said(slack))[0].hint == "Look at `slack.api_url` and the network."


async def test_over_a_socket_its_token_is_tried(slack: StandIn) -> None:
    """A socket is asked for with the app-level token; the remedy says where that is made."""
    assert (await said(slack, app_token="xapp-test"))[1].text == "Slack: Socket Mode can be opened."
    finding = (await said(slack, app_token="xapp-old"))[1]
    assert finding.level == "bad"
    assert "`slack.app_token`" in finding.hint
