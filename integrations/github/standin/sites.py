"""Routes of what websites are made of: repositories from templates, their contents, and GitHub Pages."""

from base64 import encodebytes
from collections.abc import Mapping
from typing import Any

from .edge import Answer, Call, RefusedError, Route, invalid, not_found
from .pull import sha
from .site import Site
from .world import Repo, same

NO_CERTIFICATE = "The certificate does not exist yet"
BUILDS = ("legacy", "workflow")
FOLDERS = ("/", "/docs")


def change(call: Call) -> Answer:
    """PATCH /repos/:o/:r: of what can be edited, whether it is a template."""
    repo = call.repo("admin", write=True)
    repo.is_template = _flag(call.body, "is_template", repo.is_template, "Repository")
    return Answer(200, call.shapes.repo(repo, "admin"))


def generate(call: Call) -> Answer:
    """POST /repos/:to/:tr/generate: the contents arrive a little after the answer."""
    template, world = call.repo(), call.world
    name, owner = call.body.get("name"), call.body.get("owner")
    if not template.is_template:
        raise not_found()
    if not isinstance(name, str) or not name:
        raise invalid("Repository", "missing_field", field="name")
    if not isinstance(owner, str) or not same(owner, world.org.login):
        raise invalid("Repository", "invalid", field="owner")  # the caller's own account is not imitated
    if world.repo(name):
        problem = "name already exists on this account"
        raise invalid("Repository", "custom", field="name", message=problem)
    now, number = world.clock(), world.next_id()
    repo = Repo(
        id=number,
        name=name,
        created_at=now,
        pushed_at=now,
        private=_flag(call.body, "private", False, "Repository"),
        description=template.description,
        default_branch=template.default_branch,
        files=template.files,
        texts=dict(template.texts),
        filled_at=now + world.copying_takes,
    )
    world.repos[number] = repo
    return Answer(201, call.shapes.repo(repo, "admin"))


def contents(call: Call) -> Answer:
    """GET /repos/:o/:r/contents/:path: a folder or a file, of a branch with ``ref``; 404 when absent."""
    repo, path = call.repo(), call.params["path"].strip("/")
    files, texts, ref = call.world.held(repo), repo.texts, call.query.get("ref", repo.default_branch)
    if ref != repo.default_branch:
        if ref not in repo.branches:
            raise RefusedError(404, f"No commit found for the ref {ref}")
        files, texts = repo.branches[ref].files, repo.branches[ref].texts
    if path in files:
        return Answer(200, _file(texts, path))
    inside = [each.removeprefix(f"{path}/" if path else "") for each in files if _below(each, path)]
    if not inside:
        raise not_found()
    names = dict.fromkeys(each.partition("/")[0] for each in inside)
    return Answer(200, [_entry(path, name, inside) for name in sorted(names)])


def _file(texts: Mapping[str, str], path: str) -> dict[str, Any]:
    """Return a file: its content is base64 with line breaks."""
    text = texts.get(path, "").encode()
    entry = _entry(path.rpartition("/")[0], path.rpartition("/")[2], [path.rpartition("/")[2]])
    coded = encodebytes(text).decode()
    return {
        **entry,
        "size": len(text),
        "encoding": "base64",
        "content": coded,
        "sha": sha(texts.get(path, "")),
    }


def _below(file: str, path: str) -> bool:
    return not path or file.startswith(f"{path}/")


def _entry(path: str, name: str, inside: list[str]) -> dict[str, Any]:
    kind = "file" if name in inside else "dir"
    return {"type": kind, "name": name, "path": f"{path}/{name}".strip("/"), "size": 0}


def pages(call: Call) -> Answer:
    """GET /repos/:o/:r/pages."""
    repo = call.repo()
    return Answer(200, call.shapes.pages(repo, _site(repo)))


def add_pages(call: Call) -> Answer:
    """POST /repos/:o/:r/pages: the name cannot be given here."""
    repo = call.repo("admin", write=True)
    if repo.pages:
        raise RefusedError(409, "GitHub Pages is already enabled.")
    build = call.word("build_type", BUILDS, "legacy", "Page")
    repo.pages = Site(*_source(call, repo, build), build_type=build)
    return Answer(201, call.shapes.pages(repo, repo.pages))


def change_pages(call: Call) -> Answer:
    """PUT /repos/:o/:r/pages: at least one thing; HTTPS only once there is a certificate."""
    repo = call.repo("admin", write=True)
    site, body = _site(repo), call.body
    if not body.keys() & {"cname", "https_enforced", "build_type", "source", "public"}:
        raise RefusedError(400, "Nothing to change.")
    https = _flag(body, "https_enforced", site.https_enforced, "Page")
    if https and not site.https_enforced and ("cname" in body or _uncertified(call, site)):
        raise RefusedError(404, NO_CERTIFICATE)
    if "build_type" in body or "source" in body:
        site.build_type = call.word("build_type", BUILDS, site.build_type, "Page")
        site.branch, site.path = _source(call, repo, site.build_type)
    site.https_enforced = https
    if "cname" in body:
        _name(call, repo, site)
    return Answer(204)


def _name(call: Call, repo: Repo, site: Site) -> None:
    """Give a site its name, which no other may have; its certificate begins anew."""
    name = call.body["cname"]
    if name is not None and (not isinstance(name, str) or "." not in name):
        raise RefusedError(400, "The custom domain is not properly formatted.")
    others = [each.pages for each in call.world.repos.values() if each.pages and each is not repo]
    if name and any(other.cname and same(other.cname, name) for other in others):
        raise RefusedError(409, f"The custom domain `{name}` is already taken.")
    site.cname, site.named_at, site.https_enforced, site.broken = name, call.world.clock(), False, None


def remove_pages(call: Call) -> Answer:
    """DELETE /repos/:o/:r/pages."""
    repo = call.repo("admin", write=True)
    _site(repo)
    repo.pages = None
    return Answer(204)


def _site(repo: Repo) -> Site:
    if repo.pages is None:
        raise not_found()
    return repo.pages


def _uncertified(call: Call, site: Site) -> bool:
    return site.cname is not None and site.certificate(call.world.clock()) != "approved"


def _source(call: Call, repo: Repo, build: str) -> tuple[str, str]:
    """Return branch and folder that a site is built from: the branch must be there."""
    source = call.body.get("source")
    if build == "workflow" and source is None:
        return repo.default_branch, "/"
    if not isinstance(source, dict):
        raise invalid("Page", "missing_field", field="source")
    branch, path = source.get("branch"), source.get("path", "/")
    if path not in FOLDERS or branch != repo.default_branch or not call.world.held(repo):
        raise invalid("Page", "invalid", field="source")
    return str(branch), str(path)


def _flag(body: Mapping[str, Any], name: str, default: bool, resource: str) -> bool:
    value = body.get(name, default)
    if not isinstance(value, bool):
        raise invalid(resource, "invalid", field=name)
    return value


REPO = "/repos/{owner}/{repo}"
ROUTES = (
    Route("PATCH", REPO, change, "public_repo", "administration=write"),
    Route("POST", REPO + "/generate", generate, "public_repo", "administration=write"),
    Route("GET", REPO + "/contents/{path:.*}", contents, "", "contents=read"),
    Route("GET", REPO + "/pages", pages, "public_repo", "pages=read"),
    Route("POST", REPO + "/pages", add_pages, "public_repo", "pages=write"),
    Route("PUT", REPO + "/pages", change_pages, "public_repo", "pages=write"),
    Route("DELETE", REPO + "/pages", remove_pages, "public_repo", "pages=write"),
)
