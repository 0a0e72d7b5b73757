"""The section ``integrations.onepassword`` of the configuration."""

from pydantic import Field, SecretStr, model_validator

from bot.core.values import Value
from bot.http import Address


class OnePasswordSettings(Value):
    """How the bot looks at which vaults there are, and at how many people open each; never into one."""

    service_account: SecretStr | None = Field(
        None,
        description="The token of a service account that may read one vault, begins with ops_. "
        "Needs 1Password's library: the extra `onepassword`.",
    )
    url: Address | None = Field(
        None,
        description="A Connect server of yours instead, such as http://connect:8080; it names vaults.",
    )
    token: SecretStr | None = Field(None, description="The token of that Connect server.")

    @model_validator(mode="after")
    def _one_way(self) -> "OnePasswordSettings":
        if (self.url is None) != (self.token is None) or (self.url is None) == (self.service_account is None):
            raise ValueError("needs `service_account`, or `url` and `token` of a Connect server")
        return self
