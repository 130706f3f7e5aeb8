"""A walk over ground that the robot has no map of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from vla_course.motion.footsteps.plan import GoalPose
from vla_course.motion.ground.obstacles import Obstacle
from vla_course.motion.ground.terrain_map import TerrainMap
from vla_course.motion.ground.terrain_sight import TerrainSight
from vla_course.motion.planning.sighted_steps import Planner, SightedSteps
from vla_course.motion.standing.record import MotionRecord
from vla_course.motion.walking.loop import walk
from vla_course.motion.walking.parts import WalkingParts
from vla_course.panels.drawing.filmstrip import filmstrip
from vla_course.panels.drawing.progress import Progress
from vla_course.panels.drawing.style import Picture
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.scene.terrain import Terrain
from vla_course.simulation.world.world import World

_PATIENCE = 20.0
"""s, in which the robot has arrived or stays where it is"""
_TOLD_EVERY = 50
"""steps of the world between two reports of how far it has got"""


@dataclass(frozen=True)
class SightedWalk:
    """How it went; as text, a sentence."""

    terrain: Terrain
    record: MotionRecord
    plans: int
    """how many plans it made on the way"""
    reached: bool
    reason: str
    """what stood in the way"""

    def __str__(self) -> str:
        x, y, _ = self.record.base_position[-1]
        rise = float(self.terrain.height(x, y))
        way = self.record.base_position[-1, 0] - self.record.base_position[0, 0]
        if self.record.fell:
            return f"fell after {self.record.fell_at:.1f} s, {way:.1f} m on"
        end = "is where it wanted to be" if self.reached else f"stopped: {self.reason}"
        took = f"in {self.record.time[-1]:.0f} s, with {self.plans} plan{'s' * (self.plans > 1)}"
        return f"went {way:.1f} m on and {100.0 * rise:.0f} cm up {took}, and {end}"


def walk_by_sight(
    terrain: Terrain,
    ahead: float,
    planner: Callable[[TerrainMap, Sequence[Obstacle]], Planner],
    parts: WalkingParts | None = None,
    progress: Progress | None = None,
) -> SightedWalk:
    """Let a new robot walk straight ahead over ground of which it knows what it sees.

    Args:
        terrain: the ground.
        ahead: m, how far ahead of where it stands its goal is.
        planner: makes a footstep planner of a map and obstacles.
        parts: the pieces that it walks on, by default the reference's.
        progress: is called now and then with how far it has got.
    """
    with World(seed=0) as world:
        terrain.build(world)
        humanoid = Humanoid(world)
        sight = TerrainSight((-0.6, ahead + 0.8), (-0.8, 0.8))
        steps = SightedSteps(humanoid, GoalPose(ahead, 0.0), sight, planner=planner)

        def report(elapsed: float) -> None:
            if progress is not None and round(elapsed / world.timestep) % _TOLD_EVERY == 0:
                x = float(humanoid.state().base_position[0])
                progress(min(max(x, 0.0), 0.99 * ahead), ahead, f"{x:.1f} m on, plan {steps.plans}")

        record = walk(humanoid, steps, _PATIENCE, parts=parts, until_done=True, each_tick=report)
    if progress is not None:
        progress(ahead, ahead, "done")
    plan = steps.plan
    return SightedWalk(
        terrain, record, steps.plans, plan is not None and plan.reached, plan.reason if plan else ""
    )


def sighted_film(walked: SightedWalk, title: str = "") -> Picture:
    """Photograph the robot on its way, on the ground that it found."""
    times = np.linspace(0.0, float(walked.record.time[-1]), 6).tolist()
    return filmstrip(walked.record, times, title=title, terrain=walked.terrain)
