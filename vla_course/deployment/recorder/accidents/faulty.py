"""A humanoid that things happen to: motors lose torque, sensors stand still or are late, a bag hangs on a hand."""

from collections import deque
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vla_course.deployment.recorder.accidents.evidence import CAUSES, Cause
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.layout import JOINT_NAMES
from vla_course.simulation.robot.state import RobotState, SoleContact
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.world import World

Array = NDArray[np.float64]

_STRING, _BAG = 0.12, 0.05
"""m, from the palm to the middle of a bag, and its radius"""


class FaultyHumanoid(Humanoid):
    """A `Humanoid` that reads as its sensors say and moves as its motors can.

    Attributes:
        asked_torques: (28,) N m, what the motors were asked for last.
    """

    def __init__(self, world: World, **options: Any) -> None:
        self.asked_torques = np.zeros(len(JOINT_NAMES))
        self._left = np.ones(len(JOINT_NAMES))
        self._delay = 0.0
        self._frozen: RobotState | None = None
        self._past: deque[RobotState] = deque()
        self._felt: list[Array] = []
        self._felt_at = -1
        super().__init__(world, **options)

    def suffer(self, cause: Cause, rng: np.random.Generator) -> None:
        """Let one thing go wrong from now on; `rng` draws how badly, and where.

        Raises:
            ValueError: there is no such cause.
        """
        match cause:
            case "push":
                heading = rng.uniform(-np.pi, np.pi)
                way = np.array([np.cos(heading), np.sin(heading), 0.0])
                self.push(rng.uniform(45.0, 60.0) * way, rng.uniform(0.1, 0.2))
            case "load":
                self._hang_on(rng.choice(("left_palm", "right_palm")), rng.uniform(12.0, 16.0))
            case "slip":
                self._floor(rng.uniform(0.02, 0.06))
            case "motor":
                side, joint = rng.choice(("left", "right")), rng.choice(("knee", "hip_pitch"))
                self._left[JOINT_NAMES.index(f"{side}_{joint}")] = rng.uniform(0.0, 0.2)
            case "frozen":
                self._frozen = super().state()
            case "late":
                self._delay = rng.uniform(0.03, 0.05)
            case _:
                raise ValueError(f"cause is {cause!r}, expected one of {', '.join(CAUSES)}")

    def _hang_on(self, palm: str, mass: float) -> None:
        client, link = self.client, self.link_index(palm)
        ball = pybullet.createCollisionShape(pybullet.GEOM_SPHERE, radius=_BAG, physicsClientId=client)
        holds = np.array(pybullet.getLinkState(self.body, link, physicsClientId=client)[0])
        bag = pybullet.createMultiBody(mass, ball, -1, holds - [0.0, 0.0, _STRING], physicsClientId=client)
        pybullet.setCollisionFilterGroupMask(
            bag, -1, 0, 0, physicsClientId=client
        )  # it hangs clear of the legs
        string = ([0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, _STRING])
        pybullet.createConstraint(
            self.body, link, bag, -1, pybullet.JOINT_POINT2POINT, *string, physicsClientId=client
        )

    def _floor(self, friction: float) -> None:
        for ground in self.world.ground_bodies:
            pybullet.changeDynamics(ground, -1, lateralFriction=friction, physicsClientId=self.client)

    def drive(self, torques: ArrayLike) -> None:
        """Ask the motors for torques (28,) N m; one that is worn gives a part of them."""
        self.asked_torques = np.array(torques, dtype=np.float64)
        limit = self.joint_efforts
        super().drive(self._left * np.clip(self.asked_torques, -limit, limit))

    def state(self) -> RobotState:
        """Return the state as the sensors say."""
        true = super().state()
        if self._frozen is not None:
            stuck = self._frozen
            return replace(
                true,
                base_orientation=stuck.base_orientation,
                base_angular_velocity=stuck.base_angular_velocity,
            )
        if not self._past or self._past[-1].time != true.time:
            self._past.append(true)
        while len(self._past) > 1 and self._past[1].time <= true.time - self._delay + 1e-9:
            self._past.popleft()
        return self._past[0]

    def true_state(self) -> RobotState:
        """Return the state as it is: privileged."""
        return super().state()

    def sole_contacts(self) -> tuple[SoleContact, SoleContact]:
        """Return what the last step's contacts did to the soles, and remember the forces for `felt`."""
        contacts = super().sole_contacts()
        if self.world.steps != self._felt_at:
            self._felt_at = self.world.steps
            self._felt.append(np.array([one.forces.sum(axis=0) for one in contacts]))
        return contacts

    def felt(self) -> Array:
        """Return the mean forces (2, 3) N on the soles over the steps since this was asked last."""
        felt, self._felt = np.mean(self._felt, axis=0), []
        return felt
