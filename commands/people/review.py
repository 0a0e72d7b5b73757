"""``people review``: ask everybody whether they still help; show who answered."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated

from bot.core.change import Plan
from bot.core.command import Arg, Command, Context
from bot.core.duration import day, end_of, moment
from bot.core.errors import Refused, UsageError
from bot.core.people import Person, listed
from bot.core.reply import Fields, Reply, Text
from bot.core.review import LEAST, LINES, SUBJECT, Review, Terms, fold
from bot.core.values import Value
from integrations.github import GITHUB, Access, GithubReads, Level, Path, why
from integrations.people import REVIEW

TARGET = "everybody"
USUAL = timedelta(days=14)
SHOWN_FOR = timedelta(days=30)  # after its close a review is shown, rather than the next one begun


class Args(Value):
    """Until when, or no more."""

    until: Annotated[date | None, Arg("DATE", label="Until which day")] = None
    stop: Annotated[bool, Arg(label="Stop the review that runs")] = False


async def run(args: Args, ctx: Context) -> Reply | Plan:
    """Begin a review, show the one that runs or ran, or stop it."""
    review = await newest(ctx)
    if args.stop:
        if review is None or not review.runs:
            raise Refused("No review runs.", "`people review` begins one.")
        return Plan(title="Stop the review", changes=(await ctx.change(REVIEW, TARGET, None),))
    if review and review.runs and args.until:
        closes = moment(review.closes_at, ctx.organisation.zone)
        raise Refused(f"A review runs already, until {closes}.", "`people review --stop` stops it.")
    recent = review and review.closed_at and ctx.now < review.closed_at + SHOWN_FOR and not args.until
    if review and (review.runs or recent):
        return _shown(review, ctx)
    return await _begun(args.until, ctx)


async def newest(ctx: Context) -> Review | None:
    """Return the newest review, running or not."""
    return fold(await ctx.journal.lines(subject=SUBJECT, limit=LINES))


async def _begun(until: date | None, ctx: Context) -> Plan:
    """Plan a review, which needs nobody's approval: it asks, and takes nothing away."""
    zone, asks_at = ctx.organisation.zone, ctx.policy.awake(ctx.now, ctx.organisation.zone)
    closes_at = end_of(until or (asks_at + USUAL).astimezone(zone).date(), zone)
    if closes_at < asks_at + LEAST:
        raise UsageError(f"{day(until or asks_at.date())} is too soon: people get two days at least.")
    reads = ctx.reads(GITHUB) if ctx.has(GITHUB) else None
    access = await reads.access() if reads else Access()
    terms = Terms(
        by=ctx.actor.name,
        asks_at=asks_at.astimezone(zone),
        reminds_at=ctx.policy.awake(asks_at + (closes_at - asks_at) / 2, zone).astimezone(zone),
        closes_at=closes_at.astimezone(zone) - timedelta(seconds=1),
        holds={person.name: _holds(person, access) for person in ctx.people},
        strangers=await _strangers(access, reads, ctx) if reads else (),
    )
    return Plan(
        title=f"Ask {len(ctx.people)} people whether they still help",
        changes=(await ctx.change(REVIEW, TARGET, terms),),
        notes=tuple(_prospects(terms, ctx)),
    )


def _prospects(terms: Terms, ctx: Context) -> Iterable[str]:
    """Yield what will happen and when, who cannot be asked, and how to stop it."""
    zone = ctx.organisation.zone
    asked, again = moment(terms.asks_at, zone), moment(terms.reminds_at, zone)
    yield f"Asked in Slack {asked}; who is silent is asked once more {again}."
    yield (
        f"Closes {moment(terms.closes_at, zone)}. Who did not say yes is then in one plan for the owners; "
        "nothing is taken away before they approve it."
    )
    without = [person.name for person in ctx.people if not person.slack]
    if without:
        yield f"Without a Slack account, so an owner answers for them: {listed(without, 'and')}."
    if terms.strangers:
        yield f"Can push, but not in our people, so not asked: {listed(terms.strangers, 'and')}."
    yield "`people review` shows who answered; `people review --stop` stops it."


def _holds(person: Person, access: Access) -> tuple[str, ...]:
    """Return what somebody holds, in words: their role, and where they can push and why."""
    held = [f"{person.role.value} in our list of people"]
    by_way: dict[str, list[Path]] = {}
    for path in _pushing(access, access.of(person.github)) if person.github else ():
        by_way.setdefault(why(path), []).append(path)
    for way, paths in by_way.items():
        where = paths[0].repo if len(paths) == 1 else f"{len(paths)} repositories"
        held.append(f"{paths[0].level.value} on {where} ({way})")
    return tuple(held)


async def _strangers(access: Access, reads: GithubReads, ctx: Context) -> tuple[str, ...]:
    """Return who can push without being in our people, but for the bot itself."""
    known = {person.github.lower() for person in ctx.people if person.github}
    known.add((await reads.bot() or "").lower())
    paths = (path for repo in access.repositories for path in _pushing(access, access.to(repo.name)))
    return tuple(sorted({path.login for path in paths if path.login.lower() not in known}))


def _pushing(access: Access, paths: Iterable[Path]) -> list[Path]:
    archived = {repository.name for repository in access.repositories if repository.archived}
    return [path for path in paths if path.level >= Level.WRITE and path.repo not in archived]


def _shown(review: Review, ctx: Context) -> Reply:
    """Show who answered what, and what follows."""
    zone = ctx.organisation.zone
    groups = {
        "Still help": review.helping,
        "Want to be removed": review.leaving,
        "No answer yet" if review.runs else "No answer": review.silent,
        "Not reached in Slack": tuple(review.unreached),
        "Can push, but not in our people": review.terms.strangers,
    }
    pairs = [("Begun by", f"{review.terms.by}, {moment(review.at, zone)}")]
    pairs.append(("Closes" if review.runs else "Closed", moment(review.closed_at or review.closes_at, zone)))
    pairs += [(head, listed(names, "and")) for head, names in groups.items() if names]
    if review.closed_at:
        came = f"#{review.number}: `requests {review.number}`" if review.number else review.said
        pairs.append(("What followed", came))
        how = "`people review --until DATE` begins another one."
    else:
        how = "`people review --stop` stops it; nothing is taken away before the owners approve."
    answered = len(review.answers)
    return Reply(
        title=f"{answered} of {len(review.terms.holds)} people answered",
        blocks=(Fields(pairs=tuple(pairs)), Text(text=how)),
    )


REVIEW_PEOPLE = Command(
    "people review",
    "Ask everybody whether they still help; see who answered",
    Args,
    run,
    examples=("people review", "people review --until 2026-09-30", "people review --stop"),
    group="People",
    changes=(REVIEW.name,),
)
