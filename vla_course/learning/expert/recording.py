"""What the expert does, written down as a policy would have to say it: a command for every decision.

Arms, head, grippers and stance are what they were commanded to be at the end of each decision. For footsteps the
velocities stand that mean them: those that lead feet which velocities move along the same places.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.environment.action_space import VELOCITIES, BodyCommand
from vla_course.learning.expert.expert import Expert
from vla_course.learning.expert.pacing import Footing, footing_of, towards
from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.walking.walker import Walker
from vla_course.simulation.robot.layout import LEGS
from vla_course.simulation.tasks.stage import Stage
from vla_course.simulation.tasks.tasks import Task

Array = NDArray[np.float64]

_PACE: Final = np.array(VELOCITIES)


def recorded(task: Task, stage: Stage, period: float = 0.1) -> Iterator[BodyCommand]:
    """Let the expert carry out a task on its stage; yield a command each `period` s, until it is done or lost."""
    expert = Expert(task, stage)
    steps = StepsAsVelocities(expert.walker)
    over = stage.world.time + period
    for _ in expert.perform():
        task.observe(stage)
        steps.look()
        if stage.world.time >= over - 1e-9:
            over += period
            yield _command_of(expert, steps.velocity)
        if task.succeeded(stage) or stage.fell or stage.world.time > task.seconds:
            return


def _command_of(expert: Expert, velocity: Array) -> BodyCommand:
    """Return what arms, head, trunk and grippers of the expert are commanded to be now, and a base velocity (3,)."""
    joints = expert.body.state.joint_positions.copy()
    joints[LEGS.stop :] = expert.body.upper_posture
    bends = expert.run is not None and expert.walker.phase == "stand"
    stance = expert.run.stance.array() if expert.run is not None and bends else np.zeros(3)
    return BodyCommand(joints, velocity, stance, np.array(expert.humanoid.gripper_goals))


class StepsAsVelocities:
    """The velocities that mean the steps of a walker; call `look` every tick.

    Attributes:
        velocity: (3,) m/s, m/s, rad/s, of the next step that is lifted. It changes in the middle of a swing, so that
            a robot which lifts its feet a little sooner or later is told the same.
    """

    def __init__(self, walker: Walker) -> None:
        self._walker = walker
        self.velocity = np.zeros(3)
        self._footing: Footing | None = None
        self._told = False

    def look(self) -> None:
        """Look at what the walker is about."""
        walker = self._walker
        if walker.phase == "stand":
            self._footing, self.velocity = None, np.zeros(3)
        elif self._footing is None:
            # A velocity has a first foot of its own.
            first = towards(footing_of(walker), Footing(walker.pending[0]).place, _PACE)
            self._footing = footing_of(walker, first, standing=True)
            self._mean(walker.pending)
        elif walker.phase == "single":
            late = walker.time_left < walker.gait.single_support / 2.0
            if late and not self._told:
                self._footing = self._footing.after(self.velocity)
                self._mean(walker.pending[1:])
            self._told = late

    def _mean(self, steps: Sequence[Footstep]) -> None:
        """Set the velocity to what leads to where the first of `steps` leads; none stands for closing the feet."""
        assert self._footing is not None
        self.velocity = np.zeros(3)
        if steps:
            self.velocity = towards(self._footing, Footing(steps[0]).place, _PACE)
        if len(steps) > 1 and not self.velocity.any():
            # A foot that closes on a way aside: it is told what the other one, which opens next, will be told.
            self.velocity[1] = towards(self._footing, Footing(steps[1]).place, _PACE)[1]
