"""Pictures of caution: where the weight goes with a load in the hand, and a dangerous plan beside the safe one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Polygon
from numpy.typing import NDArray

from vla_course.motion.arms.postures import ready
from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.footsteps.plan import GoalPose
from vla_course.motion.ground.terrain_map import TerrainMap
from vla_course.motion.pipeline.actions import LocomotionAction
from vla_course.motion.pipeline.balance import estimate_balance
from vla_course.motion.pipeline.loads import ROOM, body_parts
from vla_course.motion.pipeline.manipulation import ManipulationBranch
from vla_course.motion.pipeline.parts import PipelineParts
from vla_course.motion.pipeline.perform import Setting
from vla_course.motion.pipeline.pipeline import HumanoidVLAPipeline
from vla_course.motion.pipeline.plans import FootstepSequence, Planned
from vla_course.motion.pipeline.rehearsal import Rehearsal
from vla_course.motion.pipeline.situation import situation_of
from vla_course.motion.planning.step_safety import Mended
from vla_course.motion.standing.body import sole_corners
from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, picture
from vla_course.panels.walking.ground_pictures import draw_map
from vla_course.simulation.robot.description import HumanoidDescription
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.model import RobotModel
from vla_course.simulation.scene.terrain import Terrain
from vla_course.simulation.world.world import World

Array = NDArray[np.float64]
Formula = Callable[[Array, Array, Array, Array, float], Array]

_FOOT = {"left": style.COM, "right": style.CART_TABLE}
STRIDE, LEAP = 0.27, 0.35
"""m, of the steps of the dangerous walk, and by how much one of them is longer"""


# ---- a load in the hand --------------------------------------------------------------------------


def load_picture(compensation: Formula | None = None, load: float = 3.0) -> Picture:
    """Draw the soles from above, and where the weight of robot and `load` kg acts; with `compensation` also after it.

    The robot reaches out with its right hand. Without the formula the picture shows only what is to be made good.
    """
    parts, hand, home, polygon = _reaching()
    masses, shares = np.append(parts[0], load), np.append(parts[2], 0.0)
    places = np.vstack((parts[1], hand))
    figure, (axes,) = picture(
        height=3.8,
        width=7.0,
        alt="The soles from above, the hand with the load ahead of them, and the centre of mass of both, which the "
        "load draws forward; with the compensation the pelvis goes back and it is above the middle again.",
    )
    axes.add_patch(Polygon(100.0 * polygon[:, ::-1], fc=style.GROUND, ec=style.SOFT, label="support"))
    weight = masses @ places[:, :2] / masses.sum()
    axes.plot(
        *100.0 * weight[1::-1], "o", mfc="white", mec=style.COM, mew=2, ms=9, label="centre of mass, both"
    )
    axes.plot(*100.0 * hand[1::-1], "s", color=style.INK, ms=9, label=f"{load:g} kg in the hand")
    if compensation is not None:
        way = np.asarray(compensation(masses, places, shares, home, ROOM), dtype=float)
        moved = masses @ (places[:, :2] + shares[:, None] * way) / masses.sum()
        axes.plot(*100.0 * moved[1::-1], "o", color=style.COM, ms=9, label="after the compensation", zorder=4)
        (x, y), (dx, dy) = 100.0 * home, 100.0 * way
        axes.annotate(
            "",
            xy=(y + dy, x + dx),
            xytext=(y, x),
            arrowprops={"arrowstyle": "-|>", "color": style.INK, "lw": 1.8},
        )
        far = float(np.hypot(dx, dy))
        axes.plot([], [], color=style.INK, label=f"the pelvis moves {far:.1f} cm")
    axes.plot(*100.0 * home[::-1], "+", color=style.INK, ms=13, mew=1.8, label="home")
    axes.set(
        aspect="equal", xlabel="y, to the left (cm)", ylabel="x, forward (cm)", xlim=(30, -45), ylim=(-20, 52)
    )
    figure.legend(loc="outside right upper", frameon=False)
    return figure


def _reaching() -> tuple[tuple[Array, Array, Array], Array, Array, Array]:
    """Return the parts of a robot that reaches out with its right hand, the hand, home, and the support polygon."""
    model = RobotModel()
    with World() as world:
        situation = situation_of(Humanoid(world), TerrainMap.of(Terrain.flat(), (-1.0, 1.0), (-1.0, 1.0)))
    reach = ManipulationBranch(PipelineParts.reference(), model).reach("right", situation)
    polygon = estimate_balance(situation.robot, model).support_polygon
    arm = ready("right")
    arm[[0, 3]] = -0.9, -0.5
    reach.move(np.append(arm, np.zeros(3)))
    return body_parts(model, "right"), reach.pose.position, polygon.mean(axis=0), polygon


# ---- a dangerous plan ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Caution:
    """A plan, what it became, and what came of both."""

    terrain: TerrainMap
    asked: FootstepSequence
    done: Planned
    changes: tuple[Mended, ...]
    harm_asked: str
    harm_done: str
    reasons: tuple[str, ...]


def dangerous_walk(verifier: Callable[..., object] | None = None) -> Caution:
    """Ask for a walk with one step that no leg can make, and carry out what was asked and what is safe.

    `verifier` is the class that verifies footstep plans, the student's or by default the reference's.
    """
    terrain = TerrainMap.of(Terrain.flat(), (-0.6, 2.8), (-0.8, 0.8))
    parts = PipelineParts.reference()
    if verifier is not None:
        parts = replace(parts, verifier=verifier)  # type: ignore[arg-type]
    setting = _at_home()
    with setting.world:
        situation = situation_of(setting.humanoid, terrain)
        pipeline = HumanoidVLAPipeline(parts, Rehearsal(setting, _at_home))
        start = pipeline.plan_safe_footsteps(LocomotionAction(GoalPose(0.5, 0.0)), situation).start
        asked = FootstepSequence(start, _straight(start.left, start.right))
        done, replaced = pipeline.verify_balance_constraints(asked, situation)
        changes = tuple(
            Mended(asked.steps.index(r.original), r.original, r.replacement, r.reason)
            for r in replaced
            if isinstance(r.original, Footstep) and isinstance(r.replacement, Footstep)
        )
        harm_asked, harm_done = (Rehearsal(setting, _at_home).try_out(plan).harm for plan in (asked, done))
    return Caution(terrain, asked, done, changes, harm_asked, harm_done, tuple(r.reason for r in replaced))


def caution_picture(caution: Caution) -> Picture:
    """Draw a plan as it was asked for and, beside it, as it was carried out; what was mended is ringed."""
    figure, (left, right) = picture(
        1,
        2,
        height=5.4,
        width=6.4,
        alt="Footsteps from above. Left as asked for, with one step much too long; right as verified: that step and "
        "those after it are mended, drawn thick, beside where they were asked for, dotted.",
    )
    mended = {change.number for change in caution.changes}
    done = caution.done.steps if isinstance(caution.done, FootstepSequence) else ()
    for axes, steps, harm, title in (
        (left, caution.asked.steps, caution.harm_asked, "as asked"),
        (right, done, caution.harm_done, "as verified"),
    ):
        draw_map(axes, caution.terrain, caution.terrain.heights, "Greys", (-0.01, 0.1))
        for foot in (caution.asked.start.left, caution.asked.start.right):
            axes.add_patch(Polygon(_sole(foot), fc=style.GROUND, ec=style.SOFT, lw=1.0))
        for k, step in enumerate(steps):
            ghost = caution.asked.steps[k] if k in mended else step
            axes.add_patch(Polygon(_sole(ghost), fill=False, ec=style.SOFT, lw=0.8, ls=":"))
            thick, fill = (2.6, style.GROUND) if k in mended and axes is right else (1.5, "white")
            axes.add_patch(Polygon(_sole(step), fc=fill, ec=_FOOT[step.side], lw=thick))
            axes.text(step.y, step.x, str(k + 1), ha="center", va="center", fontsize=9)
        if axes is left and mended:
            _measure(axes, caution.asked.steps[min(mended) - 1], caution.asked.steps[min(mended)])
        end = f"the robot {harm}" if harm else "the robot got there"
        axes.set_title(f"{title}: {end}", loc="left", fontsize=11, color=style.INK)
        axes.set(xlim=(0.6, -0.6), ylim=(-0.3, 2.6))
    right.set_ylabel("")
    return figure


def _measure(axes: Axes, before: Footstep, after: Footstep) -> None:
    """Draw how far it is from one step to the next."""
    axes.annotate(
        "",
        xy=(-0.3, after.x),
        xytext=(-0.3, before.x),
        arrowprops={"arrowstyle": "<->", "color": style.INK, "lw": 1.2, "shrinkA": 0, "shrinkB": 0},
    )
    far = 100.0 * (after.x - before.x)
    axes.text(-0.33, (before.x + after.x) / 2.0, f"{far:.0f} cm", va="center", fontsize=10, color=style.INK)


def _at_home() -> Setting:
    return Setting(Humanoid(World(0)))


def _straight(left: Footstep, right: Footstep) -> tuple[Footstep, ...]:
    """Seven steps straight ahead, the fourth of them much too long."""
    steps = []
    for k in range(1, 8):
        foot = left if k % 2 else right
        steps.append(replace(foot, x=foot.x + STRIDE * k + LEAP * (k > 3), swing_height=0.05))
    return tuple(steps)


def _sole(step: Footstep) -> Array:
    """Corners of a sole as a map is drawn: y, then x."""
    outline = sole_corners(HumanoidDescription())[:, :2]
    c, s = np.cos(step.yaw), np.sin(step.yaw)
    placed: Array = outline @ np.array([[c, s], [-s, c]]) + (step.x, step.y)
    return placed[:, ::-1]
