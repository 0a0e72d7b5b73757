"""``app rollback``: run an earlier release again."""

import re
from typing import Annotated

from pydantic import BeforeValidator, Field

from bot.core.change import Plan
from bot.core.command import Arg, Command, Context
from bot.core.duration import moment
from bot.core.errors import Refused, UsageError
from bot.core.people import listed
from bot.core.values import Value
from integrations.heroku import HEROKU, RELEASE, App, Current, Release, find_app

CONFIG = (
    "*Its config vars of that time come back too*, keys that were replaced since among them: "
    "set those anew afterwards. The bot does not see config vars."
)


def numbered(said: object) -> object:
    """Return a version's number: people write *v31* too."""
    return re.sub(r"(?i)^v(?=\d)", "", said) if isinstance(said, str) else said


class Args(Value):
    """Which app, and which release of it."""

    name: Annotated[str, Arg("NAME", positional=True, completes="apps", label="Which app")]
    version: Annotated[
        int | None,
        BeforeValidator(numbered),
        Arg("VERSION", positional=True, label="Which release, such as 31"),
    ] = Field(default=None, ge=1, le=10**9)


async def run(args: Args, ctx: Context) -> Plan:
    """Plan that an earlier release runs again, and warn of what comes back with it."""
    app = await find_app(ctx.reads(HEROKU), args.name, ctx.organisation.services)
    back = _meant(app, args.version)
    zone, now = ctx.organisation.zone, app.current
    change = await ctx.change(RELEASE, app.name, Current(version=back.of))
    return Plan(
        title=f"{app.name}: back to v{back.of}",
        changes=(change,),
        notes=(
            CONFIG,
            "The database is not rolled back. Heroku makes a new release of it and runs its release phase.",
            f"v{back.of}: {back.text}, {moment(back.at, zone)}.",
            *((f"v{now.version}, which runs now: {now.text}, {moment(now.at, zone)}.",) if now else ()),
        ),
    )


def _meant(app: App, version: int | None) -> Release:
    """Return the release that is meant, by default the last that can be brought back."""
    able = [each for each in app.releases if each.eligible]
    if version is None and able:
        return able[0]
    found = next((each for each in app.releases if each.version == version), None)
    if found is None:
        known = listed((f"v{each.version}" for each in able), "and") if able else "none"
        hint = f"Of the newest these can be brought back: {known}."
        raise UsageError(
            f"{app.name} has no release {f'v{version}' if version else 'to go back to'}.", hint, "version"
        )
    if app.current and found.of == app.current.of:
        raise Refused(f"v{found.of} of {app.name} runs now.", f"`app {app.name}` shows what ran before.")
    if not found.eligible:
        raise Refused(
            f"Heroku cannot bring v{found.version} back: {found.status}.", f"`app {app.name}` shows others."
        )
    return found


ROLLBACK = Command(
    "app rollback",
    "Run an earlier release of an app again",
    Args,
    run,
    examples=("app rollback voting", "app rollback voting v31"),
    group="Services",
    changes=(RELEASE.name,),
)
