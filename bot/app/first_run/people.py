"""The step of the owners: GitHub's owners matched to people in Slack, confirmed in one go."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from bot.app.first_run.interview import Interview
from bot.app.first_run.owners import Owner, matched, meant, seeds
from bot.core.errors import VendorError
from bot.core.people import listed
from bot.frontends.slack.setup import Member, Workspace
from bot.frontends.terminal.dialogue import Question
from integrations.github import Account, GithubReads

ENOUGH_OWNERS = 2


async def owners(talk: Interview, workspace: Workspace, reads: GithubReads) -> None:
    """Settle who decides: the organisation's owners, as they are in Slack."""
    key = "people"
    if talk.known(key):
        return
    while True:
        members = await talk.tried("Slack is asked for its people", workspace.members)
        try:
            accounts = await talk.dialogue.during("GitHub is asked for its owners", _accounts(reads))
        except VendorError as error:
            talk.dialogue.wrong(error.message, error.hint)
            accounts = []
        found = _confirmed(talk, matched(accounts, members), members)
        if len(found) >= ENOUGH_OWNERS or _few(talk, found):
            break
    talk.keep(key, seeds(found))
    talk.done(key)


def _confirmed(talk: Interview, owners: list[Owner], members: Sequence[Member]) -> list[Owner]:
    """Return the owners who are in Slack, once somebody looked at the pairs."""
    known = [owner for owner in owners if owner.member]
    again = [owner for owner in owners if not owner.member]
    if known:
        question = Question(
            "The owners, who approve requests: is each of them who it says?",
            "Enter: yes. Else the numbers of those who are not, such as 2 or 1 3.",
            "Owners of the organisation on GitHub, found in Slack by their names. Names in Slack "
            "can be chosen freely: compare the handles.",
            "yes",
            options=tuple(owner.shown for owner in known),
        )
        wrong = talk.dialogue.ask(question, lambda said: _no_numbers(said, len(known)))
        numbers = {int(word) for word in wrong.split() if word.isdecimal()}
        again += [owner for n, owner in enumerate(known, 1) if n in numbers]
        known = [owner for n, owner in enumerate(known, 1) if n not in numbers]
    for owner in again:
        if member := _member(talk, owner, [m for m in members if m not in {k.member for k in known}]):
            known.append(replace(owner, member=member))
    return known


def _member(talk: Interview, owner: Owner, members: Sequence[Member]) -> Member | None:
    def complaint(said: str) -> str | None:
        fits = meant(said, members)
        if len(fits) == 1:
            return None
        who = f"could be {listed(fit.shown for fit in fits)}" if fits else "is nobody who is free"
        return f"`{said}` {who}. Type the handle, such as @name, or the member ID."

    name = f" ({owner.account.name})" if owner.account.name else ""
    question = Question(
        f"Who is {owner.account.login}{name} in Slack?",
        "A handle such as @name, a name, or a member ID. Enter: leave them out for now.",
        "The member ID is in their profile in Slack, under the three dots: Copy member ID.",
        optional=True,
    )
    said = talk.dialogue.ask(question, complaint)
    return meant(said, members)[0] if said else None


def _few(talk: Interview, owners: Sequence[Owner]) -> bool:
    """Say what follows from fewer than two owners; return whether to go on all the same."""
    names = listed((owner.name for owner in owners), "and")
    talk.dialogue.wrong(
        f"Fewer than two owners can decide: {names}.",
        "Whoever asks cannot approve, so nothing that an owner asks for could be approved. Invite another "
        "owner of the organisation into this Slack, or make another one on GitHub, and look again. Alone "
        "it goes on with `policy.self_approval: sole-owner` in the configuration.",
    )
    options = ("look again", "go on all the same")
    return talk.dialogue.choose(Question("What now?", default="1", options=options)) == 1


async def _accounts(reads: GithubReads) -> list[Account]:
    """Return the organisation's owners but for the bot's own account."""
    bot = (await reads.bot() or "").casefold()
    logins = [login for login in await reads.owners() if login.casefold() != bot]
    accounts = await asyncio.gather(*(reads.account(login) for login in logins))
    return sorted((each for each in accounts if each), key=lambda account: account.login.casefold())


def _no_numbers(said: str, most: int) -> str | None:
    """Return what is wrong with an answer that should be yes, or numbers from one to *most*."""
    words = said.split()
    if said.casefold() in {"y", "yes"} or all(word.isdecimal() and 0 < int(word) <= most for word in words):
        return None
    return f"`{said}` is neither yes nor numbers up to {most}."
