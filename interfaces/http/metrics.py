"""Numbers about the running service, for Prometheus; nothing about a person is among them.

With several processes the counts of all are added up (the directory of PROMETHEUS_MULTIPROC_DIR,
which `polku serve` sets); what is asked of the database is the same in each.
"""

import os
from collections.abc import Callable, Iterable
from functools import lru_cache

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from application.questions import ViewStatus
from interfaces import bootstrap
from interfaces.http.serving import SHARED

SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})


class Counts:
    """Counts of what this process answered."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._seconds = Histogram(
            "polku_request_seconds",
            "How long requests took, by route template",
            ("method", "route", "status"),
            buckets=SECONDS,
            registry=self.registry,
        )
        self._problems = Counter(
            "polku_problems",
            "Requests answered with a problem, by its code",
            ("code",),
            registry=self.registry,
        )
        self._acts = Counter(
            "polku_acts", "Acts by what came of them", ("outcome",), registry=self.registry
        )
        self._line = lru_cache(maxsize=4096)(self._seconds.labels)

    def request(
        self, method: str, route: str, status: int, seconds: float, problem: str | None
    ) -> None:
        """Count a request; `route` is a template, `problem` the code of what was wrong."""
        self._line(method if method in METHODS else "other", route, status).observe(seconds)
        if problem is not None:
            self._problems.labels(problem).inc()

    def act(self, outcome: str, number: int = 1) -> None:
        """Count acts: "recorded", "nothing-new" (or recorded before), or the code of a problem."""
        self._acts.labels(outcome).inc(number)


class Standing(Collector):
    """How far the log and its views have come, asked when the numbers are fetched."""

    def __init__(
        self, position: Callable[[], int], statuses: Callable[[], Iterable[ViewStatus]]
    ) -> None:
        self._position, self._statuses = position, statuses

    def describe(self) -> Iterable[Metric]:
        """Return nothing: what there is is known when it is asked for."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Yield the log's position, and how far behind it each view is.

        Where the database does not answer, yield that alone: what this service counts is told then,
        too.
        """
        answers = GaugeMetricFamily("polku_database_answers", "Whether the database answers")
        try:
            position, statuses = self._position(), list(self._statuses())
        except Exception as error:
            if not bootstrap.is_of_database(error):
                raise
            answers.add_metric((), 0)
            yield answers
            return
        answers.add_metric((), 1)
        yield answers
        yield GaugeMetricFamily(
            "polku_log_position", "The position of the newest entry", value=position
        )
        events = GaugeMetricFamily(
            "polku_view_lag_events", "Entries that a view has not taken in yet", labels=["view"]
        )
        seconds = GaugeMetricFamily(
            "polku_view_lag_seconds", "How long the oldest of them waits", labels=["view"]
        )
        aside = GaugeMetricFamily(
            "polku_view_set_aside", "Streams that a view could not take in", labels=["view"]
        )
        for status in statuses:
            events.add_metric([status.name], status.lag_events)
            seconds.add_metric([status.name], status.lag_seconds)
            aside.add_metric([status.name], status.quarantined)
        yield from (events, seconds, aside)


def exposed(counts: Counts, standing: Standing) -> tuple[bytes, str]:
    """Return all numbers as Prometheus reads them, with their media type."""
    if os.environ.get(SHARED):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry = counts.registry
    own = CollectorRegistry()
    own.register(standing)
    return generate_latest(registry) + generate_latest(own), CONTENT_TYPE_LATEST
