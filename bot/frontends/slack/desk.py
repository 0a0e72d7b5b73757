"""The desk: what people say, press and send, from a kept delivery to its answer."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from bot.core import approval
from bot.core.errors import BotError, UsageError
from bot.core.people import Actor, Person, Role, listed
from bot.core.reply import Reply
from bot.core.status import State
from bot.frontends.slack import kit, note, typed
from bot.frontends.slack.answer import Answer
from bot.frontends.slack.asking import ASK, CHOICE, Asking
from bot.frontends.slack.delivery import Delivery
from bot.frontends.slack.forms import form
from bot.frontends.slack.home import JOIN, ask_to_be_added
from bot.frontends.slack.homes import Homes
from bot.frontends.slack.notices import Notices
from bot.frontends.slack.outgoing import Outgoing, SlackAway, SlackRefused
from bot.frontends.slack.people import People, Unknown
from bot.frontends.slack.posts import Posts
from bot.frontends.slack.refusals import refusal, trouble
from bot.frontends.slack.render import SAY, render
from bot.frontends.slack.reviewing import HELPS, LEAVES
from bot.frontends.slack.sharing import SHARE, Sharing
from bot.frontends.slack.wording import Case
from bot.store import Store, StoreUnavailable, requests
from bot.store.jobs import Later
from bot.workflow.decisions import Verb
from bot.workflow.reviews import Reviews
from bot.workflow.service import Filed, Service

_VERBS: dict[str, Verb] = {
    "approve": "approve",
    "withdraw": "withdraw",
    "take_back": "take_back",
    "stop": "stop",
}

EndNow = Callable[[str, Actor], Awaitable[None]]
log = structlog.get_logger()


class Desk:
    """Works on deliveries, one at a time each; safe to work on one again."""

    def __init__(
        self,
        store: Store,
        service: Service,
        outgoing: Outgoing,
        people: People,
        notices: Notices,
        homes: Homes,
        clock: Callable[[], datetime],
        approvals: str,
        end_now: EndNow,
        asking: Asking,
        posts: Posts,
        sharing: Sharing,
        reviews: Reviews,
    ) -> None:
        self._store = store
        self._service = service
        self._outgoing = outgoing
        self._people = people
        self._notices = notices
        self._homes = homes
        self._clock = clock
        self._approvals = approvals
        self._end_now = end_now
        self._asking = asking
        self._posts = posts
        self._sharing = sharing
        self._reviews = reviews

    async def work(self, delivery: Delivery) -> None:
        """Do what a delivery asks for, and answer it. Raises when Slack or the database is away."""
        answer = Answer(self._outgoing, delivery, self._clock())
        if delivery.event == "app_home_opened":
            await self._homes.opened(delivery.user)
            return
        try:
            person = await self._people.trusted(delivery.user, delivery.team)
            await self._worked(delivery, person, answer)
        except StoreUnavailable:
            raise
        except Unknown as unknown:
            await self._introduce(delivery, answer, unknown)
        except BotError as error:
            await answer.give(trouble(error))

    async def apologise(self, delivery: Delivery, reference: str) -> None:
        """Tell a person that something broke here."""
        said = f"*Something broke on my side* (reference `{reference}`). I try again by myself."
        await Answer(self._outgoing, delivery, self._clock()).give(kit.said(said))

    async def regret(self, delivery: Delivery, refused: SlackRefused) -> None:
        """Tell a person that Slack forbids what they asked for."""
        said = f"*Slack does not let me do that* (`{refused.code}`)."
        hint = "The maintainer can see why with `infra check`."
        await Answer(self._outgoing, delivery, self._clock()).give(kit.said(f"{said} {hint}"))

    async def _worked(self, delivery: Delivery, person: Person, answer: Answer) -> None:
        if delivery.kind == "view":
            await self._sent(delivery, person, answer)
        elif delivery.kind == "action":
            await self._pressed(delivery, person, answer)
        elif delivery.kind == "command" and not delivery.line:
            await self._formed(delivery, person, answer)
        else:
            await self._said(delivery, person, answer)

    async def _asked(self, line: str, delivery: Delivery, person: Person, answer: Answer) -> None:
        """Ask a line, without one for help, and answer it."""
        actor = _actor(person, delivery)
        async with answer.progressing():
            said = await self._service.ask(line or "help", actor, delivery.key, answer.report)
        await self._give(said, delivery, answer)

    # The form to ask with.

    async def _formed(self, delivery: Delivery, person: Person, answer: Answer) -> None:
        """Open the form; when that was too late or Slack refuses, offer it again, and what can be typed."""
        view = self._asking.form(person.role, delivery.channel)
        try:
            await self._outgoing.show_form(delivery.trigger, view)
        except (SlackAway, SlackRefused) as error:
            log.info("form not opened", form=ASK, why=str(error))
            again = kit.button("Open form", ASK, ASK)
            await answer.give(kit.said("*The form did not open in time.* Or type `/infra help`.", again))

    async def _chose(self, path: str, delivery: Delivery, person: Person) -> None:
        """Show the fields of another command; a form that was closed meanwhile stays closed."""
        view = self._asking.form(person.role, delivery.channel, path)
        try:
            await self._outgoing.change_form(str(delivery.part("view").get("id") or ""), view)
        except (SlackAway, SlackRefused) as error:
            log.info("form not changed", form=ASK, why=str(error))

    async def _give(self, said: Reply | Filed, delivery: Delivery, answer: Answer) -> None:
        if isinstance(said, Reply):
            shareable = answer.here and not said.private
            await answer.give(await self._sharing.offered(said, delivery) if shareable else render(said))
            return
        id_ = said.request.id
        link, refused = await self._card(id_)
        case = await self._notices.case(id_)
        await answer.give(note.filed(case, link, refused) if said.new else note.asked_already(case, link))

    async def _card(self, id_: str) -> tuple[str | None, str]:
        """Return the link to a card, or why Slack refuses the card; its absence keeps no answer waiting."""
        try:
            return await self._notices.link(id_), ""
        except (SlackAway, SlackRefused, Later) as error:
            log.warning("no card yet", why=str(error))
            return None, error.code if isinstance(error, SlackRefused) else ""

    # Lines.

    async def _said(self, delivery: Delivery, person: Person, answer: Answer) -> None:
        """Answer what was typed; a decision is taken by its button, so a typed one is told where that is."""
        if typed.is_decision(delivery.line):
            await self._pointed(delivery.line, person, answer)
            return
        try:
            await self._asked(delivery.line, delivery, person, answer)
        except UsageError as error:
            if delivery.kind != "event":
                raise
            await answer.give(typed.not_understood(error))

    async def _pointed(self, line: str, person: Person, answer: Answer) -> None:
        number = typed.number(line)
        async with self._store.read() as tx:
            found = await requests.by_number(tx, number) if number else None
        if found is None:
            await answer.give(typed.buttons_decide(number))
            return
        link, _ = await self._card(found[0].id)
        await answer.give(typed.where(await self._notices.case(found[0].id), person, link))

    # Buttons.

    async def _pressed(self, delivery: Delivery, person: Person, answer: Answer) -> None:
        name, value = delivery.action
        if name == SAY:
            await self._asked(value, delivery, person, answer)
        elif name == ASK:
            await self._formed(delivery, person, answer)
        elif name == SHARE:
            await answer.give(await self._sharing.share(value, person))
        elif name in {HELPS, LEAVES}:
            await self._answered(delivery, person, answer, name, value)
        elif name == CHOICE:
            await self._chose(value, delivery, person)
        elif name == "leave":
            await self._left(delivery, answer)
        elif name == JOIN:
            await answer.give(kit.said(f"You are in our list already, {person.name}. Say `/infra help`."))
            await self._homes.redraw(delivery.user)
        else:
            await self._about(delivery, person, answer, name, value)

    async def _answered(
        self, delivery: Delivery, person: Person, answer: Answer, said: str, value: str
    ) -> None:
        """Take down whether somebody still helps; who speaks for themselves sees it in the question."""
        id_, _, name = value.partition(" ")
        await self._reviews.answer(id_, name, said == HELPS, _actor(person, delivery))
        if name != person.name:
            await answer.give(kit.said(f"I took down that {name} still helps."))

    async def _about(
        self, delivery: Delivery, person: Person, answer: Answer, name: str, value: str, reason: str = ""
    ) -> None:
        """Do what was pressed, or sent, about one request; a refusal is told with the ways on."""
        id_, _, digest = value.partition(" ")
        case = await self._notices.case(id_)
        try:
            await self._done(delivery, person, answer, name, digest, reason, case)
        except StoreUnavailable:
            raise
        except BotError as error:
            await answer.give(refusal(error, await self._notices.case(id_), person))

    async def _done(
        self,
        delivery: Delivery,
        person: Person,
        answer: Answer,
        name: str,
        digest: str,
        reason: str,
        case: Case,
    ) -> None:
        id_, actor = case.request.id, _actor(person, delivery)
        if name in _VERBS:
            await self._decided(case, digest, _VERBS[name], actor, answer, delivery)
        elif name in {"deny", "alone"} and delivery.kind == "view":
            await self._service.decide(id_, digest, "deny" if name == "deny" else "alone", actor, reason)
        elif name in {"deny", "alone"}:
            await self._opened(delivery, person, answer, name, digest, case)
        elif name == "undo":
            async with answer.progressing():
                said = await self._service.undo(id_, actor, delivery.key)
            await self._give(said, delivery, answer)
        elif name in {"ask_again", "invite_again", "extend"}:
            key = f"again:{id_}" if name == "invite_again" else delivery.key  # by any number of presses once
            renew = self._service.extend if name == "extend" else self._service.ask_again
            async with answer.progressing():
                said = await renew(id_, actor, key, answer.report)
            await self._give(said, delivery, answer)
        elif name == "remind":
            _, status = await self._service.remind(id_, actor)
            names = status.reminders[-1].names if status.reminders else ()
            await answer.give(kit.said(f"I asked {listed(names, 'and')} about {case.number} just now."))
        elif name == "end_now":
            await self._end_now(id_, actor)
            await answer.give(kit.said(f"{case.number} ends now; I tell you when it is done."))

    async def _decided(
        self, case: Case, digest: str, verb: Verb, actor: Actor, answer: Answer, delivery: Delivery
    ) -> None:
        request, status = await self._service.decide(case.request.id, digest, verb, actor)
        after = await self._notices.case(request.id)
        if verb == "approve" and status.state is State.PENDING:
            await answer.give(note.half_approved(after))
        elif verb == "take_back":
            await answer.give(kit.said(f"You took your approval of {case.number} back."))
        elif verb == "withdraw" and delivery.private:
            await answer.give(kit.said(f"You withdrew {case.number}. Nothing happened."))

    async def _opened(
        self, delivery: Delivery, person: Person, answer: Answer, name: str, digest: str, case: Case
    ) -> None:
        """Open a form at once: its trigger lives three seconds; when that was too late, offer it again."""
        if name == "deny":
            approval.deny(case.request, case.status, person, digest, case.situation)
        else:
            approval.alone(case.request, case.status, person, digest, "asked in the form", case.situation)
        try:
            await self._outgoing.show_form(delivery.trigger, form(name, case, delivery.channel))
        except (SlackAway, SlackRefused) as error:
            log.info("form not opened", form=name, why=str(error))
            again = kit.button("Open form", name, case.value)
            await answer.give(kit.said(f"The form for {case.number} did not open in time.", again))

    async def _left(self, delivery: Delivery, answer: Answer) -> None:
        """Take the buttons away from what is left as it is."""
        if delivery.private:
            await answer.remove()
            return
        shown = delivery.part("message")
        text = str(shown.get("text") or "Left as it is.")
        kept = [block for block in shown.get("blocks") or () if block.get("type") != "actions"]
        left = kit.Message(text, (*kept, kit.context("Left as it is.")))
        await self._outgoing.edit(delivery.channel, str(shown.get("ts") or ""), left)

    async def _sent(self, delivery: Delivery, person: Person, answer: Answer) -> None:
        name, value, reason = delivery.form
        if name == ASK:
            await self._asked(self._asking.line(delivery), delivery, person, answer)
        else:
            await self._about(delivery, person, answer, name, value, reason)

    # Newcomers.

    async def _introduce(self, delivery: Delivery, answer: Answer, unknown: Unknown) -> None:
        """Offer somebody unknown to ask the owners, and ask them once when they do."""
        if delivery.action[0] != JOIN:
            await answer.give(kit.said(f"*{unknown.message}* {unknown.hint}", ask_to_be_added()))
            return
        told = f"<@{delivery.user}> asks to be added to the people I know."
        how = f"An owner can say `/infra people add NAME --slack {delivery.user}`."
        await self._posts.once(delivery.user, JOIN, self._approvals, kit.said(f"{told} {how}"))
        await self._homes.redraw(delivery.user)
        owners = listed(p.name for p in (await self._service.situation()).people if p.role is Role.OWNER)
        await answer.give(kit.said(f"I asked the owners to add you. {owners} can."))


def _actor(person: Person, delivery: Delivery) -> Actor:
    """Return *person* acting through the account they used."""
    return Actor.of(person, "slack").model_copy(update={"slack": delivery.user})
