"""The examiner of long goals: draws scenes, meddles with them, and judges by physics what the robot claims.

It knows all that is so; the executor that it examines knows what it perceives.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, hypot, sin
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from vla_course.deployment.executor.executor import VLAPlanExecutor
from vla_course.simulation.robot.layout import SIDES
from vla_course.simulation.scene.parts import TABLE_SIZE
from vla_course.simulation.scene.scene import CLEARANCE, MOST_THINGS, load_thing
from vla_course.simulation.scene.things import COLOURS, EVERY_SHAPE, TRAINED, colour_and_shape
from vla_course.simulation.tasks.goals_hands import Served, Tidied
from vla_course.simulation.tasks.instructions import DRINKS, Instruction, Skill
from vla_course.simulation.tasks.stage import Stage
from vla_course.simulation.tasks.tasks import task_for
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.world import World

Array = NDArray[np.float64]
Long = Literal["serve a drink", "tidy the table"]
Meddling = Literal["", "moved", "taken", "blocked"]

SAID: Final[dict[Long, str]] = {
    "serve a drink": "serve a drink to the person",
    "tidy the table": "tidy the table",
}
"""what the robot is told"""
MEDDLES: Final[dict[Meddling, tuple[float, float]]] = {
    "moved": (1.0, 9.0),
    "taken": (1.0, 9.0),
    "blocked": (1.0, 4.0),
}
"""s after the robot has set about a thing, when somebody meddles: a hand closes on it after about six"""
AWAY: Final = (-4.0, 4.0)
"""m, where a thing lies that was taken away"""
MOVES: Final = 0.12
"""m, at least, by which a thing is moved"""
BEFORE: Final = 0.11
"""m, between the middles of a thing and another one that is put before it"""
HANDS_OFF: Final = 0.12
"""m, from the robot's hands: there nobody puts anything"""
PATIENCE: Final = 400.0
"""s, after which nobody waits any more"""
_DRAWS: Final = 200


@dataclass(frozen=True, slots=True)
class Trial:
    """A long goal in a scene of its own: the same one in every run.

    Attributes:
        goal: what is asked.
        meddling: what somebody does meanwhile; "" for nothing.
        number: of the trial, 0 the first.
        seed: of all of them.
    """

    goal: Long
    meddling: Meddling
    number: int
    seed: int = 0

    @property
    def key(self) -> str:
        """What it is called."""
        return f"{self.goal}, {self.meddling or 'undisturbed'}, {self.number}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a trial.

    Attributes:
        key: of the trial.
        outcome, reason: what the robot says.
        true: whether the goal's own rule of physics holds in the end.
        clean: whether nothing went wrong meanwhile beside what somebody else did.
        fell: whether the robot fell.
        plans, attempts: how many it made.
        meddled: s, when somebody meddled; -1 where nobody did.
        seconds: of the simulation.
    """

    key: str
    outcome: str
    reason: str
    true: bool
    clean: bool
    fell: bool
    plans: int
    attempts: int
    meddled: float
    seconds: float

    @property
    def done(self) -> bool:
        """Whether the robot says that it is done, and is right."""
        return self.outcome == "done" and self.true

    @property
    def false_success(self) -> bool:
        """Whether it says so and is wrong."""
        return self.outcome == "done" and not self.true

    @property
    def honest(self) -> bool:
        """Whether it has done it, or stands and says why not."""
        return not self.fell and (
            self.done or (self.outcome in ("given up", "refused") and bool(self.reason))
        )


def examine(
    trial: Trial, executor: VLAPlanExecutor, follow: Callable[[Stage], None] = lambda stage: None
) -> Verdict:
    """Let an executor pursue the goal of a trial, and judge what came of it; `follow` looks on at every tick."""
    rng = np.random.default_rng((trial.seed, trial.number, list(SAID).index(trial.goal)))
    skill: Skill = trial.goal
    task = task_for(Instruction(skill), rng)
    with World(trial.number) as world:
        stage = task.start(world)
        hand = OutsideHand(
            stage, trial.meddling, np.random.default_rng((*rng.integers(2**31, size=2), len(trial.meddling)))
        )
        for _ in executor.perform(stage.humanoid, SAID[trial.goal]):
            task.observe(stage)
            hand.watch(executor)
            follow(stage)
            if world.time > PATIENCE:
                break
        pursuit = executor.pursuit
        return Verdict(
            trial.key,
            pursuit.outcome,
            pursuit.reason,
            is_so(trial.goal, stage),
            not stage.failure or stage.failure.endswith(hand.thing or "nobody's"),
            stage.fell,
            len(pursuit.plans),
            len(pursuit.attempts),
            round(hand.at, 2),
            round(world.time, 2),
        )


def is_so(goal: Long, stage: Stage) -> bool:
    """Tell whether a goal is reached, of the things that are still on the stage."""
    if goal == "tidy the table":
        return Tidied().reached(stage)
    return Served(tuple(name for name in stage.things if name in DRINKS)).reached(stage)


class OutsideHand:
    """Somebody who meddles with the thing that the robot is about, once.

    Args:
        stage: where.
        meddling: what they do.
        rng: draws when and where.

    Attributes:
        at: s, when they did; -1 before.
        thing: the name of what was moved, taken, or put there.
    """

    def __init__(self, stage: Stage, meddling: Meddling, rng: np.random.Generator) -> None:
        self._stage, self._meddling, self._rng = stage, meddling, rng
        self._delay = rng.uniform(*MEDDLES[meddling]) if meddling else np.inf
        self._since: float | None = None
        self.at, self.thing = -1.0, ""

    def watch(self, executor: VLAPlanExecutor) -> None:
        """Look on, and meddle when it is time; call this after every tick."""
        now, aims = self._stage.world.time, executor.aims_at
        if not self._meddling or self.at >= 0.0 or aims is None:
            return
        self._since = now if self._since is None else self._since
        if now - self._since < self._delay:
            return
        target = min(
            self._stage.things, key=lambda name: float(np.linalg.norm(self._stage.place(name) - aims))
        )
        if self._meddle(target):
            self.at = now

    def _meddle(self, target: str) -> bool:
        """Do it; False where there is no room for it now."""
        stage = self._stage
        if self._meddling == "taken":
            self._put(target, AWAY, floor=True)
            stage.things = tuple(name for name in stage.things if name != target)
            self.thing = target
            return True
        spot = self._spot(target)
        if spot is None:
            return False
        self.thing = target if self._meddling == "moved" else self._another()
        self._put(self.thing, spot)
        return True

    def _spot(self, target: str) -> tuple[float, float] | None:
        """Draw a free spot on the table: within reach, or before `target` on the robot's side or beside it."""
        stage, rng = self._stage, self._rng
        (tx, ty, _), here = stage.scene.description.table.position, stage.place(target)
        others = [stage.place(name)[:2] for name in stage.things if name != target]
        others += [stage.axis(f"{side}_tool")[0][:2] for side in SIDES]
        for draw in range(_DRAWS):
            if self._meddling == "moved":
                x, y = tx - TABLE_SIZE[0] / 2.0 + rng.uniform(0.06, 0.18), ty + rng.uniform(-0.38, 0.38)
                clear, own = max(CLEARANCE, HANDS_OFF), hypot(x - here[0], y - here[1]) >= MOVES
            else:
                turn = np.pi + rng.uniform(-1.0, 1.0) * (0.3 + 1.5 * draw / _DRAWS)
                x, y = here[0] + BEFORE * cos(turn), here[1] + BEFORE * sin(turn)
                clear, own = BEFORE - 0.01, True
            inside = abs(x - tx) < TABLE_SIZE[0] / 2.0 - 0.04 and abs(y - ty) < TABLE_SIZE[1] / 2.0 - 0.06
            if own and inside and all(hypot(x - a, y - b) >= clear for a, b in others):
                return float(x), float(y)
        return None

    def _another(self) -> str:
        """Bring a thing that has not been there, and return its name."""
        stage = self._stage
        if len(stage.things) >= MOST_THINGS:
            raise ValueError(f"stage has {len(stage.things)} things, expected fewer than {MOST_THINGS}")
        free = [name for name in TRAINED if name not in stage.things and name not in DRINKS]
        name = free[self._rng.integers(len(free))]
        colour, shape = colour_and_shape(name)
        link = EVERY_SHAPE[shape].make(COLOURS[colour], 0.15)
        stage.scene.bodies[name] = load_thing(stage.world, link, (*AWAY, 1.0), (0.0, 0.0, 0.0, 1.0))
        stage.things = (*stage.things, name)
        return name

    def _put(self, name: str, spot: tuple[float, float], floor: bool = False) -> None:
        """Put a thing upright at a spot (x, y) m, on the table or on the floor, at rest."""
        stage = self._stage
        body, client = stage.scene.bodies[name], stage.world.client
        lower = 0.0 if floor else stage.scene.description.table.position[2]
        height = EVERY_SHAPE[colour_and_shape(name)[1]].size[2] / 2.0 + 0.001
        mass_at = pybullet.getDynamicsInfo(body, -1, physicsClientId=client)[3]
        place = np.array((*spot, lower + height)) + mass_at
        pybullet.resetBasePositionAndOrientation(body, place, (0.0, 0.0, 0.0, 1.0), physicsClientId=client)
        pybullet.resetBaseVelocity(body, (0.0, 0.0, 0.0), (0.0, 0.0, 0.0), physicsClientId=client)
