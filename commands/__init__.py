"""Everything people can ask, in the order in which help lists it."""

from typing import Any

from bot.core.command import Command
from commands import (
    app,
    away,
    costs,
    deploy,
    digest,
    dns,
    drift,
    invitations,
    keys,
    leftovers,
    owners,
    page,
    people,
    status,
    teams,
    tickets,
)
from commands.access import ACCESS
from commands.announce import ANNOUNCE
from commands.audit import AUDIT
from commands.grant_push import GRANT_PUSH
from commands.help import HELP
from commands.new_year import NEW_YEAR
from commands.requests import REQUESTS
from commands.revoke_push import REVOKE_PUSH
from commands.switch_year import SWITCH_YEAR
from commands.undo import UNDO
from commands.workspaces import WORKSPACES

COMMANDS: tuple[Command[Any], ...] = (
    GRANT_PUSH,
    REVOKE_PUSH,
    ACCESS,
    *teams.COMMANDS,
    *dns.COMMANDS,
    NEW_YEAR,
    SWITCH_YEAR,
    *status.COMMANDS,
    *keys.COMMANDS,
    *app.COMMANDS,
    WORKSPACES,
    ANNOUNCE,
    *page.COMMANDS,
    *deploy.COMMANDS,
    *people.COMMANDS,
    *away.COMMANDS,
    *owners.COMMANDS,
    *invitations.COMMANDS,
    *tickets.COMMANDS,
    *costs.COMMANDS,
    REQUESTS,
    *leftovers.COMMANDS,
    *drift.COMMANDS,
    *digest.COMMANDS,
    UNDO,
    AUDIT,
    HELP,
)
