"""Verbs that run to their end, each in a process forked from one that has imported everything.

A process that begins from nothing takes two seconds of a processor; those that serve begin so.
"""

import gc
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
STREAMS = ("stdin", "stdout", "stderr")


class Verbs:
    """The test's end of the process that forks."""

    def __init__(self, folder: Path) -> None:
        self._files = {"stdin": os.devnull} | {name: str(folder / name) for name in STREAMS[1:]}
        command = [sys.executable, "-m", __name__]
        self._server = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(self, words: Sequence[str], environ: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """Run one verb to its end."""
        assert self._server.stdin
        assert self._server.stdout
        self._server.stdin.write(json.dumps({"words": words, "environ": environ} | self._files) + "\n")
        self._server.stdin.flush()
        code = int(self._server.stdout.readline())
        said = [Path(self._files[name]).read_text() for name in STREAMS[1:]]
        return subprocess.CompletedProcess(words, code, *said)

    def close(self) -> None:
        """End the process."""
        self._server.communicate(timeout=60)


def serve() -> None:
    """Fork a process for each line of standard input, and say with which exit code it ended."""
    import_module("bot.app")
    gc.freeze()
    for line in sys.stdin:
        wanted = json.loads(line)
        if not (pid := os.fork()):
            _run(wanted)
        _, status = os.waitpid(pid, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _run(wanted: Mapping[str, Any]) -> None:
    """Be one verb, and never return."""
    from bot.__main__ import main

    code: object = 1
    try:
        for number, name in enumerate(STREAMS):
            os.dup2(os.open(wanted[name], os.O_RDWR | os.O_CREAT | os.O_TRUNC), number)
        environ = os.environ  # noqa: TID251 # it is this process's own, as a shell would hand it over
        environ.clear()
        environ.update(wanted["environ"])
        code = main(wanted["words"])
    except SystemExit as ended:
        code = ended.code
    except BaseException:  # noqa: BLE001 # a forked process must not go on as its parent
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 1)


if __name__ == "__main__":
    serve()
