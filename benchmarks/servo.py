"""How much of an asked acceleration does a servo deliver, and how near is the pressure to where it is wanted?

python benchmarks/servo.py [--quick] [--json] [--seed N]
"""

import numpy as np
from report import Figure, arguments, report

from vla_course.motion.standing.body import StandingBody
from vla_course.motion.standing.sway import Sway
from vla_course.reference.day3_humanoid_balance.balance import BalanceController
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.model import RobotModel
from vla_course.simulation.world.world import World

ASKED = 0.5
"""m/s^2, forward, of the centre of mass, in one step"""


def main() -> None:
    options = arguments(__doc__ or "")
    counts = (50, 1000) if options.quick else (50, 1000, 5000)
    figures = [
        Figure(
            f"engine's position servo, {count} solver iterations",
            delivered(options.seed, count),
            "of what was asked",
        )
        for count in counts
    ]
    figures.append(
        Figure(
            "computed torque, 50 solver iterations", delivered(options.seed, 50, True), "of what was asked"
        )
    )
    figures.append(
        Figure("pressure against the desired ZMP while swaying, rms", following(options.seed), "mm")
    )
    report("servo", figures, options)


def delivered(seed: int, iterations: int, computed_torque: bool = False) -> float:
    """Return the share of an asked forward acceleration that the next step brings, mean of ten steps."""
    with World(seed, solver_iterations=iterations) as world:
        humanoid = Humanoid(world)
        body, controller = StandingBody(humanoid, RobotModel.of(humanoid), steps=1), BalanceController()
        for _ in range(250):
            body.drive(controller.calculate_balance_commands(body.balance).joint_adjustments)
            body.advance()
            body.sense()
        shares = []
        for _ in range(10):
            now = body.balance
            ahead = np.concatenate(
                (now.com_velocity + [ASKED * body.tick, 0.0, 0.0], now.trunk_angular_velocity)
            )
            joints = now.posture_velocity + now.motion_map @ ahead
            if computed_torque:
                body.drive(joints * body.tick)
            else:
                humanoid.command(now.joint_positions, joints)
            body.advance()
            body.sense()
            shares.append(body.balance.com_acceleration[0] / ASKED)
        return float(np.mean(shares))


def following(seed: int) -> float:
    """Return how far the centre of pressure is from the ZMP that the controller asked for a tick earlier."""
    with World(seed) as world:
        humanoid = Humanoid(world)
        body, controller = StandingBody(humanoid, RobotModel.of(humanoid)), BalanceController()
        sway, errors = Sway(controller), []
        for _ in range(1500):
            shown = sway.shifted(body.balance)
            wanted = controller.calculate_desired_zmp(shown)
            body.drive(controller.calculate_balance_commands(shown).joint_adjustments)
            body.advance()
            body.sense()
            errors.append(controller.calculate_current_zmp(body.balance) - wanted)
        settled = np.array(errors[250:])
        return float(1e3 * np.sqrt((settled**2).sum(axis=1).mean()))


if __name__ == "__main__":
    main()
