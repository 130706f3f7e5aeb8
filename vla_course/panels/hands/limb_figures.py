"""Pictures of limbs: a leg from its sole up, a hand on its way, a motion in time, grasps from the side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Polygon, Rectangle
from numpy.typing import NDArray

from vla_course.motion.arms.chain import ArmChain
from vla_course.motion.arms.ik_config import InverseKinematicsConfig, SolverOf
from vla_course.motion.arms.pose import Pose, pose_error
from vla_course.motion.arms.postures import ready
from vla_course.motion.hands.things import Graspable, Gripper, Shape
from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, legend_above, picture
from vla_course.simulation.robot.description import HumanoidDescription
from vla_course.simulation.scene import parts as scene_parts

Array = NDArray[np.float64]

_COLOURS = (style.COM, style.ZMP, style.COP)


def leg_picture(solve_leg: Callable[..., Array]) -> Picture:
    """Draw one leg from the side for soles at several places, as the six angles of `solve_leg` put it."""
    body = HumanoidDescription()
    figure, (axes,) = picture(
        height=4.0, width=5.6, alt="One leg from the side: hip, knee and ankle for five places of the sole."
    )
    length = body.thigh_length
    for ahead, up in ((-0.28, 0.05), (-0.1, 0.0), (0.1, 0.0), (0.28, 0.06), (0.15, 0.22)):
        down = 2.0 * length * 0.93 + body.ankle_height - up
        sole = np.array([ahead, body.hip_width / 2.0, -down])
        angles = np.asarray(solve_leg("left", sole, np.eye(3), body), dtype=float)
        thigh, shank = angles[2], angles[2] + angles[3]
        knee = length * np.array([-np.sin(thigh), -np.cos(thigh)])
        ankle = knee + length * np.array([-np.sin(shank), -np.cos(shank)])
        x, z = 100.0 * np.array([np.zeros(2), knee, ankle]).T
        axes.plot(x, z, "-o", color=style.SOFT, lw=1.8, ms=5, zorder=2)
        heel, toe = -body.ankle_from_heel * body.foot_length, (1 - body.ankle_from_heel) * body.foot_length
        low = 100.0 * (ankle[1] - body.ankle_height)
        foot = 100.0 * np.array([[ankle[0] + heel, low / 100.0], ankle, [ankle[0] + toe, low / 100.0]])
        axes.add_patch(Polygon(foot, fc="#D5DADD", ec=style.SOFT, lw=1.2, zorder=1))
        axes.plot(*foot[[0, 2]].T, color=style.SOFT, lw=4)
        axes.plot(100.0 * ahead, -100.0 * down, "x", color=style.ZMP, ms=8, mew=2, zorder=4)
    axes.plot([], [], "x", color=style.ZMP, mew=2, label="where the sole should be")
    axes.set(aspect="equal", xlabel="x, forward of the hip (cm)", ylabel="z (cm)")
    legend_above(axes)
    return figure


def reach_picture(solver: SolverOf) -> Picture:
    """Draw how far the hand still is from three targets, step of inverse kinematics by step."""
    figure, (axes,) = picture(
        height=3.0,
        alt="Distance of the right hand from three targets against the number of steps, logarithmic.",
    )
    start, config = ready("right"), InverseKinematicsConfig()
    hand = solver(config)
    chain = ArmChain("right")
    chain.move(start)
    home = chain.pose
    moves = {
        "20 cm to the side": (0.0, -0.2, 0.0),
        "12 cm up and inwards": (0.0, 0.08, 0.12),
        "60 cm ahead: too far": (0.6, 0.0, 0.1),
    }
    for (name, move), colour in zip(moves.items(), _COLOURS, strict=True):
        target, joints, far = Pose(home.position + np.array(move), home.rotation), start, []
        for _ in range(40):
            chain.move(joints)
            error = pose_error(target, chain.pose)
            far.append(1000.0 * float(np.linalg.norm(error[:3])))
            error = error * min(1.0, config.stride / max(float(np.linalg.norm(error)), 1e-12))
            joints = joints + hand.step(chain.jacobian, error, joints, chain.lower, chain.upper, start)
        axes.semilogy(far, color=colour, label=name, marker=".", ms=5)
    axes.axhline(1.0, color=style.SOFT, lw=1.0, ls=":", label="1 mm")
    axes.set(xlabel="steps", ylabel="distance to the target (mm)", xlim=(0.0, 39.0), ylim=(1e-2, 2e3))
    legend_above(axes)
    return figure


def minimum_jerk_picture(minimum_jerk: Callable[..., Array]) -> Picture:
    """Draw place and speed of two joints, one with far to go and one that may not be fast."""
    figure, (place, speed) = picture(
        1, 2, height=3.0, alt="Angle and speed of two joints against time: both begin and end together."
    )
    start, goal, limits, tick = np.zeros(2), np.array([1.6, -0.4]), np.array([2.4, 1.0]), 0.004
    way = np.asarray(minimum_jerk(start, goal, limits, tick), dtype=float)
    time = tick * np.arange(len(way))
    for joint, colour in enumerate(_COLOURS[:2]):
        place.plot(time, way[:, joint], color=colour, label=f"joint {joint + 1}")
        speed.plot(time[:-1], np.abs(np.diff(way[:, joint])) / tick, color=colour)
        speed.axhline(limits[joint], color=colour, lw=1.0, ls=":")
    place.set(xlabel="time (s)", ylabel="angle (rad)")
    speed.set(xlabel="time (s)", ylabel="speed and its limit (rad/s)", ylim=(0.0, 2.7))
    legend_above(place)
    return figure


def grasp_picture(grasp_thing: Callable[..., Any], tilts: tuple[float, ...] = (0.1, 0.6, 1.35)) -> Picture:
    """Draw from the side how the hand comes to cup, box and ball, for several tilts."""
    things: dict[str, tuple[Shape, tuple[float, float, float]]] = {
        "cup": ("cylinder", (2 * scene_parts.CUP_RADIUS, 2 * scene_parts.CUP_RADIUS, scene_parts.CUP_HEIGHT)),
        "box": ("box", scene_parts.BOX_SIZE),
        "ball": ("ball", (2 * scene_parts.BALL_RADIUS,) * 3),
    }
    figure, panes = picture(
        1,
        3,
        height=3.0,
        alt="Cup, box and ball from the side, each with the hand at three tilts: a bar for the palm, a line for the "
        "fingers, a ring for the tool point.",
        sharey=True,
    )
    gripper = Gripper()
    for axes, (name, (shape, size)) in zip(panes, things.items(), strict=True):
        middle = size[2] / 2.0
        if shape == "ball":
            axes.add_patch(Circle((0.0, 100.0 * middle), 50.0 * size[0], fc="#D5DADD", ec=style.INK))
        else:
            corner, sides = (-50.0 * size[0], 0.0), (100.0 * size[0], 100.0 * size[2])
            axes.add_patch(Rectangle(corner, *sides, fc="#D5DADD", ec=style.INK))
        axes.axhline(0.0, color=style.INK, lw=2)
        thing = Graspable(shape, size, np.array([0.0, 0.0, middle]))
        for tilt, colour in zip(tilts, _COLOURS, strict=False):
            grasp = grasp_thing(thing, 0.0, tilt, gripper)
            _draw_hand(axes, thing.position + grasp.pose.position, grasp.pose.rotation, gripper, colour)
            axes.plot([], [], color=colour, lw=3, label=f"tilt {tilt:g}: {grasp.grip}")
        axes.set(aspect="equal", xlabel="along the approach (cm)", xlim=(-17, 9), ylim=(-1.5, 20))
        axes.set_title(name, loc="left", fontsize=10, color=style.INK)
        axes.legend(fontsize=8, loc="upper right", frameon=False)
    panes[0].set_ylabel("height over the table (cm)")
    return figure


def _draw_hand(axes: Axes, tool: Array, rotation: Array, gripper: Gripper, colour: str) -> None:
    """Draw palm and finger in the plane of the approach: x ahead, z up."""
    approach, across = rotation[[0, 2], 0], rotation[[0, 2], 2]
    at = tool[[0, 2]]
    palm, tip = at - gripper.palm_to_tool * approach, at + gripper.tool_to_tip * approach
    x, z = 100.0 * np.array([palm, tip]).T
    axes.plot(x, z, color=colour, lw=3, solid_capstyle="butt", zorder=3)
    x, z = 100.0 * np.array([palm - gripper.half_width * across, palm + gripper.half_width * across]).T
    axes.plot(x, z, color=colour, lw=3, zorder=3)
    axes.plot(*(100.0 * at), "o", color="white", mec=colour, ms=5, zorder=4)
