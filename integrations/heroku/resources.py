"""What the bot can change at Heroku: how many dynos run, maintenance, which release; and a restart."""

from collections.abc import Sequence
from datetime import timedelta

from bot.core.change import Sought
from bot.core.errors import Rejected
from bot.core.people import listed
from bot.core.run import Run, Stage, run_of
from bot.core.values import Value
from bot.core.vendor import Reach, Resource
from integrations.heroku.client import HerokuClient
from integrations.heroku.reads import release_of, type_of

RELEASE_PHASE = timedelta(hours=1)  # the longest that Heroku lets one take
BOOTING = timedelta(minutes=10)  # a dyno that listens to nobody after a minute is crashed


class Formation(Value):
    """How many dynos of which size run a type of process."""

    quantity: int
    size: str

    def __str__(self) -> str:
        return f"{self.quantity} × {self.size}" if self.quantity else "none"


class Maintenance(Value):
    """Whether visitors are told that the app is being worked on."""

    on: bool


class Current(Value):
    """Which release runs, by the version that it was first; *pending* while the release phase runs."""

    version: int
    pending: bool = False


async def _read_formation(client: HerokuClient, target: str) -> Formation | None:
    app, kind = target.split("/")
    found = next((each for each in map(type_of, await client.formation(app)) if each.name == kind), None)
    return Formation(quantity=found.quantity, size=found.size) if found else None


async def _scale(client: HerokuClient, target: str, after: Formation | None) -> None:
    app, kind = target.split("/")
    if after is None:
        raise Rejected("Heroku", f"{kind} is a type of {app}'s own Procfile.", "Scale it to 0.")
    await client.scale(app, kind, after.quantity, after.size)


def _say_formation(target: str, before: Formation | None, after: Formation | None) -> str:
    app, kind = target.split("/")
    return f"*{app}* runs {kind} on {after or 'none'} (now: {before or 'none'})"


async def _read_maintenance(client: HerokuClient, target: str) -> Maintenance | None:
    app = await client.app(target)
    return Maintenance(on=app.maintenance) if app else None


async def _maintain(client: HerokuClient, target: str, after: Maintenance | None) -> None:
    await client.maintain(target, after is not None and after.on)


def _say_maintenance(target: str, before: Maintenance | None, after: Maintenance | None) -> str:
    shown, now = ("a notice of maintenance" if each and each.on else "the app" for each in (after, before))
    return f"Visitors of *{target}* see {shown} (now: {now})"


async def _read_current(client: HerokuClient, target: str) -> Current | None:
    """Return what runs, or what is about to: the newest release while its release phase runs."""
    releases = [*map(release_of, await client.releases(target))]
    found = next((each for each in releases if each.status == "pending" or each.current), None)
    return Current(version=found.of, pending=found.status == "pending") if found else None


async def _roll_back(client: HerokuClient, target: str, after: Current | None) -> None:
    found = await client.release(target, f"{after.version}") if after else None
    if found is None:
        raise Rejected("Heroku", f"{target} has no such release any more.", "Nothing was changed.")
    await client.roll_back(target, found.id)


def _say_current(target: str, before: Current | None, after: Current | None) -> str:
    new, now = (f"v{each.version}" if each else "no release" for each in (after, before))
    return f"*{target}* runs release {new} again: its code, config vars and add-ons (now: {now})"


def _reached(live: Current | None, after: Current | None) -> Reach:
    if live is None or after is None or live.version != after.version:
        return Reach.YES if live == after else Reach.NO
    return Reach.UNDER_WAY if live.pending else Reach.YES


def _waiting(target: str, _live: Current | None, until: str) -> str:
    return f"{target} runs its release phase, until {until} at the latest"


async def _restart(client: HerokuClient, target: str, _marker: str) -> str:
    await client.restart(target)
    return ""  # Heroku names no restart, and keeps no mark


async def _restarted(client: HerokuClient, target: str, sought: Sought) -> Sequence[Run]:
    """Return the restart that shows in dynos that began since it was asked for, one-offs apart."""
    dynos = [each for each in await client.dynos(target) if each.type != "run"]
    new = [each for each in dynos if each.created_at >= sought.since]
    if not new:
        return ()
    crashed = [each.name for each in new if each.state == "crashed"]
    going = len(new) < len(dynos) or any(each.state == "starting" for each in new)
    stage = Stage.BAD if crashed else Stage.UNDER_WAY if going else Stage.GOOD
    run = Run(
        id=min(each.created_at for each in new).isoformat(),
        stage=stage,
        name=f"The restart of {target}",
        text=f"{listed(crashed, 'and')} crashed" if crashed else "",
        link=f"https://dashboard.heroku.com/apps/{target}",
    )
    return (run,)


FORMATION = Resource("heroku.formation", Formation, _read_formation, _scale, _say_formation)
MAINTENANCE = Resource("heroku.maintenance", Maintenance, _read_maintenance, _maintain, _say_maintenance)
RELEASE = Resource(
    "heroku.release",
    Current,
    _read_current,
    _roll_back,
    _say_current,
    reached=_reached,
    patience=RELEASE_PHASE,
    waiting=_waiting,
)
RESTART = run_of(
    "heroku.restart",
    _restart,
    _restarted,
    "All dynos of *{}* are started anew".format,
    patience=BOOTING,
)
