"""The audit: whatever is altered, dropped, reordered, cut or rewritten is found; what is whole passes."""

import json
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import Executable, delete, insert, select, update

from bot.core.event import GENESIS, Event, Kind
from bot.core.people import CLOCK
from bot.store import journal
from bot.store.tables import JOURNAL, JOURNAL_HEAD, REQUESTS
from bot.verify import CUT, MOST, read
from bot.workflow import audit
from tests.workflow.world import START, World


async def tamper(world: World, *statements: Executable) -> list[str]:
    """Change the database behind the journal's back, and return what the audit finds."""
    async with world.store.write() as tx:
        for statement in statements:
            await tx.execute(statement)
    return await audit.verify(world.store)


async def head(world: World) -> str:
    """Return the journal's last hash."""
    async with world.store.read() as tx:
        return (await journal.head(tx))[1]


@pytest.fixture
async def lived(world: World) -> World:
    """Give a world in which something happened."""
    await world.approved("put box-1=apple --for 2d")
    await world.asked("put box-2=pear")
    await world.later(hours=3)
    return world


async def test_whole_journal_has_no_problem(lived: World) -> None:
    """A journal as it was written, against any head it ever had, is whole; an empty one too."""
    assert await audit.verify(lived.store) == []
    for published in (GENESIS, await head(lived)):
        assert await audit.verify(lived.store, published) == []


async def test_empty_journal_is_whole(world: World) -> None:
    """A journal without a line is whole."""
    assert await audit.verify(world.store) == []


@pytest.mark.parametrize(
    "change",
    [
        {"who": "owen", "actor": json.dumps({"name": "Owen"})},
        {"payload": {"digest": "0" * 64}},
        {"kind": "denied"},
        {"at": START + timedelta(days=1)},
        {"subject": "request:other"},
        {"seq": 77},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_altered_line_is_found(lived: World, change: dict[str, object]) -> None:
    """A line altered in any of its parts is named."""
    problems = await tamper(lived, update(JOURNAL).where(JOURNAL.c.n == 2).values(change))
    assert "line 2 was altered: its hash does not fit its content" in problems


async def test_unreadable_line_is_found(lived: World) -> None:
    """A line altered beyond reading is a problem, not a crash."""
    problems = await tamper(lived, update(JOURNAL).where(JOURNAL.c.n == 2).values(kind="nonsense"))
    assert problems == ["a line after line 0 cannot be read: it was altered"]


async def test_dropped_line_is_found(lived: World) -> None:
    """A line taken out of the middle is missed."""
    problems = await tamper(lived, delete(JOURNAL).where(JOURNAL.c.n == 3))
    assert problems[0] == "line 4 does not follow line 2"


async def test_cut_tail_is_found(lived: World) -> None:
    """A journal whose last line is cut does not end where its head says."""
    n, _ = await _ends(lived)
    problems = await tamper(lived, delete(JOURNAL).where(JOURNAL.c.n == n))
    assert "the journal does not end where its head says: lines were cut" in problems


async def test_cut_with_its_head_is_found_by_a_published_head(lived: World) -> None:
    """When the head was set back too, a head that was published tells."""
    published = await head(lived)
    n, before = await _ends(lived)
    await tamper(
        lived,
        delete(JOURNAL).where(JOURNAL.c.n == n),
        update(JOURNAL_HEAD).values(n=n - 1, hash=before),
    )
    assert CUT in await audit.verify(lived.store, published)


async def _ends(world: World) -> tuple[int, str]:
    """Return the number of the last line, and the hash of the one before."""
    async with world.store.read() as tx:
        last, before = (await tx.execute(select(JOURNAL).order_by(JOURNAL.c.n.desc()).limit(2))).all()
    return last.n, before.hash


async def test_rewritten_journal_is_found_by_a_published_head(lived: World) -> None:
    """A journal rewritten from some line on, with new hashes, lacks the published head."""
    published = await head(lived)
    async with lived.store.read() as tx:
        events = [event async for event in journal.everything(tx)]
    previous, rewritten = (0, GENESIS), list[Event]()
    for event in events:
        at = event.at + timedelta(seconds=1)
        parts = {name: getattr(event, name) for name in ("subject", "seq", "kind", "actor", "payload")}
        rewritten.append(Event.following(previous, at=at, **parts))
        previous = (rewritten[-1].n, rewritten[-1].hash)
    rows = [journal._row(event) for event in rewritten]
    changes = (delete(JOURNAL), insert(JOURNAL).values(rows), update(JOURNAL_HEAD).values(hash=previous[1]))
    assert await tamper(lived, *changes) == []
    assert await audit.verify(lived.store, published) == [CUT]


async def test_altered_state_is_found(lived: World) -> None:
    """A request whose state is not what its lines add up to is named."""
    problems = await tamper(lived, update(REQUESTS).where(REQUESTS.c.number == 2).values(state="applied"))
    assert problems == ["#2 is applied, but its lines say pending"]


async def test_altered_request_is_found(lived: World) -> None:
    """A request altered after it was filed, in whatever part, is named."""
    async with lived.store.read() as tx:
        body = json.loads(str(await tx.scalar(select(REQUESTS.c.body).where(REQUESTS.c.number == 2))))
    body["expires_at"] = "2027-01-01T00:00:00Z"
    changed = update(REQUESTS).where(REQUESTS.c.number == 2).values(body=json.dumps(body))
    assert await tamper(lived, changed) == ["#2 is not what was filed"]


async def test_dropped_request_is_found(lived: World) -> None:
    """A request that is gone while its lines are there is missed."""
    request = await lived.asked("put box-3=plum")
    problems = await tamper(lived, delete(REQUESTS).where(REQUESTS.c.number == 3))
    assert problems == [f"the request of request:{request.id} is gone, but its lines are there"]


async def test_foreign_request_is_found(lived: World) -> None:
    """A request that was never filed is named."""
    statement = insert(REQUESTS).from_select(
        ["id", "number", "state", "due_at", "body"],
        select(
            REQUESTS.c.id + "x", REQUESTS.c.number + 9, REQUESTS.c.state, REQUESTS.c.due_at, REQUESTS.c.body
        ).where(REQUESTS.c.number == 2),
    )
    async with lived.store.read() as tx:
        body = json.loads(str(await tx.scalar(select(REQUESTS.c.body).where(REQUESTS.c.number == 2))))
    forged = json.dumps(body | {"id": body["id"] + "x", "number": 11})
    renamed = update(REQUESTS).where(REQUESTS.c.number == 11).values(body=forged)
    assert await tamper(lived, statement, renamed) == ["#11 is not what was filed"]


async def test_twenty_problems_are_enough(world: World) -> None:
    """However much is wrong, at most twenty problems are listed."""
    for number in range(MOST + 5):
        await world.asked(f"put box-{number}=apple")
    assert len(await tamper(world, update(REQUESTS).values(state="denied"))) == MOST
    assert len(await tamper(world, delete(REQUESTS))) == MOST


async def test_audit_sees_one_moment(world: World) -> None:
    """What happens during an audit does not look like a fault."""
    await world.asked("put box-1=apple")
    async with world.store.read() as tx:
        before = await journal.head(tx)
        await world.asked("put box-2=pear")
        assert await journal.head(tx) == before
    assert await audit.verify(world.store) == []


# exported


async def exported(world: World) -> list[str]:
    """Return the export's lines."""
    return [line async for line in audit.export(world.store)]


async def test_export_is_verified_without_a_database(lived: World) -> None:
    """An export is the whole journal, a line each, and its chain is proved from the lines alone."""
    lines = await exported(lived)
    async with lived.store.read() as tx:
        count, last = await journal.head(tx)
    assert [json.loads(line)["n"] for line in lines] == list(range(1, count + 1))
    assert read(lines)[1] == read(lines, last)[1] == []
    assert Kind.APPROVED.value in {json.loads(line)["kind"] for line in lines}
    assert [line async for line in audit.export(lived.store, 2)] == lines[:2]


async def test_long_journal_is_exported_whole(lived: World) -> None:
    """A journal of several pages is exported and verified whole."""
    async with lived.store.write() as tx:
        previous = await journal.head(tx)
        for seq in range(1, journal.PAGE + 100):
            event = Event.following(
                previous,
                subject="long",
                seq=seq,
                kind=Kind.NOTED,
                at=START,
                actor=CLOCK,
                payload={"text": str(seq)},
            )
            previous = (event.n, event.hash)
            await tx.execute(insert(JOURNAL).values(journal._row(event)))
        await tx.execute(update(JOURNAL_HEAD).values(n=previous[0], hash=previous[1]))
    lines = await exported(lived)
    assert len(lines) == previous[0] > journal.PAGE
    assert read(lines, previous[1])[1] == await audit.verify(lived.store, previous[1]) == []


def _without(lines: Sequence[str], index: int) -> list[str]:
    return [*lines[:index], *lines[index + 1 :]]


async def test_tampered_export_is_found(lived: World) -> None:
    """An export with any line dropped, doubled, swapped, altered or unreadable is found, by its last hash."""
    lines = await exported(lived)
    published = json.loads(lines[-1])["hash"]
    for index in range(len(lines)):
        other = json.loads(lines[index]) | {"at": "2026-01-01T00:00:00Z"}
        variants = [
            _without(lines, index),
            [*lines[: index + 1], *lines[index:]],
            [*lines[:index], json.dumps(other), *lines[index + 1 :]],
            [*lines[:index], "{", *lines[index + 1 :]],
        ]
        if index:
            variants.append([*lines[: index - 1], lines[index], lines[index - 1], *lines[index + 1 :]])
        assert all(read(variant, published)[1] for variant in variants), index
