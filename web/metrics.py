"""``GET /metrics``: what the service does and holds, as Prometheus reads it.

Nothing here is named after what people ask or what reports say: labels are routes, methods,
statuses and the snapshot.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi import APIRouter, FastAPI, Request
from prometheus_client import (
    CONTENT_TYPE_PLAIN_0_0_4,
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.responses import Response

from index import waiting

from .problems import Problem

if TYPE_CHECKING:
    from .loading import Loading
    from .slots import Slots

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30)
"""Seconds: a question takes hundredths, a crowd's wait about one, an upload may take long."""

router = APIRouter(include_in_schema=False)


class Metrics:
    """The metrics of one application."""

    def __init__(self, app: FastAPI) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "youju_requests",
            "Requests that were replied to.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "youju_request_seconds",
            "From a request's headers to the end of its reply.",
            ("route",),
            buckets=BUCKETS,
            registry=self.registry,
        )
        ProcessCollector(registry=self.registry)
        self.registry.register(_State(app))

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request; all of these are of a few kinds."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)


class _State(Collector):
    """What the service holds at the moment that it is asked."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The gauges; those of reports once there are any."""
        slots: Slots = self._app.state.slots
        yield _gauge("youju_slots", "Questions that can be answered at a time.", slots.count)
        yield _gauge("youju_slots_busy", "Questions being answered.", slots.busy)
        yield _gauge("youju_queue", "Questions that wait.", max(0, slots.inside - slots.busy))
        loading: Loading = self._app.state.loading
        try:
            answerer = loading.answerer()
        except Problem:
            yield _gauge("youju_ready", "Whether questions are answered.", 0)
            return
        yield _gauge("youju_ready", "Whether questions are answered.", 1)
        yield _gauge("youju_reports", "Reports that are searched.", len(answerer.reports))
        uploads = len(waiting(answerer.data))
        yield _gauge("youju_uploads_waiting", "Uploads not read and indexed yet.", uploads)
        snapshot = GaugeMetricFamily(
            "youju_snapshot", "The snapshot that is searched.", labels=("snapshot",)
        )
        snapshot.add_metric([answerer.snapshot], 1)
        yield snapshot

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing ahead of time: at registration there is no service yet."""
        yield from ()


def _gauge(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, what, value=value)


@router.get("/metrics")
def get_metrics(request: Request) -> Response:
    """The metrics, in Prometheus's text format."""
    metrics: Metrics = request.app.state.metrics
    return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_PLAIN_0_0_4)
