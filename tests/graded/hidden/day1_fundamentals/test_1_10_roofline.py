"""1.10, hidden: what a better machine helps, and whole numbers as they are counted."""

from dataclasses import replace

from shown.day1_fundamentals.roofs import Work, some_machine, some_work
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, expect_close, graded
from vla_course.learning.model.machine import MachineCeiling


@graded(
    "1.10",
    points=1,
    says="a third cook does not help where the boy who fetches is slow, nor the other way round",
)
def test_better_machines(student, rng):
    machine = some_machine(rng)
    cooks = replace(machine, flops=2.0 * machine.flops)
    boys = replace(machine, bandwidth=2.0 * machine.bandwidth)
    for ease, useless, useful in ((0.3, cooks, boys), (3.0, boys, cooks)):
        work = some_work(rng, machine, ease)
        before = work.answer(student).seconds
        for better, gain in ((useless, 1.0), (useful, 2.0)):
            after = replace(work, machine=better).answer(student).seconds
            expect_close(before / after, gain, what="gain of a machine with twice of one thing")


@graded("1.10", points=1, says="counted operations and bytes are whole numbers, few or very many")
def test_counts(student, rng):
    machine = MachineCeiling(150_000_000_000, 20_000_000_000)
    model = Work(31_457_280, int(rng.integers(5_000_000, 8_000_000)), machine)
    product = Work(2 * 4096**3, 3 * 4 * 4096**2, machine)
    norm = Work(int(rng.integers(2_000, 3_000)), 16_384, machine)
    cases = [one.case(student, "intensity, attainable rate and time") for one in (model, product, norm)]
    expect_all(*cases, unit="flop/byte, Gflop/s, ms")
    for work, bound in ((model, "memory"), (product, "compute"), (norm, "memory")):
        got = work.answer(student).bound
        expect(got == bound, f"{work.flops} operations on {work.moved_bytes} bytes", got=got, expected=bound)
