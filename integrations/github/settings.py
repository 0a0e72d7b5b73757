"""The section ``integrations.github`` of the configuration."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator
from yarl import URL

from bot.core.people import is_login
from bot.core.values import Value
from bot.http import Address


def _login(said: str) -> str:
    """Return a login, also from an address that ends in it."""
    login = said.strip().rstrip("/").rpartition("/")[2]
    if login.startswith("-") or not is_login(login):
        raise ValueError("is no login: it is the NAME in https://github.com/NAME")
    return login


class AppSettings(Value):
    """A GitHub App that acts for the bot."""

    id: int | str = Field(description="Its App ID or client ID, from the App's page General.")
    installation: int | None = Field(
        None, gt=0, description="The number of its installation; found by the organisation when left out."
    )
    private_key: SecretStr = Field(
        description="What the App's page gives as a `.pem` file, whole; its line breaks may be written `\\n`."
    )


class PageSettings(Value):
    """Where the organisers' page is kept."""

    repository: str = Field(
        pattern=r"^[\w.-]{1,100}$", description="The repository of the organisation's documentation."
    )
    path: str = Field(
        "infrastructure.rst",
        pattern=r"^[\w.-]+(/[\w.-]+)*\.(rst|md)$",
        description="The page's file there; how it ends says how it is written: `.rst` or `.md`.",
    )


class GithubSettings(Value):
    """Where GitHub is, and which organisation and team the bot looks after."""

    url: Address = Field("https://api.github.com", description="The REST API.")
    graphql_url: Address = Field("", description="The GraphQL API; beside `url` when left out.")
    org: Annotated[str, AfterValidator(_login)] = Field(description="The organisation's login.")
    push_team: str = Field("core", min_length=1, description="The slug of the team whose members may push.")
    token: SecretStr | None = Field(
        None,
        description="Of an owner's account, with the rights in docs/security.md; either this or `app`.",
    )
    app: AppSettings | None = Field(None, description="A GitHub App; either this or `token`.")
    webhook_secret: SecretStr | None = Field(
        None, description="Signs what GitHub sends to `/webhooks/github`; webhooks are off without."
    )

    organisers_page: PageSettings | None = Field(
        None, description="Where `page propose` proposes the organisers' page; off without."
    )

    @model_validator(mode="before")
    @classmethod
    def _graphql_beside(cls, given: object) -> object:
        """Let GraphQL be where GitHub puts it: ``/graphql``, on an Enterprise Server ``/api/graphql``."""
        if isinstance(given, dict) and not given.get("graphql_url"):
            url = str(given.get("url") or cls.model_fields["url"].default).rstrip("/")
            return {**given, "graphql_url": f"{url.removesuffix('/v3')}/graphql"}
        return given

    @model_validator(mode="after")
    def _one_identity(self) -> Self:
        if (self.token is None) == (self.app is None):
            has = "neither" if self.token is None else "both"
            raise ValueError(
                f"needs either `token` or `app`, and has {has} (docs/getting-started.md, part 4)"
            )
        return self

    @property
    def proposes(self) -> bool:
        """Return whether the bot proposes changes of files."""
        return self.organisers_page is not None

    @property
    def web(self) -> str:
        """Return where people see GitHub."""
        url = URL(self.url)
        return "https://github.com" if url.host == "api.github.com" else str(url.origin())

    def accepting(self, repository: str = "") -> str:
        """Return where an invitation is accepted: into the organisation, or to one repository."""
        place = f"{self.org}/{repository}/invitations" if repository else f"orgs/{self.org}/invitation"
        return f"{self.web}/{place}"
