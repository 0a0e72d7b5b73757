"""The runbook of an export: how each thing that the bot does is done without it."""

from collections.abc import Iterator
from typing import Any

from bot.core.command import Command
from bot.core.runbook import ByHand, Runbook
from bot.core.vendor import NoSettings, Vendor
from commands import COMMANDS
from config.settings import Settings
from integrations import OURS, VENDORS

BEGINNING = """\
# Without the bot

This is all that the infrastructure bot of {name} knows, in files that anybody can read, and how its work is
done by hand. No secret is in it, but people's names and accounts are: keep it where only organisers look.

| file | what it is |
|---|---|
| `state/*.yaml` | people, grants and their ends, what was accepted at vendors, sales, costs, proofs |
| `state/requests.yaml` | each request, and what became of it |
| `journal.jsonl` | who asked, decided and did what: a line each, with the hash of the line before |
| `pack.yaml` | how many lines, and the hash of the last |
| `verify.py` | proves the journal with Python alone: `python3 verify.py --head HASH`, as published |

`infra restore` fills an empty database from it.

**What ends by itself ends no more.** `state/grants.yaml` says which access was given for a time, and until
when: take it away by hand then. What is `pending` or `approved` in the requests was not carried out.

A call needs a token in the shell's variable that it names, of an account that may do this:
`read -rs GITHUB_TOKEN`. Words in CAPITALS are to be replaced.
"""


def runbook(settings: Settings) -> str:
    """Return the runbook as Markdown, for the vendors that are set up."""
    books = [(vendor, said, book) for vendor, said in _there(settings) if (book := _book(vendor, said))]
    pages = {kind: page for _, _, book in books for kind, page in book.pages.items()}
    tasks = [line for command in COMMANDS if command.changes for line in _task(command, pages)]
    vendors = [line for each in _there(settings) for line in _vendor(*each)]
    parts = [
        BEGINNING.format(name=settings.organisation.name),
        *("## What people ask for", "", *tasks),
        *("## Where it is done", "", *vendors),
    ]
    return "\n".join(parts).rstrip("\n") + "\n"


def _there(settings: Settings) -> Iterator[tuple[Vendor[Any, Any, Any], Any]]:
    """Give the vendors that are set up, and our own records, each with its settings."""
    for vendor in VENDORS:
        if vendor.name in settings.integrations:
            yield vendor, settings.integrations[vendor.name]
    for vendor in OURS:
        yield vendor, NoSettings()


def _book(vendor: Vendor[Any, Any, Any], settings: Any) -> Runbook | None:
    return vendor.runbook(settings) if vendor.runbook else None


def _task(command: Command[Any], pages: dict[str, ByHand]) -> Iterator[str]:
    """Give what a command does, and where each kind of thing that it changes is changed by hand."""
    yield from (f"### {command.summary}", "")
    yield from (f"`/infra {example}`" for example in command.examples[:1])
    yield ""
    if "*" in command.changes:
        yield "- The opposite of what was done, where that is done"
    else:
        kinds = [kind for kind in pages if command.may_change(kind)]
        yield from (f"- [{pages[kind].what}](#{kind})" for kind in kinds)
        if not kinds:
            yield "- Its vendor is not set up here"
    yield ""


def _vendor(vendor: Vendor[Any, Any, Any], settings: Any) -> Iterator[str]:
    book = _book(vendor, settings)
    lines = vendor.by_hand(settings) if vendor.by_hand else ()
    if not book and not lines:
        return
    yield from (f"### {vendor.title[:1].upper()}{vendor.title[1:]}", "")
    yield from (f"- {line}" for line in lines)
    yield from ([""] if lines else [])
    for kind, page in book.pages.items() if book else ():
        yield from (f'#### <a id="{kind}"></a>{page.what}', "", page.where, "")
        for call in page.calls:
            yield from (f"{call.what}:", "", "```", call.curl(book.headers if book else ()), "```", "")
