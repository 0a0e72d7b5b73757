"""A throwaway PostgreSQL on loopback, for tests, fault runs and the bench."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from tests.ports import free_port

READY_WITHIN = 30.0  # seconds
CUT_OFF = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""
FAST_NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class Server:
    """A PostgreSQL that answers at a port of 127.0.0.1."""

    def __init__(self, port: int) -> None:
        self.port = port

    def url(self, database: str = "postgres") -> str:
        """Return the URL of *database*."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """Give the URL of a new copy of *template*, and drop it at the end whoever is still connected."""
        name = f"infra_{uuid.uuid4().hex}"
        self._run(sql.SQL("CREATE DATABASE {} TEMPLATE {}"), name, template)
        try:
            yield self.url(name)
        finally:
            self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)"), name)

    def _run(self, statement: sql.SQL, *names: str) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement.format(*map(sql.Identifier, names)))


class Cluster(Server):
    """A server of our own: its data folder, and its process while it runs."""

    def __init__(self, programs: Path, directory: Path, settings: tuple[str, ...]) -> None:
        super().__init__(0)
        self._programs, self._directory, self._settings = programs, directory, settings
        self._account = _account()
        self._server: subprocess.Popen[bytes] | None = None

    def create(self) -> None:
        """Make the data folder, owned by the account the server will run as."""
        if self._account:
            shutil.chown(self._directory, self._account.pw_uid, self._account.pw_gid)
        options = ("--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C")
        made = self._start_program("initdb", "--pgdata", str(self._directory / "data"), *options)
        if made.wait():
            raise RuntimeError(f"initdb failed: {self._log()}")

    def start(self) -> None:
        """Start the server and return when it answers; it keeps its port when started again."""
        self.port = self.port or free_port()
        settings = (
            f"port={self.port}",
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=300",
            *self._settings,
        )
        options = [word for setting in settings for word in ("-c", setting)]
        self._server = self._start_program("postgres", "-D", str(self._directory / "data"), *options)
        deadline = time.monotonic() + READY_WITHIN
        while not self._answers():
            if self._server.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"PostgreSQL did not start: {self._log()}")
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop the server at once; whoever was connected is cut off."""
        if self._server is not None:
            self._server.send_signal(signal.SIGQUIT)
            self._server.wait()
            self._server = None

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _start_program(self, name: str, *options: str) -> subprocess.Popen[bytes]:
        user = self._account.pw_uid if self._account else None
        group = self._account.pw_gid if self._account else None
        with (self._directory / "log").open("ab") as log:
            return subprocess.Popen(
                [self._programs / name, *options],
                cwd=self._directory,
                env={"LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=user,
                group=group,
                extra_groups=None if user is None else [],
            )

    def _log(self) -> str:
        return (self._directory / "log").read_text(errors="replace")[-2000:]


def way_back(url: str) -> str:
    """Return SQL that brings the rows of a database back to what they are now; only its sequences go on.

    That takes milliseconds where a new copy takes a quarter of a second until its first connection is warm.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        connection.execute("CREATE SCHEMA kept")
        steps = [
            CUT_OFF,
            "SET session_replication_role = replica",  # no foreign key, no trigger
        ]
        for (table,) in found:
            steps.append(f"DELETE FROM public.{table}")
            if connection.execute(f"SELECT 1 FROM public.{table} LIMIT 1".encode()).fetchone():
                connection.execute(f"CREATE TABLE kept.{table} AS TABLE public.{table}".encode())
                steps.append(f"INSERT INTO public.{table} TABLE kept.{table}")
    return "; ".join(steps)


@contextmanager
def renewed(server: Server, fill: Callable[[str], None]) -> Iterator[Callable[[], str]]:
    """Give what returns the URL of a database of *server* with what *fill* put there, and nothing else."""
    with server.database() as url:
        fill(url)
        way = way_back(url)

        def again() -> str:
            bring_back(url, way)
            return url

        yield again


def bring_back(url: str, way: str) -> None:
    """Bring the rows back by the *way* that was returned; whoever is still connected is cut off."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(way.encode())


@contextmanager
def cluster(programs: Path, *, durable: bool = False) -> Iterator[Cluster]:
    """Run a new PostgreSQL from the folder *programs*; unless *durable*, it trades safety for speed."""
    directory = Path(tempfile.mkdtemp(prefix="infra-postgres-"))
    server = Cluster(programs, directory, () if durable else FAST_NOT_DURABLE)
    try:
        server.create()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(directory, ignore_errors=True)


def _account() -> pwd.struct_passwd | None:
    """Return another account when we are root, as whom PostgreSQL refuses to run."""
    if os.geteuid() != 0:
        return None
    accounts = {entry.pw_name: entry for entry in pwd.getpwall()}
    return accounts.get("postgres") or accounts["nobody"]
