"""Grasps by turning: the hand points down, is tilted about its closing axis, and turned about the vertical."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from shown.slips import Case, either
from vla_course.motion.arms.pose import rotation_about
from vla_course.motion.hands.things import Graspable, Gripper

Array = NDArray[np.float64]
SHAPES = ("cylinder", "box", "ball")


def some_thing(rng: np.random.Generator, shape: str) -> Graspable:
    """A thing of any size, somewhere; no length equals another by chance."""
    width, height = rng.uniform(0.03, 0.06), rng.uniform(0.10, 0.14)
    size = {
        "cylinder": (width, width, height),
        "box": (width, width + rng.uniform(0.01, 0.025), height),
        "ball": (width, width, width),
    }[shape]
    place = np.append(rng.uniform(-2.0, 2.0, 2), rng.uniform(0.5, 1.0))
    return Graspable(shape, size, place, rng.uniform(-np.pi, np.pi))


def some_gripper(rng: np.random.Generator) -> Gripper:
    """A hand like the robot's, and yet another one."""
    return Gripper(
        palm_to_tool=rng.uniform(0.045, 0.055),
        tool_to_tip=rng.uniform(0.015, 0.025),
        half_width=rng.uniform(0.02, 0.03),
        widest=rng.uniform(0.09, 0.11),
        palm_gap=rng.uniform(0.008, 0.016),
        side_gap=rng.uniform(0.004, 0.008),
        table_gap=rng.uniform(0.005, 0.012),
    )


def side_on(rng: np.random.Generator, thing: Graspable, across: bool) -> float:
    """An azimuth from which it is clear which face of a box is meant: along its x axis, or `across` it."""
    quarters = 2 * rng.integers(-2, 3) + across
    return float(thing.heading + quarters * np.pi / 2 + rng.uniform(-1, 1) * (np.pi / 4 - 0.15))


@dataclass(frozen=True)
class Hold:
    """A grasp computed in the tool's own frame; the switches are mistakes."""

    thing: Graspable
    azimuth: float
    tilt: float
    gripper: Gripper

    def faced(self) -> tuple[float, float, float]:
        """Azimuth that counts, width along it and across it."""
        width, depth, _ = self.thing.size
        if self.thing.shape != "box":
            return self.azimuth, width, width
        faces = [self.thing.heading + k * np.pi / 2 for k in range(4)]
        nearest = max(range(4), key=lambda k: np.cos(faces[k] - self.azimuth))
        return faces[nearest], *((width, depth) if nearest % 2 == 0 else (depth, width))

    def rotation(self, azimuth: float | None = None, tilt: float | None = None) -> Array:
        """Turned about z after a tilt about y, from fingers that point ahead."""
        azimuth = self.faced()[0] if azimuth is None else azimuth
        tilt = self.tilt if tilt is None else tilt
        return rotation_about(np.array([0.0, 0.0, azimuth])) @ rotation_about(
            np.array([0.0, np.pi / 2 - tilt, 0.0])
        )

    def short(self, along: float | None = None) -> float:
        """How far before the middle the tool point stays."""
        if self.thing.shape == "ball":
            half = self.thing.size[0] / 2
        else:
            along = self.faced()[1] if along is None else along
            half = (along * np.sin(self.tilt) + self.thing.size[2] * np.cos(self.tilt)) / 2
        return max(0.0, half + self.gripper.palm_gap - self.gripper.palm_to_tool)

    def place(self, short: float | None = None, raised: bool = True, rotation: Array | None = None) -> Array:
        rotation = self.rotation() if rotation is None else rotation
        place = rotation @ np.array([-(self.short() if short is None else short), 0.0, 0.0])
        if raised:
            hand, tilt = self.gripper, self.tilt
            lowest = place[2] - np.dot((hand.tool_to_tip, hand.half_width), (np.cos(tilt), np.sin(tilt)))
            place[2] += max(0.0, hand.table_gap - self.thing.size[2] / 2 - lowest)
        return place

    def opening(self, across: float | None = None, gaps: int = 2) -> float:
        across = self.faced()[2] if across is None else across
        return min(1.0, (across + gaps * self.gripper.side_gap) / self.gripper.widest)

    def rotations(self, student, what: str) -> Case:
        """The student's rotation beside the right one and wrong ones."""
        got = np.asarray(self.ask(student).pose.rotation)
        right = self.rotation()
        across = right[:, [0, 2, 1]] * (1.0, 1.0, -1.0)
        return Case(
            what,
            got,
            right,
            {
                "box-by-its-edges": self.rotation(azimuth=self.azimuth),
                "everything-by-faces": replace(self, thing=replace(self.thing, shape="box")).rotation(),
                "heading-forgotten": replace(self, thing=replace(self.thing, heading=0.0)).rotation(),
                "tilt-from-level": self.rotation(tilt=np.pi / 2 - self.tilt),
                "hand-from-below": either(got, _framed(right[:, 0] * (1, 1, -1), right[:, 1])),
                "left-handed": right * (1.0, 1.0, -1.0),
                "rows-for-columns": right.T,
                "closes-up-and-down": either(got, across, _framed(right[:, 0], -right[:, 2])),
                "degrees-for-radians": replace(
                    self, azimuth=np.radians(self.azimuth), tilt=np.radians(self.tilt)
                ).rotation(),
            },
        )

    def places(self, student, what: str) -> Case:
        """The student's tool point beside the right one and wrong ones."""
        got = np.asarray(self.ask(student).pose.position)
        _, _, across = self.faced()
        rotation = self.rotation()
        ahead = rotation @ np.array([self.short(), 0.0, 0.0])
        return Case(
            what,
            got,
            self.place(),
            {
                "fingers-in-the-table": self.place(raised=False),
                "palm-in-the-thing": either(got, self.place(short=0.0), self.place(short=0.0, raised=False)),
                "beyond-the-thing": either(
                    got, ahead, ahead + (0, 0, self.place()[2] - self.place(raised=False)[2])
                ),
                "world-position": self.place() + self.thing.position,
                "width-for-depth": self.place(short=self.short(across)),
                "ball-taken-for-a-can": self.place(short=self._as_a_can()),
            },
        )

    def openings(self, student, what: str) -> Case:
        """The student's opening beside the right one and wrong ones."""
        got = self.ask(student).opening
        width, depth, _ = self.thing.size
        _, along, across = self.faced()
        plain = (across + 2 * self.gripper.side_gap) / self.gripper.widest
        return Case(
            what,
            got,
            self.opening(),
            {
                "one-gap-only": self.opening(gaps=1),
                "wider-than-it-goes": plain,
                "opening-in-metres": plain * self.gripper.widest,
                "width-for-depth": either(got, self.opening(along), self.opening(width), self.opening(depth)),
            },
        )

    def _as_a_can(self) -> float:
        """How far before the middle the tool point stays, for one who takes a ball for a can."""
        thing = replace(self.thing, shape="cylinder") if self.thing.shape == "ball" else self.thing
        return replace(self, thing=thing).short()

    def ask(self, student):
        """The student's grasp."""
        return student.grasp_thing(self.thing, self.azimuth, self.tilt, self.gripper)


def _framed(ahead: Array, closing: Array) -> Array:
    return np.column_stack((ahead, closing, np.cross(ahead, closing)))
