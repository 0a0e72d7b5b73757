"""What people gain and lose when teams and grants change: pure functions of who can push where."""

from collections.abc import Iterable, Mapping, Sequence

from integrations.github.access import Access, Path
from integrations.github.levels import Level

_WHY = {"owner": "owner of the organisation", "direct": "given directly", "base": "as every member"}


def why(path: Path) -> str:
    """Return why somebody has what *path* says, in words."""
    return _WHY.get(path.via, path.via)


def gained(access: Access, login: str, granted: Mapping[str, Level]) -> dict[str, Level]:
    """Return what *login* gets beyond what they have when each repository is *granted* to them."""
    live = _live(access)
    has = {path.repo: path.level for path in reversed(access.of(login))}
    return {
        repo: level
        for repo, level in granted.items()
        if repo in live and (repo not in has or has[repo] < level)
    }


def gaining(access: Access, repo: str, logins: Iterable[str], level: Level) -> set[str]:
    """Return who of *logins* gets more than they have when *repo* is granted to them at *level*."""
    enough = {path.login.lower() for path in access.to(repo) if path.level >= level}
    return {login.lower() for login in logins} - enough


def lost(access: Access, paths: Sequence[Path], via: str) -> list[Path]:
    """Return which of *paths* through *via* no other of them makes up for."""
    live = _live(access)
    rest = {(p.login, p.repo): p.level for p in reversed(paths) if p.via != via}
    return [
        p
        for p in paths
        if p.via == via
        and p.repo in live
        and ((p.login, p.repo) not in rest or rest[p.login, p.repo] < p.level)
    ]


def _live(access: Access) -> set[str]:
    return {repository.name for repository in access.repositories if not repository.archived}


def levels(new: Mapping[str, Level], this: str = "") -> str:
    """Return what somebody gains in words; *this* is the repository that was spoken of."""
    if set(new) == {this}:
        return f"{new[this].value} on this repository"
    parts = []
    for level in sorted(set(new.values()), reverse=True):
        names = [name for name in new if new[name] is level]
        included = ", this one included" if this in names else ""
        parts.append(
            f"{level.value} on *{len(names)} repositor{'y' if len(names) == 1 else 'ies'}*{included}"
        )
    return "; ".join(parts) or "nothing they do not have"


def people(count: int) -> str:
    """Return a number of people in words."""
    return "1 person" if count == 1 else f"{count} people"
