"""The stand-in GitHub has the keys of the vendor's own examples, which are not part of the project."""

import json
from pathlib import Path

import pytest

from tests.integrations.github.standin.running import CORE, ORG, SITE, GitHub

FIXTURES = Path(__file__).parents[5] / "shared" / "vendors" / "fixtures" / "github" / "openapi-examples"


@pytest.mark.skipif(not FIXTURES.exists(), reason="the vendor's examples are not beside the repository")
class TestVendorExamples:
    """Compares keys with the vendor's own examples, which are not part of the project."""

    @pytest.mark.parametrize(
        ("example", "path"),
        [
            ("list-org-members", ORG + "/members"),
            ("get-org-membership", ORG + "/memberships/organiser-1"),
            ("list-org-invitations", ORG + "/invitations"),
            ("list-outside-collaborators", ORG + "/outside_collaborators"),
            ("list-teams", ORG + "/teams"),
            ("get-team", CORE),
            ("list-team-members", CORE + "/members"),
            ("list-team-invitations", CORE + "/invitations"),
            ("get-team-membership", CORE + "/memberships/organiser-2"),
            ("list-team-repos", CORE + "/repos"),
            ("list-repo-teams", SITE + "/teams"),
            ("list-collaborators", SITE + "/collaborators"),
            ("get-collaborator-permission", SITE + "/collaborators/cory/permission"),
            ("list-repo-invitations", SITE + "/invitations"),
            ("list-org-repos", ORG + "/repos"),
            ("get-pages", SITE + "/pages"),
        ],
    )
    async def test_keys_of_answers(self, github: GitHub, example: str, path: str) -> None:
        """Each answer has the keys of the vendor's example for the same route."""
        await github.put(CORE + "/memberships/newcomer")
        await github.put(SITE + "/collaborators/newcomer")
        listed = json.loads((FIXTURES / f"{example}.json").read_text())["responses"]
        body = next(iter(next(each for each in listed if each["status"] == 200)["examples"].values()))
        body = body[0] if isinstance(body, list) else body
        answer = (await github.get(path)).body
        answer = answer[0] if isinstance(answer, list) else answer
        gone = {
            "has_downloads",
            "security_and_analysis",
            "https_certificate",
        }  # not in each answer, or no more
        assert body.keys() - answer.keys() - gone == set()
