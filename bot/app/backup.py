"""The verbs of leaving and coming back: export, restore, and the drill of both."""

from pathlib import Path
from tempfile import TemporaryDirectory

from bot.app import pack
from bot.app.compose import core, job_failed, now, organisation
from bot.app.verbs import TERMINAL, done
from bot.core.people import listed
from bot.store import Store, state
from bot.store.jobs import jobs_of
from bot.workflow import audit, packing
from bot.workflow.wiring import Wiring
from config.settings import Settings


def export(settings: Settings, folder: str) -> int:
    """Write everything into *folder*, as files that anybody can read."""
    return done(settings, _export(settings, Path(folder)))


async def _export(settings: Settings, folder: Path) -> int:
    async with core(settings, now) as opened:
        lines, head = await pack.write(opened.store, settings, folder)
    print(f"Exported into {folder}: {lines} lines, head {head}.")
    return 0


def restore(settings: Settings, folder: str) -> int:
    """Fill the configured database, an empty one, from the export in *folder*."""
    return done(settings, _restore(settings, Path(folder)))


async def _restore(settings: Settings, folder: Path) -> int:
    store = await Store.open(settings.database_url)
    try:
        asked = await _filled(store, settings, folder)
    finally:
        await store.close()
    print(f"Restored from {folder}, and verified: journal, requests, every row.{_anew(asked)}")
    return 0


async def _filled(store: Store, settings: Settings, folder: Path) -> tuple[int, ...]:
    """Fill an empty database; return the numbers of the requests that are asked anew."""
    exported = pack.read(folder)
    await store.migrate()
    wiring = Wiring(
        store=store,
        jobs=jobs_of(store, now, job_failed),
        clock=now,
        organisation=organisation(settings),
        policy=settings.policy,
        commands=(),
        bound={},
        readers={},
    )
    return await packing.restore(wiring, exported, TERMINAL)


def _anew(asked: tuple[int, ...]) -> str:
    if not asked:
        return ""
    numbers = listed((f"#{number}" for number in asked), "and")
    return f"\nOwners are asked anew about {numbers}: approved, and not finished when it was exported."


def drill(settings: Settings, scratch: str | None = None) -> int:
    """Export, restore into a scratch database, wipe that, restore again, export again, and compare.

    *scratch* is an empty database, a file of SQLite for the time being by default; the real one is only read.
    """
    return done(settings, _drill(settings, scratch))


async def _drill(settings: Settings, scratch: str | None) -> int:
    with TemporaryDirectory(prefix="infra-drill-") as aside:
        first, second = Path(aside, "first"), Path(aside, "second")
        async with core(settings, now) as opened:
            lines, head = await pack.write(opened.store, settings, first)
        print(f"1. Exported: {lines} lines, head {head}")
        store = await Store.open(scratch or f"sqlite:///{aside}/scratch.db")
        try:
            await _filled(store, settings, first)
            print("2. Restored into a scratch database, and verified")
            await _wipe(store)
            print("3. Wiped the scratch database: nothing is left in it")
            asked = await _filled(store, settings, first)
            print("4. Restored again, and verified")
            problems = await audit.verify(store, head)
            await pack.write(store, settings, second)
            await _wipe(store)
        finally:
            await store.close()
        problems += pack.differences(first, second, asked)
    said = "; ".join(problems) or "all is as it was, and the journal tells of the restore"
    print(f"5. Exported again: {said}")
    return int(bool(problems))


async def _wipe(store: Store) -> None:
    """Empty the scratch database: it was empty before the drill, or the restore would have been refused."""
    async with store.write() as tx:
        await state.wipe(tx)
