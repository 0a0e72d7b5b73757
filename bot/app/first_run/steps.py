"""The steps of `infra init`, in their order: each asks only what is not known yet."""

import socket
from collections.abc import Collection
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

from bot.app.compose import Clock
from bot.app.first_run import ending, people, slack, vendors
from bot.app.first_run.interview import Interview
from bot.core.errors import ConfigurationError
from bot.core.people import listed
from bot.core.vendor import Ask
from bot.frontends.terminal.dialogue import BackError, Question
from bot.http import network
from integrations.github import GITHUB

ORGANISATION = (
    Ask("name", "The conference's name", "As people read it on cards."),
    Ask("domain", "Its domain", "Each year's site is YYYY.domain.", "Such as pyconuk.org."),
    Ask("timezone", "Its time zone", "Reminders have their morning there.", "Such as Europe/London."),
    Ask("currency", "Its currency", "Costs are shown in it.", "Three letters, such as GBP."),
)
KEEPER = Ask(
    "keeper",
    "Where the bot runs, and who can start it again",
    "It is pinned in the channel of approvals, for the day on which the bot is silent.",
    "Names and the place are enough; no password, since the whole channel reads it.",
)


async def run(talk: Interview, clock: Clock, also: Collection[str] = ()) -> None:
    """Ask what is not known, check it, keep it; end with a first answer. *also* are more vendors wanted."""
    while True:
        try:
            async with AsyncExitStack() as stack:
                return await _steps(talk, clock, also, stack)
        except BackError:
            talk.back()


async def _steps(talk: Interview, clock: Clock, also: Collection[str], stack: AsyncExitStack) -> None:
    _organisation(talk)
    _place(talk)
    workspace = await slack.enter(talk, stack)
    await slack.approvals(talk, workspace)
    net = await stack.enter_async_context(network(clock))
    github = await vendors.settle(talk, GITHUB, net)
    await people.owners(talk, workspace, GITHUB.reads(github))
    for vendor in vendors.wanted(talk, also):
        await vendors.settle(talk, vendor, net)
    _keeper(talk)
    await ending.end(talk, workspace, clock)


def _organisation(talk: Interview) -> None:
    section = "organisation"
    ours = {ask.key: str(talk.value(f"{section}.{ask.key}")) for ask in ORGANISATION}
    written = talk.known(section)
    if written and (talk.draft.foreign or ours.keys() <= written.keys()):
        return
    question = Question(
        "Your organisation",
        f"{' · '.join(ours.values())}. Is that right?",
        "Name, domain, time zone and currency stand on cards, in reminders and costs. `no`: one by one.",
        "yes",
    )
    if not talk.yes(question):
        for ask in ORGANISATION:
            one = Question(ask.title, ask.why, ask.how, ours[ask.key])
            ours[ask.key] = talk.dialogue.ask(one, partial(talk.fault, f"{section}.{ask.key}"))
    talk.keep(section, {**(written or {}), **ours})
    talk.done(section)


def _place(talk: Interview) -> None:
    """Settle how Slack reaches the bot, and where secrets are kept."""
    key = "slack.transport"
    if key not in talk.again and (talk.draft.get(key) or talk.draft.get("slack.bot_token")):
        return
    here = Question(
        "Where will the bot run?",
        how="On this machine nothing need be reachable from outside, and its keyring keeps the secrets. "
        "Elsewhere secrets are variables: init writes them to a file that only you can read, and says "
        "how to hand them to systemd or Heroku.",
        default="1",
        options=("on this machine", "on a server, or on Heroku"),
    )
    elsewhere = talk.dialogue.choose(here) == 1
    url = ""
    if elsewhere:
        question = Question(
            "The address at which Slack finds the bot, https://…",
            "Enter for none: then the bot calls Slack (Socket Mode).",
            "On Heroku https://NAME.herokuapp.com, else the host's name. Slack must reach it over HTTPS.",
            optional=True,
        )
        url = talk.dialogue.ask(question, partial(talk.fault, "server.public_url"))
    scheme = "env" if elsewhere or not _keyring(talk) else "keyring"
    for name in ("bot_token", "signing_secret" if url else "app_token"):
        where = f"SLACK_{name.upper()}" if scheme == "env" else f"infra/slack.{name}"
        talk.keep(f"slack.{name}", f"{scheme}:{where}")
    if url:
        talk.keep("server.public_url", url)
    talk.keep(key, "http" if url else "socket")
    talk.done(key)


def _keyring(talk: Interview) -> bool:
    """Return whether this machine has a keyring that keeps secrets safely."""
    try:
        talk.keyring()
    except ConfigurationError as error:
        where = f"So the secrets go to {talk.file.file}, which only you can read."
        talk.dialogue.wrong(error.message, where)
        return False
    return True


def _keeper(talk: Interview) -> None:
    url, seeds = talk.draft.get("server.public_url"), talk.draft.get("people")
    names = [str(each["name"]) for each in seeds if isinstance(each, dict)] if isinstance(seeds, list) else []
    place = str(url) if url else f"{socket.gethostname()}, folder {Path.cwd()}, `infra serve`"
    talk.answer("server", replace(KEEPER, default=f"{listed(names)}; {place}"))
