"""Heroku's answers, in its own words; unknown fields are ignored, and so e-mail addresses are dropped."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator

from bot.http.shape import Shape


class Named(Shape):
    """A reference to something with a name."""

    name: str


class App(Shape):
    """An app; *web_url* is where it is seen, which its name does not tell."""

    name: str
    web_url: str | None = None
    maintenance: bool


class Formation(Shape):
    """A type of process: how many dynos of which size run it."""

    type: str
    quantity: int
    dyno_size: Named


class Dyno(Shape):
    """A dyno: *state* is crashed, down, idle, starting or up; *type* run is a one-off."""

    name: str
    type: str
    state: str
    created_at: AwareDatetime


class Release(Shape):
    """A release: code, config vars and add-ons; *status* is pending, succeeded, failed or expired."""

    id: str
    version: int
    status: str = "succeeded"
    current: bool = False
    description: str = ""
    created_at: AwareDatetime
    eligible_for_rollback: bool = False


class Cost(Shape):
    """What something costs, in cents."""

    cents: Decimal
    unit: str = "month"


class DynoSize(Shape):
    """A size of dynos; some say no cost."""

    name: str
    cost: Cost | None = None


class SourceBlob(Shape):
    """Where the code of a build came from: of our own builds *version* is the commit, the other our mark."""

    version: str | None = None
    version_description: str | None = None


class Numbered(Shape):
    """A reference to something by its id."""

    id: str


class Build(Shape):
    """A build; *status* is pending, succeeded or failed. *release* is there once something came of it.

    Its ``output_stream_url`` is left out: who has that address reads the log.
    """

    id: str
    status: str
    created_at: AwareDatetime
    source_blob: SourceBlob
    release: Numbered | None = None
    user: Numbered


class Addon(Shape):
    """An add-on; *billed_price* may be an older one than its plan's now."""

    name: str
    app: Named
    plan: Named
    billed_price: Cost | None = None


def _day(said: object) -> object:
    """Return the day that ``01/31/2014`` says; the schema has that form, programs met ``2014-01-31`` too."""
    return datetime.strptime(said, "%m/%d/%Y").date() if isinstance(said, str) and "/" in said else said  # noqa: DTZ007 # a day


class Invoice(Shape):
    """A monthly bill; *total* is cents, whatever the schema's example says."""

    total: Decimal
    period_end: Annotated[date, BeforeValidator(_day)]


class Account(Shape):
    """Whose account our token was made in."""

    id: str
    email: str


class Delinquency(Shape):
    """When everything stops unless a bill is paid; nothing while there is none to pay."""

    scheduled_suspension_time: AwareDatetime | None = None


class Domain(Shape):
    """A name under which an app is seen; *kind* is heroku or custom."""

    hostname: str
    kind: str = ""
