"""The status board in Slack: what fails shows in its own line within a minute, and its end too."""

from bot.core.board import Board
from bot.core.costs import CURRENT, Bill, Line
from bot.workflow.board import Boards
from bot.workflow.costs import Costs
from config.costs import shipped
from integrations.github.standin.actions import begin
from tests.journeys.play import Play, playing
from tests.journeys.test_home import opens, shows


async def board(play: Play, words: str) -> dict[str, str]:
    """Return the lines of the board that holds *words*, by service or vendor."""
    said = await play.ask("organiser-1", "status", words)
    lines = [line.removeprefix("*").partition("* · ") for line in said.splitlines() if "* · " in line]
    return {name: line for name, _, line in lines}


async def test_a_fault_changes_its_own_line_and_back() -> None:
    """In the answer and at *Home*: the vendor that fails, and what rests on it; a deploy that failed, too."""
    async with playing({"watch_seconds": 3600}) as play:
        await opens(play, "Cory")
        await play.ask("Cory", "status decide voting-app no", "*voting-app* in 2026: not needed")
        before = await board(play, "Open issues and pull requests: *")
        titles = play.app.core.wiring.roster.titles  # the ten vendors and the vault
        assert {*shipped().titles} <= {*titles}
        assert {*titles.values(), "Opbeat"} <= {*before}
        assert before["DNSimple"].startswith("✅ fine · since Mon 15 Jun, 09:00 · checked Mon 15 Jun, ")
        assert before["GitHub"].endswith(" · Two-factor authentication is not required.")
        assert before["123-reg"].endswith("pyconuk.org is registered with 123-Reg Limited until 14 Mar 2027.")
        assert before["1Password"].startswith("❌ trouble")
        assert before["voting-app"].startswith("▫️ not needed")
        await shows(play, "Cory", "✅ fine: *DNSimple*")
        play.world.faults["dnsimple"].switch("500")
        play.later(minutes=1)
        await shows(play, "Cory", "⏳ no answer: *DNSimple*, since Mon 15 Jun, 09:01: DNSimple")
        failed = await board(play, "no answer")
        changed = {name for name, line in failed.items() if _state(line) != _state(before[name])}
        assert changed == {"DNSimple", "website"}
        assert "last heard" in failed["DNSimple"]
        play.world.faults["dnsimple"].clear()
        play.later(minutes=1)
        await shows(play, "Cory", "✅ fine: *DNSimple*")
        after = await board(play, "Open issues and pull requests: *")
        assert {name: _state(line) for name, line in after.items()} == {
            name: _state(line) for name, line in before.items()
        }
        await play.ask("organiser-1", "status dnsimple", "⏳ no answer")
        github = play.world.github.world
        github.outcome = "failure"
        begin(github, github.repo("2026.pyconuk.org"), "jekyll.yml", github.bot)
        play.later(minutes=1)
        red = await board(play, "came out failure")
        assert {name for name, line in red.items() if _state(line) != _state(after[name])} == {
            "GitHub",
            "website",
        }
        assert "GitHub: Run 1 of jekyll of 2026.pyconuk.org came out failure" in red["website"]


def _state(line: str) -> str:
    return line.partition(" · ")[0]


async def test_each_vendors_fault_changes_its_own_line_and_back() -> None:
    """Whichever answers nonsense, its line says so, and those of services on it: the others' are intact.

    So it is with what everything costs, which the digest tells.
    """
    async with playing() as play:
        wiring = play.app.core.wiring
        boards, costs = Boards(wiring), Costs(wiring)
        before, bill = _lines(await boards.now()), await costs.bill(CURRENT)
        assert {*wiring.health} == {*wiring.roster.titles} <= {*play.world.faults}
        for vendor, title in wiring.roster.titles.items():
            play.world.faults[vendor].switch("malformed")
            failed = _lines(await _a_minute_later(play, boards))
            uses = {name for name, each in wiring.roster.services.items() if vendor in each.uses}
            changed = {name for name, line in failed.items() if line != before[name]}
            assert title in changed <= {title, *uses}, vendor
            assert "answer does not fit what it documents" in failed[title]
            billed = await costs.bill(CURRENT)
            assert {*billed.silent} <= {title}
            if vendor != "tito":  # what is sold decides what others take
                assert _others(billed, vendor) == _others(bill, vendor)
            play.world.faults[vendor].clear()
        assert _lines(await _a_minute_later(play, boards)) == before


def _lines(board: Board) -> dict[str, str]:
    return {line.title: f"{line.health} · {line.why}" for line in board.lines}


def _others(bill: Bill, vendor: str) -> list[Line]:
    return [line for line in bill.lines if line.vendor != vendor]


async def _a_minute_later(play: Play, boards: Boards) -> Board:
    play.later(minutes=1)
    for client in play.app.core.clients.values():
        if memo := getattr(client, "memo", None):
            memo.clear()  # none lasts a minute
    return await boards.now()
