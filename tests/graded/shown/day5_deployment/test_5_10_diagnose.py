"""5.10: what made it fall, and when."""

import numpy as np

from shown.day5_deployment.crashes import March, expect_told, slip_before, without
from vla_course.course.checking.judging import expect_raises, graded
from vla_course.deployment.recorder.accidents.accident import accident


@graded("5.10", points=2, says="the cause is what shows first, and its moment is one of the robot's clock")
def test_first(student, rng):
    # A push, and a third of a second later sliding soles; the laboratory's clock is so far behind that their stamps
    # are the earlier ones.
    march = March(rng, lab_ahead=-float(rng.uniform(0.6, 0.9)))
    push, slip = march.push(110), march.slip(110)
    mistakes = {
        "swing-foot": ("slip", float(march.seen[1])),
        "other-clock": slip_before(push[1]),
        "effect-for-cause": slip,
        "weight-forgotten": ("load", march.sample(0)),
        "one-sole": ("push", march.sample(0)),
    }
    expect_told(student.diagnose(march.evidence()), push, "a push, and then soles that slide", mistakes)
    # The other way round, and the laboratory's clock is ahead.
    march = March(rng, lab_ahead=float(rng.uniform(0.6, 0.9)))
    slip, push = march.slip(74), march.push(140)
    mistakes = {"picture-before": ("slip", slip[1] - 0.012), "effect-for-cause": push}
    expect_told(student.diagnose(march.evidence()), slip, "a slip, and then a blow", mistakes)
    march = March(rng, lab_ahead=float(rng.uniform(-0.9, 0.9)))
    motor = march.weak_motor(120)
    push, slip = march.push(150), march.slip(105)
    mistakes = {"effect-for-cause": lambda got: got.cause in (push[0], slip[0])}
    expect_told(student.diagnose(march.evidence()), motor, "a weak motor, and then a fall", mistakes)


@graded(
    "5.10",
    points=1,
    says="a motor at its limit, a sole in the air, and one that lands, lifts or sinks are no faults",
)
def test_no_fault(student, rng):
    march = March(rng, lab_ahead=float(rng.uniform(0.2, 0.5)))
    asked = march.asked_too_much(60)
    load = march.load(170)
    expect_told(
        student.diagnose(march.evidence()),
        load,
        "a motor was asked for more than it has, and later a load hung on a hand",
        {
            "limit-forgotten": ("motor", asked),
            "swing-foot": ("slip", float(march.seen[1])),
            "load-called-push": ("push", load[1]),
        },
    )
    march = March(rng, lab_ahead=float(rng.uniform(0.2, 0.5)))
    # At 0.48 s the right sole takes over; the way it made while it landed was made in the air.
    k = 40
    march.soles[k:, 1, 0] += 0.01
    push = march.push(190)
    mistakes = {"landing-foot": ("slip", float(march.seen[k]))}
    expect_told(student.diagnose(march.evidence()), push, "a sole landed, and later came a push", mistakes)
    for what, sole, axis in (("the left one left it", 0, 0), ("one that carries sank into it", 1, 2)):
        march = March(rng, lab_ahead=float(rng.uniform(0.2, 0.5)))
        march.soles[k + 10 * sole :, sole, axis] -= 0.01
        push = march.push(190)
        expect_told(student.diagnose(march.evidence()), push, f"soles on the ground: {what}; later a push")


@graded("5.10", points=1, says="where nothing is out of the ordinary that is said")
def test_quiet(student, rng):
    march = March(rng, lab_ahead=float(rng.uniform(-0.5, 0.5)))
    expect_raises(
        ValueError, student.diagnose, march.evidence(), what="a quiet march", mistake="always-something"
    )


@graded(
    "5.10", points=2, says="robots that were pushed, slipped, lost a motor or carried too much are understood"
)
def test_accidents(student, rng):
    for cause in rng.permutation(("push", "slip", "motor", "load")):
        made = accident(str(cause), rng)
        told = student.diagnose(made.evidence())
        expect_told(told, (made.truth.cause, made.truth.time), "a robot in the simulator", within=0.1)
        quiet = without(made.evidence(), made.truth.time - 0.02)
        expect_raises(ValueError, student.diagnose, quiet, what="that robot, before anything had happened")
    assert np.isfinite(told.time)
