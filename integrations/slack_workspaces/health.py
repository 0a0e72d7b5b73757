"""How our workspaces do now: whether each answers, and who can administer it."""

from bot.core.errors import VendorError
from bot.core.people import listed
from bot.core.vendor import Finding
from integrations.slack_workspaces.reads import SlackWorkspacesReads, Workspace


async def health(reads: SlackWorkspacesReads) -> tuple[Finding, ...]:
    """Return how each workspace does; one that is away hides no other, all of them raise VendorError."""
    found, away = list[Finding](), list[VendorError]()
    for name in reads.names:
        try:
            found += about(await reads.workspace(name))
        except VendorError as error:
            away.append(error)
            found.append(Finding(level="bad", text=f"{name}: {error.message}", hint=error.hint))
    if len(away) == len(reads.names):
        raise away[0]
    return tuple(found)


def about(found: Workspace) -> tuple[Finding, ...]:
    """Return what to know of a workspace: how it is, and what should be otherwise."""
    guests = f" and {_counted(found.guests, 'guest')}" if found.guests else ""
    text = f"{found.name}: {found.team} has {_counted(found.members, 'member')}{guests}."
    return (Finding(level="good", text=text), *_alone(found), *_plain(found), *_lacking(found))


def _alone(found: Workspace) -> tuple[Finding, ...]:
    if len(found.admins) > 1:
        return ()
    who = f"only {found.admins[0]} administers" if found.admins else "nobody that our app sees administers"
    hint = "They make somebody else an admin: Tools & settings, Manage members."
    return (Finding(level="warning", text=f"{found.name}: {who} {found.team}.", hint=hint),)


def _plain(found: Workspace) -> tuple[Finding, ...]:
    if not found.plain:
        return ()
    log = "logs" if len(found.plain) == 1 else "log"
    text = f"{found.name}: {listed(found.plain, 'and')} {log} in as admin without a second factor."
    return (Finding(level="warning", text=text, hint="They switch it on in their account's settings."),)


def _lacking(found: Workspace) -> tuple[Finding, ...]:
    if not found.lacks:
        return ()
    scopes = listed((f"`{each}`" for each in found.lacks), "and")
    hint = "An admin there adds it to the app, and installs it again."
    return (Finding(level="warning", text=f"{found.name}: our app there lacks {scopes}.", hint=hint),)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
