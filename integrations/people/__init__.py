"""People: our own list of who is who and who may do what."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from bot.core.vendor import Vendor
from integrations.people.check import check
from integrations.people.reads import Listed, PeopleReads
from integrations.people.resources import PERSON, REVIEW, PersonState

__all__ = ["PEOPLE", "PERSON", "REVIEW", "Listed", "NoSettings", "PeopleReads", "PersonState"]


class NoSettings(BaseModel):
    """Our own list needs no settings."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _connect(_settings: NoSettings, people: Any) -> Listed:
    """Return the list that is handed in where a vendor gets the network."""
    listed: Listed = people
    return listed


PEOPLE: Vendor[NoSettings, Listed, PeopleReads] = Vendor(
    name="people",
    title="the list of people",
    settings=NoSettings,
    connect=_connect,
    reads=PeopleReads,
    resources=(PERSON, REVIEW),
    check=check,
)
