"""One vendor's address, spoken to with one token."""

import asyncio
import json
from collections import OrderedDict
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any, Protocol, TypeVar

import aiohttp
import stamina
import structlog
from pydantic import BaseModel, ValidationError
from yarl import URL

from bot.core.errors import Malformed, Unavailable
from bot.http.answers import Answer, redacted
from bot.http.budget import Budget
from bot.http.failures import Lack, Wait, refused, silent, too_late, unknown, unreadable
from bot.http.network import Network, Sending, TooLateError, latest, uptime

M = TypeVar("M", bound=BaseModel)
Params = Mapping[str, str | int | Sequence[str]]

WRITE_SECONDS = 15.0
CONNECT_SECONDS = 5.0
PATIENCE = 5.0  # the longest pause that a read waits out
PAGES = 100
KEPT = 500  # answers with an ETag
MOVED = {301, 302, 307, 308}

_log = structlog.get_logger(__name__)


class Tokens(Protocol):
    """Where the token comes from, for vendors whose tokens do not last."""

    async def current(self) -> str:
        """Return a token that is good now."""

    def refused(self, token: str) -> None:
        """Note that the vendor refused *token*: it is not given again."""


def _bearer(token: str) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _no_lack(_answer: Answer) -> Lack | None:
    return None


def _again(error: Exception) -> bool | float:
    """Say whether a read is worth another try, and after how many seconds."""
    if isinstance(error, Wait):
        return error.seconds if error.seconds <= PATIENCE else False
    return isinstance(error, Unavailable)


@dataclass
class Http:
    """One vendor's address, spoken to with one token, or with those that *tokens* gives.

    *base* may have a path; paths handed in begin with a slash and have their
    parts quoted. *hourly* is the vendor's published rate, *spacing* the seconds
    it wants between writes. *lack* is the right that an answer says our token
    lacks, None when it says nothing of the kind. A read ends after
    *read_seconds*, one of its tries after *try_seconds*. Answers that hold
    personal data are not kept: *keeps* is False. What has not changed (304) does
    not count against the rate where *unchanged_free*. *parse* reads a body, and
    raises ValueError where it cannot.
    """

    network: Network
    vendor: str
    base: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    tokens: Tokens | None = field(default=None, repr=False)
    hourly: int = 3600
    spacing: float = 1.0
    lack: Callable[[Answer], Lack | None] = _no_lack
    read_seconds: float = 20.0
    try_seconds: float = 10.0
    keeps: bool = True
    unchanged_free: bool = False
    parse: Callable[[bytes], Any] = json.loads

    def __post_init__(self) -> None:
        self._budget = Budget(self.hourly, self.spacing)
        self._closed_until = -inf
        self._kept: OrderedDict[tuple[str, ...], Answer] = OrderedDict()
        self._warned = False
        self._token = ""

    async def get(
        self, path: str, params: Params | None = None, *, accept: str = "", span: str = ""
    ) -> Answer:
        """Return what is at *path*; of a list that is asked for in parts, the *span* (``Range``)."""
        answer = await self._read("GET", self._url(path, params), accept, span=span)
        self._check(answer, path)
        return answer

    async def find(self, path: str, params: Params | None = None, *, accept: str = "") -> Answer | None:
        """Return what is at *path*; None when the vendor says 404 and our token would see it."""
        answer = await self._read("GET", self._url(path, params), accept)
        if answer.status == 404 and not self.lack(answer):
            return None
        self._check(answer, path)
        return answer

    async def get_all(self, path: str, model: type[M], params: Params | None = None) -> list[M]:
        """Return the items of a list that comes in pages, following ``Link: rel="next"``."""
        found: list[M] = []
        url = self._url(path, params)
        for _ in range(PAGES):
            answer = await self._read("GET", url)
            self._check(answer, path)
            if not isinstance(answer.content, list):
                raise unreadable(self.vendor, "a list was expected")
            found += [self.fit(model, item) for item in answer.content]
            target = answer.link("next")
            if target is None:
                return found
            url = self._same_origin(url, target)
        raise unreadable(self.vendor, "a list without end")

    async def post_read(self, url: str, content: Any, *, tries: int = 3) -> Answer:
        """Return the answer to a question asked by POST, which changes nothing (GraphQL); *url* is whole."""
        answer = await self._read("POST", URL(url), content=content, tries=tries)
        self._check(answer, url)
        return answer

    async def write(
        self, method: str, path: str, content: Any = None, *, allowed: Container[int] = ()
    ) -> Answer:
        """Send one write, once. OutcomeUnknown when it left and no answer came: look before trying again.

        A refusal with one of the *allowed* statuses is an answer, too.
        """
        self._check_open()
        patience = latest() - uptime()
        pause = self._budget.write(patience)
        if pause > patience:
            raise too_late(self.vendor)
        sending = Sending(min(latest(), uptime() + pause + WRITE_SECONDS))
        await asyncio.sleep(pause)
        try:
            answer = await self._send(method, self._url(path), {}, content, sending)
        except (aiohttp.ClientError, TimeoutError, TooLateError, Malformed) as error:
            _log.warning("no answer to a write", vendor=self.vendor, path=path, left=sending.left)
            if sending.left:
                raise unknown(self.vendor) from None
            late = isinstance(error, TooLateError) or uptime() >= sending.until
            raise (too_late if late else silent)(self.vendor) from None
        if answer.status >= 500 and answer.status != 501:
            raise unknown(self.vendor)
        if answer.status not in allowed:
            self._check(answer, path)
        return answer

    def fit(self, model: type[M], content: Any) -> M:
        """Return *content* as *model*; Malformed when it does not fit."""
        try:
            return model.model_validate(content)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            where = ".".join(map(str, first["loc"])) or "all of it"
            raise unreadable(self.vendor, f"{where}: {first['msg']}") from None

    async def _read(
        self, method: str, url: URL, accept: str = "", *, span: str = "", content: Any = None, tries: int = 3
    ) -> Answer:
        """Ask until an answer comes that is neither trouble nor a short wait."""
        wanted = {name: said for name, said in (("Accept", accept), ("Range", span)) if said}
        try:
            async with asyncio.timeout(self.read_seconds):
                async for attempt in stamina.retry_context(
                    on=_again, attempts=tries, timeout=None, wait_initial=0.2, wait_max=2, wait_jitter=0.3
                ):
                    with attempt:
                        return await self._ask(method, url, wanted, content)
        except TimeoutError:
            pass
        raise silent(self.vendor)

    async def _ask(self, method: str, url: URL, wanted: Mapping[str, str], content: Any) -> Answer:
        """Ask once, through redirects on the same origin."""
        for _ in range(5):
            self._check_open()
            pause = self._budget.read(PATIENCE)
            if pause > PATIENCE:
                raise Wait(self.vendor, pause)
            await asyncio.sleep(pause)
            answer = await self._ask_there(method, url, wanted, content)
            target = answer.headers.get("Location") if answer.status in MOVED else None
            if target is None:
                break
            url = self._same_origin(url, target)
        if answer.status >= 500 or answer.status in {403, 429}:
            self._check(answer, url.path)
        return answer

    async def _ask_there(self, method: str, url: URL, wanted: Mapping[str, str], content: Any) -> Answer:
        """Ask once, with the ETag of what we were told before."""
        key = (str(url), *wanted.values())
        known = self._kept.get(key) if method == "GET" else None
        headers = {**wanted, **({"If-None-Match": known.headers["ETag"]} if known else {})}
        try:
            answer = await self._send(method, url, headers, content)
        except (aiohttp.ClientError, TimeoutError) as error:
            _log.info("no answer to a read", vendor=self.vendor, path=url.path, error=type(error).__name__)
            raise silent(self.vendor) from None
        if known and answer.status == 304:
            if self.unchanged_free:
                self._budget.give_back()
            self._kept[key] = known  # a new token may have had it forgotten meanwhile
            self._kept.move_to_end(key)
            return known
        if self.keeps and method == "GET" and answer.status == 200 and "ETag" in answer.headers:
            self._kept[key] = answer
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return answer

    async def _send(
        self,
        method: str,
        url: URL,
        headers: Mapping[str, str],
        content: Any,
        sending: Sending | None = None,
    ) -> Answer:
        """Send once; once more with a new token when the vendor refused the first, and so did nothing."""
        if self.tokens is None:
            return await self._sent(method, url, headers, content, sending)
        token = await self._current(self.tokens)
        answer = await self._sent(method, url, {**headers, **_bearer(token)}, content, sending)
        if answer.status != 401:
            return answer
        self.tokens.refused(token)
        token = await self._current(self.tokens)
        if sending:
            sending.left = False
        return await self._sent(method, url, {**headers, **_bearer(token)}, content, sending)

    async def _current(self, tokens: Tokens) -> str:
        """Return the token of now; forget what was kept with another one, since ETags differ by token."""
        token = await tokens.current()
        if token != self._token:
            self._token = token
            self._kept.clear()
        return token

    async def _sent(
        self,
        method: str,
        url: URL,
        headers: Mapping[str, str],
        content: Any,
        sending: Sending | None,
    ) -> Answer:
        begun, answer = uptime(), None
        try:
            answer, raw = await self._exchanged(method, url, headers, content, sending)
        finally:
            self.network.heard(self.vendor, answer, uptime() - begun)
        self._note(answer, url)
        try:
            return Answer(answer.status, answer.headers, self.parse(raw) if raw.strip() else None)
        except ValueError:
            if answer.status < 300:
                raise unreadable(self.vendor) from None
            return answer

    async def _exchanged(
        self,
        method: str,
        url: URL,
        headers: Mapping[str, str],
        content: Any,
        sending: Sending | None,
    ) -> tuple[Answer, bytes]:
        """Return an answer without its content, and that as it came."""
        seconds = sending.until - uptime() if sending else self.try_seconds
        body = None if content is None else json.dumps(content).encode()
        kind = {} if body is None else {"Content-Type": "application/json"}
        async with self.network.session.request(
            method,
            url,
            headers={**self.headers, **kind, **headers},
            data=body,
            timeout=aiohttp.ClientTimeout(total=max(seconds, 0.001), sock_connect=CONNECT_SECONDS),
            allow_redirects=False,
            trace_request_ctx=sending,
        ) as response:
            raw = await response.read()
        return Answer(response.status, response.headers), raw

    def _note(self, answer: Answer, url: URL) -> None:
        """Log what a maintainer wants to know of an answer."""
        if answer.status >= 400 and answer.status != 404:
            call = answer.headers.get("X-GitHub-Request-Id") or answer.headers.get("X-Request-Id")
            _log.info("refused", vendor=self.vendor, path=url.path, status=answer.status, call=call)
        if not self._warned and ("Sunset" in answer.headers or "Deprecation" in answer.headers):
            self._warned = True
            until = answer.headers.get("Sunset")
            _log.warning("call will end", vendor=self.vendor, path=url.path, until=until)

    def _url(self, path: str, params: Params | None = None) -> URL:
        url = URL(self.base.rstrip("/") + path, encoded=True)
        return url.with_query(params) if params else url

    def _same_origin(self, url: URL, target: str) -> URL:
        """Return *target* as seen from *url*; our token goes to no other host."""
        there = url.join(URL(target, encoded=True))
        if there.origin() != url.origin():
            raise Malformed(
                self.vendor,
                f"{self.vendor} sends us on to {there.host}, where our token does not go.",
                "The maintainer sets the vendor's `url` to the address it names itself.",
            )
        return there

    def _check_open(self) -> None:
        """Raise while the vendor asked us to wait."""
        if (left := self._closed_until - uptime()) > 0:
            raise Wait(self.vendor, left)

    def _check(self, answer: Answer, path: str) -> None:
        """Raise when the vendor did not do what was asked."""
        if answer.status < 300:
            return
        if (seconds := answer.wait(self.network.clock())) is not None:
            self._closed_until = uptime() + seconds
            raise Wait(self.vendor, seconds)
        why = redacted(answer.reason, (*self.secrets, self._token))
        raise refused(self.vendor, answer, path, why, self.lack(answer))
