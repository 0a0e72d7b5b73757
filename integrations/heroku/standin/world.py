"""What the imitated Heroku holds: apps, their releases and dynos, bills."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

Json = dict[str, Any]
SIZES = {"Eco": 500, "Basic": 700, "Standard-1X": 2500, "Standard-2X": 5000, "Performance-M": 25000}
ACCOUNT = "01234567-89ab-cdef-0123-000000000001"  # whose token it is
SINGLE = {"eco", "basic"}  # more than one dyno of a type is refused


class RefusedError(Exception):
    """An answer that is not what was asked for."""

    def __init__(self, status: int, name: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"id": name, "message": message}


def lost(what: str) -> RefusedError:
    """Return the answer about what is not there."""
    return RefusedError(404, "not_found", f"Couldn't find that {what}.")


def stamp(at: datetime) -> str:
    """Return a time as answers have it."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


@dataclass
class Release:
    """A release; it is pending until *ready*, and then succeeds or not."""

    version: int
    text: str
    at: datetime
    ready: datetime
    fails: bool = False

    def status(self, now: datetime) -> str:
        """Return how it goes."""
        if now < self.ready:
            return "pending"
        return "failed" if self.fails else "succeeded"


@dataclass
class Build:
    """A build; it is pending until *ready*, then its *release* is there, or none when it failed."""

    id: str
    blob: Json
    user: str
    at: datetime
    ready: datetime
    fails: bool = False
    release: Release | None = None

    def status(self, now: datetime) -> str:
        """Return how it goes."""
        if now < self.ready:
            return "pending"
        return "failed" if self.fails else "succeeded"


@dataclass
class App:
    """An app; *formation* is quantity and size by type, *began* when its dynos were started last."""

    name: str
    web_url: str
    formation: dict[str, tuple[int, str]]
    releases: list[Release]
    began: datetime
    maintenance: bool = False
    crashed: list[str] = field(default_factory=list)
    domains: list[str] = field(default_factory=list)
    builds: list[Build] = field(default_factory=list)
    building: timedelta = timedelta(0)
    phase: timedelta = timedelta(0)
    boots: timedelta = timedelta(0)
    restarts: int = 0

    def current(self, now: datetime) -> Release | None:
        """Return the release that runs."""
        done = [each for each in self.releases if each.status(now) == "succeeded"]
        return done[-1] if done else None

    def restart(self, now: datetime) -> None:
        """Start all dynos anew."""
        self.began, self.restarts = now, self.restarts + 1


class World:
    """The apps of one account or team."""

    def __init__(self, seed: Mapping[str, Any], clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.token: str = seed["token"]
        self.team: str = seed.get("team", "")
        self.scopes: list[str] = list(seed.get("scopes", ("read", "write")))
        self.suspension: datetime | None = seed.get("suspension")
        self.sees_bills: bool = seed.get("sees_bills", True)
        self.invoices: list[Json] = list(seed.get("invoices", ()))
        self.addons: list[Json] = list(seed.get("addons", ()))
        self.apps = {each["name"]: _app(each) for each in seed.get("apps", ())}
        self.config_reads = 0  # how often somebody asked for config vars
        self.breaks = ""  # what breaks from now on: build or release

    def app(self, name: str) -> App:
        """Return an app; refused when there is none."""
        if name not in self.apps:
            raise lost("app")
        return self.apps[name]

    def scale(self, app: App, kind: str, asked: Json) -> None:
        """Run a type of process on so many dynos of a size."""
        if kind not in app.formation:
            raise lost("process type")
        quantity, size = app.formation[kind]
        quantity = asked.get("quantity", quantity)
        size = asked.get("dyno_size", {}).get("name", size)
        if size.casefold() not in {each.casefold() for each in SIZES}:
            raise RefusedError(422, "invalid_params", f"No such dyno size: {size}.")
        if quantity > 1 and size.casefold() in SINGLE:
            raise RefusedError(422, "invalid_params", f"Cannot scale to more than 1 {size} dyno.")
        if app.formation[kind] != (quantity, size):
            app.formation[kind] = (quantity, size)
            app.began = self.clock()

    def build(self, app: App, blob: Json) -> Build:
        """Build an app from a tarball, and release what comes of it once it is built."""
        address = blob.get("url")
        if not isinstance(address, str) or not address.startswith("https://"):
            raise RefusedError(422, "invalid_params", "Source blob url must be a valid URL.")
        now = self.clock()
        build = Build(ident(app, f"build {len(app.builds) + 1}"), blob, ACCOUNT, now, now + app.building)
        build.fails = self.breaks == "build"
        app.builds.append(build)
        if not build.fails:
            version, text = app.releases[-1].version + 1, f"Deploy {(blob.get('version') or build.id)[:8]}"
            fails, ready = self.breaks == "release", build.ready + app.phase
            build.release = Release(version, text, build.ready, ready, fails)
        return build

    def advance(self) -> None:
        """Release what was built meanwhile."""
        now = self.clock()
        for app in self.apps.values():
            for build in app.builds:
                release = build.release
                if release and build.ready <= now and release not in app.releases:
                    release.version = app.releases[-1].version + 1
                    app.releases.append(release)
                    if not release.fails:
                        app.restart(release.ready)

    def roll_back(self, app: App, release: str) -> Release:
        """Release again what an earlier release was."""
        found = next((each for each in app.releases if ident(app, each.version) == release), None)
        if found is None:
            raise lost("release")
        now = self.clock()
        if found.status(now) != "succeeded":
            raise RefusedError(422, "invalid_params", f"Cannot roll back to v{found.version}: it failed.")
        new = Release(app.releases[-1].version + 1, f"Rollback to v{found.version}", now, now + app.phase)
        app.releases.append(new)
        app.restart(new.ready)
        return new


def ident(app: App, what: object) -> str:
    """Return the id of something of an app."""
    return str(uuid5(NAMESPACE_URL, f"{app.name}/{what}"))


def moment(said: datetime | date | str) -> datetime:
    """Return a time of the seed."""
    at = datetime.fromisoformat(f"{said}")
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _app(seed: Json) -> App:
    releases = [
        Release(number, each["text"], moment(each["at"]), moment(each["at"]), each.get("fails", False))
        for number, each in enumerate(seed["releases"], seed.get("first", 1))
    ]
    return App(
        name=seed["name"],
        web_url=seed["web_url"],
        formation={kind: (each["quantity"], each["size"]) for kind, each in seed["formation"].items()},
        releases=releases,
        began=releases[-1].at,
        maintenance=seed.get("maintenance", False),
        crashed=list(seed.get("crashed", ())),
        domains=list(seed.get("domains", ())),
        building=timedelta(seconds=seed.get("building", 0)),
        phase=timedelta(seconds=seed.get("phase", 0)),
        boots=timedelta(seconds=seed.get("boots", 0)),
    )
