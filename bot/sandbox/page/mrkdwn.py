"""Slack's markup as HTML."""

import html
import re
from collections.abc import Callable, Mapping

_BLOCK = re.compile(r"```\n?(?P<pre>.+?)```", re.DOTALL)
_SPAN = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|<(?P<sign>[@#!]?)(?P<target>[^<>|\n]+)(?:\|(?P<label>[^<>\n]*))?>"
    r"|(?<![\w*])\*(?P<bold>\S|\S[^\n]*?\S)\*(?![\w*])"
    r"|(?<![\w_])_(?P<italic>\S|\S[^\n]*?\S)_(?![\w_])"
    r"|(?<![\w~])~(?P<strike>\S|\S[^\n]*?\S)~(?![\w~])"
)
_QUOTE = re.compile(r"(?:^&gt; ?.*(?:\n|$))+", re.MULTILINE)
_TAGS = {"bold": "strong", "italic": "em", "strike": "s"}
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
# Drawn by us, since not every machine has a font for them: sign, class, letter.
_SIGNS = {
    "✅": ("good", "✓"),
    "❌": ("bad", "✕"),
    "⚠️": ("warn", "!"),
    "⏳": ("wait", "…"),
    "❓": ("warn", "?"),
    "❔": ("wait", "?"),
    "▫️": ("none", ""),
}
_SIGN = re.compile("|".join(_SIGNS))


def rendered(text: str, names: Mapping[str, str]) -> str:
    """Return *text* as HTML; *names* are those of users and channels by id."""

    def lines(prose: str) -> str:
        return spans(prose).replace("\n", "<br>")

    def spans(prose: str) -> str:
        return _woven(_SPAN, prose, span, _shown)

    def span(found: re.Match[str]) -> str:
        tag = _TAGS.get(found.lastgroup or "")
        if tag:
            return f"<{tag}>{spans(found[found.lastgroup or 0])}</{tag}>"
        if found["code"]:
            return f"<code>{_shown(found['code'])}</code>"
        return _reference(found["sign"], found["target"], found["label"], names)

    def quote(found: re.Match[str]) -> str:
        inner = re.sub(r"^&gt; ?", "", found[0], flags=re.MULTILINE).rstrip("\n")
        return f"<blockquote>{lines(inner)}</blockquote>"

    def prose(text: str) -> str:
        return _woven(_QUOTE, text, quote, lines)

    return _woven(_BLOCK, text, lambda found: f"<pre>{_shown(found['pre'])}</pre>", prose)


def plain(text: str) -> str:
    """Return *text* without its entities, for places that show no markup."""
    for entity, sign in _ENTITIES.items():
        text = text.replace(entity, sign)
    return text


def _woven(
    pattern: re.Pattern[str],
    text: str,
    inside: Callable[[re.Match[str]], str],
    outside: Callable[[str], str],
) -> str:
    """Return *text* with *inside* applied to each match and *outside* to what lies between."""
    made, at = [], 0
    for found in pattern.finditer(text):
        made += [outside(text[at : found.start()]), inside(found)]
        at = found.end()
    return "".join([*made, outside(text[at:])])


def _reference(sign: str, target: str, label: str | None, names: Mapping[str, str]) -> str:
    if sign in {"@", "#"}:
        name = label or names.get(target, target)
        return f'<span class="mention">{sign}{_shown(name)}</span>'
    if sign == "!":
        return f'<span class="mention">{_shown(label or "@" + target.partition("^")[0])}</span>'
    if not target.startswith(("http://", "https://", "mailto:")):
        return _shown(f"<{target}>")
    words = _shown(label or target)
    return f'<a href="{html.escape(plain(target))}" target="_blank" rel="noreferrer noopener">{words}</a>'


def _shown(text: str) -> str:
    return _SIGN.sub(_drawn, html.escape(plain(text)))


def _drawn(found: re.Match[str]) -> str:
    kind, letter = _SIGNS[found[0]]
    return f'<span class="sign {kind}" role="img" aria-label="{found[0]}">{letter}</span>'
