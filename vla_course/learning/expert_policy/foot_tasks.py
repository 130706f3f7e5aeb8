"""Where the expert's feet go next, told from where they are: straight and turning in the open, by footsteps round
what stands about, straight to a table and back."""

from math import cos, radians, sin
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.expert.approach import NEAR, TURNS, approach, places_at, places_before, round_table
from vla_course.learning.expert.body import ground_of, planner_round
from vla_course.learning.expert.pacing import PACE, apart, towards, velocity_to
from vla_course.learning.expert.scene_knowledge import TrueKnowledge
from vla_course.learning.expert_policy.knowledge import Knowledge
from vla_course.motion.errands.ending import ErrandFailed
from vla_course.motion.errands.way import StandingPlace, obstacle_of
from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.footsteps.plan import GoalPose, Stance
from vla_course.motion.walking.footing import Footing, footing_of, here
from vla_course.motion.walking.walker import Walker
from vla_course.simulation.robot.layout import SIDES
from vla_course.simulation.tasks.goals import Turned, Walked
from vla_course.simulation.tasks.stage import Stage
from vla_course.simulation.world.rotation import wrapped

Array = NDArray[np.float64]

ALIGNED: Final = radians(3.0)
"""rad, from a place: who is nearer has arrived"""


class FootTasks:
    """The base velocity of the coming step, for each thing that feet can be asked."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._known = knowledge
        self._table = obstacle_of(knowledge.table)
        self._scene = scene = TrueKnowledge(knowledge.stage)
        self._planner = planner_round(scene.person)(ground_of(knowledge.stage.feet(), scene), [self._table])

    @property
    def _stage(self) -> Stage:
        return self._known.stage

    @property
    def _walker(self) -> Walker:
        return self._known.robot.walker

    @property
    def footing(self) -> Footing:
        """From where the next step is made."""
        return footing_of(self._walker)

    @property
    def here(self) -> GoalPose:
        """Where the robot stands, or would if it closed its feet now."""
        return here(self._walker)

    def arrived(self, goal: GoalPose) -> bool:
        """Tell whether the robot stands, or is about to close its feet, at a place."""
        far, turn = apart(self.here, goal)
        return far < NEAR and turn < ALIGNED

    def walk(self, goal: Walked) -> Array:
        """Walk as far as asked from where the task began."""
        x, y = self._stage.first_feet.tolist()
        c, s = cos(self._stage.first_heading), sin(self._stage.first_heading)
        place = GoalPose(
            x + c * goal.ahead - s * goal.leftward,
            y + s * goal.ahead + c * goal.leftward,
            self._stage.first_heading,
        )
        return velocity_to(self._walker, place)

    def turn(self, goal: Turned) -> Array:
        """Turn as far as asked from where the task began, full turns counted."""
        here = self.here
        left = goal.angle - (self._stage.turned + wrapped(here.yaw - self._stage.heading))
        x, y = self._stage.first_feet.tolist()
        return velocity_to(self._walker, GoalPose(x, y, here.yaw + float(np.clip(left, -1.0, 1.0))))

    def go_before(self, goal: str) -> Array:
        """Go to the first place before a thing, the table or the person to which there is a way.

        Raises:
            ErrandFailed: there is none.
        """
        here = self.here
        if goal == "person":
            for place in places_before(self._stage.place("person")[:2], self._known.table, here):
                velocity = self._open_way(place)
                if velocity is not None:
                    return velocity
        else:
            named = None if goal == "table" else goal
            for standing in places_at(self._known.table, named, self._scene, here):
                velocity = self.to_table(standing)
                if velocity is not None:
                    return velocity
        raise ErrandFailed("no way", f"there is no way to a place before the {goal}")

    def to_table(self, goal: StandingPlace) -> Array | None:
        """Go to a place at a table, straight at the end; None where there is no way."""
        if self.arrived(goal.at):
            return np.zeros(3)
        stop, straight = approach(self._known.table, goal, self.here)
        return velocity_to(self._walker, stop) if straight else self._open_way(stop)

    def too_near(self) -> bool:
        """Tell whether the body may not turn here, so near to the table."""
        return bool(self._table.distance(self.here.x, self.here.y) < TURNS)

    def _open_way(self, goal: GoalPose) -> Array | None:
        """Return the velocity of the first of the footsteps that lead to a place; None where none do."""
        if self.arrived(goal):
            return np.zeros(3)
        goal, footing = round_table(self._known.table, goal, self.here), self.footing
        if self._walker.phase == "stand":
            # A velocity has a first foot of its own: which, a first answer says.
            rough = self._first_step(footing, goal)
            if rough is None:
                return None
            footing = footing_of(self._walker, rough)
        return self._first_step(footing, goal)

    def _first_step(self, footing: Footing, goal: GoalPose) -> Array | None:
        other = self._other_foot(footing)
        stance = Stance(footing.carries, other) if other.side == "right" else Stance(other, footing.carries)
        key = ("steps", _key(stance), goal, footing.swings)
        plan = self._known.remembered(key, lambda: self._planner.plan_path(stance, goal, footing.swings))
        if not plan.reached:
            return None
        if not plan.steps:
            return towards(footing, goal)
        step = Footing(plan.steps[0])
        velocity = towards(footing, step.place, PACE)
        if not velocity.any() and len(plan.steps) > 1:
            # This foot only closes: it hears what the other one will.
            velocity = towards(footing, Footing(plan.steps[1]).place, PACE)
        return velocity

    def _other_foot(self, footing: Footing) -> Footstep:
        """Return where the foot is that swings next."""
        swings = SIDES.index(footing.swings)
        return self._walker.feet[swings] if self._walker.phase != "stand" else self._walker.measured(swings)


def _key(stance: Stance) -> tuple[float, ...]:
    return tuple(
        round(part, 4) for foot in (stance.left, stance.right) for part in (foot.x, foot.y, foot.yaw)
    )
