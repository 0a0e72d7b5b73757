"""What the kinds of change on GitHub share."""

from typing import Literal, TypeVar

from bot.core.baseline import Brought
from bot.core.errors import Rejected
from bot.core.values import Json, Value
from bot.core.vendor import Reach
from integrations.github.client import GithubClient

V = TypeVar("V", bound=Value)


class OrgMember(Value):
    """Somebody's place in the organisation; *pending* until they accept."""

    role: Literal["member", "owner"] = "member"
    pending: bool = False


def pair(target: str) -> tuple[str, str]:
    """Return the two names of a target; Rejected when there are not two."""
    one, slash, other = target.partition("/")
    if not (one and slash and other):
        raise Rejected("GitHub", f"`{target}` does not name two things.", "Write ONE/OTHER.")
    return one, other


def parsed(state: type[V], content: Json | None) -> V | None:
    """Return a state as a change holds it."""
    return None if content is None else state.model_validate(content)


def arrived(live: Value | None, after: Value | None) -> Reach:
    """Say how far a state is that somebody must accept: under way while it is the same but pending."""
    if live == after:
        return Reach.YES
    if live is None or after is None:
        return Reach.NO
    if live.model_dump(exclude={"pending"}) != after.model_dump(exclude={"pending"}):
        return Reach.NO
    return Reach.UNDER_WAY if live.model_dump()["pending"] else Reach.YES


def waiting(target: str, _live: Value | None, until: str) -> str:
    """Say who must accept an invitation, and until when."""
    login = target.rpartition("/")[2]
    return f"{login} is invited and must accept by {until}; no push until then"


def invited(client: GithubClient, target: str) -> tuple[str, str]:
    """Return who must accept an invitation into the organisation, and where."""
    return target.rpartition("/")[2], client.settings.accepting()


def invited_to(client: GithubClient, target: str) -> tuple[str, str]:
    """Return who must accept an invitation to one repository, and where."""
    name, login = pair(target)
    return login, client.settings.accepting(name)


def placed(role: str, pending: bool) -> str:
    """Return somebody's place in words."""
    return f"invited as {role}" if pending else role


def joining(login: str, role: Literal["member", "owner"]) -> tuple[Brought, ...]:
    """Return that somebody is in the organisation, or invited into it."""
    state = OrgMember(role=role, pending=True).model_dump(mode="json")
    return (Brought(resource="github.org_member", targets=login, after=state),)
