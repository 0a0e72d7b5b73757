"""What turns with the year beside its website: who was given the last one, and whose tickets are counted."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.change import Change
from bot.core.duration import day, moment
from bot.core.errors import UsageError, VendorError
from bot.core.names import suggestion
from bot.core.people import listed
from bot.core.tickets import Conference
from commands.new_year.asked import Asked
from integrations.github import COLLABORATOR
from integrations.sales import EVENT, Followed


@dataclass(frozen=True)
class Turn:
    """What turns with the year beside the website: changes, who loses what by them, what else to know."""

    changes: tuple[Change, ...] = ()
    losses: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


async def grants(asked: Asked) -> Turn:
    """Return the end of what people were given on last year's site alone; what ends by itself is told."""
    if asked.last is None or asked.last.archived:
        return Turn()
    ctx, last = asked.ctx, asked.last.name
    ends = {c.target: grant for grant in await ctx.requests.grants() for c in grant.ending}
    access, bot = await asked.reads.access(), await asked.reads.bot()
    given = [p for p in access.to(last) if p.via == "direct" and p.login not in {bot, *access.owners}]
    notes, lasting = [], []
    for path in given:
        if grant := ends.get(f"{last}/{path.login}"):
            end = moment(grant.ends_at, ctx.organisation.zone)
            notes.append(f"{path.login} has {path.level.value} on {last} until {end} (#{grant.number})")
        else:
            lasting.append(path)
    if not lasting:
        return Turn(notes=tuple(notes))
    who, keep = listed([path.login for path in lasting], "and"), f"`new-year {asked.year} --keep-grants`"
    if asked.args.keep_grants:
        return Turn(notes=(*notes, f"*Still given on {last} alone, without an end:* {who}"))
    return Turn(
        changes=tuple([await ctx.change(COLLABORATOR, f"{last}/{path.login}", None) for path in lasting]),
        losses=tuple(
            f"{path.login}: no {path.level.value} of their own on *{last}* any more" for path in lasting
        ),
        notes=(*notes, f"*Does somebody still work on {last}?* {keep} leaves what they have"),
    )


async def tickets(asked: Asked) -> Turn:
    """Return that ticket figures follow the new year's event, once it is there and the last one has begun."""
    seller, year = asked.ctx.ticketing, asked.year
    if seller is None:
        return Turn()
    again = f"`new-year {year}` makes ticket figures follow it"
    try:
        events, current = await seller.conferences(), await seller.current()
    except VendorError as error:
        return Turn(notes=(f"*Ticket figures stay as they are:* {error.message} Asked again, {again}",))
    new, now = _event(asked, events), next((each for each in events if each.name == current), None)
    if new is None:
        how = f"make it there by hand, with its first day ({seller.where}); asked again then, {again}"
        return Turn(notes=(f"*{seller.seller} has no event of {year} yet:* {how}",))
    if new.name == current:
        return Turn()
    today = asked.ctx.now.astimezone(asked.ctx.organisation.zone).date()
    if now and now.first_day and now.first_day >= today and not asked.args.event:
        begins = day(now.first_day)
        stay = f"Ticket figures stay with {now.title}, which begins {begins}; asked again after that, {again}"
        return Turn(notes=(stay,))
    change = await asked.ctx.change(EVENT, seller.vendor, Followed(event=new.name))
    begin = f"Ticket figures and digests begin anew with {new.title}; past years stay to compare with"
    return Turn(changes=(change,), notes=(begin,))


def _event(asked: Asked, events: Sequence[Conference]) -> Conference | None:
    """Return the event whose tickets are meant; UsageError when none is called as was said."""
    said, year = asked.args.event, asked.year
    if said:
        found = next((each for each in events if each.name == said), None)
        if found is None:
            names = [each.name for each in events]
            hint = suggestion(said, names) or f"There are {listed([f'`{name}`' for name in names], 'and')}."
            raise UsageError(f"There is no event `{said[:100]}`.", hint, "event")
        return found
    ours = [each for each in events if each.first_day and each.first_day.year == year]
    return next((each for each in ours if each.name == f"{year}"), next(iter(ours), None))
