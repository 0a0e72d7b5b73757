"""A day's digest: asked as the clock, shown once, looked at again until its day is over."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
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
SOON = timedelta(minutes=10)  # the same, when somebody did not answer

Show: TypeAlias = Callable[[str, str, Reply], Awaitable[None]]


class Schedule:
    """Asks what appointments say; *show* posts an answer, by its id, to a channel, or edits it there."""

    def __init__(self, wiring: Wiring, service: Service, show: Show) -> None:
        self._wiring = wiring
        self._service = service
        self._show = show

    async def digest(self, payload: Json) -> None:
        """Show the digest of a day as it is now; look again later while that day lasts (job ``digest``)."""
        wiring = self._wiring
        key, day = str(payload["appointment"]), date.fromisoformat(str(payload["day"]))
        zone, id_ = wiring.organisation.zone, f"{key}:{day}"
        found = next((each for each in wiring.appointments if each.key == key), None)
        if found is not None and not found.missed(day, wiring.clock(), zone):
            reply = await self._asked(found.line, id_)
            if not (reply.quiet and found.skips):
                await self._show(id_, found.channel, reply)
                again = wiring.clock() + (SOON if reply.partial else AGAIN)
                if again < end_of(day, zone):
                    raise Later(again)
        await appointments.end(wiring, key, day)

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
