"""What the commands about the zone share: which set and record somebody means, and what a plan says."""

import shlex
from collections.abc import Iterable, Sequence
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BeforeValidator

from bot.core.command import Arg, Context
from bot.core.duration import duration
from bot.core.errors import UsageError
from bot.core.names import suggestion
from bot.core.people import listed
from bot.core.reply import Choice, Choices, Notice, Reply
from bot.core.takeover import Pointing, service
from integrations.dnsimple import (
    DNSIMPLE,
    HOSTS,
    DnsimpleReads,
    Entry,
    Record,
    RecordSet,
    bold,
    full_name,
    name_of,
)

POINTERS = {"ALIAS", "CNAME"}


def _seconds(said: object) -> object:
    """Return "1h" as seconds; a bare number is seconds already."""
    text = str(said).strip()
    return int(duration(text).total_seconds()) if text[-1:].isalpha() else said


Name = Annotated[str, Arg("NAME", positional=True, completes="names", label="Which name")]
Ttl = Annotated[int, BeforeValidator(_seconds)]


async def entries(reads: DnsimpleReads, said: str) -> tuple[str, tuple[Entry, ...]]:
    """Return the full name that is meant, and its sets as they are now; not what DNSimple keeps itself."""
    full = full_name(name_of(said, reads.zone), reads.zone)
    return full, tuple(entry for entry in await reads.at(full) if not entry.system)


async def absent(reads: DnsimpleReads, full: str) -> UsageError:
    """Return the error of a name that has no records."""
    names = {entry.name for entry in await reads.entries()}
    near = suggestion(full, names)
    return UsageError(
        f"{full} has no records.", near or f"`dns` lists all; `dns add {full} TYPE CONTENT` adds one."
    )


def which_type(found: Sequence[Entry], line: str) -> Reply:
    """Ask which of several sets is meant; *line* lacks the type alone."""
    choices = tuple(Choice(label=each.type, line=f"{line}{each.type}") for each in found)
    title = f"{found[0].name} has records of {len(found)} types"
    return Reply(title=title, blocks=(Choices(text="*Which do you mean?*", choices=choices),))


def which_record(entry: Entry, line: str) -> Reply:
    """Ask which of several records is meant; *line* lacks the content alone."""
    records = entry.records.records
    choices = tuple(
        Choice(label=each.content[:70], line=f"{line}{shlex.quote(each.content)}") for each in records
    )
    title = f"{entry.name} has {len(records)} {entry.type} records"
    return Reply(title=title, blocks=(Choices(text="*Which do you mean?*", choices=choices),))


def already(title: str, text: str) -> Reply:
    """Say that nothing is missing."""
    said = f"{text} Nothing was filed."
    return Reply(title=title, blocks=(Notice(level="good", text=said),))


def meant(entry: Entry, said: str) -> Record:
    """Return the record of a set that somebody names by its content."""
    found = next((each for each in entry.records.records if each.content in {said, said.rstrip(".")}), None)
    if found is None:
        wrong = f"{entry.name} has no {entry.type} record `{said[:100]}`."
        raise UsageError(wrong, f"It has {entry.records.words}.")
    return found


def without(entry: Entry, record: Record) -> RecordSet | None:
    """Return a set without one of its records."""
    return RecordSet.of(each for each in entry.records.records if each is not record)


async def pointing(ctx: Context, full: str, kind: str, content: str) -> tuple[str, ...]:
    """Return what a decider should know of where a name is to point; UsageError when there is no such."""
    known = await _looked_up(ctx.reads(DNSIMPLE), kind, content)
    if kind not in POINTERS or service(content) is None:
        return known
    held = await ctx.names.hold(Pointing(name=full, host=content))
    where = f"{bold(full)} at {held.pointing.service.title}"
    if held.ours is None:
        return (*known, f"Whether we hold {where} cannot be known: {held.why.rstrip('.')}")
    taken = f"We do not hold {where} yet: whoever claims it there first shows what they like under our name"
    return known if held.ours else (*known, taken)


async def _looked_up(reads: DnsimpleReads, kind: str, content: str) -> tuple[str, ...]:
    host = content if kind in HOSTS else urlsplit(content).hostname if kind == "URL" else None
    if kind == "SRV":
        host = content.rpartition(" ")[2]
    if not host:
        return ()
    known = await reads.exists(host)
    if known is False:
        raise UsageError(
            f"There is no {host}: nobody would arrive.", "Check its spelling, or set it up first."
        )
    return (f"Whether there is {host} could not be looked up.",) if known is None else ()


def notes(kind: str, full: str) -> tuple[str, ...]:
    """Return what a decider should know of a type."""
    if kind == "URL":
        return (f"http://{full} is redirected; https:// needs a certificate of DNSimple for the name.",)
    return ()


def types(found: Iterable[Entry]) -> str:
    """Return the types of sets in words."""
    return listed([each.type for each in found], "and")
