"""The rights the bot needs at GitHub, what each is for, and which one an answer says our token lacks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.core.people import listed
from bot.core.vendor import Right
from bot.http import Answer, Lack

TOKENS = "GitHub, Settings, Developer settings, Personal access tokens"
APP = (
    "An owner gives it: on GitHub, the App's page Permissions & events; "
    "then accepts it: the organisation's settings, GitHub Apps, Configure."
)
NO_PERMISSION = "not accessible by integration"  # what GitHub says to an App
LEVELS = ("read", "write", "admin")


@dataclass(frozen=True)
class Permission:
    """A permission of Apps and fine-grained tokens, and the scope that a classic token has in its place."""

    name: str
    level: str
    title: str
    scope: str
    why: str

    @property
    def words(self) -> str:
        """Return the permission as GitHub's pages name it."""
        return f"{self.title} ({self.level})"


MEMBERS = Permission(
    "members",
    "write",
    "Organization: Members",
    "admin:org",
    "to see and change who owns the organisation, who is in it and in its teams, and who is invited",
)
ADMINISTRATION = Permission(
    "organization_administration",
    "read",
    "Organization: Administration",
    "admin:org",
    "to see what every member may do (the base permission), whether two factors are required, and what is "
    "used of Actions",
)
PERMISSIONS = (
    MEMBERS,
    ADMINISTRATION,
    Permission(
        "administration",
        "write",
        "Repository: Administration",
        "repo",
        "to see and change who may do what on a repository, and to make a year's repository from a template",
    ),
    Permission(
        "metadata",
        "read",
        "Repository: Metadata",
        "repo",
        "to see the repositories, private ones included",
    ),
    Permission(
        "contents",
        "read",
        "Repository: Contents",
        "repo",
        "to see that a repository made from a template has its contents, which workflows there are, and the "
        "commit that an app is built from",
    ),
    Permission(
        "pages",
        "write",
        "Repository: Pages",
        "repo",
        "to publish a year's website under its name, and to see whether its certificate has come",
    ),
    Permission(
        "actions",
        "write",
        "Repository: Actions",
        "repo",
        "to start the workflow that deploys a website, and to see how it comes out",
    ),
)

PROPOSING = (
    Permission(
        "contents",
        "write",
        "Repository: Contents",
        "repo",
        "to put the organisers' page on a branch of its own; only with `integrations.github.organisers_page`",
    ),
    Permission(
        "pull_requests",
        "write",
        "Repository: Pull requests",
        "repo",
        "to propose the organisers' page, and to see what is proposed; only with "
        "`integrations.github.organisers_page`",
    ),
)


def needed(proposes: bool) -> tuple[Permission, ...]:
    """Return our rights, with those for proposals where the bot *proposes* something."""
    return (*PERMISSIONS, *(PROPOSING if proposes else ()))


def covers(held: str | None, level: str) -> bool:
    """Return whether *held* (None for nothing) is *level* or more."""
    return held in LEVELS and LEVELS.index(held) >= LEVELS.index(level)


def lacking(held: Mapping[str, str], proposes: bool) -> list[Permission]:
    """Return which of our rights an App with the permissions *held* does not have."""
    return [each for each in needed(proposes) if not covers(held.get(each.name), each.level)]


def needless(held: Mapping[str, str], proposes: bool) -> list[str]:
    """Return what of *held* the bot does not need."""
    ours = {each.name: each.level for each in needed(proposes)}
    return [f"{name} ({level})" for name, level in sorted(held.items()) if not covers(ours.get(name), level)]


def scopes() -> dict[str, str]:
    """Return the scopes a classic token needs, each with what it is for."""
    found: dict[str, list[str]] = {}
    for each in PERMISSIONS:
        found.setdefault(each.scope, []).append(each.why)
    return {scope: "; ".join(why) for scope, why in found.items()}


RIGHTS = (
    *(
        Right(of="GitHub App, fine-grained token", name=each.words, why=each.why)
        for each in needed(proposes=True)
    ),
    *(Right(of="GitHub classic token", name=scope, why=why) for scope, why in scopes().items()),
)


def lack(answer: Answer, held: Mapping[str, str] | None = None) -> Lack | None:
    """Return the right that an answer says our token lacks; *held* are an App's permissions.

    Fine-grained and App tokens are told what a call wants, classic ones also
    what they have (notes: ``X-Accepted-GitHub-Permissions``, ``X-OAuth-Scopes``).
    What an App may not see is told from what is absent by its permissions.
    """
    sets = answer.headers.get("X-Accepted-GitHub-Permissions", "").split(";")
    if wanted := [dict(_levels(one)) for one in sets if one.strip()]:
        return _permission(wanted, answer, held)
    accepted, has = said(answer, "X-Accepted-OAuth-Scopes"), said(answer, "X-OAuth-Scopes")
    if "X-OAuth-Scopes" not in answer.headers or not accepted or accepted & has:
        return None
    names = listed(f"`{scope}`" for scope in sorted(accepted))
    return Lack(f"the scope {names}", f"Tick it at {TOKENS}, logged in as the bot's account.")


def said(answer: Answer, header: str) -> set[str]:
    """Return the words that *header* lists."""
    return set(_words(answer.headers.get(header, "")))


def _words(text: str) -> Iterator[str]:
    return filter(None, (word.strip() for word in text.split(",")))


def _levels(wanted: str) -> Iterator[tuple[str, str]]:
    """Yield the permissions of a set such as ``members=read,administration=write``."""
    for word in _words(wanted):
        name, _, level = word.partition("=")
        yield name, level


def _permission(
    wanted: Sequence[Mapping[str, str]], answer: Answer, held: Mapping[str, str] | None
) -> Lack | None:
    """Return what is missing of the first set of permissions, when none of the sets is there."""
    has = held or {}
    if held is None:
        sure = answer.status == 403  # with 404 a fine-grained token learns nothing: it may be absent
    else:
        covered = any(all(covers(has.get(name), one[name]) for name in one) for one in wanted)
        sure = not covered or NO_PERMISSION in answer.reason  # in which case it had it a moment ago
    if not sure:
        return None
    missing = [name for name, level in wanted[0].items() if not covers(has.get(name), level)] or [*wanted[0]]
    titles = {each.name: each.title for each in needed(proposes=True)}
    names = (f"`{titles.get(name, name)} ({wanted[0][name]})`" for name in missing)
    remedy = f"Give it at {TOKENS}, logged in as the bot's account." if held is None else APP
    return Lack(f"the permission {listed(names, 'and')}", remedy)
