"""A robot that ships is taught what a cone is: what it finds of the new and of the old, watched step by step."""

from pathlib import Path

import numpy as np
import pytest

from vla_course.learning.encoders.frozen import FrozenEncoders
from vla_course.learning.finetuning.curve import watch
from vla_course.learning.finetuning.exam import Exam
from vla_course.learning.finetuning.new_words import NewWords
from vla_course.learning.finetuning.pupil import Pupil
from vla_course.learning.finetuning.reptile import known_lesson, learn_to_learn
from vla_course.learning.finetuning.showing import EVERYTHING, Lesson, demonstrate, moments
from vla_course.learning.finetuning.teaching import TeachingRecipe
from vla_course.learning.grounding.config import ROLES
from vla_course.learning.grounding.examining import Ask, examine
from vla_course.learning.grounding.files import load_grounder
from vla_course.learning.grounding.grounder import Grounder
from vla_course.learning.grounding.lessons import Lessons, lessons
from vla_course.learning.grounding.questions import UNKNOWN, Question
from vla_course.learning.grounding.scenes import posed
from vla_course.simulation.scene.things import TRAINED


@pytest.fixture(scope="module")
def encoders() -> FrozenEncoders:
    return FrozenEncoders.load()


@pytest.fixture(scope="module")
def grounder() -> Grounder:
    return load_grounder()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("exam")


@pytest.fixture(scope="module")
def exam(folder: Path, encoders: FrozenEncoders) -> Exam:
    return Exam(folder, encoders, "cone", "cone", scenes=8, sessions=1)


@pytest.fixture(scope="module")
def old(folder: Path, encoders: FrozenEncoders) -> Lessons:
    return lessons(posed(folder, 1, range(1), TRAINED), encoders)


def test_the_row_of_a_word_is_learnt_and_nothing_is_forgotten(
    exam: Exam, encoders: FrozenEncoders, grounder: Grounder
) -> None:
    lesson = Lesson.of(demonstrate(0, "cone", "cone", 10), encoders)
    pupil = Pupil(grounder, NewWords(encoders.language, ["cone"]), "word")
    seen = list(watch(pupil, lesson, TeachingRecipe(steps=25), exam, every=20))
    assert [at.step for at in seen] == [0, 20, 25]
    assert seen[-1].new > seen[0].new + 0.1
    assert seen[-1].old == seen[0].old > 0.75
    assert seen[-1].beside == seen[0].beside
    with pytest.raises(ValueError, match="every is 0"):
        next(watch(pupil, lesson, TeachingRecipe(), exam, every=0))


def test_an_exam_tells_scenes_apart_and_is_the_same_again(
    exam: Exam, folder: Path, encoders: FrozenEncoders, grounder: Grounder
) -> None:
    words = NewWords(encoders.language, ["cone"])
    found = exam.of(grounder, words)
    for part in (found.new, found.alike, found.old, found.beside, found.absent):
        assert part.right.shape == part.scene.shape
        assert len(set(part.scene.tolist())) > 2
        assert 0.0 <= part.share <= 1.0
    assert 0 < len(found.alike.right) < len(found.new.right)
    again = Exam(folder, encoders, "cone", "cone", scenes=8, sessions=1).of(grounder, words)
    np.testing.assert_array_equal(again.new.right, found.new.right)


def test_a_new_thing_counts_among_those_that_may_be_mistaken(
    encoders: FrozenEncoders, grounder: Grounder, folder: Path
) -> None:
    """Who asks for the cone and is shown the cup of its colour is wrong; so is the other way round."""
    path = folder / "few.npz"
    moments(3, "cone", 4, postures=2).save(path)
    known = lessons([path], encoders, mirror=False)
    sights = known.sights
    moment, camera, new = next(
        (m, c, k)
        for m, c, k in np.argwhere(sights.pixels >= 30).tolist()
        if EVERYTHING[k].endswith("cone") and (sights.pixels[m, c, :48] >= 30).any()
    )
    other = int(np.argmax(sights.pixels[moment, camera, :48]))
    nothing = [UNKNOWN] * (len(ROLES) - 1)
    colour, shape = EVERYTHING[other].split()
    asks = [Ask(moment, Question(f"{colour} {shape}", (k, *nothing))) for k in (other, new)]
    found = examine(grounder, known, encoders, asks)
    rows = found.camera == camera
    assert found.nearest[rows].sum() <= 1
    assert found.several[rows].all()
    assert len(found.where(rows).things) == 2


def test_a_lesson_about_a_known_shape_calls_it_by_the_new_word(old: Lessons) -> None:
    lesson = known_lesson(old, "bottle", "dax", np.random.default_rng(0), count=5)
    assert len(lesson) == 5
    assert all(f"{sentence.split()[0]} bottle" in TRAINED for sentence in lesson.sentences)
    assert all(sentence.endswith(" dax") for sentence in lesson.sentences)
    assert (lesson.shows == 1.0).any(1).all()
    with pytest.raises(ValueError, match="shows a cone"):
        known_lesson(old, "cone", "dax", np.random.default_rng(0))


def test_learning_to_learn_moves_words_and_weights(
    old: Lessons, encoders: FrozenEncoders, grounder: Grounder
) -> None:
    pupil = Pupil(grounder, NewWords(encoders.language, ["dax"]), "everything")
    before = pupil.words.rows.detach().clone(), pupil.grounder.scores.look.weight.detach().clone()
    assert list(learn_to_learn(pupil, old, seed=0, rounds=1)) == [1]
    assert not np.allclose(before[0].numpy(), pupil.words.rows.detach().numpy())
    assert not np.allclose(before[1].numpy(), pupil.grounder.scores.look.weight.detach().numpy())
