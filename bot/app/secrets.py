"""How old the bot's secrets are, for the terminal: what was kept of them, and that some were set today."""

import uuid
from collections.abc import Mapping, Sequence

from bot.app.compose import Core, core, now
from bot.app.verbs import TERMINAL, done
from bot.core.change import Plan
from bot.core.errors import BotError
from bot.core.people import listed
from bot.core.secret import Made, Secret
from bot.store import Store
from config.settings import Settings
from integrations.keys import KEYS, MADE


def aged(settings: Settings) -> dict[str, tuple[str, str]]:
    """Return by its key when each secret was made, and when it is made anew; nothing without a database.

    None is begun: an empty one takes its people from the settings, which may not be ready.
    """
    try:
        found = done(settings, _aged(settings))
    except BotError:
        return {}
    today = now().astimezone(settings.organisation.timezone).date()
    return {each.key: (each.age, each.due(today)) for each in found}


async def _aged(settings: Settings) -> tuple[Secret, ...]:
    if not await _begun(settings):
        return ()
    async with core(settings, now) as opened:
        return await known(opened)


async def _begun(settings: Settings) -> bool:
    store = await Store.open(settings.database_url)
    try:
        return not await store.behind()
    finally:
        await store.close()


async def known(opened: Core) -> tuple[Secret, ...]:
    """Return the secrets of the settings."""
    found: tuple[Secret, ...] = await opened.wiring.readers[KEYS.name].secrets()
    return found


def set_today(settings: Settings, keys: Sequence[str]) -> bool:
    """Keep that secrets were set today; False when that cannot be kept, which hinders nothing else."""
    try:
        return done(settings, _set(settings, keys))
    except BotError:
        return False


async def _set(settings: Settings, keys: Sequence[str]) -> bool:
    if not await _begun(settings):
        return False
    async with core(settings, now) as opened:
        await keep(opened, keys)
    return True


async def keep(opened: Core, keys: Sequence[str]) -> None:
    """File that secrets were set today; in whose account is as it was."""
    before: Mapping[str, Secret] = {each.key: each for each in await known(opened) if each.key in keys}
    if not before:
        return
    today = opened.clock().astimezone(opened.wiring.organisation.zone).date()
    bound = opened.wiring.bound[MADE.name]
    changes = [
        await bound.plan(key, Made(on=today, account=each.made.account if each.made else None))
        for key, each in before.items()
    ]
    title = f"Set: {listed((each.name for each in before.values()), 'and')}"
    await opened.service.file(
        Plan(title=title, changes=tuple(changes)), TERMINAL, uuid.uuid4().hex, "secrets set"
    )
