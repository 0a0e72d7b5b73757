"""What people call things: near misses, mentions, our people's names, this year's site."""

import re
from collections.abc import Iterable
from datetime import datetime
from difflib import get_close_matches
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from bot.core.errors import Refused
from bot.core.people import Actor, Person

_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")
_ALIKE = str.maketrans({"0": "o", "1": "l", "i": "l", "5": "s", "-": None, "_": None})


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the name among *known* that *word* most likely means."""
    names = {name.lower(): name for name in known}
    near = get_close_matches(word.lower(), sorted(names), n=1, cutoff=0.6)
    begun = sorted(name for name in names if len(word) >= 3 and name.startswith(word.lower()))
    found = (near or begun)[:1]
    return names[found[0]] if found else None


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return "Did you mean `x`?" for the nearest of *known*; empty when none is near."""
    near = nearest(word, known)
    return f"Did you mean `{near}`?" if near else ""


def mention(said: str) -> str | None:
    """Return the Slack id in ``<@U1>``; None for anything else."""
    found = _MENTION.fullmatch(said)
    return found[1] if found else None


def _account(said: str) -> str:
    found = mention(said) or said
    if not re.fullmatch("[A-Z0-9]{2,}", found):
        raise ValueError(f"{said!r} is not a Slack account: write @ and choose the person")
    return found


def _number(said: object) -> object:
    return said.removeprefix("#") if isinstance(said, str) else said


SlackId = Annotated[str, AfterValidator(_account)]
Number = Annotated[int, BeforeValidator(_number), Field(ge=1, le=10**9)]


def person(said: str, people: Iterable[Person]) -> Person | None:
    """Return whom of our people a name, a Slack mention or a GitHub login means, in that order."""
    everyone, slack, word = tuple(people), mention(said), said.removeprefix("@").lower()
    if slack:
        return next((p for p in everyone if slack in p.slack), None)
    by_name = (p for p in everyone if p.name.lower() == word)
    by_login = (p for p in everyone if p.github and p.github.lower() == word)
    return next(by_name, None) or next(by_login, None)


def called(said: str, people: Iterable[Person]) -> str:
    """Return our name for whom *said* means; *said* itself where they are none of our people."""
    found = person(said, people)
    return found.name if found else said


def by_login(people: Iterable[Person]) -> dict[str, str]:
    """Return our names by GitHub login, casefolded: a login may be what another person is called."""
    return {each.github.casefold(): each.name for each in people if each.github}


def lookalike(login: str, people: Iterable[Person]) -> Person | None:
    """Return the person of ours whose login or name *login* could be mistaken for."""
    for somebody in people:
        for name in filter(None, (somebody.github, somebody.name)):
            if login.lower() != name.lower() and _skeleton(login) == _skeleton(name):
                return somebody
    return None


def _skeleton(name: str) -> str:
    """Return what is left of a name for a hurried eye: no dashes, no doubled letters, 0 like o, 1 like l."""
    plain = name.lower().translate(_ALIKE).replace("rn", "m").replace("vv", "w")
    return re.sub(r"(.)\1+", r"\1", plain)


def this_year(repositories: Iterable[str], domain: str, now: datetime) -> str | None:
    """Return the newest year, not after this one, that has a repository ``YYYY.domain``."""
    years = [
        name.partition(".")[0]
        for name in repositories
        if re.fullmatch(rf"\d{{4}}\.{re.escape(domain)}", name) and int(name[:4]) <= now.year
    ]
    return max(years, default=None)


def myself(actor: Actor, people: Iterable[Person]) -> Person:
    """Return the person that *actor* is in our list."""
    found = next((p for p in people if p.name == actor.name), None)
    if found is None:
        raise Refused(f"{actor.name} is not in our people.", "An owner adds people: `people add NAME`.")
    return found
