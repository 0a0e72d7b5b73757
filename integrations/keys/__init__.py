"""Keys: our own record of who proved that they can log in where, and of how old the bot's secrets are."""

from bot.core.runbook import Runbook, ours
from bot.core.vendor import NoSettings, Vendor, handed_in
from integrations.keys.resources import MADE, PROVED, Proved, Proving, target

__all__ = ["KEYS", "MADE", "PROVED", "Proved", "Proving", "target"]

RUNBOOK = Runbook(
    pages={
        PROVED.name: ours("Who logged in where, and when", "proofs"),
        MADE.name: ours("When a secret was made, in whose account", "secrets"),
    }
)

KEYS: Vendor[NoSettings, Proving, Proving] = Vendor(
    name="keys",
    title="the record of keys",
    settings=NoSettings,
    connect=handed_in,
    reads=lambda record: record,
    resources=(PROVED, MADE),
    runbook=lambda _settings: RUNBOOK,
)
