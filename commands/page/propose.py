"""``page propose``: a pull request with the organisers' page, where it differs from what is kept."""

from collections.abc import Iterable
from difflib import unified_diff
from hashlib import sha256
from pathlib import PurePosixPath

from bot.core.change import Change, Plan
from bot.core.command import Command, Context, NoArgs
from bot.core.page import Form, Paragraph, Part, written
from bot.core.reply import Progress, Reply, Text
from commands.page.sections import GAP, page
from integrations.github import (
    BRANCH,
    FILE,
    GITHUB,
    PREFIX,
    PULL_REQUEST,
    Branch,
    Document,
    File,
    PullRequest,
)

MOST = 12  # lines of the difference on a card
WIDE = 160  # letters of each


async def run(_args: NoArgs, ctx: Context) -> Reply | Plan:
    """Plan a branch, the page on it and a pull request; nothing when the page is as it is kept."""
    await ctx.report(Progress(text="Looking at every vendor …"))
    kept = await ctx.reads(GITHUB).document()
    parts = await page(ctx)
    text = written(parts, Form(PurePosixPath(kept.path).suffix.removeprefix(".")))
    if text == kept.text:
        said = f"{kept.path} in {kept.repository} says what is so now: there is nothing to propose."
        return Reply(title="The organisers' page is up to date", blocks=(Text(text=said),))
    branch = _branch(kept, text)
    if link := dict(kept.proposed).get(branch):
        return Reply(title="The page is proposed already", blocks=(Text(text=f"It waits at {link}"),))
    return Plan(
        title=f"Propose the organisers' page for {kept.repository}",
        changes=await _changes(kept, branch, text, ctx),
        notes=(
            *_gaps(parts),
            f"People merge it, on GitHub ({kept.web}/pulls?q=head:{branch})",
            *(f"An older proposal is open still ({link})" for _, link in kept.proposed),
            "To undo it closes the pull request; what was merged until then stays merged",
            *_difference(kept.text or "", text),
        ),
    )


def _gaps(parts: Iterable[Part]) -> list[str]:
    """Return what the page would lack, since whoever knows it is away or not set up."""
    found = [part.text for part in parts if isinstance(part, Paragraph) and part.text.startswith(GAP)]
    return [f"*The page would lack something.* {each.strip()}" for each in dict.fromkeys(found)]


def _branch(kept: Document, text: str) -> str:
    """Return the name of the branch, the same for the same proposal: so one that is there is found again."""
    both = sha256(repr((kept.text, text)).encode()).hexdigest()
    return f"{PREFIX}{both[:10]}"


async def _changes(kept: Document, branch: str, text: str, ctx: Context) -> tuple[Change, ...]:
    on = f"{kept.repository}/{branch}"
    title = f"The infrastructure of {ctx.organisation.name}, as it is now"
    return (
        await ctx.change(BRANCH, on, Branch(base=kept.branch)),
        await ctx.change(FILE, f"{on}/{kept.path}", File(text=text)),
        await ctx.change(PULL_REQUEST, on, PullRequest(base=kept.branch, title=title)),
    )


def _difference(old: str, new: str) -> list[str]:
    """Return the lines that go and come, as many as a card can hold."""
    found = [
        f"`{line[0]}` {line[1:].strip()[:WIDE]}{'…' if len(line) > WIDE else ''}"
        for line in [*unified_diff(old.splitlines(), new.splitlines(), n=0, lineterm="")][2:]
        if not line.startswith("@@") and line[1:].strip()
    ]
    more = len(found) - MOST
    return [*found[:MOST], *([f"And {more} lines more: `page` shows the whole page"] if more > 0 else [])]


PROPOSE = Command(
    "page propose",
    "Propose the organisers' page in the documentation, where it differs",
    NoArgs,
    run,
    examples=("page propose", "page propose because the owners changed"),
    group="Services",
    changes=(BRANCH.name, FILE.name, PULL_REQUEST.name),
)
