"""Pictures of plans tell in words, too, what they show."""

import numpy as np
import pytest

from vla_course.deployment.executor.deeds import Attempt
from vla_course.deployment.executor.executor import Pursuit
from vla_course.deployment.executor.scripted_steps import play
from vla_course.deployment.executor.tree import GuardedSequence, Status
from vla_course.panels.talking.plan_timeline import Photograph, moments_of, strip_picture, timeline_picture
from vla_course.panels.talking.tick_story import TAKEN, story_picture
from vla_course.reference.day5_deployment.plans import tick_sequence

TAKE, SERVE = "pick up the red cup", "serve the person the red cup"
LOST = "the red cup is not between my fingers any more"
PURSUIT = Pursuit(
    "serve a drink to the person",
    0.0,
    41.0,
    "done",
    plans=[(2.0, "", (TAKE, SERVE)), (19.0, LOST, (TAKE, SERVE))],
    attempts=[
        Attempt(TAKE, 0, 2.0, 10.0, "halted", LOST),
        Attempt(TAKE, 1, 19.0, 27.0, "success"),
        Attempt(SERVE, 1, 27.0, 41.0, "success"),
    ],
)


def test_a_timeline_has_a_row_for_each_step_of_each_plan() -> None:
    """Both plans, all attempts and the reason are in the picture and in its words."""
    drawn = timeline_picture(PURSUIT)
    assert [label.get_text() for label in drawn.axes[0].get_yticklabels()] == [TAKE, SERVE, TAKE, SERVE]
    assert f"{TAKE} halted" in drawn.alt
    assert any(text.get_text() == f"a new plan, for {LOST}" for text in drawn.axes[0].texts)
    assert drawn.png()


def test_a_refused_goal_has_a_timeline_as_well() -> None:
    """Where nothing was begun the picture says why."""
    drawn = timeline_picture(Pursuit("make coffee", 0.0, 1.0, "refused", "I do not know how to make coffee"))
    assert "I do not know how to make coffee" in drawn.alt
    assert drawn.png()


def test_a_strip_shows_the_photographs_that_are_nearest() -> None:
    """Of one photograph a second, those nearest to the times asked for."""
    grey = np.full((4, 4, 3), 128, dtype=np.uint8)
    taken = [Photograph(float(k), f"doing {k}", grey) for k in range(42)]
    times = moments_of(PURSUIT, 3)
    assert times == pytest.approx([1.0, 21.0, 41.0])
    assert "doing 1 after 1 s, doing 21 after 21 s, doing 41 after 41 s" in strip_picture(taken, times).alt


def test_a_story_tells_what_the_ticks_did() -> None:
    """The action is halted in the tick in which the guard speaks, and in no other."""
    drawn = story_picture(tick_sequence)
    assert drawn.alt.count("halt") == 1
    assert "13: guard carry it to the person, halt carry it to the person, failure" in drawn.alt
    assert drawn.png()


def test_a_tick_that_never_ends_is_told() -> None:
    """Who tries again within one tick, for ever, is stuck, and does not hang."""

    def impatient(sequence: GuardedSequence) -> Status:
        while sequence.steps[0].action.tick() is not Status.SUCCESS:
            pass
        return Status.SUCCESS

    told = play(impatient, [["take", [["failure"]], -1]], 2, 3)
    assert [one[0] for one in told] == ["stuck"]
    assert "stuck" in story_picture(impatient, [["take", [["failure"]], -1]]).alt
    assert len(TAKEN) == 4
