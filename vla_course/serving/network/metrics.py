"""What a server counts, in a registry of its own: two servers in one process do not meet.

A robot that runs counts as well, in the same way (`deployment.recorder.robot_metrics`).
"""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from vla_course.serving.packets.codes import Code

STAGES: Final = ("read", "wait", "infer", "send", "total")
BUCKETS: Final = (0.001, 0.002, 0.005, 0.01, 0.015, 0.02, 0.025, 0.033, 0.05, 0.066, 0.1, 0.2, 0.5, 1.0, 5.0)
"""s; they straddle 33 and 66 ms, a picture and two"""


class Counted:
    """Something that counts, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()

    def text(self) -> tuple[bytes, str]:
        """Return all of it as Prometheus reads it, and its content type."""
        return generate_latest(self.registry), CONTENT_TYPE_LATEST


class Metrics(Counted):
    """Counters, gauges and histograms of one server. Labels are of fixed sets: a client can make no new ones."""

    def __init__(self) -> None:
        super().__init__()
        self._packets = Counter("vla_packets", "Packets answered, by code.", ["code"], registry=self.registry)
        self._refused = Counter(
            "vla_refused", "Connections refused or closed, by code.", ["code"], registry=self.registry
        )
        self._bytes = Counter(
            "vla_bytes", "Bytes of messages, by direction.", ["direction"], registry=self.registry
        )
        self._seconds = Histogram(
            "vla_seconds",
            "Seconds from packet to answer, by stage.",
            ["stage"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.connections = Gauge("vla_connections", "Clients connected.", registry=self.registry)
        self.sessions = Gauge("vla_sessions", "Sessions remembered.", registry=self.registry)
        for stage in STAGES:
            self._seconds.labels(stage)

    def answered(self, code: Code) -> None:
        """Count a packet that was answered."""
        self._packets.labels(code.value).inc()

    def refused(self, code: Code) -> None:
        """Count a connection that was refused or closed by us."""
        self._refused.labels(code.value).inc()

    def came(self, size: int) -> None:
        """Count bytes that came."""
        self._bytes.labels("in").inc(size)

    def went(self, size: int) -> None:
        """Count bytes that went."""
        self._bytes.labels("out").inc(size)

    def took(self, stage: str, seconds: float) -> None:
        """Count a duration of one of `STAGES`."""
        self._seconds.labels(stage).observe(seconds)

    def count(self, code: Code) -> int:
        """Return how many packets were answered with a code."""
        return int(self.registry.get_sample_value("vla_packets_total", {"code": code.value}) or 0)
