"""People: our own list of who is who and who may do what."""

from bot.core.runbook import ByHand, Runbook, ours
from bot.core.vendor import NoSettings, Vendor, handed_in
from integrations.people.check import check
from integrations.people.reads import Listed, PeopleReads
from integrations.people.resources import PERSON, REVIEW, PersonState

__all__ = ["PEOPLE", "PERSON", "REVIEW", "Listed", "PeopleReads", "PersonState"]


RUNBOOK = Runbook(
    pages={
        PERSON.name: ours("Somebody in our list", "people"),
        REVIEW.name: ByHand(
            what="A review of who still helps",
            where="Ask everybody in `state/people.yaml` whether they still help; take the others' access.",
        ),
    }
)

PEOPLE: Vendor[NoSettings, Listed, PeopleReads] = Vendor(
    name="people",
    title="the list of people",
    settings=NoSettings,
    connect=handed_in,
    reads=PeopleReads,
    resources=(PERSON, REVIEW),
    runbook=lambda _settings: RUNBOOK,
    check=check,
)
