"""Where the organisers' page is kept, and what is proposed for it."""

from bot.core.errors import Refused
from bot.core.values import Value
from integrations.github.client import GithubClient
from integrations.github.guards import archived

PREFIX = "organisers-page-"  # of the branches on which the page is proposed


class Document(Value):
    """A file on the default branch: its *text*, None when there is none, and what is *proposed* for it.

    *web* is where people see its repository, *branch* its default branch.
    """

    repository: str
    path: str
    branch: str
    web: str
    text: str | None = None
    proposed: tuple[tuple[str, str], ...] = ()


async def document(client: GithubClient) -> Document:
    """Return the organisers' page as it is kept now; Refused, with the remedy, where nothing can be proposed.

    What is *proposed* are branch and link of each pull request that is open.
    """
    place, key = client.settings.organisers_page, "`integrations.github.organisers_page"
    if place is None:
        remedy = "The maintainer sets it, and gives the bot the rights that docs/security.md lists for it."
        raise Refused(f"Where the organisers' page is kept is not in the configuration: {key}`.", remedy)
    repository = await client.repository(place.repository)
    if repository is None:
        raise Refused(
            f"{client.org} has no repository {place.repository} that our token may see.",
            f"The maintainer checks {key}.repository`.",
        )
    if why := await archived(client, repository.name):
        raise Refused(why, f"Or the maintainer sets {key}.repository` to another.")
    parts = place.path.split("/")
    if await client.folder(repository.name, *parts) is not None:
        raise Refused(
            f"{place.path} is a folder in {repository.name}.",
            f"The maintainer sets {key}.path` to a file.",
        )
    if not repository.default_branch or await client.head(repository.name, repository.default_branch) is None:
        raise Refused(
            f"{repository.name} is empty: it has no branch yet.", "Somebody pushes a first file to it."
        )
    found = await client.file(repository.name, *parts)
    return Document(
        repository=repository.name,
        path=place.path,
        branch=repository.default_branch,
        web=f"{client.settings.web}/{client.org}/{repository.name}",
        text=found.text if found else None,
        proposed=tuple(
            (each.head.ref, each.html_url)
            for each in await client.pulls(repository.name)
            if each.head.ref.startswith(PREFIX)
        ),
    )
