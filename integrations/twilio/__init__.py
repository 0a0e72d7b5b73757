"""Twilio: text messages; read only: what is left to pay with, what was used, what did not arrive."""

from bot.core.vendor import Vendor
from integrations.twilio.check import check
from integrations.twilio.client import TwilioClient, connect
from integrations.twilio.costs import told
from integrations.twilio.health import health
from integrations.twilio.reads import TwilioReads
from integrations.twilio.settings import TwilioSettings
from integrations.twilio.setup import ASKS, by_hand
from integrations.twilio.webhooks import webhooks

__all__ = ["TWILIO", "TwilioReads", "TwilioSettings"]

TWILIO: Vendor[TwilioSettings, TwilioClient, TwilioReads] = Vendor(
    name="twilio",
    title="Twilio",
    settings=TwilioSettings,
    connect=connect,
    reads=TwilioReads,
    check=check,
    webhooks=webhooks,
    costs=told,
    health=health,
    asks=ASKS,
    by_hand=by_hand,
)
