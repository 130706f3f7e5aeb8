"""4.11: which success rates so many successes leave possible."""

from shown.day4_training.pictures import interval_picture
from shown.day4_training.rates import Experiment, some_experiment
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, expect_close, expect_raises, graded


@graded("4.11", points=3, says="from either end, what was seen lies just z of that end's deviations away")
def test_ends(student, rng):
    expect_all(
        some_experiment(rng, 40).case(student, "some of forty"),
        some_experiment(rng, 12, 0.99).case(student, "some of twelve, to be 99 % sure"),
        some_experiment(rng, 200, 0.95).case(student, "some of two hundred"),
        unit="",
        atol=1e-7,
    )


@graded("4.11", points=1, says="all or nothing of n proves no certainty: one end is exact, the other is not")
def test_all_or_nothing(student, rng):
    n = int(rng.integers(8, 30))
    for what, some in (("none", Experiment(0, n)), ("all", Experiment(n, n))):
        got, (low, high) = some.asked(student), some.ends(some.sigmas())
        end = low if some.successes == 0 else high
        expect_close(
            got,
            [low, high],
            what=f"the interval of {what} of {n}",
            atol=1e-7,
            mistakes={"deviation-of-what-was-seen": [end, end]},
            picture=interval_picture(some.seen, (low, high), got, f"{what} of {n}"),
        )
    for n in range(1, 40):
        ends = student.success_interval(0, n)[0], student.success_interval(n, n)[1]
        what = f"the sure ends of none and of all of {n} should be exactly 0 and 1"
        expect(
            ends == (0.0, 1.0), what, got=[repr(end) for end in ends], expected=[0, 1], mistake="not-quite"
        )


@graded("4.11", points=1, says="counts that cannot be, and a confidence of 0 or 1, are refused")
def test_refusals(student):
    for what, arguments in (
        ("no episode", (0, 0, 0.95)),
        ("more successes than episodes", (11, 10, 0.99)),
        ("fewer than no successes", (-1, 10, 0.99)),
        ("a confidence of 1", (5, 10, 1.0)),
        ("a confidence of 0", (5, 10, 0.0)),
        ("a confidence of 95", (5, 10, 95.0)),
    ):
        expect_raises(
            ValueError, student.success_interval, *arguments, what=what, mistake="anything-accepted"
        )
