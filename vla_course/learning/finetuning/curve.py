"""Fine-tuning that is watched: how much of the new and of the old is found, step by step.

encoders, grounder = FrozenEncoders.load(), load_grounder()
words = NewWords(encoders.language, ["cone"])
lesson = Lesson.of(demonstrate(0, "cone", "cone", count=20), encoders)
exam = Exam(Path("build/finetuning"), encoders, "cone", "cone", scenes=20, sessions=2)
for at in watch(Pupil(grounder, words, "lora"), lesson, TeachingRecipe(), exam, every=10):
    ...                                     # draw at.step, at.new, at.old, at.beside
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from vla_course.learning.finetuning.exam import Exam
from vla_course.learning.finetuning.pupil import Pupil
from vla_course.learning.finetuning.showing import Lesson
from vla_course.learning.finetuning.teaching import TeachingRecipe, teach
from vla_course.learning.grounding.lessons import Lessons


@dataclass(frozen=True, slots=True)
class Point:
    """Where fine-tuning stands, and what the pupil finds now.

    Attributes:
        step, steps: done of all.
        loss: of the last step, nan before the first.
        seconds: processor seconds of training so far.
        new, alike, old, beside, absent: shares of right answers, 0 to 1, as `exam.Results` has them.
    """

    step: int
    steps: int
    loss: float
    seconds: float
    new: float
    alike: float
    old: float
    beside: float
    absent: float


def watch(
    pupil: Pupil,
    lesson: Lesson,
    recipe: TeachingRecipe,
    exam: Exam,
    every: int = 10,
    old: Lessons | None = None,
) -> Iterator[Point]:
    """Fine-tune a pupil in place and examine it before the first step, every few, and after the last one.

    Args:
        pupil: whom.
        lesson: what is shown.
        recipe: how long and how fast.
        exam: what is asked.
        every: steps between two exams, 1 or more.
        old: old examples to rehearse; default: none.

    Raises:
        ValueError: `every` is less than 1.
    """
    if every < 1:
        raise ValueError(f"every is {every}, expected 1 or more")
    for at in teach(pupil, lesson, recipe, old):
        if at.step % every == 0 or at.step == at.steps:
            found = exam.of(pupil.taught(), pupil.words)
            yield Point(
                at.step,
                at.steps,
                at.loss,
                at.seconds,
                *(part.share for part in (found.new, found.alike, found.old, found.beside, found.absent)),
            )
