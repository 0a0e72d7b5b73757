"""Slack's markup on the page."""

import pytest

from bot.sandbox.page.mrkdwn import plain, rendered

NAMES = {"U1": "cory", "C1": "general"}


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*bold* _italic_ ~gone~", "<strong>bold</strong> <em>italic</em> <s>gone</s>"),
        ("2*3*4 and snake_case_word", "2*3*4 and snake_case_word"),
        ("`*code* <b>`", "<code>*code* &lt;b&gt;</code>"),
        ("*all _of_ it*", "<strong>all <em>of</em> it</strong>"),
        (
            "<@U1> in <#C1|general>",
            '<span class="mention">@cory</span> in <span class="mention">#general</span>',
        ),
        (
            "<!here> <!date^1^x|today>",
            '<span class="mention">@here</span> <span class="mention">today</span>',
        ),
        ("a &amp; b &lt;c&gt;", "a &amp; b &lt;c&gt;"),
        ("one\ntwo", "one<br>two"),
        ("&gt; said\n&gt; twice\nafter", "<blockquote>said<br>twice</blockquote>after"),
        ("```\n*as is* <&amp;\n```", "<pre>*as is* &lt;&amp;\n</pre>"),
        ("✅ done", '<span class="sign good" role="img" aria-label="✅">✓</span> done'),
        ("❔ not decided", '<span class="sign wait" role="img" aria-label="❔">?</span> not decided'),
        ("<javascript:alert(1)|x>", "&lt;javascript:alert(1)&gt;"),
    ],
)
def test_markup_becomes_html(text: str, html: str) -> None:
    """Marks become elements; everything else is only shown."""
    assert rendered(text, NAMES) == html


def test_links_open_elsewhere() -> None:
    """A link shows its label and leads to its address, quoted."""
    html = rendered('<https://example.org/?a=1&amp;b="2|there>', NAMES)
    assert html.startswith('<a href="https://example.org/?a=1&amp;b=&quot;2" target="_blank"')
    assert html.endswith(">there</a>")


def test_nothing_of_a_text_becomes_an_element() -> None:
    """What somebody writes cannot become part of the page."""
    html = rendered('<script>alert("x")</script> *<img src=x>* `</code>` &lt;b&gt;', NAMES)
    assert "<script" not in html
    assert "<img" not in html
    assert "<b>" not in html


def test_plain_has_no_entities() -> None:
    """Where no markup is shown, the signs stand as they are."""
    assert plain("a &amp;lt; &lt;b&gt;") == "a &lt; <b>"
