"""What a person does by hand: a call as a command, and which command may change what."""

from bot.core.command import Command, NoArgs
from bot.core.reply import Reply
from bot.core.runbook import Call, ours


async def _nothing(*_args: object) -> Reply:
    return Reply(title="Nothing")


def test_a_call_is_a_command_without_a_secret() -> None:
    """Headers name the shell's variable; a body is sent as JSON."""
    put = Call(what="Add", method="PUT", url="https://api.example.org/LOGIN", body={"role": "member"})
    assert put.curl(("Authorization: Bearer $TOKEN",)).splitlines() == [
        "curl -fsS -X PUT 'https://api.example.org/LOGIN' \\",
        '  -H "Authorization: Bearer $TOKEN" \\',
        '  -H "Content-Type: application/json" \\',
        """  -d '{"role": "member"}'""",
    ]
    assert Call(what="Take", method="DELETE", url="https://x.org").curl(()) == (
        "curl -fsS -X DELETE 'https://x.org'"
    )
    assert "`state/people.yaml`" in ours("Somebody", "people").where


def test_a_command_may_change_what_it_names() -> None:
    """Kinds of resources are named in full or by a pattern."""
    command = Command("teams add", "Add", NoArgs, _nothing, changes=("github.team_*", "people.person"))
    kinds = ("github.team_repo", "people.person", "github.collaborator")
    assert [command.may_change(kind) for kind in kinds] == [True, True, False]
