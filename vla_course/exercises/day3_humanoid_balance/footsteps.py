"""The footstep planner: a search for the cheapest path of footsteps from here to a goal."""

import heapq
from collections.abc import Sequence
from math import inf

import numpy as np
from numpy.typing import NDArray

from vla_course.course.exercise import NotAttempted, exercise
from vla_course.motion.footsteps.plan import FootstepPlan, GoalPose, Stance
from vla_course.motion.ground.obstacles import Obstacle
from vla_course.motion.ground.terrain_map import TerrainMap
from vla_course.motion.planning.foothold_graph import FootholdGraph, PlannerConfig
from vla_course.motion.planning.step_search import FootstepSearch
from vla_course.simulation.robot.state import Side

from .footing import rate_footing
from .leg_ik import solve_leg
from .terrain import analyze_terrain


class FootstepPlanner:
    """Plans footsteps over a piece of ground with obstacles on it, as often as asked."""

    def __init__(
        self, terrain: TerrainMap, obstacles: Sequence[Obstacle] = (), config: PlannerConfig | None = None
    ) -> None:
        self.analysis = analyze_terrain(terrain)
        self.graph = FootholdGraph(
            terrain, self.analysis, obstacles, config or PlannerConfig(), rate_footing, solve_leg
        )

    @exercise("3.21")
    def plan_path(self, start: Stance, goal: GoalPose, next_side: Side | None = None) -> FootstepPlan:
        """Return the steps from `start` to `goal`, found with weighted A* (Pohl 1970).

        `next_side` is the foot that moves first; None leaves the choice to the search. A node, a whole number,
        is a foothold of the foot that bears the robot while the other one swings:

        - `search.roots`: the nodes to begin with; they cost 0
        - `search.side(node)`: the foot that stands there, "left" or "right"
        - `search.footholds(node, side)`: the nodes (n,) where the foot `side` can land, the cost (n,) of each step
        - `search.distance(nodes)` m, `search.turn(nodes)` rad, (n,): how far it is to the goal, at least. Both
          are 0 at the goal and only there
        - `search.estimate(nodes)` (n,): what the rest of the path will cost by experience. It may be too much

        Always expand the open node of least f = g + h. g is what the path from the root has cost; a node
        that is reached again for less is opened again. What the rest costs is at least

            bound = hypot(search.cost_per_metre distance, search.cost_per_radian turn)

        and with h = min(estimate, search.weight bound) the plan costs at most `weight` times the cheapest one.
        (With a weight of 1, h never promises too much: that is the A* of Hart, Nilsson and Raphael 1968.)

        Return `search.plan(nodes)` of the nodes from root to goal. Where no node is open any more, or
        `search.expanded` (it counts the calls of `footholds`) has reached `search.patience`, return instead the
        plan to that node of least h which was expanded.
        """
        search = FootstepSearch(self.graph, start, goal, next_side)

        raise NotAttempted("3.21")
