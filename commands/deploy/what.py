"""What ``deploy NAME`` means: which service, who deploys it, and what it is called there."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.core.board import YEAR, Service
from bot.core.command import Context
from bot.core.deploying import Deployer, Source, Sourced
from bot.core.errors import Refused, UsageError
from bot.core.names import suggestion
from bot.core.people import listed
from bot.core.vendor import Vendor
from integrations import VENDORS
from integrations.github import GITHUB, find_repository


@dataclass(frozen=True)
class Deployed:
    """Something that is deployed: its *name* to people, and what it is called where *by* deploys it.

    *source* finds what it is built from.
    """

    name: str
    of: str
    title: str
    by: Deployer
    source: Sourced


def offered(ctx: Context) -> Mapping[str, tuple[str, str]]:
    """Return what can be deployed: by its name, its service and who deploys it."""
    services = ctx.organisation.services
    return {name: (service, by) for service, each in services.items() for name, by in each.deploys.items()}


async def find(said: str, year: int | None, ctx: Context) -> Deployed:
    """Return what *said* means, of a *year* when it is given; UsageError or Refused when it means nothing."""
    known = offered(ctx)
    name = next((each for each in known if each.casefold() == said.casefold()), None)
    if name is None:
        near = suggestion(said, known) or f"There is: {listed(known, 'and') or 'nothing'}."
        hint = f"{near} The maintainer adds others as `services.NAME.deploys`."
        raise UsageError(f"`{said[:40]}` is nothing that is deployed from here.", hint, "name")
    service, by = known[name]
    vendor = _vendor(name, by)
    if vendor.deployer is None:
        raise Refused(f"{vendor.title} deploys nothing from here.", _remedy(service, name))
    reads = ctx.reads(vendor)
    of = await _called(name, service, year, ctx)
    return Deployed(name, of, vendor.title, vendor.deployer(reads), partial(_source, service, year, ctx))


def _vendor(name: str, by: str) -> Vendor[Any, Any, Any]:
    """Return who deploys *name*."""
    found = next((each for each in VENDORS if each.name == by.partition(":")[0]), None)
    if found is None:
        raise Refused(f"`{name}` is deployed by `{by[:40]}`, which I do not know.", _remedy("NAME", name))
    return found


def _remedy(service: str, name: str) -> str:
    able = listed((each.name for each in VENDORS if each.deployer), "or")
    return f"The maintainer sets `services.{service}.deploys.{name}` to {able}."


async def _called(name: str, service: str, year: int | None, ctx: Context) -> str:
    """Return what it is called where it is deployed: what the settings say, else its repository."""
    ours: Service = ctx.organisation.services[service]
    of = ours.called(name)
    if year is not None:
        if YEAR not in of:
            raise UsageError(f"--year: `{name}` is the same every year.", f"Write: `deploy {name}`.", "year")
        return of.replace(YEAR, str(year))
    if YEAR in of:
        before, _, after = ours.repository.partition(YEAR)
        name = (await find_repository(ctx.reads(GITHUB), service, ctx)).name
        return of.replace(YEAR, name.removeprefix(before).removesuffix(after))
    return of


async def _source(service: str, year: int | None, ctx: Context) -> Source:
    """Return what a service is built from, of a *year* when it is given."""
    ours: Service = ctx.organisation.services[service]
    if not ours.repository:
        raise Refused(
            f"From which repository `{service}` is built is not in the settings.",
            f"The maintainer sets `services.{service}.repository`.",
        )
    reads = ctx.reads(GITHUB)
    if year is not None:
        return await reads.source(ours.repository.replace(YEAR, str(year)))
    return await reads.source((await find_repository(reads, service, ctx)).name)
