"""A day's digest: asked as the clock, shown once, looked at again until its day is over."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import TypeAlias

from bot.core.duration import end_of
from bot.core.errors import BotError
from bot.core.people import SCHEDULE
from bot.core.reply import Notice, Reply
from bot.core.values import Json
from bot.store import StoreUnavailable
from bot.store.jobs import Later
from bot.workflow import appointments
from bot.workflow.service import Service
from bot.workflow.wiring import Wiring

AGAIN = timedelta(hours=1)  # until a digest is looked at again: its figures may be corrected
SOON = timedelta(minutes=15)  # the same, when somebody did not answer

Show: TypeAlias = Callable[[str, str, Reply], Awaitable[None]]


class Schedule:
    """Asks what appointments say; *show* posts an answer, by its id, to a channel, or edits it there."""

    def __init__(self, wiring: Wiring, service: Service, show: Show) -> None:
        self._wiring = wiring
        self._service = service
        self._show = show

    async def digest(self, payload: Json) -> None:
        """Show the digest of a day as it is now; look again later while that day lasts (job ``digest``)."""
        key, day = str(payload["appointment"]), date.fromisoformat(str(payload["day"]))
        again = await self._shown(key, day)
        if again is not None and again < end_of(day, self._wiring.organisation.zone):
            raise Later(again)
        await appointments.end(self._wiring, key, day)

    async def news(self, payload: Json) -> None:
        """Show the digest of a day as it is now, while it lasts: there are new figures (job ``news``)."""
        key, day = str(payload["appointment"]), date.fromisoformat(str(payload["day"]))
        if self._wiring.clock() < end_of(day, self._wiring.organisation.zone):
            await self._shown(key, day)

    async def _shown(self, key: str, day: date) -> datetime | None:
        """Show a digest; return when to look again, None when it needs nothing more."""
        wiring, id_ = self._wiring, f"{key}:{day}"
        found = next((each for each in wiring.appointments if each.key == key), None)
        if found is None or found.missed(day, wiring.clock(), wiring.organisation.zone):
            return None
        reply = await self._asked(found.line, id_)
        if reply.quiet and found.skips:
            return None
        await self._show(id_, found.channel, reply)
        return wiring.clock() + (SOON if reply.partial else AGAIN)

    async def _asked(self, line: str, key: str) -> Reply:
        """Return the answer; what goes wrong is one too, so that no digest is silently missing."""
        try:
            answer = await self._service.ask(line, SCHEDULE, key)
        except StoreUnavailable:  # the job is tried again
            raise
        except BotError as error:
            why = (Notice(level="bad", text=error.hint),) if error.hint else ()
            return Reply(title=f"`{line}`: {error.message}", blocks=why, partial=True)
        assert isinstance(answer, Reply)  # nothing is filed for a schedule
        if answer.private:
            hint = f"Ask `{line}` yourself to see it. The maintainer takes it out of `digests`."
            return Reply(
                title=f"`{line}` answers whoever asks alone", blocks=(Notice(level="bad", text=hint),)
            )
        return answer
