"""The stand-in Slack: each Block Kit limit is enforced at its edge."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from integrations.slack.standin import StandIn
from integrations.slack.standin.limits import block_problems, option_problems, view_problems

from .workspace import APPROVALS, FORM, OWNER, refusal

Json = dict[str, Any]


def plain(size: int) -> Json:
    """Return plain text of *size* characters."""
    return {"type": "plain_text", "text": "x" * size}


def mrkdwn(size: int) -> Json:
    """Return mrkdwn text of *size* characters."""
    return {"type": "mrkdwn", "text": "x" * size}


def option(text: int = 1, value: int = 1, **more: Any) -> Json:
    """Return an option with texts of these sizes."""
    return {"text": plain(text), "value": "x" * value, **more}


def actions(*elements: Json) -> Json:
    """Return a block of actions."""
    return {"type": "actions", "elements": list(elements)}


def button(**more: Any) -> Json:
    """Return a button."""
    return {"type": "button", "text": plain(1), **more}


def select(**more: Any) -> Json:
    """Return a menu."""
    return {"type": "static_select", **more}


def asked(element: Json | None = None, **more: Any) -> Json:
    """Return an input block."""
    return {"type": "input", "label": plain(1), "element": element or {"type": "plain_text_input"}, **more}


def confirm(title: int = 1, text: int = 1, deny: int = 1) -> Json:
    """Return a confirm dialog."""
    return {"title": plain(title), "text": mrkdwn(text), "confirm": plain(1), "deny": plain(deny)}


EDGES: dict[str, tuple[int, Callable[[int], Json]]] = {
    "section text": (3000, lambda n: {"type": "section", "text": mrkdwn(n)}),
    "section fields": (10, lambda n: {"type": "section", "fields": [mrkdwn(1)] * n}),
    "section field": (2000, lambda n: {"type": "section", "fields": [mrkdwn(n)]}),
    "header": (150, lambda n: {"type": "header", "text": plain(n)}),
    "context elements": (10, lambda n: {"type": "context", "elements": [mrkdwn(1)] * n}),
    "actions elements": (25, lambda n: actions(*[button() for _ in range(n)])),
    "block_id": (255, lambda n: {"type": "divider", "block_id": "x" * n}),
    "action_id": (255, lambda n: actions(button(action_id="x" * n))),
    "button text": (75, lambda n: actions(button(text=plain(n)))),
    "button value": (2000, lambda n: actions(button(value="x" * n))),
    "button url": (3000, lambda n: actions(button(url="x" * n))),
    "button accessibility_label": (75, lambda n: actions(button(accessibility_label="x" * n))),
    "confirm title": (100, lambda n: actions(button(confirm=confirm(title=n)))),
    "confirm text": (300, lambda n: actions(button(confirm=confirm(text=n)))),
    "confirm deny": (30, lambda n: actions(button(confirm=confirm(deny=n)))),
    "option text": (75, lambda n: actions(select(options=[option(n)]))),
    "option value": (150, lambda n: actions(select(options=[option(1, n)]))),
    "option description": (75, lambda n: actions(select(options=[option(description=plain(n))]))),
    "select options": (100, lambda n: actions(select(options=[option()] * n))),
    "select groups": (
        100,
        lambda n: actions(select(option_groups=[{"label": plain(1), "options": [option()]}] * n)),
    ),
    "group label": (
        75,
        lambda n: actions(select(option_groups=[{"label": plain(n), "options": [option()]}])),
    ),
    "placeholder": (150, lambda n: actions(select(options=[option()], placeholder=plain(n)))),
    "overflow": (5, lambda n: actions({"type": "overflow", "options": [option()] * n})),
    "checkboxes": (10, lambda n: actions({"type": "checkboxes", "options": [option()] * n})),
    "radio_buttons": (10, lambda n: actions({"type": "radio_buttons", "options": [option()] * n})),
    "input label": (2000, lambda n: asked(label=plain(n))),
    "input hint": (2000, lambda n: asked(hint=plain(n))),
    "max_length": (3000, lambda n: asked({"type": "plain_text_input", "max_length": n})),
    "image url": (3000, lambda n: {"type": "image", "image_url": "x" * n, "alt_text": "x"}),
    "image alt_text": (2000, lambda n: {"type": "image", "image_url": "x", "alt_text": "x" * n}),
    "image title": (2000, lambda n: {"type": "image", "image_url": "x", "alt_text": "x", "title": plain(n)}),
    "markdown": (12_000, lambda n: {"type": "markdown", "text": "x" * n}),
    "table rows": (100, lambda n: {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]] * n}),
    "table cells": (20, lambda n: {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * n]}),
}


@pytest.mark.parametrize("name", EDGES)
def test_each_limit_holds_at_its_edge(name: str) -> None:
    """The largest allowed passes, one more does not."""
    most, block = EDGES[name]
    assert block_problems([block(most)], "message") == []
    assert block_problems([block(most + 1)], "message") != []


@pytest.mark.parametrize(
    ("block", "complaint"),
    [
        ({"type": "marquee"}, "unsupported type: marquee [json-pointer:/blocks/0/type]"),
        ({"type": "section"}, "missing required field: text [json-pointer:/blocks/0]"),
        ({"type": "header", "text": mrkdwn(1)}, "unsupported type: mrkdwn"),
        ({"type": "section", "text": mrkdwn(0)}, "must be more than 0 characters"),
        ({"type": "section", "text": "plain"}, "missing required field: type"),
        ({"type": "divider", "colour": "red"}, "invalid additional property: colour"),
        (actions(), "no fewer than 1 items allowed"),
        (actions(button(style="green")), "must be one of: primary, danger"),
        (actions(button(action_id="a"), button(action_id="a")), "action_id 'a' already exists"),
        (actions({"type": "plain_text_input"}), "unsupported type: plain_text_input"),
        (asked(button()), "unsupported type: button"),
        (actions(select()), "must provide either options or option_groups"),
    ],
)
def test_broken_blocks_are_named(block: Json, complaint: str) -> None:
    """What is wrong is said in Slack's words, with where it is."""
    assert complaint in block_problems([block], "message")[0]


def test_blocks_are_counted_per_surface() -> None:
    """A message holds fifty blocks, a modal and a home a hundred."""
    for surface, most in (("message", 50), ("modal", 100), ("home", 100)):
        blocks: list[Json] = [{"type": "divider"}] * most
        assert block_problems(blocks, surface) == []  # type: ignore[arg-type] # the loop widens the literal
        assert block_problems([*blocks, {"type": "divider"}], surface)  # type: ignore[arg-type] # the same


def test_blocks_are_checked_together() -> None:
    """Ids repeat, tables pair up and markdown adds up only across blocks."""
    twice: list[Json] = [{"type": "divider", "block_id": "a"}] * 2
    tables: list[Json] = [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}] * 2
    long: list[Json] = [{"type": "markdown", "text": "x" * 6001}] * 2
    for blocks in (twice, tables, long):
        assert block_problems(blocks[:1], "message") == []
        assert len(block_problems(blocks, "message")) == 1


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"title": plain(25)}, "must be less than 25 characters [json-pointer:/view/title/text]"),
        ({"submit": plain(25)}, "must be less than 25 characters"),
        ({"close": plain(25)}, "must be less than 25 characters"),
        ({"private_metadata": "x" * 3001}, "must be less than 3001 characters"),
        ({"callback_id": "x" * 256}, "must be less than 256 characters"),
        ({"external_id": "x" * 256}, "must be less than 256 characters"),
        ({"title": None, "type": "dialog"}, "unsupported type: dialog"),
        ({"blocks": [{"type": "markdown", "text": "x"}]}, "unsupported type: markdown"),
        ({"colour": "red"}, "invalid additional property: colour"),
    ],
)
def test_views_have_their_limits(changed: Json, complaint: str) -> None:
    """A form that is fine is refused when one part is too much."""
    assert view_problems(FORM) == []
    assert complaint in view_problems({**FORM, **changed})[0]


def test_a_form_with_fields_needs_a_submit_button() -> None:
    """Without submit, fields could never be sent."""
    assert (
        "missing required field: submit"
        in view_problems({key: value for key, value in FORM.items() if key != "submit"})[0]
    )


def test_suggestions_have_their_limits() -> None:
    """At most a hundred options, which may be none, in groups or not but not both."""
    assert option_problems({"options": []}) == []
    assert option_problems({"options": [option()] * 100}) == []
    assert option_problems({"options": [option()] * 101})
    assert option_problems({"options": [], "option_groups": []})
    assert option_problems("nothing")


async def test_a_bad_block_fails_the_whole_message(slack: StandIn, client: AsyncWebClient) -> None:
    """The API answers invalid_blocks with the details, and posts nothing."""
    blocks: list[Json] = [{"type": "divider"}, {"type": "header", "text": plain(151)}]
    answer = await refusal(client.chat_postMessage(channel=APPROVALS, text="a", blocks=blocks))
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 151 characters [json-pointer:/blocks/1/text/text]"
    ]
    assert slack.messages(APPROVALS, OWNER) == []


async def test_a_view_over_250_kilobytes_is_too_large(client: AsyncWebClient) -> None:
    """A home whose JSON is over 250 KB is refused as such, a broken one as invalid_arguments."""
    fields = [mrkdwn(2000)] * 10
    large = {"type": "home", "blocks": [{"type": "section", "fields": fields} for _ in range(13)]}
    broken = {"type": "home", "blocks": [{"type": "marquee"}]}
    errors = [
        (await refusal(client.views_publish(user_id=OWNER, view=view)))["error"] for view in (large, broken)
    ]
    assert errors == ["view_too_large", "invalid_arguments"]
