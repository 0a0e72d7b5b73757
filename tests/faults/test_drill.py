"""The drill between two databases of PostgreSQL, and what an export of one is to SQLite."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.verify import JOURNAL
from tests.postgres import Cluster

CONFIG = """\
organisation: {name: PyCon UK, domain: pyconuk.org, timezone: Europe/London}
people: [{name: Charlie, role: owner}, {name: Cory, role: owner}]
"""
ROUNDS = 20


@pytest.mark.faults
def test_a_drill_holds_on_postgresql(
    postgres: Cluster,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    figure: Callable[[str], None],
) -> None:
    """What PostgreSQL exports it restores, and SQLite too; neither restore goes where anything is kept."""
    monkeypatch.setenv("INFRA_CONFIG_YAML", CONFIG)
    with ExitStack() as stack:
        real, scratch = (stack.enter_context(postgres.database()) for _ in range(2))
        monkeypatch.setenv("DATABASE_URL", real)
        assert main(["migrate"]) == 0
        for n in range(ROUNDS):
            away = ["away until 2099-01-01", "away back"][n % 2]
            assert main(["ask", "--as", "charlie", away]) == 0
        assert main(["drill", "--scratch", real]) == 1
        assert main(["drill", "--scratch", scratch]) == 0
        assert main(["drill"]) == 0
        assert main(["export", str(tmp_path / "one")]) == 0
        for url in (scratch, f"sqlite:///{tmp_path}/new.db"):
            monkeypatch.setenv("DATABASE_URL", url)
            assert [main(["restore", str(tmp_path / "one")]) for _ in range(2)] == [0, 1]
            assert main(["audit", "verify"]) == 0
    lines = len((tmp_path / "one" / JOURNAL).read_text().splitlines())
    figure(f"an export of {lines} lines: restored 6 times on PostgreSQL and SQLite, 0 differences")
