"""The page's addresses: what is shown, and what people do."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.core import story
from bot.core.command import Command
from bot.sandbox import book
from bot.sandbox.faults import WRITES, Call, Kind
from bot.sandbox.page import completion, elements, mrkdwn, shown
from bot.sandbox.process import Bot
from bot.sandbox.standins import Hand
from bot.sandbox.world import World

HERE = Path(__file__).parent
QUIET_SECONDS = 0.2  # what happens together is told to browsers together
HEADERS = {"Cache-Control": "no-store", "Content-Security-Policy": "default-src 'self'"}
SHOWN_CALLS = 40
LOG_LINES = 40
MEDDLED = "helper-1"
MOVED, ADDRESSES = "2014", ("192.0.2.14", "192.0.2.99")

Do = Callable[["Doing"], Awaitable[None]]


class Doing:
    """One thing somebody does on the page: who, where, and the form that says what."""

    def __init__(self, form: Any) -> None:  # aiohttp's form: text, or files, which nobody sends
        self.form = form
        self.viewer = self.text("as")
        self.room = self.text("in")

    def text(self, name: str, default: str = "") -> str:
        """Return one field of the form."""
        return str(self.form.get(name, default))


class Page:
    """The page of a world and its bot; *commands* are offered while one types."""

    def __init__(self, world: World, bot: Bot, commands: tuple[Command[Any], ...]) -> None:
        self._world = world
        self._bot = bot
        self._zone = world.settings().organisation.timezone
        self._workspace = shown.Workspace(world.slack, (), self._zone)
        self._offers = completion.offers(world, commands)
        self._seeds = {name: standin.pane() for name, standin in world.standins.items()}
        self._draw = _environment(self._workspace)
        self.app = web.Application()
        self.app.add_routes(
            [
                web.get("/", self._show),
                web.get("/events", self._events),
                web.get("/file/{id}", self._file),
                web.post("/suggest", self._suggest),
                *(web.post(f"/do/{name}", partial(self._do, do)) for name, do in self._doings().items()),
                web.static("/static", HERE / "static"),
            ]
        )

    # What is shown.

    async def _show(self, request: web.Request) -> web.Response:
        written = await book.read(self._bot.database)
        workspace = self._workspace
        workspace.people = written.people or self._world.settings().people
        viewer = request.query.get("as", "")
        if viewer not in {each.id for each in workspace.everyone()}:
            viewer = shown.first(workspace)
        rooms = workspace.rooms(viewer)
        room = request.query.get("in", "")
        if room not in {shown.HOME, *(each.id for each in rooms)}:
            room = next((each.id for each in rooms if each.label == "infra-approvals"), rooms[0].id)
        invited = shown.invited(self._world.github.pane())
        context = {
            "invited": invited,
            "viewer": workspace.somebody(viewer),
            "room": room,
            "said": [] if room == shown.HOME else workspace.conversation(viewer, room),
            "rooms": workspace.rooms(viewer),
            "people": workspace.everyone(),
            "home": workspace.slack.home(viewer),
            "view": workspace.view(viewer),
            "panes": list(self._panes()),
            "journal": [(self._local(line.at), line.actor.name, story.said(line)) for line in written.lines],
            "journal_length": written.length,
            "calls": self._calls(),
            "faults": self._world.faults,
            "titles": {name: pane["title"] for name, pane in self._seeds.items()},
            "slack_now": workspace.slack,
            "kinds": list(Kind),
            "now": self._local(self._world.clock()),
            "bot": self._bot,
            "log": self._log(),
            "hint": shown.hint(written.lines, workspace, viewer, invited),
            "offers": self._offers,
        }
        html = self._draw.get_template("page.html").render(context)
        return web.Response(text=html, content_type="text/html", headers=HEADERS)

    def _panes(self) -> Iterator[tuple[str, str, list[shown.Table]]]:
        for name, standin in self._world.standins.items():
            pane = standin.pane()
            if name != "slack":
                yield name, pane["title"], list(shown.compared(pane, self._seeds[name]))

    def _calls(self) -> list[Call]:
        every = [call for faults in self._world.faults.values() for call in faults.calls]
        return sorted(every, key=lambda call: call.started, reverse=True)[:SHOWN_CALLS]

    def _log(self) -> list[str]:
        if not self._bot.log.exists():
            return []
        return self._bot.log.read_text(errors="replace").splitlines()[-LOG_LINES:]

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self._zone)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """Tell a browser of each change, until it goes away."""
        stream = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await stream.prepare(request)
        changes, seen = self._world.changes, -1
        with suppress(ConnectionError, asyncio.CancelledError):
            while True:
                version = await changes.beyond(seen, within=15.0)
                await stream.write(
                    b": still here\n\n" if version == seen else f"data: {version}\n\n".encode()
                )
                seen = version
                await asyncio.sleep(QUIET_SECONDS)
        return stream

    async def _file(self, request: web.Request) -> web.Response:
        file = self._world.slack.files.get(request.match_info["id"])
        if file is None or file.content is None:
            raise web.HTTPNotFound
        kind = "image/png" if file.name.endswith(".png") else "application/octet-stream"
        return web.Response(body=file.content, content_type=kind)

    # What people do.

    def _doings(self) -> dict[str, Do]:
        return {
            "say": self._say,
            "press": self._press,
            "choose": self._choose,
            "press-view": self._press_view,
            "choose-view": self._choose_view,
            "submit": self._submit,
            "close": self._close,
            "home": self._home,
            "shortcut": self._shortcut,
            "clock": self._clock,
            "fault": self._fault,
            "clear": self._clear,
            "github": self._github,
            "meddle": self._meddle,
            "move": self._move,
            "bot": self._manage,
            "transport": self._transport,
            "deaf": self._deaf,
            "reset": self._reset,
        }

    async def _do(self, do: Do, request: web.Request) -> web.Response:
        doing = Doing(await request.post())
        try:
            await do(doing)
        except LookupError as error:  # pressed what is no longer there
            return web.Response(status=409, text=str(error))
        if request.headers.get("X-Requested-With") == "page":
            return web.Response(status=204)
        raise web.HTTPSeeOther(f"/?as={doing.viewer}&in={doing.room}")

    def _hand(self, doing: Doing) -> Hand:
        return self._world.slack.as_(doing.viewer)

    async def _say(self, doing: Doing) -> None:
        text = doing.text("text").strip()
        if text:
            await self._hand(doing).say(doing.room, text, doing.text("thread") or None)

    async def _press(self, doing: Doing) -> None:
        pressed = json.loads(doing.text("press"))
        await self._hand(doing).press(doing.room, doing.text("ts"), **pressed)

    async def _choose(self, doing: Doing) -> None:
        said = [str(each) for each in doing.form.getall("value", [])]
        choice = elements.choice(doing.text("kind"), said, self._zone)
        hand, block = self._hand(doing), doing.text("block")
        await hand.choose(doing.room, doing.text("ts"), doing.text("action"), choice, block)

    async def _press_view(self, doing: Doing) -> None:
        pressed = json.loads(doing.text("press"))
        await self._hand(doing).press_in_view(doing.text("view"), **pressed)

    async def _choose_view(self, doing: Doing) -> None:
        said = [str(each) for each in doing.form.getall("value", [])]
        choice = elements.choice(doing.text("kind"), said, self._zone)
        hand, block = self._hand(doing), doing.text("block")
        await hand.choose_in_view(doing.text("view"), doing.text("action"), choice, block)

    async def _submit(self, doing: Doing) -> None:
        view = self._workspace.view(doing.viewer)
        if view is None or view.id != doing.text("view"):
            raise LookupError("that form is closed")
        values = {
            block: elements.choice(kind, [str(each) for each in doing.form.getall(block, [])], self._zone)
            for block, kind in elements.fields(view.blocks)
        }
        await self._hand(doing).submit(view.id, values)

    async def _close(self, doing: Doing) -> None:
        await self._hand(doing).close(doing.text("view"))

    async def _home(self, doing: Doing) -> None:
        await self._hand(doing).open_home()

    async def _shortcut(self, doing: Doing) -> None:
        await self._hand(doing).shortcut(doing.text("name"))

    async def _suggest(self, request: web.Request) -> web.Response:
        """Return the options a menu of a form offers for what was typed so far: value, words, remark."""
        doing = Doing(await request.post())
        offered = await self._hand(doing).type_ahead(
            doing.text("view"), doing.text("action"), doing.text("text"), doing.text("block")
        )
        remarks = [each["description"]["text"] if "description" in each else "" for each in offered]
        words = [mrkdwn.plain(each["text"]["text"]) for each in offered]
        values = [each["value"] for each in offered]
        return web.json_response([*zip(values, words, remarks, strict=True)])

    async def _clock(self, doing: Doing) -> None:
        self._world.clock.move(timedelta(hours=int(doing.text("hours"))))
        self._world.changes.touch()

    async def _fault(self, doing: Doing) -> None:
        faults = self._world.faults[doing.text("vendor")]
        kind = Kind(doing.text("kind"))
        if any(each.kind is kind for each in faults.active):
            faults.active = [each for each in faults.active if each.kind is not kind]
            self._world.changes.touch()
            return
        only = WRITES if doing.text("writes") else ("*",)
        faults.switch(kind, only=only, times=1 if doing.text("once") else None)

    async def _clear(self, _: Doing) -> None:
        for faults in self._world.faults.values():
            faults.clear()

    async def _github(self, doing: Doing) -> None:
        github, login = self._world.github, doing.text("login")
        github.accept(login) if doing.text("answer") == "accept" else github.decline(login)
        self._world.changes.touch()

    async def _meddle(self, _: Doing) -> None:
        """Let an owner put somebody into a team on GitHub's own page, or take them out again."""
        github = self._world.github.world
        there = github.user(MEDDLED).id in github.team("core").members
        github.set_team_member("core", MEDDLED, None if there else "member")
        self._world.changes.touch()

    async def _move(self, _: Doing) -> None:
        """Let an owner point a name elsewhere on DNSimple's own page, or back again."""
        zone = self._world.dnsimple.world.zone
        (record,) = zone.at(MOVED)
        here, there = ADDRESSES
        zone.change(record, {"content": there if record.content == here else here})
        self._world.changes.touch()

    async def _manage(self, doing: Doing) -> None:
        match doing.text("what"):
            case "kill":
                await self._bot.kill()
            case "start":
                await self._bot.start()
            case "restart":
                await self._bot.stop()
                await self._bot.start()

    async def _transport(self, doing: Doing) -> None:
        await self._bot.stop()
        self._world.slack.mode = "socket" if doing.text("mode") == "socket" else "http"
        await self._bot.start()

    async def _deaf(self, _: Doing) -> None:
        self._world.slack.deaf = not self._world.slack.deaf
        self._world.changes.touch()

    async def _reset(self, _: Doing) -> None:
        await self._bot.forget()
        self._world.reset()
        self._workspace.read.clear()
        await self._bot.start()


def _environment(workspace: shown.Workspace) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["mrkdwn"] = lambda text: mrkdwn.rendered(text, workspace.names)
    environment.filters["plain"] = mrkdwn.plain
    environment.globals |= {
        "here": shown.here,
        "pressed": elements.pressed,
        "current": elements.current,
        "choices": partial(elements.choices, workspace.slack),
    }
    return environment
