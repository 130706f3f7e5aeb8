"""What 3.14's tests expect of one step of preview control, and what known mistakes give."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shown.day3_humanoid_balance.cart_tables import ride, zmp_below
from shown.slips import Case, either
from vla_course.course.checking.judging import expect

Array = NDArray[np.float64]


class Rider:
    """A cart-table of some size, the student's controller for it, and the gains that belong to it."""

    def __init__(
        self, student: Any, timestep: float, height: float, gravity: float = 9.81, **more: float
    ) -> None:
        from vla_course.reference.day3_humanoid_balance.preview import PreviewController

        self.timestep, self.height, self.gravity = timestep, height, gravity
        self.controller = student.PreviewController(timestep, height, gravity=gravity, **more)
        self.known = PreviewController(timestep, height, gravity=gravity, **more)
        self.samples = self.known.samples

    def step(self, state: Array, error_sum: float, reference: Array) -> tuple[Array, float]:
        """The student's step, once it is sure that it gives a state and a sum."""
        got = self.controller.step(state, error_sum, reference)
        pair = isinstance(got, tuple | list) and len(got) == 2
        expect(pair, "two things should come back: the new state and the sum", got=got, expected="state, sum")
        new, total = got
        shapes = np.shape(new), np.shape(total)
        expect(
            shapes == ((3,), ()),
            "the first thing should be the new state, three numbers, the second the sum, one number",
            got=got,
            expected="(3,), ()",
            mistake={((), (3,)): "sum-first", ((), ()): "jerk-instead-of-state"}.get(shapes),
        )
        return new, total

    def reference_step(self, state: Array, error_sum: float, reference: Array) -> tuple[Array, float]:
        """The step that the reference takes."""
        new, total = self.known.step(state, error_sum, reference)
        return new, float(total)

    def right_jerk(self, state: Array, total: float, future: Array) -> float:
        """The jerk that the law asks for."""
        known = self.known
        weights = np.concatenate(([known.error_gain], known.state_gain, known.preview_gains))
        return -float(np.dot(weights, np.concatenate(([total], state, future))))

    def case(self, state: Array, error_sum: float, reference: Array, what: str) -> Case:
        """One step from anywhere: the new state and the sum in one row of four."""
        new, total = self.step(state.copy(), error_sum, reference.copy())
        got = np.array([*new, total], dtype=float)
        miss = zmp_below(state, self.height, self.gravity) - reference[0]
        right = error_sum + miss
        jerk = self.right_jerk(state, right, reference[1:])

        def row(jerk: float, total: float = right) -> Array:
            return np.array([*ride(state, jerk, self.timestep), total])

        none = np.zeros(self.samples)
        seen = self.right_jerk(np.zeros(3), 0.0, reference[1:])  # what the future alone asks for
        of_state = self.right_jerk(state, 0.0, none)
        of_sum = self.right_jerk(np.zeros(3), right, none)

        def summed(total: float) -> float:
            return self.right_jerk(state, total, reference[1:])

        body = error_sum + state[0] - reference[0]
        pushed = self.timestep * np.array([self.timestep**2 / 6, self.timestep / 2, 1.0]) * jerk
        shifted = self.right_jerk(state, right, reference[:-1])
        return Case(
            what,
            got,
            row(jerk),
            {
                "future-ignored": row(jerk - seen),
                "preview-sign": row(jerk - 2.0 * seen),
                "preview-from-now": row(shifted),
                "error-sum-forgotten": either(
                    got,
                    row(summed(miss)),
                    row(summed(miss), miss),
                    row(of_state + seen),
                    row(of_state + seen, miss),
                ),
                "error-sign": either(
                    got, row(jerk - 2.0 * of_sum), row(summed(error_sum - miss), error_sum - miss)
                ),
                "state-sign": row(jerk - 2.0 * of_state),
                "state-forgotten": row(jerk - of_state),
                "place-for-zmp": row(summed(body), body),
                "old-sum-returned": either(got, row(jerk, error_sum), row(jerk, miss)),
                "sum-one-step-late": either(got, row(summed(error_sum)), row(summed(error_sum), error_sum)),
                "jerk-only": np.array([*pushed, right]),
                "sum-times-timestep": either(
                    got,
                    row(summed(error_sum + miss * self.timestep), error_sum + miss * self.timestep),
                    row(summed(right * self.timestep)),
                ),
            },
        )

    def weight_case(self, state: Array, error_sum: float, reference: Array, places: Array) -> Case:
        """How much jerk 1 cm more of reference brings, at each of the `places` of the horizon, 1 the next."""
        T = self.timestep

        def acceleration(change: Array) -> float:
            new, _ = self.step(state.copy(), error_sum, reference + change)
            return float(new[2])

        still = acceleration(np.zeros_like(reference))
        miss = zmp_below(state, self.height, self.gravity) - reference[0]
        blind = self.right_jerk(
            state, error_sum + miss, np.zeros(self.samples)
        )  # the jerk without any future
        ignored = np.isclose((still - state[2]) / T, blind)
        bumps = 0.01 * np.eye(len(reference))
        got = np.array([(acceleration(bumps[place]) - still) / T for place in places])
        gains = -0.01 * self.known.preview_gains
        expected = gains[places - 1]
        cut = [np.where(np.arange(len(places)) < n, expected, 0.0) for n in range(1, len(places))]
        backward = gains[::-1][places - 1]
        late = np.append(gains, 0.0)[places]
        return Case(
            "the change of jerk",
            got,
            expected,
            {
                "future-ignored": np.where(ignored, 0.0, np.nan) * expected,
                "horizon-too-short": either(got, *cut),
                "preview-sign": -expected,
                "preview-from-now": late,
                "preview-backward": backward,
            },
        )


def some_moment(rng: np.random.Generator, samples: int) -> tuple[Array, float, Array]:
    """A state, a sum of errors and a reference in which nothing is zero by chance."""
    state = rng.uniform((0.02, 0.1, 0.3), (0.1, 0.4, 1.5)) * rng.choice((-1.0, 1.0), 3)
    return (
        state,
        float(rng.uniform(0.01, 0.05)),
        np.repeat(rng.uniform(-0.1, 0.1, samples // 5 + 2), 5)[: samples + 1],
    )


def zmp_picture(timestep: float, wanted: Array, runs: dict[str, tuple[Array, Array]]) -> Callable[[], Any]:
    """Place of the cart and ZMP over time; `runs` maps a name to places and ZMPs (ticks,)."""

    def draw() -> Any:
        from matplotlib.figure import Figure

        from shown.day3_humanoid_balance.pictures import BLUE, GREY, ORANGE

        figure = Figure(figsize=(6.0, 3.6), layout="constrained")
        axes = figure.subplots()
        axes.plot(timestep * np.arange(len(wanted)), wanted, color=GREY, lw=4, alpha=0.5, label="wanted ZMP")
        for (name, (places, zmps)), color in zip(runs.items(), (ORANGE, BLUE), strict=False):
            time = timestep * np.arange(len(places))
            axes.plot(time, places, color=color, lw=2, label=f"{name}: centre of mass")
            axes.plot(time, zmps, color=color, lw=1, ls="--", label=f"{name}: ZMP")
        room = 0.8 * float(np.ptp(wanted))
        axes.set(
            xlabel="time (s)",
            ylabel="sideways (m)",
            ylim=(wanted.min() - room, wanted.max() + room),
            title="From foot to foot",
        )
        axes.grid(alpha=0.3)
        axes.legend(fontsize="small")
        return figure

    return draw
