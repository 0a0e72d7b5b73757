"""The world around the bot: Slack and the vendors as stand-ins on loopback, a clock, faults to switch on."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import yaml
from aiohttp import web

import config
from bot.app import vendor_settings
from bot.sandbox import standins
from bot.sandbox.clock import Clock
from bot.sandbox.faults import Faults
from bot.sandbox.standins import DNSimple, GitHub, Hooking, ReadTheDocs, Slack, StandIn
from config.settings import Settings

SEED = Path(__file__).with_name("seed.yaml")
HOST = "127.0.0.1"


@dataclass
class Changes:
    """Counts what happened, and lets others wait for more."""

    version: int = 0
    _waiting: asyncio.Event = field(default_factory=asyncio.Event)

    def touch(self) -> None:
        """Note that something happened."""
        self.version += 1
        event, self._waiting = self._waiting, asyncio.Event()
        event.set()

    async def beyond(self, since: int, within: float) -> int:
        """Wait until the version is beyond *since*, at most *within* seconds; return it."""
        if self.version <= since:
            with suppress(TimeoutError):
                async with asyncio.timeout(within):
                    await self._waiting.wait()
        return self.version


@dataclass(frozen=True)
class World:
    """Stand-ins that are served, by vendor, with the switches of each and where each listens."""

    seed: Mapping[str, Any]
    folder: Path
    clock: Clock
    changes: Changes
    standins: Mapping[str, StandIn]
    faults: Mapping[str, Faults]
    urls: Mapping[str, str]

    @classmethod
    @asynccontextmanager
    async def start(cls, seed: Mapping[str, Any] | None = None) -> "AsyncIterator[World]":
        """Give a world as the *seed* has it, by default the sandbox's; its folder is gone afterwards."""
        async with AsyncExitStack() as stack:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="infra-sandbox-")))
            seed = seed or _written(SEED)
            clock = Clock.create(folder / "clock", seed["starts"])
            stack.callback(clock.close)
            changes = Changes()
            there = {v: standins.load(v, seed[v], clock) for v in standins.vendors() if v in seed}
            faults = {vendor: Faults(vendor, clock, changes.touch) for vendor in there}
            urls = {}
            for vendor, standin in there.items():
                standin.app.middlewares.append(faults[vendor].middleware)
                urls[vendor] = await stack.enter_async_context(_served(standin.app))
            world = cls(seed, folder, clock, changes, there, faults, urls)
            world.slack.base_url = urls["slack"]
            await stack.enter_async_context(_told(world.slack, changes))
            yield world

    @property
    def slack(self) -> Slack:
        """Return the workspace."""
        return cast("Slack", self.standins["slack"])  # loaded by name: no type comes with it

    @property
    def github(self) -> GitHub:
        """Return the organisation on GitHub."""
        return cast("GitHub", self.standins["github"])  # the same

    @property
    def dnsimple(self) -> DNSimple:
        """Return the account at DNSimple."""
        return cast("DNSimple", self.standins["dnsimple"])  # the same

    @property
    def readthedocs(self) -> ReadTheDocs:
        """Return the project at Read the Docs."""
        return cast("ReadTheDocs", self.standins["readthedocs"])  # the same

    def environ(self, changed: Mapping[str, Any] | None = None) -> dict[str, str]:
        """Return the environment in which the bot finds its settings; *changed* sections win."""
        written = _written(config.loading.FOLDER / "sandbox.yaml")
        written["slack"] |= {"api_url": f"{self.urls['slack']}/api/", "transport": self.slack.mode}
        for vendor, section in written["integrations"].items():
            paths = {"url": "", **{key: path for key, path in section.items() if key.endswith("url")}}
            section |= {key: self.urls[vendor] + path for key, path in paths.items()}
        written["integrations"]["dnsimple"] |= self.dnsimple.outside()
        written["integrations"]["slack_workspaces"]["organisers"]["url"] = f"{self.urls['slack']}/api"
        written["database_url"] = f"sqlite:///{self.folder}/infra.db"
        return {"INFRA_CONFIG_YAML": json.dumps(written | dict(changed or {})), **self.seed["environ"]}

    def settings(self, changed: Mapping[str, Any] | None = None) -> Settings:
        """Return the bot's settings; *changed* sections win."""
        return config.load(vendor_settings(), self.environ(changed))

    def person(self, name: str) -> str:
        """Return the Slack id of somebody, whatever the case of the name."""
        return next(u.id for u in self.slack.users.values() if u.name == name.lower())

    def listens(self, address: str) -> None:
        """Tell Slack, and the vendors that have webhooks, where the bot listens."""
        self.slack.request_url = f"{address}/slack/events"
        for vendor, standin in self.standins.items():
            if isinstance(standin, Hooking):
                secret = self.seed["environ"][f"{vendor.upper()}_WEBHOOK_SECRET"]
                standin.hooks.point(f"{address}/webhooks/{vendor}", secret)

    def reset(self) -> None:
        """Go back to the seed: clock, vendors, faults, calls."""
        self.clock.set(self.seed["starts"])
        for standin in self.standins.values():
            standin.reset()
        for faults in self.faults.values():
            faults.clear()
            faults.forget()


def _written(file: Path) -> dict[str, Any]:
    """Return what a file says, to be changed at will."""
    return deepcopy(_read(file))


@cache
def _read(file: Path) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return read


@asynccontextmanager
async def _served(app: web.Application) -> AsyncIterator[str]:
    """Serve *app* on a free port of this machine; give its address."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, 0).start()
        yield f"http://{HOST}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _told(slack: Slack, changes: Changes) -> AsyncIterator[None]:
    """Count what happens in Slack among the changes."""

    async def follow() -> None:
        version = slack.version
        while True:
            version = await slack.changed(version)
            changes.touch()

    task = asyncio.create_task(follow())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
