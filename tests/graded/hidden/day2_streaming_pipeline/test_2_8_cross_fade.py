"""2.8, hidden: moments in any order, a fade that takes no time, none at all."""

from dataclasses import replace

import numpy as np

from shown.day2_streaming_pipeline.going_over import some_fade
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, expect_close, graded


@graded("2.8", points=1, says="moments may come in any order, and the ends of the fade belong to it")
def test_any_order(student, rng):
    fade = some_fade(rng)
    order = rng.permutation(len(fade.due))
    due = fade.due[order]
    due[:2] = fade.begins, fade.begins + fade.lasts
    quick = replace(fade, lasts=0.01, due=fade.begins + np.linspace(-0.004, 0.014, len(due)))
    expect_all(
        replace(fade, due=due).case(student, "the actions for moments in any order"),
        quick.case(student, "the actions of a fade of a hundredth of a second"),
        unit="rad",
    )
    moment = [fade.begins + 0.4 * fade.lasts]
    got = student.cross_fade(fade.old[:1], fade.new[:1], moment, fade.begins, fade.lasts)
    expect_close(
        got, 0.6 * fade.old[:1] + 0.4 * fade.new[:1], what="the action for a list of one", unit="rad"
    )


@graded("2.8", points=1, says="without time to fade the new chunk counts from `begins` on")
def test_no_time(student, rng):
    fade = replace(some_fade(rng), lasts=0.0)
    due = fade.due.copy()
    due[4] = fade.begins
    got = np.asarray(student.cross_fade(fade.old, fade.new, due, fade.begins, 0.0))
    expect(bool(np.isfinite(got).all()), "an action is no number", got=got, mistake="no-time-to-fade")
    expected = np.where((due >= fade.begins)[:, None], fade.new, fade.old)
    expect_close(got, expected, what="the actions without a fade", unit="rad", mistakes={})
    none = student.cross_fade(fade.old[:0], fade.new[:0], due[:0], fade.begins, 0.2)
    expect(np.shape(none) == (0, 5), "for no moment there is no action", got=np.shape(none), expected=(0, 5))
