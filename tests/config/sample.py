"""A configuration to vary, and vendors to configure."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, SecretStr

from bot.core.errors import ConfigurationError
from config import Settings, load


class Forge(BaseModel):
    """Where the code is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = "https://api.github.com"
    graphql_url: str = "https://api.github.com/graphql"
    org: str
    push_team: str = "core"
    token: SecretStr
    webhook_secret: SecretStr | None = None


class Zone(BaseModel):
    """Where names point."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = "https://api.dnsimple.com/v2"
    account: str
    zone: str
    token: SecretStr
    kindly_hosted: Mapping[str, str] = {}


class Tickets(BaseModel):
    """Where tickets are sold."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = "https://api.tito.io/v3"
    account: str
    event: str
    token: SecretStr


class Rates(BaseModel):
    """Where exchange rates are published."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Domain(BaseModel):
    """Which domain is watched at its registry."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    domain: str


VENDORS: Mapping[str, type[BaseModel]] = {
    "github": Forge,
    "dnsimple": Zone,
    "exchange_rates": Rates,
    "registrar": Domain,
    "tito": Tickets,
}
NAMES = (
    "SLACK_BOT_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_APP_TOKEN",
    "GITHUB_TOKEN",
    "GITHUB_WEBHOOK_SECRET",
    "DNSIMPLE_TOKEN",
    "TITO_TOKEN",
)
TOKENS = {name: f"held by {name}" for name in NAMES}

SAMPLE = """\
server: {port: 8080, public_url: https://bot.example.org}
slack:
  team_id: T0000000000
  bot_token: env:SLACK_BOT_TOKEN
  signing_secret: env:SLACK_SIGNING_SECRET
  channels: {approvals: C0000000001}
people:
  - {name: Charlie, slack: U0000000001, role: owner}
  - {name: organiser-1, slack: [U0000000002, W0000000003], github: organiser-1}
integrations:
  github:
    org: PyconUK
    token: env:GITHUB_TOKEN
"""


def loaded(text: str, **environ: str) -> Settings:
    """Return the settings that *text* says, every token at hand."""
    return load(VENDORS, {**TOKENS, "INFRA_CONFIG_YAML": text, **environ})


def refused(text: str, **environ: str) -> ConfigurationError:
    """Return the error with which *text* is refused."""
    try:
        settings = loaded(text, **environ)
    except ConfigurationError as error:
        return error
    raise AssertionError(f"accepted: {settings}")
