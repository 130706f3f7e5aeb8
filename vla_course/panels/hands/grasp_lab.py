"""Reach and grasp: choose a thing, and see the robot take it by friction and put it down elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any, Final

import ipywidgets
import numpy as np
from numpy.typing import NDArray

from vla_course.course.exercise import NotAttempted
from vla_course.course.showing.card import card
from vla_course.motion.arms.ik_config import SolverOf
from vla_course.motion.hands.plan import NoPlan, Timing
from vla_course.motion.hands.planner import GraspRule
from vla_course.motion.hands.run import StageEnd
from vla_course.motion.hands.scene import tabletop_in, thing_in
from vla_course.motion.hands.standing_manipulator import StandingManipulator
from vla_course.motion.hands.ways import Situation
from vla_course.motion.standing.loop import Balancer
from vla_course.motion.standing.record import Recorder
from vla_course.panels.drawing import style
from vla_course.panels.drawing.busy import BusyButton
from vla_course.panels.drawing.figures import draw_over_time
from vla_course.panels.drawing.replay import Replay, replay
from vla_course.panels.drawing.style import Picture, picture
from vla_course.panels.drawing.traces import Formula, seconds
from vla_course.panels.drawing.waiting import fault_card, needs_card
from vla_course.panels.hands.laid_table import Delivery, ThingWays, laid_table
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.scene.scene import THINGS, Scene
from vla_course.simulation.world.world import World

Array = NDArray[np.float64]

PLACE: Final = (0.36, -0.12)
"""m, where things are put down by default"""
HOLD: Final = 0.5
"""s, for which a thing is held up"""
_LONGEST = 25.0
"""s that a task may take"""


@dataclass(frozen=True)
class Hands:
    """The pieces of a reach that are exercises; None stands for the reference's."""

    controller: Balancer | None = None
    solver: SolverOf | None = None
    grasp_rule: GraspRule | None = None
    timing: Timing | None = None


@dataclass(frozen=True, eq=False)
class Errand(Delivery):
    """A thing taken and put down, and what came of it."""

    stages: tuple[StageEnd, ...]
    begin: float
    """s of the world, when the record begins"""
    aborted: str
    """why the robot gave up, empty where it did not"""

    @property
    def height(self) -> Array:
        """(n,) m, how high the thing was lifted."""
        z: Array = self.ways[self.thing][:, 2, 3]
        return z - z[0]

    def __str__(self) -> str:
        if self.record.fell_at is not None:
            return f"fell after {self.record.fell_at:.1f} s"
        if self.aborted:
            return f"gave up ({self.aborted}) and stands"
        lifted = 100.0 * float(self.height.max())
        beside = f"{1000 * self.missed:.0f} mm from where it was wanted"
        return f"lifted the {self.thing} {lifted:.0f} cm and put it down {beside}"


def run_errand(thing: str, place: tuple[float, float] = PLACE, hands: Hands | None = None) -> Errand:
    """Let a robot at the laid table take `thing` and put it down at `place` m.

    Raises:
        NoPlan: there is no safe way.
    """
    if thing not in THINGS:
        raise ValueError(f"thing is {thing!r}, expected one of {THINGS}")
    hands, goal = hands or Hands(), np.asarray(place, dtype=float)
    description = laid_table()
    with World(seed=0) as world:
        humanoid = Humanoid(world)
        scene = Scene.build(world, description)
        robot = StandingManipulator(humanoid, hands.controller, hands.solver, hands.grasp_rule, hands.timing)
        robot.stand(0.3)
        others = tuple(thing_in(scene, name) for name in THINGS if name != thing)
        situation = Situation(tabletop_in(scene), others)
        run = robot.start(robot.plan_pick_and_place(thing_in(scene, thing), goal, situation, HOLD))
        recorder, ways = Recorder(), ThingWays(scene)
        begin, fell_at = world.time, None

        def keep() -> None:
            recorder.add(robot.body.balance, robot.body.state, np.zeros(3))
            ways.add()

        keep()
        for tick in range(round(_LONGEST / robot.body.tick)):
            if run.done:
                break
            run.tick()
            keep()
            if tick % 25 == 0 and humanoid.has_fallen():
                fell_at = world.time - begin
                break
        return Errand(
            recorder.finish(fell_at),
            thing,
            goal,
            ways.finish(),
            description,
            tuple(run.ended),
            begin,
            run.aborted,
        )


def errand_picture(errand: Errand, zero_moment_point: Formula | None = None) -> Picture:
    """Draw how high the thing was and, below it, the ZMP by formula over the measured centre of pressure."""
    record = errand.record
    figure, (lift, ground) = picture(
        2,
        1,
        height=5.0,
        alt=f"Height of the {errand.thing} against time; below, ZMP, centre of pressure and centre of mass, "
        "forward, with the support as a band.",
        sharex=True,
        height_ratios=(1.0, 1.5),
    )
    time = seconds(record)
    lift.plot(time, 100.0 * errand.height, color=style.INK)
    lift.set(ylabel=f"{errand.thing},\nlifted by (cm)")
    low, high = lift.get_ylim()
    lift.set_ylim(min(low, -1.0), max(1.35 * high, 2.0))
    draw_over_time(ground, record, zero_moment_point=zero_moment_point)
    named = {
        "close": "close",
        "lift": "lift",
        "carry": "carry",
        "lower": "lower",
        "open": "open",
        "home": "home",
    }
    before = 0.0
    for stage in errand.stages:
        end = stage.time - errand.begin
        for axes in (lift, ground):
            axes.axvline(end, color="#C9CED2", lw=0.8, zorder=0.4)
        if stage.name in named and end - before > 0.4:
            lift.text(
                (before + end) / 2.0,
                0.97,
                stage.name,
                ha="center",
                va="top",
                fontsize=8.5,
                color=style.SOFT,
                transform=lift.get_xaxis_transform(),
            )
        before = end
    return figure


class GraspLab(ipywidgets.VBox):
    """Choose a thing and a place, and see the robot carry it there, by friction alone.

    Attributes:
        errand: the last one, None before the first and after one that failed.
        status: HTML, the sentence or card that is shown.
    """

    def __init__(self, hands: Hands | None = None, zero_moment_point: Formula | None = None) -> None:
        self._hands, self._formula = hands, zero_moment_point
        self.errand: Errand | None = None
        self.replay: Replay | None = None
        wide: dict[str, Any] = {"layout": {"width": "360px"}, "style": {"description_width": "130px"}}
        self.thing = ipywidgets.ToggleButtons(options=list(THINGS), value="red cup", description="take the")
        self.thing.style.button_width = "95px"
        self.thing.style.description_width = "60px"
        self.x = ipywidgets.FloatSlider(
            value=PLACE[0], min=0.28, max=0.44, step=0.01, description="put it at x (m)", **wide
        )
        self.y = ipywidgets.FloatSlider(
            value=PLACE[1], min=-0.42, max=0.42, step=0.01, description="y, left (m)", **wide
        )
        self.button = BusyButton("Take it", "the robot reaches ...", "hand-rock-o")
        self._status = ipywidgets.HTML()
        self._view = ipywidgets.VBox([])
        self._pictures = ipywidgets.HTML()
        self.button.on_click(self._press)
        super().__init__(
            [
                self.thing,
                ipywidgets.HBox([self.x, self.y, self.button], layout={"flex_flow": "row wrap"}),
                self._status,
                self._view,
                self._pictures,
            ]
        )
        self.add_class("vla-grasp-lab")

    @property
    def status(self) -> str:
        """The sentence or card that is shown, as HTML."""
        return str(self._status.value)

    def run(self, thing: str = "red cup", place: tuple[float, float] = PLACE) -> Errand | None:
        """Send the robot and show what happens; returns None where there was no plan."""
        self.thing.value, self.x.value, self.y.value = thing, *place
        self.errand = self.replay = None
        with self.button.busy():
            self._try(thing, place)
        return self.errand

    def _try(self, thing: str, place: tuple[float, float]) -> None:
        try:
            errand = run_errand(thing, place, self._hands)
        except NotAttempted as missing:
            self._fail(needs_card(missing))
        except NoPlan as why:
            self._fail(card("The robot stays where it is", f"<p>{escape(str(why))}.</p>", tone="info"))
        except Exception as fault:  # of the student's code, in a button that shows no traceback
            self._fail(fault_card("Your pieces could not move the hand", fault))
        else:
            self._show(errand)

    def _press(self, _: object) -> None:
        self.run(self.thing.value, (self.x.value, self.y.value))

    def _fail(self, html: str) -> None:
        self._status.value = html
        self._view.children = ()
        self._pictures.value = ""

    def _show(self, errand: Errand) -> None:
        good = not errand.record.fell and not errand.aborted
        self._status.value = card(
            "Taken by friction alone",
            f"<p>The robot <b>{escape(str(errand))}</b>.</p>",
            tone="good" if good else "bad",
            status="done" if good else "not done",
        )
        self.replay = replay(errand.record, height=400, props=errand.props())
        self._view.children = (self.replay,)
        self._pictures.value = errand_picture(errand, self._formula).html()
        self.errand = errand
