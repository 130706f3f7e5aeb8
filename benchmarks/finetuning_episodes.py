"""The episodes of `finetuning.py`: "point at the red cone", in physics, and in the same scene at something known."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from vla_course.learning.encoders.frozen import FrozenEncoders
from vla_course.learning.finetuning.hearing import taught_listen
from vla_course.learning.finetuning.new_words import TaughtEncoders
from vla_course.learning.finetuning.pupil import Pupil
from vla_course.learning.finetuning.showing import laid
from vla_course.learning.planned.learned import LearnedGrounder, learned_listen
from vla_course.learning.planned.policy import PlannedPolicy
from vla_course.simulation.scene.things import COLOURS
from vla_course.simulation.tasks.goals_hands import PointedAt
from vla_course.simulation.tasks.instructions import Instruction
from vla_course.simulation.tasks.meant import MIDLINE
from vla_course.simulation.tasks.tasks import Part, Task
from vla_course.simulation.world.world import World

_SEED = 40


@dataclass(frozen=True)
class Pointing:
    """An episode: a scene by its number, and whether the new thing in it is named or a known one."""

    shape: str
    number: int
    new: bool

    @property
    def key(self) -> str:
        """Its name in a file of results."""
        return f"point/{self.shape}/{self.number}/{'new' if self.new else 'old'}"

    @property
    def name(self) -> str:
        """What is to be done, as figures are called."""
        return f"point at {f'the {self.shape}' if self.new else 'a known thing of its colour beside it'}"


@dataclass(frozen=True)
class Pointed:
    """What came of an episode: whether it was done, what went wrong, seconds `s` of the processor."""

    key: str
    done: bool
    trouble: str
    s: float


def pointings(shape: str, count: int) -> Iterator[Pointing]:
    """Yield episodes: in each of `count` scenes the new thing is named, and then a known one."""
    for number in range(count):
        yield from (Pointing(shape, number, new) for new in (True, False))


def task_of(pointing: Pointing) -> tuple[Task, str]:
    """Return the task, and what is said. Beside the new thing lies a known one of the same colour."""
    rng = np.random.default_rng([_SEED, pointing.number])
    while True:
        colour = tuple(COLOURS)[rng.integers(len(COLOURS))]
        new = f"{colour} {pointing.shape}"
        scene, _ = laid(rng, new, ())
        places = {thing.name: thing.position for thing in scene.things}
        old = next((name for name in places if name != new and name.startswith(colour)), None)
        if old is not None and all(abs(places[name][1]) > MIDLINE for name in (new, old)):
            break
    name = new if pointing.new else old
    hand = "left" if places[name][1] > 0.0 else "right"
    instruction = Instruction("point at", thing=f"{name.split()[0]} thing")
    part = Part(instruction, PointedAt(name, hand), hand, frozenset())
    return Task(instruction, scene, (0.0, 0.0), 0.0, (part,)), f"point at the {name}"


def before(encoders: FrozenEncoders, shape: str) -> PlannedPolicy:
    """Return the robot as it ships: a word that it does not know it spells."""
    return PlannedPolicy(taught_listen(learned_listen(encoders), [shape]), LearnedGrounder.load())


def after(encoders: FrozenEncoders, pupil: Pupil) -> PlannedPolicy:
    """Return the robot after a fine-tuning."""
    eyes = LearnedGrounder(pupil.taught(), TaughtEncoders(encoders, pupil.words))
    return PlannedPolicy(taught_listen(learned_listen(encoders), pupil.words.words), eyes)


def points(pointing: Pointing, policy: PlannedPolicy) -> tuple[bool, str]:
    """Let a robot carry out an episode; return whether it did, by the task's own rule, and what went wrong."""
    task, sentence = task_of(pointing)
    with World(pointing.number) as world:
        stage = task.start(world)
        task.observe(stage)
        for _ in policy.perform(stage.humanoid, sentence):
            task.observe(stage)
            if task.succeeded(stage) or task.failed(stage) or world.time > task.seconds:
                break
        done = task.succeeded(stage) and world.time <= task.seconds
        return done, "" if done else task.failed(stage) or policy.refusal or "pointed elsewhere"
