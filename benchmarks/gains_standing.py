"""The situations in which the gains of a robot that stands are tried, and what each of them measures.

A trial takes what the robot is made of and a seed, and returns its outcomes as plain numbers; nan where the robot
fell before there was anything to measure.
"""

from math import degrees, hypot, nan, pi

import numpy as np
from forked import forked
from gains_build import Build
from gains_pushes import Array, goes_on, hardest, rests, rms, survives, towards

from vla_course.motion.standing.body import StandingBody
from vla_course.motion.standing.sway import Sway
from vla_course.motion.walking.step_sources import VelocityCommand
from vla_course.motion.walking.walker import Walker
from vla_course.reference.day3_humanoid_balance.balance import BalanceController
from vla_course.reference.day3_humanoid_balance.dcm import no_step_push_limit
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.model import RobotModel
from vla_course.simulation.world.world import World

_DIRECTIONS = 0.0, pi / 2.0, pi
"""rad, of pushes: ahead, to the left, back; to the right is as to the left"""


def standing(build: Build, seed: int) -> dict[str, float]:
    """Stand, soles where they are, pushed ever harder: the push survived, of the no-step bound, mean of three ways."""
    with World(seed) as world:
        robot = _Standing(build, world)
        if not robot.calm:
            return {"push": 0.0}
        return {"push": float(np.mean([robot.push_survived(direction) for direction in _DIRECTIONS]))}


def reeling(build: Build, seed: int) -> dict[str, float]:
    """Stand, pushed ahead with nine tenths of that bound: how far the trunk tilts, deg, and when it is home, s."""
    with World(seed) as world:
        robot = _Standing(build, world)
        body, ahead = robot.body, towards(0.0)
        robot.humanoid.push(0.9 * robot.bound(ahead) * robot.humanoid.mass * np.append(ahead, 0.0))
        most, last = 0.0, 0.0
        for k in range(round(2.0 / body.tick)):
            if not (robot.calm and goes_on(robot.humanoid, robot.tick, 1)):
                return {"bow": nan, "home": nan}
            balance = body.balance
            tilt = hypot(*balance.trunk_tilt[:2])
            away = hypot(*(balance.center_of_mass[:2] - balance.support_polygon.mean(axis=0)))
            most = max(most, tilt)
            if away > 0.005 or tilt > 0.01:
                last = (k + 1) * body.tick
    return {"bow": degrees(most), "home": last}


def swaying(build: Build, seed: int) -> dict[str, float]:
    """Sway on purpose: how far the pressure is from the wanted ZMP, mm rms."""
    with World(seed) as world:
        robot = _Standing(build, world)
        body, sway, errors = robot.body, Sway(robot.controller), list[Array]()

        def tick() -> None:
            shown = sway.shifted(body.balance)
            wanted = robot.controller.calculate_desired_zmp(shown)
            body.drive(robot.controller.calculate_balance_commands(shown).joint_adjustments)
            body.advance()
            body.sense()
            errors.append(robot.controller.calculate_current_zmp(body.balance) - wanted)

        up = robot.calm and goes_on(robot.humanoid, tick, 400)
    return {"off": rms(errors[100:]) if up else nan}


def catching(build: Build, seed: int) -> dict[str, float]:
    """Stand as a walker does, which may step, pushed ever harder: what it survives, N s/kg, mean of three ways.

    And how many of the pushes that are well within the no-step bound cost it a step.
    """
    with World(seed) as world:
        humanoid = Humanoid(world)
        walker = build.walker(humanoid, VelocityCommand())
        if not goes_on(humanoid, walker.tick, 250):
            return {"caught": 0.0, "needless": nan}
        caught, needless = [], []
        for direction in _DIRECTIONS:
            ahead = towards(direction)
            caught.append(_caught(humanoid, walker, ahead))
            needless += [
                _steps(humanoid, walker, share * _bound(walker.body, ahead) * ahead) for share in (0.7, 0.8)
            ]
    return {"caught": float(np.mean(caught)), "needless": float(np.mean(needless))}


class _Standing:
    """A robot that stands; `calm` says whether it came to rest."""

    def __init__(self, build: Build, world: World) -> None:
        self.humanoid = Humanoid(world)
        self.body = StandingBody(self.humanoid, RobotModel())
        self.controller = BalanceController(build.standing)
        self.calm = goes_on(self.humanoid, self.tick, 150)

    def tick(self) -> None:
        """Decide once, and let the world go on."""
        self.body.drive(self.controller.calculate_balance_commands(self.body.balance).joint_adjustments)
        self.body.advance()
        self.body.sense()

    def bound(self, ahead: Array) -> float:
        """Return the hardest push, N s/kg, along `ahead` (2,) that can be borne without a step."""
        return _bound(self.body, ahead)

    def push_survived(self, direction: float) -> float:
        """Return the hardest push survived in a direction, of that bound."""
        way = self.bound(towards(direction)) * towards(direction)
        return hardest(
            lambda share: survives(self.humanoid, self.tick, share * way, lambda: rests(self.body)),
            0.4,
            1.6,
            3,
        )


def _bound(body: StandingBody, ahead: Array) -> float:
    balance = body.balance
    return no_step_push_limit(balance.center_of_mass, balance.support_polygon, ahead)


def _caught(humanoid: Humanoid, walker: Walker, ahead: Array) -> float:
    """Return the hardest push survived along `ahead` (2,), N s/kg."""

    def settled() -> bool:
        return walker.body.stands and rests(walker.body)

    return hardest(lambda level: survives(humanoid, walker.tick, level * ahead, settled), 0.4, 1.2, 3)


def _steps(humanoid: Humanoid, walker: Walker, way: Array) -> bool:
    """Return whether the walker lifts a foot after a push of `way` (2,) N s/kg."""

    def trial() -> bool:
        humanoid.push(humanoid.mass * np.append(way, 0.0))
        for _ in range(round(1.5 / walker.body.tick)):
            walker.tick()
            if walker.phase == "single":
                return True
        return False

    return forked(trial)


TRIALS = {trial.__name__: trial for trial in (standing, reeling, swaying, catching)}
