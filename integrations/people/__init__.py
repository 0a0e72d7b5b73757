"""People: our own list of who is who and who may do what."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from bot.core.vendor import Vendor
from integrations.people.check import check
from integrations.people.resources import PERSON, Listed, PersonState

__all__ = ["PEOPLE", "PERSON", "Listed", "NoSettings", "PersonState"]


class NoSettings(BaseModel):
    """Our own list needs no settings."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _connect(_settings: NoSettings, people: Any) -> Listed:
    """Return the list that is handed in where a vendor gets the network."""
    listed: Listed = people
    return listed


def _reads(people: Listed) -> Listed:
    return people


PEOPLE: Vendor[NoSettings, Listed, Listed] = Vendor(
    name="people",
    title="Our list of people",
    settings=NoSettings,
    connect=_connect,
    reads=_reads,
    resources=(PERSON,),
    check=check,
)
