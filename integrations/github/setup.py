"""What `infra init` asks about GitHub, and how to do the bot's work there by hand."""

from bot.core.vendor import Ask
from integrations.github.settings import GithubSettings

APP = "a GitHub App: safer, ten minutes to make"
TOKEN = "a token of an account of its own: quicker to make"  # noqa: S105 # the words for it
ASKS = (
    Ask(
        "org",
        "The organisation on GitHub",
        "Its people, teams and repositories are what the bot looks after.",
        "The name in its address: https://github.com/NAME.",
        default="{short}",
    ),
    Ask(
        "app.id",
        "The App's ID on GitHub",
        "An App takes no seat, has the narrowest rights, and its tokens live an hour.",
        "An owner of the organisation makes it: Settings, Developer settings, GitHub Apps, New GitHub App. "
        "Webhook: not active. Organization permissions: Members (read and write), Administration (read). "
        "Repository permissions: Administration, Pages and Actions (read and write), Contents (read). "
        "Then Install App, on all repositories. The App ID is on its page General.",
        way=APP,
    ),
    Ask(
        "app.private_key",
        "The file of the App's private key",
        "Its content is kept where secrets are; delete the file afterwards.",
        "On the App's page General: Private keys, Generate a private key. It downloads a .pem file.",
        begins=("-----BEGIN",),
        file=True,
        way=APP,
    ),
    Ask(
        "token",
        "A token of the bot's own account on GitHub",
        "With it the bot reads the organisation, and carries out what owners approved. It is not shown.",
        "Make an account for the bot with two factors, and let an owner make it one of the organisation's "
        "owners, since only they can invite. Logged in as it, open https://github.com/settings/tokens/new "
        "and tick the scopes admin:org and repo. A fine-grained token for the organisation and all its "
        "repositories does too: organisation Members (write) and Administration (read), repository "
        "Administration (write), Pages (write), Actions (write) and Contents (read).",
        way=TOKEN,
    ),
    Ask(
        "push_team",
        "The team whose members may push",
        "`grant-push` gives access the way you do: by this team.",
        "The last word of the team's address on GitHub.",
        default="core",
        spare=True,
        offers="teams",
    ),
)


def by_hand(settings: GithubSettings) -> tuple[str, ...]:
    """Return how to do on GitHub, as an owner, what the bot does."""
    org, team = f"{settings.web}/orgs/{settings.org}", settings.push_team
    return (
        f"Give or take push access: people and repositories of the team *{team}*, {org}/teams/{team}",
        f"Give or take it for one repository: {settings.web}/{settings.org}/REPOSITORY/settings/access",
        f"Invite somebody, see who has yet to accept: {org}/people/pending_invitations",
        f"Add or remove an owner, never below two: {org}/people?query=role%3Aowner",
    )
