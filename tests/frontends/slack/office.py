"""The Slack frontend at work: a stand-in Slack, a small workflow, and HTTP or a socket between."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import BaseModel, SecretStr

from bot.core.command import Arg, Command, Context, NoArgs
from bot.core.people import Person, Role
from bot.core.policy import Policy
from bot.core.reply import Chart, Choice, Choices, Progress, Reply, Text
from bot.frontends.slack import SlackFrontend, Source
from bot.frontends.slack.kit import Message as Drawn
from bot.frontends.slack.pace import Rates
from bot.store.inbox import Inbox
from integrations.slack.standin import Message, StandIn, View
from tests.frontends.slack.drawing import drawn
from tests.workflow.world import COMMANDS, EVERYONE, World, make

APPROVALS, GENERAL, SHARED = "C0APPROVALS", "C0GENERAL", "C0SHARED"
CORY, GEORGE, OWEN, ORGANISER, ORGANISER_2 = "U0CORY", "U0GEORGE", "U0OWEN", "U0ORG1", "U0ORG2"
NEWCOMER, GUEST, STRANGER, ROBOT = "U0NEW", "U0GUEST", "U0STRANGER", "U0ROBOT"
BOT = "U0BOT"
AT_ONCE = Rates(message=(0.0, 1), tier_3=(0.0, 1), tier_4=(0.0, 1), edits_apart=0.0)


class Colour(StrEnum):
    """What a thing may look like."""

    RED = "red"
    GREEN = "green"


@dataclass(frozen=True)
class Channels:
    """Where the bot speaks."""

    approvals: str = APPROVALS
    digests: str | None = None


@dataclass(frozen=True)
class Settings:
    """What the settings say of Slack."""

    api_url: str
    transport: str = "http"
    team_id: str = "T0TEAM"
    app_id: str | None = "A0APP"
    bot_token: SecretStr = field(default_factory=lambda: SecretStr("xoxb-test"))
    signing_secret: SecretStr | None = field(default_factory=lambda: SecretStr("signing-secret"))
    app_token: SecretStr | None = field(default_factory=lambda: SecretStr("xapp-test"))
    give_up_after: timedelta = timedelta(minutes=10)
    channels: Channels = field(default_factory=Channels)


@dataclass
class Switches:
    """What further commands do: ``wait`` until *go_on*, ``fail`` for as long as *broken*."""

    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    broken: int = 0

    def commands(self) -> tuple[Command[Any], ...]:
        """Return the commands."""
        return (
            Command("wait", "Wait", NoArgs, self._wait),
            Command("fail", "Break", NoArgs, self._fail),
            Command("choose", "Choose", NoArgs, _choose),
            Command("draw", "Draw", NoArgs, _draw),
            Command("whisper", "Say something private", NoArgs, _whisper),
            Command("table", "Say more than fits", NoArgs, _table),
            Command("help", "Say what can be asked", NoArgs, _help, role=Role.READER),
            Command("fetch", "Fetch something", FetchArgs, _fetch),
        )

    async def _wait(self, _args: NoArgs, ctx: Context) -> Reply:
        await ctx.report(Progress(text="Half way"))
        await self.go_on.wait()
        return Reply(title="Waited")

    async def _fail(self, _args: NoArgs, _ctx: Context) -> Reply:
        if self.broken:
            self.broken -= 1
            raise RuntimeError("broken")
        return Reply(title="Whole again")


class FetchArgs(BaseModel):
    """One field of each kind."""

    thing: Annotated[str, Arg("THING", positional=True, completes="things", label="Which thing")]
    until: Annotated[date | None, Arg("DATE")] = None
    count: Annotated[int | None, Arg("N")] = None
    colour: Annotated[Colour | None, Arg("COLOUR")] = None
    by: Annotated[str | None, Arg("@PERSON", completes="slack")] = None
    quickly: bool = False
    notes: Annotated[tuple[str, ...], Arg("NOTE", positional=True)] = ()


async def _fetch(args: FetchArgs, ctx: Context) -> Reply:
    said = args.model_dump(mode="json", exclude_defaults=True)
    return Reply(title="Fetched", blocks=(Text(text=f"{said} because {ctx.reason}"),))


async def _help(_args: NoArgs, _ctx: Context) -> Reply:
    return Reply(title="What you can ask", blocks=(Text(text="put, note, look"),))


async def _choose(_args: NoArgs, _ctx: Context) -> Reply:
    choices = (Choice(label="Put", line="put a=pear"), Choice(label="Look", line="look"))
    return Reply(title="Two ways", blocks=(Choices(text="Which?", choices=choices),))


async def _whisper(_args: NoArgs, _ctx: Context) -> Reply:
    return Reply(title="For you alone", private=True)


async def _table(_args: NoArgs, _ctx: Context) -> Reply:
    return Reply(title="Long", blocks=tuple(Text(text=f"part {n}") for n in range(90)))


async def _draw(_args: NoArgs, _ctx: Context) -> Reply:
    return Reply(title="Sales", blocks=(Chart(title="Sales", png=b"png", words="120 of 400 sold"),))


def workspace(**changed: Any) -> dict[str, Any]:
    """Return the seed of the stand-in."""
    ours = [(person.slack[0], person.name.lower()) for person in EVERYONE if person.slack]
    users: list[dict[str, Any]] = [{"id": id_, "name": name} for id_, name in ours]
    users += [
        {"id": NEWCOMER, "name": "helper-1"},
        {"id": GUEST, "name": "guest-1", "is_restricted": True},
        {"id": STRANGER, "name": "stranger-1", "is_stranger": True, "team_id": "T0OTHER"},
        {"id": ROBOT, "name": "robot", "is_bot": True},
    ]
    everyone = [BOT, *(user["id"] for user in users if user["id"] != STRANGER)]
    return {
        "team_id": "T0TEAM",
        "team_domain": "organisers",
        "app_id": "A0APP",
        "bot_user_id": BOT,
        "bot_id": "B0BOT",
        "bot_token": "xoxb-test",
        "signing_secret": "signing-secret",
        "app_token": "xapp-test",
        "channels": [
            {"id": GENERAL, "name": "general", "members": everyone},
            {"id": APPROVALS, "name": "approvals", "members": everyone},
            {"id": SHARED, "name": "venue", "shared": True, "members": [STRANGER, CORY, BOT]},
        ],
        "users": users,
        **changed,
    }


@dataclass
class Office:
    """One process of the bot, and the Slack it serves."""

    slack: StandIn
    world: World
    inbox: Inbox
    frontend: SlackFrontend
    switches: "Switches"

    # what people do

    async def says(self, who: str, text: str, channel: str = GENERAL, thread: str | None = None) -> None:
        """Have somebody say something, acknowledged."""
        delivery = await self.slack.as_(who).say(channel, text, thread)
        assert delivery is not None
        assert delivery.ok, (delivery.status, delivery.answer)

    async def asks(self, text: str = "put a=pear", who: str = ORGANISER) -> Message:
        """Have somebody ask for a change, and return its card."""
        before = len(self.cards)
        await self.says(who, f"/infra {text}")
        return await self.slack.until(lambda: self.cards[-1] if len(self.cards) > before else None)

    async def presses(self, who: str, message: Message, action: str) -> None:
        """Have somebody press a button, acknowledged."""
        delivery = await self.slack.as_(who).press(message.channel, message.ts, action)
        assert delivery.ok, (delivery.status, delivery.answer)

    # what people see

    @property
    def cards(self) -> list[Message]:
        """Return what the bot posted to the channel of approvals."""
        return [m for m in self.slack.channels[APPROVALS].messages if m.bot_id and not m.ephemeral_to]

    def private(self, who: str, channel: str = GENERAL) -> list[Message]:
        """Return what the bot showed somebody alone in a channel."""
        mine = self.slack.messages(channel, who)
        return [m for m in mine if m.ephemeral_to == who and m.bot_id]

    def direct(self, who: str) -> list[Message]:
        """Return what the bot told somebody directly."""
        return [
            m for m in self.slack.messages(self.slack.direct(who), who) if m.bot_id and not m.ephemeral_to
        ]

    async def told(self, who: str, words: str, channel: str = GENERAL) -> Message:
        """Return the private message to somebody that holds *words*."""
        return await self.sees(lambda: self.private(who, channel), words)

    async def noted(self, who: str, words: str) -> Message:
        """Return the direct message to somebody that holds *words*."""
        return await self.sees(lambda: self.direct(who), words)

    async def carded(self, words: str) -> Message:
        """Return the card that holds *words*."""
        return await self.sees(lambda: self.cards, words)

    async def sees(self, messages: Callable[[], list[Message]], words: str) -> Message:
        """Return the first of *messages* that holds *words*, once it does."""
        try:
            return await self.slack.until(lambda: next((m for m in messages() if words in shown(m)), None))
        except TimeoutError:
            raise AssertionError(f"{words!r} is not in {[shown(m) for m in messages()]}") from None

    async def form(self, who: str) -> View:
        """Return the form somebody has open, once it is."""
        return (await self.slack.until(lambda: self.slack.views(who)))[-1]

    async def settled(self) -> None:
        """Wait until every delivery is done."""
        worker = self.frontend._worker
        while worker.unfinished:
            await asyncio.wait(worker.unfinished)


def shown(message: Message) -> str:
    """Return what a message shows."""
    return drawn(Drawn(message.text, tuple(message.blocks)))


def buttons(message: Message) -> list[str]:
    """Return the actions of a message's buttons."""
    rows = [block for block in message.blocks if block["type"] == "actions"]
    return [element["action_id"] for row in rows for element in row["elements"]]


def make_frontend(
    world: World,
    inbox: Inbox,
    settings: Settings,
    rates: Rates = AT_ONCE,
    sources: Sequence[Source] = (),
) -> SlackFrontend:
    """Return the frontend of a process."""
    return SlackFrontend(
        settings=settings,
        store=world.store,
        inbox=inbox,
        service=world.service,
        clock=world.clock,
        titles={"shelf": "the shelf", "notes": "our notes", "keys": "the keys"},
        end_now=world.endings.end_now,
        reviews=world.reviews,
        commands=world.wiring.commands,
        sources=sources,
        rates=rates,
    )


@asynccontextmanager
async def opened(
    database_url: str,
    slack: StandIn,
    *,
    transport: str = "http",
    policy: Policy | None = None,
    peer: World | None = None,
    rates: Rates = AT_ONCE,
    working: bool = True,
    give_up_after: timedelta = timedelta(minutes=10),
    sources: Sequence[Source] = (),
) -> AsyncIterator[Office]:
    """Run the bot on a migrated database until the block ends; without *working* no job runs."""
    frontends: list[SlackFrontend] = []
    switches = Switches()

    async def active(person: Person) -> bool | None:
        return await frontends[0].active(person)

    async with AsyncExitStack() as stack:
        world = await make(database_url, policy=policy, standing=(active,), peer=peer)
        stack.push_async_callback(world.store.close)
        world.wiring = replace(world.wiring, commands=(*COMMANDS, *switches.commands()))
        world.__post_init__()
        inbox = Inbox(world.store)
        await inbox.start()
        stack.push_async_callback(inbox.close)
        ours = Settings(slack.url("/api/"), transport, give_up_after=give_up_after)
        frontend = make_frontend(world, inbox, ours, rates, sources)
        frontends.append(frontend)
        await stack.enter_async_context(frontend)
        app = web.Application()
        app.add_routes(frontend.routes)
        server = TestServer(app)
        await server.start_server(auto_decompress=False)  # as `infra serve` does
        stack.push_async_callback(server.close)
        if transport == "http":
            slack.request_url = str(server.make_url("/slack/events"))
        stop = asyncio.Event()
        if working:
            handlers = {**world.handlers, "notify": frontend.notify, "reviewed": frontend.reviewed}
            jobs = asyncio.create_task(world.jobs.run(handlers, stop))
            stack.push_async_callback(asyncio.wait_for, jobs, 30)
            stack.callback(stop.set)
        yield Office(slack, world, inbox, frontend, switches)
