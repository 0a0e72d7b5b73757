"""The section ``integrations.github`` of the configuration."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator
from yarl import URL


def _address(text: str) -> str:
    url = URL(text)
    if url.scheme not in {"http", "https"} or not url.host or url.query or url.fragment:
        raise ValueError(f"{text!r} is not an address: write for example https://api.github.com")
    return text.rstrip("/")


Address = Annotated[str, AfterValidator(_address)]


class GithubSettings(BaseModel):
    """Where GitHub is, and which organisation and team the bot looks after."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: Address = Field("https://api.github.com", description="The REST API.")
    graphql_url: Address = Field("", description="The GraphQL API; beside `url` when left out.")
    org: str = Field(min_length=1, description="The organisation's login.")
    push_team: str = Field("core", min_length=1, description="The slug of the team whose members may push.")
    token: SecretStr = Field(description="Classic scopes `admin:org` and `repo`, of an owner's account.")
    webhook_secret: SecretStr | None = Field(
        None, description="Signs what GitHub sends to `/webhooks/github`; webhooks are off without."
    )

    @model_validator(mode="before")
    @classmethod
    def _graphql_beside(cls, given: object) -> object:
        """Let GraphQL be where GitHub puts it: ``/graphql``, on an Enterprise Server ``/api/graphql``."""
        if isinstance(given, dict) and not given.get("graphql_url"):
            url = str(given.get("url") or cls.model_fields["url"].default).rstrip("/")
            return {**given, "graphql_url": f"{url.removesuffix('/v3')}/graphql"}
        return given

    @property
    def web(self) -> str:
        """Return where people see GitHub."""
        url = URL(self.url)
        return "https://github.com" if url.host == "api.github.com" else str(url.origin())
