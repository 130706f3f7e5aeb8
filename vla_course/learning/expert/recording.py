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
from vla_course.learning.expert.pacing import STEP_TIME, Footing, footing_of, towards
from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.footsteps.plan import GoalPose
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

    Feet that velocities move have a first foot of their own, and gather speed step by step: so they are followed
    here, and each velocity leads them, from where they are by then, to where the walker's step leads. Where they are
    behind at its end, they make another step.

    Attributes:
        velocity: (3,) m/s, m/s, rad/s, of the next step that is lifted. It changes in the middle of a swing, so that
            a robot which lifts its feet a little sooner or later is told the same.
    """

    def __init__(self, walker: Walker) -> None:
        self._walker = walker
        self.velocity = np.zeros(3)
        self._footing: Footing | None = None
        self._told, self._due = False, 0.0
        self._end: GoalPose | None = None

    def look(self) -> None:
        """Look at what the walker is about."""
        walker, now = self._walker, self._walker.body.state.time
        if walker.phase == "stand":
            if self._footing is not None and now >= self._due:
                self._next_step(())
                if not self.velocity.any():
                    self._footing = None
        elif self._footing is None:
            first = towards(footing_of(walker), Footing(walker.pending[0]).place, _PACE)
            self._footing = footing_of(walker, first, standing=True)
            self._mean(walker.pending)
        elif walker.phase == "single":
            late = walker.time_left < walker.gait.single_support / 2.0
            if late and not self._told:
                self._next_step(walker.pending[1:])
            self._told = late

    def _next_step(self, steps: Sequence[Footstep]) -> None:
        """Take the step of the last velocity for made, and mean the first of `steps`."""
        assert self._footing is not None
        self._footing = self._footing.after(self.velocity)
        self._due = self._walker.body.state.time + STEP_TIME
        self._mean(steps)

    def _mean(self, steps: Sequence[Footstep]) -> None:
        """Set the velocity to what leads where the first of `steps` leads, or the last one led; 0 closes the feet."""
        assert self._footing is not None
        if steps:
            self._end = Footing(steps[0]).place
        assert self._end is not None
        self.velocity = towards(self._footing, self._end, _PACE)
        if len(steps) > 1 and not self.velocity.any():
            # A foot that closes on a way aside: it is told what the other one, which opens next, will be told.
            self.velocity[1] = towards(self._footing, Footing(steps[1]).place, _PACE)[1]
