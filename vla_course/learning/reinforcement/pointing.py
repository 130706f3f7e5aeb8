"""Pointing at things, as something to get better at: the humanoid in its scene, a clone, and a correction of its hand.

The robot is the course's own in PyBullet, acts in the course's layout ten times a second, and is judged by the task's
own rule. Cameras are off, which is quicker: where things are comes from the simulator with the error that eyes have
(`sight`). Reward and critic know more than the policy: they see the true places of hand and thing.
"""

from __future__ import annotations

from contextlib import ExitStack
from math import asin, atan2, hypot
from types import TracebackType
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.environment.commanded_body import CommandedBody
from vla_course.learning.environment.environment import HumanoidTaskEnv
from vla_course.learning.environment.foresight import trial
from vla_course.learning.policy.actor import EXECUTE, Actor
from vla_course.learning.policy.chunk_policy import ChunkPolicy
from vla_course.learning.reinforcement.decisions import Outcome, View
from vla_course.learning.reinforcement.hand import MOST, SIZE, HandFrame
from vla_course.learning.reinforcement.options import ImproveOptions
from vla_course.learning.reinforcement.sight import ErringKnowledge
from vla_course.simulation.tasks.goals_hands import AWAY
from vla_course.simulation.tasks.instructions import Skill
from vla_course.simulation.tasks.stage import Stage
from vla_course.simulation.tasks.tasks import sample_task

Floats = NDArray[np.float32]

SKILL: Final[Skill] = "point at"
SECONDS: Final = 4.0
"""s, that an episode has while things are tried: the task's rule gives 15, the expert needs 3. What is cut off is not
held against it, and another scene teaches more than the rest of this one"""
ASKEW: Final = 0.5
"""rad, by which the hand is turned at random, either way, when an episode begins in which things are tried: exploring
starts (Sutton and Barto 2018, section 5.3), or a few scenes would not tell one direction from the other"""
ATTEMPTS: Final = 3
"""episodes that begin alike: the hand comes up once, and the world goes back to that moment for each of them"""
RISES: Final = 1.5
"""s, in which the hand comes up: the clone's alone, there is nothing to correct yet"""
GAMMA: Final = ImproveOptions.gamma
"""discount of a decision, that of a training"""
DONE, LOST = 1.0, -1.0
"""reward of success, and of whatever the task's rule calls a failure"""
_AHEAD: Final = 0.05
"""m: of what is nearer ahead, or behind, angles say little but on which side it is"""
SHAPED: Final = 1.5
"""reward of a radian by which the fingers come to point nearer to the thing"""
_STILL: Final = np.zeros(SIZE, dtype=np.float32)


class PointingDecisions:
    """Episodes of pointing; a context.

    Features (F,) are what the hand knows: the angles (2,) rad, to the left and up, by which the fingers will point
    beside the thing when the clone's next action is done. The critic is also given the true miss and the true distance,
    m, and how much of the time is gone.

    Args:
        clone: trained, and left as it is.
        seconds: s, that an episode has, or as many as the task gives where those are fewer.
        askew: rad, standard deviation of how far the hand is turned at random when an episode begins.
        gamma: the discount by which the reward is shaped: that of the training.
    """

    def __init__(
        self, clone: ChunkPolicy, seconds: float = SECONDS, askew: float = 0.0, gamma: float = GAMMA
    ) -> None:
        self._clone, self._seconds, self._askew, self._gamma = clone, seconds, askew, gamma
        self._env = HumanoidTaskEnv(skill=SKILL, cameras=())
        self._scene: int | None = None
        self._begin: dict[str, Any] = {}
        self._raised: tuple[Stage, CommandedBody] | None = None
        self._back = ExitStack()
        self._turn = np.zeros(SIZE)
        self.info: dict[str, Any] = {}

    sizes: tuple[int, int, int] = (2, 3, SIZE)
    attempts: int = ATTEMPTS

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._forget()
        self._env.close()

    @property
    def env(self) -> HumanoidTaskEnv:
        """Where the episode takes place."""
        return self._env

    def begin(self, seed: int) -> View:
        """Begin an episode of the scene `seed // ATTEMPTS`, when the clone has raised the hand; `seed` draws what its
        eyes err by from then on, and how the hand is turned."""
        scene = seed // ATTEMPTS
        if scene != self._scene:
            self._raise_hand(scene)
        assert self._raised is not None
        self._back.close()
        self._env.stage, self._env.robot = self._back.enter_context(trial(*self._raised))
        self.info = self._begin
        self._open_eyes(np.random.default_rng((seed, 1)))
        self._turn = self._askew * np.random.default_rng((seed, 2)).normal(size=SIZE)
        self._worth = self._potential()
        return self._view()

    def _raise_hand(self, scene: int) -> None:
        """Let the clone raise the hand in a scene."""
        self._forget()
        task = sample_task(np.random.default_rng(scene), SKILL)
        assert task.hand is not None
        self._hand = HandFrame(task.hand)
        _, self.info = self._env.reset(seed=scene, options={"task": task})
        self._open_eyes(np.random.default_rng((scene, 0)))
        while self.info["time"] < RISES - 1e-9 and not self.info["failure"]:
            self._carry_out(_STILL)
        self._scene, self._begin, self._raised = scene, self.info, (self._env.stage, self._env.robot)

    def _forget(self) -> None:
        """Leave the scene."""
        self._back.close()
        self._scene = None

    def decide(self, offset: Floats) -> Outcome:
        """Carry out what the clone would do, its hand turned by `offset` (2,), -1 to 1, beside how it is turned now."""
        ended, late = self._carry_out(offset)
        success, lost = bool(self.info["success"]), bool(self.info["failure"])
        terminated = success or lost or ended
        truncated = not terminated and (late or self.info["time"] >= self._seconds - 1e-9)
        worth = self._potential()
        # Shaping by a potential changes what is quick to learn, not what is best (Ng et al. 1999): its terms add up
        # to the potential in the beginning, whatever is done between, where the end of an episode is worth 0.
        reward = self._gamma * (0.0 if terminated else worth) - self._worth
        self._worth = worth
        reward += DONE if success else LOST if terminated else 0.0
        return Outcome(self._view(), reward, terminated, truncated, success)

    def _carry_out(self, offset: Floats) -> tuple[bool, bool]:
        """Act until the next decision; return whether the task has ended, and whether its time is up."""
        # Corrections add up, and stay: the next chunk begins where the hand is then.
        self._turn = self._turn + MOST * np.clip(offset, -1.0, 1.0)
        _, _, ended, late, self.info = self._env.step(self._hand.corrected(self._planned, self._turn))
        self._done += 1
        self._look()
        return ended, late

    def _open_eyes(self, rng: np.random.Generator) -> None:
        """Begin to act by what eyes have of the scene whose errors `rng` draws."""
        env, task = self._env, self._env.task
        knowledge = ErringKnowledge(env.stage, rng)
        self._actor = Actor(self._clone, knowledge, task.parts[0].instruction, task.hand, env.robot)
        self._done = EXECUTE
        self._look()

    def _look(self) -> None:
        """Take in how things are, and plan anew where a chunk is done."""
        self._place = self._actor.inputs()["places"][0, :3]
        if self._done == EXECUTE:
            self._chunk, self._done, self._turn = self._actor.chunk(EXECUTE), 0, np.zeros(SIZE)

    @property
    def _planned(self) -> Floats:
        """The clone's next action (36,)."""
        planned: Floats = self._chunk[self._done]
        return planned

    def _thing(self) -> NDArray[np.float64]:
        name = self._env.task.parts[0].instruction.thing
        assert name is not None
        return self._env.stage.place(name)

    def _view(self) -> View:
        then = self._hand.then(self._place, self._hand.corrected(self._planned, self._turn))
        gone = self.info["time"] / self._seconds
        privileged = np.array((*self._miss(), gone), dtype=np.float32)
        return View(np.array(_angles(then), dtype=np.float32), privileged)

    def _miss(self) -> tuple[float, float]:
        """Return how far m the line of the fingers truly passes from the thing, and how far that is from the hand."""
        tool, axis = self._env.stage.axis(f"{self._env.task.hand}_tool")
        way = self._thing() - tool
        ahead, far = float(axis @ way), float(np.linalg.norm(way))
        return (float(np.linalg.norm(way - ahead * axis)) if ahead > 0.0 else far), far

    def _potential(self) -> float:
        """Return how good it is to be here: 0 where the fingers point at the thing from far enough, less elsewhere."""
        miss, far = self._miss()
        beside = asin(min(1.0, miss / max(far, 1e-9)))
        return -SHAPED * hypot(beside, max(0.0, AWAY - far) / AWAY)


def _angles(place: NDArray[np.float64]) -> tuple[float, float]:
    """Return how far rad a hand would have to turn to point at a place of its frame: to the left, and up."""
    ahead, across, up = place.tolist()
    return atan2(across, max(ahead, _AHEAD)), atan2(up, max(ahead, _AHEAD))
