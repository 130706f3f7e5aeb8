"""What a running robot counts, for Prometheus: its loop, its policy, who intervened, and how its recorder does."""

from typing import Final, Literal

from prometheus_client import Counter, Gauge, Histogram

from vla_course.deployment.recorder.flight_recorder import FlightRecorder
from vla_course.deployment.recorder.incidents import Incident
from vla_course.serving.network.metrics import BUCKETS, Counted
from vla_course.serving.packets.codes import Code

Stage = Literal["sense", "decide", "filter", "drive", "total"]
STAGES: Final[tuple[Stage, ...]] = ("sense", "decide", "filter", "drive", "total")
Intervention = Literal["passed", "projected", "stopped"]
INTERVENTIONS: Final[tuple[Intervention, ...]] = ("passed", "projected", "stopped")
"""what the safety layer did with an action"""


class RobotMetrics(Counted):
    """Counters, gauges and histograms of one robot. Labels are of fixed sets.

    Attributes:
        policy_age: s, set it to the age of the picture that the robot acts on.
        missed: counts ticks that took longer than a tick.
    """

    def __init__(self) -> None:
        super().__init__()
        registry = self.registry
        self._seconds = Histogram(
            "vla_robot_seconds",
            "Seconds of a tick, by stage.",
            ["stage"],
            buckets=BUCKETS,
            registry=registry,
        )
        self._answers = Counter(
            "vla_robot_answers", "Answers of the policy, by code.", ["code"], registry=registry
        )
        self._actions = Counter(
            "vla_robot_actions", "Actions, by what the safety layer did.", ["intervention"], registry=registry
        )
        self._incidents = Counter("vla_robot_incidents", "Incidents, by code.", ["code"], registry=registry)
        self.missed = Counter("vla_robot_missed_ticks", "Ticks that took too long.", registry=registry)
        self.policy_age = Gauge(
            "vla_robot_policy_age_seconds", "Age of what the robot acts on.", registry=registry
        )
        for stage in STAGES:
            self._seconds.labels(stage)
        for intervention in INTERVENTIONS:
            self._actions.labels(intervention)
        for code in Incident:
            self._incidents.labels(code.value)

    def took(self, stage: Stage, seconds: float) -> None:
        """Count a duration of one of `STAGES`."""
        self._seconds.labels(stage).observe(seconds)

    def answered(self, code: Code) -> None:
        """Count an answer of the policy."""
        self._answers.labels(code.value).inc()

    def acted(self, intervention: Intervention) -> None:
        """Count an action, by what the safety layer did with it."""
        self._actions.labels(intervention).inc()

    def incident(self, code: Incident) -> None:
        """Count an incident."""
        self._incidents.labels(code.value).inc()

    def watch(self, recorder: FlightRecorder) -> None:
        """Tell of a recorder from now on; its numbers are read when somebody asks."""
        for name, text, read in (
            ("memory_bytes", "Bytes in memory.", lambda: recorder.memory_size),
            ("disk_bytes", "Bytes of the ring on the disk.", lambda: recorder.disk_size),
            ("dropped_messages", "Messages that were lost.", lambda: recorder.dropped),
            ("disk_faults", "How often the disk did not take something.", lambda: recorder.faults),
        ):
            Gauge(f"vla_recorder_{name}", text, registry=self.registry).set_function(read)
