"""5.11: which utterances a robot believes."""

import numpy as np

from shown.day5_deployment.hearsay import Hearsay, and_then, ratio, some_of, some_speech, unheard
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, expect_close, expect_raises, graded
from vla_course.deployment.voice.scores import SpeechScores


@graded(
    "5.11",
    points=2,
    says="the threshold is the highest ratio per frame that keeps the wanted fraction of commands",
)
def test_threshold(student, rng):
    radio = some_speech(rng, 17, -1.3)
    expect_all(
        Hearsay(radio, some_speech(rng, 23, -0.2), 0.9).case(student, "the threshold that keeps 0.9 of 23"),
        Hearsay(radio, some_speech(rng, 31, -0.4), 0.75).case(student, "the threshold that keeps 0.75 of 31"),
        unit="nats per frame",
    )


@graded(
    "5.11",
    points=1,
    says="silence and what has no path are never believed, and among commands they count as lost",
)
def test_unheard(student, rng):
    commands = and_then(some_speech(rng, 37, -0.9), unheard(2, 1))
    heard = and_then(unheard(1, 0), some_speech(rng, 6, -0.9), unheard(2, 2))
    some = Hearsay(heard, commands, 0.8)
    got, threshold = some.asked(student)
    silent = heard.frames == 0
    expect(
        not got[silent].any(),
        "what was never loud enough should not be believed",
        got=got[silent],
        expected=[False] * int(silent.sum()),
        mistake="silence-believed",
    )
    expect_close(
        threshold,
        some.threshold,
        what="the threshold by 40 commands, 3 of which were not heard",
        unit="nats per frame",
        mistakes={"no-path-forgotten": some.mistaken()["no-path-forgotten"]},
    )
    expect_close(got, some.believed, what="who is believed")


@graded("5.11", points=1, says="whoever just reaches the threshold is believed, and nobody below it")
def test_believed(student, rng):
    commands = some_speech(rng, 20, -0.3)
    last = int(np.argsort(ratio(commands))[2])  # of 20, 18 are to be kept
    some = Hearsay(and_then(some_speech(rng, 8, -0.8), some_of(commands, np.array([last]))), commands, 0.9)
    got, _ = some.asked(student)
    right = some.believed
    stricter = right.copy()
    stricter[-1] = False
    expect_close(got, right, what="who is believed", mistakes={"just-misses": stricter})
    expect(
        got.dtype == np.bool_, "who is believed should be told in bool", got=got.dtype.name, expected="bool"
    )


@graded("5.11", points=1, says="where nothing can be chosen by, it is refused")
def test_refusals(student, rng):
    commands, heard = some_speech(rng, 20, 0.0), some_speech(rng, 3, 0.0)
    none = SpeechScores(np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.int64))
    for what, arguments in (
        ("a fraction of 0", (heard, commands, 0.0)),
        ("a fraction of 1.01", (heard, commands, 1.01)),
        ("a fraction of 95", (heard, commands, 95.0)),
        ("no commands", (heard, none, 0.9)),
        ("commands of which a third were not heard", (heard, and_then(commands, unheard(6, 4)), 0.9)),
    ):
        expect_raises(ValueError, student.believed, *arguments, what=what, mistake="nobody-asked")
