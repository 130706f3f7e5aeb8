"""The fine-tunings that `finetuning.py` compares: each of a kind of thing, a seed, so many demonstrations and a way."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from clustered import as_digits
from kept import BUILD
from torch import nn

from vla_course.learning.encoders.frozen import FrozenEncoders
from vla_course.learning.finetuning.exam import Exam, Results
from vla_course.learning.finetuning.new_words import NewWords
from vla_course.learning.finetuning.prototypes import ReadsAsThing, with_prototype
from vla_course.learning.finetuning.pupil import ALPHA, RANK, WAYS, Pupil, Way, adapted_layers
from vla_course.learning.finetuning.reptile import learn_to_learn
from vla_course.learning.finetuning.showing import Demonstrations, Lesson, demonstrate
from vla_course.learning.finetuning.teaching import RATES, TeachingRecipe, teach
from vla_course.learning.grounding.files import load_grounder
from vla_course.learning.grounding.lessons import Lessons, lessons
from vla_course.learning.grounding.scenes import posed
from vla_course.simulation.scene.things import TRAINED

REHEARSED = 3
"""sessions of old scenes, forty moments each, that rehearsal and meta-training learn from"""
FEW = 6
"""steps, after which few-shot adaptation is asked"""
PARTS = ("new", "alike", "old", "beside", "absent")


@dataclass(frozen=True)
class Run:
    """One fine-tuning. `way` is one of the pupil's, or a variation of it that its name says."""

    shape: str
    seed: int
    count: int
    way: str

    @property
    def key(self) -> str:
        """Its name in a file of results."""
        return f"{self.shape}/{self.seed}/{self.count}/{self.way}"

    @property
    def group(self) -> str:
        """What its seeds have in common, as figures are called."""
        return f"{self.shape}, {self.count} demonstrations, {self.way}"


@dataclass(frozen=True)
class Outcome:
    """What came of it: for each of `PARTS` a row of 0 and 1, right or wrong, and the scenes that the answers are about;
    how many numbers learnt; seconds of the processor."""

    key: str
    right: dict[str, str]
    scene: dict[str, list[int]]
    size: int
    seconds: float


SEEDS = 3
MOST = 30
"""demonstrations; fewer are the first of them"""


def grid(quick: bool) -> Iterator[Run]:
    """Yield all runs: three seeds each of a cone with 10, 20 and 30 demonstrations and, in fewer ways, a mushroom."""
    if quick:
        for way in ("before", "prototype", "word", "lora, rehearsed"):
            yield Run("cone", 0, 10, way)
        return
    yield Run("cone", 0, 0, "before")
    for seed in range(SEEDS):
        yield from (Run("cone", seed, 20, way) for way in ("prototype", *WAYS))
        yield from (Run("cone", seed, 20, f"{way}, rehearsed") for way in ("lora", "everything"))
    for seed in range(SEEDS):
        yield Run("cone", seed, 20, "lora by peft")
        for count in (10, 30):
            yield from (Run("cone", seed, count, way) for way in ("prototype", *WAYS))
        yield from (Run("cone", seed, 10, f"{way}, {FEW} steps") for way in ("everything", "Reptile"))
    yield Run("mushroom", 0, 0, "before")
    for seed in range(SEEDS):
        for way in ("word", "lora, rehearsed", "everything"):
            yield Run("mushroom", seed, 20, way)


class Teacher:
    """Carries out runs; what several of them need is made once."""

    def __init__(self, scenes: int = 40, sessions: int = 4) -> None:
        self.encoders, self.grounder = FrozenEncoders.load(), load_grounder()
        self._exams: dict[str, Exam] = {}
        self._shown: dict[tuple[str, int], Demonstrations] = {}
        self._metas: dict[tuple[str, int], Pupil] = {}
        self._scenes, self._sessions = scenes, sessions

    @cached_property
    def old(self) -> Lessons:
        """Old examples."""
        paths = posed(BUILD / "grounding", 0, range(REHEARSED), TRAINED)
        return lessons(paths, self.encoders)

    def exam(self, shape: str) -> Exam:
        """Return the exam about a kind of thing."""
        if shape not in self._exams:
            self._exams[shape] = Exam(
                BUILD / "finetuning", self.encoders, shape, shape, self._scenes, self._sessions
            )
        return self._exams[shape]

    def lesson(self, run: Run) -> Lesson:
        """Return what is shown; of one seed the first ten are those of ten."""
        key = run.shape, run.seed
        if key not in self._shown:
            self._shown[key] = demonstrate(run.seed, run.shape, run.shape, MOST)
        return Lesson.of(self._shown[key].first(run.count), self.encoders)

    def carry_out(self, run: Run) -> Outcome:
        """Fine-tune and examine."""
        words = NewWords(self.encoders.language, [run.shape])
        if run.way == "before":
            return _outcome(run, self.exam(run.shape).of(self.grounder, words), 0, 0.0)
        if run.way == "prototype":
            lesson, begin = self.lesson(run), time.process_time()
            seeking = with_prototype(self.grounder, lesson)
            seconds = time.process_time() - begin
            reads = ReadsAsThing(self.encoders, run.shape)
            found = self.exam(run.shape).of(seeking, reads, self.grounder)
            return _outcome(run, found, 0, seconds)
        pupil, seconds = self.pupil(run)
        return _outcome(run, self.exam(run.shape).of(pupil.taught(), pupil.words), pupil.size, seconds)

    def pupil(self, run: Run) -> tuple[Pupil, float]:
        """Return who was fine-tuned as a run says, and the processor seconds that it took."""
        words = NewWords(self.encoders.language, [run.shape])
        name, _, variation = run.way.partition(", ")
        recipe, old = TeachingRecipe(seed=run.seed), None
        if variation == "rehearsed":
            old = self.old
        elif variation:
            recipe = TeachingRecipe(seed=run.seed, steps=FEW, rate=1e-3)
        if name == "Reptile":
            meta = self._meta(run, words)
            pupil = Pupil(meta.grounder, meta.words, "everything")
        elif name == "lora by peft":
            ours = Pupil(self.grounder, words, "lora", seed=run.seed)
            pupil = with_peft(ours, Pupil(self.grounder, words, "word"))
            recipe = TeachingRecipe(seed=run.seed, rate=RATES["lora"])
        else:
            pupil = Pupil(self.grounder, words, _way(name), seed=run.seed)
        seconds = 0.0
        for at in teach(pupil, self.lesson(run), recipe, old):
            seconds = at.seconds
        return pupil, seconds

    def _meta(self, run: Run, words: NewWords) -> Pupil:
        key = run.shape, run.seed
        if key not in self._metas:
            self._metas[key] = Pupil(self.grounder, words, "everything")
            for _ in learn_to_learn(self._metas[key], self.old, run.seed, rate=1e-3):
                pass
        return self._metas[key]


def with_peft(ours: Pupil, theirs: Pupil) -> Pupil:
    """Give `theirs` adapters of peft in the same layers, with the ranks and the first weights of `ours`."""
    from peft import LoraConfig, inject_adapter_in_model

    names = adapted_layers(theirs.grounder)
    adapters = {name: ours.grounder.get_submodule(name) for name in names}
    ranks = {name: int(one.rank) for name, one in adapters.items()}  # type: ignore[arg-type]
    config = LoraConfig(
        r=RANK,
        lora_alpha=int(ALPHA),
        target_modules=names,
        rank_pattern={name: rank for name, rank in ranks.items() if rank != RANK},
        alpha_pattern={name: ALPHA * rank / RANK for name, rank in ranks.items() if rank != RANK},
    )
    inject_adapter_in_model(config, theirs.grounder)
    for name, one in adapters.items():
        layer: nn.Module = theirs.grounder.get_submodule(name)
        layer.lora_A["default"].weight.data.copy_(one.down.data)  # type: ignore[index, union-attr]
        layer.lora_B["default"].weight.data.copy_(one.up.data)  # type: ignore[index, union-attr]
    return theirs


def _way(name: str) -> Way:
    return next(way for way in WAYS if way == name)


def _outcome(run: Run, found: Results, size: int, seconds: float) -> Outcome:
    marks = {part: getattr(found, part) for part in PARTS}
    return Outcome(
        run.key,
        {part: as_digits(of.right.tolist()) for part, of in marks.items()},
        {part: of.scene.tolist() for part, of in marks.items()},
        size,
        round(seconds, 2),
    )
