"""What an export holds of the database, and how an empty one is filled from it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import yaml

from bot.core.change import Request
from bot.core.errors import Refused
from bot.core.event import Event, Kind
from bot.core.people import Actor
from bot.core.status import State, Status
from bot.core.values import Json
from bot.store import Transaction, journal, migrations, requests, state
from bot.verify import ALTERED, PACK, REQUESTS, filed, listed, read, written
from bot.workflow import audit
from bot.workflow.wiring import Wiring, record, status_of

FORMAT = 1
SUBJECT = "restored"
WHY = "the database was restored from an export"
UNDER_WAY = (State.APPROVED, State.APPLYING, State.WAITING)
TABLES = {f"state/{table.name}.yaml": table for table in state.STATE}
UNKNOWN = (*ALTERED, yaml.YAMLError)


@dataclass(frozen=True)
class Pack:
    """What was exported: its files by name, and how the journal's lines are read, any number of times."""

    texts: Mapping[str, str]
    lines: Callable[[], Iterable[str]]


async def packed(tx: Transaction) -> dict[str, str]:
    """Return the files of a pack, but for the journal, as *tx* sees the database: the same for the same."""
    lines, head = await journal.head(tx)
    about = {"format": FORMAT, "tables": migrations.HEAD, "lines": lines, "head": head}
    everything = [
        {**filed(request.model_dump(mode="json")), "state": now.value}
        async for request, now in requests.everything(tx)
    ]
    texts = {PACK: written(about), REQUESTS: written(listed(everything))}
    return texts | {name: written(await state.rows(tx, table)) for name, table in TABLES.items()}


async def restore(wiring: Wiring, pack: Pack, actor: Actor) -> tuple[int, ...]:
    """Fill an empty database from *pack*: all of it, verified, or nothing; Refused says why.

    Return the numbers of the requests that were under way, about which owners are asked anew.
    """
    about, rows = _read(pack)
    reading, problems = read(pack.lines(), about["head"])
    if problems:
        raise Refused(f"The journal of this pack is not whole: {problems[0]}.", "Take another pack.")
    async with wiring.store.write() as tx:
        if not await state.is_empty(tx):
            hint = "Name another database: a new file for SQLite, or a new database of PostgreSQL."
            raise Refused("This database is not empty: nothing was restored.", hint)
        states = {id_: State(told["state"]) for id_, told in reading.requests.items()}
        await _bring(wiring, tx, pack, states)
        for name, table in TABLES.items():
            await state.bring(tx, table, rows[name])
        await _check(tx, pack)
        asked = await _ask_anew(wiring, tx, actor)
        text = f"{about['lines']} lines, head {about['head']}"
        said: Json = {"text": text, "asked_anew": [*asked]}
        now = wiring.clock()
        await journal.append(tx, subject=SUBJECT, kind=Kind.RESTORED, at=now, actor=actor, payload=said)
    return tuple(asked)


def _read(pack: Pack) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a pack says of itself, and its rows by the files that hold them."""
    name = PACK
    try:
        about = _parsed(pack.texts[PACK])
        if (about["format"], about["tables"]) != (FORMAT, migrations.HEAD):
            raise Refused(
                f"This pack has the tables {about['tables']}, this version of the bot {migrations.HEAD}.",
                "Restore it with the version that wrote it, then upgrade.",
            )
        rows = {}
        for name in TABLES:
            rows[name] = _parsed(pack.texts[name])
    except UNKNOWN:
        raise Refused(f"This is no pack, or {name} is not as it was written.", "Take another pack.") from None
    return about, rows


def _parsed(text: str) -> Any:
    return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 # both are safe


async def _bring(wiring: Wiring, tx: Transaction, pack: Pack, states: Mapping[str, State]) -> None:
    """Bring back the journal and the requests that it tells of; those that are open are looked at soon."""
    now, lines = wiring.clock(), iter(pack.lines())
    while page := [Event.model_validate_json(line) for line in islice(lines, journal.PAGE)]:
        await journal.bring(tx, page)
        for event in page:
            if event.kind is Kind.FILED:
                request = Request.model_validate(event.payload["request"])
                at = states[request.id]
                await requests.file(tx, request, at, now if at.open else None)


async def _check(tx: Transaction, pack: Pack) -> None:
    """Raise Refused unless *tx* now says what the pack says, to the letter."""
    problems, now = await audit.verified(tx), await packed(tx)
    problems += [f"{name} is not as it was written" for name in now if now[name] != pack.texts.get(name)]
    if problems:
        hint = "Nothing was restored. Take another pack."
        raise Refused(f"This pack does not fit together: {problems[0]}.", hint)


async def _ask_anew(wiring: Wiring, tx: Transaction, actor: Actor) -> list[int]:
    """Void the approvals of what was under way: nobody knows what was done, or taken back, since.

    What is our own is in the pack as it was, so it goes on; so does what only waits for others.
    """
    asked = []
    for request, _ in reversed(await requests.newest(tx, UNDER_WAY, limit=10_000)):
        status = await status_of(tx, request.id)
        if request.needs == 0 or _is_only_watched(request, status):
            continue
        names = [decision.by.name for decision in status.approvals] or [request.requested_by.name]
        for name in dict.fromkeys(names):
            said: Json = {"name": name, "reason": WHY}
            await record(wiring, tx, request, Kind.VOIDED, actor, said)
        asked.append(request.number)
    return asked


def _is_only_watched(request: Request, status: Status) -> bool:
    """Return whether nothing of a request is to be written any more."""
    outcomes = [status.step("apply", index).outcome for index in range(len(request.plan.changes))]
    return status.state is State.WAITING and all(outcomes)
