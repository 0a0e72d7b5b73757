"""DNSimple's webhooks: nobody signs them, so the address holds a secret; read for what they are about."""

import re
from collections.abc import Mapping
from functools import partial

from pydantic import ValidationError

from bot.core.vendor import Dropped, Hint, Unsigned
from integrations.dnsimple.models import Happening
from integrations.dnsimple.settings import DnsimpleSettings
from integrations.dnsimple.validation import full_name

DELIVERY = re.compile(r"[0-9A-Za-z-]{1,64}")
EVENT = re.compile(r"[a-z_.:]{1,60}")


def webhooks(settings: DnsimpleSettings) -> Unsigned | None:
    """Return the reader of deliveries; None without a secret."""
    return Unsigned(settings.hook, partial(read, settings)) if settings.hook else None


def read(settings: DnsimpleSettings, _headers: Mapping[str, str], body: bytes) -> Hint | Dropped:
    """Return which name's records a delivery is about; what it says of them is not believed."""
    try:
        told = Happening.model_validate_json(body)
    except ValidationError:
        return Dropped(why="it does not read as one of DNSimple's", broken=True)
    if not DELIVERY.fullmatch(told.request_identifier) or not EVENT.fullmatch(told.name):
        return Dropped(why="it does not read as one of DNSimple's", broken=True)
    record = told.data.zone_record
    if str(told.account.id) != settings.account:
        return Dropped(why="it is about another account")
    if record is None:
        return Dropped(why=f"nothing follows from it ({told.name})")
    if record.zone_id.casefold() != settings.zone:
        return Dropped(why="it is about another zone")
    about = frozenset({full_name(record.name.casefold(), settings.zone)})
    by = told.actor.pretty
    return Hint(vendor="dnsimple", key=told.request_identifier, event=told.name, about=about, by=by)
