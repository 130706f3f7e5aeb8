"""Does the body do what it is told, whatever that is, and what do imperfect senses and motors cost it?

python benchmarks/body.py [--quick] [--json] [--seed N]

*Whims*: a velocity drawn from all that is admitted, or none, every 0.1 to 2.5 s for 30 s; then 0.4 m/s are asked for.
*Beyond*: walks that are asked for a velocity which is not admitted. *Imperfect*: a walk straight on, in curves and
aside for 10 s, its senses or motors worse than the simulation's; a figure is the fraction of the seeds that stood.
"""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from math import radians

from body_episodes import (
    Beyond,
    Imperfect,
    Outcome,
    Steady,
    Whim,
    ask_beyond,
    obey_whims,
    walk_imperfect,
    walk_steadily,
)
from report import Figure, arguments, report, share

from vla_course.motion.standing.senses import SenseNoise

RUNS, QUICK_RUNS = 100, 4
SEEDS, QUICK_SEEDS = 5, 1
TICK = 0.004
"""s"""
URDF_SPEED = 12.0
"""rad/s, of every joint"""
PATIENCE = 3.0
"""s, in which a robot sets out that is told to: the first shift of the weight is 0.8 s of it"""
FORWARD, LEFTWARD, TURNING = (-0.5, 0.0, 0.4, 0.6, 0.7), (0.0, 0.15, 0.3), (-0.5, 0.0, 0.5)
"""m/s, m/s and rad/s: a grid of steady walks that keep to all limits but that of the longest step"""

IMPERFECT: dict[str, tuple[SenseNoise, float, str]] = {
    "perfect senses and motors": (SenseNoise(), 1.0, ">= 1"),
    "base velocity, 5 mm/s of white noise": (SenseNoise(base_velocity=0.005), 1.0, ">= 1"),
    "base velocity, 1 cm/s": (SenseNoise(base_velocity=0.01), 1.0, ">= 1"),
    "base velocity, 2 cm/s": (SenseNoise(base_velocity=0.02), 1.0, ""),
    "base velocity, 5 cm/s": (SenseNoise(base_velocity=0.05), 1.0, ""),
    "base velocity, 10 cm/s": (SenseNoise(base_velocity=0.1), 1.0, ""),
    "delay of 1 tick (4 ms)": (SenseNoise(delay=TICK), 1.0, ""),
    "delay of 2 ticks": (SenseNoise(delay=2 * TICK), 1.0, ""),
    "delay of 3 ticks": (SenseNoise(delay=3 * TICK), 1.0, ">= 1"),
    "delay of 5 ticks": (SenseNoise(delay=5 * TICK), 1.0, ""),
    "torque limits halved": (SenseNoise(), 0.5, ">= 1"),
    "encoders, 0.5 mrad and 0.02 rad/s": (
        SenseNoise(joint_positions=5e-4, joint_velocities=0.02),
        1.0,
        ">= 1",
    ),
    "encoders, 0.1 rad/s": (SenseNoise(joint_velocities=0.1), 1.0, ""),
    "IMU, 0.2 degrees and 0.01 rad/s": (
        SenseNoise(base_orientation=radians(0.2), base_angular_velocity=0.01),
        1.0,
        ">= 1",
    ),
    "IMU, 0.5 degrees and 0.05 rad/s": (
        SenseNoise(base_orientation=radians(0.5), base_angular_velocity=0.05),
        1.0,
        "",
    ),
    "sole forces, 20 N": (SenseNoise(sole_forces=20.0), 1.0, ""),
    "all of it, mild, and a tick late": (
        SenseNoise(
            base_velocity=2e-3,
            base_orientation=radians(0.1),
            base_angular_velocity=5e-3,
            joint_positions=2e-4,
            joint_velocities=0.01,
            sole_forces=3.0,
            delay=TICK,
        ),
        1.0,
        "",
    ),
}
"""what is wrong, what fraction of their torques the motors have, and what the course claims of it"""


def main() -> None:
    options = arguments(__doc__ or "")
    runs, seeds = (QUICK_RUNS, QUICK_SEEDS) if options.quick else (RUNS, SEEDS)
    first = 1000 * options.seed
    whims = [Whim(first + k, seconds=10.0 if options.quick else 30.0) for k in range(runs)]
    beyond = [Beyond(first + k) for k in range(runs)]
    tries = [
        Imperfect(first + k, noise, torques) for noise, torques, _ in IMPERFECT.values() for k in range(seeds)
    ]
    grid = [] if options.quick else [Steady(v) for v in product(FORWARD, LEFTWARD, TURNING)]
    with ProcessPoolExecutor(2) as pool:
        # The longest first, so that no process is left with one in the end.
        obeyed = pool.map(obey_whims, whims)
        asked = pool.map(ask_beyond, beyond)
        imperfect = pool.map(walk_imperfect, tries)
        steady = pool.map(walk_steadily, grid)
        figures = _whims(list(obeyed)) + _beyond(list(asked))
        figures += _steady(list(zip(grid, steady, strict=True)))
        figures += _imperfect(list(imperfect), seeds)
    report("body", figures, options)


def _whims(outcomes: Sequence[Outcome]) -> list[Figure]:
    n = len(outcomes)
    return [
        share("random commands, on, off and any other: upright", [not o.fell for o in outcomes], ">= 1"),
        share("  goes as it is told in the end", [o.obeys for o in outcomes], ">= 1"),
        Figure(
            "  longest stand with a velocity commanded",
            max(o.waited for o in outcomes),
            "s",
            f"<= {PATIENCE}",
            n=n,
        ),
        Figure("  fastest joint", max(o.fastest for o in outcomes), "rad/s", f"<= {URDF_SPEED}", n=n),
        Figure("  hardest torque, of the joint's limit", max(o.hardest for o in outcomes), "", n=n),
    ]


def _beyond(outcomes: Sequence[Outcome]) -> list[Figure]:
    return [
        share("commands beyond: refused", [o.refused for o in outcomes], ">= 1"),
        share("  upright", [not o.fell for o in outcomes], ">= 1"),
        share("  goes as it is told afterwards", [o.obeys for o in outcomes], ">= 1"),
    ]


def _steady(walks: Sequence[tuple[Steady, Outcome]]) -> list[Figure]:
    """One velocity kept for 8 s, the limits taken away: how long the longest step is, of those that stood and fell."""
    if not walks:
        return []
    inside = [(s, o) for s, o in walks if s.admitted]
    beyond = [(s, o) for s, o in walks if not s.admitted]
    fell = [s.longest for s, o in walks if o.fell]
    stood = [s.longest for s, o in walks if not o.fell]
    least = min(fell, default=float("inf"))
    figures = [
        share("steady walks of a grid, admitted: upright", [not o.fell for _, o in inside], ">= 1"),
        Figure(
            "  fastest joint", max(o.fastest for _, o in inside), "rad/s", f"<= {URDF_SPEED}", n=len(inside)
        ),
        share("  whose longest step is beyond: upright", [not o.fell for _, o in beyond]),
        Figure(
            "  all stood whose longest step was up to", max(x for x in stood if x < least), "m", n=len(walks)
        ),
    ]
    return figures + (
        [Figure("  the least longest step of one that fell", least, "m", n=len(fell))] if fell else []
    )


def _imperfect(outcomes: Sequence[Outcome], seeds: int) -> list[Figure]:
    figures = []
    for number, (name, (_, _, bar)) in enumerate(IMPERFECT.items()):
        group = outcomes[seeds * number : seeds * (number + 1)]
        figures.append(share(f"{name}: upright", [not o.fell for o in group], bar))
        figures.append(Figure("  fastest joint", max(o.fastest for o in group), "rad/s", n=seeds))
    return figures


if __name__ == "__main__":
    main()
