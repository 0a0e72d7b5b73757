"""Processes of the bot forked from one that has imported everything: from nothing each takes two seconds.

The standard library's fork server forks them; each process of pytest starts one when it first needs it.
"""

import multiprocessing
import os
import runpy
import sys
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TypeAlias

ROOT = Path(__file__).parents[1]
NOTHING = Path(os.devnull)

Streams: TypeAlias = tuple[Path, Path, Path]  # standard input, output and error; what is there stays

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.faults.lives", "tests.warm"])  # the last one freezes what there is


def bot(
    words: Sequence[str], environ: Mapping[str, str], streams: Streams, *, anew: bool = False
) -> BaseProcess:
    """Start what ``python -m bot words`` is; *anew* from nothing, as that does.

    Ask it from one thread: when two find it ended at once, one of them reads a false exit code.
    """
    return start(_anew if anew else _bot, tuple(words), dict(environ), streams=streams)


def start(program: Callable[..., None], *arguments: object, streams: Streams) -> BaseProcess:
    """Start a process that calls *program*, which an import finds, and ends."""
    process = _CONTEXT.Process(target=_be, args=(streams, program, arguments), daemon=True)
    process.start()
    return process


def _be(streams: Streams, program: Callable[..., None], arguments: Sequence[object]) -> None:
    for number, path in enumerate(streams):
        os.dup2(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644), number)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 # multiprocessing closed the one there was
    program(*arguments)


def _anew(words: Sequence[str], environ: Mapping[str, str]) -> None:
    os.chdir(ROOT)
    os.execve(sys.executable, (sys.executable, "-m", "bot", *words), environ)


def _bot(words: Sequence[str], environ: Mapping[str, str]) -> None:
    own = os.environ  # noqa: TID251 # it is this process's own, as a shell would hand it over
    own.clear()
    own.update(environ)
    os.chdir(ROOT)
    sys.argv = ["infra", *words]
    runpy.run_module("bot", run_name="__main__", alter_sys=True)
