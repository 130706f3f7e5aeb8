"""2.6, hidden: other percentiles, a single delay, whole numbers of periods."""

from dataclasses import replace

from shown.day2_streaming_pipeline.waits import Waits, some_waits
from shown.slips import expect_all
from vla_course.course.checking.judging import expect_close, graded


@graded("2.6", points=1, says="any part of all answers can be asked for")
def test_percentiles(student, rng):
    waits = some_waits(rng, 0.4)
    expect_all(
        *(
            replace(waits, percent=percent).case(student, f"the actions for {percent:g} percent")
            for percent in (50.0, 90.0, 100.0, 0.0)
        ),
        unit="actions",
    )
    for periods in ((0.4, 3.4), (2.6, 1.2)):
        two = Waits([periods[0] * waits.period, periods[1] * waits.period], waits.period, 50.0)
        expect_all(two.case(student, "the actions for half of two delays"), unit="actions")
    expect_close(
        student.steps_to_wait(waits.delays, waits.period),
        replace(waits, percent=95.0).enough(),
        what="the actions where no percentage is told",
        unit="actions",
        mistakes={"percentile-ignored": replace(waits, percent=50.0).enough()},
    )


@graded("2.6", points=1, says="whole periods are whole numbers, and what takes no time is not waited for")
def test_edges(student, rng):
    for delay, period in (
        (0.1 + 1e-12, 0.1),
        (0.3, 0.1),
        (0.6, 0.2),
        (7 * (1 / 30), 1 / 30),
        (0.0, 0.1),
        (1e-6, 1.0),
        (3.0004 * 0.1, 0.1),
        (2.0006 * 4.0, 4.0),
    ):
        expect_close(
            student.steps_to_wait([delay], period),
            Waits([delay], period, 95.0).enough(),
            what=f"the actions for a single delay of {delay:.3f} s and a period of {period:.3f} s",
            unit="actions",
            mistakes={"dust-rounded-up": Waits([delay], period, 95.0).enough() + 1},
        )
    for delay, period in ((0.12, 0.1), (3.004 * 0.1, 0.1), (2.02 / 30, 1 / 30), (5.03 * 4.0, 4.0)):
        expect_close(
            student.steps_to_wait([delay], period),
            Waits([delay], period, 95.0).enough(),
            what=f"the actions for a single delay of {delay:.4f} s and a period of {period:.4f} s",
            unit="actions",
            mistakes={"more-than-dust": Waits([delay], period, 95.0).enough() - 1},
        )
