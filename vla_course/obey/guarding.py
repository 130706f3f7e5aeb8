"""What stands between a policy and the body in a run, what watches it, and what both did.

The safety layer filters actions, so it is the direct policy that it stands before. Who plans asks for no actions: its
motions are checked before they begin, and while they last their balance is watched by the same limit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from vla_course.deployment.monitors.reading import Reading
from vla_course.deployment.safety.layer import SafetyLayer
from vla_course.deployment.safety.limits import SafetyLimits
from vla_course.deployment.safety.surroundings import Surroundings
from vla_course.learning.environment.action_space import BodyCommand, write_action
from vla_course.learning.expert.scene_knowledge import SceneKnowledge
from vla_course.learning.model.joint_range import joint_range
from vla_course.learning.planned.eyes import COLOUR
from vla_course.simulation.robot.layout import SIDES
from vla_course.simulation.scene.cameras import PLACES, Camera, RobotMount

if TYPE_CHECKING:
    from vla_course.deployment.monitors.monitor import Alarm, Monitor
    from vla_course.learning.environment.commanded_body import CommandedBody
    from vla_course.learning.planned.body import PlannedBody

Decided = Callable[[float, ArrayLike, str, str], object]
"""s, action (36,), what was said of it, and why"""


@dataclass
class Limited:
    """A limit that was met: how often, when first, and in a sentence the first time."""

    first: float
    says: str
    count: int = 1


@dataclass
class Guarding:
    """The safety of one run, and what it did.

    Attributes:
        sentence: what the robot was told.
        limits: what is never exceeded.
        decided: is told each decision.
        met: the limits that were met, by limit and part.
        decisions, limited, halted: of the layer; 0 where no actions were asked for.
        alarms: of the monitors.
        watched: whether monitors were at work.
    """

    sentence: str
    limits: SafetyLimits = field(default_factory=SafetyLimits)
    decided: Decided = lambda time, action, verdict, reason: None
    met: dict[tuple[str, str], Limited] = field(default_factory=dict)
    decisions: int = 0
    limited: int = 0
    halted: int = 0
    alarms: list[Alarm] = field(default_factory=list)
    watched: bool = False
    _stopped: bool = False

    def around(self, robot: CommandedBody, knowledge: SceneKnowledge) -> SafetyLayer:
        """Put the layer and the monitors round a robot that knows so much of its scene, in which people stand still."""
        layer = WatchedLayer(robot, self)
        layer.surroundings = Surroundings.known(knowledge, speed=0.0)
        return layer

    def mind(self, body: PlannedBody, margin: float) -> None:
        """Stop a planned motion, once, where the DCM comes too near the edge of the soles; nan: the robot walks."""
        if margin < self.limits.margin_to_hold and not self._stopped:
            self._stopped = True
            why = f"balance: the DCM is {100 * margin:.1f} cm from the edge of the soles"
            self.note(body.humanoid.world.time, ("balance", "a planned motion"), why)
            body.stop(why)
        elif margin > self.limits.margin_to_slow:
            self._stopped = False

    def note(self, time: float, met: tuple[str, str], says: str) -> None:
        """Note that a limit was met."""
        if met in self.met:
            self.met[met].count += 1
        else:
            self.met[met] = Limited(time, says)


class WatchedLayer(SafetyLayer):
    """A safety layer that tells a run what it did, and shows monitors every decision.

    The monitors are those that need no encoder: brightness and level of pictures, arms, soles, words.
    """

    def __init__(self, robot: CommandedBody, guarding: Guarding) -> None:
        super().__init__(robot, guarding.limits)
        self._guarding, self._monitor = guarding, _monitor()
        humanoid = robot.walker.humanoid
        self._cameras = [
            Camera(humanoid.world, RobotMount(humanoid, place), width=COLOUR, height=COLOUR)
            for place in PLACES
        ]
        self._done: Any = None
        guarding.watched = True

    def carry_out(
        self, action: BodyCommand | ArrayLike, seconds: float, confidence: float | None = None
    ) -> Iterator[None]:
        """Let the world go on, as `SafetyLayer.carry_out`, and take note of what came of it."""
        humanoid, guarding = self.robot.walker.humanoid, self._guarding
        now = humanoid.world.time
        hands = np.stack([humanoid.link_pose(f"{side}_tool")[0] for side in SIDES])
        pictures = tuple(camera.capture() for camera in self._cameras)
        guarding.alarms += self._monitor.update(
            Reading(now, guarding.sentence, self.feel(), self._done, None, pictures, hands)
        )
        yield from super().carry_out(action, seconds, confidence)
        self._done = write_action(action, joint_range()) if isinstance(action, BodyCommand) else action
        for one in self.interventions:
            guarding.note(now, (one.limit, one.part), str(one))
        guarding.decisions, guarding.limited, guarding.halted = self.decisions, self.limited, self.halted
        verdict = "stopped" if self.stopped else "limited" if self.interventions else "passed"
        reason = self.stopped or "; ".join(map(str, self.interventions))
        guarding.decided(now, self._done, verdict, reason)


def _monitor() -> Monitor:
    from vla_course.deployment.monitors.fitted import load_fitted
    from vla_course.deployment.monitors.measuring import Measurer
    from vla_course.deployment.monitors.monitor import Monitor

    return Monitor(load_fitted(), Measurer())
