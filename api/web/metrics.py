"""What a server counts of itself, for Prometheus: answers made, answers kept, and the process."""

from collections.abc import Iterator
from typing import Any

from flask import Flask, request
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from .cache import STALE, Cache

_KEY = "pilotcities-metrics"
NONE = "none"
"""The route of a request that none fits: what strangers ask for makes no series of its own."""
BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Upper bounds in seconds: a warm answer is never here, a cold one takes about a millisecond."""


class Metrics:
    """The counts of one application."""

    def __init__(self, app: Flask) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.registry.register(_Kept(app))
        self.requests = Counter(
            "pilotcities_requests",
            "Requests that the application answered, those from the cache not among them.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "pilotcities_request_seconds",
            "How long the application took until its answer began.",
            ("route",),
            buckets=BOUNDS,
            registry=self.registry,
        )

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        self.requests.labels(method, route, str(status)).inc()
        self.seconds.labels(route).observe(seconds)


class _Kept(Collector):
    """What the cache tells when it is asked; counting costs it nothing more."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def collect(self) -> Iterator[Metric]:
        """Yield the counts of the cache."""
        cache: Cache = self.app.extensions["pilotcities-cache"]
        asked = CounterMetricFamily(
            "pilotcities_cache_requests", "Requests, by what the cache did.", labels=("outcome",)
        )
        for how, count in cache.counts.items():
            asked.add_metric([_OUTCOMES.get(how, how)], count)
        yield asked
        about = "Finished answers that are kept."
        yield GaugeMetricFamily("pilotcities_cache_answers", about, len(cache.answers))
        about = "Bytes that they take, at most about."
        yield GaugeMetricFamily("pilotcities_cache_bytes", about, cache.answers.held)


def use_metrics(app: Flask) -> None:
    """Give an app its counts."""
    app.extensions[_KEY] = Metrics(app)


def metrics(app: Flask) -> Metrics:
    """Return the counts of an app."""
    found: Metrics = app.extensions[_KEY]
    return found


def count(app: Flask, status: int, seconds: float) -> None:
    """Count the present request."""
    rule: Any = request.url_rule
    known = request.method if request.method in _METHODS else NONE
    metrics(app).count(known, rule.rule if rule else NONE, status, seconds)


_OUTCOMES = {STALE: "stale", "fwd=miss": "miss", "fwd=bypass": "bypass"}
"""Outcome in `Cache-Status` → its name here."""
_METHODS = frozenset(("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"))
