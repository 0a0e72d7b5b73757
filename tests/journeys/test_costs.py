"""Money in Slack: an estimate to the penny, the bill of all vendors, a record that needs nobody, a file."""

from bot.sandbox.scene import content
from bot.workflow.timers import Timers
from tests.journeys.play import Play

TITLES = (
    "123-reg",
    "DNSimple",
    "GitHub",
    "Heroku",
    "Opbeat",
    "Read the Docs",
    "Slack",
    "ti.to",
    "Travis-CI",
    "Twilio",
)


async def test_costs_from_slack(play: Play) -> None:
    """The organisers' estimate and the bill are answered; a record ends a waiting at once."""
    line = "costs estimate --tickets 300 --price 200 --tariff 2016"
    said = await play.ask("organiser-1", line, "example figures, not actual sales")
    assert "between £3,176.46 and £3,600.00" in said
    bill = await play.ask("organiser-1", "costs", "unknown (123-reg")
    assert all(f"*{vendor}* · " in bill for vendor in TITLES)
    assert "Converted at the rates of ECB, 12 Jun 2026." in bill
    await play.ask(
        "organiser-1",
        'costs record 123-reg £30 --per year --source "invoice 7"',
        "✅ *123-reg* costs £30 a year",
    )
    known = "*123-reg* · £30.00 · invoiced · £30 a year · invoice 7 (15 Jun 2026)"
    await play.ask("organiser-1", "costs", known)
    await play.press("organiser-1", "CSV", known)
    files = play.world.slack.files
    await play.wait(lambda: any(file.content for file in files.values()), "the file")
    [file] = files.values()
    assert file.name == "costs-2026-06-15.csv"
    assert b"123-reg,30.00,30.00,2.50,2.50,GBP,invoiced," in (file.content or b"")


async def test_what_changes_the_costs_is_said_once(play: Play) -> None:
    """A private repository and an account of one user are told once, in the channel of approvals."""
    slack = play.world.slack

    def told() -> list[str]:
        seen = map(content, slack.messages("C0000000001", play.world.person("george")))
        return [said for said in seen if "Something to know about our costs" in said]

    async def later() -> None:
        await Timers(play.app.core.wiring).sweep()  # plans the next look
        play.later(hours=7)

    await later()
    await play.wait(lambda: len(told()) == 1, "the single user is told")
    assert "⚠️ The account at DNSimple has a single user (plan solo-v1-monthly)" in told()[0]
    play.world.github.world.repo("ironcage").private = True
    play.app.core.clients["github"].memo.clear()  # as if more than three seconds had passed
    await later()
    await play.wait(lambda: len(told()) == 2, "the private repository is told")
    assert "`ironcage` is a private repository" in told()[1]
    assert "single user" not in told()[1]
    bill = await play.ask("organiser-1", "costs", "unknown (123-reg")
    assert "single user" in bill
    assert "`ironcage` is a private repository" in bill
    assert "*GitHub* · £0.00 · measured · Free plan; 412 minutes of Actions in May: nothing to pay · " in bill
    assert "All vendors: at least £" in told()[0]
    assert "50 % of the budget of £1,000 is reached" in told()[0]
    assert "*DNSimple* · £37.56 · invoiced · 1 invoice of the last year: $50 a year" in bill
