"""``page show``: the whole infrastructure on one page, from the configuration and what vendors say now."""

from typing import Annotated

from bot.core.command import Arg, Command, Context
from bot.core.page import Form, Heading, Items, Paragraph, Part, written
from bot.core.people import Role
from bot.core.reply import File, Progress, Reply, Text
from bot.core.values import Value
from commands.page.sections import page


class Args(Value):
    """How it is written."""

    form: Annotated[Form, Arg("FORM", label="How it is written")] = Form.RST


async def run(args: Args, ctx: Context) -> Reply:
    """Show the page's beginning, with the whole of it as a file."""
    await ctx.report(Progress(text="Looking at every vendor …"))
    parts = await page(ctx)
    file = File(name=f"infrastructure.{args.form.value}", text=written(parts, args.form))
    return Reply(
        title=f"The infrastructure of {ctx.organisation.name}",
        blocks=(*map(_shown, _beginning(parts)), Text(text=f"The whole page is in `{file.name}`."), file),
    )


def _beginning(parts: list[Part]) -> list[Part]:
    """Return the parts of the first section: what it says at a glance."""
    headings = [at for at, part in enumerate(parts) if isinstance(part, Heading) and part.level == 2]
    return parts[1 : headings[1]]


def _shown(part: Part) -> Text:
    match part:
        case Heading():
            return Text(text=f"*{part.text}*")
        case Paragraph():
            return Text(text=part.text)
        case Items():
            return Text(text="\n".join(f"• {item}" for item in part.items))


SHOW = Command(
    "page show",
    "The organisers' page: services, vendors, prices, DNS, deployment, owners, teams",
    Args,
    run,
    examples=("page", "page show --form md"),
    role=Role.READER,
    group="Services",
)
