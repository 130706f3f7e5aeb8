"""A stream of packets against the clock: when everything ought to happen, and what went wrong where it does not."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from vla_course.course.checking.beside import beside
from vla_course.course.checking.judging import expect
from vla_course.serving.stream.scripted_stream import stream_through

STAGES = ("fetch", "prepare", "infer")
CLOSE = 1e-9
CLOSING = 0.002
"""s, that a stage needs to come to its end when it is cancelled: a camera is closed"""


@dataclass(frozen=True)
class Race:
    """Answers (n), and s: until the stream has each packet and ends (n + 1), prepare, infer, listen (n)."""

    answers: list[int]
    fetching: list[float]
    preparing: list[float]
    inferring: list[float]
    listening: list[float] = field(default_factory=list)

    def run(
        self,
        student: Any,
        fails: Sequence[Any] = (),
        stops: int | None = None,
        cancelled: float | None = None,
    ) -> dict[str, Any]:
        """What happened when the student's function had it; how it ends is as `stream_through` takes it."""
        told: dict[str, Any] = beside(student, stream_through)(
            student.overlapped,
            self.answers,
            self.fetching,
            self.preparing,
            self.inferring,
            self.listening,
            list(fails),
            stops,
            cancelled,
            CLOSING,
        )
        expect(told["ends"] != "stuck", "overlapped never comes to an end: it waits for what never comes")
        return told

    def heard(self) -> list[float]:
        """When each answer ought to be heard, s: the next packet is on its way while the model is at this one."""
        free, begun, when = 0.0, 0.0, []
        for number in range(len(self.answers)):
            ready = begun + self.fetching[number] + self.preparing[number]
            begun = max(ready, free)
            when.append(begun + self.inferring[number])
            free = when[-1] + (self.listening[number] if self.listening else 0.0)
        return when


def expect_race(student: Any, race: Race) -> None:
    """Expect the answers in order, each as soon as it can be, and never more than one packet ahead."""
    told = race.run(student)
    expect_answers(told, race.answers)
    spans = {(stage, number): (begin, end) for stage, number, begin, end, _ in told["spans"]}
    lanes = lambda: draw(told)  # noqa: E731
    last = len(race.answers) - 1
    for number in range(1, last + 1):
        began, ended = spans["infer", number - 1]
        fetched = spans["fetch", number][0]
        expect(
            spans["infer", number][0] > ended - CLOSE,
            f"the model is given packet {number} while it is at packet {number - 1}",
            mistake="two-at-once",
            picture=lanes,
        )
        expect(
            fetched > began - CLOSE,
            f"packet {number} is fetched before the model has begun with packet {number - 1}: that is two ahead",
            got=fetched,
            expected=f"{began:.3f} or later",
            unit="s",
            mistake="too-far-ahead",
            picture=lanes,
        )
        expect(
            fetched < began + CLOSE,
            f"packet {number} is fetched when the model is done with packet {number - 1}, and could be ready by then",
            got=fetched,
            expected=began,
            unit="s",
            mistake="one-after-the-other",
            picture=lanes,
        )
    for number, (when, _) in enumerate(told["heard"]):
        expect(
            when < spans["infer", number][1] + CLOSE,
            f"the answer to packet {number} is there and is not yielded",
            got=when,
            expected=spans["infer", number][1],
            unit="s",
            mistake="answer-held-back",
            picture=lanes,
        )
    times = [when for when, _ in told["heard"]]
    expect(
        bool(np.allclose(times, race.heard(), rtol=0.0, atol=1e-6)),
        "answers are heard at other times",
        got=times,
        expected=race.heard(),
        unit="s",
        picture=lanes,
    )


def expect_answers(told: dict[str, Any], answers: Sequence[int]) -> None:
    """Expect these answers, in this order, and then the end."""
    got = [answer for _, answer in told["heard"]]
    mistake = None
    if sorted(map(str, got)) == sorted(map(str, answers)):
        mistake = "out-of-order"
    elif got == list(answers[: len(got)]) and len(got) < len(answers):
        mistake = "last-one-lost"
    expect(
        got == list(answers),
        "other answers come, or in another order",
        got=got,
        expected=answers,
        mistake=mistake,
    )
    expect(told["ends"] == "through", "after the last answer the stream should end", got=told["ends"])


def expect_nothing_running(told: dict[str, Any], how: str, since: float | None = None) -> None:
    """Expect that nothing goes on after the end, which comes soon `since` nobody listens any more, s."""
    running = [
        f"{stage} of packet {number}" for stage, number, _, _, state in told["spans"] if state == "runs"
    ]
    expect(
        told["tasks"] == 0 and not running,
        f"whoever listens {how}, and something still runs",
        got=", ".join(running) or f"{told['tasks']} tasks",
        expected="nothing",
        mistake="left-running",
    )
    expect(
        since is None or told["over"] < since + 4.0 * CLOSING,
        f"whoever listens {how}, and is held until something else is done: cancel it",
        got=told["over"],
        expected=f"{since or 0.0:.3f}, give or take a moment",
        unit="s",
        mistake="left-running",
    )


def some_race(rng: np.random.Generator, count: int = 6, listening: bool = False) -> Race:
    """Packets of which some are ready before the model is, and some after."""
    answers = [int(number) for number in rng.permutation(100)[:count]]
    fetching = rng.uniform(0.005, 0.02, count + 1)
    fetching[2::2] += 0.06
    waits = [float(one) for one in rng.uniform(0.03, 0.05, count)] if listening else []
    return Race(
        answers,
        [float(one) for one in fetching],
        [float(one) for one in rng.uniform(0.01, 0.02, count)],
        [float(one) for one in rng.uniform(0.035, 0.055, count)],
        waits,
    )


def draw(told: dict[str, Any]) -> Any:
    """Lanes of time: which stage was at which packet, and when each answer was heard."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.0, 2.4))
    axes = figure.subplots()
    for stage, number, begin, end, _ in told["spans"]:
        lane = len(STAGES) - STAGES.index(stage)
        axes.barh(lane, (end or begin) - begin, left=begin, height=0.7, color=f"C{number % 10}", ec="white")
        axes.text(
            begin + 0.5 * ((end or begin) - begin), lane, f"{number}", ha="center", va="center", color="white"
        )
    axes.plot([when for when, _ in told["heard"]], [0] * len(told["heard"]), "kv")
    axes.set_yticks([3, 2, 1, 0], [*STAGES, "heard"])
    axes.set_xlabel("time (s)")
    return figure
