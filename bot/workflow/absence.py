"""While the bot was away: noticed when it is back, and what that did."""

from datetime import datetime, timedelta

from bot.core.values import Json, Value
from bot.store import Store, grants, inbox, presence
from bot.store.grants import GrantState
from bot.workflow.wiring import Wiring, status_of

A_WHILE = timedelta(minutes=5)
LONG = timedelta(hours=1)
SETTLED = timedelta(minutes=1)  # in which what is late gets done


class Absence(Value):
    """When nobody was there, how many commands waited, how late grants ended and how many did not yet."""

    since: datetime
    until: datetime
    commands: int = 0
    late: tuple[timedelta, ...] = ()
    unended: int = 0

    @property
    def worth_telling(self) -> bool:
        """Return whether it was long, or did anything."""
        return self.until - self.since >= LONG or bool(self.commands or self.late or self.unended)


async def seen(wiring: Wiring) -> None:
    """Note that the bot is there."""
    now = wiring.clock()
    async with wiring.store.write() as tx:
        await presence.seen(tx, now)


async def back(wiring: Wiring) -> None:
    """Note that the bot is there again; after a while away have it told (job ``absence``)."""
    now = wiring.clock()
    async with wiring.store.write() as tx:
        last = await presence.seen(tx, now)
        if last is None or now - last < A_WHILE:
            return
        absence = Absence(since=last, until=now, commands=await inbox.number(tx, "command"))
        payload = absence.model_dump(mode="json", exclude_defaults=True)
        await wiring.jobs.enqueue(tx, f"absence:{now.isoformat()}", "absence", payload, now + SETTLED)


async def became(store: Store, payload: Json) -> Absence:
    """Return what an absence did, looked at when what was late had time to be done."""
    absence = Absence.model_validate(payload)
    late, unended = list[timedelta](), 0
    async with store.read() as tx:
        for grant, state in await grants.between(tx, absence.since, absence.until):
            unended += state is GrantState.RUNNING
            ended = (await status_of(tx, grant.request)).ended_at
            if state is GrantState.ENDED and ended is not None and ended - grant.ends_at >= A_WHILE:
                late.append(ended - grant.ends_at)  # a worker may have ended it in time
    return absence.model_copy(update={"late": tuple(late), "unended": unended})
