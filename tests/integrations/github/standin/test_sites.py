"""The stand-in GitHub's templates and Pages: what it refuses, and how."""

from typing import Any

import pytest

from tests.integrations.github.standin.running import SITE, GitHub, Start

NAME = "2026.pyconuk.org"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"owner": "PyconUK", "name": "new"}, 201),
        ({"owner": "PyconUK"}, 422),
        ({"name": "new"}, 422),
        ({"owner": "PyconUK", "name": "voting"}, 422),
        ({"owner": "PyconUK", "name": "new", "private": "yes"}, 422),
    ],
)
async def test_a_copy_needs_an_owner_and_a_new_name(
    github: GitHub, body: dict[str, Any], status: int
) -> None:
    """Only a template is copied, into our organisation, under a name that is free."""
    assert (await github.call("POST", f"{SITE}/generate", body)).status == 404
    assert (await github.call("PATCH", SITE, {"is_template": True})).body["is_template"] is True
    assert (await github.call("POST", f"{SITE}/generate", body)).status == status


async def test_pages_are_switched_on_once(github: GitHub) -> None:
    """A source that is there is needed; a second time is a conflict; off again is 404."""
    path = "/repos/PyconUK/voting/pages"
    main = {"source": {"branch": "main", "path": "/"}}
    assert (await github.call("POST", path, {})).status == 422
    assert (await github.call("POST", path, {"source": {"branch": "gone", "path": "/"}})).status == 422
    made = await github.call("POST", path, main | {"cname": NAME})
    assert (made.status, made.body["cname"]) == (201, None)
    assert (await github.call("POST", path, main)).status == 409
    assert (await github.put(path)).status == 400
    assert (await github.call("DELETE", path)).status == 204
    assert (await github.call("DELETE", path)).status == 404


async def test_a_name_belongs_to_one_site(start: Start) -> None:
    """HTTPS is enforced only with a certificate; a name that another site has is refused."""
    repos = [{"name": "website", "pages": {"cname": NAME}}, {"name": "voting", "pages": {"branch": "main"}}]
    github = await start(repos=repos, teams=[], collaborators={})
    path = "/repos/PyconUK/voting/pages"
    assert (await github.put(path, cname=NAME.upper())).status == 409
    assert (await github.put(path, cname="no name")).status == 400
    both = await github.put(path, cname="voting.pyconuk.org", https_enforced=True)
    assert (both.status, both.body["message"]) == (404, "The certificate does not exist yet")
    assert (await github.put(path, cname="voting.pyconuk.org")).status == 204
    assert (await github.put(path, https_enforced=True)).status == 404
    assert (await github.get(path)).body["https_certificate"]["state"] == "new"
    assert (await github.put(path, cname=None)).status == 204
    assert "https_certificate" not in (await github.get(path)).body
