"""What was last accepted at each vendor, what is remembered of looking there, and what differed."""

from collections.abc import Mapping
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import ColumnElement, delete, select, update

from bot.core.baseline import Kept, Live, Watch, key
from bot.core.drift import Drift
from bot.core.values import Json
from bot.store import Transaction
from bot.store.tables import BASELINE, DRIFTS, WATCHES, insert, insert_new

BATCH = 500

States: TypeAlias = Mapping[tuple[str, str], Json | None]
"""States by resource and target."""


async def watch(tx: Transaction, vendor: str) -> Watch | None:
    """Return what is remembered of looking at a vendor; None when nobody ever did."""
    return await _watch(tx, vendor, lock=False)


async def lock(tx: Transaction, vendor: str) -> Watch | None:
    """Return the same and hold its row until *tx* ends: whoever changes a baseline comes here first."""
    return await _watch(tx, vendor, lock=True)


async def _watch(tx: Transaction, vendor: str, *, lock: bool) -> Watch | None:
    query = select(WATCHES.c.body, WATCHES.c.version).where(WATCHES.c.vendor == vendor)
    row = (await tx.execute(query.with_for_update() if lock else query)).one_or_none()
    return Watch.model_validate_json(row.body).model_copy(update={"version": row.version}) if row else None


async def begin(tx: Transaction, new: Watch) -> None:
    """Begin to remember a vendor, unless somebody did."""
    row = {"vendor": new.vendor, "version": 0, "body": new.model_dump_json()}
    await insert_new(tx, WATCHES, row)


async def remember(tx: Transaction, changed: Watch) -> None:
    """Keep what is remembered of a vendor; its version stays."""
    row = update(WATCHES).where(WATCHES.c.vendor == changed.vendor)
    await tx.execute(row.values(body=changed.model_dump_json()))


async def touch(tx: Transaction, vendor: str) -> bool:
    """Count that a vendor's baseline is changed in *tx*, and hold its row; False when nobody looks there."""
    row = update(WATCHES).where(WATCHES.c.vendor == vendor).values(version=WATCHES.c.version + 1)
    return bool((await tx.execute(row)).rowcount)


async def everything(tx: Transaction, vendor: str) -> list[Kept]:
    """Return the baseline of a vendor."""
    query = select(BASELINE).where(BASELINE.c.resource.startswith(f"{vendor}.", autoescape=True))
    return [
        Kept(
            resource=row.resource,
            target=row.target,
            state=row.state,
            going=row.going,
            touched_at=row.touched_at,
        )
        for row in await tx.execute(query)
    ]


async def get(tx: Transaction, resource: str, target: str) -> Json | None:
    """Return what was accepted of one target; None: that it is absent."""
    state: Json | None = await tx.scalar(select(BASELINE.c.state).where(_is(resource, target)))
    return state


async def put(
    tx: Transaction, resource: str, target: str, state: Json | None, touched_at: datetime | None = None
) -> None:
    """Accept the state of one target; nothing of ours is under way there any more."""
    await put_all(tx, {(resource, target): state}, touched_at)


async def put_all(tx: Transaction, states: States, touched_at: datetime | None = None) -> None:
    """Accept the states of targets."""
    await _keep(
        tx, {at: {"state": state, "going": None, "touched_at": touched_at} for at, state in states.items()}
    )


async def going(tx: Transaction, afters: States, *, unsure: bool = False) -> None:
    """Note that changes of ours are under way at targets, or if *unsure* may be, and what they will leave."""
    sure: Json = {"unsure": True} if unsure else {}
    await _keep(tx, {at: {"going": {"after": after} | sure} for at, after in afters.items()})


async def came_to_nothing(tx: Transaction, resource: str, target: str) -> None:
    """Note that the change of ours at a target changed nothing."""
    await tx.execute(update(BASELINE).where(_is(resource, target)).values(going=None))


async def seed(tx: Transaction, live: Live) -> None:
    """Accept everything that is live."""
    await _keep(tx, {at: {"state": state} for at, state in live.states.items()})


async def prune(tx: Transaction, before: datetime) -> None:
    """Forget what was absent, and touched last, *before* a time."""
    gone = BASELINE.c.state.is_(None) & BASELINE.c.going.is_(None)
    await tx.execute(delete(BASELINE).where(gone, BASELINE.c.touched_at < before))


async def drift(tx: Transaction, vendor: str, episode: int | None = None) -> Drift | None:
    """Return one episode of drift at a vendor, by default the newest."""
    query = select(DRIFTS.c.body).where(DRIFTS.c.vendor == vendor).order_by(DRIFTS.c.episode.desc()).limit(1)
    query = query if episode is None else query.where(DRIFTS.c.episode == episode)
    body = await tx.scalar(query)
    return None if body is None else Drift.model_validate_json(body)


async def put_drift(tx: Transaction, found: Drift) -> None:
    """Keep an episode of drift."""
    body = found.model_dump_json()
    new = insert(tx, DRIFTS).values(vendor=found.vendor, episode=found.episode, body=body)
    await tx.execute(new.on_conflict_do_update(index_elements=["vendor", "episode"], set_={"body": body}))


async def _keep(tx: Transaction, kept: Mapping[tuple[str, str], Mapping[str, object]]) -> None:
    """Keep some columns of targets, the same of each; whatever case a target is in, it has one row."""
    rows = {
        key(*at): {"resource": at[0], "key": key(*at)[1], "target": at[1], **columns}
        for at, columns in kept.items()
    }
    for start in range(0, len(rows), BATCH):
        part = [*rows.values()][start : start + BATCH]
        new = insert(tx, BASELINE).values(part)
        changed = {name: new.excluded[name] for name in part[0] if name not in {"resource", "key"}}
        await tx.execute(new.on_conflict_do_update(index_elements=["resource", "key"], set_=changed))


def _is(resource: str, target: str) -> ColumnElement[bool]:
    return (BASELINE.c.resource == resource) & (BASELINE.c.key == key(resource, target)[1])
