"""The status board: what owners decide of our services. Commands read it as `Context.board`."""

from bot.core.runbook import Runbook, ours
from bot.core.vendor import NoSettings, Vendor, handed_in
from integrations.board.resources import DECISION, Deciding, Decision, target

__all__ = ["BOARD", "DECISION", "Deciding", "Decision", "target"]

RUNBOOK = Runbook(pages={DECISION.name: ours("Whether a service is needed in a year", "decisions")})

BOARD: Vendor[NoSettings, Deciding, Deciding] = Vendor(
    name="board",
    title="the status board",
    settings=NoSettings,
    connect=handed_in,
    reads=lambda decisions: decisions,
    resources=(DECISION,),
    runbook=lambda _settings: RUNBOOK,
)
