"""Reads: retried, paged, cached by ETag, bounded in time, never carrying our token elsewhere."""

import asyncio
from time import monotonic

import pytest
from aiohttp import web
from pydantic import BaseModel
from structlog.testing import capture_logs

from bot.core.errors import Denied, Malformed, Rejected, Unavailable
from bot.http import Lack, Wait
from tests.http.scripted import Answering, Scripted, answer, cut, raw


class Thing(BaseModel):
    """What the vendor lists."""

    name: str


async def slow(_: web.Request) -> web.StreamResponse:
    """Never answer in time."""
    await asyncio.sleep(5)
    return web.Response()


async def test_a_read_returns_what_is_there(vendor: Scripted) -> None:
    """The answer's JSON comes back, the base's path and our headers go along."""
    http = vendor.http(answer({"name": "one"}), base="/api/v3", headers={"Authorization": "Bearer t"})
    assert (await http.get("/things/a%2Fb", {"page": 2})).content == {"name": "one"}
    assert vendor.asked[0].path == "/api/v3/things/a%2Fb?page=2"
    assert vendor.asked[0].headers["Authorization"] == "Bearer t"
    assert vendor.asked[0].headers["User-Agent"] == "conference-infra-bot"


async def test_a_part_of_a_list_is_asked_for_by_its_span(vendor: Scripted) -> None:
    """It goes along as ``Range``, and one part is never taken for another that was kept."""
    http = vendor.http(answer([1], ETag='"a"'), answer([2], ETag='"a"'), answer(status=304))
    assert (await http.get("/things", span="id ..")).content == [1]
    assert (await http.get("/things", span="id ]1..")).content == [2]
    assert (await http.get("/things", span="id ..")).content == [1]
    assert [each.headers["Range"] for each in vendor.asked] == ["id ..", "id ]1..", "id .."]


@pytest.mark.parametrize("trouble", [answer(status=502), answer(status=503), cut])
async def test_a_read_is_tried_again(vendor: Scripted, trouble: Answering) -> None:
    """Trouble and broken connections are survived twice."""
    http = vendor.http(trouble, trouble, answer({"name": "one"}))
    assert (await http.get("/")).content == {"name": "one"}
    assert len(vendor.asked) >= 3


async def test_a_read_gives_up_after_three_tries(vendor: Scripted) -> None:
    """Trouble that stays is said: unavailable, nothing changed."""
    http = vendor.http(answer(status=500))
    with pytest.raises(Unavailable, match=r"has trouble .* Nothing was changed"):
        await http.get("/")
    assert len(vendor.asked) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 422, 451, 501])
async def test_a_refusal_is_not_tried_again(vendor: Scripted, status: int) -> None:
    """What the vendor refuses once it refuses always."""
    http = vendor.http(answer({"message": "no"}, status))
    with pytest.raises((Denied, Rejected)):
        await http.get("/")
    assert len(vendor.asked) == 1


async def test_a_silent_vendor_is_unavailable_in_time(vendor: Scripted) -> None:
    """A read ends at its deadline, whatever its tries do."""
    http = vendor.http(slow, read_seconds=0.4, try_seconds=0.3)
    begun = monotonic()
    with pytest.raises(Unavailable, match="does not answer"):
        await http.get("/")
    assert monotonic() - begun < 2


async def test_a_vendor_that_is_not_there_is_unavailable(vendor: Scripted) -> None:
    """Nothing listens: unavailable, with the next step."""
    http = vendor.http(answer())
    await vendor.server.close()
    with pytest.raises(Unavailable, match="does not answer") as caught:
        await http.get("/")
    assert caught.value.hint == "Try again in a minute."


async def test_absence_is_none_only_where_asked(vendor: Scripted) -> None:
    """`find` answers None to 404, `get` says so with the path."""
    http = vendor.http(answer({"message": "Not Found"}, 404))
    assert await http.find("/things/1") is None
    with pytest.raises(Rejected, match="knows nothing at `/things/1`"):
        await http.get("/things/1")


async def test_a_404_that_hides_a_missing_right_is_denied(vendor: Scripted) -> None:
    """What our token may not see is not called absent."""
    http = vendor.http(answer(status=404), lack=lambda _: Lack("the scope `look`"))
    with pytest.raises(Denied, match="lacks the scope `look`"):
        await http.find("/")


@pytest.mark.parametrize("body", ["{", "<html>", '{"a": }'])
async def test_broken_json_is_malformed(vendor: Scripted, body: str) -> None:
    """A good status with a body that is no JSON does not fit."""
    with pytest.raises(Malformed, match="it is not JSON"):
        await vendor.http(raw(body)).get("/")


async def test_a_refusal_without_json_is_still_said(vendor: Scripted) -> None:
    """A proxy's page is not shown; its status is."""
    with pytest.raises(Rejected, match="refused: status 400") as caught:
        await vendor.http(raw("<html>stack trace</html>", 400)).get("/")
    assert "stack" not in caught.value.message


async def test_what_does_not_fit_its_model_is_malformed(vendor: Scripted) -> None:
    """The message names the field, not the content."""
    http = vendor.http(answer([{"name": "one"}, {"nom": "secret"}]))
    with pytest.raises(Malformed, match="name: Field required") as caught:
        await http.get_all("/", Thing)
    assert "secret" not in caught.value.message


async def test_pages_are_followed(vendor: Scripted) -> None:
    """All items come, through absolute and relative links, whatever else is linked."""
    first = answer([{"name": "one"}], Link=f'<{vendor.base}/x?page=9>; rel="last", </x?page=2>; rel="next"')
    second = answer([{"name": "two"}], Link=f'<{vendor.base}/by/id?page=3>; rel="next"')
    http = vendor.http(first, second, answer([{"name": "three"}], Link='</>; rel="first"'))
    assert [thing.name for thing in await http.get_all("/x", Thing)] == ["one", "two", "three"]
    assert [asked.path for asked in vendor.asked] == ["/x", "/x?page=2", "/by/id?page=3"]


async def test_a_list_without_end_is_malformed(vendor: Scripted) -> None:
    """A link that leads to itself is noticed."""
    http = vendor.http(answer([], Link='</x>; rel="next"'), hourly=100_000)
    with pytest.raises(Malformed, match="a list without end"):
        await http.get_all("/x", Thing)


async def test_a_list_must_be_a_list(vendor: Scripted) -> None:
    """An object where a list is documented does not fit."""
    with pytest.raises(Malformed, match="a list was expected"):
        await vendor.http(answer({})).get_all("/", Thing)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_moved_thing_is_followed_on_the_same_host(vendor: Scripted, status: int) -> None:
    """A renamed thing is found where the vendor says it is."""
    http = vendor.http(answer(status=status, Location="/new"), answer({"name": "new"}))
    assert (await http.get("/old")).content == {"name": "new"}
    assert vendor.asked[1].path == "/new"


async def test_a_thing_that_moves_in_circles_is_refused(vendor: Scripted) -> None:
    """Redirects are followed five times."""
    with pytest.raises(Rejected, match="status 302"):
        await vendor.http(answer(status=302, Location="/x")).get("/x")
    assert len(vendor.asked) == 5


@pytest.mark.parametrize("header", ["Location", "Link"])
async def test_our_token_goes_to_no_other_host(vendor: Scripted, header: str) -> None:
    """Neither a redirect nor a next page leads elsewhere; the message says where it would have."""
    elsewhere = "http://127.0.0.1:9/"
    told = {"Location": elsewhere, "Link": f'<{elsewhere}>; rel="next"'}
    status = 302 if header == "Location" else 200
    http = vendor.http(answer([], status, **{header: told[header]}), headers={"Authorization": "Bearer t"})
    with pytest.raises(Malformed, match="where our token does not go"):
        await http.get_all("/", Thing)


async def test_what_has_not_changed_is_not_sent_again(vendor: Scripted) -> None:
    """The ETag goes back as it came, and 304 gives what we were told before."""
    http = vendor.http(answer({"name": "one"}, ETag='W/"a"'), answer(status=304))
    first = await http.get("/x")
    assert (await http.get("/x")).content == first.content == {"name": "one"}
    assert "If-None-Match" not in vendor.asked[0].headers
    assert vendor.asked[1].headers["If-None-Match"] == 'W/"a"'


async def test_what_has_not_changed_costs_nothing_where_the_vendor_says_so(vendor: Scripted) -> None:
    """A watch that hears that nothing changed leaves the rate to people's commands."""
    http = vendor.http(
        answer({}, ETag='"a"'), *[answer(status=304)] * 9, answer({}), hourly=4, unchanged_free=True
    )
    for _ in range(10):
        await http.get("/x")
    await http.get("/y")
    with pytest.raises(Wait):
        await http.get("/z")


async def test_only_so_many_answers_are_kept(vendor: Scripted) -> None:
    """The oldest of more than five hundred answers is asked for anew."""
    http = vendor.http(answer({}, ETag='"a"'), hourly=100_000)
    for number in range(501):
        await http.get(f"/{number}")
    await http.get("/0")
    await http.get("/500")
    assert ["If-None-Match" in asked.headers for asked in vendor.asked[-2:]] == [False, True]


async def test_a_call_that_will_end_is_logged_once(vendor: Scripted) -> None:
    """A retired version is announced in headers; the maintainer reads of it once."""
    http = vendor.http(answer({}, Sunset="Wed, 10 Mar 2027 00:00:00 GMT"))
    with capture_logs() as logs:
        await http.get("/old")
        await http.get("/old")
    (line,) = logs
    assert (line["log_level"], line["path"], line["until"]) == (
        "warning",
        "/old",
        "Wed, 10 Mar 2027 00:00:00 GMT",
    )


async def test_answers_are_kept_by_what_was_accepted(vendor: Scripted) -> None:
    """The same path in another media type is another answer."""
    http = vendor.http(answer({"name": "one"}, ETag='"a"'), answer({"name": "two"}))
    await http.get("/x")
    assert (await http.get("/x", accept="application/other")).content == {"name": "two"}
    assert "If-None-Match" not in vendor.asked[1].headers
    assert vendor.asked[1].headers["Accept"] == "application/other"


async def test_a_short_wait_is_waited(vendor: Scripted) -> None:
    """A read waits out a pause of seconds, and is answered."""
    http = vendor.http(answer(status=429, Retry_After="1"), answer({"name": "one"}))
    begun = monotonic()
    assert (await http.get("/")).content == {"name": "one"}
    assert monotonic() - begun >= 1


async def test_a_long_wait_is_said_and_kept(vendor: Scripted) -> None:
    """While the vendor asks us to wait nothing is sent, reads and writes alike."""
    http = vendor.http(answer({"message": "rate limit"}, 403, Retry_After="600"))
    for _ in range(2):
        with pytest.raises(Wait, match="asks us to wait") as caught:
            await http.get("/")
        assert caught.value.hint == "Try again in 10 minutes."
    with pytest.raises(Wait):
        await http.write("PUT", "/")
    assert len(vendor.asked) == 1


async def test_a_question_by_post_is_a_read(vendor: Scripted) -> None:
    """GraphQL's POST is retried as reads are, and goes to an address of its own."""
    http = vendor.http(answer(status=502), answer({"data": {}}), base="/rest")
    assert (await http.post_read(f"{vendor.base}/graphql", {"query": "q"})).content == {"data": {}}
    assert [(asked.path, asked.body) for asked in vendor.asked] == [("/graphql", '{"query": "q"}')] * 2


async def test_secrets_are_not_in_what_people_read(vendor: Scripted) -> None:
    """A token that the vendor echoes does not come through, known or shaped like one."""
    http = vendor.http(
        answer({"message": "bad tok-123 and ghp_0123456789abcdef"}, 422),
        headers={"Authorization": "Bearer tok-123"},
        secrets=("tok-123",),
    )
    with pytest.raises(Rejected) as caught:
        await http.get("/")
    assert caught.value.message == "Vendor refused: bad [secret] and [secret]."
    assert "tok-123" not in repr(http)
