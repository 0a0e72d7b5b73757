"""The form to ask with, built from the command table: what is sent becomes the line that could be typed."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import Enum
from typing import Any, get_args

from pydantic.fields import FieldInfo

from bot.core import grammar
from bot.core.command import Command
from bot.core.errors import UsageError
from bot.core.people import Role
from bot.core.values import Json
from bot.frontends.slack import kit
from bot.frontends.slack.delivery import REASON, Delivery
from bot.frontends.slack.offers import Offers
from bot.frontends.slack.text import clean, unmarked

ASK = "ask"
CHOICE = "command"
SAID = "said"
SHORTCUT = "Ask for access"


class Asking:
    """The form, for the commands there are and the names that are offered."""

    def __init__(self, commands: Sequence[Command[Any]], offers: Offers) -> None:
        self._commands = {command.path: command for command in commands}
        self._offers = offers

    def form(self, role: Role, channel: str, path: str = "") -> Json:
        """Return the form for the command at *path*, else the first, to choose from what *role* may ask."""
        mine = {command.path: command for command in self._commands.values() if role.covers(command.role)}
        chosen = mine.get(path) or next(iter(mine.values()))
        choices = {command.path: f"{command.path}: {command.summary}" for command in mine.values()}
        what = kit.menu(CHOICE, choices, chosen.path)
        blocks = [kit.field(CHOICE, "What do you want to ask?", what, dispatch_action=True)]
        blocks += [self._field(key, field) for key, field in grammar.fields(chosen)]
        if chosen.role is not Role.READER:
            hint = "Whoever decides reads this."
            blocks.append(kit.field(REASON, "Why?", kit.typing(REASON), hint, optional=True))
        blocks.append(kit.context(f"The same can be typed: `/infra {grammar.usage(chosen)}`"))
        return kit.form("Ask the bot", ASK, f"- - {channel}", blocks, "Ask")

    def line(self, delivery: Delivery) -> str:
        """Return the line that a sent form says, as somebody would type it."""
        path, command = self._chosen(delivery)
        if command is None:
            return path
        given: dict[str, list[str]] = {}
        for key, field in grammar.fields(command):
            words = _words(delivery.typed.get(key))
            if words is not None:
                given[key] = (
                    [part for word in words for part in word.split()] if grammar.many(field) else words
                )
        return grammar.line(command, given, clean(delivery.form[2]))

    def complaint(self, delivery: Delivery) -> dict[str, str]:
        """Return what is wrong with a sent form, by field; what names none stands at the choice."""
        try:
            grammar.understand(self.line(delivery), [*self._commands.values()])
        except UsageError as error:
            said = unmarked(error.message)
            return {error.field: said.partition(": ")[2]} if error.field else {CHOICE: said}
        return {}

    async def offered(self, kinds: str, typed: str) -> list[Json]:
        """Return the options for what was typed so far; *kinds* is how the field is called to Slack."""
        known = [kind for kind in kinds.split(", ") if kind in self._offers.kinds]
        found = await self._offers.matching(known, clean(typed)) if known else []
        return [
            kit.option(offer.value, offer.label, offer.note) for offer in found if len(offer.value) <= 150
        ]

    async def close(self) -> None:
        """Ask nobody for names any more."""
        await self._offers.close()

    def _chosen(self, delivery: Delivery) -> tuple[str, Command[Any] | None]:
        path = " ".join(_words(delivery.typed.get(CHOICE)) or ())
        return path, self._commands.get(path)

    def _field(self, key: str, field: FieldInfo) -> Json:
        arg = grammar.meta(field)
        shown = arg.label or (arg.metavar if arg.positional else key).replace("-", " ").capitalize()
        return kit.field(key, shown, self._element(field), optional=not field.is_required())

    def _element(self, field: FieldInfo) -> Json:
        """Return what a field is filled in with, by the type of its argument and what completes it."""
        completes = grammar.meta(field).completes
        types = (field.annotation, *get_args(field.annotation))
        values = next((each for each in types if isinstance(each, type) and issubclass(each, Enum)), None)
        if values:
            return kit.menu(SAID, {str(each.value): str(each.value) for each in values})
        if bool in types:
            return kit.tick(SAID, "Yes")
        if date in types and timedelta not in types:
            return kit.day(SAID)
        if completes == "slack":
            return kit.member(SAID)
        if self._offers.kinds & {*completes.split(", ")}:
            return kit.completing(completes)
        return kit.typing(SAID)


def _words(state: Mapping[str, Any] | None) -> list[str] | None:
    """Return what one field says: nothing when it is empty, no words when it is ticked."""
    match state:
        case {"selected_option": {"value": str(said)}}:
            return [said]
        case {"selected_options": [_, *_]}:
            return []
        case {"value": str(said)} | {"selected_date": str(said)} | {"selected_user": str(said)}:
            return [clean(said)] if clean(said) else None
        case _:
            return None
