"""A page is the same in both forms, and what it says is never taken for markup."""

from bot.core.page import Form, Heading, Items, Paragraph, written

PAGE = (
    Heading(text="Infrastructure", level=1),
    Heading(text="SMS app"),
    Paragraph(text="Repository: `sms_conference`; *not* bold, not a_ link,\n in one line."),
    Items(items=("<b> and [brackets]", "a | b")),
)


def test_restructured_text() -> None:
    """Headings are underlined, code has two backticks, what would be markup is escaped."""
    assert written(PAGE, Form.RST).splitlines() == [
        "Infrastructure",
        "==============",
        "",
        "SMS app",
        "-------",
        "",
        r"Repository: ``sms_conference``; \*not\* bold, not a\_ link, in one line.",
        "",
        "- <b> and [brackets]",
        r"- a \| b",
    ]


def test_markdown() -> None:
    """Headings have hashes, code has one backtick, what would be markup is escaped."""
    assert written(PAGE, Form.MARKDOWN).splitlines() == [
        "# Infrastructure",
        "",
        "## SMS app",
        "",
        r"Repository: `sms_conference`; \*not\* bold, not a\_ link, in one line.",
        "",
        r"- \<b> and \[brackets]",
        "- a | b",
    ]
