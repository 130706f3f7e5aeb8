"""5.8, what students do not see: plans of several steps, second attempts, and what is left alone."""

from shown.day5_deployment.stories import ticked
from vla_course.course.checking.judging import expect, graded


@graded(
    "5.8",
    points=1,
    says="every step has all its attempts, and a second one begins at the step, not at the plan",
)
def test_several_steps(student, rng):
    a, b = (["running"] * int(runs) for runs in rng.integers(1, 4, size=2))
    steps = [
        ["find", [[*a, "failure"], [*a, "success"]], 2],
        ["take", [[*b, "failure"], [*b, "success"]], 2],
        ["bring", [["failure"], ["success"]], 2],
    ]
    whole = 2 * (len(a) + 1) + 2 * (len(b) + 1)
    told = ticked(student, steps, 2, whole + 4)
    expect(
        told.count("tick find") <= 2 * (len(a) + 1),
        "after a step had failed the plan began anew with its first one",
        mistake="back-to-the-first",
    )
    expect(
        "failure" not in told.answered,
        "the second step has fewer attempts than it may have",
        got=told.answered.count("failure"),
        mistake="attempts-not-counted-anew",
    )
    # The tick in which one step is seen to be done is the first one of the next.
    expect(
        told.answered.index("success") == whole - 1 if "success" in told.answered else False,
        "between two steps a tick passes in which nothing is done",
        got=told.answered,
        mistake="a-tick-between-steps",
    )
    slips = ticked(student, [["find", [["success"]]], ["take", [["failure"]], -1]], 2, 6)
    expect(
        slips.count("tick take") == 2,
        "a later step that keeps failing was not tried as often as it may be",
        got=slips.count("tick take"),
        expected=2,
        mistake="back-to-the-first",
    )
    expect(
        told.reasons[-1] == "",
        "a plan that succeeded has a reason",
        got=told.reasons[-1],
        mistake="no-reason",
    )


@graded("5.8", points=1, says="an action that is under way comes to its end, and what is seen then counts")
def test_comes_to_its_end(student, rng):
    runs, early = int(rng.integers(3, 6)), int(rng.integers(1, 3))
    put = ["put it down", [["running"] * runs + ["success"]], 1, "", 0, early]
    told = ticked(student, [put, ["step back", [["running"] * 9]]], 2, runs + 1)
    expect(
        told.count("tick put it down") == runs + 1 and told.count("tick step back") == 1,
        "the next step began while the hand was still on its way",
        got=told.moved,
        mistake="cut-short",
    )
    told = ticked(student, [["put it down", [["failure"]], 1]], 1, 1)
    expect(
        told.answered == ["success"],
        "the action said FAILURE, and the cup is seen to stand where it should",
        got=told.answered[0],
        expected="success",
        mistake="believes-the-action",
    )
    done = [[name, [["running"]], 0] for name in ("find", "take", "bring", "let go")]
    told = ticked(student, done, 1, 1)
    expect(
        told.answered == ["success"],
        "all was done before it began, and the sequence does not say so at once",
        got=told.answered[0],
        expected="success",
        mistake="begins-what-is-done",
    )


@graded("5.8", points=1, says="what has ended, or never began, is left alone")
def test_left_alone(student, rng):
    told = ticked(student, [["take", [["failure"]], -1]], 1, 4)
    expect(
        [call for calls in told.calls[1:] for call in calls] == [] and set(told.statuses[1:]) == {"failure"},
        "a sequence that had failed was gone on with",
        got=told.calls[1:],
        mistake="goes-on-after-its-end",
    )
    told = ticked(student, [["take", [["success"]], 1]], 1, 3)
    expect(
        told.answered == ["success"] * 3 and told.count("tick take") == 1,
        "a sequence that had succeeded was gone on with",
        got=told.answered,
        mistake="goes-on-after-its-end",
    )
    told = ticked(student, [["take", [["running"]], 1, "there is no cup", 0]], 2, 2)
    expect(
        told.answered[0] == "failure" and told.moved[0] == [],
        "an action that had never begun was halted, or ticked",
        got=told.moved[0],
        mistake="halts-what-rests",
    )
    expect(
        ticked(student, [], 1, 1).answered == ["success"],
        "a plan of no steps is done",
        mistake="goes-on-after-its-end",
    )
