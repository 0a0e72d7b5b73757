"""The page in a real browser, and the whole of ``make demo``."""

import asyncio
import re
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import dns.asyncquery
import dns.message
import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page, async_playwright, expect

from tests.sandbox.conftest import Browser

VENDORS = ("github", "dnsimple")
LAST, NEXT = "2026.pyconuk.org", "2027.pyconuk.org"
LINE = "/infra grant-push organiser-1 website because looks after the schedule page"
PATIENCE = 20_000


@pytest.fixture
async def chrome(chromium: Path) -> AsyncIterator[Chromium]:
    """Give a running Chromium."""
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield running
        await running.close()


async def opened(chrome: Chromium, url: str) -> Page:
    """Open the page; what goes wrong in its script fails the test."""
    page = await chrome.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    page.on("pageerror", lambda error: pytest.fail(f"the page's script failed: {error}"))
    await page.goto(url)
    return page


async def main_job(page: Page) -> None:
    """Ask as an organiser, approve as an owner, see GitHub and the card change."""
    await page.get_by_label("Message").fill(LINE)
    await page.get_by_role("button", name="Send").click()
    card = page.locator(".message", has_text="One owner decides").first
    await expect(card).to_contain_text("Push access for organiser-1: website")
    await page.get_by_role("link", name="Cory").click()
    await page.get_by_role("button", name="Approve").click()
    await expect(page.locator("#confirm")).to_contain_text("Approve #1?")
    await page.locator("#confirm").get_by_role("button", name="Approve").click()
    await expect(page.locator("#pane-github tr.changed")).to_contain_text("2026.pyconuk.org")
    await expect(page.locator("#pane-github tr.changed ins")).to_have_text("Write")
    await expect(page.locator("#said")).to_contain_text("Applied. Approved by Cory")
    await expect(page.locator("#said")).to_contain_text("must accept by 22 Jun")


async def picked(page: Page, label: str, typed: str, name: str) -> None:
    """Type into a menu that completes, and take what it offers."""
    field = page.locator("dialog.modal").get_by_label(label, exact=True)
    await field.press_sequentially(typed)
    await expect(page.locator("dialog.modal .offers:not([hidden]) li").first).to_contain_text(name)
    await field.press("Enter")
    await expect(field).to_have_value(name)


async def main_job_through_the_form(page: Page) -> None:
    """Open the form, let it complete two names, say why, ask."""
    form = page.locator("dialog.modal")
    await expect(form).to_contain_text("What do you want to ask?")
    await picked(page, "Who", "organiser-1", "organiser-1")
    await picked(page, "Which repository", "webs", "website")
    await form.get_by_label("Why?").fill("looks after the schedule page")
    await form.get_by_role("button", name="Ask", exact=True).click()
    await expect(form).to_have_count(0)


async def says(page: Page, who: str, line: str) -> None:
    """Let somebody say *line*."""
    await page.get_by_role("link", name=who).click()
    await page.get_by_label("Message").fill(line)
    await page.get_by_role("button", name="Send").click()


async def approves(page: Page, who: str, title: str, shown: str) -> None:
    """Let an owner approve the card with this title, once it has been shown to them."""
    await page.get_by_role("link", name=who).click()
    card = page.locator(".message", has_text=title)
    await expect(card).to_contain_text(shown)
    await card.get_by_role("button", name="Approve").click()
    await page.locator("#confirm").get_by_role("button", name="Approve").click()


async def dig(page: Page, name: str, kind: str) -> list[str]:
    """Ask the name server as the pane of DNSimple says, and return the answers."""
    pane = page.locator("#pane-dnsimple", has_text="dig @")
    asked = re.search(r"dig @(\S+) -p (\d+)", await pane.text_content() or "")
    assert asked
    query = dns.message.make_query(name, kind)
    answer = await dns.asyncquery.udp(query, asked[1], timeout=5, port=int(asked[2]))
    return [text for found in answer.answer for text in found.to_text().splitlines()]


async def new_year(page: Page) -> None:
    """Set up a year and switch to it; the panes show it, and the name servers answer it."""
    github, zone = page.locator("#pane-github"), page.locator("#pane-dnsimple")
    assert await dig(page, NEXT, "CNAME") == []
    await says(page, "organiser-2", "/infra new-year 2027")
    await approves(page, "Cory", f"Website of 2027: {NEXT}", f"{NEXT} is made from {LAST}")
    await expect(page.locator("#said")).to_contain_text("have not arrived yet")
    for waits in ("has no certificate for 2027.pyconuk.org yet", "Works from outside after"):
        await page.get_by_role("button", name="+1 h").click()
        await expect(page.locator("#said")).to_contain_text(waits)
    await expect(github.locator("tr", has_text="approved").filter(has_text=NEXT)).to_contain_text("enforced")
    await expect(zone.locator("tr", has_text=f"{NEXT} CNAME")).to_contain_text("pyconuk.github.io")
    assert await dig(page, NEXT, "CNAME") == [f"{NEXT}. 3600 IN CNAME pyconuk.github.io."]

    await says(page, "organiser-2", "/infra switch-year 2027")
    for who, shown in (("Cory", "any two of"), ("Owen", "One more owner decides")):
        await approves(page, who, f"pyconuk.org leads to {NEXT}", shown)
    await expect(page.locator("#said")).to_contain_text(re.compile(r"Approved by Cory 11:\d\d and Owen 11:"))
    await expect(zone.locator("tr", has_text="pyconuk.org URL")).to_contain_text([f"https://{NEXT}"] * 2)
    assert await dig(page, "www.pyconuk.org", "A") == ["www.pyconuk.org. 3600 IN A 127.0.0.1"]


async def test_make_demo(chrome: Chromium) -> None:
    """``make demo`` runs the main job, prints it, and serves; on its address the main job works by hand."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "sandbox"), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    printed: list[str] = []
    async with asyncio.timeout(60):
        while not (found := re.search(r"http://127\.0\.0\.1:\d+/", printed[-1] if printed else "")):
            line = await process.stdout.readline()
            assert line, "".join(printed)
            printed.append(line.decode())
    transcript = "".join(printed)
    assert "✓ GitHub: core has Write on 2026.pyconuk.org (it had Read)" in transcript
    assert "✓ the journal is whole" in transcript
    assert 12 <= len([line for line in printed if line.strip()]) <= 22
    await main_job(await opened(chrome, found[0]))
    process.send_signal(signal.SIGINT)
    assert await asyncio.wait_for(process.wait(), 20) == 0


async def test_words_are_offered_and_the_form_is_a_shortcut_away(browser: Browser, chrome: Chromium) -> None:
    """What one types is completed by Tab; the form has fields for each command, *Cancel* leaves no trace."""
    page = await opened(chrome, browser.url)
    field = page.get_by_label("Message")
    await field.press_sequentially("/in")
    await field.press("Tab")
    await field.press_sequentially("grant")
    await expect(page.locator("#offers-list li").first).to_contain_text("grant-push USER REPO")
    await field.press("Tab")
    await field.press_sequentially("organiser-1")
    await field.press_sequentially(" ")
    await expect(page.locator("#offers-list")).to_contain_text("ironcage")
    await field.press_sequentially("web")
    await field.press("Tab")
    await expect(field).to_have_value("/infra grant-push organiser-1 website ")

    await page.get_by_role("button", name="Ask for access").click()
    form = page.locator("dialog.modal")
    await form.get_by_label("What do you want to ask?").select_option("away until")
    await expect(form.locator("input[type=date]")).to_have_count(1)
    await expect(form.get_by_label("Who", exact=True)).to_have_count(0)
    await form.get_by_role("button", name="Cancel").click()
    await expect(form).to_have_count(0)
    assert browser.scene.card(1) is None


async def test_a_form_in_the_browser(browser: Browser, chrome: Chromium) -> None:
    """At a phone's width nothing sticks out; a modal opens over the page, complains, is sent, and goes."""
    await browser.do("say", text=LINE)
    await browser.scene.card_says(1, "One owner decides")
    page = await opened(chrome, f"{browser.url}?as={browser.scene.world.person('Owen')}")
    await page.set_viewport_size({"width": 390, "height": 844})
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    await page.set_viewport_size({"width": 1440, "height": 900})
    await page.get_by_role("button", name="Deny…").click()
    form = page.locator("dialog.modal")
    await expect(form).to_contain_text("Why not?")
    await form.get_by_role("button", name="Deny").click()
    await expect(form.locator(".b-error")).to_contain_text("required")
    await form.get_by_label("Why not?").fill("too early")
    await form.get_by_role("button", name="Deny").click()
    await expect(form).to_have_count(0)
    await expect(page.locator("#said")).to_contain_text('Denied by Owen 09:00: "too early"')


async def test_the_main_job_through_the_form(browser: Browser, chrome: Chromium) -> None:
    """With the form alone an organiser asks for push access, and gets it."""
    page = await opened(chrome, browser.url)
    await page.get_by_label("Message").fill("/infra")
    await page.get_by_role("button", name="Send").click()
    await main_job_through_the_form(page)
    card = page.locator(".message", has_text="One owner decides").first
    await expect(card).to_contain_text("Push access for organiser-1: website")
    await expect(card).to_contain_text("looks after the schedule page")
    await page.get_by_role("link", name="Cory").click()
    await page.get_by_role("button", name="Approve").click()
    await page.locator("#confirm").get_by_role("button", name="Approve").click()
    await expect(page.locator("#pane-github tr.changed ins")).to_have_text("Write")


@pytest.mark.faults
async def test_a_new_year(browser: Browser, chrome: Chromium) -> None:
    """By lines an organiser asks for a year's website and the switch to it."""
    await new_year(await opened(chrome, browser.url))
    web = browser.scene.world.dnsimple.site.address
    async with browser.session.get(web, headers={"Host": "pyconuk.org"}, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (301, f"https://{NEXT}/")
