"""The end of `infra init`: database, people, the pinned help, a first answer, what to type next."""

from pathlib import Path
from shlex import quote

import config
from bot.app import secrets
from bot.app.compose import Clock, Core, core, vendor_settings
from bot.app.first_run import vendors
from bot.app.first_run.interview import Interview
from bot.app.logs import configure
from bot.app.verbs import asked
from bot.core.errors import BotError, VendorError
from bot.frontends.slack.setup import Workspace
from bot.frontends.slack.silent import Help
from bot.frontends.terminal.dialogue import Dialogue
from bot.store import Store
from bot.workflow import baseline
from config.settings import Settings
from integrations import VENDORS

FIRST = ("access website", "owners")


async def end(interview: Interview, workspace: Workspace, clock: Clock) -> None:
    """Use the configuration that is now complete; ConfigurationError when it is not."""
    settings = _loaded(interview)
    configure(settings, quiet=True)
    talk = interview.dialogue
    await talk.during("The database is made", _migrate(settings))
    async with core(settings, clock) as opened:
        people = (await opened.service.situation()).people
        talk.say("")
        talk.good(f"The database has its tables, and {len(people)} people.")
        await secrets.keep(opened, interview.put)
        await _baseline(talk, opened)
        await _pin(talk, workspace, opened)
        await _first_answer(talk, opened)
    interview.draft.finish()
    _next(interview, settings)


def _loaded(interview: Interview) -> Settings:
    """Return the settings as the bot will read them."""
    file = str(interview.draft.file)
    environ = {
        name: value for name, value in interview.secrets.environ.items() if name != "INFRA_CONFIG_YAML"
    }
    return config.load(vendor_settings(), {**environ, "INFRA_CONFIG": file}, secrets=interview.secrets)


async def _migrate(settings: Settings) -> None:
    store = await Store.open(settings.database_url)
    try:
        await store.migrate()
    finally:
        await store.close()


async def _baseline(talk: Dialogue, opened: Core) -> None:
    """Accept what is live as the baseline, once; a vendor that is away is accepted another time."""
    titles = {vendor.name: vendor.title for vendor in VENDORS}
    for name in opened.wiring.live:
        title = titles[name]
        try:
            count = await talk.during(f"{title} is looked at", baseline.seed(opened.wiring, name))
        except VendorError as error:
            talk.wrong(f"{title} has no baseline yet. {error.message}", "Run this again, to compare with it.")
        else:
            talk.good(f"{title}: what is there is the baseline to compare with, {count} entries.")


async def _pin(talk: Dialogue, workspace: Workspace, opened: Core) -> None:
    """Pin what helps when the bot is silent; the rest does not depend on it."""
    settings, situation = opened.settings, await opened.service.situation()
    help_ = Help(
        keeper=settings.server.keeper or "",
        owners=tuple(owner.name for owner in situation.owners),
        by_hand=tuple(
            step
            for vendor in VENDORS
            if vendor.by_hand and vendor.name in settings.integrations
            for step in vendor.by_hand(settings.integrations[vendor.name])
        ),
    )
    channel = settings.chat().channels.approvals
    try:
        await talk.during("Slack pins it", workspace.pin(help_, opened.store, channel, opened.clock))
    except BotError as error:
        talk.wrong(
            f"*If the bot is silent* is not pinned. {error.message}", f"{error.hint} Then run this again."
        )
    else:
        talk.good("*If the bot is silent* is pinned in the channel of approvals.")


async def _first_answer(talk: Dialogue, opened: Core) -> None:
    """Ask the bot something, as `infra ask` does; what fits no service here is not worth a complaint."""
    for line in FIRST:
        try:
            answer = await talk.during(f"The bot is asked: {line}", asked(opened, line, None))
        except BotError as error:
            last = error
            continue
        talk.say(f"\nThe first answer. In Slack you would type: /infra {line}\n")
        talk.say(answer)
        return
    talk.wrong(last.message, last.hint)


def _next(interview: Interview, settings: Settings) -> None:
    """Say how the bot is started where it will run, and what to type."""
    talk, secrets = interview.dialogue, interview.file.file
    steps = ["Start it: infra serve"]
    if interview.reference("slack.bot_token").scheme == "env":
        steps = [*_deployed(interview.draft.file, secrets), "Then start it: infra serve"]
    if settings.chat().transport == "http":
        steps.append("On the Slack app's page Event Subscriptions let Slack verify the address once it runs.")
    steps += [
        f"For {vendor.title} too: infra init --with {vendor.name}"
        for vendor in vendors.optional()
        if vendor.name not in settings.integrations
    ]
    steps.append("In Slack, type: /infra help, /infra owners, or /infra alone for a form")
    talk.say(f"\nDone: {interview.draft.file} is complete; `infra check` looks at everything again.")
    if interview.environ.get("INFRA_CONFIG_YAML"):
        talk.wrong("INFRA_CONFIG_YAML is set here: it is read instead of the file.", "Unset it.")
    for n, step in enumerate(steps, 1):
        talk.say(f"  {n}. {step}")


def _deployed(file: Path, secrets: Path) -> list[str]:
    """Return the commands that hand configuration and secrets to where the bot runs."""
    here, there = quote(str(file)), quote(str(secrets))
    return [
        "\n".join(
            (
                f"Secrets are in {secrets}, for your eyes alone; nothing printed them. Hand them over:",
                f"     a shell   set -a; . ./{there}; set +a",
                f"     systemd   EnvironmentFile={quote(str(secrets.resolve()))}",
                f'     Heroku    heroku config:set INFRA_CONFIG_YAML="$(cat {here})" > /dev/null',
                f"               xargs heroku config:set < {there} > /dev/null && rm {there}",
            )
        )
    ]
