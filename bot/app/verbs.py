"""What the ``infra`` command does, one function a verb; each returns the exit code."""

import asyncio
import re
import signal
import sys
import uuid
from collections.abc import Coroutine, Sequence
from contextlib import nullcontext
from typing import Any, TypeVar

import structlog

from bot import verify
from bot.app.compose import WORKER_CONNECTIONS, Core, core, now
from bot.app.figures import counting
from bot.app.logs import configure
from bot.app.serving import (
    SWEEP_SECONDS,
    listening_at,
    running,
    settle,
    slack_frontend,
    standings,
    working,
)
from bot.app.started import say
from bot.app.turns import on_duty
from bot.core import imports
from bot.core.change import Plan
from bot.core.errors import ConfigurationError, NotAllowed, UsageError
from bot.core.keys import Vault
from bot.core.people import Actor, Person, listed
from bot.core.reply import Reply
from bot.core.tickets import Season
from bot.frontends.terminal import render
from bot.store import Store, journal
from bot.store.inbox import Inbox
from bot.workflow import audit
from bot.workflow.service import Filed
from bot.workflow.wiring import Standing
from config.settings import Settings
from integrations.onepassword import VAULT, openers
from integrations.sales import SEASON

T = TypeVar("T")
TERMINAL = Actor(name="terminal", via="terminal")

log = structlog.get_logger()


def serve(settings: Settings, host: str | None = None, port: int | None = None, jobs: bool = True) -> int:
    """Serve until asked to stop; return the exit code."""
    return asyncio.run(_serve(settings, host, port, jobs))


async def _serve(settings: Settings, host: str | None, port: int | None, jobs: bool) -> int:
    figures = counting(settings)
    configure(settings, counted=figures.logged)
    stop = _signals()
    async with running(settings, host=host, port=port, jobs=jobs, figures=figures) as app:
        log.info("serving", port=app.port, slack=settings.chat().transport, url=settings.server.public_url)
        dialect = app.core.store.dialect
        beside = "here" if dialect == "sqlite" else "here, or at a worker while there is one"
        say(settings, dialect, beside if jobs else "left to infra worker")
        settle()
        await app.until(stop)
        log.info("stopping: the step in flight is finished")
    return 0


def worker(settings: Settings, port: int | None = None) -> int:
    """Run jobs beside web processes until asked to stop; return the exit code.

    At *port* it says how it does.
    """
    return asyncio.run(_worker(settings, port))


async def _worker(settings: Settings, port: int | None) -> int:
    if settings.database_url.startswith("sqlite"):
        raise ConfigurationError(
            "A worker of its own needs PostgreSQL.", "On SQLite `infra serve` runs the jobs itself."
        )
    figures = counting(settings)
    configure(settings, counted=figures.logged)
    stop, standing = _signals(), list[Standing]()
    async with core(
        settings, now, connections=WORKER_CONNECTIONS, standing=standing, heard=figures.vendor
    ) as opened:
        slack = slack_frontend(opened, Inbox(opened.store))
        standing += standings(opened, slack)
        async with (
            slack.speaking(),
            working(opened, slack, stop, SWEEP_SECONDS, figures, alone=True),
            on_duty(opened.store, opened.clock),
            nullcontext() if port is None else listening_at(settings.server.host, port, opened, (), figures),
        ):
            log.info("working", port=port)
            say(settings, opened.store.dialect, "here")
            await stop.wait()
            log.info("stopping: the step in flight is finished")
    return 0


def _signals() -> asyncio.Event:
    """Return an event that SIGTERM or SIGINT sets."""
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    return stop


def done(settings: Settings, work: Coroutine[Any, Any, T]) -> T:
    """Do *work* for somebody at a terminal, who waits for its answer and not for logs."""
    configure(settings, quiet=True)
    return asyncio.run(work)


def ask(settings: Settings, line: str, as_person: str | None = None) -> int:
    """Answer *line* in the terminal; with *as_person* requests can be filed too."""
    return done(settings, _ask(settings, line, as_person))


async def _ask(settings: Settings, line: str, as_person: str | None) -> int:
    async with core(settings, now) as opened:
        print(await asked(opened, line, as_person))
    return 0


async def asked(opened: Core, line: str, as_person: str | None) -> str:
    """Return the answer to *line* as the terminal shows it."""
    person = await _person(opened, as_person)
    actor = Actor.of(person, "terminal") if person else TERMINAL
    try:
        answer = await opened.service.ask(line, actor, uuid.uuid4().hex)
    except NotAllowed as error:
        hint = error.hint if person else f"Say who you are: `infra ask --as NAME`. {error.hint}"
        raise NotAllowed(error.message, hint) from None
    return await _answered(opened, answer)


async def _person(opened: Core, as_person: str | None) -> Person | None:
    """Return one of our people by name; NotAllowed when nobody has it."""
    everyone = (await opened.service.situation()).people
    person = next((p for p in everyone if as_person and p.name.casefold() == as_person.casefold()), None)
    if as_person and person is None:
        raise NotAllowed(
            f"{as_person} is not in our list of people.", f"It has {listed(p.name for p in everyone)}."
        )
    return person


async def _answered(opened: Core, answer: Reply | Filed) -> str:
    if isinstance(answer, Filed):
        known = (
            "" if answer.new else f"#{answer.request.number} asks just this already. Nothing was filed.\n\n"
        )
        return known + render.card(answer.request, answer.status, await opened.service.situation())
    return render.reply(answer)


def import_sales(settings: Settings, file: str, as_person: str | None = None) -> int:
    """Import past years' ticket sales from the CSV file *file*: all of it, or nothing."""
    with open(file, "rb") as opened:
        found = imports.read(imports.decoded(opened.read()))
    return done(settings, _import_sales(settings, found, as_person))


async def _import_sales(settings: Settings, found: tuple[Season, ...], as_person: str | None) -> int:
    async with core(settings, now) as opened:
        season = opened.wiring.bound[SEASON.name]
        changes = [await season.plan(f"{each.year}", each) for each in found]
        years = listed((f"{each.year}" for each in found), "and")
        plan = Plan(title=f"Ticket sales of {years} imported", changes=tuple(changes))
        return await _imported(opened, plan, as_person, "import-sales")


def import_vault(settings: Settings, vault: str, files: Sequence[str], as_person: str | None = None) -> int:
    """Keep who can open *vault*, by the listings of `op` in *files*: names, and nothing else of them."""
    people = set[str]()
    for file in files:
        with open(file, "rb") as opened:
            people.update(openers(opened.read()))
    return done(settings, _import_vault(settings, vault, tuple(sorted(people, key=str.casefold)), as_person))


async def _import_vault(settings: Settings, name: str, people: tuple[str, ...], as_person: str | None) -> int:
    async with core(settings, now) as opened:
        vault = Vault(people=people, on=now().date())
        change = await opened.wiring.bound[VAULT.name].plan(name, vault)
        plan = Plan(title=f"Who can open the vault {name}", changes=(change,))
        return await _imported(opened, plan, as_person, "import-vault")


async def _imported(opened: Core, plan: Plan, as_person: str | None, line: str) -> int:
    """File a plan of our own data, and print what came of it."""
    person = await _person(opened, as_person)
    actor = Actor.of(person, "terminal") if person else TERMINAL
    print(await _answered(opened, await opened.service.file(plan, actor, uuid.uuid4().hex, line)))
    return 0


def check(settings: Settings) -> int:
    """Look at everything that is set up and say what is missing; return 1 when something is."""
    from bot.app.checking import checked

    sections = done(settings, checked(settings, now))
    print(render.checked(sections))
    return int(any(finding.level == "bad" for _, found in sections for finding in found))


def migrate(settings: Settings) -> int:
    """Bring the database's tables up to date."""
    return done(settings, _migrate(settings))


async def _migrate(settings: Settings) -> int:
    store = await Store.open(settings.database_url)
    try:
        await store.migrate()
    finally:
        await store.close()
    print("The database is up to date.")
    return 0


def audit_verify(settings: Settings, head: str | None = None) -> int:
    """Verify the journal and every request's state; return 1 when something is wrong."""
    _check_head(head)
    return done(settings, _audit_verify(settings, head))


def audit_verify_export(file: str, head: str | None = None) -> int:
    """Verify an exported journal, without database or settings; return 1 when something is wrong."""
    _check_head(head)
    text, whole = verify.verdict(file, head)
    print(text)
    return int(not whole)


def _check_head(head: str | None) -> None:
    if head is not None and not re.fullmatch("[0-9a-f]{64}", head):
        hint = "Copy its 64 signs from where it was published."
        raise UsageError(f"`{head[:80]}` is no head of a journal.", hint)


async def _audit_verify(settings: Settings, head: str | None) -> int:
    async with core(settings, now) as opened:
        problems = await audit.verify(opened.store, head)
        async with opened.store.read() as tx:
            lines, last = await journal.head(tx)
    for problem in problems:
        print(problem)
    if not problems:
        print(f"The journal is whole: {lines} lines, head {last}.")
    return int(bool(problems))


def audit_export(settings: Settings, out: str) -> int:
    """Write the journal as JSON lines to the file *out*, or to standard output for ``-``."""
    return done(settings, _audit_export(settings, out))


async def _audit_export(settings: Settings, out: str) -> int:
    async with core(settings, now) as opened:
        with open(out, "w") if out != "-" else nullcontext(sys.stdout) as file:  # noqa: ASYNC230 - a tool's own file
            async for line in audit.export(opened.store):
                file.write(line)
    return 0
