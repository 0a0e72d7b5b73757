"""The tests' own ground: databases, what the machine must have, and the guard of the network."""

import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from sqlalchemy import create_engine, make_url, text

from tests.loopback import GUARD, is_local
from tests.postgres import Server, cluster
from tests.proof import PROMISES, PROMISES_MARKS
from tests.require import demand, require


def run_pytest(folder: Path, source: str, *more: str) -> subprocess.CompletedProcess[str]:
    """Run the one test file *source* with our fixtures in a process of its own."""
    (folder / "test_one.py").write_text(source)
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "tests.conftest",
            "-p",
            "no:cacheprovider",
            "--rootdir",
            folder,
            *more,
        ],
        cwd=folder,
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_each_database_is_fresh_and_usable(database_url: str) -> None:
    """A test is given an empty database that takes a table."""
    engine = create_engine(make_url(database_url.replace("postgresql:", "postgresql+psycopg:")))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE seen (n INTEGER)"))
        connection.execute(text("INSERT INTO seen VALUES (1)"))
        assert connection.scalar(text("SELECT count(*) FROM seen")) == 1
    engine.dispose()


def test_a_database_is_dropped_with_a_client_still_connected(postgres: Server) -> None:
    """A forgotten connection keeps no database."""
    with postgres.database() as url:
        forgotten = psycopg.connect(url)
    name = urlsplit(url).path.removeprefix("/")
    with psycopg.connect(postgres.url()) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    forgotten.close()
    assert found is None


def test_a_database_is_a_copy_of_its_template(postgres: Server) -> None:
    """What was made once in a template is in each copy."""
    with postgres.database() as template:
        with psycopg.connect(template) as connection:
            connection.execute("CREATE TABLE made_once (n INTEGER)")
        connection.close()
        with (
            postgres.database(urlsplit(template).path.removeprefix("/")) as url,
            psycopg.connect(url) as copy,
        ):
            assert copy.execute("SELECT count(*) FROM made_once").fetchone() == (0,)


def test_postgresql_comes_back_with_what_it_kept() -> None:
    """A durable server that is stopped at once and started again still has what was committed."""
    with cluster(require("postgresql"), durable=True) as server:
        with psycopg.connect(server.url()) as connection:
            connection.execute("CREATE TABLE kept (n INTEGER)")
        server.stop()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(server.url(), connect_timeout=2)
        server.start()
        with psycopg.connect(server.url()) as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_nothing_is_left_of_a_cluster() -> None:
    """Neither the process nor the folder outlives the block."""
    with cluster(require("postgresql")) as server, psycopg.connect(server.url()) as connection:
        (folder,) = connection.execute("SHOW data_directory").fetchone() or ("",)
        assert Path(folder).is_dir()
    assert not Path(folder).parent.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.url(), connect_timeout=2)


def test_chromium_answers(chromium: Path) -> None:
    """The browser that tests are given is one."""
    said = subprocess.run([chromium, "--version"], capture_output=True, text=True, timeout=60, check=True)
    assert re.search(r"Chrom", said.stdout)


def test_what_is_missing_skips_a_test_at_home_and_fails_it_in_ci() -> None:
    """Nothing is skipped where everything is required."""
    with pytest.raises(pytest.skip.Exception, match="chromium is not on this machine"):
        demand("chromium", None, strict=False)
    with pytest.raises(pytest.fail.Exception, match="INFRA_TEST_REQUIRE"):
        demand("chromium", None, strict=True)


@pytest.mark.parametrize(
    "host", [None, "", "localhost", "slack.localhost", b"127.0.0.1", "127.1.2.3", "::1", "0.0.0.0"]
)
def test_this_machine_is_local(host: object) -> None:
    """Each way to name this machine is let through."""
    assert is_local(host)


@pytest.mark.parametrize(
    "host", ["192.0.2.1", "10.0.0.1", "2001:db8::1", "api.example.org", "localhost.example.org"]
)
def test_other_machines_are_not_local(host: str) -> None:
    """No other host is taken for this machine."""
    assert not is_local(host)


@pytest.mark.parametrize(
    "leave",
    [
        lambda: socket.create_connection(("192.0.2.1", 80)),
        lambda: socket.getaddrinfo("api.example.org", 443),
        lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 53)),
    ],
    ids=["connect", "look up", "send"],
)
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_no_connection_leaves_loopback(leave: Callable[[], object]) -> None:
    """Whatever goes to another host is refused and remembered."""
    with pytest.raises(ConnectionRefusedError, match="tests stay on this machine"):
        leave()
    assert len(GUARD.take()) == 1


def test_a_swallowed_refusal_still_fails_its_test(tmp_path: Path) -> None:
    """A test that hides its attempt to leave loopback does not pass."""
    source = """
import contextlib, socket

def test_leaves():
    with contextlib.suppress(OSError):
        socket.create_connection(("192.0.2.1", 80))
"""
    done = run_pytest(tmp_path, source)
    assert done.returncode == 1
    assert "left loopback" in done.stdout


def test_figures_are_printed_at_the_end_and_what_was_proved_is_written(tmp_path: Path) -> None:
    """A figure recorded by a test stands in the run's closing lines; the page says what did not run."""
    page = tmp_path / "proof.md"
    page.write_text("\n".join(PROMISES_MARKS))
    done = run_pytest(
        tmp_path, "def test_counts(figure):\n    figure('500 kills: 0 lost')\n", "--proof", str(page)
    )
    assert "500 kills: 0 lost" in done.stdout.partition("figures")[2]
    assert page.read_text().count("| not yet run |") == len(PROMISES)
