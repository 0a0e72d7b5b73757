"""Replies in Block Kit, and its limits."""

from typing import Any

from bot.core.reply import Chart, Choice, Choices, Fields, File, Notice, Progress, Reply, Table, Text
from bot.frontends.slack import kit
from bot.frontends.slack.render import render
from tests.frontends.slack.drawing import drawn, pressed

ALL = Reply(
    title="Who can push to *website*",
    blocks=(
        Text(text="Read *this* & `that`.\n• one"),
        Fields(pairs=(("Repository", "2026.pyconuk.org"), ("Level", "Write"))),
        Table(
            columns=("Who", "Level", "Why"), rows=(("Cory", "Admin", "owner"), ("*organiser-1*", "", "core"))
        ),
        Notice(level="warning", text="Nobody has 2FA"),
        Chart(title="Sales", png=b"png", words="120 of 400 sold"),
        File(name="costs.csv", text="vendor"),
        Progress(text="Still looking"),
        Choices(text="Which?", choices=(Choice(label="Just this one", line="grant-push a b --direct"),)),
    ),
)


def test_each_block() -> None:
    """Each kind of block is drawn, and the title is the notification."""
    message = render(ALL)
    assert message.text == "Who can push to website"
    assert message.files == ALL.blocks[4:6]
    assert drawn(message) == (
        "*Who can push to website*\n"
        "Read *this* &amp; `that`.\n• one\n"
        "*Repository:* 2026.pyconuk.org\n*Level:* Write\n"
        "_Who · Level · Why_\n*Cory* · Admin · owner\n*organiser-1* · core\n"
        "⚠️ Nobody has 2FA\n"
        "*Sales*\n120 of 400 sold\n"
        "📎 `costs.csv` is in your conversation with me.\n"
        "(⏳ Still looking)\n"
        "Which?\n[Just this one]"
    )
    assert pressed(message, "Just this one")["value"] == "grant-push a b --direct"


def test_a_long_table_goes_on_in_further_paragraphs() -> None:
    """A table larger than a paragraph is split; nothing is lost."""
    rows = tuple((f"row-{index:04}", "x" * 40) for index in range(200))
    message = render(Reply(title="Many", blocks=(Table(columns=("Name", "X"), rows=rows),)))
    blocks: tuple[Any, ...] = message.blocks
    assert max(len(block["text"]["text"]) for block in blocks) <= kit.MOST_TEXT
    assert all(f"row-{index:04}" in drawn(message) for index in range(200))


def test_an_endless_table_says_what_is_missing() -> None:
    """A table beyond what a message holds ends with the number of rows left out."""
    rows = tuple((f"row-{index:04}", "x" * 100) for index in range(1000))
    shown = drawn(render(Reply(title="Endless", blocks=(Table(columns=("Name", "X"), rows=rows),))))
    last = shown.splitlines()[-1]
    assert last == f"… and {1000 - shown.count('row-')} more rows. Ask for fewer to see them."


def test_no_message_is_larger_than_slack_takes() -> None:
    """Too many blocks, too long texts, labels and values are cut, and the cut is said."""
    blocks = tuple(Text(text="<" * 4000) for _ in range(60))
    choices = Choices(text="?", choices=tuple(Choice(label="l" * 99, line="x" * 2500) for _ in range(40)))
    message = render(Reply(title="t" * 9000, blocks=(choices, *blocks)))
    assert len(message.blocks) == kit.MOST_BLOCKS
    assert drawn(message).endswith("more parts that do not fit here.)")
    assert len(message.text) <= kit.MOST_NOTIFICATION
    row: Any = message.blocks[2]["elements"]
    assert len(row) == 25
    assert len(row[0]["text"]["text"]) <= 75
    assert len(row[0]["value"]) <= 2000


def test_a_reply_of_a_title_alone() -> None:
    """A reply without blocks still shows its title."""
    assert drawn(render(Reply(title="Done"))) == "*Done*"
