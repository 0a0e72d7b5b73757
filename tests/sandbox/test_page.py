"""The page: what it shows, what its forms do."""

import json
import re

from bot.sandbox.faults import Kind
from bot.sandbox.page import shown
from bot.sandbox.process import State
from bot.sandbox.standins import Pane
from tests.sandbox.conftest import Browser

ASK = "/infra grant-push organiser-1 website because looks after the schedule page"


def text(html: str, part: str) -> str:
    """Return the words of one part of the page."""
    found = re.search(
        rf'id="{part}"[^>]*>(.*?)(?=<(?:div|section)[^>]* id=|</main>|</aside>)', html, re.DOTALL
    )
    assert found
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


async def test_it_shows_who_one_can_be(browser: Browser) -> None:
    """Each sort of person can be chosen; styles, scripts and pictures come from the page's own server."""
    html = await browser.page("organiser-2")
    side = text(html, "side")
    for words in (
        "Charlie",
        "organiser-1 organiser",
        "helper-1 unknown to the bot",
        "guest-1 guest",
        "another workspace",
    ):
        assert words in side
    assert ASK in text(html, "hint")
    assert "Now try" not in html
    sources = re.findall(r'(?:src|<link[^>]* href)="([^"]+)"', html)
    assert {source.rpartition(".")[2] for source in sources} >= {"js", "css", "svg"}
    for source in sources:
        assert source.startswith("/")
        async with browser.session.get(browser.url + source[1:]) as answer:
            assert answer.status == 200


async def test_the_main_job_without_a_script(browser: Browser) -> None:
    """Plain forms suffice: ask, approve, look."""
    scene = browser.scene
    assert await browser.do("say", text=ASK) == (
        303,
        f"/?as={scene.world.person('organiser-2')}&in=C0000000001",
    )
    await scene.card_says(1, "One owner decides")
    html = await browser.page("Cory", "C0000000001")
    assert "Write on 9 repositories , this one included" in text(html, "said")
    pressed = next(
        json.loads(found.replace("&#34;", '"')) for found in re.findall(r'name="press" value="([^"]+)"', html)
    )
    assert pressed["action_id"] == "approve"
    card = scene.card(1)
    assert card
    await browser.do("press", "Cory", ts=card.ts, press=json.dumps(pressed))
    await scene.card_says(1, "must accept by 22 Jun")
    html = await browser.page("Cory", "C0000000001")
    assert "Read Write" in text(html, "pane-github")
    assert "1 changed" in text(html, "pane-github")
    assert "approved" in text(html, "journal")
    await browser.do("github", login="organiser-1", answer="accept")
    await browser.do("clock", hours=1)
    await scene.card_says(1, "✅ organiser-1 joins")
    assert "Mon 15 Jun 10:00" in text(await browser.page("Cory"), "machine")
    await browser.do("meddle")
    await scene.holds("Team core", "helper-1")
    await browser.do("meddle")
    await scene.lacks("Team core", "helper-1")
    await browser.do("move")
    await scene.holds("pyconuk.org", "2014.pyconuk.org A", "192.0.2.99", vendor="dnsimple")
    await browser.do("move")
    await scene.holds("pyconuk.org", "2014.pyconuk.org A", "192.0.2.14", vendor="dnsimple")


async def test_the_file_for_the_books_is_a_download(browser: Browser) -> None:
    """What the bot uploads that is no picture is a link, and behind it is the file."""
    scene = browser.scene
    await scene.ask("organiser-2", "costs csv", "is in your conversation with me")
    room = scene.world.slack.direct(scene.world.person("organiser-2"))
    await scene.wait(lambda: any(file.content for file in scene.world.slack.files.values()), "the file")
    [(id_, file)] = scene.world.slack.files.items()
    assert f'<a href="/file/{id_}" download="{file.name}">' in await browser.page("organiser-2", room)
    async with browser.session.get(f"{browser.url}file/{id_}") as answer:
        assert (await answer.read()).startswith(b"\xef\xbb\xbfvendor,least_a_year,")


async def test_a_form_of_the_bot(browser: Browser) -> None:
    """A modal is shown to the one who opened it, complains where Slack would, and is sent."""
    scene = browser.scene
    await browser.do("say", text=ASK)
    await scene.card_says(1, "One owner decides")
    await scene.press("Owen", "Deny…", "#1")
    view = await scene.form("Owen")
    assert "Why not?" in await browser.page("Owen")
    assert "Why not?" not in await browser.page("Cory")
    await browser.do("submit", "Owen", view=view.id, reason="")
    assert "required" in await browser.page("Owen")
    await browser.do("submit", "Owen", view=view.id, reason="too early")
    await scene.card_says(1, "Denied by Owen")
    assert (await browser.do("submit", "Owen", view=view.id, reason="again"))[0] == 409


async def test_a_form_is_closed(browser: Browser) -> None:
    """Closing a modal sends nothing; what is not there any more is refused, which is no error of the page."""
    scene = browser.scene
    await browser.do("say", text=ASK)
    await scene.press("Owen", "Deny…", "#1")
    view = await scene.form("Owen")
    await browser.do(
        "choose-view",
        "Owen",
        view=view.id,
        action="reason",
        block="reason",
        kind="plain_text_input",
        value="hm",
    )
    assert "hm</textarea>" in await browser.page("Owen")
    await browser.do("close", "Owen", view=view.id)
    assert "Why not?" not in await browser.page("Owen")
    assert "One owner decides" in await scene.card_says(1, "#1")
    assert (await browser.do("submit", "Owen", view=view.id, reason="late"))[0] == 409
    assert (await browser.do("press", ts="1.000001", press='{"action_id": "approve"}'))[0] == 409
    async with browser.session.get(f"{browser.url}file/F0") as answer:
        assert answer.status == 404


async def test_the_home(browser: Browser) -> None:
    """Opening the bot's home draws it for the one who opens it."""
    assert "has not drawn this page" in await browser.page("Charlie", shown.HOME)
    await browser.do("home", "Charlie")
    slack, charlie = browser.scene.world.slack, browser.scene.world.person("Charlie")
    await browser.scene.wait(lambda: slack.home(charlie), "a home")
    assert "What waits for you" in await browser.page("Charlie", shown.HOME)


async def test_private_notes_are_private(browser: Browser) -> None:
    """A note is shown to one person, marked as such."""
    await browser.do("say", text="/infra help")
    await browser.scene.hears("organiser-2", "What you can ask")
    mine = text(await browser.page("organiser-2", "C0000000001"), "said")
    assert "Only visible to you" in mine
    assert "What you can ask" in mine
    assert "What you can ask" not in text(await browser.page("Cory", "C0000000001"), "said")


async def test_unread_messages_are_counted(browser: Browser) -> None:
    """What the bot told somebody directly is marked until they look."""
    await browser.do("say", text=ASK)
    await browser.scene.wait(lambda: "is with the owners" in "".join(_notes(browser)), "the asker is told")
    await browser.scene.wait(lambda: len(_notes(browser)) > 1, "a direct message")
    assert 'class="badge"' in await browser.page("organiser-2", "C0000000001")
    await browser.page("organiser-2", "D0000000008")
    assert 'class="badge"' not in await browser.page("organiser-2", "D0000000008")


def _notes(browser: Browser) -> list[str]:
    slack, viewer = browser.scene.world.slack, browser.scene.world.person("organiser-2")
    rooms = ("C0000000001", slack.direct(viewer))
    return [
        m.text for room in rooms for m in slack.messages(room, viewer) if m.ephemeral_to or room[0] == "D"
    ]


async def test_faults_are_switched(browser: Browser) -> None:
    """A switch puts a fault on, once or for writes alone, and off again."""
    faults = browser.scene.world.faults["github"]
    await browser.do("fault", vendor="github", kind="500", once="1", writes="1")
    (fault,) = faults.active
    assert (fault.kind, fault.times, fault.holds("GET /x"), fault.holds("PUT /x")) == (
        Kind.ERROR,
        1,
        False,
        True,
    )
    assert 'aria-pressed="true"' in await browser.page("Cory")
    await browser.do("fault", vendor="github", kind="500")
    assert faults.active == []
    await browser.do("fault", vendor="slack", kind="slow")
    await browser.do("clear")
    assert browser.scene.world.faults["slack"].active == []


async def test_the_bot_is_managed(managing: Browser) -> None:
    """Killed, it leaves Slack without an answer; each new start knows what was, except from the seed."""
    bot, scene, slack, before = managing.bot, managing.scene, managing.scene.world.slack, managing.bot.pid
    await managing.do("say", text=ASK)
    await scene.card_says(1, "One owner decides")
    await managing.do("bot", what="kill")
    assert (bot.state, bot.pid) == (State.STOPPED, None)
    await managing.do("say", text="/infra help")
    assert "dispatch_failed" in await managing.page("organiser-2", "C0000000001")
    await managing.do("bot", what="start")
    assert bot.state is State.READY
    await managing.do("bot", what="restart")
    assert bot.pid not in {before, None}
    await scene.ask("organiser-2", "requests", "#1")

    await managing.do("transport", mode="socket")
    assert (slack.mode, bot.state) == ("socket", State.READY)
    await scene.wait(lambda: "/link/" in _called(managing), "a link is open")
    await scene.ask("organiser-2", "help", "What you can ask")
    assert slack.deliveries[-1].mode == "socket"
    await managing.do("deaf", vendor="slack")
    assert slack.deaf
    assert ">deaf</button>" in await managing.page("Cory")

    await managing.do("clock", hours=72)
    await managing.do("reset")
    assert scene.card(1) is None
    await managing.do("say", text=ASK)
    await scene.card_says(1, "One owner decides")


def _called(managing: Browser) -> set[str]:
    return {call.resource for call in managing.scene.world.faults["slack"].calls}


async def test_browsers_are_told_of_changes(browser: Browser) -> None:
    """A stream tells the version of the world, again whenever something happened."""
    async with browser.session.get(f"{browser.url}events") as stream:
        assert stream.content_type == "text/event-stream"
        first = await stream.content.readline()
        await browser.do("clock", hours=1)
        seen = [first]
        while len([line for line in seen if line.startswith(b"data:")]) < 2:
            seen.append(await stream.content.readline())
    assert seen[0].startswith(b"data: ")


def test_panes_show_what_is_different() -> None:
    """A pane is compared with the seed: new, changed and gone rows."""

    def pane(*rows: list[str]) -> Pane:
        return {"title": "GitHub", "sections": [{"title": "T", "columns": ["A", "B"], "rows": list(rows)}]}

    (table,) = shown.compared(
        pane(["a", "1"], ["b", "3"], ["d", "4"]), pane(["a", "1"], ["b", "2"], ["c", "3"])
    )
    assert [(row.cells[0], row.state) for row in table.rows] == [
        ("a", ""),
        ("b", "changed"),
        ("d", "new"),
        ("c", "gone"),
    ]
    assert table.changes == 3
    (table,) = shown.compared(pane(["a", "1"], ["a", "2"]), pane(["a", "1"]))
    assert [row.state for row in table.rows] == ["", "new"]


def test_links_to_messages_stay_on_the_page() -> None:
    """A link to a message of the imitated Slack leads to its place here; other links are left alone."""
    link = "https://pyconuk-organisers.slack.com/archives/C0000000001/p1781510401500856"
    assert shown.here(link, "U1") == "/?as=U1&in=C0000000001#m1781510401500856"
    assert shown.here("https://github.com/PyconUK", "U1") is None
