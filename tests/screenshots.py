"""The pictures in README and docs: ``python -m tests.screenshots`` draws them anew (a tool, no test)."""

import asyncio
from pathlib import Path

from aiohttp.test_utils import TestServer
from playwright.async_api import Locator, async_playwright
from playwright.async_api import Page as Tab

from bot.sandbox.page import Page
from bot.sandbox.stage import Stage
from commands import COMMANDS
from tests.require import find_chromium

IMAGES = Path(__file__).parents[1] / "docs" / "images"
LINE = "/infra grant-push organiser-1 website because looks after the schedule page"
FOR_A_TIME = "grant-push helper-1 documentation --for 14d because sprints"


async def draw() -> None:
    """Take the pictures: the form completing a name, the main job done, an owner's home."""
    chromium = find_chromium()
    async with (
        Stage.set() as stage,
        TestServer(Page(stage.world, stage.bot, COMMANDS).app) as server,
        async_playwright() as playwright,
    ):
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = await browser.new_page(viewport={"width": 1440, "height": 900})
        await page.goto(str(server.make_url("/")))
        await _form(page)
        await _main_job(page, stage)
        await _homes(stage, page)
        await _charts(stage, page)
        await _digests(stage, page)
        await _new_year(stage, page)
        await browser.close()


async def _form(page: Tab) -> None:
    """Open the form, fill in who, and show what is offered for the repository."""
    await page.get_by_label("Message").fill("/infra")
    await page.get_by_role("button", name="Send").click()
    modal = page.locator("dialog.modal")
    who = modal.get_by_label("Who", exact=True)
    await who.press_sequentially("organiser-1")
    await modal.locator(".offers:not([hidden]) li").first.wait_for()
    await who.press("Enter")
    await modal.get_by_label("Which repository", exact=True).press_sequentially("web")
    await modal.locator(".offers:not([hidden]) li").first.wait_for()
    await page.screenshot(path=IMAGES / "form.png")
    await modal.get_by_role("button", name="Cancel").click()
    await modal.wait_for(state="detached")


async def _main_job(page: Tab, stage: Stage) -> None:
    """Ask as an organiser, approve as an owner, and take the picture."""
    await page.get_by_label("Message").fill(LINE)
    await page.get_by_role("button", name="Send").click()
    await stage.card_says(1, "One owner decides")
    stage.later(minutes=4)
    await page.get_by_role("link", name="Cory").click()
    await page.get_by_role("button", name="Approve").click()
    await page.locator("#confirm").get_by_role("button", name="Approve").click()
    await page.get_by_text("must accept by 22 Jun").first.wait_for()
    await page.wait_for_timeout(3000)  # what has just changed has stopped flashing
    await page.evaluate("document.activeElement.blur()")
    await page.screenshot(path=IMAGES / "sandbox.png")


async def _homes(stage: Stage, page: Tab) -> None:
    """Ask for something for a time; take an owner's home before and after it was approved there."""
    await stage.ask("organiser-2", FOR_A_TIME, "is with the owners")
    await page.get_by_role("button", name="Infra, home").click()
    await page.get_by_role("button", name="Approve").wait_for()
    await page.get_by_text("Our people", exact=True).wait_for()
    await page.screenshot(path=IMAGES / "status.png")
    await _show(page.get_by_role("button", name="Approve"))
    await page.screenshot(path=IMAGES / "home-before.png")
    await page.get_by_role("button", name="Approve").click()
    await page.get_by_text("What else ends").wait_for()
    await page.wait_for_timeout(3000)  # what has just changed has stopped flashing
    await _show(page.get_by_role("button", name="End now"))
    await page.screenshot(path=IMAGES / "home-after.png")


async def _show(part: Locator) -> None:
    """Scroll so that *part* is in the middle."""
    await part.first.evaluate("part => part.scrollIntoView({block: 'center'})")


async def _charts(stage: Stage, page: Tab) -> None:
    """Ask for the charts of ticket sales, and take both where they arrive."""
    await page.set_viewport_size({"width": 1440, "height": 1180})
    address = f"{page.url.partition('?')[0]}?as={stage.world.person('organiser-2')}"
    direct = stage.world.slack.direct(stage.world.person("organiser-2"))
    await stage.ask("organiser-2", "tickets chart", "against past years")
    await stage.wait(lambda: len(stage.world.slack.files) == 2, "both pictures")
    await page.goto(f"{address}&in={direct}")
    await page.locator("figure img").nth(1).wait_for()
    await page.wait_for_timeout(3000)
    await page.locator(".message").last.evaluate("last => last.scrollIntoView({block: 'end'})")
    await page.screenshot(path=IMAGES / "charts.png")


async def _digests(stage: Stage, page: Tab) -> None:
    """Let something wait and the next morning come; take the channel of digests."""
    await page.set_viewport_size({"width": 1440, "height": 1180})
    await stage.ask("organiser-2", "grant-push organiser-1 documentation --for 5d", "is with the owners")
    stage.later(days=1)
    room = next(each.id for each in stage.world.slack.channels.values() if each.name == "infra-digests")
    cory = stage.world.person("cory")
    await stage.wait(lambda: stage.world.slack.messages(room, cory)[3:], "three digests and a chart")
    await page.goto(f"{page.url.partition('?')[0]}?as={cory}&in={room}")
    await page.locator("figure img").first.wait_for()
    await page.wait_for_timeout(3000)
    await page.screenshot(path=IMAGES / "digests.png")


async def _new_year(stage: Stage, page: Tab) -> None:
    """Ask for a new year's website, and take its card alone, as an owner sees it first."""
    stage.world.github.world.set_collaborator("2026.pyconuk.org", "organiser-3", "push")
    await stage.ask("organiser-2", "new-year 2027 because the call for proposals opens soon", "owners")
    room = next(each.id for each in stage.world.slack.channels.values() if each.name == "infra-approvals")
    await page.goto(f"{page.url.partition('?')[0]}?as={stage.world.person('cory')}&in={room}")
    card = page.locator(".message", has_text="Website of 2027")
    await card.get_by_role("button", name="Deny…").wait_for()
    await page.wait_for_timeout(3000)
    await card.screenshot(path=IMAGES / "new-year.png")


if __name__ == "__main__":
    asyncio.run(draw())
