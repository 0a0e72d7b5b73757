"""``keys show``: who can really get in where and how when nobody can; how old the bot's secrets are."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from bot.core.command import Arg, Command, Context
from bot.core.duration import day
from bot.core.keys import ENOUGH, Door, Proof
from bot.core.people import Role, listed
from bot.core.reply import Block, Choice, Choices, Fields, Notice, Reply, Table, Text
from bot.core.secret import Secret, accounts
from bot.core.values import Value
from commands.keys.doors import doors, named
from commands.keys.recovery import RECOVERY
from integrations.keys import KEYS

MOST_BUTTONS = 5
MEANING = (
    "It counts who logged in themselves within half a year, and said so: `keys attest VENDOR`. "
    "`keys show VENDOR` says how to get in when nobody can."
)


class Args(Value):
    """One vendor, or all."""

    vendor: Annotated[
        str | None, Arg("VENDOR", positional=True, completes="status", label="Which vendor")
    ] = None


async def run(args: Args, ctx: Context) -> Reply:
    """Show every place, or one with the ways in."""
    today = ctx.now.astimezone(ctx.organisation.zone).date()
    secrets = await ctx.reads(KEYS).secrets()
    if args.vendor is None:
        return _all(await doors(ctx), secrets, today, ctx)
    door = await named(args.vendor, ctx)
    mine = [each for each in secrets if each.vendor == door.name]
    told = await ctx.reads(KEYS).accounts() if mine else {}
    whose = accounts(told, mine, ctx.people).get(door.name, ())
    return _one(door, _secrets(mine, whose, today), today, ctx)


def _all(found: Sequence[Door], secrets: Sequence[Secret], today: date, ctx: Context) -> Reply:
    red = [each for each in found if not each.enough(today)]
    title = f"Fewer than {ENOUGH} people are known to get in at {len(red)} of {len(found)} places"
    rows = tuple((each.title, _state(each, today), _proofs(each.proofs, today), _may(each)) for each in found)
    return Reply(
        title=title if red else f"At least {ENOUGH} people get in everywhere",
        blocks=(
            Table(columns=("Where", "State", "Last logged in", "May, but did not say so"), rows=rows),
            Text(text=MEANING),
            *_buttons(red, ctx),
            *_ages(secrets, today),
        ),
        quiet=not red,
    )


def _state(door: Door, today: date) -> str:
    able = door.fresh(today)
    if door.enough(today):
        return f"✅ {len(able)} people"
    return f"❌ only {able[0].person}" if able else "❌ nobody that we know of"


def _proofs(proofs: Sequence[Proof], today: date) -> str:
    return (
        ", ".join(f"{p.person} {day(p.on)}{'' if p.fresh(today) else ' (too long ago)'}" for p in proofs)
        or "–"
    )


def _may(door: Door) -> str:
    return listed(door.unproved, "and") if door.unproved else "–"


def _buttons(found: Sequence[Door], ctx: Context) -> list[Block]:
    """Return a button for each place where somebody is missing and the asker said nothing yet."""
    mine = [each for each in found if ctx.actor.name not in {proof.person for proof in each.proofs}]
    ways = tuple(
        Choice(label=f"I logged in: {each.title}", line=f"keys attest {each.name}")
        for each in mine[:MOST_BUTTONS]
    )
    return [Choices(text="Can you? Log in there now, then say so:", choices=ways)] if ways else []


def _ages(secrets: Sequence[Secret], today: date) -> list[Block]:
    rows = tuple((each.name, each.age, each.due(today)) for each in secrets)
    how = "A secret is made anew each year (docs/operations.md, Rotate a secret); then: `keys rotated NAME`."
    return [Table(columns=("Secret of the bot", "Made", "Due"), rows=rows), Text(text=how)] if rows else []


def _secrets(mine: Sequence[Secret], whose: Sequence[str], today: date) -> list[Block]:
    """Return in whose account the secrets for a vendor were made, and how old they are."""
    if not mine:
        return []
    name = mine[0].name
    account = (
        listed(whose, "and") if whose else f"unknown; who knows says `keys rotated {name} --account ACCOUNT`"
    )
    ages = [
        (
            each.name,
            f"made {each.age}, due {each.due(today)}" if each.made else "nobody said when it was made",
        )
        for each in mine
    ]
    return [Fields(pairs=(("The bot's token was made in the account", account), *ages))]


def _one(door: Door, secrets: Sequence[Block], today: date, ctx: Context) -> Reply:
    level = "good" if door.enough(today) else "bad"
    state = f"{_state(door, today).partition(' ')[2]}: {_proofs(door.proofs, today)}"
    blocks: list[Block] = [Notice.model_validate({"level": level, "text": state})]
    if door.unproved:
        blocks.append(Text(text=f"May get in, but did not say so: {_may(door)}."))
    way = RECOVERY.get(door.name)
    if way:
        blocks.append(Fields(pairs=way.pairs))
    return Reply(title=f"Who gets in at {door.title}", blocks=(*blocks, *secrets, *_buttons([door], ctx)))


SHOW = Command(
    "keys show",
    "Who can really get in where, and how when nobody can",
    Args,
    run,
    examples=("keys", "keys show registrar"),
    role=Role.READER,
    group="Services",
)
