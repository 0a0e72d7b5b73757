"""``help``: what you can ask, by task; or all about one word."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, TypeAlias

from bot.core.command import Arg, Command, Context
from bot.core.errors import UsageError
from bot.core.grammar import usage
from bot.core.names import suggestion
from bot.core.people import Role
from bot.core.reply import Reply, Text
from bot.core.values import Value

ALL = "all"
Groups: TypeAlias = dict[str, dict[str, list[Command[Any]]]]


class Args(Value):
    """One word, or ``all``."""

    word: Annotated[str | None, Arg("WORD", positional=True, completes="words")] = None


async def run(args: Args, ctx: Context) -> Reply:
    """Show what the asker's role may say: by task on a phone's screen, word by word, or one word in full."""
    mine = [command for command in ctx.commands if ctx.actor.role.covers(command.role)]
    if args.word is None:
        return _tasks(_grouped(mine))
    return _all(_grouped(mine)) if args.word.lower() == ALL else _word(args.word.lower(), mine, ctx)


def _grouped(mine: Sequence[Command[Any]]) -> Groups:
    groups: Groups = {}
    for command in mine:
        if command is not HELP:  # the last line tells of it
            groups.setdefault(command.group, {}).setdefault(command.word, []).append(command)
    return groups


def _tasks(groups: Groups) -> Reply:
    said = (f"*{group}* {_words(words)}\n{_example(words)}" for group, words in groups.items())
    more = f"`help WORD` says how, `help {ALL}` what for. Words after `because` are the reason owners read."
    return Reply(title="What you can ask", blocks=(Text(text="\n".join(said)), Text(text=more)))


def _words(words: Iterable[str]) -> str:
    return " ".join(f"`{word}`" for word in words)


def _example(words: Mapping[str, Sequence[Command[Any]]]) -> str:
    """Return the first example that shows more than a bare word does."""
    examples = [example for commands in words.values() for c in commands for example in c.examples]
    return f"as in `{next((e for e in examples if ' ' in e), examples[0])}`"


def _all(groups: Groups) -> Reply:
    blocks = [
        Text(text="\n".join((f"*{group}*", *(_line(word, commands) for word, commands in words.items()))))
        for group, words in groups.items()
    ]
    return Reply(title="What each word is for", blocks=(*blocks, Text(text="`help WORD` says how.")))


def _line(word: str, commands: Sequence[Command[Any]]) -> str:
    first = next((c for c in commands if c.verb in {"", "show"}), commands[0])
    others = ", ".join(c.verb for c in commands if c.verb not in {"", "show"})
    return f"`{word}` {first.summary}{f' ({others})' if others else ''}"


def _word(word: str, mine: Sequence[Command[Any]], ctx: Context) -> Reply:
    found = [command for command in mine if command.word == word]
    others = [command for command in ctx.commands if command.word == word]
    if not found and others:
        raise UsageError(
            f"`{word}` is for {others[0].role.value}s; you are {ctx.actor.role.value}.",
            "`help` lists what you can ask.",
        )
    if not found:
        hint = suggestion(word, {command.word for command in mine}) or "`help` lists what you can ask."
        raise UsageError(f"I do not know `{word[:40]}`.", hint)
    return Reply(title=f"How to say {word}", blocks=tuple(_full(command) for command in found))


def _full(command: Command[Any]) -> Text:
    examples = "\n".join(f"For example: `{example}`" for example in command.examples)
    return Text(text=f"*{command.summary}*\n`{usage(command)}`\n{examples}".rstrip())


HELP = Command(
    "help",
    "What you can ask",
    Args,
    run,
    examples=("help", "help grant-push", "help all"),
    role=Role.READER,
    group="Requests",
)
