"""Names of ours at services that show whoever claims them: which we hold there, which anybody could take."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from bot.core.errors import VendorError
from bot.core.reply import Choice, Choices, Notice, Reply
from bot.core.values import Value

MOST_BUTTONS = 5


class Service(Value):
    """Who shows a site under any name that is claimed there and points at a host ending in *suffix*."""

    vendor: str
    title: str
    suffix: str


SERVICES = (
    Service(vendor="github", title="GitHub Pages", suffix=".github.io"),
    Service(vendor="heroku", title="Heroku", suffix=".herokudns.com"),
    Service(vendor="readthedocs", title="Read the Docs", suffix=".readthedocs.io"),
)


def service(host: str) -> Service | None:
    """Return the service that *host* belongs to."""
    return next((each for each in SERVICES if host.casefold().endswith(each.suffix)), None)


class Pointing(Value):
    """A name of ours that points at a host of a service; *dead* when the DNS knows no such host."""

    name: str
    host: str
    dead: bool = False

    @property
    def service(self) -> Service:
        """Return whose host it is."""
        found = service(self.host)
        assert found is not None, self.host
        return found

    @property
    def key(self) -> str:
        """Return what tells this from everything else."""
        return f"{self.name} {self.host}"


class Held(Value):
    """Whether we hold a name at the service it points at; *ours* None when that cannot be known (*why*)."""

    pointing: Pointing
    ours: bool | None
    why: str = ""

    @property
    def words(self) -> str:
        """Return it in words, with what to do."""
        name, host, title = self.pointing.name, self.pointing.host, self.pointing.service.title
        if self.ours is None:
            return f"Whether we hold *{name}* at {title} cannot be known: {self.why}"
        if self.ours:
            return f"*{name}* is ours at {title}."
        return (
            f"*{name}* points at `{host}`, and {self.why}. Whoever takes it there shows what they like "
            f"under our name. Set it up there again, or take the record out: `dns remove {name}`."
        )


@dataclass(frozen=True)
class Names:
    """Who knows, by vendor: *pointing* of names that point at a service, *claims* of those we hold there."""

    pointing: Mapping[str, Callable[[], Awaitable[Sequence[Pointing]]]] = field(default_factory=dict)
    claims: Mapping[str, Callable[[], Awaitable[Collection[str]]]] = field(default_factory=dict)

    async def pointed(self) -> tuple[Pointing, ...]:
        """Return the names that point at a service; raises VendorError."""
        return tuple([each for read in self.pointing.values() for each in await read()])

    async def held(self) -> tuple[Held, ...]:
        """Return of each name that points at a service whether we hold it there.

        Raises VendorError when who knows where names point is away.
        """
        pointed = await self.pointed()
        known = {vendor: await self._known(vendor) for vendor in {each.service.vendor for each in pointed}}
        return tuple(_held(each, known[each.service.vendor]) for each in pointed)

    async def hold(self, pointing: Pointing) -> Held:
        """Return whether we hold a name at the service that it is to point at."""
        return _held(pointing, await self._known(pointing.service.vendor))

    async def _known(self, vendor: str) -> frozenset[str] | str:
        """Return the names that we hold at a vendor, casefolded, or why that cannot be known."""
        claims = self.claims.get(vendor)
        if claims is None:
            return "it is not set up here."
        try:
            return frozenset(name.casefold() for name in await claims())
        except VendorError as error:
            return error.message


def _held(pointing: Pointing, known: frozenset[str] | str) -> Held:
    if pointing.dead:
        return Held(pointing=pointing, ours=False, why="there is no such host")
    if isinstance(known, str):
        return Held(pointing=pointing, ours=None, why=known)
    ours = pointing.name.casefold() in known
    return Held(pointing=pointing, ours=ours, why="" if ours else "nothing of ours there has this name")


def told(danglers: Sequence[Held]) -> Reply:
    """Return the names that anybody could take, in words, with a way to take their records out."""
    one = len(danglers) == 1
    title = f"{danglers[0].pointing.name} leads" if one else f"{len(danglers)} of our names lead"
    choices = tuple(
        Choice(label=f"Remove {each.pointing.name}", line=f"dns remove {each.pointing.name}")
        for each in danglers[:MOST_BUTTONS]
    )
    return Reply(
        title=f"{title} to what anybody could take",
        blocks=(
            *(Notice(level="bad", text=each.words) for each in danglers),
            Choices(
                text="Nothing is taken out unasked: it is a request, and owners decide.", choices=choices
            ),
        ),
    )
