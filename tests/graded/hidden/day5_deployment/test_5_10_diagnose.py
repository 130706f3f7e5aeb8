"""5.10, hidden: forces that begin aslant, torques to the other side, bounds, ties, and other accidents."""

import numpy as np

from shown.day5_deployment.crashes import March, expect_told
from vla_course.course.checking.judging import expect_raises, graded
from vla_course.deployment.recorder.accidents.accident import accident


@graded("5.10", points=1, says="a load is told from a push by the mean of its first tenth of a second")
def test_direction(student, rng):
    march = March(rng, lab_ahead=0.4)
    # A bag that is hung on jerks sideways before its string is taut.
    begins = march.pulled(100, (80.0, -60.0, -10.0), 2)
    march.pulled(102, (0.0, 0.0, -140.0), 100)
    mistakes = {"first-sample-only": ("push", begins), "load-called-push": ("push", begins)}
    expect_told(
        student.diagnose(march.evidence()), ("load", begins), "a load that begins with a jerk", mistakes
    )
    march = March(rng, lab_ahead=-0.4)
    begins = march.pulled(100, (5.0, 0.0, -90.0), 2)
    march.pulled(102, (250.0, 100.0, -20.0), 12)
    mistakes = {"first-sample-only": ("load", begins)}
    expect_told(
        student.diagnose(march.evidence()), ("push", begins), "a push that begins from above", mistakes
    )
    march = March(rng, lab_ahead=-0.4)
    begins = march.pulled(100, (250.0, 100.0, -20.0), 14)
    march.pulled(114, (0.0, 0.0, -900.0), 100)
    mistakes = {"mean-to-the-end": ("load", begins)}
    expect_told(student.diagnose(march.evidence()), ("push", begins), "a push, and then the ground", mistakes)
    for force in ((100.0, 5.0, -80.0), (5.0, -100.0, -80.0)):
        march = March(rng, lab_ahead=0.3)
        # What tugged at it before was too little to count.
        march.pulled(20, (0.0, 0.0, -50.0), 80)
        begins = march.pulled(100, force, 15)
        expect_told(student.diagnose(march.evidence()), ("push", begins), "a push from the side and above")
    march = March(rng, lab_ahead=0.3)
    begins = march.pulled(100, (-2000.0, 0.0, 0.0), 1)
    march.pulled(101, (0.0, 0.0, -140.0), 12)
    expect_told(student.diagnose(march.evidence()), ("push", begins), "a push that is over in one sample")
    march = March(rng, lab_ahead=0.0)
    begins = march.pulled(90, (30.0, 10.0, 260.0), 15)
    mistakes = {"upwards-is-load": ("load", begins)}
    expect_told(student.diagnose(march.evidence()), ("push", begins), "a push from below", mistakes)


@graded(
    "5.10",
    points=1,
    says="to either side, what is more than the bound counts, and no less; of equals the first named counts",
)
def test_sides_and_ties(student, rng):
    for sign in (-1.0, 1.0):
        march = March(rng, lab_ahead=0.3)
        motor = march.weak_motor(90, sign)
        push = march.push(150)
        mistakes = {"one-sided": push}
        expect_told(
            student.diagnose(march.evidence()), motor, "a weak motor that turns to one side", mistakes
        )
    march = March(rng, lab_ahead=0.3)
    march.asked[:, 3], march.given[:, 3] = 45.0, 35.0
    for force in (sign * 59.5 * axis for sign in (-1.0, 1.0) for axis in np.eye(3)):
        march.acceleration[:] = 0.0
        march.pulled(100, tuple(force))
        expect_raises(
            ValueError, student.diagnose, march.evidence(), what="a march with 59.5 N and a lack of 10 N m"
        )
        begins = march.pulled(120, tuple(force / 59.5))
        cause = "load" if force[2] < 0.0 else "push"
        expect_told(student.diagnose(march.evidence()), (cause, begins), "a force of 60.5 N")
    march = March(rng, lab_ahead=0.0)
    motor = march.weak_motor(120)
    march.pulled(122, (0.0, 0.0, -140.0), 100)
    expect_told(student.diagnose(march.evidence()), motor, "a weak motor, and at once a load")
    march = March(rng, lab_ahead=0.0)
    push, motor = march.push(120), march.weak_motor(120)
    mistakes = {"tie-broken-otherwise": push}
    expect_told(student.diagnose(march.evidence()), motor, "a push and a weak motor at one moment", mistakes)
    march = March(rng, lab_ahead=0.0)
    slip, push = march.slip(100), march.push(150)
    assert abs(slip[1] - push[1]) < 1e-9
    march.seen = march.seen.copy()
    march.seen[100] = push[1]
    mistakes = {"tie-broken-otherwise": push}
    expect_told(student.diagnose(march.evidence()), slip, "a slip and a push at one moment", mistakes)


@graded(
    "5.10",
    points=2,
    says="other robots that were pushed, slipped, lost a motor or carried too much are understood",
)
def test_other_accidents(student, rng):
    for cause in rng.permutation(("slip", "push", "load", "motor"))[:2]:
        made = accident(str(cause), rng)
        told = student.diagnose(made.evidence())
        expect_told(told, (made.truth.cause, made.truth.time), "a robot in the simulator", within=0.1)
