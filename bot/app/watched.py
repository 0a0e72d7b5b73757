"""What the log says of each job: the request it concerns, how it ended, how long it took."""

import secrets
from collections.abc import Mapping
from functools import partial
from time import monotonic

import structlog

from bot.app.figures import Figures
from bot.core.errors import BotError
from bot.core.values import Json
from bot.frontends.slack import SlackAway, SlackRefused
from bot.store import Store, requests
from bot.store.jobs import Handler, Later

log = structlog.get_logger()


def watched(handlers: Mapping[str, Handler], store: Store, figures: Figures) -> dict[str, Handler]:
    """Return *handlers* that are watched."""
    return {kind: partial(_watched, kind, handler, store, figures) for kind, handler in handlers.items()}


async def _watched(kind: str, handler: Handler, store: Store, figures: Figures, payload: Json) -> None:
    """Do a job; each line that is logged meanwhile says which, and the number of the request it concerns.

    A job is a task of its own, so what is bound to its context is bound to nothing else.
    """
    concerns = await _concerns(store, payload)
    structlog.contextvars.bind_contextvars(job=kind, **concerns)
    begun, ended = monotonic(), "failed"
    try:
        await handler(payload)
        ended = "done"
    except Later:
        ended = "later"
        raise
    except (BotError, SlackAway, SlackRefused):  # told by whoever runs jobs, in a line
        raise
    except Exception:
        log.exception("a job broke", reference=secrets.token_hex(3))
        raise
    finally:
        seconds = monotonic() - begun
        figures.job(kind, ended, seconds)
        (log.info if concerns else log.debug)("job ended", how=ended, seconds=round(seconds, 3))


async def _concerns(store: Store, payload: Json) -> dict[str, int]:
    """Return the number of the request that a job is about."""
    if "request" not in payload:
        return {}
    async with store.read() as tx:
        request = await requests.get(tx, str(payload["request"]))
    return {"request": request.number} if request else {}
