"""Names that anybody could take, told in the approvals channel."""

from bot.core.takeover import Held, Pointing
from bot.core.values import Json
from tests.frontends.slack.office import Office, shown
from tests.workflow.world import START

GONE = Pointing(name="voting.pyconuk.org", host="voting.herokudns.com", dead=True)
HELD = Held(pointing=GONE, ours=False, why="there is no such host")
FOUND: Json = {"at": START.isoformat(), "danglers": [HELD.model_dump(mode="json")]}


async def test_it_is_told_once_with_a_way_out(office: Office) -> None:
    """The job may run twice: the channel has one message, with what to do."""
    for _ in range(2):
        await office.frontend.danglers(FOUND)
    [message] = office.cards
    assert "voting.pyconuk.org leads to what anybody could take" in shown(message)
    assert "there is no such host" in shown(message)
    assert "Remove voting.pyconuk.org" in shown(message)
