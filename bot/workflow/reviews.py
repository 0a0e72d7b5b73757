"""Reviews: begun, answered, carried on by the clock, stopped; all there is of them is in the journal."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from bot.core.errors import BotError, NotAllowed, Refused, Unavailable
from bot.core.event import Kind
from bot.core.people import CLOCK, Actor, Role, listed
from bot.core.review import LINES, SUBJECT, Review, Terms, fold
from bot.core.status import State
from bot.core.values import Json
from bot.store import Conflict, Store, Transaction, journal, people, requests
from bot.store.jobs import Jobs, Later
from bot.workflow.service import Filed, Service
from bot.workflow.wiring import Wiring, record, status_of

PLAN = "people unconfirmed"  # the line that plans what follows from a review
NEXT_TRY = timedelta(minutes=10)


async def newest(tx: Transaction) -> Review | None:
    """Return the newest review, running or not."""
    return fold(await journal.lines(tx, subject=SUBJECT, limit=LINES))


async def due(wiring: Wiring, tx: Transaction) -> Review | None:
    """Return the review in which something is to happen now; people are written to while they are awake."""
    review, now = await newest(tx), wiring.clock()
    stage = review.due(now) if review else None
    awake = wiring.policy.awake(now, wiring.organisation.zone) == now
    return review if stage == "close" or (stage and awake) else None


async def plan(wiring: Wiring, tx: Transaction) -> None:
    """Ask for what is due in a review, if anything is."""
    review, now = await due(wiring, tx), wiring.clock()
    if review is not None and (stage := review.due(now)):
        said: Json = {"review": review.id, "stage": stage}
        await wiring.jobs.enqueue(tx, f"{review.id}:{stage}", "review", said, now)


class ReviewLines:
    """The lines of reviews, each written once; whoever shows them is told in the same transaction."""

    def __init__(self, store: Store, jobs: Jobs, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._jobs = jobs
        self._clock = clock

    async def running(self) -> Terms | None:
        """Return what the review that runs was begun with."""
        async with self._store.read() as tx:
            review = await newest(tx)
        return review.terms if review and review.runs else None

    async def begin(self, terms: Terms) -> None:
        """Begin a review; nothing happens when one runs."""
        async with self._store.write() as tx:
            review = await newest(tx)
            if review is None or not review.runs:
                by = Actor(name=terms.by)
                said: Json = {"terms": terms.model_dump(mode="json")}
                await self.write(tx, review.seq if review else None, Kind.BEGUN, by, said)

    async def stop(self) -> None:
        """Stop the review that runs."""
        async with self._store.write() as tx:
            review = await newest(tx)
            if review and review.runs:
                await self.write(tx, review.seq, Kind.STOPPED, CLOCK, {})

    async def write(
        self, tx: Transaction, known: int | None, kind: Kind, actor: Actor, payload: Json
    ) -> None:
        """Append a line after line *known*; Conflict when there is another one already."""
        now, seq = self._clock(), (known or 0) + 1
        await journal.append(tx, subject=SUBJECT, kind=kind, at=now, actor=actor, payload=payload, seq=seq)
        await self._jobs.enqueue(tx, f"reviewed:{seq}", "reviewed", {}, now)


class Reviews:
    """What people and the clock do in a review."""

    def __init__(self, wiring: Wiring, service: Service) -> None:
        self._wiring = wiring
        self._service = service
        self._lines = ReviewLines(wiring.store, wiring.jobs, wiring.clock)

    async def newest(self) -> Review | None:
        """Return the newest review, running or not."""
        async with self._wiring.store.read() as tx:
            return await newest(tx)

    async def answer(self, id_: str, name: str, helps: bool, actor: Actor) -> Review:
        """Take down whether somebody still helps: they say so themselves, or an owner for them.

        After the close only a *Yes* counts; while the plan waits for its owners they see it there.
        """
        try:
            async with self._wiring.store.write() as tx:
                review = _answerable(await newest(tx), id_, name, helps, actor)
                given = review.answers.get(name)
                if given is None or given.helps is not helps:
                    late = (*review.late, name)
                    if name in review.planned and not await self._told(tx, review.request, late, actor):
                        number = f"#{review.number}"
                        raise Refused(f"The review is closed, and {number} is decided.", "Ask an owner.")
                    text = f"{name} {'still helps' if helps else 'wants to be removed'}"
                    noted: Json = {"name": name, "helps": helps, "text": text}
                    await self._lines.write(tx, review.seq, Kind.ANSWERED, actor, noted)
        except Conflict:  # somebody else answered at the same moment
            return await self.answer(id_, name, helps, actor)
        self._wiring.jobs.wake()
        async with self._wiring.store.read() as tx:
            return await newest(tx) or review

    async def missed(self, id_: str, name: str, why: str) -> None:
        """Write down that Slack does not let us ask somebody."""
        async with self._wiring.store.write() as tx:
            review = await newest(tx)
            if review and review.id == id_ and name not in review.unreached:
                await self._lines.write(tx, review.seq, Kind.NOTED, CLOCK, {"name": name, "text": why})

    async def advance(self, payload: Json) -> None:
        """Do what is due in a review: ask, remind, or close it with one plan (job ``review``)."""
        async with self._wiring.store.read() as tx:
            review = await due(self._wiring, tx)
        stage = review.due(self._wiring.clock()) if review else None
        if review is None or stage != payload["stage"] or review.id != payload["review"]:
            return
        said: Json = {"stage": stage, "names": " ".join(review.silent)}
        if stage == "close":
            said = await self._plan(review)
        planned = str(said["names"]).split() if stage == "close" else []
        late = [name for name in planned if name in review.helping]  # while it was being planned
        try:
            async with self._wiring.store.write() as tx:
                if late:
                    await self._told(tx, str(said["request"]), late, CLOCK)
                kind = Kind.ENDED if stage == "close" else Kind.REMINDED
                await self._lines.write(tx, review.seq, kind, CLOCK, said)
        except Conflict:
            raise Later(self._wiring.clock() + timedelta(seconds=1)) from None  # somebody answered
        self._wiring.jobs.wake()

    async def _plan(self, review: Review) -> Json:
        """File what follows from a review, in the name of who began it; asking twice files once."""
        async with self._wiring.store.read() as tx:
            person = await people.by_name(tx, review.terms.by)
        able = person is not None and person.role.covers(Role.ORGANISER)
        asker = Actor.of(person, CLOCK.via) if person and able else Actor(name=CLOCK.name, role=Role.OWNER)
        said: Json = {"request": "", "number": 0, "names": ""}
        try:
            answer = await self._service.ask(PLAN, asker, review.id)
        except Unavailable:
            raise Later(self._wiring.clock() + NEXT_TRY) from None
        except BotError as error:
            return said | {"text": " ".join(filter(None, (error.message, error.hint)))}
        if not isinstance(answer, Filed):
            return said | {"text": answer.title}
        request = answer.request
        targets = {change.target for change in request.plan.changes}
        names = " ".join(name for name in review.terms.holds if name in targets)
        return {"request": request.id, "number": request.number, "names": names, "text": ""}

    async def _told(self, tx: Transaction, id_: str, late: Iterable[str], actor: Actor) -> bool:
        """Show on the card who says only now that they still help; return whether it still waits."""
        request = await requests.lock(tx, id_)
        if request is None or (await status_of(tx, id_)).state is not State.PENDING:
            return False
        who = listed(late, "and")
        text = f"{who} said since that they still help. To leave them out, deny this and ask again: `{PLAN}`."
        await record(self._wiring, tx, request, Kind.NOTED, actor, {"text": text})
        return True


def _answerable(review: Review | None, id_: str, name: str, helps: bool, actor: Actor) -> Review:
    """Return the review in which *actor* may answer so, or raise."""
    if review is None or review.id != id_ or review.stopped_at:
        raise Refused("That review is over.", "Nothing more is needed; `people review` shows the last one.")
    if name not in review.terms.holds:
        raise Refused(f"{name} is not asked in this review.", "`people review` shows who is.")
    if actor.name != name and actor.role is not Role.OWNER:
        raise NotAllowed(f"Only {name} or an owner can say that.", "Ask one of them.")
    if review.closed_at and not helps:
        raise Refused("The review is closed.", f"`people remove {name}` asks the owners for it.")
    return review
