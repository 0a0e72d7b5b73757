"""Routes of what people propose: branches, files on them, pull requests."""

from base64 import b64decode
from typing import Any

from .edge import Answer, Call, RefusedError, Route, invalid, not_found
from .pull import Branch, Pull, commit, sha
from .world import Repo

HEADS = "refs/heads/"
FORBIDDEN = "Repository rule violations found"


def _branch(repo: Repo, name: str) -> Branch | None:
    """Return a branch; the default one is the repository's own files."""
    if name == repo.default_branch:
        return Branch(repo.files, repo.texts)
    return repo.branches.get(name)


def _reference(call: Call, repo: Repo, name: str, found: Branch) -> dict[str, Any]:
    url = f"https://api.github.com/repos/{call.world.org.login}/{repo.name}/git/{HEADS}{name}"
    return {"ref": f"{HEADS}{name}", "url": url, "object": {"type": "commit", "sha": commit(found)}}


def reference(call: Call) -> Answer:
    """GET /repos/:o/:r/git/ref/heads/:branch."""
    repo, name = call.repo(), call.params["branch"]
    found = _branch(repo, name)
    if found is None:
        raise not_found()
    return Answer(200, _reference(call, repo, name, found))


def add_reference(call: Call) -> Answer:
    """POST /repos/:o/:r/git/refs: a branch at a commit, here the head of another branch."""
    repo = call.repo("push", write=True)
    ref, at = call.body.get("ref"), call.body.get("sha")
    if not isinstance(ref, str) or not ref.startswith(HEADS):
        raise invalid("Reference", "invalid", field="ref")
    if repo.ruled:
        raise RefusedError(422, FORBIDDEN)
    name = ref.removeprefix(HEADS)
    if _branch(repo, name):
        raise RefusedError(422, "Reference already exists")
    heads = (repo.default_branch, *repo.branches)
    found = next((each for head in heads if (each := _branch(repo, head)) and commit(each) == at), None)
    if found is None:
        raise RefusedError(422, "Object does not exist")
    repo.branches[name] = Branch(found.files, dict(found.texts))
    return Answer(201, _reference(call, repo, name, repo.branches[name]))


def put_contents(call: Call) -> Answer:
    """PUT /repos/:o/:r/contents/:path: 201 new, 200 changed; the sha of what was there is needed."""
    repo, path = call.repo("push", write=True), call.params["path"]
    found = _branch(repo, call.body.get("branch", repo.default_branch))
    if found is None:
        raise not_found()
    if not call.body.get("message"):
        raise invalid("Commit", "missing_field", field="message")
    there = path in found.files
    given = call.body.get("sha")
    if there and given is None:
        raise RefusedError(422, 'Invalid request. "sha" wasn\'t supplied.')
    if repo.ruled or (there and given != sha(found.texts.get(path, ""))):
        raise RefusedError(409, FORBIDDEN if repo.ruled else f"{path} does not match {given}")
    found.texts[path] = b64decode(call.body.get("content", "")).decode()
    if call.body.get("branch", repo.default_branch) == repo.default_branch:
        repo.files = tuple(dict.fromkeys((*repo.files, path)))
    found.files = tuple(dict.fromkeys((*found.files, path)))
    content = {"path": path, "sha": sha(found.texts[path])}
    return Answer(200 if there else 201, {"content": content, "commit": {"sha": commit(found)}})


def pulls(call: Call) -> Answer:
    """GET /repos/:o/:r/pulls: open ones unless asked otherwise, the newest first; of filters, head."""
    repo, head = call.repo(), call.query.get("head")
    state = call.query.get("state", "open")
    found = [
        each
        for each in reversed(repo.pulls)
        if state in {"all", each.state} and head in {None, f"{call.world.org.login}:{each.head}"}
    ]
    return call.page(found, lambda pull: _drawn(call, repo, pull))


def add_pull(call: Call) -> Answer:
    """POST /repos/:o/:r/pulls: one that is open already is refused."""
    repo = call.repo("push", write=True)
    title, head, base = (str(call.body.get(name) or "") for name in ("title", "head", "base"))
    for name, given in {"title": title, "head": _branch(repo, head), "base": _branch(repo, base)}.items():
        if not given:
            raise invalid("PullRequest", "invalid", field=name)
    if any((each.head, each.base, each.state) == (head, base, "open") for each in repo.pulls):
        problem = f"A pull request already exists for {call.world.org.login}:{head}."
        raise invalid("PullRequest", "custom", message=problem)
    repo.pulls.append(Pull(len(repo.pulls) + 1, title, head, base, str(call.body.get("body") or "")))
    return Answer(201, _drawn(call, repo, repo.pulls[-1]))


def change_pull(call: Call) -> Answer:
    """PATCH /repos/:o/:r/pulls/:number: of what can be edited, whether it is open."""
    repo, number = call.repo("push", write=True), call.params["number"]
    found = next((each for each in repo.pulls if f"{each.number}" == number), None)
    if found is None:
        raise not_found()
    found.state = call.word("state", ("open", "closed"), found.state, "PullRequest")
    return Answer(200, _drawn(call, repo, found))


def _drawn(call: Call, repo: Repo, pull: Pull) -> dict[str, Any]:
    url = f"https://github.com/{call.world.org.login}/{repo.name}/pull/{pull.number}"
    sides = {"head": {"ref": pull.head}, "base": {"ref": pull.base}}
    return {
        "number": pull.number,
        "state": pull.state,
        "title": pull.title,
        "body": pull.body,
        "html_url": url,
        **sides,
    }


REPO = "/repos/{owner}/{repo}"
ROUTES = (
    Route("GET", REPO + "/git/ref/heads/{branch}", reference, "", "contents=read"),
    Route("POST", REPO + "/git/refs", add_reference, "public_repo", "contents=write"),
    Route("PUT", REPO + "/contents/{path:.*}", put_contents, "public_repo", "contents=write"),
    Route("GET", REPO + "/pulls", pulls, "", "pull_requests=read"),
    Route("POST", REPO + "/pulls", add_pull, "public_repo", "pull_requests=write"),
    Route("PATCH", REPO + "/pulls/{number}", change_pull, "public_repo", "pull_requests=write"),
)
