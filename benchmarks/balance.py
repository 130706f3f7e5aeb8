"""How true is the ground truth, how hard a push does the humanoid stand, and how fast does all of it run?

python benchmarks/balance.py [--quick] [--json] [--seed N]
"""

import hashlib
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor

import numpy as np
from report import Figure, arguments, report
from step_clock import StepClock

from vla_course.motion.standing.body import StandingBody
from vla_course.motion.standing.loop import Push, stand
from vla_course.motion.standing.record import MotionRecord
from vla_course.motion.standing.sway import Sway
from vla_course.reference.day3_humanoid_balance.balance import BalanceController
from vla_course.reference.day3_humanoid_balance.dcm import no_step_push_limit
from vla_course.reference.day3_humanoid_balance.zmp import cart_table_zmp, zero_moment_point
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.model import RobotModel
from vla_course.simulation.world.world import World

CALM = 2.5
"""s after which a robot that stands again must have been still on its feet"""
SHARES = (0.3, 0.5, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0, 1.05, 1.1, 1.15, 1.2, 1.25, 1.3, 1.4, 1.5)
"""of the no-step bound: the pushes tried, harder and harder until the robot falls"""
QUICK_SHARES = (0.5, 0.9, 1.0, 1.1, 1.2, 1.3)


def main() -> None:
    options = arguments(__doc__ or "")
    figures = zmp_against_pressure(options.seed)
    figures += com_against_engine(options.seed)
    figures += same_bits(options.seed, seconds=1.0 if options.quick else 5.0)
    shares = QUICK_SHARES if options.quick else SHARES
    figures += pushes(options.seed, 4 if options.quick else 12, shares)
    figures += speed(options.seed, seconds=1.0 if options.quick else 4.0)
    report("balance", figures, options)


def zmp_against_pressure(seed: int) -> list[Figure]:
    """Compare the ZMP by formula with the centre of pressure under the soles while the robot sways."""
    with World(seed) as world:
        record = stand(Humanoid(world), Sway(BalanceController()), 8.0)
    settled = record.time > 1.0
    motion = zip(record.center_of_mass, record.com_acceleration, record.angular_momentum_rate, strict=True)
    multi_body = np.array([zero_moment_point(record.mass, *now) for now in motion])
    motion = zip(record.center_of_mass, record.com_acceleration, strict=True)
    cart_table = np.array([cart_table_zmp(*now) for now in motion])

    def rms(zmp: np.ndarray) -> float:
        return float(1e3 * np.sqrt(((zmp - record.center_of_pressure)[settled] ** 2).sum(axis=1).mean()))

    n = len(multi_body[settled])
    reach = 1e3 * float(np.ptp(record.center_of_pressure[settled, 0]))
    return [
        Figure("ZMP against contact CoP while swaying, rms", rms(multi_body), "mm", "<= 1", n=n),
        Figure("  the cart-table ZMP beside it, rms", rms(cart_table), "mm", n=n),
        Figure("  how far the CoP moves forward and back", reach, "mm", n=n),
    ]


def com_against_engine(seed: int) -> list[Figure]:
    """Compare Pinocchio's centre of mass with the physics engine's own bodies in a push and a fall."""
    worst, n = 0.0, 0
    with World(seed) as world:
        humanoid = Humanoid(world)
        model = RobotModel.of(humanoid)
        humanoid.push(np.array([25.0, 12.0, 0.0]))
        for tick in range(600):
            world.step()
            if tick % 10 == 0:
                model.update(humanoid.state())
                worst = max(worst, float(np.abs(model.center_of_mass - humanoid.center_of_mass()).max()))
                n += 1
    return [Figure("CoM by Pinocchio against the engine's, worst", worst, "m", "<= 1e-6", n=n)]


def same_bits(seed: int, seconds: float) -> list[Figure]:
    """Run the same pushed robot in two processes and count the bits in which the runs differ."""
    code = f"import balance; print(balance.fingerprint({seed}, {seconds}))"
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], cwd=sys.path[0], capture_output=True, text=True, check=True
        )
        for _ in range(2)
    ]
    first, second = (run.stdout.split()[-1] for run in runs)
    return [
        Figure(f"runs of {seconds:g} s in two processes that differ", float(first != second), "", "<= 0", n=2)
    ]


def fingerprint(seed: int, seconds: float) -> str:
    """Return a hash of every bit of a run with a push drawn from the seed."""
    with World(seed) as world:
        humanoid = Humanoid(world)
        impulse = 0.3 * humanoid.mass * world.rng.standard_normal(3) * [1.0, 1.0, 0.0]
        record = stand(humanoid, BalanceController(), seconds, [Push(0.5, tuple(impulse))])
    arrays = (record.base_position, record.joint_positions, record.center_of_pressure, record.com_velocity)
    return hashlib.sha256(b"".join(array.tobytes() for array in arrays)).hexdigest()


def pushes(seed: int, directions: int, shares: tuple[float, ...]) -> list[Figure]:
    """Find the hardest 0.1 s push that the robot stands without a step, direction by direction."""
    headings = [360.0 * k / directions for k in range(directions)]
    with ProcessPoolExecutor(2) as pool:
        found = list(pool.map(_hardest, headings, [seed] * directions, [shares] * directions))
    figures = []
    for heading, (bound, balanced, statue) in zip(headings, found, strict=True):
        figures += [
            Figure(f"push to {heading:3.0f} deg survived, of omega * margin", balanced, "x", ">= 0.9"),
            Figure("  the bound itself", bound, "N s/kg"),
            Figure("  the statue, controller off", statue, "x"),
        ]
    worst = min(balanced for _, balanced, _ in found)
    return [
        Figure("worst of all directions, of omega * margin", worst, "x", ">= 0.9", n=directions),
        *figures,
    ]


def _hardest(heading: float, seed: int, shares: tuple[float, ...]) -> tuple[float, float, float]:
    """Return the no-step bound N s/kg and the shares of it that controller and statue stand."""
    direction = np.array([np.cos(np.radians(heading)), np.sin(np.radians(heading)), 0.0])
    calm = _pushed(seed, np.zeros(3), controlled=True)
    bound = no_step_push_limit(
        calm.center_of_mass[-1], calm.support_polygons[-1], direction[:2], calm.gravity
    )
    stood = [0.0, 0.0]
    for which, controlled in enumerate((True, False)):
        for share in shares:
            if _pushed(seed, share * bound * direction, controlled).fell:
                break
            stood[which] = share
    return bound, stood[0], stood[1]


def _pushed(seed: int, impulse_over_mass: np.ndarray, controlled: bool) -> MotionRecord:
    with World(seed) as world:
        humanoid = Humanoid(world)
        push = Push(0.6, tuple(humanoid.mass * impulse_over_mass))
        return stand(humanoid, BalanceController() if controlled else None, 0.7 + CALM, [push])


def speed(seed: int, seconds: float) -> list[Figure]:
    """Time the whole loop, physics at 500 Hz, and in the same run and world the physics alone."""
    half, physics, n = _real_time_factor(seed, seconds, steps=2)
    every, _, _ = _real_time_factor(seed, seconds, steps=1)
    return [
        Figure("whole loop at 500 Hz, deciding every 2nd step, one core", half, "x real time", ">= 4", n=n),
        Figure("  physics alone, the limit", physics, "x real time", n=n),
        Figure("  share of physics", half / physics, "", n=n),
        Figure("  deciding at every step", every, "x real time", n=n),
    ]


def _real_time_factor(seed: int, seconds: float, steps: int) -> tuple[float, float, int]:
    """Return how much faster than real time the whole loop and its physics are, and the ticks counted."""
    with World(seed) as world:
        physics = StepClock(world)
        humanoid = Humanoid(world)
        body, controller = StandingBody(humanoid, RobotModel.of(humanoid), steps), BalanceController()
        ticks = round(seconds / body.tick)
        begin = time.thread_time()
        for _ in range(ticks):
            body.drive(controller.calculate_balance_commands(body.balance).joint_adjustments)
            body.advance()
            body.sense()
        loop = time.thread_time() - begin
    return seconds / loop, seconds / physics.seconds, ticks


if __name__ == "__main__":
    main()
