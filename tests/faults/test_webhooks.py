"""Webhooks from anybody: what GitHub did not sign is not taken, and what it signed only makes us look."""

import asyncio
import base64
import hmac
import json
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from random import Random
from string import hexdigits
from typing import Any

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs

from bot.core.status import State
from bot.sandbox.scene import Scene
from bot.store import Store, requests
from bot.store.tables import INBOX
from bot.workflow.timers import WEBHOOK
from tests.faults.databases import Databases
from tests.faults.door import Door
from tests.faults.forgeries import Sent
from tests.faults.stories import ASKER, Telling, effects
from tests.faults.test_trouble import telling

PATH = "/webhooks/github"
SIGNATURE = "X-Hub-Signature-256"
ASK = "grant-push organiser-1 website because looks after the schedule page"
BATCH = 50


def secret(story: Telling) -> str:
    """Return what GitHub signs with."""
    return str(story.world.seed["environ"]["GITHUB_WEBHOOK_SECRET"])


def seal(key: str, body: bytes, kind: str = "sha256") -> str:
    """Return a signature, right when *key* and *kind* are."""
    return f"sha256={hmac.new(key.encode(), body, kind).hexdigest()}"


def changed(sent: Sent, body: bytes | None = None, headers: Mapping[str, str | None] | None = None) -> Sent:
    """Return *sent* with another body or other headers; None leaves one out."""
    kept = [(name, (headers or {}).get(name, value)) for name, value in sent.headers]
    return Sent(sent.body if body is None else body, tuple((n, v) for n, v in kept if v is not None))


def sealed(sent: Sent, signature: str | None) -> Sent:
    """Return *sent* under another signature."""
    return changed(sent, headers={SIGNATURE: signature})


class Forger:
    """Somebody with genuine deliveries in hand, who knows no secret."""

    def __init__(self, key: str, genuine: Sequence[Sent], chance: Random) -> None:
        self.key, self.real, self.chance = key, genuine, chance

    def forge(self) -> tuple[str, Sent]:
        """Return a way of forging, and what it makes of a genuine delivery."""
        way = self.chance.choice(WAYS)
        return way.__name__, way(self, self.chance.choice(self.real))

    def flipped_bit(self, real: Sent) -> Sent:
        """Change one bit of the body."""
        at = self.chance.randrange(len(real.body))
        flipped = real.body[at] ^ (1 << self.chance.randrange(8))
        return changed(real, real.body[:at] + bytes([flipped]) + real.body[at + 1 :])

    def shorter(self, real: Sent) -> Sent:
        """Cut the body."""
        return changed(real, real.body[: self.chance.randrange(len(real.body))])

    def longer(self, real: Sent) -> Sent:
        """Append to the body."""
        return changed(real, real.body + self.chance.randbytes(self.chance.randint(1, 40)))

    def other_spaces(self, real: Sent) -> Sent:
        """Write the same JSON in another way."""
        return changed(real, json.dumps(json.loads(real.body), indent=self.chance.randint(1, 4)).encode())

    def other_person(self, real: Sent) -> Sent:
        """Name somebody else."""
        person = f"stranger-{self.chance.randrange(10**6)}"
        content = json.loads(real.body) | {"member": {"login": person}, "user": {"login": person}}
        return changed(real, json.dumps(content).encode())

    def other_delivery(self, real: Sent) -> Sent:
        """Put one delivery's body under another's signature."""
        other = self.chance.choice([each for each in self.real if each.body != real.body])
        return changed(real, other.body)

    def flipped_digit(self, real: Sent) -> Sent:
        """Change one digit of the signature."""
        signature = real.first(SIGNATURE) or ""
        at = self.chance.randrange(7, len(signature))
        digit = self.chance.choice([each for each in hexdigits.lower() if each != signature[at]])
        return sealed(real, signature[:at] + digit + signature[at + 1 :])

    def random_signature(self, real: Sent) -> Sent:
        """Guess."""
        return sealed(real, f"sha256={self.chance.randbytes(32).hex()}")

    def misshapen_signature(self, real: Sent) -> Sent:
        """Write the right signature wrongly."""
        right = real.first(SIGNATURE) or ""
        raw = base64.b64encode(bytes.fromhex(right[7:])).decode()
        lengths = [right[:-1], right + "0", right[7:], "sha256=", ""]
        others = [right.upper(), f'"{right}"', f"{right},{right}", f"sha1={right[7:]}", f"sha256={raw}"]
        return sealed(real, self.chance.choice(lengths + others))

    def no_signature(self, real: Sent) -> Sent:
        """Leave it out, or put it where older webhooks had it."""
        bare = sealed(real, None)
        old = ("X-Hub-Signature", f"sha1={hmac.new(self.key.encode(), real.body, 'sha1').hexdigest()}")
        return self.chance.choice([bare, Sent(bare.body, (*bare.headers, old))])

    def other_secret(self, real: Sent) -> Sent:
        """Sign with what the secret is not."""
        wrong = ["", " ", self.key[:-1], self.key + " ", self.key.upper(), self.chance.randbytes(16).hex()]
        return sealed(real, seal(self.chance.choice(wrong), real.body))

    def other_hash(self, real: Sent) -> Sent:
        """Sign with another hash."""
        kind = self.chance.choice(["sha1", "md5", "sha512", "sha3_256"])
        return sealed(real, seal(self.key, real.body, kind))

    def false_one_first(self, real: Sent) -> Sent:
        """Send two signatures."""
        false = (SIGNATURE, f"sha256={self.chance.randbytes(32).hex()}")
        return Sent(real.body, (false, *real.headers))


WAYS: tuple[Callable[[Forger, Sent], Sent], ...] = (
    Forger.flipped_bit,
    Forger.shorter,
    Forger.longer,
    Forger.other_spaces,
    Forger.other_person,
    Forger.other_delivery,
    Forger.flipped_digit,
    Forger.random_signature,
    Forger.misshapen_signature,
    Forger.no_signature,
    Forger.other_secret,
    Forger.other_hash,
    Forger.false_one_first,
)


async def happened(story: Telling, count: int) -> list[Sent]:
    """Return the webhooks that GitHub sent into the void, once there are *count* beside the ping."""
    hooks = story.world.github.hooks
    async with asyncio.timeout(20):
        while len(hooks.deliveries) <= count:  # noqa: ASYNC110 - what a stand-in does has no event
            await asyncio.sleep(0.05)
    return [Sent(each.body, tuple(each.headers.items())) for each in hooks.deliveries[1:]]


def into_the_void(story: Telling) -> None:
    """Let GitHub send its webhooks where nobody takes them."""
    story.world.github.hooks.point(f"http://127.0.0.1:{story.port}/nowhere", secret(story))


async def kept(store: Store) -> int:
    """Return how many webhooks were ever kept."""
    async with store.read() as tx:
        query = select(func.count()).select_from(INBOX).where(INBOX.c.kind == WEBHOOK)
        return await tx.scalar(query) or 0


@pytest.mark.timeout(300)
async def test_altered_webhooks(
    on_files: Databases, full: bool, figure: Callable[[str], None], caplog: pytest.LogCaptureFixture
) -> None:
    """No delivery is believed whose signature is not that of its body, and none is a traceback."""
    number = 5_000 if full else 300
    statuses: Counter[int] = Counter()
    ways: Counter[str] = Counter()
    async with on_files() as url, telling(url) as story:
        into_the_void(story)
        story.world.github.world.set_team_member("core", "helper-1")
        story.world.github.world.set_archived("voting")
        genuine = await happened(story, 3)
        forger = Forger(secret(story), genuine, Random(2026))
        with capture_logs() as logs:
            async with Door.at(story.port, PATH) as door:
                for _ in range(number // BATCH):
                    made = [forger.forge() for _ in range(BATCH)]
                    assert not any(sent.first(SIGNATURE) == seal(forger.key, sent.body) for _, sent in made)
                    ways.update(way for way, _ in made)
                    statuses.update(await door.knock([sent for _, sent in made]))
        believed = await kept(story.store)
        async with Door.at(story.port, PATH) as door:
            assert await door.knock(genuine) == [200] * len(genuine)
        assert await kept(story.store) == len(genuine)
    tracebacks = sum(each["log_level"] in {"error", "critical", "exception"} for each in logs)
    tracebacks += sum(record.levelno >= logging.ERROR for record in caplog.records)
    told = f"{believed} believed, {tracebacks} tracebacks"
    figure(f"{ways.total()} altered webhooks in {len(ways)} ways: {told}")
    assert (believed, tracebacks) == (0, 0)
    assert set(statuses) == {401}
    assert len(ways) == len(WAYS)


async def waiting(story: Telling) -> Scene:
    """Have a request wait for somebody to accept."""
    scene = Scene(story.world)
    await scene.ask(ASKER, ASK, "is with the owners")
    await scene.press("Cory", "Approve", "#1")
    await scene.card_says(1, "must accept by 22 Jun")
    return scene


async def state(story: Telling) -> State:
    """Return where the request is."""
    async with story.store.read() as tx:
        ((_, found),) = await requests.newest(tx)
    return found


async def test_replayed_and_reordered_webhooks(on_files: Databases, figure: Callable[[str], None]) -> None:
    """The last one first: the acceptance is seen once; all of them again, ten times, have no effect."""
    async with on_files() as url, telling(url) as story:
        into_the_void(story)
        scene = await waiting(story)
        story.world.github.accept("organiser-1")
        sent = await happened(story, 4)  # a repository joins, somebody is invited, joins, joins the team
        async with Door.at(story.port, PATH) as door:
            assert await door.knock(sent[::-1]) == [200] * len(sent)
            await scene.card_says(1, "✅ organiser-1 joins")
            await story.settled()
            before = (await effects(story), await kept(story.store))
            replayed = sent * 10
            assert await door.knock(replayed) == [200] * len(replayed)
        await story.settled()
        assert (await effects(story), await kept(story.store)) == before
        assert await state(story) is State.APPLIED
    figure(f"{len(replayed)} replayed webhooks: 0 effects")


async def test_what_is_not_signed_has_no_weight(on_files: Databases) -> None:
    """A recorded body under other numbers, or another event's name, makes the bot look and nothing else."""
    async with on_files() as url, telling(url) as story:
        into_the_void(story)
        await waiting(story)
        sent = await happened(story, 2)
        await story.settled()
        before = await effects(story)
        names = ("membership", "organization", "repository", "team", "member", "ping", "push")
        altered = [
            changed(each, headers={"X-GitHub-Delivery": f"{n}-{name}", "X-GitHub-Event": name})
            for n, each in enumerate(sent)
            for name in names
        ]
        async with Door.at(story.port, PATH) as door:
            assert set(await door.knock(altered)) == {200}
        await story.settled()
        assert await effects(story) == before
        assert await state(story) is State.WAITING


async def test_genuine_webhooks_that_are_not_for_us(on_files: Databases) -> None:
    """Signed rightly, but foreign, unknown, huge, no JSON, or a form: each is answered, none is kept."""
    async with on_files() as url, telling(url) as story:
        into_the_void(story)
        story.world.github.world.set_archived("voting")
        (real,) = await happened(story, 1)

        def signed(body: bytes, headers: Mapping[str, str | None] | None = None) -> Sent:
            return changed(sealed(real, seal(secret(story), body)), body, headers)

        content: dict[str, Any] = json.loads(real.body)
        foreign = json.dumps(content | {"organization": {"login": "another"}}).encode()
        huge = json.dumps(content | {"more": "x" * 1024**2}).encode()
        for sent, status in (
            (signed(foreign), 200),
            (signed(real.body, {"X-GitHub-Event": "star"}), 200),
            (signed(b"not JSON"), 400),
            (signed(b""), 400),
            (signed(real.body, {"Content-Type": "application/x-www-form-urlencoded"}), 400),
            (signed(huge), 413),
        ):
            async with Door.at(story.port, PATH) as door:
                assert await door.knock([sent]) == [status]
        async with Door.at(story.port, "/webhooks/twilio") as door:
            assert await door.knock([real]) == [404]
        assert await kept(story.store) == 0
