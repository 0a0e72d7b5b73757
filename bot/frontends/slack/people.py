"""Who somebody in Slack is to us, and whether they may speak to the bot."""

from collections.abc import Mapping
from time import monotonic
from typing import Any

from bot.core.errors import NotAllowed
from bot.core.people import Person, listed
from bot.frontends.slack.outgoing import Outgoing, SlackAway, SlackRefused
from bot.workflow.service import Service

REMEMBERED = 60.0
_FLAGS = {
    "deleted": "this Slack account is deactivated",
    "is_bot": "I take no requests from bots",
    "is_app_user": "I take no requests from apps",
    "is_stranger": "you belong to another workspace",
    "is_restricted": "you are a guest in this workspace",
    "is_ultra_restricted": "you are a guest in this workspace",
}


class Unknown(NotAllowed):
    """Somebody whom our list does not have; they can ask to be added."""


class People:
    """Looks people up in Slack, remembered for a minute, and in our list."""

    def __init__(self, outgoing: Outgoing, service: Service, team_id: str) -> None:
        self._outgoing = outgoing
        self._service = service
        self._team_id = team_id
        self._seen: dict[str, tuple[float, Mapping[str, Any] | None]] = {}

    async def trusted(self, slack_id: str, team: str) -> Person:
        """Return who *slack_id* is; NotAllowed when they may not speak to the bot, Unknown when new."""
        why = "you belong to another workspace" if team not in {"", self._team_id} else None
        why = why or self._objection(await self._user(slack_id))
        if why:
            raise NotAllowed(f"Sorry, {why}, so I cannot help you here.", f"{await self._helpers()} can.")
        person = await self._service.person_by_slack(slack_id)
        if person is None:
            raise Unknown(f"I do not know you yet, <@{slack_id}>.", f"{await self._helpers()} can add you.")
        return person

    async def active(self, person: Person) -> bool | None:
        """Return whether a person of ours is a full, active member in Slack; None when Slack does not say."""
        try:
            return any([self._objection(await self._user(slack_id)) is None for slack_id in person.slack])
        except (SlackAway, SlackRefused):
            return None

    def forget(self, slack_id: str) -> None:
        """Look somebody up anew next time: they changed."""
        self._seen.pop(slack_id, None)

    def _objection(self, user: Mapping[str, Any] | None) -> str | None:
        """Return why a Slack account may not speak to the bot, if so."""
        if user is None or user.get("id") == "USLACKBOT":
            return "Slack does not know you"
        if user.get("team_id", self._team_id) != self._team_id:
            return "you belong to another workspace"
        return next((why for flag, why in _FLAGS.items() if user.get(flag)), None)

    async def _user(self, slack_id: str) -> Mapping[str, Any] | None:
        at, user = self._seen.get(slack_id, (0.0, None))
        if not at or monotonic() - at > REMEMBERED:
            user = await self._outgoing.user(slack_id)
            self._seen[slack_id] = (monotonic(), user)
        return user

    async def _helpers(self) -> str:
        return listed(owner.name for owner in (await self._service.situation()).owners)
