"""5.11, hidden: any number of commands, any fraction."""

import numpy as np

from shown.day5_deployment.hearsay import Hearsay, and_then, some_speech, unheard
from vla_course.course.checking.judging import expect, expect_close, graded
from vla_course.deployment.voice.scores import SpeechScores


@graded(
    "5.11",
    points=1,
    says="it holds for one command and for many, for all of them, and where nothing is heard",
)
def test_any_number(student, rng):
    for n, keep in ((1, 0.5), (100, 0.55), (20, 0.95), (10, 1.0), (400, 0.99), (7, 1e-6)):
        commands = some_speech(rng, n, -0.5)
        heard = and_then(some_speech(rng, 12, -0.5), unheard(2, 2))
        some = Hearsay(heard, commands, keep)
        got, threshold = some.asked(student)
        expect_close(threshold, some.threshold, what=f"the threshold that keeps {keep:g} of {n}", atol=1e-9)
        expect_close(got, some.believed, what=f"who is believed where {keep:g} of {n} are kept")
        expect(isinstance(threshold, float), "the threshold should be a number", got=type(threshold).__name__)
    brief = SpeechScores(np.array([-3.0]), np.array([-2.0]), np.array([1]))
    got, threshold = Hearsay(brief, brief, 1.0).asked(student)
    expect_close(threshold, -1.0, what="the threshold of a command of one frame", atol=1e-9)
    expect(bool(got.all()), "a command of one frame should be believed", got=got.tolist(), expected=[True])
    nobody, _ = Hearsay(unheard(0, 0), some_speech(rng, 5, 0.0), 0.8).asked(student)
    expect(nobody.shape == (0,), "of no utterances none should be believed", got=nobody.shape, expected=(0,))
    finite = Hearsay(unheard(3, 3), and_then(some_speech(rng, 9, 0.0), unheard(1, 0)), 0.9)
    expect(
        not np.any(finite.asked(student)[0]), "nothing unheard should be believed", mistake="silence-believed"
    )
