"""What IANA and the registries answer (RFC 9224, RFC 9083), in their own words.

Lists that are empty are left out by many servers, and so is the end of a registration by some.
"""

from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, Field

from bot.http.shape import Shape


class Bootstrap(Shape):
    """IANA's list: which servers answer for which endings."""

    services: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]

    def server(self, domain: str) -> str | None:
        """Return the server of a domain: of the endings that fit, the longest counts."""
        labels = domain.split(".")
        for start in range(len(labels)):
            ending = ".".join(labels[start:])
            for endings, servers in self.services:
                if ending in map(str.lower, endings) and servers:
                    return next((each for each in servers if each.startswith("https")), servers[0])
        return None


class Event(Shape):
    """Something that happened to a domain, or will."""

    action: str = Field("", alias="eventAction")
    on: AwareDatetime | None = Field(None, alias="eventDate")


class NameServer(Shape):
    """A server to which a domain is delegated."""

    name: str = Field("", alias="ldhName")


class SecureDns(Shape):
    """Whether the registry has keys of a domain."""

    signed: bool | None = Field(None, alias="delegationSigned")


class Entity(Shape):
    """Somebody with a role; only the registrar is of interest."""

    roles: tuple[str, ...] = ()
    card: tuple[Any, ...] = Field((), alias="vcardArray", repr=False)

    @property
    def name(self) -> str:
        """Return what the card calls them."""
        properties = self.card[1] if len(self.card) > 1 and isinstance(self.card[1], list) else []
        named = (each for each in properties if isinstance(each, list) and len(each) > 3 and each[0] == "fn")
        return next((str(each[3]) for each in named), "")


class Domain(Shape):
    """What a registry knows of a domain."""

    kind: str = Field(alias="objectClassName", pattern="^domain$")
    name: str = Field(alias="ldhName")
    status: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    nameservers: tuple[NameServer, ...] = ()
    entities: tuple[Entity, ...] = ()
    dnssec: SecureDns = Field(SecureDns(), alias="secureDNS")

    def at(self, action: str) -> datetime | None:
        """Return when something happened, or will."""
        return next((each.on for each in self.events if each.action == action), None)

    @property
    def registrar(self) -> str:
        """Return the name of the registrar."""
        return next((each.name for each in self.entities if "registrar" in each.roles), "")
