"""A proposed file: a branch of its own, the file on it, and the pull request; each is one call."""

from difflib import ndiff

from bot.core.change import Change
from bot.core.errors import Rejected
from bot.core.values import Value
from bot.core.vendor import Concerns, Reach, Resource
from integrations.github.client import GithubClient
from integrations.github.files import Content
from integrations.github.guards import archived
from integrations.github.resources.shared import pair

BODY = "Proposed from what our vendors say now, after an owner's approval. Merge it, or close it."
KEPT = "I delete no branch: what people pushed to it would be gone. Its closed pull request offers it."


class Branch(Value):
    """A branch that began at the head of *base* (unknown of one that is there)."""

    base: str = ""


class File(Value):
    """What a file on a branch holds."""

    text: str


class PullRequest(Value):
    """An open pull request of a branch into *base*."""

    base: str
    title: str


def placed(target: str) -> tuple[str, str, str]:
    """Return the repository, the branch and the path of a file's target."""
    repository, rest = pair(target)
    return repository, *pair(rest)


def _there(live: Value | None, after: Value | None) -> Reach:
    """Say whether it is there, or not: a branch says not where it began, and a title is people's."""
    return Reach.YES if (live is None) == (after is None) else Reach.NO


async def _weigh(client: GithubClient, change: Change) -> Concerns:
    return Concerns(refused=await archived(client, change.target.partition("/")[0]))


# --- the branch


async def _read_branch(client: GithubClient, target: str) -> Branch | None:
    return Branch() if await client.head(*pair(target)) else None


async def _write_branch(client: GithubClient, target: str, after: Branch | None) -> None:
    repository, branch = pair(target)
    if after is None:
        raise Rejected("GitHub", KEPT)
    commit = await client.head(repository, after.base)
    if commit is None:
        raise Rejected("GitHub", f"{repository} has no branch {after.base} to begin from.")
    await client.add_branch(repository, branch, commit)


def _say_branch(target: str, before: Branch | None, after: Branch | None) -> str:
    repository, branch = pair(target)
    if after is None:
        return f"*{repository}* loses the branch {branch} (now: it is there)"
    begins = f", which begins at {after.base}" if after.base else ""
    return f"*{repository}* gets the branch {branch}{begins} (now: {'it is there' if before else 'none'})"


BRANCH = Resource(
    "github.branch",
    Branch,
    _read_branch,
    _write_branch,
    _say_branch,
    reached=_there,
    concerns=_weigh,
    stays="stays: what people pushed to it would be gone. Its closed pull request offers to delete it",
)

# --- the file on it


async def _content(client: GithubClient, target: str) -> Content | None:
    """Return a file as it is on its branch, or will be on one that begins now."""
    repository, branch, path = placed(target)
    ref = branch if await client.head(repository, branch) else ""
    return await client.file(repository, *path.split("/"), ref=ref)


async def _read_file(client: GithubClient, target: str) -> File | None:
    found = await _content(client, target)
    return File(text=found.text) if found else None


async def _write_file(client: GithubClient, target: str, after: File | None) -> None:
    repository, branch, path = placed(target)
    if after is None:
        raise Rejected("GitHub", f"I delete no file. {path} stays on the branch {branch}.")
    if await client.head(repository, branch) is None:
        hint = "What was merged is taken back by another pull request."
        raise Rejected("GitHub", f"{repository} has no branch {branch} any more.", hint)
    found = await _content(client, target)
    message = f"Bring {path.rpartition('/')[2]} up to date"
    await client.put_file(repository, branch, path, after.text, message, found.sha if found else "")


def _say_file(target: str, before: File | None, after: File | None) -> str:
    repository, branch, path = placed(target)
    old, new = ([] if each is None else each.text.splitlines() for each in (before, after))
    marks = [line[0] for line in ndiff(old, new, charjunk=None)] if old and new else []
    came, went = (marks.count("+"), marks.count("-")) if marks else (len(new), len(old))
    now = f"{len(old)} lines" if before else "not there"
    return f"{path} on the branch {branch} of *{repository}*: {came} lines come, {went} go (now: {now})"


FILE = Resource(
    "github.file",
    File,
    _read_file,
    _write_file,
    _say_file,
    concerns=_weigh,
    stays="stays on its branch, which changes nothing once the pull request is closed",
)

# --- the pull request


async def _read_pull(client: GithubClient, target: str) -> PullRequest | None:
    found = await client.pulls(*pair(target))
    return PullRequest(base=found[0].base.ref, title=found[0].title) if found else None


async def _write_pull(client: GithubClient, target: str, after: PullRequest | None) -> None:
    """Open the pull request, or close it; one that is open already is left to people."""
    repository, branch = pair(target)
    found = await client.pulls(repository, branch)
    if after is None:
        if found:
            await client.close_pull(repository, found[0].number)
        return
    content = {"title": after.title, "head": branch, "base": after.base, "body": BODY}
    await client.add_pull(repository, content)


def _say_pull(target: str, before: PullRequest | None, after: PullRequest | None) -> str:
    repository, branch = pair(target)
    now = "open" if before else "none"
    if after is None:
        return f"The pull request of {branch} in *{repository}* is closed, not merged (now: {now})"
    return f"*{repository}* gets a pull request of {branch} into {after.base}: {after.title} (now: {now})"


PULL_REQUEST = Resource(
    "github.pull_request",
    PullRequest,
    _read_pull,
    _write_pull,
    _say_pull,
    reached=_there,
    concerns=_weigh,
)
