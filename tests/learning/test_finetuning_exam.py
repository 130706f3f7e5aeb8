"""A robot that ships is taught what a cone is: what it finds of the new and of the old, watched step by step."""

from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest
import torch

from vla_course.learning.encoders.frozen import FrozenEncoders
from vla_course.learning.finetuning.curve import watch
from vla_course.learning.finetuning.exam import Exam, _alike
from vla_course.learning.finetuning.new_words import NewWords
from vla_course.learning.finetuning.pupil import Pupil
from vla_course.learning.finetuning.reptile import known_lesson, learn_to_learn
from vla_course.learning.finetuning.showing import EVERYTHING, Lesson, demonstrate, moments
from vla_course.learning.finetuning.teaching import TeachingRecipe, of_demonstrations, of_old, teach
from vla_course.learning.grounding.config import ROLES, GrounderConfig
from vla_course.learning.grounding.examining import Ask, examine
from vla_course.learning.grounding.files import load_grounder
from vla_course.learning.grounding.grounder import Grounder
from vla_course.learning.grounding.lessons import Lessons, lessons
from vla_course.learning.grounding.questions import UNKNOWN, Question
from vla_course.learning.grounding.scenes import posed
from vla_course.learning.grounding.sights import SHOWN
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


def test_who_sees_nothing_anywhere_says_rightly_that_nothing_new_is_there_and_another_may_answer_for_the_old(
    exam: Exam, encoders: FrozenEncoders, grounder: Grounder
) -> None:
    words, found = NewWords(encoders.language, ["cone"]), []
    for certain in (-100.0, 100.0):
        sure = deepcopy(grounder).requires_grad_(False)
        sure.judge[-1].bias += certain
        sure.scores.look.weight.zero_()
        found.append(exam.of(sure, words, grounder))
    assert (found[0].absent.share, found[1].absent.share) == (1.0, 0.0)
    apart = exam.of(sure, words)
    assert apart.old.share < found[1].old.share
    assert apart.beside.share < found[1].beside.share
    assert found[1].new.share == apart.new.share


def test_answers_are_alike_where_the_picture_shows_something_else_of_the_colour(
    exam: Exam, encoders: FrozenEncoders, grounder: Grounder
) -> None:
    words, known = NewWords(encoders.language, ["cone"]), exam._with
    answers = examine(grounder, known, words, exam._new)
    told = _alike(answers, known.sights)
    for k, (moment, camera, entity) in enumerate(
        zip(answers.moment, answers.camera, answers.entity, strict=True)
    ):
        colour, seen = EVERYTHING[entity].split()[0], known.sights.pixels[moment, camera] >= SHOWN
        others = [EVERYTHING[j] for j in np.flatnonzero(seen) if j != entity]
        assert told[k] == any(name.startswith(f"{colour} ") for name in others)
    assert 0 < told.sum() < len(told)


def test_an_exam_of_nothing_is_refused(encoders: FrozenEncoders, folder: Path) -> None:
    with pytest.raises(ValueError, match="scenes is 0, expected 1 or more"):
        Exam(folder, encoders, "cone", "cone", scenes=0)
    with pytest.raises(ValueError, match="sessions is 0, expected 1 or more"):
        Exam(folder, encoders, "cone", "cone", sessions=0)


def test_old_moments_are_rehearsed_beside_what_is_shown(
    old: Lessons, encoders: FrozenEncoders, grounder: Grounder
) -> None:
    lesson = known_lesson(old, "bottle", "dax", np.random.default_rng(0), count=5)
    pupil = Pupil(grounder, NewWords(encoders.language, ["dax"]), "everything")
    rng = np.random.default_rng([3, 5])  # what `teach` draws from
    of_new = of_demonstrations(pupil, lesson, rng.integers(len(lesson), size=8))
    rehearsed = of_old(pupil, old, rng, 8)
    torch.manual_seed(0)
    stranger = Pupil(Grounder(GrounderConfig()), pupil.words, "everything")
    assert float(rehearsed) < 0.5 * float(of_old(stranger, old, np.random.default_rng(0), 8))
    steps = list(teach(pupil, lesson, TeachingRecipe(seed=3, steps=1, rehearsed=8), old))
    assert steps[-1].loss == float(of_new + rehearsed)


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
    two = Pupil(grounder, NewWords(encoders.language, ["dax", "wug"]), "everything")
    with pytest.raises(ValueError, match=r"pupil has the words \('dax', 'wug'\), expected one"):
        next(learn_to_learn(two, old, seed=0))
