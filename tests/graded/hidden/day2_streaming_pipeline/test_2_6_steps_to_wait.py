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
    ):
        expect_close(
            student.steps_to_wait([delay], period),
            Waits([delay], period, 95.0).enough(),
            what=f"the actions for a single delay of {delay:.3f} s and a period of {period:.3f} s",
            unit="actions",
            mistakes={"dust-rounded-up": Waits([delay], period, 95.0).enough() + 1},
        )
    expect_close(student.steps_to_wait([0.12], 0.1), 2, what="the actions for 0.12 s", unit="actions")
