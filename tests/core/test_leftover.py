"""What grants left over, in words."""

from datetime import timedelta

from bot.core.change import Change
from bot.core.leftover import Left, told
from bot.core.reply import Choices, Notice, Table
from tests.core.samples import LONDON, NOW

CHANGE = Change(
    resource="house.lamp", target="hall", before={"on": True}, after=None, words="hall goes dark (now: lit)"
)
LEFT = Left(request="r12", number=12, ended_at=NOW - timedelta(days=1), change=CHANGE, same=True)


def test_what_nobody_can_look_at_is_said_without_a_button() -> None:
    """A target that the vendor hides is named with why; nothing can be planned for it."""
    hidden = LEFT.model_copy(update={"same": False, "unseen": "The house knows no hall."})
    reply = told((hidden,), LONDON)
    assert reply.title == "I cannot see whether #12 left access"
    [table] = reply.blocks
    assert isinstance(table, Table)
    assert table.rows[0][3] == "please look: The house knows no hall."
    assert (
        told((LEFT.model_copy(update={"number": 15}), hidden), LONDON).title == "Access is left over from #15"
    )


def test_what_is_left_is_listed_with_the_way_to_remove_it() -> None:
    """Each is named with its request, its end and what it is now; the button files a plan."""
    moved = LEFT.model_copy(update={"number": 15, "same": False})
    tried = LEFT.model_copy(update={"number": 16, "trying": True})
    reply = told((LEFT, moved, tried), LONDON)
    assert reply.title == "Access is left over from #12, #15 and #16"
    table, ways = reply.blocks
    assert isinstance(table, Table)
    assert isinstance(ways, Choices)
    assert [(row[0], row[1], row[3]) for row in table.rows] == [
        ("#12", "hall goes dark (now: lit)", "still as it was granted"),
        ("#15", "hall goes dark (now: lit)", "not what was granted any more"),
        ("#16", "hall goes dark (now: lit)", "its end, approved with it, is being tried"),
    ]
    assert [choice.line for choice in ways.choices] == ["leftovers remove"]


def test_what_is_tried_by_itself_needs_nobody() -> None:
    """Where every end is being tried there is nothing to press."""
    reply = told((LEFT.model_copy(update={"trying": True}),), LONDON)
    assert not any(isinstance(block, Choices) for block in reply.blocks)


def test_nothing_left_is_said() -> None:
    """Who asks while nothing is left over reads so."""
    [block] = told((), LONDON).blocks
    assert isinstance(block, Notice)
