"""Who decides is checked where owners are known; only Slack's silence holds a request up."""

import pytest

from bot.app.serving import _not_denied
from bot.core.people import Person, Role

CORY = Person(name="Cory", role=Role.OWNER, github="cory")


@pytest.mark.parametrize(("says", "passes"), [(True, True), (False, False), (None, True)])
async def test_silence_of_a_vendor_holds_nothing_up(says: bool | None, passes: bool) -> None:
    """An owner whom a vendor denies does not pass; one about whom it says nothing does."""

    async def standing(client: str, person: Person) -> bool | None:
        return says if (client, person) == ("client", CORY) else False

    assert await _not_denied(standing, "client", CORY) is passes
