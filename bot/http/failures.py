"""What becomes of a call that failed, in words with a next step."""

from dataclasses import dataclass
from datetime import timedelta

from bot.core.duration import spell
from bot.core.errors import Denied, Malformed, OutcomeUnknown, Rejected, Unavailable, VendorError
from bot.http.answers import Answer


@dataclass(frozen=True)
class Lack:
    """A right that our token lacks, in words, and how it gets it."""

    right: str
    remedy: str = "The maintainer gives the token that right; `infra check` names what is missing."


class Wait(Unavailable):
    """The vendor asks us to wait some *seconds*."""

    def __init__(self, vendor: str, seconds: float) -> None:
        super().__init__(
            vendor,
            f"{vendor} asks us to wait: too many calls. Nothing was changed.",
            f"Try again in {spell(timedelta(seconds=max(60, seconds)))}.",
        )
        self.seconds = seconds


def silent(vendor: str) -> Unavailable:
    """Return the error of a vendor that does not answer."""
    return Unavailable(vendor, f"{vendor} does not answer. Nothing was changed.", "Try again in a minute.")


def too_late(vendor: str) -> Unavailable:
    """Return the error of a write that did not leave before its deadline."""
    return Unavailable(vendor, f"Not sent to {vendor}: it was too late. Nothing was changed.", "Ask again.")


def unknown(vendor: str) -> OutcomeUnknown:
    """Return the error of a write whose answer is lost."""
    return OutcomeUnknown(
        vendor,
        f"{vendor} was asked, but its answer is lost.",
        "It may have happened: look before trying again.",
    )


def unreadable(vendor: str, what: str = "it is not JSON") -> Malformed:
    """Return the error of an answer that does not fit what the vendor documents."""
    return Malformed(
        vendor,
        f"{vendor}'s answer does not fit what it documents: {what}.",
        "Try again; tell the maintainer if it stays so.",
    )


def refused(vendor: str, answer: Answer, path: str, why: str, lack: Lack | None) -> VendorError:
    """Return the error that an answer of status 300 or more means; *lack* is a right our token lacks."""
    said = f" ({why})" if why else ""
    if answer.status == 401:
        return Denied(
            vendor,
            f"{vendor} does not accept our token{said}.",
            "It is wrong, expired or revoked: the maintainer makes a new one; `infra check` proves it.",
        )
    if answer.status == 403 or (answer.status == 404 and lack):
        return Denied(
            vendor,
            f"{vendor} does not let our token do this{f': it lacks {lack.right}' if lack else ''}{said}.",
            (lack or Lack("")).remedy,
        )
    if answer.status == 404:
        return Rejected(
            vendor,
            f"{vendor} knows nothing at `{path}`.",
            "It does not exist, or our token may not see it: check the name.",
        )
    if answer.status == 410:
        return Rejected(
            vendor,
            f"{vendor} no longer offers `{path}` (status 410).",
            "Try again later; if it stays so, the bot needs a newer version: tell the maintainer.",
        )
    if answer.status >= 500 and answer.status != 501:
        return Unavailable(
            vendor, f"{vendor} has trouble (status {answer.status}). Nothing was changed.", "Try again later."
        )
    return Rejected(vendor, f"{vendor} refused: {why or f'status {answer.status}'}.", "Nothing was changed.")
