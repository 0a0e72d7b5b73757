"""The form to ask with: opened by the command alone or the shortcut, completed live, asked as if typed."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from bot.core.errors import Unavailable
from bot.frontends.slack import Source
from bot.frontends.slack.asking import ASK
from bot.frontends.slack.offers import Offers
from integrations.slack.standin import StandIn, View
from tests.frontends.slack.office import GENERAL, GUEST, NEWCOMER, ORGANISER, Office, opened, shown

THINGS = {"lamp": "lamp", "ladder": "ladder", "42": "#42 a box"}


async def things() -> Mapping[str, str]:
    """Return what there is."""
    return THINGS


@pytest.fixture
async def office(database_url: str, slack: StandIn) -> AsyncIterator[Office]:
    """Give the bot at work, with things to complete."""
    async with opened(database_url, slack, sources=[Source("things", "The store", things)]) as office:
        yield office


async def form(office: Office, path: str = "") -> View:
    """Return the form that the organiser opened, for the command at *path*."""
    await office.says(ORGANISER, "/infra")
    view = await office.form(ORGANISER)
    if path:
        before = view.hash
        await office.slack.as_(ORGANISER).choose_in_view(view.id, "command", path)
        await office.slack.until(lambda: view.hash != before)
    return view


def fields(view: View) -> dict[str, str]:
    """Return the kind of each field of a form."""
    return {b["block_id"]: b["element"]["type"] for b in view.blocks if b["type"] == "input"}


async def test_the_command_alone_opens_the_form(office: Office) -> None:
    """`/infra` with nothing behind it asks what to ask, with the first command chosen and its fields."""
    view = await form(office)
    assert view.inputs["command"]["command"]["selected_option"]["value"] == "put"
    assert next(iter(fields(view))) == "command"
    assert list(fields(view))[-1] == "reason"
    assert "/infra put BOX=THING" in json.dumps(view.blocks)
    assert office.private(ORGANISER) == []


async def test_another_command_has_other_fields(office: Office) -> None:
    """Choosing a command shows a fitting field for each of its arguments."""
    assert fields(await form(office, "fetch")) == {
        "command": "static_select",
        "thing": "external_select",
        "until": "datepicker",
        "count": "plain_text_input",
        "colour": "static_select",
        "by": "users_select",
        "quickly": "checkboxes",
        "notes": "plain_text_input",
        "reason": "plain_text_input",
    }


async def test_what_only_looks_asks_for_no_reason(office: Office) -> None:
    """A command that readers may say has nothing to decide, so nobody is asked why."""
    assert list(fields(await form(office, "look"))) == ["command"]


async def test_a_form_is_asked_as_if_typed(office: Office) -> None:
    """What was filled in is understood like the line, and answered where the form was opened."""
    view = await form(office, "fetch")
    hand = office.slack.as_(ORGANISER)
    assert await hand.type_ahead(view.id, "things", "lam")
    said = {"thing": "lamp", "until": "2026-07-01", "count": "3", "colour": "green", "by": NEWCOMER}
    sent = await hand.submit(view.id, said | {"quickly": ["yes"], "notes": "a “b c”", "reason": "it’s dark"})
    assert sent is not None
    assert office.slack.views(ORGANISER) == []
    answer = shown(await office.told(ORGANISER, "Fetched", GENERAL))
    for words in ("'lamp'", "'2026-07-01'", "3", "'green'", NEWCOMER, "'quickly': True", "because it's dark"):
        assert words in answer


async def test_a_plan_from_the_form_becomes_one_request(office: Office) -> None:
    """A form that files does so once, however often Slack delivers it."""
    view = await form(office)
    sent = await office.slack.as_(ORGANISER).submit(
        view.id, {list(fields(view))[1]: "a=pear", "reason": "ripe"}
    )
    assert sent is not None
    assert 'organiser-1 asks: "ripe"' in shown(await office.carded("Put a=pear"))
    for _ in range(3):
        assert (await office.slack.redeliver(sent)).ok
    await office.settled()
    assert len(office.cards) == 1


async def test_a_mistake_is_said_at_its_field(office: Office) -> None:
    """What the line would be refused for stands at the field, and the form stays."""
    view = await form(office, "fetch")
    hand = office.slack.as_(ORGANISER)
    await hand.type_ahead(view.id, "things", "lamp")
    await hand.submit(view.id, {"thing": "lamp", "count": "many"})
    assert view.errors == {"count": "must be a whole number"}
    await hand.submit(view.id, {"thing": "lamp", "count": "-x"})
    assert list(view.errors) == ["command"]
    await hand.submit(view.id, {"thing": "lamp", "count": "4"})
    await office.told(ORGANISER, "Fetched", GENERAL)


async def test_closed_half_way_nothing_happens(office: Office) -> None:
    """Closing the form sends nothing, and asks nothing."""
    view = await form(office, "fetch")
    before = len(office.slack.deliveries)
    assert await office.slack.as_(ORGANISER).close(view.id) is None
    assert len(office.slack.deliveries) == before
    await office.settled()
    assert office.private(ORGANISER) == []


async def test_too_late_for_a_form_it_is_offered_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the trigger is spent that is said, with a button that opens the form and what can be typed."""
    with monkeypatch.context() as patch:
        patch.setattr(office.slack, "mint_trigger", lambda _user: "1.2.spent")  # the three seconds are over
        await office.says(ORGANISER, "/infra")
        answer = await office.told(ORGANISER, "*The form did not open in time.*")
    assert "`/infra help`" in shown(answer)
    await office.presses(ORGANISER, answer, ASK)
    assert (await office.form(ORGANISER)).body["callback_id"] == ASK


async def test_chosen_too_late_nothing_happens(office: Office) -> None:
    """A command that is chosen in a form as it closes opens nothing and breaks nothing."""
    view = await form(office)
    hand = office.slack.as_(ORGANISER)
    hand_choice = await hand.choose_in_view(view.id, "command", "look")
    assert hand_choice is not None
    await office.settled()
    await hand.close(view.id)
    assert (await office.slack.deliver("interactive", {**hand_choice.payload, "again": 1})).ok
    await office.settled()
    assert office.slack.views(ORGANISER) == []
    assert office.private(ORGANISER) == []
    assert office.direct(ORGANISER) == []


async def test_the_shortcut_opens_the_same_form(office: Office) -> None:
    """*Ask for access* opens the form anywhere; the answer then comes directly."""
    assert (await office.slack.as_(ORGANISER).shortcut("ask")).ok
    view = await office.form(ORGANISER)
    await office.slack.as_(ORGANISER).submit(view.id, {list(fields(view))[1]: "a=pear"})
    await office.noted(ORGANISER, "#1 is with the owners.")


async def test_names_are_offered_while_typing(office: Office) -> None:
    """What begins with what was typed comes first, then what holds it, then what was typed itself."""
    view = await form(office, "fetch")
    hand = office.slack.as_(ORGANISER)

    async def offered(typed: str) -> list[tuple[str, str]]:
        options = await hand.type_ahead(view.id, "things", typed)
        return [(o["value"], o.get("description", {}).get("text", "")) for o in options]

    assert await offered("LA") == [("lamp", ""), ("ladder", ""), ("LA", "As typed")]
    assert await offered("Lamp") == [("lamp", "")]
    assert await offered("box") == [("42", ""), ("box", "As typed")]


@pytest.mark.parametrize("who", [GUEST, NEWCOMER])
async def test_names_are_for_our_people(office: Office, who: str) -> None:
    """Somebody whom the bot would not answer is offered nothing."""
    view = await form(office, "fetch")
    await office.slack.as_(ORGANISER).type_ahead(view.id, "things", "lamp")
    asked = office.slack.deliveries[-1].payload
    forged: dict[str, Any] = {**asked, "user": {**asked["user"], "id": who}}
    assert (await office.slack.deliver("options", forged)).answer == {"options": []}
    assert (await office.slack.deliver("options", asked)).answer["options"]


async def test_a_slow_vendor_leaves_what_is_known() -> None:
    """Whoever is slow is named, what was known of it and what was typed are offered, and it is asked once."""
    open_, asked = asyncio.Event(), 0
    open_.set()

    async def slow() -> Mapping[str, str]:
        nonlocal asked
        asked += 1
        await open_.wait()
        return THINGS

    async def ours() -> Mapping[str, str]:
        return {"Lamp": "Lamp"}

    offers = Offers([Source("things", "our list", ours), Source("things", "GitHub", slow)], patience=0.05)
    assert [each.value for each in await offers.matching(["things"], "la")] == ["Lamp", "ladder", "la"]
    open_.clear()
    for _ in range(2):
        found = await offers.matching(["things"], "la")
        assert [each.value for each in found] == ["Lamp", "ladder", "la"]
        assert {each.note for each in found} == {"No answer from GitHub yet: this is what I know"}
    assert asked == 2
    await offers.close()


async def test_a_vendor_that_refuses_leaves_what_is_typed() -> None:
    """A vendor that is away is named beside what was typed."""

    async def away() -> Mapping[str, str]:
        raise Unavailable("github", "GitHub is away.")

    found = await Offers([Source("things", "GitHub", away)]).matching(["things"], "la")
    assert [(each.value, each.note) for each in found] == [
        ("la", "No answer from GitHub yet: this is what I know")
    ]
