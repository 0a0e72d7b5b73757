"""Each sentence of the wiki page that the bot replaces is on its own page, as it is now."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from bot.sandbox.world import World
from tests.journeys.play import Play, playing

FACTS = {  # what the organisers' page told: how ours says it
    "GitHub for code, and for hosting": "- GitHub for code and hosting\n",
    "Travis-CI for code testing": "- Travis-CI for code testing\n",
    "DNSimple for DNS": "- DNSimple for DNS\n",
    "123-reg is the registrar": "- 123-reg for the domain\n",
    "ti.to for tickets": "- ti.to for tickets\n",
    "GitHub for issues and docs code": "- GitHub for issues and docs code\n",
    "ReadTheDocs for docs hosting": "- Read the Docs for docs hosting\n",
    "the SMS app's code and delivery": "SMS app\n~~~~~~~\n\n- GitHub for code\n- Twilio for SMS delivery\n",
    "the voting app's vendors": "- Heroku for hosting\n- GitHub for code\n- Sentry or GlitchTip for error",
    "Slack for organisers and for attendees": "- Slack for organisers and attendees\n",
    "the vendors": "- 123-reg\n- DNSimple\n- GitHub\n- Heroku\n- Read the Docs\n- Sentry or GlitchTip\n"
    "- Slack\n- ti.to\n- Travis-CI\n- Twilio\n\nOpbeat closed on 24 May 2018.",
    "what 300 tickets at £200 cost": "between £3,176.46 and £3,600.00.",
    "that these are dummy values": "(not actual sales)",
    "GitHub is free": "GitHub\n~~~~~~\n\nFree",
    "no private repositories needed": "All 17 of our repositories are public, and we need no private ones",
    "Travis-CI is free": "Travis-CI\n~~~~~~~~~\n\nFree",
    "ReadTheDocs is free": "Read the Docs\n~~~~~~~~~~~~~\n\nFree",
    "whether the voting app is needed": "Whether it is needed in 2026 waits for an owner",
    "123-reg waits for information": "Waiting on information: what pyconuk.org costs a year: unknown",
    "Heroku's and Opbeat's price": "Heroku\n~~~~~~\n\n£18.03 a year (invoiced)",
    "Twilio's price": "Twilio\n~~~~~~\n\n£31.54 a year",
    "DNSimple's price": "1 invoice of the last year: $50 a year.",
    "one domain of five": "DNSimple holds one domain of ours; its price is for 5.",
    "a subdomain a year, a repository each": "as in 2026.pyconuk.org) with a repository of the same name",
    "a CNAME for each year from 2015": "A CNAME for each year hosted on GitHub Pages: 2015.pyconuk.org,",
    "the apex redirects": "\npyconuk.org redirects to https://2026.pyconuk.org.",
    "www redirects": "www.pyconuk.org redirects to https://2026.pyconuk.org.",
    "the years before": "server kindly hosted by Zeth, which one person keeps: 2007.pyconuk.org,",
    "the vault that one person opens": "1Password vault Infrastructure, which only George can open",
    "that this needs to be improved": "This needs to be improved: two people at least.",
    "make deploy, locally": "built and deployed locally with ``make deploy``, which takes a working",
    "deploys of the default branch": "What is merged to ``main`` of ``2026.pyconuk.org`` is tested",
    "the readme says more": "The readme of ``2026.pyconuk.org`` says more.",
    "the owners": "- Charlie\n- Cory\n- George\n- Kristian\n- Owen\n- Peter\n\n",
    "the team core": "- core: Basically everyone",
    "the team pydata": "- pydata: PyData related folk",
    "forking first": "so forking and a pull request need nobody",
    "write access where it is easier": "it can be easier to allow write access",
    "the core team with Write": "in the core team and the repository is in it with Write",
}


async def page(play: Play) -> str:
    """Return the page as the bot has it now."""
    before = set(play.world.slack.files)
    await play.ask("organiser-1", "page", "The whole page is in `infrastructure.rst`.")

    def sent() -> str | None:
        files = [file for id_, file in play.world.slack.files.items() if id_ not in before]
        return files[0].content.decode() if files and files[0].content else None

    return await play.wait(sent, "the page as a file")


def _turned(world: World) -> Iterator[str]:
    """Turn each stand-in, and yield what the page then says."""
    github, zone = world.github.world, world.dnsimple.world.zone
    github.set_owner("peter", owner=False)
    yield "- Kristian\n- Owen\n\n"
    github.team("pydata").description = "Whoever likes data"
    yield "- pydata: Whoever likes data"
    github.repo("ironcage").private = True
    yield "16 of our repositories are public and 1 private, so forking"
    github.set_team_repo("core", "ironcage", None)
    yield "In it with Write: 2023.pyconuk.org, 2024.pyconuk.org, 2025.pyconuk.org, documentation, pyconuk"
    [apex] = [each for each in zone.at("") if each.type == "URL"]
    apex.content = "https://2025.pyconuk.org"
    yield "\npyconuk.org redirects to https://2025.pyconuk.org."
    yield "``2025.pyconuk.org`` is tested and deployed by"
    zone.remove(zone.at("2007")[0])
    yield "which one person keeps: 2008.pyconuk.org,"
    zone.add({"name": "2027", "type": "CNAME", "content": "pyconuk.github.io"})
    yield " and 2027.pyconuk.org."
    world.dnsimple.world.others.append("pycon.example")
    yield "DNSimple holds 2 domains of ours"
    world.dnsimple.world.charges[0]["total_amount"] = "60.00"
    yield "1 invoice of the last year: $60 a year"
    others: dict[str, Any] = dict(world.standins)
    others["heroku"].world.invoices.pop()
    yield "Heroku\n~~~~~~\n\n£9.01 a year"
    others["twilio"].spent[date(2026, 6, 12)] = Decimal(10)
    yield "$11.99 of it this month: $51.99 a year"
    others["travis_ci"].used = 40
    yield "Waiting on information: what 40 credits of this month cost: unknown, which is not free."
    yield "vault Infrastructure, which George and Owen can open (as of 1 Jun 2026)."


async def test_each_fact_is_there() -> None:
    """The page covers what the wiki said."""
    async with playing() as play:
        said = await page(play)
    assert {fact for fact, words in FACTS.items() if words not in said} == set()


async def test_the_page_follows_the_vendors() -> None:
    """What is otherwise at a stand-in is otherwise on the page, section by section."""
    vaults = {"Infrastructure": {"people": ["George", "Owen"], "on": "2026-06-01"}}
    async with playing({"vaults": vaults}) as play:
        awaited = [*_turned(play.world)]
        said = await page(play)
    assert [words for words in awaited if words not in said] == []


async def test_the_page_is_proposed_once_and_taken_back(play: Play) -> None:
    """Approved it is a pull request, never proposed twice; *Undo* closes it; merged, nothing differs."""
    repo = play.world.github.world.repo("documentation")
    repo.texts, repo.files = (
        {"infrastructure.rst": "Infrastructure\n==============\n"},
        ("infrastructure.rst",),
    )
    card = await play.asked("page propose")
    assert "infrastructure.rst on the branch organisers-page-" in card
    assert "what was merged until then stays merged" in card
    assert "lines more" in card
    assert len(card) < 8000
    await play.press("Cory", "Approve", "#1")
    await play.card_says(1, "*Applied.*")
    await play.holds(
        "Pull requests", "documentation", "#1 The infrastructure of PyCon UK, as it is now", "open"
    )
    await play.ask("organiser-1", "page propose", "proposed already")
    (branch,) = repo.branches.values()
    proposed = dict(branch.texts)
    await play.press("Owen", "Undo", "#1")
    await play.holds(
        "Pull requests", "documentation", "#1 The infrastructure of PyCon UK, as it is now", "closed"
    )
    await play.card_says(2, "*Applied.*")
    repo.texts = proposed
    await play.ask("organiser-1", "page propose", "nothing to propose")
