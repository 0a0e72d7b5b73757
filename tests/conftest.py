"""What all tests share: databases, a browser, the guard of the network, figures."""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeGuard

import pytest
import structlog
from hypothesis import HealthCheck, settings

from tests import proof
from tests.loopback import GUARD
from tests.postgres import Server, cluster
from tests.require import find_postgresql, require

PORT = "port of PostgreSQL"
SHARED = pytest.StashKey[int]()
LONG = {"faults", "elsewhere", "first_run", "journeys", "sandbox", "test_lives.py"}
SPREAD = 0.8  # of the run: short tests fill what is left at the end

sys.addaudithook(GUARD)
settings.register_profile(
    "infra",
    max_examples=25,  # of others each time: many runs see more than a long one
    deadline=None,  # machines that run tests are busy: how long an example takes says nothing
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("infra")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--full`` and ``--proof``."""
    parser.addoption("--full", action="store_true", help="run the fault tests with their full figures")
    parser.addoption("--proof", type=Path, metavar="PAGE", help="write what was proved into this page")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Spread what takes long over the first part of the run: it mostly waits, and others work meanwhile.

    With ``--full`` it takes most of the time, and begins first.
    """
    until = 0.0 if config.getoption("--full") else SPREAD
    long = [item for item in items if LONG & {*item.path.parts}]
    places = {item: until * number / len(long) for number, item in enumerate(long)}
    short = [item for item in items if item not in places]
    places |= {item: number / len(short) for number, item in enumerate(short)}
    items.sort(key=places.__getitem__)


def pytest_configure_node(node: Any) -> None:
    """Start PostgreSQL for all processes of pytest, and tell each where it answers."""
    programs, config = find_postgresql(), node.config
    if programs and SHARED not in config.stash:
        running = ExitStack()
        config.stash[SHARED] = running.enter_context(cluster(programs)).port
        config.add_cleanup(running.close)
    node.workerinput[PORT] = config.stash.get(SHARED, 0)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures that tests recorded; write what was proved where ``--proof`` says."""
    ran = [
        _ran(report) for reports in terminalreporter.stats.values() for report in reports if _tells(report)
    ]
    figures = [figure for each in ran for figure in each.figures]
    if figures:
        terminalreporter.section("figures")
        for figure in figures:
            terminalreporter.write_line(figure)
    if page := terminalreporter.config.getoption("--proof"):
        proof.write(page, proof.PROMISES_MARKS, proof.promises(ran))


def _tells(report: object) -> TypeGuard[pytest.TestReport]:
    """Say whether a report tells how a test came out: its own, or of what kept it from running."""
    return isinstance(report, pytest.TestReport) and (report.when == "call" or report.outcome != "passed")


def _ran(report: pytest.TestReport) -> proof.Ran:
    figures = tuple(str(value) for name, value in report.user_properties if name == "figure")
    return proof.Ran(report.nodeid, report.outcome, figures if report.when == "call" else ())


@pytest.fixture(autouse=True)
def stays_on_this_machine() -> Iterator[None]:
    """Fail the test that tried to reach another host, even if it swallowed the refusal."""
    yield
    refused = GUARD.take()
    assert not refused, f"left loopback: {refused}"


@pytest.fixture(autouse=True)
def plain_logs() -> None:
    """Let each test log to standard output with short traces: to draw all locals takes seconds."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.NOTSET),
        logger_factory=structlog.PrintLoggerFactory(),
    )


@pytest.fixture(scope="session")
def full(request: pytest.FixtureRequest) -> bool:
    """Say whether the fault tests run with their full figures."""
    return bool(request.config.getoption("--full"))


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Take one line of figures, printed at the end of the run."""
    return lambda line: record_property("figure", line)


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Iterator[Server]:
    """Give a throwaway PostgreSQL, which the processes of pytest share."""
    programs, port = require("postgresql"), getattr(request.config, "workerinput", {}).get(PORT)
    if port:
        yield Server(port)
        return
    with cluster(programs) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_url(postgres: Server) -> str:
    """Give the URL of the server's maintenance database."""
    return postgres.url()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give an empty database of each kind; for one kind alone, parametrize it indirectly."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/infra.db"
        return
    server: Server = request.getfixturevalue("postgres")
    with server.database() as url:
        yield url


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Give the browser's executable."""
    return require("chromium")
