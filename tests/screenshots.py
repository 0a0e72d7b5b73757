"""The picture in the README: ``python -m tests.screenshots`` draws it anew (a tool, no test)."""

import asyncio
from pathlib import Path

from aiohttp.test_utils import TestServer
from playwright.async_api import async_playwright

from bot.sandbox.page import Page
from bot.sandbox.stage import Stage
from commands import COMMANDS
from tests.require import find_chromium

PICTURE = Path(__file__).parents[1] / "docs" / "images" / "sandbox.png"
LINE = "/infra grant-push organiser-1 website because looks after the schedule page"


async def draw() -> None:
    """Ask as an organiser, approve as an owner, and take the picture."""
    chromium = find_chromium()
    async with (
        Stage.set() as stage,
        TestServer(Page(stage.world, stage.bot, COMMANDS).app) as server,
        async_playwright() as playwright,
    ):
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = await browser.new_page(viewport={"width": 1440, "height": 900})
        await page.goto(str(server.make_url("/")))
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
        await page.screenshot(path=PICTURE)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(draw())
