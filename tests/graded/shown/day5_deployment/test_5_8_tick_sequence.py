"""5.8: a plan that looks where it is going."""

from shown.day5_deployment.stories import ticked
from vla_course.course.checking.judging import expect, graded


@graded(
    "5.8", points=2, says="a guard is asked on every tick before anything moves, and what it ends is halted"
)
def test_guarded(student, rng):
    quiet = int(rng.integers(2, 6))
    cup = ["take the cup", [["running"] * 20 + ["success"]], 1, "the cup is gone", quiet]
    told = ticked(student, [cup, ["carry it", [["success"]]]], 3, quiet + 2)
    asked = [number for number in range(quiet) if f"guard {cup[0]}" in told.calls[number]]
    expect(
        len(asked) == quiet,
        "while the robot reached for the cup, its guard was not asked on every tick",
        got=f"on {len(asked)} of {quiet}",
        mistake="guards-at-the-start-only",
    )
    expect(
        not told.unguarded and f"tick {cup[0]}" not in told.calls[quiet],
        "in the tick in which the cup was gone, the hand went on",
        got=told.calls[quiet],
        mistake="moves-before-it-asks",
    )
    expect(
        told.answered[quiet] != "running",
        "the cup is gone, and the plan goes on as if another attempt could bring it back",
        got=told.answered[quiet],
        expected="failure",
        mistake="tries-again-what-the-world-forbids",
    )
    expect(
        told.count(f"halt {cup[0]}") == 1,
        "the hand that was reaching was not halted once",
        got=f"halted {told.count(f'halt {cup[0]}')} times",
        expected="once",
        mistake="left-running",
    )
    expect(
        not told.running[quiet],
        "the action was halted, and `running` says that it is under way",
        got=told.running[quiet],
        mistake="left-running",
    )
    expect(
        told.statuses[quiet] == "failure" and told.reasons[quiet] == "the cup is gone",
        "the sequence does not say for what reason it failed",
        got=(told.statuses[quiet], told.reasons[quiet]),
        expected=("failure", "the cup is gone"),
        mistake="no-reason",
    )


@graded("5.8", points=2, says="a step is tried as often as it may be, and not once more")
def test_bounded(student, rng):
    allowed, runs = int(rng.integers(2, 5)), int(rng.integers(0, 3))
    slips = ["take the cup", [["running"] * runs + ["failure"]], -1]
    told = ticked(student, [slips, ["carry it", [["success"]]]], allowed, (allowed + 3) * (runs + 1))
    expect(
        told.count("tick carry it") == 0 and "success" not in told.answered,
        "the cup was never taken, and the robot goes on to the next step",
        mistake="failure-swallowed",
    )
    last = told.answered.index("failure") if "failure" in told.answered else len(told.answered)
    expect(
        not any(told.moved[last + 1 :]),
        "the sequence has said FAILURE, and the hand goes out once more",
        got=told.moved[last + 1 :],
        mistake="goes-on-after-its-end",
    )
    expect(told.answered[-1] != "running", "it tries for ever", mistake="tries-without-end")
    begun = told.count("tick take the cup") // (runs + 1)
    expect(begun <= allowed, "it tries too often", got=begun, expected=allowed, mistake="one-too-many")
    expect(begun >= allowed, "it gives up too early", got=begun, expected=allowed, mistake="one-too-few")
    expect(
        told.statuses[-1] == "failure" and told.reasons[-1] == f"take the cup: attempt {allowed} failed",
        "the reason is that of the last attempt",
        got=(told.statuses[-1], told.reasons[-1]),
        expected=("failure", f"take the cup: attempt {allowed} failed"),
        mistake="no-reason",
    )


@graded("5.8", points=2, says="a step is done when it is seen to be done, whatever its action says")
def test_perceived(student, rng):
    runs = int(rng.integers(1, 4))
    blind = ["take the cup", [["running"] * runs + ["success"]], -1]
    told = ticked(student, [blind, ["carry it", [["running"] * 9]]], 1, runs + 2)
    expect(
        told.count("tick carry it") == 0 and told.answered[runs] != "success",
        "the action said SUCCESS, nobody saw a cup in the hand, and the robot carries it away",
        got=told.answered[runs],
        expected="failure",
        mistake="believes-the-action",
    )
    expect(
        told.statuses[runs] == "failure" and told.reasons[runs] == "take the cup: not seen to be done",
        "an attempt that was not seen to succeed has failed, for that reason",
        got=(told.statuses[runs], told.reasons[runs]),
        expected=("failure", "take the cup: not seen to be done"),
        mistake="no-reason",
    )
    there = ["find the cup", [["running"] * 9], 0]
    told = ticked(student, [there, ["take it", [["running"], ["success"]]]], 1, 1)
    expect(
        told.moved[0] == ["tick take it"],
        "what was seen to be done before it began was begun, or cost a tick",
        got=told.moved[0],
        expected=["tick take it"],
        mistake="begins-what-is-done",
    )
