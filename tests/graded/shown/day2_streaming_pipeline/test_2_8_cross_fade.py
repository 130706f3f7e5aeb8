"""2.8: from one chunk to the next, moment by moment."""

from shown.day2_streaming_pipeline.going_over import some_fade
from shown.slips import expect_all
from vla_course.course.checking.judging import expect_raises, graded


@graded("2.8", points=3, says="what counts of either chunk goes by when an action is due")
def test_fade(student, rng):
    expect_all(
        some_fade(rng).case(student, "the actions of a fade"),
        some_fade(rng, 9, 2).case(student, "those of another"),
        unit="rad",
    )


@graded("2.8", points=1, says="chunks of different shapes, and a fade of less than no time, are refused")
def test_refusals(student, rng):
    fade = some_fade(rng)
    for what, arguments in (
        ("a new chunk of one row", (fade.old, fade.new[:1], fade.due, fade.begins, fade.lasts)),
        ("a new chunk turned round", (fade.old, fade.new.T, fade.due, fade.begins, fade.lasts)),
        ("a new chunk of one number", (fade.old, fade.new[:, :1], fade.due, fade.begins, fade.lasts)),
        ("a fade of -0.1 s", (fade.old, fade.new, fade.due, fade.begins, -0.1)),
    ):
        expect_raises(ValueError, student.cross_fade, *arguments, what=what, mistake="anything-accepted")
