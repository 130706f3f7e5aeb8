"""5.10, hidden: forces that begin aslant, torques to the other side, ties, and other accidents."""

from shown.day5_deployment.crashes import March, expect_told
from vla_course.course.checking.judging import graded
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
    march = March(rng, lab_ahead=0.0)
    begins = march.pulled(90, (30.0, 10.0, 260.0), 15)
    mistakes = {"upwards-is-load": ("load", begins)}
    expect_told(student.diagnose(march.evidence()), ("push", begins), "a push from below", mistakes)


@graded(
    "5.10", points=1, says="torque that is missing is missing to either side; of equals the first named counts"
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
