"""A review in Slack: its card, and what each person is asked directly."""

import asyncio
from zoneinfo import ZoneInfo

from bot.core.duration import moment
from bot.core.people import Person, listed
from bot.core.review import Review
from bot.core.values import Json
from bot.frontends.slack import kit
from bot.frontends.slack.kit import Message
from bot.frontends.slack.outgoing import Outgoing, SlackRefused
from bot.frontends.slack.people import People
from bot.frontends.slack.posts import Posts
from bot.workflow.reviews import Reviews
from bot.workflow.service import Service

HELPS, LEAVES = "helps", "leaves"


class Reviewing:
    """Shows a review where people look, and asks those who are in it."""

    def __init__(
        self,
        reviews: Reviews,
        service: Service,
        outgoing: Outgoing,
        posts: Posts,
        people: People,
        channel: str,
    ) -> None:
        self._reviews = reviews
        self._service = service
        self._outgoing = outgoing
        self._posts = posts
        self._people = people
        self._channel = channel
        self._showing = asyncio.Lock()

    async def show(self) -> None:
        """Bring everything that shows the newest review up to date; Later when an edit must wait."""
        async with self._showing:
            shown = -1
            while (review := await self._reviews.newest()) and review.seq != shown:
                shown = review.seq
                situation = await self._service.situation()
                for person in situation.people if review.asked_at else ():
                    if person.name in review.terms.holds:
                        await self._ask(review, person, situation.zone)
                await self._posts.show(review.id, "card", self._channel, card(review, situation.zone))

    async def _ask(self, review: Review, person: Person, zone: ZoneInfo) -> None:
        """Ask one person, once more where that is due; note why it cannot be done."""
        name = person.name
        if not person.slack:
            await self._reviews.missed(review.id, name, "no Slack account in our list")
        elif await self._people.active(person) is False:
            await self._reviews.missed(review.id, name, "no active member in Slack")
        else:
            try:
                channel = await self._outgoing.direct(person.slack[0])
                await self._posts.show(
                    review.id, f"ask:{name}", channel, question(review, name, zone), patient=False
                )
                if name in (review.reminded or ()) and name in review.silent and review.runs:
                    again = f"*A reminder:* do you still help? Please answer by {closing(review, zone)}."
                    message = kit.said(again, *_answers(review, name))
                    await self._posts.once(review.id, f"remind:{name}", channel, message)
            except SlackRefused as refused:
                await self._reviews.missed(review.id, name, f"Slack says {refused.code}")


def closing(review: Review, zone: ZoneInfo) -> str:
    """Return when a review closes."""
    return moment(review.closes_at, zone)


def card(review: Review, zone: ZoneInfo) -> Message:
    """Return the card of a review: how far it is, who cannot be asked, what followed."""
    everybody, answered = len(review.terms.holds), len(review.answers)
    title = f"{answered} of {everybody} people said whether they still help"
    unreached = [f"{name} ({why})" for name, why in review.unreached.items() if name in review.silent]
    groups = {
        "Still help": review.helping,
        "Want to be removed": review.leaving,
        "No answer yet" if review.runs else "No answer": [
            name for name in review.silent if name not in review.unreached
        ],
        "Not reached in Slack, so an owner answers for them": unreached,
        "Can push, but not in our people, so not asked": review.terms.strangers,
    }
    lines = [f"*{head}:* {listed(names, 'and')}" for head, names in groups.items() if names]
    vouching = [
        kit.button(f"{name} still helps", f"{HELPS}:{number}", f"{review.id} {name}")
        for number, name in enumerate(name for name in review.unreached if name in review.silent)
    ]
    blocks = [
        kit.section(f"*Who still helps?* {title}. {_standing(review, zone)}"),
        *kit.sections(lines),
        kit.actions(*(vouching if review.runs else ())),
    ]
    return kit.message(f"Who still helps? {title}.", blocks)


def _standing(review: Review, zone: ZoneInfo) -> str:
    by = review.terms.by
    if review.stopped_at:
        return f"*Stopped {moment(review.stopped_at, zone)}.* {by} had begun it. Nothing is taken away."
    if review.closed_at is None:
        asked = "" if review.asked_at else f"They are asked {moment(review.terms.asks_at, zone)}. "
        plan = "What nobody confirms by then becomes one plan for the owners; nothing happens by itself."
        return f"{asked}{by} asks; it closes {closing(review, zone)}. {plan}"
    closed = f"*Closed {moment(review.closed_at, zone)}.*"
    if review.number:
        return f"{closed} #{review.number} asks the owners to take away what nobody confirmed."
    return f"{closed} No plan was filed: {review.said}"


def question(review: Review, name: str, zone: ZoneInfo) -> Message:
    """Return what one person is asked, and what became of it."""
    held = [f"• {each}" for each in review.terms.holds[name]]
    blocks = [
        kit.section(f"*Still helping?* {review.terms.by} asks everybody who has access."),
        *kit.sections(["You hold:", *held]),
        kit.section(_told(review, name, zone)),
        kit.actions(*_answers(review, name)),
    ]
    return kit.message(f"Still helping? {review.terms.by} asks everybody who has access.", blocks)


def _told(review: Review, name: str, zone: ZoneInfo) -> str:
    answer = review.answers.get(name)
    if answer is not None:
        who = "You" if answer.by == name else answer.by
        what = (
            "still help. Thank you!"
            if answer.helps
            else "want to be removed. The owners decide at the close."
        )
        return f"*{who} said {moment(answer.at, zone)} that you {what}*"
    if review.stopped_at:
        return "*It was stopped: nothing more is needed.*"
    if review.runs:
        plan = "What nobody confirms becomes one plan for the owners; nothing is taken away by itself."
        return f"Please answer by *{closing(review, zone)}*. {plan}"
    if name in review.planned:
        plan = f"#{review.number} asks the owners to take this away"
        return f"*It is closed, and {plan}.* Say so if you still help."
    return "*It is closed.*"


def _answers(review: Review, name: str) -> list[Json]:
    """Return the buttons that somebody has: what they have not said, while it counts."""
    answer, value = review.answers.get(name), f"{review.id} {name}"
    says_yes = answer is not None and answer.helps
    says_no = answer is not None and not answer.helps
    yes = kit.button("Yes, still helping", HELPS, value, style="primary")
    sure = kit.confirm(
        "Remove me", "The owners are asked to take all of this away at the close.", "Remove me"
    )
    no = kit.button("No, remove me", LEAVES, value, confirm=sure)
    may_yes = not says_yes and (review.runs or name in review.planned)
    may_no = not says_no and review.runs
    return [*([yes] if may_yes else []), *([no] if may_no else [])]
