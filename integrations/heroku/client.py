"""Heroku's Platform API, version 3, as this project uses it; config vars are not among what it asks for."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from urllib.parse import quote

from bot.core.errors import Malformed
from bot.http import Answer, Http, Lack, Memo, Network
from bot.http.shape import Shape
from integrations.heroku.models import (
    Account,
    Addon,
    App,
    Build,
    Delinquency,
    Domain,
    Dyno,
    DynoSize,
    Formation,
    Invoice,
    Release,
)
from integrations.heroku.settings import HerokuSettings

S = TypeVar("S", bound=Shape)

ACCEPT = "application/vnd.heroku+json; version=3"  # without it the API answers 406
HOURLY = 4500  # of the account, so shared with whoever made the token
NEWEST = "version ..; order=desc,max=10;"
PARTS = 50
REMEDY = (
    "The maintainer makes an authorization with the scopes `read` and `write`, and no others; "
    "`infra check` proves it."
)


def lack(answer: Answer) -> Lack | None:
    """Return which right a 403 means: a scope, unless it is about something else."""
    said = answer.content.get("id") if isinstance(answer.content, dict) else None
    if answer.status != 403 or said == "suspended":
        return None
    if said == "two_factor":
        return Lack("leave to do it without a second factor", REMEDY)
    return Lack("the scope `read`, or for a change `write`", REMEDY)


def connect(settings: HerokuSettings, network: Network) -> "HerokuClient":
    """Return a client for the apps of a team or an account."""
    token = settings.token.get_secret_value()
    http = Http(
        network,
        "Heroku",
        settings.url,
        headers={"Accept": ACCEPT, "Authorization": f"Bearer {token}"},
        secrets=(token,),
        hourly=HOURLY,
        spacing=0.0,
        lack=lack,
    )
    return HerokuClient(http, settings)


@dataclass
class HerokuClient:
    """Some apps at Heroku. Each method that changes something is one call."""

    _http: Http
    settings: HerokuSettings
    memo: Memo = field(default_factory=Memo)

    def now(self) -> datetime:
        """Return the time."""
        return self._http.network.clock()

    async def apps(self) -> list[App]:
        """Return the apps."""
        return await self._list(f"{self._whose}/apps", App)

    async def app(self, name: str) -> App | None:
        """Return one app; None when there is none that our token may see."""
        answer = await self._http.find(_path(name))
        return None if answer is None else self._http.fit(App, answer.content)

    async def formation(self, app: str) -> list[Formation]:
        """Return the types of processes of an app."""
        return await self._list(_path(app, "formation"), Formation)

    async def dynos(self, app: str) -> list[Dyno]:
        """Return the dynos of an app."""
        return await self._list(_path(app, "dynos"), Dyno)

    async def releases(self, app: str) -> list[Release]:
        """Return the releases of an app, the newest first: some of them, the current one among them."""
        path, span = _path(app, "releases"), NEWEST
        found: dict[int, Release] = {}
        for _ in range(PARTS):
            answer = await self._http.get(path, span=span)
            found |= {each.version: each for each in self._fit_all(Release, answer)}
            span = answer.headers.get("Next-Range", "")
            if not span or any(each.current for each in found.values()):
                break
        return sorted(found.values(), key=lambda each: each.version, reverse=True)

    async def release(self, app: str, named: str) -> Release | None:
        """Return one release, by its version or its id; None when there is none."""
        answer = await self._http.find(_path(app, "releases", named))
        return None if answer is None else self._http.fit(Release, answer.content)

    async def builds(self, app: str) -> list[Build]:
        """Return the builds of an app, the newest first.

        All are asked for: that Heroku would give the newest first is not sure.
        """
        found = await self._list(_path(app, "builds"), Build)
        return sorted(found, key=lambda each: each.created_at, reverse=True)

    async def build(self, app: str, number: str) -> Build | None:
        """Return one build; None when there is none."""
        answer = await self._http.find(_path(app, "builds", number))
        return None if answer is None else self._http.fit(Build, answer.content)

    async def domains(self, app: str) -> list[Domain]:
        """Return the names under which an app is seen."""
        return await self._list(_path(app, "domains"), Domain)

    async def addons(self) -> list[Addon]:
        """Return the add-ons of all apps."""
        return await self._list(f"{self._whose}/addons", Addon)

    async def sizes(self) -> list[DynoSize]:
        """Return the sizes of dynos, with their prices."""
        return await self._list("/dyno-sizes", DynoSize)

    async def invoices(self) -> list[Invoice]:
        """Return the monthly bills."""
        return await self._list(f"{self._whose or '/account'}/invoices", Invoice)

    async def account(self) -> str | None:
        """Return whose account our token was made in: its e-mail address."""
        return (await self._account()).email

    async def me(self) -> str:
        """Return the id of the account that our token was made in."""
        return (await self._account()).id

    async def _account(self) -> Account:
        return self._http.fit(Account, (await self._http.get("/account")).content)

    async def delinquency(self) -> Delinquency:
        """Return what an unpaid bill leads to, and when."""
        answer = await self._http.get("/account/delinquency")
        return self._http.fit(Delinquency, answer.content)

    async def scale(self, app: str, kind: str, quantity: int, size: str) -> None:
        """Run a type of process on so many dynos of a size."""
        asked = {"quantity": quantity, "dyno_size": {"name": size}}
        await self._write("PATCH", _path(app, "formation", kind), asked)

    async def maintain(self, app: str, on: bool) -> None:
        """Show visitors that an app is being worked on, or the app again."""
        await self._write("PATCH", _path(app), {"maintenance": on})

    async def roll_back(self, app: str, release: str) -> None:
        """Release again what a release, by its id, was: code, config vars and add-ons."""
        await self._write("POST", _path(app, "releases"), {"release": release})

    async def restart(self, app: str) -> None:
        """Restart all dynos of an app."""
        await self._write("DELETE", _path(app, "dynos"), None)

    async def start_build(self, app: str, url: str, version: str, description: str) -> str:
        """Build and release what the tarball at *url* holds; return the build's id."""
        blob = {"url": url, "version": version, "version_description": description}
        answer = await self._write("POST", _path(app, "builds"), {"source_blob": blob})
        return self._http.fit(Build, answer.content).id

    async def _write(self, method: str, path: str, content: object) -> Answer:
        self.memo.clear()
        return await self._http.write(method, path, content)

    async def _list(self, path: str, model: type[S]) -> list[S]:
        """Return a list, which comes in parts: a part that is not all says what to ask for next."""
        found, span = list[S](), ""
        for _ in range(PARTS):
            answer = await self._http.get(path, span=span)
            found += self._fit_all(model, answer)
            span = answer.headers.get("Next-Range", "")
            if not span:
                return found
        raise Malformed("Heroku", "Heroku's list has no end.", "Tell the maintainer if it stays so.")

    def _fit_all(self, model: type[S], answer: Answer) -> list[S]:
        if not isinstance(answer.content, list):
            raise Malformed(
                "Heroku",
                "Heroku's answer does not fit what it documents: a list was expected.",
                "Try again; tell the maintainer if it stays so.",
            )
        return [self._http.fit(model, item) for item in answer.content]

    @property
    def _whose(self) -> str:
        return f"/teams/{self.settings.team}" if self.settings.team else ""


def _path(app: str, *rest: str) -> str:
    return "/apps/" + "/".join(quote(part, safe="") for part in (app, *rest))
