"""The figures at ``/metrics``, for Prometheus and whatever reads its text; no name of a person, no secret."""

from time import monotonic

from aiohttp import web
from aiohttp.typedefs import Handler
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from bot.app.figures import Figures
from bot.core.status import State
from bot.http import Answer
from bot.store import Store, inbox, journal, requests

QUICK = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)  # seconds: Slack waits three
SLOW = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
HEADERS = {"Content-Type": CONTENT_TYPE_PLAIN_0_0_4}


class Metrics(Figures):
    """What this process counts, and what the database says when it is asked."""

    def __init__(self) -> None:
        self.middlewares = (self._around,)
        own = self.registry = CollectorRegistry()
        ProcessCollector(registry=own)
        self._http = Histogram(
            "infra_http_seconds", "Answering a call to us", ["route", "status"], registry=own, buckets=QUICK
        )
        self._jobs = Histogram(
            "infra_job_seconds", "Doing a job", ["kind", "ended"], registry=own, buckets=SLOW
        )
        self._vendors = Histogram(
            "infra_vendor_seconds", "A vendor's answer", ["vendor", "status"], registry=own, buckets=SLOW
        )
        self._logged = Counter("infra_log_lines", "Lines that were logged", ["level"], registry=own)
        self._requests = Gauge("infra_requests", "Requests in each state", ["state"], registry=own)
        self._waiting = Gauge(
            "infra_deliveries_waiting", "What was kept and is not yet worked on", registry=own
        )
        self._journal = Gauge("infra_journal_lines", "Lines of the journal", registry=own)

    def job(self, kind: str, ended: str, seconds: float) -> None:
        """Note a job that ended."""
        self._jobs.labels(kind, ended).observe(seconds)

    def vendor(self, vendor: str, answer: Answer | None, seconds: float) -> None:
        """Note a vendor's answer to a call, None when there was none."""
        self._vendors.labels(vendor, answer.status if answer else "none").observe(seconds)

    def logged(self, level: str) -> None:
        """Note a line that was logged."""
        self._logged.labels(level).inc()

    @web.middleware
    async def _around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Note a call to us; its route is a pattern, since an address may hold a secret."""
        begun, status = monotonic(), 500
        try:
            response = await handler(request)
            status = response.status
        except web.HTTPException as refused:
            status = refused.status
            raise
        finally:
            resource = request.match_info.route.resource
            route = resource.canonical if resource else "none"
            self._http.labels(route, status).observe(monotonic() - begun)
        return response

    async def page(self, store: Store) -> web.Response:
        """Return the figures as they are now; raises StoreUnavailable."""
        async with store.read() as tx:
            counted = await requests.counted(tx)
            self._waiting.set(await inbox.number(tx))
            self._journal.set((await journal.head(tx))[0])
        for state in State:
            self._requests.labels(state.value).set(counted.get(state, 0))
        return web.Response(body=generate_latest(self.registry), headers=HEADERS)
