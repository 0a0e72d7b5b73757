"""When the domain is paid again, and what of it people must know once."""

from collections.abc import Iterator
from datetime import datetime

from bot.core.costs import Alarm, Told
from bot.core.duration import day
from integrations.registrar.health import WARNED, ending, left
from integrations.registrar.reads import RegistrarReads

NEW = 365 - 60  # days that are left when an end moved on lately


async def told(reads: RegistrarReads) -> Told:
    """Return when the registration ends, and what that means; what it costs no registry knows."""
    facts = await reads.domain()
    if facts is None or facts.ends_at is None:
        return Told()
    alarms = [*_moved(reads, facts.ends_at), *_near(reads, facts.ends_at)]
    return Told(renews=facts.ends_at.date(), alarms=tuple(alarms))


def _moved(reads: RegistrarReads, ends_at: datetime) -> Iterator[Alarm]:
    """Yield the question that a new end asks: .org moves it on by a year whether or not anybody paid."""
    domain, until = reads.settings.domain, day(ends_at.date())
    if left(ends_at, reads.now()) >= NEW:
        text = (
            f"{domain} is registered until {until}. Is the invoice for that paid? The registry cannot know."
        )
        yield Alarm(key=f"registrar:{domain}:until:{until}", text=text)


def _near(reads: RegistrarReads, ends_at: datetime) -> Iterator[Alarm]:
    """Yield a warning for each number of days before the end that is reached."""
    domain, now = reads.settings.domain, reads.now()
    about = f"registrar:{domain}:ends:{ends_at.date()}"
    text = f"{ending(domain, ends_at, now)} Whoever has the login at 123-reg renews it."
    for days in WARNED:
        if left(ends_at, now) <= days:
            yield Alarm(key=f"{about}:{days}", text=text, about=about)
