"""What the composer offers while somebody types a command."""

from collections.abc import Iterator, Sequence
from typing import Any

from bot.core.command import Command
from bot.core.grammar import meta, usage
from bot.sandbox.world import World


def offers(world: World, commands: Sequence[Command[Any]]) -> dict[str, Any]:
    """Return commands with what each word of theirs completes to, and the names of each kind."""
    settings = world.settings()
    people = [person.name for person in settings.people]
    mentions = [f"@{u.name}" for u in world.slack.users.values() if not u.is_bot and not u.is_stranger]
    repositories = [
        repo["name"] for repo in reversed(world.seed["github"]["repos"]) if not repo.get("archived")
    ]
    records = world.seed["dnsimple"]["records"]
    return {
        "commands": [
            {"line": c.path, "usage": usage(c), "summary": c.summary, "takes": list(_takes(c))}
            for c in commands
        ],
        "names": {
            "people": [*people, *mentions],
            "logins": [user["login"] for user in world.seed["github"]["users"]],
            "repositories": [*(name for name, s in settings.services.items() if s.repository), *repositories],
            "names": sorted({_full(each["name"], world.seed["dnsimple"]["zone"]) for each in records}),
            "types": sorted({each["type"] for each in records}),
            "teams": [team["name"] for team in world.seed["github"]["teams"]],
        },
    }


def _full(name: str, zone: str) -> str:
    return f"{name}.{zone}" if name else zone


def _takes(command: Command[Any]) -> Iterator[str]:
    """Yield what each positional word completes to, empty for anything else."""
    for field in command.args.model_fields.values():
        arg = meta(field)
        if arg.positional:
            yield arg.completes
