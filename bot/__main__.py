"""The ``infra`` command: one verb, one function; what a verb does not need is not imported."""

import argparse
import getpass
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias
from uuid import uuid4

from bot.core.errors import BotError, ConfigurationError, UsageError

if TYPE_CHECKING:
    from config import Reference, Settings

ROOT = Path(__file__).parents[1]
CLI: TypeAlias = argparse.Namespace
Verb: TypeAlias = Callable[[CLI], int]
Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 # it has no public name


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; return 0, or 1 when something failed, or 2 when what was said or configured is wrong."""
    said = _parser().parse_args(argv)
    try:
        return _run(said.verb, said)
    except BotError as error:
        _complain(error.message, error.hint)
        return 2 if isinstance(error, ConfigurationError | UsageError) else 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read the output, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        _complain(f"The system refused: {error}.", "Is another copy running, or a file not writable?")
        return 1
    except Exception as error:  # noqa: BLE001 # the terminal's one broad catch: nobody is shown a trace unasked
        _complain(*_bug(error))
        return 1


def _run(verb: Verb, said: CLI) -> int:
    code = verb(said)
    sys.stdout.flush()
    return code


def _bug(error: Exception) -> tuple[str, str]:
    at = traceback.extract_tb(error.__traceback__)[-1]
    if os.environ.get("INFRA_LOG_LEVEL", "").lower() == "debug":
        traceback.print_exception(error)
    where = f"{Path(at.filename).name}:{at.lineno}"
    return (
        f"A mistake in the bot itself: {type(error).__name__} in {where} (reference {uuid4().hex[:8]}).",
        "Please report it. With INFRA_LOG_LEVEL=debug the whole trace is shown.",
    )


def _complain(message: str, hint: str) -> None:
    from bot.frontends.terminal import render

    print(render.error(message, hint), file=sys.stderr)


def _settings() -> "Settings":
    """Return the settings with their secrets."""
    import config
    from bot import app

    return config.load(app.vendor_settings(), os.environ)


def _outline() -> "Settings":
    """Return the settings without secrets, for work that talks to nobody."""
    import config
    from bot import app

    return config.outline(app.vendor_settings(), os.environ)


def _serve(said: CLI) -> int:
    from bot import app

    return app.serve(_settings(), said.host, said.port, said.jobs)


def _worker(said: CLI) -> int:
    from bot import app

    return app.worker(_settings(), said.port)


def _migrate(_said: CLI) -> int:
    from bot import app

    return app.migrate(_outline())


def _sandbox(said: CLI) -> int:
    from bot.sandbox import verbs

    return verbs.run(said.port)


def _tour(_said: CLI) -> int:
    from bot.sandbox import verbs

    return verbs.tour()


def _ask(said: CLI) -> int:
    line = " ".join((said.word, *said.words))
    if said.sandbox:
        from bot.sandbox import verbs

        return verbs.ask(line, said.as_person)
    from bot import app

    return app.ask(_settings(), line, said.as_person)


def _init(said: CLI) -> int:
    from bot.app.first_run import init

    given = dict(pair.partition("=")[::2] for pair in said.known)
    if lacking := [key for key, value in given.items() if not value]:
        raise UsageError(f"`--set {lacking[0]}` has no value.", "Write `--set KEY=VALUE`.")
    return init(os.environ, given, said.also)


def _import_sales(said: CLI) -> int:
    from bot import app

    return app.import_sales(_outline(), said.file, said.as_person)


def _import_vault(said: CLI) -> int:
    from bot import app

    return app.import_vault(_outline(), said.vault, said.files, said.as_person)


def _check(_said: CLI) -> int:
    from bot import app

    return app.check(_settings())


def _manifest(said: CLI) -> int:
    import json

    from bot.frontends.slack.manifest import manifest
    from commands import COMMANDS

    settings = _outline()
    transport = settings.slack.transport if settings.slack else None
    url = said.url or (None if said.socket or transport == "socket" else settings.server.public_url)
    if url is None and not said.socket and transport != "socket":
        raise UsageError(
            "Where will Slack find the bot?",
            "Add `--url https://…`, or `--socket` when it has no public address.",
        )
    print(json.dumps(manifest(COMMANDS, settings.organisation.name, url), indent=2, ensure_ascii=False))
    return 0


def _secrets_list(_said: CLI) -> int:
    import config
    from bot import app
    from bot.frontends.terminal import render

    secrets, written = config.Secrets(os.environ), config.written(app.vendor_settings(), os.environ)
    states = {key: secrets.state(one) for key, one in written.items()}
    ages = app.aged(_outline()) if written else {}
    rows = [
        (key, str(one), one.holder, states[key], *ages.get(key, ("–", "–"))) for key, one in written.items()
    ]
    columns = ("key", "reference", "held by", "state", "made", "due")
    print(render.table(columns, rows) if rows else "No secret is referred to.")
    for key, one in written.items():
        if states[key] != "there":
            print(f"\nFor {key}, {one.remedy}.")
    return int(any(state != "there" for state in states.values()))


def _secrets_set(said: CLI) -> int:
    import config
    from bot import app

    where = _where(said.name)
    secret = getpass.getpass(f"{where}: ") if sys.stdin.isatty() else sys.stdin.readline()
    if not secret.strip():
        raise UsageError("Nothing was typed.", "Nothing was changed.")
    config.Secrets(os.environ).keep(where, secret.strip())
    print(f"Kept {where}.")
    keys = [key for key, one in config.written(app.vendor_settings(), os.environ).items() if one == where]
    if keys and not app.set_today(_outline(), keys):
        print(f"That it was today is not kept; once the bot runs: `/infra keys rotated {keys[0]}`.")
    return 0


def _secrets_remove(said: CLI) -> int:
    import config

    where = _where(said.name)
    there = config.Secrets(os.environ).forget(where)
    print(f"Removed {where}." if there else f"{where} was not there.")
    return 0


def _where(name: str) -> "Reference":
    """Return the reference that *name* is, or that the settings have under the key *name*."""
    import config
    from bot import app
    from bot.core.names import suggestion

    if (reference := config.reference(name)) is not None:
        return reference
    keys = config.written(app.vendor_settings(), os.environ)
    if name not in keys:
        known = (
            suggestion(name, keys)
            or "Write `keyring:service/name`, or a key that `infra secrets list` shows."
        )
        raise UsageError(f"`{name}` is no secret of this configuration.", known)
    return keys[name]


def _audit_verify(said: CLI) -> int:
    from bot import app

    if said.file:
        return app.audit_verify_export(said.file, said.head)
    return app.audit_verify(_outline(), said.head)


def _audit_export(said: CLI) -> int:
    from bot import app

    return app.audit_export(_outline(), said.out)


def _export(said: CLI) -> int:
    from bot import app

    return app.export(_outline(), said.folder)


def _restore(said: CLI) -> int:
    from bot import app

    return app.restore(_outline(), said.folder)


def _drill(said: CLI) -> int:
    from bot import app

    return app.drill(_outline(), said.scratch)


def _docs(said: CLI) -> int:
    import json

    from bot import app
    from bot.frontends.slack import manifest
    from bot.frontends.terminal import reference
    from commands import COMMANDS
    from config.schema import json_schema
    from integrations import VENDORS

    schema = json_schema(app.vendor_settings())
    pages = {
        "docs/commands.md": reference.commands_page(COMMANDS),
        "docs/configuration.md": reference.settings_page(schema),
        "config/schema.json": json.dumps(schema, indent=2, ensure_ascii=False) + "\n",
    }
    if by_hand := _text(said.root / "docs/security.md"):
        rights = [*manifest.RIGHTS, *(right for vendor in VENDORS for right in vendor.rights)]
        pages["docs/security.md"] = reference.with_rights(by_hand, rights)
    stale = [name for name, text in pages.items() if _text(said.root / name) != text]
    for name in stale:
        if not said.check:
            (said.root / name).write_text(pages[name], encoding="utf-8")
        print(f"{name} is out of date: run `infra docs`." if said.check else f"{name} is written.")
    return int(bool(stale) and said.check)


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="infra", description="The conference's infrastructure, with owner approval."
    )
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", required=True)
    for part in (_running, _asking, _setting_up, _keeping):
        part(verbs)
    return parser


def _running(verbs: Verbs) -> None:
    serve = _add(verbs, "serve", _serve, "answer Slack, and do the work that waits")
    serve.add_argument("--host", help="the address to listen on, instead of server.host")
    serve.add_argument("--port", type=int, help="the port, instead of server.port")
    serve.add_argument(
        "--no-jobs", dest="jobs", action="store_false", help="leave the work to `infra worker`"
    )
    worker = _add(verbs, "worker", _worker, "do the work that waits, in the place of `infra serve`")
    worker.add_argument("--port", type=int, help="where it says how it does: /healthz, /readyz, /metrics")
    _add(verbs, "migrate", _migrate, "bring the database up to date")
    sandbox = _add(
        verbs, "sandbox", _sandbox, "the whole product on this machine: no account, no token, no network"
    )
    sandbox.add_argument("--port", type=int, default=0, help="the page's port; any free one when left out")
    _add(verbs, "tour", _tour, "the main journeys in the sandbox, as a transcript")


def _asking(verbs: Verbs) -> None:
    ask = _add(verbs, "ask", _ask, "what `/infra` answers: infra ask access website")
    ask.add_argument(
        "word",
        metavar="LINE",
        help="what would stand behind /infra, after options of ours; in quotes if it has some",
    )
    ask.add_argument("words", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)  # its own options among them
    _as(ask, "ask as this person, who may file requests")
    ask.add_argument("--sandbox", action="store_true", help="ask a sandbox instead; needs no configuration")
    sales = _add(verbs, "import-sales", _import_sales, "keep past years' ticket sales from a CSV file")
    sales.add_argument("file", metavar="FILE", help="with the columns year, ticket, sold, price and others")
    _as(sales, "who imports it, for the journal")
    vault = _add(verbs, "import-vault", _import_vault, "keep who can open a vault of 1Password")
    vault.add_argument("vault", metavar="VAULT", help="what the vault is called")
    vault.add_argument("files", metavar="FILE", nargs="+", help="what `op vault user list` printed as JSON")
    _as(vault, "who brings it, for the journal")


def _setting_up(verbs: Verbs) -> None:
    init = _add(
        verbs, "init", _init, "the first run: ask what is needed, check it, keep it, end with an answer"
    )
    init.add_argument(
        "--set",
        dest="known",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="a setting, such as slack.api_url, that is then not asked",
    )
    init.add_argument(
        "--with", dest="also", metavar="VENDOR", action="append", default=[], help="set up this one too"
    )
    _add(verbs, "check", _check, "try each vendor's token, and say which right is missing")
    manifest = _add(verbs, "manifest", _manifest, "print the manifest of the Slack app")
    way = manifest.add_mutually_exclusive_group()
    way.add_argument("--url", help="Slack calls the bot here: https://bot.example.org")
    way.add_argument("--socket", action="store_true", help="the bot calls Slack (Socket Mode)")
    _secrets(verbs.add_parser("secrets", help="which secrets are there, and the keyring's"))
    docs = _add(verbs, "docs", _docs, "write the pages that are made from the code")
    docs.add_argument("--root", type=Path, default=ROOT, help="the checkout; this one when left out")
    docs.add_argument("--check", action="store_true", help="write nothing; fail when a page is out of date")


def _keeping(verbs: Verbs) -> None:
    _audit(verbs.add_parser("audit", help="prove or export the journal"))
    export = _add(verbs, "export", _export, "write all there is as files: state, journal, and a runbook")
    export.add_argument("folder", metavar="DIR", help="an empty folder, or an earlier export's")
    restore = _add(verbs, "restore", _restore, "fill an empty database from an export, and verify it")
    restore.add_argument("folder", metavar="DIR", help="the export's folder")
    drill = _add(verbs, "drill", _drill, "prove that a restore works: export, wipe a copy, restore, compare")
    drill.add_argument("--scratch", metavar="URL", help="an empty database for it; a file when left out")


def _secrets(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    _add(verbs, "list", _secrets_list, "each secret, who holds it, and whether it is there")
    for name, run, text in (
        ("set", _secrets_set, "put a secret into the keyring; it is not shown"),
        ("remove", _secrets_remove, "take a secret out of the keyring"),
    ):
        verb = _add(verbs, name, run, text)
        verb.add_argument(
            "name", metavar="KEY", help="a key such as slack.bot_token, or keyring:service/name"
        )


def _audit(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    verify = _add(verbs, "verify", _audit_verify, "check every line of the journal and every request's state")
    verify.add_argument("file", metavar="FILE", nargs="?", help="an export to check instead of the database")
    verify.add_argument("--head", metavar="HASH", help="a published head, which the journal must contain")
    export = _add(verbs, "export", _audit_export, "write the journal as JSON, a line each")
    export.add_argument("--out", metavar="FILE", default="-", help="the file; standard output when left out")


def _as(parser: argparse.ArgumentParser, text: str) -> None:
    parser.add_argument("--as", dest="as_person", metavar="PERSON", help=text)


def _add(verbs: Verbs, name: str, run: Verb, text: str) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=text, description=f"{text[:1].upper()}{text[1:]}.")
    parser.set_defaults(verb=run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
