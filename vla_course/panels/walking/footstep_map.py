"""The footstep map: a goal, some obstacles, the plan that leads there - and a robot that walks it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any, Final

import ipywidgets
import numpy as np
from matplotlib.patches import Circle, Polygon
from numpy.typing import NDArray

from vla_course.course.exercise import NotAttempted
from vla_course.course.showing.card import card
from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.footsteps.plan import FootstepPlan, GoalPose, Stance
from vla_course.motion.ground.obstacles import Block, Obstacle, Pillar
from vla_course.motion.ground.terrain_map import TerrainMap
from vla_course.motion.planning.foothold_graph import PlannerConfig
from vla_course.motion.standing.body import sole_corners
from vla_course.motion.standing.record import MotionRecord
from vla_course.motion.walking.parts import WalkingParts
from vla_course.motion.walking.step_sources import PlannedSteps
from vla_course.panels.drawing import style
from vla_course.panels.drawing.busy import BusyButton
from vla_course.panels.drawing.replay import Replay, replay
from vla_course.panels.drawing.scenery import build_obstacles, obstacle_props
from vla_course.panels.drawing.style import Picture, picture
from vla_course.panels.drawing.waiting import fault_card, needs_card
from vla_course.panels.walking.stroll import walk
from vla_course.simulation.robot.description import HumanoidDescription
from vla_course.simulation.scene.terrain import Terrain
from vla_course.simulation.world.world import World

Array = NDArray[np.float64]
MakePlanner = Callable[[TerrainMap, Sequence[Obstacle], PlannerConfig], Any]
"""terrain, obstacles, config -> an object with `plan_path(start, goal)`"""

AREA_X, AREA_Y = (-0.6, 3.4), (-1.6, 1.6)
"""m, of the map"""
_PEOPLED_X, _PEOPLED_Y = (0.75, 2.3), (-1.1, 1.1)
"""m, where obstacles may stand"""
_ROOM = 0.75
"""m, between the middles of two obstacles, so that there is a way at times"""
_APART: Final = 0.09
"""m between two numbers on the map, each about that wide"""
_FOOT: Final = {"left": style.COM, "right": style.CART_TABLE}
_LONGEST = 30.0
"""s that a walk may take"""


def obstacles_of(seed: int, count: int = 4) -> tuple[Obstacle, ...]:
    """Return `count` pillars and blocks in front of the robot, drawn by chance."""
    if not 0 <= count <= 5:
        raise ValueError(f"count is {count}, expected 0 to 5: more do not fit")
    rng, found = np.random.default_rng(seed), list[Obstacle]()
    while len(found) < count:
        x, y = rng.uniform(_PEOPLED_X[0], _PEOPLED_X[1]), rng.uniform(_PEOPLED_Y[0], _PEOPLED_Y[1])
        if any(np.hypot(x - other.x, y - other.y) < _ROOM for other in found):
            continue
        if rng.random() < 0.5:
            found.append(Pillar(float(x), float(y), float(rng.uniform(0.08, 0.18))))
        else:
            length, width = rng.uniform(0.15, 0.5, 2).tolist()
            found.append(Block(float(x), float(y), length, width, float(rng.uniform(-np.pi, np.pi))))
    return tuple(found)


def plan_picture(
    obstacles: Sequence[Obstacle], plan: FootstepPlan, start: Stance, record: MotionRecord | None = None
) -> Picture:
    """Draw a plan from above, forward up: obstacles, soles in order, goal - and the way of a robot that walked it."""
    reached = "the goal is reached" if plan.reached else "the goal is not reached"
    figure, (axes,) = picture(
        height=5.0, width=5.6, alt=f"Plan of {len(plan.steps)} footsteps seen from above; {reached}."
    )
    for thing in obstacles:
        if isinstance(thing, Pillar):
            axes.add_patch(Circle((thing.y, thing.x), thing.radius, fc="#B79F84", ec=style.INK, lw=0.8))
        else:
            axes.add_patch(Polygon(_block(thing)[:, ::-1], fc="#B79F84", ec=style.INK, lw=0.8))
    outline = sole_corners(HumanoidDescription())[:, :2]
    for step in (start.left, start.right):
        axes.add_patch(Polygon(_sole(outline, step)[:, ::-1], fc="#D5DADD", ec=style.SOFT, lw=0.8))
    numbered = readable(plan.steps)
    for number, step in enumerate(plan.steps, start=1):
        axes.add_patch(
            Polygon(
                _sole(outline, step)[:, ::-1], fc="white", ec=_FOOT[step.side], lw=1.6, alpha=0.95, zorder=2
            )
        )
        if number in numbered:
            axes.text(step.y, step.x, str(number), ha="center", va="center", fontsize=7.5, zorder=3)
    for pose, colour, name in ((plan.goal, style.DCM, "goal"), (plan.nearest, style.COP, "nearest place")):
        if name == "goal" or not plan.reached:
            tip = 0.22 * np.array([np.sin(pose.yaw), np.cos(pose.yaw)])
            axes.plot(pose.y, pose.x, "o", color=colour, ms=8, label=name, zorder=4)
            axes.annotate(
                "",
                xy=(pose.y + tip[0], pose.x + tip[1]),
                xytext=(pose.y, pose.x),
                arrowprops={"arrowstyle": "-|>", "color": colour, "lw": 2},
                zorder=4,
            )
    if record is not None:
        x, y = record.center_of_mass[:, :2].T
        axes.plot(y, x, color=style.COM, lw=1.8, label="CoM of the walk", zorder=3.5)
    for side, colour in _FOOT.items():
        axes.plot([], [], "s", mfc="white", mec=colour, mew=1.6, label=f"{side} sole")
    axes.set(
        aspect="equal",
        xlim=(AREA_Y[1], AREA_Y[0]),
        ylim=AREA_X,
        xlabel="y, to the left (m)",
        ylabel="x, forward (m)",
    )
    figure.legend(
        loc="outside upper left", ncols=4, fontsize=9, columnspacing=1.0, handletextpad=0.4, frameon=False
    )
    return figure


def readable(steps: Sequence[Footstep]) -> set[int]:
    """Return the numbers, from 1, that can be written without lying on each other; the last always is."""
    kept: dict[int, Footstep] = {}
    for number, step in reversed([*enumerate(steps, start=1)]):
        if all(np.hypot(step.x - other.x, step.y - other.y) >= _APART for other in kept.values()):
            kept[number] = step
    return set(kept)


def _sole(outline: Array, step: Footstep) -> Array:
    c, s = np.cos(step.yaw), np.sin(step.yaw)
    return outline @ np.array([[c, s], [-s, c]]) + (step.x, step.y)


def _block(block: Block) -> Array:
    corners = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]]) * (block.length / 2, block.width / 2)
    c, s = np.cos(block.yaw), np.sin(block.yaw)
    return corners @ np.array([[c, s], [-s, c]]) + (block.x, block.y)


class FootstepMap(ipywidgets.VBox):
    """Set a goal, look at the plan, let the robot walk it.

    `make` builds the planner, the student's `FootstepPlanner` or the reference's; `parts` makes the pieces
    that the robot walks on, by default the reference's.

    Attributes:
        plan: the plan that is shown, None where the planner could not be run.
        record: the walk that is shown, None before one and as soon as the plan changes.
    """

    def __init__(
        self, make: MakePlanner, parts: Callable[[], WalkingParts] | None = None, seed: int = 3
    ) -> None:
        self._make, self._parts = make, parts or WalkingParts.reference
        self._terrain = TerrainMap.of(Terrain.flat(), AREA_X, AREA_Y)
        self._start = Stance.at(0.0, 0.0)
        self._obstacles: tuple[Obstacle, ...] = ()
        self._planner: Any = None
        self.plan: FootstepPlan | None = None
        self.record: MotionRecord | None = None
        self.replay: Replay | None = None
        self._missing: NotAttempted | None = None
        wide = {
            "layout": {"width": "340px"},
            "style": {"description_width": "110px"},
            "continuous_update": False,
        }
        self.x = ipywidgets.FloatSlider(
            value=2.6, min=-0.3, max=3.1, step=0.05, description="x, forward (m)", **wide
        )
        self.y = ipywidgets.FloatSlider(
            value=0.2, min=-1.3, max=1.3, step=0.05, description="y, left (m)", **wide
        )
        self.yaw = ipywidgets.IntSlider(
            value=0, min=-180, max=180, step=15, description="heading (°)", **wide
        )
        self.seed = ipywidgets.IntSlider(value=seed, min=0, max=20, description="obstacles no.", **wide)
        self.count = ipywidgets.IntSlider(value=4, min=0, max=5, description="how many", **wide)
        self.weight = ipywidgets.FloatSlider(
            value=PlannerConfig().weight, min=1.0, max=4.0, step=0.5, description="weight of h", **wide
        )
        self.button = BusyButton("Walk there", "the robot walks ...", "road")
        self._told, self._picture = ipywidgets.HTML(), ipywidgets.HTML()
        self._view = ipywidgets.VBox([])
        for control in (self.seed, self.count, self.weight):
            control.observe(self._rebuild, "value")
        for control in (self.x, self.y, self.yaw):
            control.observe(self._replan, "value")
        self.button.on_click(self._press)
        self._rebuild()
        controls = ipywidgets.VBox(
            [self.x, self.y, self.yaw, self.seed, self.count, self.weight, self.button, self._told],
            layout={"width": "370px"},
        )
        row = ipywidgets.HBox([controls, self._picture], layout={"flex_flow": "row wrap"})
        super().__init__([row, self._view])
        self.add_class("vla-footstep-map")

    @property
    def status(self) -> str:
        """The card that is shown, as HTML."""
        return str(self._told.value)

    def go_to(self, x: float, y: float, heading: float = 0.0) -> FootstepPlan | None:
        """Plan to stand at `x`, `y` m and look towards `heading` degrees; returns the plan."""
        self.x.value, self.y.value, self.yaw.value = x, y, round(heading)
        return self.plan

    def walk(self) -> MotionRecord | None:
        """Let the robot walk the plan and show it; None where there is nothing to walk, or no one who can."""
        plan = self.plan
        if plan is None or not plan.steps:
            return None
        with self.button.busy():
            self._try(plan)
        return self.record

    def walked(self) -> MotionRecord:
        """Return the walk that is shown.

        Raises:
            NotAttempted: an exercise that it needs is not solved.
            ValueError: none is shown.
        """
        if self._missing is not None:
            raise self._missing
        if self.record is None:
            raise ValueError("there is no walk on the map, expected one: press 'Walk there' first")
        return self.record

    def _try(self, plan: FootstepPlan) -> None:
        def build(world: World) -> list[int]:
            return build_obstacles(world, self._obstacles)

        try:
            record = walk(PlannedSteps(plan.steps), _LONGEST, self._parts(), build=build, until_done=True)
        except NotAttempted as missing:
            self._missing, self._told.value = missing, needs_card(missing)
        except Exception as fault:  # of the student's code, in a button that shows no traceback
            self._fail("Your pieces could not walk the robot", fault)
        else:
            self._show(plan, record)

    def _show(self, plan: FootstepPlan, record: MotionRecord) -> None:
        if record.fell_at is not None:
            told = f"<p>The robot <b>fell</b> after {record.fell_at:.1f} s.</p>"
        else:
            end = record.support_polygons[-1].mean(axis=0)
            lasts = record.time[-1] - record.time[0]
            told = (
                f"<p>The robot <b>walked {len(plan.steps)} steps</b> in {lasts:.1f} s and stands at "
                f"x {end[0]:.2f}, y {end[1]:.2f} m.</p>"
            )
        self._told.value = card(
            "Walked",
            told,
            tone="bad" if record.fell else "good",
            status="fell" if record.fell else "there",
        )
        self.record = record
        self.replay = replay(record, height=380, props=obstacle_props(self._obstacles))
        self._view.children = (self.replay,)
        self._picture.value = plan_picture(self._obstacles, plan, self._start, record).html()

    def _press(self, _: object) -> None:
        self.walk()

    def _rebuild(self, _: object = None) -> None:
        self._obstacles = obstacles_of(self.seed.value, self.count.value)
        self._planner = None
        self._replan()

    def _replan(self, _: object = None) -> None:
        self.plan = self.record = self.replay = self._missing = None
        self._view.children = ()
        goal = GoalPose(self.x.value, self.y.value, float(np.radians(self.yaw.value)))
        try:
            if self._planner is None:
                config = PlannerConfig(weight=self.weight.value)
                self._planner = self._make(self._terrain, self._obstacles, config)
            plan = self._planner.plan_path(self._start, goal)
            if not isinstance(plan, FootstepPlan):
                raise TypeError(f"plan_path gave {type(plan).__name__}, expected a FootstepPlan")
        except NotAttempted as missing:
            self._missing, self._told.value, self._picture.value = missing, needs_card(missing), ""
        except Exception as fault:  # of the student's code, in a slider that shows no traceback
            self._fail("Your planner gave no plan", fault)
            self._picture.value = ""
        else:
            self.plan = plan
            looked = f"<div class='vla-soft'>Cost {plan.cost:.1f}; {plan.expanded} footholds expanded.</div>"
            body = f"<p>{len(plan.steps)} steps.</p>" + (
                f"<p>{escape(plan.reason)}.</p>" if plan.reason else ""
            )
            self._told.value = card(
                "The plan",
                body + looked,
                tone="good" if plan.reached else "info",
                status="reaches the goal" if plan.reached else "as near as it can",
            )
            self._picture.value = plan_picture(self._obstacles, plan, self._start).html()

    def _fail(self, title: str, fault: Exception) -> None:
        self._told.value = fault_card(title, fault)
