"""``status decide``: an owner says whether a service is needed this year."""

from enum import StrEnum
from typing import Annotated

from bot.core.change import Plan
from bot.core.command import Arg, Command, Context
from bot.core.errors import Refused, UsageError
from bot.core.names import suggestion
from bot.core.people import Role, listed
from bot.core.values import Value
from integrations.board import DECISION, Decision, target


class Answer(StrEnum):
    """Whether it is needed."""

    YES = "yes"
    NO = "no"


class Args(Value):
    """Which service, and whether it is needed."""

    service: Annotated[str, Arg("SERVICE", positional=True, completes="services", label="Which service")]
    answer: Annotated[Answer, Arg("ANSWER", positional=True, label="Is it needed this year?")]


async def run(args: Args, ctx: Context) -> Plan:
    """Plan to keep what is decided for this year."""
    services, year = ctx.organisation.services, ctx.board.year
    name = next((each for each in services if each.casefold() == args.service.casefold()), None)
    if name is None:
        hint = suggestion(args.service, services) or f"We have: {listed(services, 'and')}."
        raise UsageError(f"We have no service `{args.service[:40]}`.", hint, "service")
    if not services[name].yearly:
        raise Refused(
            f"{name} is needed every year.",
            f"The maintainer sets `services.{name}.yearly`, so that it is decided each year.",
        )
    decision = Decision(needed=args.answer is Answer.YES)
    change = await ctx.change(DECISION, target(name, year), decision)
    said = "is needed" if decision.needed else "is not needed"
    return Plan(title=f"{name} {said} in {year}", changes=(change,))


DECIDE = Command(
    "status decide",
    "Decide whether a service is needed this year",
    Args,
    run,
    examples=("status decide voting-app no because the talks are chosen already",),
    role=Role.OWNER,
    group="Services",
    changes=(DECISION.name,),
)
