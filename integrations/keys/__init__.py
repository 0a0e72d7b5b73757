"""Keys: our own record of who proved that they can log in where."""

from bot.core.runbook import Runbook, ours
from bot.core.vendor import NoSettings, Vendor, handed_in
from integrations.keys.resources import PROVED, Proved, Proving, target

__all__ = ["KEYS", "PROVED", "Proved", "Proving", "target"]

RUNBOOK = Runbook(pages={PROVED.name: ours("Who logged in where, and when", "proofs")})

KEYS: Vendor[NoSettings, Proving, Proving] = Vendor(
    name="keys",
    title="the record of keys",
    settings=NoSettings,
    connect=handed_in,
    reads=lambda record: record,
    resources=(PROVED,),
    runbook=lambda _settings: RUNBOOK,
)
