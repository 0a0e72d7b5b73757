"""Text at Slack's edge."""

import pytest

from bot.frontends.slack.text import clean, cut, escape, one_line, unmarked


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("grant-push <@U1|organiser-1> website", "grant-push <@U1> website"),
        ("grant-push <@U1> website", "grant-push <@U1> website"),
        ("look in <#C1|general> and <#C2|>", "look in <#C1> and <#C2>"),
        ("dns check <http://2016.pyconuk.org|2016.pyconuk.org>", "dns check 2016.pyconuk.org"),
        ("see <https://pyconuk.org/a?b=1&amp;c=2>", "see https://pyconuk.org/a?b=1&c=2"),
        ("<mailto:a@pyconuk.org|a@pyconuk.org>", "a@pyconuk.org"),
        ("hey <!here> and <!subteam^S1|@core>", "hey @here and @core"),
        ("because Q&amp;A &lt;3 &amp;lt;", "because Q&A <3 &lt;"),
        ("because “it’s ‘ours’”", "because \"it's 'ours'\""),
        ("grant-push organiser-1 website —for 14d", "grant-push organiser-1 website --for 14d"),
        ("grant-push organiser-1 website –for 14d", "grant-push organiser-1 website --for 14d"),
        ("—dry", "--dry"),
        ("because this — as I said — and 9—5", "because this — as I said — and 9—5"),
        ("web\u200bsite\ufeff \u202eabc\u2066", "website abc"),
        ("grant-push\u00a0organiser-1\u202fwebsite", "grant-push organiser-1 website"),
        ("  help  ", "help"),
        ("a < b > c <", "a < b > c <"),
        ("", ""),
    ],
)
def test_clean(typed: str, understood: str) -> None:
    """What people type reaches the grammar without Slack's dress and a phone's typography."""
    assert clean(typed) == understood


def test_nothing_foreign_pings_or_links() -> None:
    """Of what others wrote only the mention of one person stays alive."""
    assert escape("<!channel> <https://evil|GitHub> & <@U1> <@U1|x>") == (
        "&lt;!channel&gt; &lt;https://evil|GitHub&gt; &amp; <@U1> &lt;@U1|x&gt;"
    )


def test_plain_places_show_no_marks() -> None:
    """Bold and code lose their marks; stars and ticks of other meaning stay."""
    assert unmarked("*Write* on `website` 2 * 3 = 6") == "Write on website 2 * 3 = 6"


def test_cutting_says_so_and_splits_no_entity() -> None:
    """A text that is too long says how much is missing and never ends in half an entity."""
    cut_off = cut("a" * 94 + "&amp;" * 30, 150)
    assert len(cut_off) <= 150
    assert cut_off.endswith("more characters)")
    assert "&" not in cut_off.replace("&amp;", "")
    assert cut("short", 150) == "short"


def test_one_line() -> None:
    """A reason of several lines is quoted on one."""
    assert one_line("for\n\n the  page") == "for the page"
