"""What a person does in Slack: say, press, choose, submit, close, type ahead, open the home."""

import uuid
from collections.abc import Mapping
from contextlib import suppress
from copy import deepcopy
from typing import Any

from . import forms, limits, responses, shapes, views
from .delivery import Courier, Delivery
from .state import SLACKBOT, Channel, Json, Message, ResponseUrl, SlackError, View, Workspace
from .writing import encoded

TROUBLE = "We had some trouble connecting. Try again?"


class NotThere(LookupError):  # noqa: N818 - reads as what a person would say
    """The person cannot see that channel, message or view."""


class Hand:
    """One person's doings. Each returns the ``Delivery`` it led to, or None when the app was not asked."""

    def __init__(self, workspace: Workspace, courier: Courier, user_id: str) -> None:
        self._workspace = workspace
        self._courier = courier
        self.user = workspace.users[user_id]

    async def say(self, channel: str, text: str, thread_ts: str | None = None) -> Delivery | None:
        """Type *text* and send it: a slash command, a message to the bot, a mention, or just a message."""
        there = self._inside(channel)
        if text.startswith("/"):
            return await self._command(there, text, thread_ts)
        said = self._workspace.post(
            there.id, self.user.id, encoded(self._workspace, text), thread_ts=thread_ts
        )
        mentioned = f"<@{self._workspace.bot_user_id}>" in said.text
        if there.person:
            return await self._tell(said, text, "message", {"channel_type": "im"})
        if mentioned and self._workspace.bot_user_id in there.members:
            return await self._tell(said, text, "app_mention", {})
        return None

    async def press(
        self, channel: str, ts: str, action_id: str, value: str | None = None, block_id: str | None = None
    ) -> Delivery:
        """Press a button of a message."""
        message = self._seen(channel, ts)
        found = _button(message.blocks, action_id, block_id, value)
        return await self._act_in_message(message, found, {})

    async def press_in_view(
        self, view_id: str, action_id: str, value: str | None = None, block_id: str | None = None
    ) -> Delivery:
        """Press a button of an open modal or the home."""
        view = self._view(view_id)
        return await self._act_in_view(view, _button(view.blocks, action_id, block_id, value), {})

    async def choose(
        self, channel: str, ts: str, action_id: str, choice: Any, block_id: str | None = None
    ) -> Delivery:
        """Choose in a menu of a message: the value of an option, an id, a date, or a list of them."""
        message = self._seen(channel, ts)
        found = forms.place(message.blocks, action_id, block_id)
        state = forms.chosen(found.element, choice, self._offered(message.ts, found))
        inputs = message.inputs.setdefault(self.user.id, forms.initial(message.blocks))
        _keep(inputs, found, state)
        return await self._act_in_message(message, found, state)

    async def choose_in_view(
        self, view_id: str, action_id: str, choice: Any, block_id: str | None = None
    ) -> Delivery | None:
        """Choose, or type, in an open view; the app hears only of fields that dispatch."""
        view = self._view(view_id)
        found = forms.place(view.blocks, action_id, block_id)
        state = forms.chosen(found.element, choice, self._offered(view.id, found))
        _keep(view.inputs, found, state)
        self._workspace.touch()
        if found.block["type"] == "input" and not found.block.get("dispatch_action"):
            return None
        return await self._act_in_view(view, found, state)

    async def type_ahead(
        self, view_id: str, action_id: str, text: str, block_id: str | None = None
    ) -> list[Json]:
        """Type into an external menu of a view and return the options it offers."""
        view = self._view(view_id)
        found = forms.place(view.blocks, action_id, block_id)
        return await self._suggested(view.id, found, text, shapes.in_view(self._workspace, view))

    async def type_ahead_in_message(
        self, channel: str, ts: str, action_id: str, text: str, block_id: str | None = None
    ) -> list[Json]:
        """Type into an external menu of a message and return the options it offers."""
        message = self._seen(channel, ts)
        found = forms.place(message.blocks, action_id, block_id)
        return await self._suggested(message.ts, found, text, shapes.in_message(self._workspace, message))

    async def submit(self, view_id: str, values: Mapping[str, Any] | None = None) -> Delivery | None:
        """Fill in *values* (by block id or action id) and send the modal.

        None is returned when Slack itself complains; its complaints, like the app's, are in ``View.errors``.
        """
        view = self._view(view_id)
        for key, choice in (values or {}).items():
            found = _field(view.blocks, key)
            _keep(view.inputs, found, forms.chosen(found.element, choice, self._offered(view.id, found)))
        view.errors, view.trouble = _complaints(view), None
        self._workspace.touch()
        if view.errors:
            return None
        payload = {
            **shapes.interaction(self._workspace, "view_submission", self.user),
            "trigger_id": self._workspace.mint_trigger(self.user.id),
            "view": shapes.view(self._workspace, view),
            "response_urls": [],
        }
        delivery = await self._courier.deliver("interactive", payload)
        self._settle(view, delivery)
        return delivery

    async def close(self, view_id: str, *, everything: bool = False) -> Delivery | None:
        """Close a modal, or *everything* that is open; the app hears of it where it asked to."""
        view = self._view(view_id)
        stack = self._workspace.modals[self.user.id]
        self._workspace.modals[self.user.id] = [] if everything else [v for v in stack if v is not view]
        self._workspace.touch()
        if not view.body.get("notify_on_close"):
            return None
        payload = {
            **shapes.interaction(self._workspace, "view_closed", self.user),
            "view": shapes.view(self._workspace, view),
            "is_cleared": everything,
            "response_urls": [],
        }
        return await self._courier.deliver("interactive", payload)

    async def open_home(self, tab: str = "home") -> Delivery:
        """Open the app's home, or with *tab* "messages" the direct conversation."""
        home = self._workspace.homes.get(self.user.id)
        happened: Json = {
            "type": "app_home_opened",
            "user": self.user.id,
            "channel": self._workspace.direct_channel(self.user.id).id,
            "tab": tab,
            "event_ts": self._workspace.mint_ts(),
        }
        if home and tab == "home":
            happened["view"] = shapes.view(self._workspace, home)
        return await self._courier.deliver("event", shapes.event(self._workspace, happened))

    async def shortcut(self, callback_id: str) -> Delivery:
        """Use a global shortcut; its payload names no app and no name of the person."""
        shared = shapes.interaction(self._workspace, "shortcut", self.user)
        del shared["api_app_id"], shared["user"]["name"]
        payload = {
            **shared,
            "action_ts": self._workspace.mint_ts(),
            "callback_id": callback_id,
            "trigger_id": self._workspace.mint_trigger(self.user.id),
        }
        return await self._courier.deliver("interactive", payload)

    def _inside(self, channel_id: str) -> Channel:
        channel = self._workspace.channels.get(channel_id)
        if channel is None or self.user.id not in channel.members:
            raise NotThere(f"{self.user.name} is not in {channel_id}")
        return channel

    def _seen(self, channel_id: str, ts: str) -> Message:
        message = self._workspace.message(channel_id, ts)
        if message is None or not visible(self._workspace, message, self.user.id):
            raise NotThere(f"{self.user.name} sees no message {ts} in {channel_id}")
        return message

    def _view(self, view_id: str) -> View:
        with suppress(SlackError):
            view = self._workspace.view(view_id)
            if view.user == self.user.id:
                return view
        raise NotThere(f"{self.user.name} has no view {view_id}")

    async def _tell(self, said: Message, typed: str, kind: str, rest: Json) -> Delivery:
        section = {"type": "rich_text_section", "elements": [{"type": "text", "text": typed}]}
        happened = {
            "type": kind,
            "user": self.user.id,
            "ts": said.ts,
            "client_msg_id": str(uuid.uuid4()),
            "text": said.text,
            "team": self.user.team_id,
            "blocks": [{"type": "rich_text", "block_id": "typed", "elements": [section]}],
            "channel": said.channel,
            "event_ts": said.ts,
            **rest,
            **({"thread_ts": said.thread_ts} if said.thread_ts else {}),
        }
        shared = self._workspace.channels[said.channel].shared
        return await self._courier.deliver("event", shapes.event(self._workspace, happened, shared=shared))

    async def _command(self, channel: Channel, typed: str, thread_ts: str | None) -> Delivery | None:
        word, *rest = typed.split(maxsplit=1)
        if thread_ts:
            self._note(channel.id, f"{word} is not supported in threads. Sorry!")
            return None
        if word not in self._workspace.commands:
            self._note(channel.id, f"{word} is not a valid command.")
            return None
        text = encoded(self._workspace, rest[0].strip()) if rest else ""
        payload = shapes.command(self._workspace, self.user, channel, word, text)
        url = self._workspace.responses[payload["response_url"].partition("/response/")[2]]
        delivery = await self._courier.deliver("command", payload)
        if not delivery.ok:
            self._note(channel.id, f'{word} failed with the error "{delivery.shown_error}"')
            return delivery
        answer = {"text": delivery.answer} if isinstance(delivery.answer, str) else delivery.answer
        if isinstance(answer, dict) and (answer.get("text") or answer.get("blocks")):
            self._show_answer(url, typed, answer)
        return delivery

    def _show_answer(self, url: ResponseUrl, typed: str, answer: Json) -> None:
        if answer.get("response_type") == "in_channel":
            self._workspace.post(url.channel, self.user.id, typed)
        try:
            responses.answer_with(self._workspace, url, answer)
        except SlackError as error:
            self._note(url.channel, f'{typed.split()[0]} failed with the error "{error.code}"')

    def _note(self, channel: str, text: str) -> None:
        self._workspace.post(channel, SLACKBOT, text, ephemeral_to=self.user.id)

    async def _act_in_message(self, message: Message, found: forms.Place, state: Json) -> Delivery:
        workspace = self._workspace
        inputs = message.inputs.get(self.user.id) or forms.initial(message.blocks)
        payload = {
            **shapes.interaction(workspace, "block_actions", self.user),
            "trigger_id": workspace.mint_trigger(self.user.id),
            **shapes.in_message(workspace, message),
            "state": {"values": deepcopy(inputs)},
            "response_url": workspace.mint_response_url("actions", self.user.id, message.channel, message),
            "actions": [forms.acted(found, state, workspace.mint_ts())],
        }
        delivery = await self._courier.deliver("interactive", payload)
        if not delivery.ok:
            self._note(message.channel, f'That did not work: the app failed with "{delivery.shown_error}".')
        return delivery

    async def _act_in_view(self, view: View, found: forms.Place, state: Json) -> Delivery:
        payload = {
            **shapes.interaction(self._workspace, "block_actions", self.user),
            "trigger_id": self._workspace.mint_trigger(self.user.id),
            **shapes.in_view(self._workspace, view),
            "actions": [forms.acted(found, state, self._workspace.mint_ts())],
        }
        delivery = await self._courier.deliver("interactive", payload)
        view.trouble = None if delivery.ok else TROUBLE
        self._workspace.touch()
        return delivery

    async def _suggested(self, place_id: str, found: forms.Place, text: str, where: Json) -> list[Json]:
        block, element = found
        if element["type"] not in ("external_select", "multi_external_select"):
            raise forms.NoSuchElement(f"{element['action_id']!r} is not an external menu")
        if len(text) < element.get("min_query_length", 3):
            return []
        payload = {
            **shapes.interaction(self._workspace, "block_suggestion", self.user),
            "action_id": element["action_id"],
            "block_id": block["block_id"],
            "value": text,
            **where,
        }
        delivery = await self._courier.deliver("options", payload)
        if not delivery.ok or limits.option_problems(delivery.answer):
            return []
        offered = forms.options(delivery.answer)
        self._offered(place_id, found).extend(offered)
        return offered

    def _offered(self, place_id: str, found: forms.Place) -> list[Json]:
        key = (self.user.id, place_id, found.block["block_id"], found.element["action_id"])
        return self._workspace.offered.setdefault(key, [])

    def _settle(self, view: View, delivery: Delivery) -> None:
        """Do what the app answered to a submission."""
        stack = self._workspace.modals.get(self.user.id, ())
        if view not in stack:
            return
        if not delivery.ok:
            view.trouble = TROUBLE
        else:
            try:
                self._follow(view, delivery.answer)
            except SlackError:
                view.trouble = TROUBLE
        self._workspace.touch()

    def _follow(self, view: View, answer: Any) -> None:
        workspace, stack = self._workspace, self._workspace.modals[self.user.id]
        match answer:
            case {"response_action": "errors", "errors": dict(errors)} if errors:
                if not errors.keys() <= {b["block_id"] for b in view.blocks if b["type"] == "input"}:
                    raise SlackError("invalid_block_id")
                view.errors = errors
            case {"response_action": "clear"}:
                workspace.modals[self.user.id] = []
            case {"response_action": "update", "view": body}:
                views.change(workspace, view, views.checked(body, "modal"))
            case {"response_action": "push", "view": body}:
                views.show(workspace, self.user.id, views.checked(body, "modal"), above=True)
            case None | {} if not answer:
                workspace.modals[self.user.id] = [each for each in stack if each is not view]
            case _:
                raise SlackError("invalid_response")


def visible(workspace: Workspace, message: Message, viewer: str) -> bool:
    """Return whether somebody sees a message: public channels from outside too, notes only their own."""
    if message.ephemeral_to is not None:
        return message.ephemeral_to == viewer
    channel = workspace.channels[message.channel]
    return viewer in channel.members or not (channel.private or _is_guest(workspace, viewer))


def _is_guest(workspace: Workspace, user_id: str) -> bool:
    user = workspace.users[user_id]
    return user.is_restricted or user.is_stranger or user.team_id != workspace.team_id


def _button(blocks: list[Json], action_id: str, block_id: str | None, value: str | None) -> forms.Place:
    found = forms.place(blocks, action_id, block_id, value)
    if found.element["type"] != "button":
        raise forms.NoSuchElement(f"{action_id!r} is a {found.element['type']}, not a button")
    return found


def _field(blocks: list[Json], key: str) -> forms.Place:
    for found in forms.places(blocks):
        if key in (found.block["block_id"], found.element["action_id"]):
            return found
    raise forms.NoSuchElement(f"no field {key!r} in this view")


def _keep(inputs: Json, found: forms.Place, state: Json) -> None:
    if state and found.element["type"] != "overflow":
        inputs.setdefault(found.block["block_id"], {})[found.element["action_id"]] = state


def _complaints(view: View) -> dict[str, str]:
    inputs = [block for block in view.blocks if block["type"] == "input"]
    found = {
        block["block_id"]: forms.complaint(
            block, view.inputs[block["block_id"]][block["element"]["action_id"]]
        )
        for block in inputs
    }
    return {block_id: words for block_id, words in found.items() if words}
