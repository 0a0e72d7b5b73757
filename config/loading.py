"""From files and the environment to checked settings, or to an error that says where to look."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args, get_origin
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import BaseModel, SecretStr, ValidationError, create_model
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from bot.core.costs import TOTAL
from bot.core.errors import ConfigurationError
from bot.core.names import suggestion
from bot.core.people import listed
from config.costs import book
from config.document import Document, KeyPath, Place, parse, problem, secret_like, single, spell
from config.secrets import FORMS, Reference, Secrets, reference, variable
from config.settings import Channels, Digest, Settings, shape

FOLDER = Path(__file__).parent
LOCAL = "local.yaml"
HERE = Path("config", LOCAL)  # of the folder in which the bot is run: the checkout, or one of its own
TOKENS = {"http": "signing_secret", "socket": "app_token"}  # what each transport of Slack needs
VARIABLES = {
    "DATABASE_URL": ("database_url",),
    "PORT": ("server", "port"),
    "DYNO": ("server", "dyno"),
    "INFRA_LOG_LEVEL": ("log_level",),
}

_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not a known key",
    "string_type": "must be text; put it in quotes",
    "string_pattern_mismatch": "does not look right",
    "string_too_short": "must not be empty",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "model_type": "must be a section of keys and values",
    "dict_type": "must be a section of keys and values",
    "tuple_type": "must be a list",
    "zoneinfo_str": "is not a time zone",
    "time_parsing": 'must be a time of day such as "09:00"',
    "time_type": 'must be a time of day such as "09:00"',
}


def load(
    vendors: Mapping[str, type[BaseModel]],
    environ: Mapping[str, str],
    *,
    folder: Path = FOLDER,
    secrets: Secrets | None = None,
) -> Settings:
    """Return the settings with their secrets; ConfigurationError says file, line and key of each problem.

    A secret that nothing needs may be missing: it is then as good as left out.
    """
    document, model = read(environ, folder), shape(vendors)
    wanted = references(document, model)
    settings = checked(document, model)
    found = (secrets or Secrets(environ)).fetch(wanted.values())
    missing = {path: one for path, one in wanted.items() if one not in found}
    _raise(
        [
            document.problem(path, f"is not there: {one} is empty or not set", f"To set it, {one.remedy}.")
            for path, one in missing.items()
            if _needed(path, document, model, settings)
        ]
    )
    return _validated(document, model, {path: found.get(one) for path, one in wanted.items()})


def outline(
    vendors: Mapping[str, type[BaseModel]], environ: Mapping[str, str], *, folder: Path = FOLDER
) -> Settings:
    """Return the settings with each secret's reference in its place, for work that talks to nobody."""
    document, model = read(environ, folder), shape(vendors)
    references(document, model)
    return checked(document, model)


def read(environ: Mapping[str, str], folder: Path = FOLDER) -> Document:
    """Return what the files and the environment say, the later winning."""
    document = defaults(folder).under(_own(environ, folder))
    for name, path in VARIABLES.items():
        if environ.get(name):
            document = document.under(single(path, environ[name], name))
    return document


def own_file(environ: Mapping[str, str]) -> Path:
    """Return the file in which a deployment that begins here keeps its configuration."""
    named = environ.get("INFRA_CONFIG")
    return Path(named).expanduser() if named else HERE


def mistake(model: type[BaseModel], key: str, value: str) -> ConfigurationError | None:
    """Return what is wrong with *value* for one key such as ``slack.team_id``, all others aside."""
    path = tuple(key.split("."))
    field = _field(model, path)
    if field is None:
        return problem(Place("your answer"), path, "is not a known key", "See docs/configuration.md.")
    if secret_like(value):
        return problem(
            Place("your answer"), path, "looks like a secret", "It is asked for by itself, unseen."
        )
    alone = create_model("Answer", value=(field.annotation or str, field))
    try:
        alone.model_validate({"value": value})
    except ValidationError as error:
        detail = error.errors(include_url=False, include_input=False)[0]
        return _problem(single(path, value, "your answer"), model, {**detail, "loc": path})
    return None


def refuse_mistakes(document: Document, model: type[Settings]) -> None:
    """Raise what is wrong with what *document* says, value by value; it may say too little."""
    references(document, model)
    try:
        model.model_validate(defaults().under(document).tree)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        wrong = [each for each in details if not _incomplete(document, each)]
        _raise([_problem(document, model, each) for each in wrong])


def _incomplete(document: Document, detail: ErrorDetails) -> bool:
    """Return whether more may put it right: a key is missing, or a section does not hold together yet."""
    section = isinstance(document.at(detail["loc"]), dict) and detail["type"] == "value_error"
    return section or detail["type"] == "missing"


def defaults(folder: Path = FOLDER) -> Document:
    """Return what holds unless a deployment says otherwise."""
    return _file(folder / "default.yaml", f"{folder.name}/default.yaml")


def references(document: Document, model: type[BaseModel]) -> dict[KeyPath, Reference]:
    """Return the reference of each secret that is written; refuse secrets in plain text."""
    written = {path: document.at(path) for path in secret_keys(model)}
    found = {path: reference(value) for path, value in written.items() if value is not None}
    _raise(
        [
            document.problem(path, "holds a secret in plain text, not a reference", _instead(path))
            for path, one in found.items()
            if one is None
        ]
    )
    return {path: one for path, one in found.items() if one is not None}


def checked(document: Document, model: type[Settings]) -> Settings:
    """Return the settings, right and without contradictions, with references where secrets will be."""
    settings = _validated(document, model, {})
    _raise([document.problem(path, text, hint) for path, text, hint in _contradictions(settings, document)])
    return settings


def written(
    vendors: Mapping[str, type[BaseModel]], environ: Mapping[str, str], *, folder: Path = FOLDER
) -> dict[str, Reference]:
    """Return the references in the configuration by their keys, such as ``slack.bot_token``."""
    return {spell(path): one for path, one in references(read(environ, folder), shape(vendors)).items()}


def secret_keys(model: type[BaseModel], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Return the keys of *model* that hold secrets."""
    for name, field in model.model_fields.items():
        for kind in _kinds(field.annotation):
            if kind is SecretStr:
                yield (*above, name)
            elif issubclass(kind, BaseModel):
                yield from secret_keys(kind, (*above, name))


def _needed(path: KeyPath, document: Document, model: type[Settings], settings: Settings) -> bool:
    """Return whether the settings cannot do without the secret at *path*."""
    if settings.slack is not None and path == ("slack", TOKENS[settings.slack.transport]):
        return True
    try:
        _validated(document, model, {path: None})
    except ConfigurationError:
        return True
    return False


def _own(environ: Mapping[str, str], folder: Path) -> Document:
    """Return what the deployment itself says."""
    named, text = environ.get("INFRA_CONFIG"), environ.get("INFRA_CONFIG_YAML")
    if named and text:
        raise ConfigurationError(
            "INFRA_CONFIG and INFRA_CONFIG_YAML are both set.", "Keep the one that is meant, unset the other."
        )
    if text:
        return parse(text, "INFRA_CONFIG_YAML")
    if named:
        return _file(Path(named).expanduser(), named)
    local = next((file for file in (HERE, folder / LOCAL) if file.exists()), None)
    return _file(local, f"{local.parent.name}/{local.name}") if local else Document()


def _file(path: Path, shown: str) -> Document:
    try:
        return parse(path.read_text(encoding="utf-8"), shown)
    except UnicodeDecodeError:
        raise problem(Place(shown), (), "is not text in UTF-8", "Save it as UTF-8.") from None
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise problem(
            Place(shown),
            (),
            f"cannot be read: {reason}",
            "INFRA_CONFIG names the file; copy config/example.yaml to begin.",
        ) from None


def _validated(document: Document, model: type[Settings], secrets: Mapping[KeyPath, str | None]) -> Settings:
    tree: Any = document.tree
    for path, value in secrets.items():
        tree = _put(tree, path, None if value is None else SecretStr(value))
    try:
        return model.model_validate(tree)
    except ValidationError as error:
        found = [
            _problem(document, model, detail)
            for detail in error.errors(include_url=False, include_input=False)
        ]
        _raise(list({one.message: one for one in found}.values()))
        raise  # pragma: no cover - a validation error has at least one detail


def _put(tree: Any, path: KeyPath, value: SecretStr | None) -> Any:
    head, rest = path[0], path[1:]
    return {**tree, head: _put(tree[head], rest, value) if rest else value}


def _problem(document: Document, model: type[BaseModel], detail: ErrorDetails) -> ConfigurationError:
    """Return pydantic's complaint in our words; never its input."""
    path, kind = detail["loc"], detail["type"]
    if kind not in {"missing", "extra_forbidden"}:
        path = document.known(path)
    text = _WORDS.get(kind) or detail["msg"].removeprefix("Value error, ").replace("Input should", "must")
    if kind == "extra_forbidden":
        section = _section(model, path[:-1])
        known = list(section.model_fields) if section else []
        hint = suggestion(str(path[-1]), known) or f"Known here: {listed(known, 'and')}."
    elif kind == "zoneinfo_str":
        hint = suggestion(str(document.at(path)), available_timezones()) or "Write for example Europe/London."
    else:
        field = _field(model, path)
        hint = (field.description if field else None) or "See docs/configuration.md."
    return document.problem(path, text, hint)


def _contradictions(settings: Settings, document: Document) -> Iterator[tuple[KeyPath, str, str]]:
    """Return what is right in itself but not together: key, problem, remedy."""
    yield from _database(settings, document)
    if (slack := settings.slack) is not None:
        needed = TOKENS[slack.transport]
        if getattr(slack, needed) is None:
            yield (
                ("slack", "transport"),
                f"is {slack.transport}, which needs `slack.{needed}`",
                _instead(("slack", needed)),
            )
        yield from _digests(settings.digests, slack.channels)
    yield from _budget(settings)
    seen: dict[str, int] = {}
    for n, person in enumerate(settings.people):
        for key, word in (("name", person.name.lower()), *(("slack", slack_id) for slack_id in person.slack)):
            if seen.setdefault(word, n) != n:
                yield (
                    ("people", n, key),
                    f"is also that of people[{seen[word]}]",
                    "Each name and Slack ID is one person's.",
                )


def _budget(settings: Settings) -> Iterator[tuple[KeyPath, str, str]]:
    costs = book(settings)
    for name in settings.costs.budget:
        if costs.named(name) not in {TOTAL, *costs.known}:
            titles = [TOTAL, *map(costs.title, costs.known)]
            hint = suggestion(name, titles) or f"There are: {listed(titles, 'and')}."
            yield ("costs", "budget", name), "is no vendor we know", hint


def _digests(digests: Sequence[Digest], channels: Channels) -> Iterator[tuple[KeyPath, str, str]]:
    seen = set[tuple[str, str]]()
    for n, digest in enumerate(digests):
        if getattr(channels, digest.channel, None) is None:
            yield ("digests", n, "channel"), "is not a channel under `slack.channels`", "Add it there."
        if (digest.command, digest.channel) in seen:
            yield ("digests", n, "command"), "is there already for this channel", "Once a day is enough."
        seen.add((digest.command, digest.channel))


def _database(settings: Settings, document: Document) -> Iterator[tuple[KeyPath, str, str]]:
    path: KeyPath = ("database_url",)
    url = settings.database_url
    if url.startswith("sqlite") and settings.server.dyno:
        yield (
            path,
            "is SQLite, but this disk is emptied at each restart (DYNO is set)",
            "Add PostgreSQL; it sets DATABASE_URL.",
        )
    parts, in_yaml = urlsplit(url), document.place(path).line is not None
    if parts.password and in_yaml and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        yield path, "holds a password in plain text", "Set it as the variable DATABASE_URL instead."


def _instead(path: KeyPath) -> str:
    name = variable(spell(path))
    return f"Write `{path[-1]}: env:{name}` and set {name}; references are {FORMS}."


def _kinds(annotation: Any) -> Iterator[type]:
    """Return the classes an annotation is made of."""
    parts = get_args(annotation)
    for part in parts:
        yield from _kinds(part)
    if not parts and isinstance(annotation, type):
        yield annotation


def _section(model: type[BaseModel] | None, path: KeyPath) -> type[BaseModel] | None:
    """Return the model of the section at *path*."""
    named = False  # the step is a name that people chose, of a section of names
    for step in path:
        if isinstance(step, str) and named:
            named = False
        elif isinstance(step, str):
            field = model.model_fields.get(step) if model else None
            kinds = _kinds(field.annotation) if field else iter(())
            model = next((kind for kind in kinds if issubclass(kind, BaseModel)), None)
            named = field is not None and get_origin(field.annotation) is dict
    return model


def _field(model: type[BaseModel], path: KeyPath) -> FieldInfo | None:
    keys = [step for step in path if isinstance(step, str)]
    section = _section(model, tuple(keys[:-1]))
    return section.model_fields.get(keys[-1]) if section and keys else None


def _raise(problems: list[ConfigurationError]) -> None:
    """Raise one error for all *problems*, in the order in which they are written."""
    if len(problems) < 2:
        for one in problems:
            raise one
        return
    problems.sort(key=lambda one: (one.file or "", one.line or 0))
    first = problems[0]
    text = "\n".join(f"{one.message}. {one.hint}" for one in problems)
    raise ConfigurationError(text, "", file=first.file, line=first.line, key=first.key)
