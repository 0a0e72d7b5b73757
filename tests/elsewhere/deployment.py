"""One deployment of the bot: its configuration, its real processes, and the addresses they speak to."""

import os
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests import forked
from tests.elsewhere.github import TOKEN, GitHub
from tests.elsewhere.slack import APP, APP_TOKEN, APPROVALS, BOT_TOKEN, SECRET, TEAM, Slack
from tests.elsewhere.wire import until
from tests.ports import free_port

CONFIG = """\
organisation:
  {{name: PyCon UK, domain: pyconuk.org, timezone: Europe/London, currency: GBP, years_from: 2015}}
server: {{host: 127.0.0.1, port: {port}, public_url: https://bot.example.org}}
database_url: {database}
slack:
  api_url: {slack}/api/
  transport: {transport}
  team_id: {team}
  app_id: {app}
  bot_token: env:SLACK_BOT_TOKEN
  signing_secret: env:SLACK_SIGNING_SECRET
  app_token: env:SLACK_APP_TOKEN
  channels: {{approvals: {approvals}, digests: C0DIGESTS}}
people:
  - {{name: George, slack: U0GEORGE, github: george, role: owner}}
  - {{name: Cory, slack: U0CORY, github: cory, role: owner}}
  - {{name: Owen, slack: U0OWEN, github: owen, role: owner}}
  - {{name: organiser-1, slack: U0ORG1, github: organiser-1, role: organiser}}
  - {{name: organiser-2, slack: U0ORG2, github: organiser-2, role: organiser}}
policy: {{min_owners: 2, self_approval: never, request_expires: 72h, rules: []}}
services:
  website: {{repository: "{{year}}.pyconuk.org"}}
  ticketing: {{}}
integrations:
  github: {{url: {github}, graphql_url: {graphql}, org: pyconuk, push_team: core, token: env:GITHUB_TOKEN}}
"""


class Deployment:
    """The bot as somebody runs it: `infra` verbs as processes, nothing of it in this one."""

    def __init__(
        self,
        folder: Path,
        slack: Slack,
        github: GitHub,
        *,
        database: str = "",
        transport: str = "http",
        in_a_file: bool = False,
    ) -> None:
        self.folder, self.slack, self.github = folder, slack, github
        self.transport, self.database = transport, database or f"sqlite:///{folder}/infra.db"
        self.port = free_port()
        self.trap = Trap()
        self.remotes: set[tuple[str, int]] = set()
        self.running: list[BaseProcess] = []
        config = CONFIG.format(
            port=self.port,
            database=self.database,
            slack=slack.url,
            transport=transport,
            team=TEAM,
            app=APP,
            approvals=APPROVALS,
            github=github.api,
            graphql=f"{github.url}/api/graphql",
        )
        self.settings = {"INFRA_CONFIG_YAML": config}
        if in_a_file:
            (folder / "ours.yaml").write_text(config)
            self.settings = {"INFRA_CONFIG": str(folder / "ours.yaml")}

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment: the secrets, and proxies through which nothing may go."""
        proxy = f"http://127.0.0.1:{self.trap.port}"
        proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), proxy)
        return (
            proxies
            | self.settings
            | {
                "PATH": os.defpath,
                "HOME": str(self.folder),
                "PYTHONDONTWRITEBYTECODE": "1",
                "SLACK_BOT_TOKEN": BOT_TOKEN,
                "SLACK_SIGNING_SECRET": SECRET,
                "SLACK_APP_TOKEN": APP_TOKEN,
                "GITHUB_TOKEN": TOKEN,
            }
        )

    def infra(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run one verb to its end."""
        said = (self.folder / "stdout", self.folder / "stderr")
        for path in said:
            path.write_text("")
        process = forked.bot(words, self.environment | environment, (forked.NOTHING, *said))
        process.join()
        assert process.exitcode is not None
        return subprocess.CompletedProcess(words, process.exitcode, *(path.read_text() for path in said))

    def start(self, *words: str, anew: bool = False) -> BaseProcess:
        """Start a verb that goes on, *anew* in a process from nothing."""
        log = self.folder / "log"
        process = forked.bot(words, self.environment, (forked.NOTHING, log, log), anew=anew)
        self.running.append(process)
        threading.Thread(target=self._watch, args=(process.pid,), daemon=True).start()
        return process

    def serve(self, *options: str, anew: bool = False) -> BaseProcess:
        """Start `infra serve` and return when it is ready."""
        process = self.start("serve", *options, anew=anew)
        until(lambda: process.exitcode is not None or self.ready(), 90, self.log)
        assert process.exitcode is None, self.log()
        if self.transport == "http":
            self.slack.deliver_to = self.port
        return process

    def ready(self) -> bool:
        """Return whether the bot says that it is ready."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def end(self, process: BaseProcess, how: signal.Signals = signal.SIGTERM) -> int:
        """End a process and return its exit code."""
        assert process.pid
        os.kill(process.pid, how)
        process.join(60)
        assert process.exitcode is not None, self.log()
        return process.exitcode

    def close(self) -> None:
        """End what still runs."""
        for process in self.running:
            process.kill()
            process.join()
        self.trap.close()

    def log(self) -> str:
        """Return what the processes logged."""
        return (self.folder / "log").read_text()

    def _watch(self, pid: int) -> None:
        """Note to which addresses a process has connections, for as long as it runs."""
        while Path(f"/proc/{pid}").exists():
            self.remotes |= _remotes(pid, self.port)
            time.sleep(0.2)


class Trap:
    """A proxy that nobody should use: it counts who tries."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._listener.setblocking(False)

    def caught(self) -> int:
        """Return how many connections wait here."""
        count = 0
        while True:
            try:
                self._listener.accept()[0].close()
            except BlockingIOError:
                return count
            count += 1

    def close(self) -> None:
        """Stop listening."""
        self._listener.close()


def _remotes(pid: int, own: int) -> set[tuple[str, int]]:
    """Return the far ends of a process's sockets but for those it accepted itself (Linux)."""
    try:
        links = [os.readlink(f"/proc/{pid}/fd/{name}") for name in os.listdir(f"/proc/{pid}/fd")]
        tables = [
            (kind, Path(f"/proc/{pid}/net/{kind}").read_text()) for kind in ("tcp", "tcp6", "udp", "udp6")
        ]
    except OSError:
        return set()
    inodes = {link[8:-1] for link in links if link.startswith("socket:[")}
    found = set()
    for kind, table in tables:
        for line in table.splitlines()[1:]:
            _, local, remote, _, _, _, _, _, _, inode, *_ = line.split()
            host, port = remote.split(":")
            if inode in inodes and int(port, 16) and int(local.split(":")[1], 16) != own:
                found.add((f"{kind} {host}", int(port, 16)))
    return found
