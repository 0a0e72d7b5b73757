"""One deployment of the bot: its configuration, its real processes, and the addresses they speak to."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.elsewhere.github import TOKEN, GitHub
from tests.elsewhere.slack import APP, APP_TOKEN, APPROVALS, BOT_TOKEN, SECRET, TEAM, Slack
from tests.elsewhere.verbs import Verbs
from tests.elsewhere.wire import until
from tests.ports import free_port

ROOT = Path(__file__).parents[2]

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
        self.running: list[subprocess.Popen[bytes]] = []
        self._verbs: Verbs | None = None
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
        if self._verbs is None:
            self._verbs = Verbs(self.folder)
        return self._verbs.run(words, self.environment | environment)

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Start a verb that goes on."""
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "bot", *words], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        self.running.append(process)
        threading.Thread(target=self._watch, args=(process,), daemon=True).start()
        return process

    def serve(self, *options: str) -> subprocess.Popen[bytes]:
        """Start `infra serve` and return when it is ready."""
        process = self.start("serve", *options)
        until(lambda: process.poll() is not None or self.ready(), 90, self.log)
        assert process.poll() is None, self.log()
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

    def end(self, process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM) -> int:
        """End a process and return its exit code."""
        process.send_signal(how)
        return process.wait(60)

    def close(self) -> None:
        """End what still runs."""
        for process in self.running:
            if process.poll() is None:
                process.kill()
            process.wait()
        if self._verbs is not None:
            self._verbs.close()
        self.trap.close()

    def log(self) -> str:
        """Return what the processes logged."""
        return (self.folder / "log").read_text()

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        """Note to which addresses a process has connections, for as long as it runs."""
        while process.poll() is None:
            self.remotes |= _remotes(process.pid, self.port)
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
