"""How Heroku does now: the bill, and each app's dynos and last release."""

from datetime import datetime

from bot.core.duration import day
from bot.core.people import listed
from bot.core.vendor import Finding
from integrations.heroku.reads import App, HerokuReads


async def health(reads: HerokuReads) -> tuple[Finding, ...]:
    """Return whether the bill is paid, and how each app does."""
    until, apps = await reads.suspended(), await reads.apps()
    found = [_app(each) for each in apps] or [Finding(level="good", text="There are no apps at Heroku.")]
    if until is None:
        return tuple(found)
    hint = "Its owner pays: dashboard.heroku.com, Billing."
    return (Finding(level="bad", text=unpaid(until), hint=hint), *found)


def unpaid(until: datetime) -> str:
    """Return what an unpaid bill leads to, and when."""
    return f"A bill of Heroku is not paid: everything there stops on {day(until.date())}."


def _app(app: App) -> Finding:
    if app.crashed:
        text = f"{app.name}: {listed(app.crashed, 'and')} crashed."
        return Finding(
            level="bad", text=text, hint=f"`app {app.name}` shows its releases; `app restart` may help."
        )
    newest = app.releases[0] if app.releases else None
    if newest and newest.status in {"failed", "expired"}:
        text = f"{app.name}: release v{newest.version} failed on {day(newest.at.date())} ({newest.text})."
        return Finding(
            level="bad", text=text, hint="What ran before goes on; `heroku releases:output` says why."
        )
    if app.maintenance:
        hint = f"`app maintenance {app.name} off` ends it."
        return Finding(level="warning", text=f"{app.name} shows a notice of maintenance.", hint=hint)
    if not any(each.quantity for each in app.types):
        hint = f"`app scale {app.name} 1` starts it."
        return Finding(level="warning", text=f"{app.name} runs nothing: it has no dyno.", hint=hint)
    states = ", ".join(f"{each.name} {each.state}" for each in app.dynos) or "no dyno has begun yet"
    version = f" v{app.current.version}" if app.current else ""
    return Finding(level="good", text=f"{app.name}{version}: {states}.")
