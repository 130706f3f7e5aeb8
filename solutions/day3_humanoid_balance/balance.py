"""The balance controller: from what the feet feel to what every joint does next."""

from math import hypot

import numpy as np
from numpy.typing import NDArray

from vla_course.course.exercise import NotAttempted, exercise
from vla_course.motion.standing.balance_config import BalanceConfig
from vla_course.motion.standing.balance_state import BalanceCommands, BalanceState

from .dcm import divergent_component_of_motion

Array = NDArray[np.float64]


class ZMPController:
    """Ankle strategy: moves the zero moment point by accelerating the centre of mass."""

    def __init__(self, config: BalanceConfig) -> None:
        self.config = config

    @exercise("3.8")
    def generate_correction(self, current_zmp: Array, desired_zmp: Array, state: BalanceState) -> Array:
        """Return the horizontal acceleration (2,) m/s^2 to ask of the centre of mass.

        The cart-table formula, turned round, says which acceleration puts the ZMP at p_desired. No model
        is exact, so the error that the feet measure is fed back as well:

            c'' = g / z (c_xy - p_desired) + zmp_gain g / z (p_current - p_desired)

        p_current and p_desired (2,) m are the arguments, c_xy (2,) m is the horizontal part of
        `state.center_of_mass`, g is `state.gravity`, zmp_gain is `config.zmp_gain`. z is
        `config.pendulum_height`, not c_z: the legs swing along with every sway, and their angular
        momentum makes the robot behave like a pendulum that is a little longer.
        """
        # BEGIN SOLUTION
        away = state.center_of_mass[:2] - np.asarray(desired_zmp)
        error = np.asarray(current_zmp) - np.asarray(desired_zmp)
        return state.gravity / self.config.pendulum_height * (away + self.config.zmp_gain * error)
        # END SOLUTION


class CenterOfMassController:
    """Knows where the centre of mass should rest: over the middle of the support, at its height."""

    def __init__(self, config: BalanceConfig) -> None:
        self.config = config

    @exercise("3.9")
    def generate_adjustment(self, com: Array, support_polygon: Array) -> Array:
        """Return the shift (3,) m that brings the centre of mass home.

        Home is above the mean of the corners of `support_polygon` (m, 2) m, at height
        `config.com_height`; `com` (3,) m is where it is. The horizontal part is shortened to the length
        `config.com_reach` where it is longer: a robot far from home must not lunge for it.
        """
        # BEGIN SOLUTION
        x, y = np.sum(support_polygon, axis=0) / len(support_polygon) - com[:2]
        shorter = min(1.0, self.config.com_reach / max(hypot(x, y), 1e-9))
        return np.array([shorter * x, shorter * y, self.config.com_height - com[2]])
        # END SOLUTION


class BalanceController:
    """Keeps a standing humanoid up: ankle strategy first, hip strategy where the feet end."""

    def __init__(self, config: BalanceConfig | None = None) -> None:
        self.config = config or BalanceConfig()
        self.zmp_controller = ZMPController(self.config)
        self.com_controller = CenterOfMassController(self.config)

    def calculate_balance_commands(self, current_state: BalanceState) -> BalanceCommands:
        """Return one tick of commands: measure the ZMP, choose a better one, move towards it."""
        zmp_correction = self.zmp_controller.generate_correction(
            self.calculate_current_zmp(current_state),
            self.calculate_desired_zmp(current_state),
            current_state,
        )
        com_adjustment = self.com_controller.generate_adjustment(
            current_state.center_of_mass, current_state.support_polygon
        )
        joint_adjustments = self.calculate_joint_adjustments(zmp_correction, com_adjustment, current_state)
        return BalanceCommands(zmp_correction, com_adjustment, joint_adjustments)

    def calculate_current_zmp(self, state: BalanceState) -> Array:
        """Return the ZMP (2,) m where it acts: the mean of the contact points, weighted by their forces.

        This centre of pressure equals the ZMP on flat ground and, unlike the formula, already knows
        of a hand that pushes the robot. In the air it has no meaning: then the point below the centre
        of mass stands in.
        """
        total = state.contact_forces.sum()
        if total < 0.05 * state.mass * state.gravity:
            return state.center_of_mass[:2]
        return state.contact_forces @ state.contact_points[:, :2] / total

    @exercise("3.10")
    def calculate_capture_zmp(self, state: BalanceState) -> Array:
        """Return the ZMP (2,) m that would bring the DCM home if the ground reached everywhere.

        The DCM xi runs away from the ZMP p: xi' = omega (xi - p). So p must be put beyond it. With r the
        place of rest (c_xy plus the horizontal part of `com_controller.generate_adjustment`) and
        k = `config.dcm_gain`:

            p = r + (1 + k)(xi - r)       gives   xi' = -k omega (xi - r)

        (Englsberger, Ott, Roa, Albu-Schaeffer and Hirzinger 2011.) xi is that of exercise 3.6, its omega
        from the height c_z of the centre of mass. The robot itself sways like the longer pendulum of exercise
        3.8, so what is said on the right holds only nearly: its DCM comes home a little more slowly.
        """
        # BEGIN SOLUTION
        shift = self.com_controller.generate_adjustment(state.center_of_mass, state.support_polygon)
        rest = state.center_of_mass[:2] + shift[:2]
        dcm = divergent_component_of_motion(state.center_of_mass, state.com_velocity, state.gravity)
        return rest + (1.0 + self.config.dcm_gain) * (dcm - rest)
        # END SOLUTION

    @exercise("3.11")
    def calculate_desired_zmp(self, state: BalanceState) -> Array:
        """Return the ZMP (2,) m to steer to: the capture ZMP where the feet reach it, else as near as they do.

        Soles can only push from inside the support polygon, and a ZMP on its very edge tips them. From
        the mean m of the corners go towards the capture ZMP p as far as `config.edge_margin` allows:

            m + s (p - m),   the largest s in [0, 1] that stays edge_margin inside of every edge, 0 if none does

        An edge from a to b has the outward unit normal n = (b_y - a_y, a_x - b_x) / |b - a|, so it allows
        s n . (p - m) <= n . (a - m) - edge_margin.
        """
        # BEGIN SOLUTION
        middle = state.support_polygon.sum(axis=0) / len(state.support_polygon)
        path = self.calculate_capture_zmp(state) - middle
        px, py = path.tolist()
        fraction = 1.0
        corners = (state.support_polygon - middle).tolist()
        for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True):
            length = hypot(bx - ax, by - ay)
            nx, ny = (by - ay) / length, (ax - bx) / length
            room = max(nx * ax + ny * ay - self.config.edge_margin, 0.0)
            needed = nx * px + ny * py
            if needed > room:
                fraction = min(fraction, room / needed)
        return middle + fraction * path
        # END SOLUTION

    @exercise("3.12")
    def calculate_joint_adjustments(
        self, zmp_correction: Array, com_adjustment: Array, state: BalanceState
    ) -> Array:
        """Return the change (28,) rad of every joint until the next tick, dt = `state.timestep` later.

        tilt, w and c' are `state.trunk_tilt`, `state.trunk_angular_velocity` and `state.com_velocity`, m is
        `state.mass`; both ZMPs come from this class's own methods, gains and limits from `config`.

        1. How the trunk turns: a spring and a damper bring it upright. Where the ankles have reached their
           end, e = capture ZMP - desired ZMP is not zero, and the trunk bows the way the robot falls - the
           hip strategy, each part of its acceleration cut to +-`hip_limit`:

               w' = clip(hip_gain (-e_y, e_x, 0)) - trunk_stiffness tilt - trunk_damping w

        2. How the centre of mass accelerates. Turning the trunk (I = `trunk_inertia`) moves the ZMP, so the
           body is shoved along to keep it where it was - bowing forward brakes a fall forward; the height
           has a spring and a damper, shift_z being the third part of `com_adjustment` (3,) m:

               c''_xy = zmp_correction + I / (m z) (-w'_y, w'_x),   z = `pendulum_height`
               c''_z  = height_stiffness shift_z - height_damping c'_z

        3. Velocities one tick ahead, and the joints that make them (`state.motion_map` (28, 6)):

               dq = (posture_velocity + motion_map [c' + c'' dt; w + w' dt]) dt
        """
        # BEGIN SOLUTION
        config, dt = self.config, state.timestep
        ex, ey = (self.calculate_capture_zmp(state) - self.calculate_desired_zmp(state)).tolist()
        hip = [max(-config.hip_limit, min(config.hip_limit, config.hip_gain * part)) for part in (-ey, ex)]
        upright = (
            config.trunk_stiffness * state.trunk_tilt + config.trunk_damping * state.trunk_angular_velocity
        )
        trunk = np.array([*hip, 0.0]) - upright

        reaction = config.trunk_inertia / (state.mass * config.pendulum_height)
        x, y = zmp_correction
        com = np.array(
            [
                x - reaction * trunk[1],
                y + reaction * trunk[0],
                config.height_stiffness * com_adjustment[2] - config.height_damping * state.com_velocity[2],
            ]
        )
        body = np.concatenate((state.com_velocity + com * dt, state.trunk_angular_velocity + trunk * dt))
        return (state.posture_velocity + state.motion_map @ body) * dt
        # END SOLUTION
