"""``page``: what the bot knows on one page; who does not answer leaves a gap that says so."""

from bot.core.reply import File
from integrations.github.settings import PageSettings
from tests.commands.world import World, words


async def page(world: World, line: str = "page") -> str:
    """Return the file of the page."""
    reply = await world.reply(line)
    return next(block.text for block in reply.blocks if isinstance(block, File))


async def test_the_page_has_what_is_live(world: World) -> None:
    """Owners by our names without the bot, teams, who may push where, private repositories."""
    said = await page(world)
    assert "- Charlie\n- Cory\n- George\n\n" in said
    assert "- core: Basically everyone (3 people)\n- pydata: no description (1 person)\n" in said
    assert "In it with Write: 2016.pyconuk.org and 2025.pyconuk.org." in said
    assert "5 of our repositories are public and 1 private, so forking" in said


async def test_who_is_not_set_up_leaves_a_gap_that_says_so(world: World) -> None:
    """Without DNSimple its section says what the maintainer does; the others stand."""
    said = await page(world, "page show --form md")
    assert (
        "## DNS\n\nNot known now: DNSimple is not set up here. The maintainer adds `integrations.dnsimple`"
        in said
    )
    assert "## GitHub permissions\n\nOwners are:" in said


async def test_the_answer_shows_the_services(world: World) -> None:
    """Whoever asks reads the services at once, and what waits for an owner."""
    said = words(await world.reply("page"))
    assert "*Voting app*" in said
    assert "`status decide voting-app yes`" in said
    assert "Owners are" not in said.partition("infrastructure.rst")[0]


async def test_what_a_proposed_page_would_lack_is_said_first(world: World) -> None:
    """Who does not answer leaves a gap, which owners are told of before they approve it."""
    client = world.bound["github.branch"].client
    place = PageSettings(repository="ironcage", path="page.md")
    client.settings = client.settings.model_copy(update={"organisers_page": place})
    plan = await world.plan("page propose")
    assert plan.notes[0].startswith("*The page would lack something.* Not known now: ")
    assert plan.changes[1].after == {"text": await page(world, "page --form md")}
