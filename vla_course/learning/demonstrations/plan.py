"""Which episodes there will be: skill, thing, scene, noise and kicks of each, told by its index and the seed alone.

Episodes come in pairs. Both of a pair begin with the same pictures, the same robot in the same scene, and are told
different things: half of the pairs the same skill about another thing, half another skill. What differs between them
is what the words say.
"""

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from vla_course.learning.demonstrations.layout import DemonstrationFault
from vla_course.learning.environment.variation import Variation, sample_variation
from vla_course.simulation.scene.things import COLOURS, SHAPES, TRAINED
from vla_course.simulation.tasks.asked import sample_instruction
from vla_course.simulation.tasks.instructions import SKILLS, Instruction, Skill, fits
from vla_course.simulation.tasks.scenes import NoScene
from vla_course.simulation.tasks.tasks import Task, sample_task, task_for, task_in

DIRECT: Final[tuple[Skill, ...]] = (
    *("walk", "turn", "look at", "stand still", "go to"),
    *("reach for", "point at", "pick up", "place", "move to"),
)
"""the skills that a policy learns to act out directly"""
ALIKE: Final[tuple[tuple[Skill, ...], ...]] = (
    ("walk", "turn", "stand still"),
    ("look at",),
    ("go to",),
    ("reach for", "point at", "pick up", "place", "move to"),
)
"""skills whose scenes begin alike: any of a row can be told where another one could"""
GENTLY: Final[dict[Skill, float]] = {"place": 0.5, "move to": 0.5}
"""factors on the level of noise: who carries a thing over others has little to spare"""
QUIET: Final = 0.25
"""of all pairs, those without noise"""
KICKED: Final = 0.3
"""of all episodes with noise, those with a push"""
KICKS: Final = (1.0, 4.0)
"""N s, the least and the greatest push"""
KICK_TIMES: Final = (0.3, 4.0)
"""s, after the beginning"""
LEARNS: Final = (0.4, 3.0)
"""s, how long at least and at most a learner acts by itself"""
SHOWS: Final = (1.2, 3.0)
"""s, and how long the expert after it"""
TURNS: Final = 20.0
"""s, after which the expert acts alone"""
_DRAWS: Final = 300
_TASKS: Final = 20


@dataclass(frozen=True, slots=True)
class Settings:
    """What to collect.

    Args:
        seed: of everything.
        skills: in turns.
        things: of which sentences and scenes are; pairs that are held out are refused, for no training may name them.
        image_size: pixels.
        decisions: a second.
        depth: whether depth is kept.
        learner: the folder of a policy that takes turns with the expert, whose answers are recorded wherever that
            policy gets (DAgger). Empty: the expert acts alone.
        pictures: whether the cameras take pictures; without, collecting is quicker and small: enough for a policy that
            is told where things are.
        noise: the greatest level of noise; 0: neither noise nor pushes.
        variation: how much robots differ, 1 as `sample_variation` has it, 0 not at all.

    Raises:
        DemonstrationFault: a setting is outside its range.
    """

    seed: int = 0
    skills: tuple[Skill, ...] = DIRECT
    things: tuple[str, ...] = TRAINED
    image_size: int = 96
    decisions: float = 10.0
    depth: bool = False
    noise: float = 1.0
    variation: float = 1.0
    pictures: bool = True
    learner: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "skills", tuple(self.skills))
        object.__setattr__(self, "things", tuple(self.things))
        self._check("seed", self.seed >= 0, "0 or more")
        known = all(skill in DIRECT for skill in self.skills)
        unique = len(set(self.skills)) == len(self.skills) > 0
        self._check("skills", known and unique, f"different ones of: {', '.join(DIRECT)}")
        taught = all(name in TRAINED for name in self.things)
        different = len(set(self.things)) == len(self.things) > 1
        self._check(
            "things", taught and different, "two or more different ones of TRAINED: none that is held out"
        )
        self._check("image_size", 1 <= self.image_size <= 1024, "1 to 1024 pixels")
        self._check("decisions", 10.0 <= self.decisions <= 30.0, "10 to 30 a second")
        self._check("depth", self.pictures or not self.depth, "none where there are no pictures")
        self._check("noise", 0.0 <= self.noise <= 3.0, "0 to 3")
        self._check("variation", 0.0 <= self.variation <= 3.0, "0 to 3")

    @property
    def picture_size(self) -> int | None:
        """Pixels, of the square pictures; None: there are none."""
        return self.image_size if self.pictures else None

    def _check(self, name: str, holds: bool, expected: str) -> None:
        if not holds:
            raise DemonstrationFault(f"Settings.{name} is {getattr(self, name)!r}, expected {expected}")


def settings_of(skills: str | None = None, things: str | None = None, **others: Any) -> Settings:
    """Return settings from what somebody typed: names with commas between, and the rest by name.

    Raises:
        DemonstrationFault: a name is unknown, or a setting is outside its range.
    """
    for name, typed in (("skills", skills), ("things", things)):
        if typed is not None:
            others[name] = tuple(" ".join(part.split()) for part in typed.split(","))
    return Settings(**others)


@dataclass(frozen=True, slots=True)
class Kick:
    """A push of `impulse` (2,) N s, world, `time` s after the beginning."""

    time: float
    impulse: tuple[float, float]


@dataclass(frozen=True, slots=True)
class EpisodePlan:
    """All that is decided of an episode before it begins."""

    index: int
    task: Task
    seed: int
    """of the environment: words, gyro"""
    scene_seed: int
    """both episodes of a pair have it"""
    twin: int
    """the index of the other episode that begins with the same pictures; -1 where there is none"""
    variation: Variation
    level: float
    """of the noise"""
    kicks: tuple[Kick, ...]
    turns: tuple[float, ...] = ()
    """s, when a learner stops, begins again, stops ...: it acts first, and the expert alone after the last of them"""

    @property
    def instruction(self) -> Instruction:
        """With the full names of what is meant."""
        return self.task.parts[0].instruction

    def learns(self, time: float) -> bool:
        """Tell whether it is the learner's turn, `time` s after the beginning."""
        return bool(self.turns) and time < self.turns[-1] and bisect(self.turns, time) % 2 == 0


def plan_episode(settings: Settings, index: int) -> EpisodePlan:
    """Return the plan of an episode: the same settings and index, the same plan.

    Raises:
        DemonstrationFault: no scene was found for it; says for which skill.
    """
    pair, second = divmod(index, 2)
    scene_seed = _seed(settings, pair, 0)
    rng = np.random.default_rng(scene_seed)
    first = _first_task(settings, pair, rng)
    variation = sample_variation(rng, settings.variation)
    other = _other_task(settings, pair, first, rng)
    task, twin = (first, index ^ 1) if other is not None else (first, -1)
    if second:
        # Where nothing else can be said in this scene, another scene takes its place.
        task = other or _first_task(settings, pair, rng)
    chance = np.random.default_rng(_seed(settings, pair, 1 + second))
    quiet = np.random.default_rng(_seed(settings, pair, 3)).random() < QUIET
    level = 0.0 if quiet or settings.noise == 0.0 else float(chance.uniform(0.2, 1.0)) * settings.noise
    level *= GENTLY.get(task.parts[0].instruction.skill, 1.0)
    kicks = (_kick(chance),) if level > 0.0 and chance.random() < KICKED else ()
    turns: tuple[float, ...] = ()
    if settings.learner:
        level, kicks, twin = 0.0, (), -1
        turns = _turns(np.random.default_rng(_seed(settings, pair, 6 + second)))
    return EpisodePlan(
        index, task, _seed(settings, pair, 4 + second), scene_seed, twin, variation, level, kicks, turns
    )


def _turns(rng: np.random.Generator) -> tuple[float, ...]:
    """Draw when a learner stops, begins again, and so on."""
    turns = [float(rng.uniform(*LEARNS))]
    while turns[-1] < TURNS:
        turns.append(turns[-1] + float(rng.uniform(*SHOWS)))
        turns.append(turns[-1] + float(rng.uniform(*LEARNS)))
    return tuple(round(one, 3) for one in turns)


def _seed(settings: Settings, *path: int) -> int:
    """Return a seed of its own for each path below the settings' seed."""
    return int(np.random.SeedSequence([settings.seed, *path]).generate_state(1)[0])


def _kick(rng: np.random.Generator) -> Kick:
    bearing, size = float(rng.uniform(-np.pi, np.pi)), float(rng.uniform(*KICKS))
    x, y = size * np.cos(bearing), size * np.sin(bearing)
    return Kick(round(float(rng.uniform(*KICK_TIMES)), 3), (float(x), float(y)))


# ---- balance -----------------------------------------------------------------------------------


def skill_of(settings: Settings, pair: int) -> Skill:
    """Return the skill of the first episode of a pair: one after the other."""
    return settings.skills[pair % len(settings.skills)]


def thing_of(settings: Settings, pair: int) -> str:
    """Return the thing that the first episode of a pair is about, if it is about one.

    Each skill goes through all things, in an order in which colours and shapes take turns (a Latin square without
    those that are held out), each beginning elsewhere.
    """
    turn, skill = divmod(pair, len(settings.skills))
    ordered = in_turns(settings.things)
    return ordered[(turn + 5 * skill) % len(ordered)]


def in_turns(things: Sequence[str]) -> tuple[str, ...]:
    """Return things in an order in which neither a colour nor a shape comes back before the others had their turn.

    Those that are missing from the square are left out of it.
    """
    colours, shapes = tuple(COLOURS), tuple(SHAPES)
    square = (
        f"{colours[k % len(colours)]} {shapes[(k + k // 24) % len(shapes)]}"
        for k in range(len(colours) * len(shapes))
    )
    return tuple(name for name in square if name in things)


def _first_task(settings: Settings, pair: int, rng: np.random.Generator) -> Task:
    """Draw a task of the skill whose turn it is, about the thing whose turn it is."""
    skill, wanted = skill_of(settings, pair), thing_of(settings, pair)
    for _ in range(_TASKS):
        instruction = _about(skill, wanted, rng, settings.things)
        if instruction is None:
            break
        try:
            task = task_for(instruction, rng, settings.things)
        except NoScene:
            continue
        if task.parts[0].instruction.thing in (None, wanted):
            return task
    try:  # a ball is put on nothing: something else has its turn
        return sample_task(rng, skill, settings.things)
    except NoScene as why:
        raise DemonstrationFault(f"Settings.skills: there is no scene to {skill} in: {why}") from None


def _about(skill: Skill, wanted: str, rng: np.random.Generator, things: Sequence[str]) -> Instruction | None:
    """Draw an instruction of a skill that may be about a thing, or is about none; None where none is found."""
    instruction = sample_instruction(rng, skill, things)
    if instruction.thing is None:
        return instruction
    for _ in range(_DRAWS):
        instruction = sample_instruction(rng, skill, things)
        if instruction.thing is not None and fits(instruction.thing, wanted):
            return instruction
    return None


# ---- twins -------------------------------------------------------------------------------------


def _other_task(settings: Settings, pair: int, first: Task, rng: np.random.Generator) -> Task | None:
    """Draw another command for the same scene; None where nothing else can be said there."""
    skill = skill_of(settings, pair)
    alike = [one for one in next(row for row in ALIKE if skill in row) if one in settings.skills]
    same = pair // len(settings.skills) % 2 == 0
    turned = alike[(alike.index(skill) + 1) % len(alike)]
    for candidate in dict.fromkeys((skill if same else turned, turned, skill)):
        task = _said_there(candidate, first, rng)
        if task is not None:
            return task
    return None


def _said_there(skill: Skill, first: Task, rng: np.random.Generator) -> Task | None:
    """Draw an instruction of a skill that can be told in the scene of another task, and means something else."""
    names = tuple(thing.name for thing in first.scene.things)
    meant = first.parts[0].instruction
    for differs in (_other_thing, _other_instruction):
        for _ in range(_TASKS):
            instruction = sample_instruction(rng, skill, names)
            try:
                task = task_in(instruction, first)
            except NoScene:
                continue
            if differs(task.parts[0].instruction, meant):
                return task
    return None


def _other_thing(one: Instruction, two: Instruction) -> bool:
    """Tell whether two instructions are about different things, or about none."""
    return one.thing != two.thing or (one.thing is None and _other_instruction(one, two))


def _other_instruction(one: Instruction, two: Instruction) -> bool:
    return replace(one, hand=None) != replace(two, hand=None)


assert set(DIRECT) == {skill for row in ALIKE for skill in row} <= set(SKILLS)
