"""Text as Slack writes it: cleaned where it comes in, escaped where it goes out."""

import re
import unicodedata

_REFERENCE = re.compile(r"<([@#!]?)([^<>|\s]+)(?:\|([^<>\n]*))?>")
_MENTION = re.compile(r"&lt;@([UW][A-Z0-9]+)&gt;")
_OPTION_DASH = re.compile(r"(?<!\S)[—–](?=\w)")
_MARKS = re.compile(r"\*(\S(?:[^*\n]*\S)?)\*|`([^`\n]+)`")
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("“”„‟", '"'),
        **dict.fromkeys("‘’‚‛", "'"),
        **dict.fromkeys("\u00a0\u2007\u202f\u3000", " "),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\r"),
        **dict.fromkeys(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))),
    }
)


def clean(text: str) -> str:
    """Return what somebody typed, without Slack's references, entities and a phone's typography."""
    plain = _REFERENCE.sub(_referred, text)
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        plain = plain.replace(entity, sign)
    plain = unicodedata.normalize("NFC", plain).translate(_PLAIN)
    return _OPTION_DASH.sub("--", plain).strip()


def _referred(found: re.Match[str]) -> str:
    sign, target, label = found[1], found[2], found[3]
    if sign in {"@", "#"} and sign:
        return f"<{sign}{target}>"
    if sign == "!":
        return label or f"@{target.partition('^')[0]}"
    return label or target.removeprefix("mailto:")


def escape(text: str) -> str:
    """Return our *text* as Slack's markup: marks and mentions of one person stay, the rest is only shown."""
    shown = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MENTION.sub(r"<@\1>", shown)


def unmarked(text: str) -> str:
    """Return *text* without the marks of bold and code, for places that show plain text."""
    return _MARKS.sub(lambda found: found[1] or found[2], text)


def one_line(text: str) -> str:
    """Return *text* on one line."""
    return " ".join(text.split())


def cut(text: str, most: int) -> str:
    """Return *text* in at most *most* characters; what is cut off is said."""
    if len(text) <= most:
        return text
    note = f" … ({len(text) - most} more characters)" if most > 100 else "…"
    return re.sub(r"&[a-z]{0,3}$", "", text[: most - len(note) - 4]) + note
