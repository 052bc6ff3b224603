"""Numbers for Prometheus, kept by each process for itself: the label `pid` tells them apart.

Labels hold route templates and statuses, never an id, an address or a word that somebody typed.
"""

from __future__ import annotations

import os
import threading
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from flask import Flask, Response, g, request

EXTENSION = "waymark_metrics"
# Seconds; the last bucket is everything.
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
SEARCH_ROUTES = frozenset({"/search", "/api/search"})
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
UNKNOWN = "other"


@dataclass(slots=True)
class Histogram:
    """How often something took how long."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    seconds: float = 0.0

    def add(self, seconds: float) -> None:
        """Count one more."""
        self.counts[bisect_left(BUCKETS, seconds)] += 1
        self.seconds += seconds


class Metrics:
    """What this process has counted since it began."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._search = Histogram()
        self._started = time.time()

    def add(self, *, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request; one for a search also goes into the histogram."""
        with self._lock:
            self._requests[method if method in METHODS else UNKNOWN, route, status] += 1
            if route in SEARCH_ROUTES and status < 400:
                self._search.add(seconds)

    def lines(self, gauges: Mapping[str, float]) -> Iterator[str]:
        """The text exposition; `gauges` are numbers of the moment with their names."""
        pid = os.getpid()
        with self._lock:
            requests, counts, seconds = sorted(self._requests.items()), list(self._search.counts), self._search.seconds
        yield from _headed("waymark_requests_total", "counter", "Requests answered.")
        for (method, route, status), number in requests:
            labels = f'method="{method}",route="{_quoted(route)}",status="{status}",pid="{pid}"'
            yield f"waymark_requests_total{{{labels}}} {number}"
        yield from _headed("waymark_search_seconds", "histogram", "Time to answer a search.")
        yield from _histogram("waymark_search_seconds", counts, seconds, pid)
        for name, value in ({"waymark_process_start_time_seconds": self._started} | dict(gauges)).items():
            yield from _headed(name, "gauge", _MEANINGS.get(name, "A number of the moment."))
            yield f'{name}{{pid="{pid}"}} {value:.17g}'


_MEANINGS = {
    "waymark_process_start_time_seconds": "When the process began, seconds since 1970.",
    "waymark_index_up": "1 while the search index can be read, else 0.",
    "waymark_index_generation": "Generation of the search index that this process reads.",
    "waymark_index_documents": "Services in the search index.",
    "waymark_index_memory_bytes": "Memory of the search index in this process.",
    "waymark_index_lag_changes": "Changes of the directory that the search index has not taken in.",
    "waymark_index_lag_seconds": "Age of the oldest change that the search index has not taken in.",
    "waymark_outbox_due": "Messages that should have left by now.",
    "waymark_outbox_lag_seconds": "How long the oldest of them has waited.",
    "waymark_outbox_leased": "Messages that a worker is handing over.",
    "waymark_outbox_held": "Messages that wait until an operator releases the outbox.",
    "waymark_outbox_failed": "Dead letters.",
    "waymark_outbox_bounced": "Messages to addresses that take none.",
    "waymark_database_up": "1 while the database answers, else 0.",
}


def _headed(name: str, kind: str, meaning: str) -> Iterator[str]:
    yield f"# HELP {name} {meaning}"
    yield f"# TYPE {name} {kind}"


def _histogram(name: str, counts: list[int], seconds: float, pid: int) -> Iterator[str]:
    total = 0
    for bound, number in zip((*map(str, BUCKETS), "+Inf"), counts, strict=True):
        total += number
        yield f'{name}_bucket{{le="{bound}",pid="{pid}"}} {total}'
    yield f'{name}_sum{{pid="{pid}"}} {seconds:.6f}'
    yield f'{name}_count{{pid="{pid}"}} {total}'


def _quoted(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def install(app: Flask) -> None:
    """Count every answer of the application."""
    metrics = app.extensions[EXTENSION] = Metrics()

    @app.after_request
    def count(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else UNKNOWN
        took = time.perf_counter() - g.get("request_started", time.perf_counter())
        metrics.add(method=request.method, route=route, status=response.status_code, seconds=took)
        return response


def metrics_of(app: Flask) -> Metrics:
    """The numbers of this process."""
    found: Metrics = app.extensions[EXTENSION]
    return found
