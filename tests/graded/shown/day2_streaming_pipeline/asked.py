"""A packet that is asked for once, on a clock of its own; what ought to come, and what is said of anything else."""

from typing import Any

import numpy as np

from vla_course.course.checking.beside import beside
from vla_course.course.checking.judging import expect
from vla_course.serving.stream.scripted_stream import ask_once


def asked(student: Any, *arguments: Any) -> dict[str, Any]:
    """What became of a packet that the student's function answered."""
    told: dict[str, Any] = beside(student, ask_once)(student.one_answer, *arguments)
    expect(told["ends"] != "stuck", "one_answer never comes to an end: it waits for what never comes")
    return told


def expect_answer(student: Any, packet: int, answer: int | None, seconds: float) -> None:
    """Expect the answer of work that succeeds, as soon as it is there."""
    told = asked(student, packet, answer, seconds)
    got = told["answer"]
    refused = "empty-refused" if answer is None else "impatient" if seconds > 1.0 else None
    expect(
        told["ends"] == "answered" and got == answer,
        f"work on packet {packet} returns {answer} after {seconds:.2f} s; what comes is something else",
        got=got if told["ends"] == "answered" else told["ends"],
        expected=answer,
        mistake="not-awaited" if "awaited" in str(got) else refused,
    )
    expect(
        told["worked"] == [packet],
        "work is asked once, for this packet",
        got=told["worked"],
        expected=[packet],
    )
    expect(not told["refused"], "what succeeds is not refused", got=told["refused"])
    expect(
        abs(told["at"] - seconds) < 1e-9,
        "the answer comes later than the work is done",
        got=told["at"],
        unit="s",
    )


def expect_refusal(student: Any, packet: int, fault: str, seconds: float) -> None:
    """Expect that what work raises becomes an answer that says so."""
    told = asked(student, packet, 0, seconds, fault)
    what = f"work on packet {packet} raises {fault}"
    expect(
        told["worked"] == [packet],
        f"{what}; it is asked again",
        got=f"asked {len(told['worked'])} times",
        expected="once",
        mistake="asked-again",
    )
    expect(
        told["ends"] == "answered",
        f"{what}; so does yours, and the stream is dead",
        got=told["ends"],
        expected="an answer",
        mistake="some-faults-alone"
        if fault in ("TimeoutError", "ZeroDivisionError", "OSError")
        else "raised-again",
    )
    expect(
        told["answer"] == ["refused", packet],
        f"{what}; the answer should be what `refuse` returns",
        got=told["answer"],
        expected=["refused", packet],
        mistake="not-awaited" if "awaited" in str(told["answer"]) else "error-swallowed",
    )
    expect(
        told["refused"] == [[packet, fault, True]],
        f"{what}; `refuse` should be told of the packet and of what was raised, once",
        got=told["refused"],
        expected=[[packet, fault, True]],
        mistake="fault-lost",
    )


def some_packet(rng: np.random.Generator) -> tuple[int, int, float]:
    """A packet, its answer, and s that work takes."""
    packet, answer = (int(number) for number in rng.integers(1, 1000, 2))
    return packet, answer, float(rng.uniform(0.01, 0.1))
