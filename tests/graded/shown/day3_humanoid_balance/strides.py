"""A robot in the middle of a step, pushed off its plan: where it ought to be by now, and what it can still do."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shown.day3_humanoid_balance.ground import inside_point, signed_distance, turned
from shown.day3_humanoid_balance.pendulum import seconds_of_speed
from shown.day3_humanoid_balance.states import capture_zmp, some_state
from shown.day3_humanoid_balance.steering import nearest_inside
from shown.slips import Case, either
from vla_course.motion.standing.balance_config import BalanceConfig
from vla_course.motion.standing.balance_state import BalanceState

Array = NDArray[np.float64]


@cache
def _lead(height: float, gravity: float) -> float:
    return seconds_of_speed(height, gravity)


@dataclass(frozen=True)
class Stride:
    """One foot on the ground, the other in the air, and the plan: ZMP and DCM (2,) m for this moment."""

    state: BalanceState
    config: BalanceConfig
    zmp_reference: Array
    dcm_reference: Array

    @property
    def lead(self) -> float:
        """How far ahead of the body its DCM is, in m for each m/s."""
        return _lead(self.config.pendulum_height, self.state.gravity)

    @property
    def dcm(self) -> Array:
        """Where the robot is falling to, (2,) m."""
        return self.state.center_of_mass[:2] + self.state.com_velocity[:2] * self.lead

    @property
    def ankles(self) -> Array:
        """The corners (m, 2) m of what the ankles may use."""
        share = self.config.ankle_share
        return share * self.state.support_polygon + (1.0 - share) * self.zmp_reference

    @property
    def needed(self) -> Array:
        """The ZMP (2,) m that would keep the DCM as far from its reference as it is."""
        return self.zmp_reference + self.dcm - self.dcm_reference

    def moved_on(self, zmp: Array, seconds: float) -> "Stride":
        """What becomes of both, the robot with its ZMP held at `zmp` (2,), the plan as it was planned."""
        lead, state = self.lead, self.state
        c, s = np.cosh(seconds / lead), np.sinh(seconds / lead)
        away, speed = state.center_of_mass[:2] - zmp, state.com_velocity[:2]
        place, speed = zmp + c * away + lead * s * speed, s / lead * away + c * speed
        state = replace(
            state,
            center_of_mass=np.append(place, state.center_of_mass[2]),
            com_velocity=np.append(speed, state.com_velocity[2]),
        )
        planned = self.zmp_reference + (self.dcm_reference - self.zmp_reference) * np.exp(seconds / lead)
        return replace(self, state=state, dcm_reference=planned)

    def controller(self, student: Any) -> Any:
        """The student's controller, told the plan as the walker tells it."""
        controller = student.WalkingController(self.config)
        controller.zmp_reference = self.zmp_reference.copy()
        controller.dcm_reference = self.dcm_reference.copy()
        return controller


def some_stride(rng: np.random.Generator, off: Array | None = None, **known: Any) -> Stride:
    """A stride on one foot; `off` (2,) m is how far the DCM is from its reference, anyhow where it is not given.

    `known` fields of the state are set as given.
    """
    length, width = rng.uniform(0.2, 0.24), rng.uniform(0.09, 0.12)
    sole = np.array([[0.6 * length, -0.5 * width], [0.6 * length, 0.5 * width]])
    sole = np.vstack((sole, [[-0.4 * length, 0.5 * width], [-0.4 * length, -0.5 * width]]))
    sole = turned(sole, rng.uniform(-np.pi, np.pi)) + rng.uniform(-2.0, 2.0, 2)
    state = some_state(rng, **({"support_polygon": sole} | known))
    config = BalanceConfig(
        pendulum_height=rng.uniform(0.9, 1.2),
        dcm_gain=rng.uniform(0.8, 3.5),
        ankle_share=rng.uniform(0.3, 0.8),
    )
    stride = Stride(state, config, inside_point(rng, state.support_polygon), np.zeros(2))
    off = rng.uniform(0.03, 0.1, 2) * rng.choice((-1.0, 1.0), 2) if off is None else off
    return replace(stride, dcm_reference=stride.dcm - off)


def pushed_off(rng: np.random.Generator, reach: float, **known: Any) -> Stride:
    """A stride whose needed ZMP is on a ray out of the ankles' part of the sole, at `reach` times its edge."""
    stride = some_stride(rng, **known)
    angle = rng.uniform(-np.pi, np.pi)
    ray = np.array([np.cos(angle), np.sin(angle)])
    shares = np.linspace(0.0, 0.4, 4001)
    inside = signed_distance(stride.zmp_reference + shares[:, None] * ray, stride.ankles) >= 0.0
    off = reach * float(shares[np.flatnonzero(inside).max(initial=0)]) * ray
    return replace(stride, dcm_reference=stride.dcm - off)


def other_dcms(stride: Stride) -> dict[str, Array]:
    """The DCMs that known mistakes give."""
    state, config = stride.state, stride.config
    place, speed = state.center_of_mass[:2], state.com_velocity[:2]

    def falling(height: float, gravity: float) -> Array:
        return place + speed * np.sqrt(height / gravity)

    return {
        "velocity-forgotten": place,
        "times-omega": place + speed / stride.lead,
        "height-of-the-body": falling(state.center_of_mass[2], state.gravity),
        "height-fixed": falling(BalanceConfig().pendulum_height, state.gravity),
        "gravity-fixed": falling(config.pendulum_height, 9.81),
    }


def capture_case(student: Any, stride: Stride, what: str) -> Case:
    """The ZMP that brings the DCM back to its reference, and the answer."""
    got = stride.controller(student).calculate_capture_zmp(stride.state)
    zmp, planned, dcm, k = stride.zmp_reference, stride.dcm_reference, stride.dcm, stride.config.dcm_gain

    def law(dcm: Array, gain: float = 1.0 + k, zmp: Array = zmp, planned: Array = planned) -> Array:
        return zmp + gain * (dcm - planned)

    return Case(
        what,
        got,
        law(dcm),
        {
            "feedback-sign": law(dcm, -1.0 - k),
            "short-of-the-dcm": law(dcm, k),
            "gain-forgotten": law(dcm, 1.0),
            "feedback-forgotten": zmp,
            "dcm-reference-for-zmp": law(dcm, zmp=planned),
            "zmp-reference-for-dcm": law(dcm, planned=zmp),
            "zmp-reference-forgotten": law(dcm, zmp=np.zeros(2)),
            "stands-still": either(got, capture_zmp(stride.state, stride.config), _at_home(stride)),
            "gain-fixed": law(dcm, 1.0 + BalanceConfig().dcm_gain),
        }
        | {name: law(other) for name, other in other_dcms(stride).items()},
    )


def _at_home(stride: Stride) -> Array:
    """The capture ZMP of 3.10 with the DCM of 3.16."""
    rest = stride.state.support_polygon.mean(axis=0)
    return rest + (1.0 + stride.config.dcm_gain) * (stride.dcm - rest)


def landing_case(student: Any, stride: Stride, landing: Array, time_left: float, what: str) -> Case:
    """Where the foot must land, and the answer."""
    got = stride.controller(student).adjust_landing(landing.copy(), time_left, stride.state)
    zmp, planned, dcm, config = stride.zmp_reference, stride.dcm_reference, stride.dcm, stride.config
    sole, ankles, grown = stride.state.support_polygon, stride.ankles, float(np.exp(time_left / stride.lead))

    def over(dcm: Array = dcm, ankles: Array = ankles, zmp: Array = zmp, gain: float = 1.0) -> Array:
        needed = zmp + gain * (dcm - planned)
        return needed - nearest_inside(needed, ankles, 0.0)

    overshoot = over()
    expected = landing + overshoot * grown
    middle, usual = sole.mean(axis=0), BalanceConfig().ankle_share
    fall = {name: over(other) for name, other in other_dcms(stride).items()}
    times = {name: grown for name in fall}
    height, gravity = config.pendulum_height, stride.state.gravity
    for name, h, g in (
        ("height-of-the-body", stride.state.center_of_mass[2], gravity),
        ("height-fixed", BalanceConfig().pendulum_height, gravity),
        ("gravity-fixed", height, 9.81),
    ):
        times[name] = float(np.exp(time_left * np.sqrt(g / h)))
    slips = {
        "growth-sign": landing + overshoot / grown,
        "growth-forgotten": landing + overshoot,
        "omega-forgotten": landing + overshoot * np.exp(time_left),
        "away-from-the-fall": landing - overshoot * grown,
        "landing-forgotten": overshoot * grown,
        "ankles-forgotten": landing + (dcm - planned) * grown,
        "whole-sole": landing + over(ankles=sole) * grown,
        "share-of-the-sole": either(
            got,
            landing + over(ankles=middle + config.ankle_share * (sole - middle)) * grown,
            landing + over(ankles=config.ankle_share * sole) * grown,
        ),
        "share-turned-round": landing + over(ankles=zmp + (1.0 - config.ankle_share) * (sole - zmp)) * grown,
        "share-fixed": landing + over(ankles=zmp + usual * (sole - zmp)) * grown,
        "edge-for-overshoot": landing + (nearest_inside(stride.needed, ankles, 0.0) - zmp) * grown,
        "gain-taken": landing + over(gain=1.0 + config.dcm_gain) * grown,
        "zmp-reference-forgotten": either(
            got,
            landing + (dcm - nearest_inside(dcm, ankles, 0.0)) * grown,
            landing + (dcm - planned - nearest_inside(dcm - planned, ankles, 0.0)) * grown,
        ),
        "reference-sign": landing + over(2.0 * planned - dcm) * grown,
    } | {name: either(got, landing + fall[name] * times[name], landing + fall[name] * grown) for name in fall}
    return Case(what, got, expected, slips, landing_picture(stride, landing, expected, got))


def landing_picture(stride: Stride, landing: Array, expected: Array, got: object) -> Callable[[], Any]:
    """The sole and the ankles' part of it, the ZMP that is needed, and where the foot is to land."""

    def draw() -> Any:
        from shown.day3_humanoid_balance.pictures import BLUE, GREY, ORANGE, _axes, _points, _ring

        figure, axes = _axes("Where the swing foot must land")
        _ring(axes, stride.state.support_polygon, color="black", lw=1.5, label="sole on the ground")
        _ring(axes, stride.ankles, color=GREY, lw=1.0, ls="--", label="what the ankles are given")
        axes.plot(*stride.zmp_reference, "+", color="black", label="planned ZMP")
        axes.plot(*stride.needed, "*", color=GREY, ms=10, label="needed ZMP, q")
        axes.plot(*landing, "o", mfc="none", color="black", label="planned landing")
        axes.plot(*expected, "o", color=BLUE, label="expected")
        for point in _points(got)[:1]:
            axes.plot(*np.clip(point, expected - 1.0, expected + 1.0), "s", color=ORANGE, label="yours")
        figure.set_layout_engine("constrained")
        figure.set_size_inches(7.2, 3.6)
        axes.legend(fontsize="small", loc="center left", bbox_to_anchor=(1.02, 0.5))
        return figure

    return draw
