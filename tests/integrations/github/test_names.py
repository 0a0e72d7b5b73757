"""What GitHub offers while somebody fills in a form."""

from integrations.github import GITHUB
from tests.integrations.github.wired import Wired


async def test_names_are_those_of_now(github: Wired) -> None:
    """Repositories that take pushes, teams and members are offered as GitHub spells them."""
    names = {kind: await ask(github.reads) for kind, ask in GITHUB.names.items()}
    repositories = await github.reads.repositories()
    assert set(names["repositories"]) == {each.name for each in repositories if not each.archived}
    assert "ironcage" in names["repositories"]
    assert {"core", "pydata"} <= set(names["teams"])
    assert "charlie" in names["people"]
    assert names["logins"] == names["people"]
    waiting = {each.login for each in await github.reads.invitations()}
    assert set(names["invitations"]) == waiting - {None}
