"""What a server counts of itself, for Prometheus: answers made, answers kept, and the process."""

import os
from pathlib import Path
from typing import Any

from flask import Flask, request
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    values,
)
from prometheus_client.multiprocess import MultiProcessCollector

from .cache import STALE, Cache

_KEY = "pilotcities-metrics"
NONE = "none"
"""The route of a request that none fits: what strangers ask for makes no series of its own."""
BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Upper bounds in seconds: a warm answer is never here, a cold one takes about a millisecond."""


class Metrics:
    """The counts of one application, those of all its processes where they are shared."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
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
        self._asked = Counter(
            "pilotcities_cache_requests",
            "Requests, by what the cache did.",
            ("outcome",),
            registry=self.registry,
        )
        self._answers = self._gauge("pilotcities_cache_answers", "Finished answers that are kept.")
        about = "Bytes that they take, at most about."
        self._bytes = self._gauge("pilotcities_cache_bytes", about)
        self._cache: Cache | None = None
        self._taken: dict[str, int] = {}

    def _gauge(self, name: str, about: str) -> Gauge:
        return Gauge(name, about, registry=self.registry, multiprocess_mode="sum")

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        self.requests.labels(method, route, str(status)).inc()
        self.seconds.labels(route).observe(seconds)

    def take(self, cache: Cache) -> None:
        """Take over what a cache has counted by itself, so that a hit costs nothing more."""
        if self._cache is not cache:
            self._cache, self._taken = cache, {}
        for how, count in cache.counts.items():
            self._asked.labels(_OUTCOMES.get(how, how)).inc(count - self._taken.get(how, 0))
            self._taken[how] = count
        self._answers.set(len(cache.answers))
        self._bytes.set(cache.answers.held)

    def told(self) -> CollectorRegistry:
        """Return what is to be shown; of other processes, as they were a second ago at most."""
        if not values.ValueClass._multiprocess:
            return self.registry
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
        return registry


class Process:
    """Which of the processes that share their counts this is; one started anew counts on."""

    name = "first"


def share_counts(folder: Path) -> None:
    """Let the counts of applications that are made from now on be those of all their processes,
    each of which keeps its own in a file of this folder.
    """
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    values.ValueClass = values.MultiProcessValue(lambda: Process.name)


def use_metrics(app: Flask) -> None:
    """Give an app its counts."""
    app.extensions[_KEY] = Metrics()


def metrics(app: Flask) -> Metrics:
    """Return the counts of an app, as they are now."""
    found: Metrics = app.extensions[_KEY]
    found.take(app.extensions["pilotcities-cache"])
    return found


def count(app: Flask, status: int, seconds: float) -> None:
    """Count the present request."""
    rule: Any = request.url_rule
    known = request.method if request.method in _METHODS else NONE
    count_route(app, known, rule.rule if rule else NONE, status, seconds)


def count_route(app: Flask, method: str, route: str, status: int, seconds: float) -> None:
    """Count a request to a route."""
    counted: Metrics = app.extensions[_KEY]
    counted.count(method, route, status, seconds)


_OUTCOMES = {STALE: "stale", "fwd=miss": "miss", "fwd=bypass": "bypass"}
"""Outcome in `Cache-Status` → its name here."""
_METHODS = frozenset(("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"))
