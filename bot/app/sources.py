"""Where the names come from that a form offers: our own data, and the vendors as they are now."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any

from bot.app.compose import Core
from bot.frontends.slack import Source
from bot.workflow.views import StoredRequests
from integrations import VENDORS


def sources(opened: Core) -> list[Source]:
    """Return the sources of an opened bot, our own first; vendors that are off have none."""
    return [
        Source("people", "our list", partial(_people, opened)),
        Source("requests", "our list", partial(_requests, opened)),
        Source("repositories", "our list", partial(_services, opened)),
        Source("services", "our list", partial(_decided, opened)),
        Source("deploys", "our list", partial(_deployed, opened)),
        Source("status", "our list", partial(_shown, opened)),
        Source("words", "our list", partial(_words, opened)),
        *(
            Source(kind, vendor.title, partial(_named, ask, opened.wiring.readers[vendor.name]))
            for vendor in VENDORS
            if vendor.name in opened.wiring.readers
            for kind, ask in vendor.names.items()
        ),
    ]


async def _named(ask: Callable[[Any], Awaitable[Sequence[str]]], reads: Any) -> Mapping[str, str]:
    return {name: name for name in await ask(reads)}


async def _people(opened: Core) -> Mapping[str, str]:
    return {person.name: person.name for person in (await opened.service.situation()).people}


async def _requests(opened: Core) -> Mapping[str, str]:
    found = await StoredRequests(opened.store).newest(limit=50)
    return {str(request.number): f"#{request.number} {request.plan.title}" for request, _ in found}


async def _services(opened: Core) -> Mapping[str, str]:
    services = opened.wiring.organisation.services
    return {name: name for name, service in services.items() if service.repository}


async def _decided(opened: Core) -> Mapping[str, str]:
    services = opened.wiring.organisation.services
    return {name: name for name, service in services.items() if service.yearly}


async def _deployed(opened: Core) -> Mapping[str, str]:
    services = opened.wiring.organisation.services
    return {name: name for service in services.values() for name in service.deploys}


async def _shown(opened: Core) -> Mapping[str, str]:
    return {line.name: line.title for line in (await opened.service.board.kept()).lines}


async def _words(opened: Core) -> Mapping[str, str]:
    return {command.word: command.word for command in opened.wiring.commands}
