"""What is counted, for Prometheus. Labels are route templates, methods and codes: never a person's words."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The counters of one app, on a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self.requests = Counter(
            "kmidi_requests", "Requests answered.", ["method", "route", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "kmidi_request_seconds",
            "Seconds from a request's arrival to its answer's last byte.",
            ["method", "route"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.compose_seconds = Histogram(
            "kmidi_compose_seconds", "Seconds to compose a piece.", buckets=BUCKETS, registry=self.registry
        )
        self.bars = Counter("kmidi_bars_composed", "Bars composed.", registry=self.registry)
        self.waiting = Gauge("kmidi_waiting", "Requests that wait for a composing thread.", registry=self.registry)
        self.busy = Gauge("kmidi_composing", "Composing threads at work.", registry=self.registry)
