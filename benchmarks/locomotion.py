"""How far, how fast and over what does the humanoid walk, and what pushes does it take?

python benchmarks/locomotion.py [--quick] [--json] [--seed N]

Episodes are seeded by their index. Where it says so link masses differ by up to 10 % from what the controller
believes and friction is spread over 0.4 to 1.2. A push acts for 0.1 s at the centre of mass, and the robot has
four seconds to fall.
"""

import time
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from math import cos, hypot, radians, sin, tau

import numpy as np
from locomotion_episodes import ABLATIONS, BEGIN, Episode, gait_period, run
from report import Figure, arguments, report, share
from step_clock import StepClock

from vla_course.motion.walking.step_sources import VelocityCommand
from vla_course.motion.walking.walker import Walker
from vla_course.reference.day3_humanoid_balance.dcm import no_step_push_limit
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.world.world import World

SPEEDS = (0.5, 0.75, 0.82)
LEVELS = (0.3, 0.4, 0.5)
"""N s/kg, of pushes while walking"""
SHARES = (0.9, 1.1, 1.3, 1.5)
"""of the no-step bound, of pushes while standing"""


def main() -> None:
    options = arguments(__doc__ or "")
    with ProcessPoolExecutor(2) as pool:
        figures = straight(pool, options.seed, options.quick)
        figures += places(pool, options.seed, options.quick)
        figures += ground(pool, options.seed, options.quick)
        figures += pushed_walking(pool, options.seed, options.quick)
        figures += pushed_standing(pool, options.seed, options.quick)
    figures += speed(options.seed, 3.0 if options.quick else 20.0)
    report("locomotion", figures, options)


def straight(pool: ProcessPoolExecutor, seed: int, quick: bool) -> list[Figure]:
    """Walk straight on, other masses and friction each time."""
    count, way = (2, 2.0) if quick else (20, 20.0)
    figures, fastest = [], 0.0
    for forward in SPEEDS[:1] if quick else SPEEDS:
        walks = [
            Episode(seed + k, forward=forward, seconds=way / forward + 1.0, varied=True) for k in range(count)
        ]
        arrived = [not o.fell and o.way[0] >= 0.95 * way for o in pool.map(run, walks)]
        bar = ">= 1" if forward == 0.5 else ""
        figures.append(share(f"{forward} m/s over {way:.0f} m, masses and friction varied", arrived, bar))
        fastest = forward if all(arrived) else fastest
    figures.append(Figure("fastest of these with every seed", fastest, "m/s", ">= 0.5", ">= 0.75", n=count))
    return figures


def places(pool: ProcessPoolExecutor, seed: int, quick: bool) -> list[Figure]:
    """Far from the origin, turning in place, standing still."""
    still = 5.0 if quick else 60.0
    home, far, turn, rest = pool.map(
        run,
        [
            Episode(seed, forward=0.5, seconds=6.0, rest=3.0),
            Episode(seed, forward=0.5, seconds=6.0, rest=3.0, position=(35.0, -36.0), heading=2.1),
            Episode(seed, turning=0.8, seconds=tau / 0.8 + 0.4, rest=3.0),
            Episode(seed, seconds=2.0 + still, since=2.0),
        ],
    )
    return [
        Figure("way in 6 s at the origin", home.way[0], "m"),
        Figure(
            "the same from 50 m away, other heading: difference",
            abs(far.way[0] - home.way[0]),
            "m",
            "<= 0.02",
        ),
        Figure("  it fell", float(far.fell), "", "<= 0"),
        Figure("turn in place", np.degrees(turn.way[2]), "deg", ">= 360"),
        Figure("  drift", hypot(*turn.way[:2]), "m", "<= 0.1"),
        Figure(f"zero command for {still:.0f} s: drift", 100.0 * hypot(*rest.way[:2]), "cm", "<= 1"),
    ]


def ground(pool: ProcessPoolExecutor, seed: int, quick: bool) -> list[Figure]:
    """Ground that is not flat: unseen by the walker, or seen and planned for."""
    count = 1 if quick else 10
    figures = []
    for terrain, size, name, bar in (
        ("bumps", 0.01, "bumps of 10 mm, unseen", ">= 1"),
        ("bumps", 0.02, "bumps of 20 mm, unseen", ""),
        ("slope", radians(5.0), "slope of 5 degrees, unseen", ">= 1"),
        ("slope", radians(8.0), "slope of 8 degrees, unseen", ""),
        ("kerb", 0.03, "kerb of 3 cm, unseen", ""),
    ):
        walks = [
            Episode(seed + k, forward=0.3, seconds=10.0, terrain=terrain, size=size) for k in range(count)
        ]
        good = [not o.fell and o.way[0] > 2.0 for o in pool.map(run, walks)]
        figures.append(share(name, good, bar))
    for terrain, size, goal, name, bar in (
        ("stairs", 0.05, 2.7, "six stairs of 5 cm, seen and planned on the way", ">= 1"),
        ("stairs", 0.10, 2.7, "six stairs of 10 cm, seen and planned on the way", ""),
        ("kerb", 0.08, 2.0, "up a kerb of 8 cm, seen and planned on the way", ""),
    ):
        walks = [
            Episode(
                seed + k,
                goal=goal,
                seconds=30.0,
                terrain=terrain,
                size=size,
                position=(-0.04 * k, 0.0),
                heading=0.05 * (k % 3 - 1),
            )
            for k in range(count)
        ]
        good = [
            not o.fell and o.way[0] > goal - 0.1 - w.position[0]
            for o, w in zip(pool.map(run, walks), walks, strict=True)
        ]
        figures.append(share(name, good, bar))
    return figures


def pushed_walking(pool: ProcessPoolExecutor, seed: int, quick: bool) -> list[Figure]:
    """Push at 0.3 m/s from 12 directions in 8 phases of the gait, whole and with parts left out."""
    directions, phases = (4, 2) if quick else (12, 8)
    levels = LEVELS[:2] if quick else LEVELS
    figures, worst = [], dict.fromkeys(range(directions), 0.0)
    alive = set(range(directions))
    for level in levels:
        shoves = _shoves(seed, level, directions, phases, "nothing")
        stood = [not o.fell for o in pool.map(run, shoves)]
        figures.append(share(f"pushes of {level} N s/kg while walking survived", stood))
        for k in range(directions):
            if k in alive and all(stood[k * phases : (k + 1) * phases]):
                worst[k] = level
            else:
                alive.discard(k)
    figures.append(
        Figure(
            "worst direction: push survived in every phase", min(worst.values()), "N s/kg", ">= 0.3", ">= 0.5"
        )
    )
    figures.append(Figure("  best direction", max(worst.values()), "N s/kg"))
    for without, level in product(ABLATIONS[1:], (levels[0], levels[-1])):
        shoves = _shoves(seed, level, directions, phases // 2, without)
        stood = [not o.fell for o in pool.map(run, shoves)]
        figures.append(share(f"  {level} N s/kg without {without}", stood))
    return figures


def _shoves(seed: int, level: float, directions: int, phases: int, without: str) -> list[Episode]:
    start = BEGIN + 2.5
    return [
        Episode(
            seed,
            forward=0.3,
            seconds=start + gait_period() + 4.0,
            push=(start + gait_period() * phase / phases, tau * k / directions, level),
            without=without,
        )
        for k in range(directions)
        for phase in range(phases)
    ]


def pushed_standing(pool: ProcessPoolExecutor, seed: int, quick: bool) -> list[Figure]:
    """Push a robot that stands and may step, from all sides, against the bound of one that may not."""
    directions = [tau * k / (4 if quick else 12) for k in range(4 if quick else 12)]
    bounds = no_step_bounds(seed, directions)
    pairs = list(zip(directions, bounds, strict=True))
    shoves = [
        Episode(seed, seconds=5.0, push=(1.0, direction, part * bound))
        for direction, bound in pairs
        for part in SHARES
    ]
    stood = iter([not o.fell for o in pool.map(run, shoves)])
    most = []
    for _ in directions:
        survived = [next(stood) for _ in SHARES]
        most.append(max([s for s, ok in zip(SHARES, survived, strict=True) if ok], default=0.0))
    figures = [
        Figure(
            "standing, steps allowed: worst direction, of the no-step bound",
            min(most),
            "x",
            ">= 1.3",
            n=len(most),
        )
    ]
    for (direction, bound), part in zip(pairs, most, strict=True):
        figures.append(
            Figure(f"  push to {np.degrees(direction):3.0f} deg (bound {bound:.2f} N s/kg)", part, "x")
        )
    return figures


def no_step_bounds(seed: int, directions: list[float]) -> list[float]:
    """Return omega times margin, N s/kg, of a walker that stands, for pushes in `directions` rad."""
    with World(seed) as world:
        walker = Walker(Humanoid(world), VelocityCommand())
        for _ in range(250):
            walker.tick()
        balance = walker.body.balance
    return [
        no_step_push_limit(
            balance.center_of_mass, balance.support_polygon, np.array([cos(d), sin(d)]), balance.gravity
        )
        for d in directions
    ]


def speed(seed: int, seconds: float) -> list[Figure]:
    """Time the whole loop while walking, and in the same run and world the physics alone."""
    with World(seed) as world:
        physics = StepClock(world)
        walker = Walker(Humanoid(world), VelocityCommand(forward=0.5))
        ticks = round(seconds / walker.body.tick)
        begin = time.thread_time()
        for _ in range(ticks):
            walker.tick()
        loop = time.thread_time() - begin
    return [
        Figure("whole loop while walking, one core", seconds / loop, "x real time", ">= 3", n=ticks),
        Figure("  physics alone, the limit", seconds / physics.seconds, "x real time", n=ticks),
        Figure("  share of physics", physics.seconds / loop, "", n=ticks),
    ]


if __name__ == "__main__":
    main()
