"""How a person does by hand what the bot does: at a page of the vendor, or by one call of its API."""

import json

from bot.core.values import Json, Value


class Call(Value):
    """One call of a vendor's API, and *what* it does; its words in capitals are to be replaced."""

    what: str
    method: str
    url: str
    body: Json | None = None

    def curl(self, headers: tuple[str, ...]) -> str:
        """Return the call as a command; secrets in *headers* are named as the shell's variables."""
        said = [f"curl -fsS -X {self.method} '{self.url}'", *(f'-H "{each}"' for each in headers)]
        if self.body is not None:
            said += ['-H "Content-Type: application/json"', f"-d '{json.dumps(self.body)}'"]
        return " \\\n  ".join(said)


class ByHand(Value):
    """How one kind of thing is changed: *what* it is, *where* and how that is done, which *calls* do it."""

    what: str
    where: str
    calls: tuple[Call, ...] = ()


def ours(what: str, table: str) -> ByHand:
    """Return how a record of our own, exported as *table*, is kept without the bot."""
    where = f"Our own record: `state/{table}.yaml`. Without the bot keep it as a list, wherever you like."
    return ByHand(what=what, where=where)


class Runbook(Value):
    """How all that the bot changes at a vendor is changed by hand: by the names of the kinds of resources."""

    pages: dict[str, ByHand]
    headers: tuple[str, ...] = ()
