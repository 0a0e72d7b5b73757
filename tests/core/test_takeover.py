"""Names of ours at services that show whoever claims them."""

from collections.abc import Awaitable, Callable, Sequence

import pytest

from bot.core.errors import Denied, Unavailable
from bot.core.reply import Choices
from bot.core.takeover import Held, Names, Pointing, service, told

SITE = Pointing(name="2026.pyconuk.org", host="pyconuk.github.io")
LEFT = Pointing(name="2017.pyconuk.org", host="PyconUK.github.io")
APP = Pointing(name="voting.pyconuk.org", host="voting.herokudns.com")
DEAD = Pointing(name="old.pyconuk.org", host="old.herokudns.com", dead=True)


def giving(*pointing: Pointing) -> Callable[[], Awaitable[Sequence[Pointing]]]:
    """Return who knows where names point."""

    async def known() -> Sequence[Pointing]:
        return pointing

    return known


async def claims() -> frozenset[str]:
    """Return what we hold."""
    return frozenset({"2026.PyconUK.org"})


async def denied() -> frozenset[str]:
    """Return nothing: the token may not see it."""
    raise Denied("github", "The token lacks `pages`.")


@pytest.mark.parametrize(
    ("host", "vendor"),
    [
        ("PyconUK.GitHub.io", "github"),
        ("x.herokudns.com", "heroku"),
        ("docs.readthedocs.io", "readthedocs"),
        ("github.io.example.org", None),
        ("notgithub.io", None),
    ],
)
def test_whose_host_it_is(host: str, vendor: str | None) -> None:
    """A service has the hosts that end as its do."""
    found = service(host)
    assert (found.vendor if found else None) == vendor


async def test_what_we_hold_and_what_anybody_could_take() -> None:
    """Ours, nobody's, unknown since nobody is set up there, and nobody's for sure since there is no host."""
    names = Names(pointing={"dnsimple": giving(SITE, LEFT, APP, DEAD)}, claims={"github": claims})
    held = await names.held()
    assert [each.ours for each in held] == [True, False, None, False]
    assert await names.hold(LEFT) == held[1]
    ours, nobodys, unknown, dead = (each.words for each in held)
    assert ours == "*2026.pyconuk.org* is ours at GitHub Pages."
    assert nobodys == (
        "*2017.pyconuk.org* points at `PyconUK.github.io`, and nothing of ours there has this name. Whoever "
        "takes it there shows what they like under our name. Set it up there again, or take the record out: "
        "`dns remove 2017.pyconuk.org`."
    )
    assert unknown == "Whether we hold *voting.pyconuk.org* at Heroku cannot be known: it is not set up here."
    assert "points at `old.herokudns.com`, and there is no such host." in dead


async def test_what_our_token_may_not_see_is_no_alarm() -> None:
    """A service that does not say is unknown, with its reason."""
    (held,) = await Names(pointing={"dnsimple": giving(LEFT)}, claims={"github": denied}).held()
    assert held.words.endswith("cannot be known: The token lacks `pages`.")


async def test_who_knows_no_names_is_not_asked() -> None:
    """Without a zone nothing is looked up; when the zone is away, that is raised."""
    assert await Names(claims={"github": denied}).held() == ()

    async def away() -> Sequence[Pointing]:
        raise Unavailable("dnsimple", "DNSimple does not answer.")

    with pytest.raises(Unavailable):
        await Names(pointing={"dnsimple": away}).held()


def test_told_with_a_way_out() -> None:
    """Each has its line; a button asks for its removal."""
    one, other = (Held(pointing=each, ours=False, why="there is no such host") for each in (DEAD, APP))
    assert told([one]).title == "old.pyconuk.org leads to what anybody could take"
    both = told([one, other])
    assert both.title == "2 of our names lead to what anybody could take"
    ways = both.blocks[-1]
    assert isinstance(ways, Choices)
    assert [each.line for each in ways.choices] == [
        "dns remove old.pyconuk.org",
        "dns remove voting.pyconuk.org",
    ]
