"""The main journeys without a browser, each told once it has really happened."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from bot.sandbox.stage import INVITATION, SITE, SITE_GRANT, Stage

Journey = Callable[[Stage], Awaitable[None]]

ASK = "grant-push organiser-1 website because looks after the schedule page"
CORE, REPOSITORIES, INVITATIONS = "Team core", "Team core: repositories", "Invitations"
NEXT = "2027.pyconuk.org"


async def grant_push(stage: Stage) -> None:
    """Ask, approve, accept, and see it applied."""
    await stage.asks("organiser-2", ASK, "is with the owners")
    card = await stage.reads(1, "One owner decides")
    for words in ("Write on *9 repositories*", "*23 people* in core"):
        stage.told.so(f"the card of #1: {_line(card, words)}")
    await stage.presses("Cory", "Approve", "#1")
    await stage.seen(f"core has Write on {SITE} (it had Read)", REPOSITORIES, SITE, "Write")
    await stage.seen("organiser-1 is invited into the organisation and core", INVITATIONS, "organiser-1")
    await stage.reads(1, "organiser-1 is invited and must accept")
    await _joins(stage, "organiser-1")
    await stage.reads(1, "✅ organiser-1 joins")


async def two_at_once(stage: Stage) -> None:
    """Let two owners press at the same moment."""
    await stage.asks("organiser-2", ASK, "is with the owners")
    await stage.card_says(1, "One owner decides")
    stage.told.does("Cory and George", "press [Approve] together")
    await asyncio.gather(stage.press("Cory", "Approve", "#1"), stage.press("George", "Approve", "#1"))
    card = await stage.card_says(1, "Approved by")
    first = "Cory" if "Approved by Cory" in card else "George"
    second = "George" if first == "Cory" else "Cory"
    stage.told.so(f"the card of #1: Approved by {first}")
    await stage.is_told(second, first)
    await stage.holds(INVITATIONS, "organiser-1")
    stage.once("GitHub was told once to give core Write", SITE_GRANT)
    stage.once("GitHub was told once to invite organiser-1", INVITATION)


async def not_an_owner(stage: Stage) -> None:
    """Let an organiser press Approve."""
    await stage.asks("organiser-2", ASK, "is with the owners")
    await stage.presses("organiser-1", "Approve", "#1")
    await stage.is_told("organiser-1", "Only an owner can approve #1.")
    await stage.reads(1, "One owner decides")
    await _unchanged(stage)


async def own_request(stage: Stage) -> None:
    """Let an owner press Approve on what they asked for."""
    await stage.asks("George", ASK, "is with the owners")
    await stage.presses("George", "Approve", "#1")
    await stage.is_told("George", "You asked for #1, so another owner decides.")
    await _unchanged(stage)


async def denied(stage: Stage) -> None:
    """Deny with a reason."""
    await stage.asks("organiser-2", ASK, "is with the owners")
    await stage.presses("Owen", "Deny…", "#1")
    stage.told.does("Owen", "writes into the form: not before the talks are announced")
    await stage.fill("Owen", {"reason": "not before the talks are announced"})
    await stage.reads(1, "Denied by Owen")
    await stage.is_told("organiser-2", "not before the talks are announced")
    await _unchanged(stage)


async def helper(stage: Stage) -> None:
    """Give push access to somebody the bot does not know."""
    await stage.asks("helper-1", "access ironcage", "I do not know you yet", "general")
    await stage.asks("organiser-2", "grant-push @helper-1 ironcage --login helper-1", "is with the owners")
    await stage.presses("Kristian", "Approve", "#1")
    await _joins(stage, "helper-1")
    await stage.reads(1, "Applied.")
    await stage.asks("helper-1", "access ironcage", "helper-1", "general")


async def undone(stage: Stage) -> None:
    """Apply, then undo."""
    before = stage.world.github.pane()
    await stage.asks("organiser-2", "grant-push organiser-3 website", "is with the owners")
    await stage.presses("Peter", "Approve", "#1")
    await stage.reads(1, "Applied.")
    await stage.holds(REPOSITORIES, SITE, "Write")
    await stage.presses("organiser-2", "Undo", "#1")
    await stage.card_says(2, "owner decides")
    await stage.presses("Charlie", "Approve", "#2")
    await stage.reads(2, "Applied.")
    await stage.wait(lambda: stage.world.github.pane() == before, "GitHub is as it was")
    stage.told.so("GitHub: everything is as it was")


async def forgotten(stage: Stage) -> None:
    """Let a request wait until it expires."""
    await stage.asks("organiser-2", ASK, "is with the owners")
    await stage.card_says(1, "One owner decides")
    stage.goes_by("two hours go by", hours=2, minutes=1)
    await stage.wait(lambda: len(_asked(stage)) == 2, "two owners are asked by name")
    stage.told.so(f"asked by name: {' and '.join(_asked(stage))}")
    stage.goes_by("the night goes by", hours=22)
    await stage.wait(lambda: len(_asked(stage)) == len(OWNERS), "all owners are asked")
    stage.told.so("in the morning all owners were asked")
    stage.goes_by("two more days go by", days=2, hours=1)
    await stage.reads(1, "Expired")
    await _unchanged(stage)


async def for_a_time(stage: Stage) -> None:
    """Grant for two weeks, and let them pass."""
    await stage.asks("organiser-2", "grant-push organiser-3 website --for 14d", "is with the owners")
    await stage.presses("Cory", "Approve", "#1")
    await stage.seen(f"organiser-3 has Write on {SITE}", "Collaborators", SITE, "organiser-3", "Write")
    await stage.reads(1, "Applied.")
    stage.goes_by("eleven days go by", days=11, minutes=1)
    await stage.is_told("organiser-2", "ends in three days")
    stage.goes_by("three more days go by", days=3)
    await stage.gone("organiser-3 has no grant of their own any more", "Collaborators", SITE, "organiser-3")
    await stage.reads(1, "Ended")


async def killed(stage: Stage) -> None:
    """Kill the bot between the approval and the first write."""
    await stage.asks("organiser-2", ASK, "is with the owners")
    await stage.card_says(1, "One owner decides")
    stage.world.faults["github"].switch("slow", seconds=1.0)
    await stage.presses("Cory", "Approve", "#1")
    await stage.bot.kill()
    stage.told.does("somebody", "kill -9, before anything was written to GitHub")
    await _unchanged(stage)
    stage.world.faults["github"].clear()
    await stage.bot.start()
    stage.told.does("somebody", "starts the bot again")
    await stage.reads(1, "Approved by Cory")
    await stage.seen(f"core has Write on {SITE}", REPOSITORIES, SITE, "Write")
    await stage.seen("organiser-1 is invited", INVITATIONS, "organiser-1")
    stage.once("GitHub was told once to give core Write", SITE_GRANT)
    stage.once("GitHub was told once to invite organiser-1", INVITATION)


async def years(stage: Stage) -> None:
    """Set up the next year's website, send visitors there, and back again."""
    await stage.asks("organiser-2", "new-year 2027 --dry-run", "Nothing was filed")
    await stage.asks("organiser-2", "new-year 2027", "is with the owners")
    await stage.presses("Cory", "Approve", "#1")
    await stage.reads(1, "have not arrived yet")
    stage.goes_by("a minute goes by", minutes=1, seconds=1)
    await stage.reads(1, "GitHub has no certificate for 2027.pyconuk.org yet (new)")
    stage.goes_by("a few more minutes go by", minutes=7)
    await stage.seen("2027.pyconuk.org is published", "Pages", NEXT, NEXT, "approved", "enforced")
    await stage.reads(1, "Works from outside")
    await stage.asks("organiser-2", "switch-year 2027", "is with the owners")
    await stage.presses("Cory", "Approve", "#2")
    await stage.presses("Owen", "Approve", "#2")
    await stage.reads(2, "Works from outside")
    await stage.asks("organiser-2", "access website", NEXT)
    stage.goes_by("six days go by", days=6)
    await stage.presses("George", "Undo", "#2")
    await stage.reads(3, "Applied.")
    await stage.asks("organiser-2", "access website", SITE)


async def deployed(stage: Stage) -> None:
    """Deploy the website at a time, and the documentation, whose build fails."""
    await stage.asks(
        "organiser-2", "deploy website --at 09:45 because the schedule is out", "is with the owners"
    )
    await stage.presses("Cory", "Approve", "#1")
    await stage.reads(1, "Starts 09:45")
    stage.goes_by("the minutes until then go by", minutes=45, seconds=1)
    await stage.reads(1, "Run 1 of jekyll is under way")
    stage.goes_by("a minute goes by", minutes=1, seconds=1)
    await stage.reads(1, "Run 1 of jekyll succeeded")
    await stage.seen(
        "the workflow of the website ran once", "Workflow runs", SITE, "jekyll.yml #1", "success"
    )
    await stage.asks("organiser-2", "deploy docs", "is with the owners")
    stage.world.readthedocs.failing = "Sphinx found an error in index.rst"
    await stage.presses("Owen", "Approve", "#2")
    await stage.reads(2, "Build 7104 is under way")
    stage.goes_by("two minutes go by", minutes=2)
    await stage.reads(2, "Build 7104 failed: Sphinx found an error in index.rst")
    await stage.asks("organiser-2", "undo 1", "cannot be taken back")


async def vendor_down(stage: Stage) -> None:
    """Ask while GitHub is down."""
    stage.world.faults["github"].switch("500")
    stage.told.does("GitHub", "answers each call with 500")
    await stage.asks("organiser-2", ASK, "GitHub")
    stage.world.faults["github"].clear()
    stage.told.does("GitHub", "works again")
    await stage.asks("organiser-2", ASK, "is with the owners")
    await stage.presses("Cory", "Approve", "#1")
    await stage.seen(f"core has Write on {SITE}", REPOSITORIES, SITE, "Write")


async def meddled(stage: Stage) -> None:
    """Change something on GitHub behind the bot's back, and have it put back."""
    await stage.asks("Cory", "drift", "Nothing differs")
    stage.told.does("Charlie", "puts helper-1 into core, on GitHub's own page")
    stage.world.github.world.set_team_member("core", "helper-1")
    card = await stage.channel_says("helper-1 joins team *core* (was: not in it)")
    stage.told.so(f"a card in the channel: {_line(card, 'helper-1 joins')}")
    await stage.presses("George", "Revert", "was changed elsewhere")
    await stage.card_says(1, "owner decides")
    await stage.presses("Cory", "Approve", "#1")
    await stage.gone("helper-1 is not in core any more", CORE, "helper-1")
    card = await stage.channel_says("Everything is as accepted again.")
    stage.told.so(f"the same card: {_line(card, 'settled by #1')}")


JOURNEYS: Mapping[str, Journey] = {
    "The main job: an organiser asks, an owner approves, GitHub changes": grant_push,
    "Two owners press Approve at the same moment: it is carried out once": two_at_once,
    "An organiser presses Approve: refused, with the names of those who can": not_an_owner,
    "An owner presses Approve on their own request: another owner decides": own_request,
    "An owner denies with a reason, which the requester reads": denied,
    "A helper whom the bot does not know gets push access through one request": helper,
    "Undo puts back what was there, with one owner's approval": undone,
    "Nobody decides: owners are asked again, then the request expires and nothing happens": forgotten,
    "A grant for two weeks ends by itself": for_a_time,
    "kill -9 right after the approval: the bot starts again and carries it out once": killed,
    "A new year: its website is made in order, two owners send visitors there, one takes it back": years,
    "Deploys: the website at its time, followed to its end; a build that fails is said to have": deployed,
    "GitHub answers 500: nothing changes, people are told, and later it works": vendor_down,
    "Somebody changes GitHub by hand: it is noticed, and put back through a request": meddled,
}
OWNERS = ("Charlie", "Cory", "George", "Kristian", "Owen", "Peter")


async def walk(journeys: Mapping[str, Journey] = JOURNEYS) -> None:
    """Go through *journeys*, each from the seed; DidNotHappenError at the first step that did not happen."""
    async with Stage.set() as stage:
        for number, (title, journey) in enumerate(journeys.items()):
            if number:
                await stage.reset()
            stage.told.title(f"{number + 1}. {title}")
            await journey(stage)
            await stage.verified()


async def _joins(stage: Stage, login: str) -> None:
    """Let somebody accept their invitation, and the bot notice."""
    await stage.holds(INVITATIONS, login)
    stage.told.does(login, "accepts the invitation on GitHub")
    stage.world.github.accept(login)
    await stage.seen(f"{login} is in core", CORE, login)


async def _unchanged(stage: Stage) -> None:
    await stage.holds(REPOSITORIES, SITE, "Read")
    await stage.lacks(INVITATIONS, "organiser-1")
    stage.told.so("GitHub: nothing changed")


def _asked(stage: Stage) -> list[str]:
    """Return the owners to whom the bot wrote directly."""
    slack = stage.world.slack
    return [
        name
        for name in OWNERS
        if slack.messages(slack.direct(stage.world.person(name)), stage.world.person(name))
    ]


def _line(card: str, words: str) -> str:
    return next(line for line in card.splitlines() if words in line).replace("*", "").lstrip("• ")
