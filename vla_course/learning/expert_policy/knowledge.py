"""What the expert as a policy knows of a moment: things, feet and hands, rounded where plans are made of it.

A plan that is made of rounded numbers is a function of them: it may be remembered, and whoever asks in the same
state, at once or after a detour, gets the same answer.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from math import cos, sin
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.environment.commanded_body import CommandedBody
from vla_course.motion.arms.chain import ARMS_IN_JOINTS, ARMS_IN_UPPER, ArmChain
from vla_course.motion.arms.ik_config import InverseKinematicsConfig, reference_solver
from vla_course.motion.arms.pose import Pose, rotation_about
from vla_course.motion.arms.postures import tucked
from vla_course.motion.hands.clearance import arm_balls, distance_to_table, distance_to_thing
from vla_course.motion.hands.planner import ReachPlanner
from vla_course.motion.hands.reach import StandingReach
from vla_course.motion.hands.scene import graspable_in, tabletop_in, thing_in
from vla_course.motion.hands.things import Graspable
from vla_course.motion.hands.ways import Situation
from vla_course.motion.standing.balance_config import STANDING
from vla_course.motion.standing.body import sole_corners
from vla_course.simulation.robot.humanoid import HOME_POSTURE
from vla_course.simulation.robot.model import RobotModel
from vla_course.simulation.robot.state import RobotState, Side
from vla_course.simulation.scene.things import colour_and_shape
from vla_course.simulation.tasks.stage import Stage
from vla_course.simulation.world.rotation import about_z, rotation_matrix, wrapped

Array = NDArray[np.float64]
Made = TypeVar("Made")

FINE, TURN = 0.004, 0.02
"""m and rad, to which places are rounded where plans are made of them"""
SQUEEZED: Final = 4.0
"""N, with which both fingers press on what is held"""
_PELVIS: Final = 0.70
"""m, over the soles, about where the pelvis is"""
_REMEMBERED: Final = 200
"""plans kept at once"""

SolePlace = tuple[float, float, float]


class Knowledge:
    """Everything there is to know about `robot` on `stage`, at the moment of asking.

    Attributes:
        table: the table of the scene.
        solver: of inverse kinematics.
        model: for planning; whoever asks moves it.
    """

    def __init__(self, stage: Stage, robot: CommandedBody) -> None:
        self.stage, self.robot, self.table = stage, robot, tabletop_in(stage.scene)
        self.solver = reference_solver()(InverseKinematicsConfig())
        self.model = RobotModel.of(stage.humanoid)
        self._memory: dict[Hashable, object] = {}
        self._corners = sole_corners(stage.humanoid.description).mean(axis=0)

    @contextmanager
    def elsewhere(self, stage: Stage, robot: CommandedBody) -> Iterator[None]:
        """Know of another `robot` on another `stage` of the same scene for a while; plans are the same for both."""
        before = self.stage, self.robot
        self.stage, self.robot = stage, robot
        try:
            yield
        finally:
            self.stage, self.robot = before

    def remembered(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what `make` makes, or what it made for the same key before. What it raises is remembered, too."""
        if key not in self._memory:
            if len(self._memory) >= _REMEMBERED:
                self._memory.pop(next(iter(self._memory)))
            try:
                self._memory[key] = make()
            except Exception as why:
                self._memory[key] = why
        found = self._memory[key]
        if isinstance(found, Exception):
            raise found
        return found  # type: ignore[return-value]

    # ---- things ----------------------------------------------------------------------------------

    def thing(self, name: str) -> Graspable:
        """Return a thing where it is, rounded."""
        return _rounded(thing_in(self.stage.scene, name))

    def graspable(self, name: str) -> Graspable:
        """Return the part of a thing that a hand can hold, where it is, rounded."""
        return _rounded(graspable_in(self.stage.scene, name))

    def rest(self, *names: str) -> tuple[Graspable, ...]:
        """Return all things but those named, rounded."""
        return tuple(self.thing(name) for name in self.stage.things if name not in names)

    def things_key(self) -> Hashable:
        """Return where all things are, as part of a key."""
        return tuple(key_of(self.thing(name)) for name in self.stage.things)

    def height(self, name: str, floor: float) -> float:
        """Return how high m the bottom of a thing is over a `floor` m, as it really is."""
        return self.stage.bottom(name) - floor

    def over_table(self, place: Array, rim: float) -> bool:
        """Tell whether a place (3,) m is over or below the table, or at most `rim` m beside it."""
        beyond = np.abs(place[:2] - self.table.middle[:2]) - np.array(self.table.size) / 2.0
        return bool(beyond.max() < rim)

    # ---- feet ------------------------------------------------------------------------------------

    def soles(self) -> tuple[SolePlace, SolePlace]:
        """Return x, y m and yaw rad of both soles, rounded."""
        left, right = (self.robot.walker.measured(foot) for foot in (0, 1))
        return (
            (_near(left.x, FINE), _near(left.y, FINE), _near(left.yaw, TURN)),
            (_near(right.x, FINE), _near(right.y, FINE), _near(right.yaw, TURN)),
        )

    def feet_middle(self) -> Array:
        """Return the middle between the feet (2,) m, rounded."""
        return np.mean([sole[:2] for sole in self.soles()], axis=0)

    def reach(self, side: Side) -> StandingReach:
        """Return the robot on its feet, upright and with tucked arms, as a chain that reaches with one of them."""
        joints, still = HOME_POSTURE.copy(), np.zeros(28)
        for arm in ARMS_IN_JOINTS:
            joints[ARMS_IN_JOINTS[arm]] = tucked(arm)
        soles = self.soles()
        poses = tuple(Pose(np.array((x, y, 0.0)), _about_z(yaw)) for x, y, yaw in soles)
        home = np.mean([pose.position + pose.rotation @ self._corners for pose in poses], axis=0)[:2]
        heading = soles[0][2] + wrapped(soles[1][2] - soles[0][2]) / 2.0
        # Begun at the home posture, not as the robot is: what is rounded must not depend on what is not.
        base = np.append(np.mean([pose.position[:2] for pose in poses], axis=0), _PELVIS)
        state = RobotState(
            0.0, base, np.array(about_z(heading)), still[:3], still[:3], joints, still, still, still[:2]
        )
        return StandingReach(
            side, state, self.model, home, STANDING.com_height, heading, (poses[0], poses[1])
        )

    def planner(self, side: Side, situation: Situation) -> ReachPlanner:
        """Return a planner for one arm of the robot where it stands."""
        return ReachPlanner(self.reach(side), situation, self.solver)

    # ---- hands -----------------------------------------------------------------------------------

    def coordinates(self, side: Side) -> Array:
        """Return where an arm and the stance are commanded to be (10,)."""
        return np.append(self.robot.walker.body.upper_posture[ARMS_IN_UPPER[side]], self.robot.stance)

    def base(self) -> Pose:
        """Return where the pelvis is, world."""
        state = self.robot.walker.body.state
        return Pose(state.base_position, rotation_matrix(state.base_orientation))

    def tool(self, side: Side) -> Pose:
        """Return where the tool really is, world."""
        chain = ArmChain(side)
        chain.move(self.robot.walker.body.state.joint_positions[ARMS_IN_JOINTS[side]])
        return self.base() @ chain.pose

    def holds(self, name: str, side: Side) -> bool:
        """Tell whether both fingers of a hand press on a thing."""
        return self.stage.grip_on(name, side) > SQUEEZED

    def between(self, name: str, side: Side) -> bool:
        """Tell whether the tool point is in a thing, or at its surface: then it is between the fingers."""
        tool = self.tool(side).position
        return float(distance_to_thing(tool[None], graspable_in(self.stage.scene, name))[0]) < 0.008

    def upright_tool(self, name: str, side: Side) -> Pose:
        """Return where the tool would be, world, if the hand turned what it holds upright where it is.

        A thing gives way a little between two fingers, and a hand turns on its way: what is planned from how the
        hand is turned now, and not from how the thing is, would lead it ever farther aslant. A ball is upright when
        the fingers that hold it are level with each other.
        """
        tool, axis = self.tool(side), rotation_matrix(self.stage.scene.pose(name)[1])[:, 2]
        up = np.array((0.0, 0.0, 1.0))
        if colour_and_shape(name)[1] == "ball":
            across = tool.rotation[:, 1]
            axis, up = across, np.array((across[0], across[1], 0.0))
        turn = _least_turn(axis, up)
        middle = graspable_in(self.stage.scene, name).position
        return Pose(middle + turn @ (tool.position - middle), turn @ tool.rotation)

    def room(self, side: Side) -> float:
        """Return how far m an arm, with what it holds, is from the table and the nearest thing; negative inside."""
        chain, state = ArmChain(side), self.robot.walker.body.state
        chain.move(state.joint_positions[ARMS_IN_JOINTS[side]])
        middles, radii = arm_balls(chain, self.opening(side))
        base = self.base()
        world = base.position + middles @ base.rotation.T
        held = [name for name in self.stage.things if self.holds(name, side)]
        for name in held:
            thing = thing_in(self.stage.scene, name)
            world = np.append(world, thing.position[None], axis=0)
            radii = np.append(radii, max(thing.size) / 2.0)
        away = [distance_to_table(world, self.table) - radii]
        away += [
            distance_to_thing(world, thing_in(self.stage.scene, name)) - radii
            for name in self.stage.things
            if name not in held
        ]
        return float(np.concatenate(away).min())

    def opening(self, side: Side) -> float:
        """Return how far a gripper is open, 0 to 1."""
        return float(self.robot.walker.body.state.gripper_openings[0 if side == "left" else 1])

    def closes(self, side: Side) -> bool:
        """Tell whether a gripper was told to close."""
        return self.stage.humanoid.gripper_goals[0 if side == "left" else 1] < 0.05


def key_of(thing: Graspable) -> Hashable:
    """Return a thing as part of a key."""
    return thing.shape, thing.size, tuple(thing.position.tolist()), thing.heading


def _rounded(thing: Graspable) -> Graspable:
    position = np.array([_near(part, FINE) for part in thing.position.tolist()])
    return replace(thing, position=position, heading=_near(thing.heading, TURN))


def _near(value: float, grain: float) -> float:
    return round(round(float(value) / grain) * grain, 9)


def _least_turn(start: Array, goal: Array) -> Array:
    """Return the least rotation (3, 3) that turns one direction (3,) into another; none for opposite ones."""
    about = np.cross(start, goal)
    sine = float(np.linalg.norm(about))
    if sine < 1e-6:
        return np.eye(3)
    return rotation_about(about / sine * np.arctan2(sine, start @ goal))


def _about_z(angle: float) -> Array:
    c, s = cos(angle), sin(angle)
    return np.array(((c, -s, 0.0), (s, c, 0.0), (0.0, 0.0, 1.0)))
