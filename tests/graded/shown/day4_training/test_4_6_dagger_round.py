"""4.6: a round of relabelling, checked against the diary of its world."""

from shown.day4_training.rounds import expect_mixed, run, some_data
from vla_course.course.checking.judging import expect_raises, graded


@graded("4.6", points=2, says="at each decision the expert acts with probability beta, else the policy")
def test_mixing(student, rng):
    lengths = [40] * 12
    beta = float(rng.uniform(0.2, 0.35))
    found = run(student, rng, lengths, beta, [])
    found.expect_episodes()
    expect_mixed(found.actors, beta, lengths)


@graded(
    "4.6", points=3, says="every state of a decision is added, with what the expert would have done in it"
)
def test_relabelling(student, rng):
    lengths = [int(length) for length in rng.integers(4, 12, 5)]
    found = run(student, rng, lengths, 0.4, some_data(rng, 7))
    found.expect_episodes()
    found.expect_observations()
    found.expect_labels()


@graded("4.6", points=1, says="a beta that is no probability, and a round without episodes, are refused")
def test_refusals(student, rng):
    for beta in (-0.1, 1.1, float("nan")):
        what = f"beta {beta}"
        expect_raises(ValueError, run, student, rng, [3], beta, [], what=what, mistake="anything-accepted")
    expect_raises(ValueError, run, student, rng, [], 0.5, [], what="no episode", mistake="anything-accepted")
