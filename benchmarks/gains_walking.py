"""The situations in which the gains of a robot that walks are tried, and what each of them measures.

A trial takes what the robot is made of and a seed, and returns its outcomes as plain numbers; nan where the robot
fell before there was anything to measure.
"""

from math import degrees, hypot, nan, pi, sqrt

import numpy as np
from gains_build import Build
from gains_pushes import Array, goes_on, hardest, rms, survives, towards

from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.standing.senses import SenseNoise
from vla_course.motion.walking.step_sources import PlannedSteps, VelocityCommand
from vla_course.motion.walking.walker import Walker
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.scene.terrain import Terrain
from vla_course.simulation.world.rotation import heading_of, wrapped
from vla_course.simulation.world.world import World

_PACE = 0.3
"""m/s, of the walks that are measured and pushed"""
_RISE, _TREAD, _FIRST = 0.10, 0.30, 0.40
"""m: of the stairs, and where they begin"""
_EARLY, _LATE = 0.1, 0.7
"""how much of a swing of the left foot is over when a push comes"""
_PUSHES = {_EARLY: (0.0, pi / 2.0), _LATE: (pi, -pi / 2.0)}
"""rad, the directions of pushes at each of these moments"""


def walk(build: Build, seed: int) -> dict[str, float]:
    """Walk at 0.3 m/s, undisturbed: how well it keeps to its plan."""
    with World(seed) as world:
        walker = build.walker(Humanoid(world), VelocityCommand(forward=_PACE))
        return _settled_walk(walker)


def pushed(build: Build, seed: int) -> dict[str, float]:
    """The same walk, pushed ever harder: the push survived, N s/kg, mean of four ways and two moments."""
    with World(seed) as world:
        humanoid = Humanoid(world)
        walker = build.walker(humanoid, VelocityCommand(forward=_PACE))
        found = _settled_walk(walker)

        def settled() -> bool:
            return hypot(*_stray(walker)) < 0.02 and hypot(*walker.body.balance.trunk_tilt[:2]) < 0.02

        def level_of(direction: float) -> float:
            way = towards(direction)
            return hardest(lambda level: survives(humanoid, walker.tick, level * way, settled), 0.3, 1.1, 2)

        levels: list[float] = []
        for part, directions in _PUSHES.items():
            if not _wait_for_swing(walker, part):
                return found | {"hardest": 0.0}
            levels += [level_of(direction) for direction in directions]
    return found | {"hardest": float(np.mean(levels))}


def slippery(build: Build, seed: int) -> dict[str, float]:
    """Walk at 0.5 m/s for 5 s on soles of friction 0.4: how far, m, and how far a sole slips, mm a step."""
    way, watch = _way(build, seed, 0.5, friction=0.4)
    return {"way": way, "slide": watch.outcomes()["slip"]}


def fast(build: Build, seed: int) -> dict[str, float]:
    """Walk at 0.75 m/s for 5 s: how far, m, and how far the trunk tilts, deg."""
    way, watch = _way(build, seed, 0.75)
    return {"way": way, "tilt": watch.outcomes()["tilt"]}


def bumps(build: Build, seed: int) -> dict[str, float]:
    """Walk at 0.3 m/s for 5 s over bumps of 20 mm that nobody told of: how far, m, mean of two grounds."""
    grounds = [Terrain.bumps(0.02, 0.1, np.random.default_rng(seed + k)) for k in range(2)]
    return {"way": float(np.mean([_way(build, seed, _PACE, terrain)[0] for terrain in grounds]))}


def noisy(build: Build, seed: int) -> dict[str, float]:
    """Walk at 0.3 m/s for 5 s with 2 cm/s of white noise on the velocity of the pelvis: how far, m."""
    return {"way": _way(build, seed, _PACE, noise=SenseNoise(base_velocity=0.02))[0]}


def climbing(build: Build, seed: int) -> dict[str, float]:
    """Climb three stairs of 10 cm that are known, both feet on each: the share of the steps made, and the DCM, mm."""
    with World(seed) as world:
        Terrain.stairs(_RISE, _TREAD, count=3, start=_FIRST).build(world)
        humanoid = Humanoid(world)
        plan = _stairs(build, humanoid)
        source = PlannedSteps(plan)
        walker = build.walker(humanoid, source)
        watch, ticks = _Watch(walker), _ticks(walker, 12.0)
        while ticks > 0 and (source.left or not walker.body.stands) and goes_on(humanoid, watch.tick, 1):
            ticks -= 1
        made = 1.0 - len(source.left) / len(plan)
    return {"made": made, "dcm": watch.outcomes()["dcm"]}


def turning(build: Build, seed: int) -> dict[str, float]:
    """Turn in place at 0.8 rad/s: how far in 4 s, deg, and how far the trunk tilts, deg."""
    with World(seed) as world:
        humanoid = Humanoid(world)
        walker = build.walker(humanoid, VelocityCommand(turning=0.8))
        up = goes_on(humanoid, walker.tick, _ticks(walker, walker.gait.first_shift + 1.0))
        turned, before, tilt = 0.0, _heading(walker), 0.0
        for _ in range(_ticks(walker, 4.0)):
            up = up and goes_on(humanoid, walker.tick, 1)
            if not up:
                return {"turned": degrees(turned), "tilt": nan}
            turned, before = turned + wrapped(_heading(walker) - before), _heading(walker)
            tilt = max(tilt, hypot(*walker.body.balance.trunk_tilt[:2]))
    return {"turned": degrees(turned), "tilt": degrees(tilt)}


def setting_out(build: Build, seed: int) -> dict[str, float]:
    """Begin to walk at 0.5 m/s from standing: how far the DCM strays, mm, and when the first foot has landed, s."""
    with World(seed) as world:
        humanoid = Humanoid(world)
        source = VelocityCommand()
        walker = build.walker(humanoid, source)
        goes_on(humanoid, walker.tick, 50)
        source.forward = 0.5
        landed, stray = nan, 0.0
        for k in range(_ticks(walker, build.gait.first_shift + 1.5)):
            flying = walker.phase == "single"
            if not goes_on(humanoid, walker.tick, 1):
                return {"stray": nan, "first_step": nan}
            if flying and walker.phase != "single" and not landed > 0.0:
                landed = (k + 1) * walker.body.tick
            stray = max(stray, hypot(*_stray(walker)))
    return {"stray": 1e3 * stray, "first_step": landed}


class _Watch:
    """Looks at a walker, tick by tick."""

    def __init__(self, walker: Walker) -> None:
        self._walker = walker
        self._zmp, self._dcm, self._height = list[Array](), list[Array](), list[float]()
        self._tilt, self._slips = 0.0, list[float]()
        self._stands_at: Array | None = None

    def tick(self) -> None:
        """Let the walker tick, and note how it went."""
        walker, body = self._walker, self._walker.body
        before = body.balance
        commands = walker.tick()
        balance, config = body.balance, walker.controller.config
        self._dcm.append(_stray(walker))
        self._height.append(balance.center_of_mass[2] - config.com_height)
        self._tilt = max(self._tilt, hypot(*balance.trunk_tilt[:2]))
        if walker.phase != "single":
            self._stands_at = None
            return
        force = balance.contact_forces.sum()
        if force > 0.2 * balance.mass * balance.gravity:
            lever = config.pendulum_height / balance.gravity
            asked = before.center_of_mass[:2] - lever * commands.zmp_correction
            self._zmp.append(balance.contact_forces @ balance.contact_points[:, :2] / force - asked)
        place = body.foot_pose(walker.stance)[0][:2].copy()
        if self._stands_at is None:
            self._stands_at = place
            self._slips.append(0.0)
        self._slips[-1] = max(self._slips[-1], hypot(*(place - self._stands_at)))

    def outcomes(self) -> dict[str, float]:
        """Return by plain names how well it went.

        How far the pressure under the one sole is from what the controller asked for, the DCM from its reference
        and the centre of mass from its height, mm rms; the trunk's greatest tilt, deg; the slip of a sole, mm a step.
        """
        return {
            "zmp": rms(self._zmp),
            "dcm": rms(self._dcm),
            "tilt": degrees(self._tilt),
            "slip": 1e3 * float(np.mean(self._slips)) if self._slips else nan,
            "sag": 1e3 * float(np.sqrt(np.mean(np.square(self._height)))),
        }


def _settled_walk(walker: Walker) -> dict[str, float]:
    """Set out, and watch the walk for some steps; nan for everything where it falls."""
    gait, watch = walker.gait, _Watch(walker)
    period = 2.0 * (gait.single_support + gait.double_support)
    for seconds, tick in ((gait.first_shift + period, walker.tick), (max(2.0 * period, 2.0), watch.tick)):
        if not goes_on(walker.humanoid, tick, _ticks(walker, seconds)):
            return dict.fromkeys(("zmp", "dcm", "tilt", "slip", "sag"), nan)
    return watch.outcomes()


def _wait_for_swing(walker: Walker, part: float) -> bool:
    """Walk on until so much of a swing of the left foot is over; return whether it came to that."""
    left = (1.0 - part) * walker.gait.single_support
    for _ in range(_ticks(walker, 3.0)):
        if not goes_on(walker.humanoid, walker.tick, 1):
            return False
        if walker.phase == "single" and walker.stance == 1 and abs(walker.time_left - left) < 0.003:
            return True
    return False


def _way(
    build: Build,
    seed: int,
    forward: float,
    terrain: Terrain | None = None,
    friction: float = 1.0,
    noise: SenseNoise | None = None,
) -> tuple[float, _Watch]:
    """Return how far ahead the robot came in 5 s, m, or until it fell, and who watched it."""
    with World(seed) as world:
        (terrain or Terrain.flat()).build(world)
        humanoid = Humanoid(world, foot_friction=friction)
        walker = build.walker(humanoid, VelocityCommand(forward=forward), noise)
        watch = _Watch(walker)
        goes_on(walker.humanoid, watch.tick, _ticks(walker, 5.0))
        return float(walker.body.state.base_position[0]), watch


def _stray(walker: Walker) -> Array:
    """Return how far (2,) m the DCM is from its reference."""
    balance, controller = walker.body.balance, walker.controller
    omega = sqrt(balance.gravity / controller.config.pendulum_height)
    stray: Array = balance.center_of_mass[:2] + balance.com_velocity[:2] / omega - controller.dcm_reference
    return stray


def _stairs(build: Build, humanoid: Humanoid) -> list[Footstep]:
    """Return the steps up: one to the foot of the stairs, then both feet on the middle of every tread."""
    description, half = humanoid.description, build.gait.step_width / 2.0
    to_middle = (0.5 - description.ankle_from_heel) * description.foot_length
    middles = [_FIRST - 0.16] + [_FIRST + (k + 0.5) * _TREAD for k in range(3)]
    lift = build.gait.swing_height
    return [
        Footstep(side, middle - to_middle, half if side == "left" else -half, k * _RISE, 0.0, lift)
        for k, middle in enumerate(middles)
        for side in ("right", "left")
    ]


def _heading(walker: Walker) -> float:
    return heading_of(walker.body.state.base_orientation)


def _ticks(walker: Walker, seconds: float) -> int:
    return round(seconds / walker.body.tick)


TRIALS = {
    trial.__name__: trial
    for trial in (walk, pushed, slippery, fast, bumps, noisy, climbing, turning, setting_out)
}
