"""What vendors answer, read with care: reasons, waits, nothing secret."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

REASONS = ("message", "error", "detail", "error_message")  # where vendors say why
_SECRET = re.compile(
    r"(gh[oprsu]_|github_pat_|xox[a-z]-|xapp-|HRKU-)[\w.~+/=-]{4,}|(?<=Bearer )[\w.~+/=-]+"
    r"|(?<=Basic )[\w+/]{16,}=*"  # name and password
    r"|\bey[\w-]{10,}\.[\w-]{4,}\.[\w-]{4,}"  # a JSON web token
    r"|(?<=PRIVATE KEY-----)[^-]{20,}",
    re.IGNORECASE,
)


def redacted(text: str, secrets: Iterable[str] = ()) -> str:
    """Return *text* without the known *secrets* and without anything shaped like a token."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):  # one may begin with another
        text = text.replace(secret, "[secret]")
    return _SECRET.sub("[secret]", text)


@dataclass(frozen=True)
class Answer:
    """What a vendor answered; *content* is the parsed JSON, None for an empty body."""

    status: int
    headers: Mapping[str, str]
    content: Any = None

    @property
    def reason(self) -> str:
        """Return the vendor's reason in one short line, and ``errors`` of any shape."""
        if not isinstance(self.content, dict):
            return ""
        first = next((self.content[key] for key in REASONS if self.content.get(key)), None)
        said = [first, *_flat(self.content.get("errors"))]
        line = ": ".join(dict.fromkeys(str(part) for part in said if part))
        return "".join(c if c.isprintable() else " " for c in line)[:300].rstrip(".")

    @property
    def date(self) -> datetime | None:
        """Return the vendor's own time when it answered."""
        return _date(self.headers.get("Date"))

    def wait(self, now: datetime) -> float | None:
        """Return the seconds the vendor asks us to wait; None when it does not. GitHub asks with 403 too."""
        spent = self.headers.get("X-RateLimit-Remaining") == "0"
        asks = spent or "Retry-After" in self.headers or "rate limit" in self.reason.lower()
        if self.status != 429 and not (self.status == 403 and asks):
            return None
        now = self.date or now
        after, reset = self.headers.get("Retry-After", ""), self.headers.get("X-RateLimit-Reset", "")
        if after.isdecimal():
            return float(after)
        if until := _date(after):
            return max(0.0, (until - now).total_seconds())
        return max(1.0, int(reset) - now.timestamp()) if spent and reset.isdecimal() else 60.0

    def link(self, rel: str) -> str | None:
        """Return the target of the ``Link`` header with this relation."""
        for target, parameters in re.findall(r"<([^>]*)>([^,<]*)", self.headers.get("Link", "")):
            if re.search(rf'\brel="?{rel}\b', parameters):
                return str(target)
        return None


def _flat(errors: Any) -> Iterator[Any]:
    if isinstance(errors, str):
        yield errors
    elif isinstance(errors, list):
        for error in errors:
            if isinstance(error, dict):
                yield error.get("message") or " ".join(
                    str(error[k]) for k in ("field", "code") if error.get(k)
                )
            else:
                yield error
    elif isinstance(errors, dict):
        for name, texts in errors.items():
            yield f"{name} {', '.join(map(str, texts)) if isinstance(texts, list) else texts}"


def _date(text: str | None) -> datetime | None:
    try:
        at = parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
