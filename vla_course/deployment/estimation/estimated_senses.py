"""A humanoid as it knows itself: a state estimated from what its sensors say, in place of the simulator's truth."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.deployment.estimation.alignment import aligned
from vla_course.deployment.estimation.contact_filter import Belief, ContactFilter, FilterNoise
from vla_course.deployment.estimation.joint_rates import JointRates
from vla_course.deployment.estimation.rotations import quaternion_of
from vla_course.deployment.estimation.sensors import Reading, RobotSensors, SensorErrors
from vla_course.motion.standing.leg_kinematics import LegKinematics
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.state import RobotState, Side, SoleContact
from vla_course.simulation.world.rotation import heading_of

Array = NDArray[np.float64]

TRUSTED: Final = 60.0
"""N: a sole that bears more of it stands"""
LIFTED: Final = 30.0
"""N: a sole that bears less does not any more"""
SETTLES: Final = 0.01
"""s, for which a sole that lands rattles: so long it must bear its load before it counts"""
SLIPPED: Final = 0.05
"""s, for which a sole has to be elsewhere than believed until that is where it stands; so long the inertial sensor is
good for by itself"""
SHOWS: Final = 15.0
"""N: a force sensor that shows less shows its own zero"""
_SIDES: tuple[Side, Side] = ("left", "right")
_NOWHERE, _NOTHING = np.zeros((0, 3)), np.zeros(0)


@dataclass
class _Sole:
    """What is known of whether one sole stands."""

    stands: bool = False
    borne: float = 0.0
    """s, for which it has borne a load"""
    missed: float = 0.0
    """s, for which it has been elsewhere than believed"""


class EstimatedSenses:
    """`Senses` of a body that knows nothing but its sensors; for a `StandingBody`, a `Walker` or a `CommandedBody`.

    It begins by standing still: for `still` s the joints are held where they are, while the world goes on. Where the
    robot stands and faces then defines the world frame; what comes after is counted from there, with drift.

    Args:
        humanoid: the robot, standing still on both soles.
        rng: draws the errors of the sensors.
        errors: how wrong they are.
        noise: what the filter takes them for.
        still: s.

    Attributes:
        reading: what the sensors said last.
        slips: how often a sole that stood was found elsewhere.

    Raises:
        ValueError: `still` is no time.
    """

    def __init__(
        self,
        humanoid: Humanoid,
        rng: np.random.Generator,
        errors: SensorErrors | None = None,
        noise: FilterNoise | None = None,
        still: float = 2.0,
    ) -> None:
        if not 0.0 < still < float("inf"):
            raise ValueError(f"still is {still}, expected more than 0 s")
        self._humanoid, self._world = humanoid, humanoid.world
        self._sensors = RobotSensors(humanoid, rng, errors)
        self._legs = LegKinematics(humanoid.description)
        self._filter = ContactFilter(self._stand_still(still), noise, self._world.gravity)
        self._rates = JointRates(self.reading.joints)
        self._soles = (_Sole(), _Sole())
        self._places, self._rotations = self._legs.soles(self.reading.joints)
        for foot in (0, 1):
            self._set_down(foot)
        self.slips = 0

    @property
    def belief(self) -> Belief:
        """What the filter believes."""
        return self._filter.belief

    def state(self) -> RobotState:
        """Return the state that the sensors speak for now; torques and grippers as the motors report them."""
        self._catch_up()
        belief, reading = self.belief, self.reading
        told = self._humanoid.state()
        return RobotState(
            time=reading.time,
            base_position=belief.position,
            base_orientation=quaternion_of(belief.rotation),
            base_linear_velocity=belief.velocity,
            base_angular_velocity=belief.rotation @ (reading.gyro - belief.gyro_bias),
            joint_positions=reading.joints,
            joint_velocities=self._rates.rates,
            joint_torques=told.joint_torques,
            gripper_openings=told.gripper_openings,
        )

    def sole_contacts(self) -> tuple[SoleContact, SoleContact]:
        """Return the force under each sole, as if it acted at one point: its centre of pressure."""
        self._catch_up()
        return self._contact(0), self._contact(1)

    def _stand_still(self, seconds: float) -> Belief:
        """Let the world go on with the joints held; return what to believe then."""
        self._humanoid.command(self._humanoid.state().joint_positions)
        readings: list[Reading] = []
        for _ in range(max(2, round(seconds / self._world.timestep))):
            self._world.step()
            readings.append(self._sensors.read())
        self.reading = readings[-1]
        true = self._humanoid.state()
        # What was set down a moment ago settles first, and turns by a milliradian meanwhile.
        return aligned(
            readings[len(readings) // 2 :],
            true.base_position,
            heading_of(true.base_orientation),
            self._sensors.errors,
        )

    def _catch_up(self) -> None:
        """Take in what the sensors say, once at each moment of the world."""
        if self._world.time == self.reading.time:
            return
        self.reading = reading = self._sensors.read()
        self._rates.observe(reading.joints, reading.elapsed)
        self._places, self._rotations = self._legs.soles(reading.joints)
        self._filter.predict(reading.gyro, reading.specific_force, reading.elapsed)
        for foot in (0, 1):
            self._step_on(foot, reading.forces[foot][2], reading.elapsed)

    def _step_on(self, foot: int, load: float, dt: float) -> None:
        """Let a sole that stands correct the belief; notice when it lands, lifts and slips."""
        sole = self._soles[foot]
        sole.borne = sole.borne + dt if load > (LIFTED if sole.stands else TRUSTED) else 0.0
        if sole.stands and sole.borne > 0.0:
            if self._filter.correct(foot, self._places[foot]):
                sole.missed = 0.0
                return
            sole.missed += dt
            if sole.missed >= SLIPPED:
                self.slips += 1
                self._set_down(foot)
        elif sole.borne >= SETTLES:
            self._set_down(foot)
        else:
            sole.stands = False

    def _set_down(self, foot: int) -> None:
        self._filter.set_down(foot, self._places[foot])
        self._soles[foot].stands, self._soles[foot].missed = True, 0.0

    def _contact(self, foot: int) -> SoleContact:
        belief, force = self.belief, self.reading.forces[foot]
        if force[2] < SHOWS:
            return SoleContact(_SIDES[foot], _NOWHERE, _NOTHING, _NOWHERE)
        turned = belief.rotation @ self._rotations[foot]
        under = turned[:, :2] @ self.reading.pressures[foot]
        place = belief.position + belief.rotation @ self._places[foot] + under
        return SoleContact(_SIDES[foot], place[None], force[2:], (turned @ force)[None])
