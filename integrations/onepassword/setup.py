"""What `infra init` asks about 1Password."""

from bot.core.vendor import Ask

ACCOUNT, CONNECT = "With a service account", "By a Connect server of ours"
ASKS = (
    Ask(
        "service_account",
        "The token of a service account at 1Password",
        "With it the bot sees which vaults there are, and how many people open them; it opens nothing.",
        "On 1password.com, Developer, Service Accounts: one that may read the shared vault. "
        "Its library is installed with `.venv/bin/pip install onepassword-sdk`.",
        begins=("ops_",),
        way=ACCOUNT,
    ),
    Ask(
        "url",
        "The address of the Connect server",
        "The bot asks it for the names of the vaults.",
        "Such as http://connect:8080.",
        way=CONNECT,
    ),
    Ask(
        "token",
        "A token of the Connect server",
        "With it the bot sees which vaults there are; it opens nothing.",
        "On 1password.com, Developer, your Connect server, New Token.",
        way=CONNECT,
    ),
)
