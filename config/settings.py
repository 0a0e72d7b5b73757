"""The settings: what a deployment decides, read from YAML and checked at start."""

from collections.abc import Mapping
from datetime import time, timedelta
from functools import cache, partial
from typing import Annotated, Literal, Self
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    WithJsonSchema,
    create_model,
    model_validator,
)

from bot.core.board import Service
from bot.core.costs import Charge
from bot.core.errors import ConfigurationError
from bot.core.fees import Part
from bot.core.imports import Row, contradictions, gathered
from bot.core.keys import Vault
from bot.core.people import Login, Name, Person, Role
from bot.core.policy import Policy, Span
from bot.core.prices import Rates, Written
from bot.core.tickets import Season


class Section(BaseModel):
    """A frozen part of the settings that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, defer_build=True)


def _slack_id(letters: str, thing: str, value: str) -> str:
    if value[:1] in letters and value.isascii() and value.isalnum() and value == value.upper():
        return value
    raise ValueError(f"must be the ID of {thing}, such as {letters[0]}0123456789, not its name")


def _web(value: str) -> str:
    parts = _split(value)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be a web address, such as https://bot.example.org")
    if parts.username or parts.password:
        raise ValueError("must not hold a name or a password")
    return value


def _database(url: str) -> str:
    """Return *url* if it is a database we can use; never repeat it, since it may hold a password."""
    scheme, _, rest = url.partition("://")
    file = scheme == "sqlite" and rest.startswith("/") and rest != "/"
    server = scheme in {"postgresql", "postgres"} and rest
    if _split(url) is None or not (file or server):
        raise ValueError("must be sqlite:///FILE or postgresql://USER@HOST/NAME")
    return url


def _split(url: str) -> SplitResult | None:
    """Return the parts of *url*; None instead of an error that repeats it."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # read lazily, and raises
    except ValueError:
        return None
    return parts


def _repository(value: str) -> str:
    """Return *value* if git may clone it: a leading dash is an option, and a password would be shown."""
    parts = _split(value)
    if value.startswith("-") or parts is None or parts.password:
        raise ValueError("must be what git clones, without a password: use `token`, or an SSH key")
    return value


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


_ONE_OR_SEVERAL = WithJsonSchema(
    {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
)
Channel = Annotated[str, AfterValidator(partial(_slack_id, "CG", "a channel"))]
Member = Annotated[str, AfterValidator(partial(_slack_id, "UW", "a Slack member"))]
Web = Annotated[str, AfterValidator(_web)]
Repository = Annotated[str, AfterValidator(_repository)]


class Organisation(Section):
    """Who we are."""

    name: str = Field(min_length=1, description="The conference's name, as people read it.")
    domain: str = Field(
        pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$", description="Its domain: each year is `YYYY.domain`."
    )
    timezone: ZoneInfo = Field(description="Where reminders and digests have their morning.")
    currency: str = Field("GBP", pattern=r"^[A-Z]{3}$", description="The currency that costs are shown in.")
    years_from: int = Field(
        2015, ge=1990, le=2100, description="The first year whose site we host ourselves."
    )


class Server(Section):
    """Where the bot listens, and where it runs."""

    host: str = Field("127.0.0.1", description="The address to listen on; `0.0.0.0` lets other machines in.")
    port: int = Field(3000, ge=0, le=65535, description="The port; `PORT` wins.")
    public_url: Web | None = Field(None, description="What Slack and vendors call, without a path.")
    metrics_token: SecretStr | None = Field(
        None, description="Switches `/metrics` on, for who sends this as `Authorization: Bearer …`."
    )
    sentry_dsn: SecretStr | None = Field(
        None,
        description="Where bugs of the bot itself are told: the DSN of a project at Sentry or GlitchTip.",
    )
    dyno: str | None = Field(None, description="Which dyno of Heroku this is, which says so: `DYNO`.")
    keeper: str | None = Field(
        None,
        min_length=1,
        max_length=500,
        description="Where the bot runs and who can start it again; pinned in the channel of approvals.",
    )


class Channels(Section):
    """Where the bot speaks."""

    approvals: Channel = Field(description="The channel in which requests are decided.")
    digests: Channel | None = Field(None, description="The channel of the daily digests.")


class Slack(Section):
    """The Slack app and its workspace."""

    api_url: Annotated[Web, AfterValidator(lambda url: f"{url.rstrip('/')}/")] = Field(
        "https://slack.com/api/", description="Slack's Web API."
    )
    transport: Literal["http", "socket"] = Field(
        "http",
        description="`http`: Slack calls `public_url`. `socket`: the bot calls Slack; no public address.",
    )
    team_id: Annotated[str, AfterValidator(partial(_slack_id, "TE", "the workspace"))] = Field(
        description="Our workspace; whatever comes from another one is refused."
    )
    app_id: Annotated[str, AfterValidator(partial(_slack_id, "A", "the app"))] | None = Field(
        None, description="Our app; when set, payloads of another app are refused."
    )
    bot_token: SecretStr = Field(description="`xoxb-…`, from the app's page OAuth & Permissions.")
    signing_secret: SecretStr | None = Field(
        None, description="From the app's page Basic Information; needed by the transport `http`."
    )
    app_token: SecretStr | None = Field(
        None, description="`xapp-…` with `connections:write`; needed by the transport `socket`."
    )
    give_up_after: Span = Field(
        timedelta(minutes=10),
        description="Over a `socket`: without a link for so long the process ends, to be started again.",
    )
    channels: Channels = Field(description="Where the bot speaks.")


class Seed(Section):
    """Somebody whom an empty database begins with."""

    name: Name = Field(description="What the person is called: one word of at most 40 characters.")
    slack: Annotated[tuple[Member, ...], BeforeValidator(_listed), _ONE_OR_SEVERAL] = Field(
        (), description="The person's Slack member ID, or several."
    )
    github: Login | None = Field(None, description="The person's GitHub login.")
    role: Role = Field(Role.ORGANISER, description="`reader` looks, `organiser` asks, `owner` decides.")

    def person(self) -> Person:
        """Return the person."""
        return Person.model_validate(self.model_dump())


class Digest(Section):
    """An appointment: a command whose answer is posted every day."""

    command: str = Field(min_length=1, description="What to ask, such as `digest tickets`.")
    at: time = Field(description='The time of day where the organisation is: "09:00".')
    channel: str = Field(description="A name under `slack.channels`.")
    quiet: Literal["say", "skip"] = Field(
        "say", description="On a day without news: `say` so in one line, or `skip` it."
    )


class Costs(Section):
    """What of costs cannot be read from a vendor."""

    rates: Rates | None = Field(
        None, description="Exchange rates of last resort: `{on: 2026-03-18, table: {GBP: 0.86393}}`."
    )
    card: Part | None = Field(
        None,
        description="What our card processor takes, by our contract; nobody else knows it: "
        "`{payee: Stripe, percent: 1.5, per_order: 0.20 GBP}`.",
    )
    budget: dict[str, Written] = Field(
        default_factory=dict,
        description="What may be spent a year, by vendor, and as `total`: `{total: 2000 GBP}`.",
    )
    vendors: dict[str, Charge] = Field(
        default_factory=dict, description="What a vendor costs, where it is known better than the tariffs do."
    )


class Export(Section):
    """Where all there is is written every night: a folder, a git repository, or both."""

    at: time = Field(time(3, 30), description="The time of night where the organisation is.")
    directory: str | None = Field(
        None, min_length=1, description="A folder of its own, as `infra export` writes it."
    )
    git: Repository | None = Field(
        None,
        description="A private repository of its own that it is pushed to: what `git clone` takes.",
    )
    token: SecretStr | None = Field(
        None, description="For an `https` repository: a token that may write its contents, and nothing else."
    )

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if self.directory is None and self.git is None:
            raise ValueError("needs `directory` or `git`, or both")
        if self.token and not (self.git or "").startswith("https://"):
            raise ValueError("has a `token`, which only a `git` that begins with https:// takes")
        return self


class Settings(Section):
    """Everything a deployment decides; the conference's state is data, not settings."""

    organisation: Organisation = Field(description="Who we are.")
    server: Server = Field(default_factory=Server, description="Where the bot listens.")
    database_url: Annotated[str, AfterValidator(_database)] = Field(
        "sqlite:///infra.db",
        repr=False,
        description="`sqlite:///FILE`, or `postgresql://…` beyond one process; `DATABASE_URL` wins.",
    )
    heartbeat_url: Web | None = Field(
        None,
        repr=False,
        description="Who watches whether the bot lives: asked for by GET every five minutes.",
    )
    watch_seconds: int = Field(
        45,
        ge=0,
        le=3600,
        description="How often vendors are looked at for what others changed; `0`: only when somebody asks.",
    )
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = Field(
        "info", description="What is logged; `INFRA_LOG_LEVEL` wins."
    )
    slack: Slack | None = Field(None, description="The Slack app; without it only the terminal works.")
    people: tuple[Person, ...] = Field((), description="Seeds an empty database; afterwards people are data.")
    policy: Policy = Field(
        default_factory=Policy, description="Who decides what; it can tighten, never loosen."
    )
    services: dict[str, Service] = Field(
        default_factory=dict, description="Our services by the name people use, and what each stands on."
    )
    integrations: Mapping[str, BaseModel] = Field(
        default_factory=dict, description="The vendors; one that is left out is off."
    )
    costs: Costs = Field(default_factory=Costs, description="What of costs cannot be read from a vendor.")
    digests: tuple[Digest, ...] = Field((), description="What is posted every day.")
    export: Export | None = Field(None, description="Where all there is is written every night.")
    vaults: dict[str, Vault] = Field(
        default_factory=dict,
        description="Who can open which vault of 1Password, with which an empty record begins, by its name.",
    )
    past_sales: tuple[Season, ...] = Field(
        (), description="Ticket sales of past years, with which an empty record begins: a row each."
    )

    def chat(self) -> Slack:
        """Return the Slack section; ConfigurationError when there is none."""
        if self.slack is None:
            raise ConfigurationError(
                "Slack is not set up: the section `slack` is missing.",
                "See docs/getting-started.md.",
                key="slack",
            )
        return self.slack


def _past(rows: tuple[Row, ...]) -> tuple[Season, ...]:
    """Return the years that rows tell of; ValueError for a row that contradicts another."""
    for number, why in contradictions(dict(enumerate(rows, 1)), "row"):
        raise ValueError(f"row {number}: {why}")
    return gathered(rows)


def _configured(sections: BaseModel) -> dict[str, BaseModel]:
    """Return the vendors' sections that are there, by name."""
    return {name: section for name, section in sections if section is not None}


def shape(vendors: Mapping[str, type[BaseModel]]) -> type[Settings]:
    """Return the model of the settings when *vendors*, by name, are the ones we know."""
    return _shape(tuple(vendors.items()))


@cache
def _shape(vendors: tuple[tuple[str, type[BaseModel]], ...]) -> type[Settings]:
    sections = {
        name: (model | None, Field(None, description=(model.__doc__ or name).partition("\n")[0]))
        for name, model in vendors
    }
    integrations = create_model("Integrations", __base__=Section, **sections)  # type: ignore[call-overload] # made of names
    fields = Settings.model_fields
    return create_model(
        "Settings",
        __base__=Settings,
        __doc__=Settings.__doc__,
        past_sales=(Annotated[tuple[Row, ...], AfterValidator(_past)], fields["past_sales"]),
        people=(tuple[Annotated[Seed, AfterValidator(Seed.person)], ...], fields["people"]),
        integrations=(Annotated[integrations, AfterValidator(_configured)], fields["integrations"]),
    )
