"""Pointing at things, as something to get better at: the humanoid in its scene, a clone, and a correction of its hand.

The robot is the course's own in PyBullet, acts in the course's layout ten times a second, and is judged by the task's
own rule. Cameras are off, which is quicker: where the thing is comes from the simulator with the error that eyes have
(`training.examples.BLUR`). Reward and critic know more than the policy: they see the true places of hand and thing.
"""

from __future__ import annotations

from contextlib import ExitStack
from math import atan2, hypot
from types import TracebackType
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.environment.commanded_body import CommandedBody
from vla_course.learning.environment.environment import HumanoidTaskEnv
from vla_course.learning.environment.foresight import trial
from vla_course.learning.reinforcement.clone import ACTED, Clone, Glance, by_the_hand, glance
from vla_course.learning.reinforcement.cloning import place_of
from vla_course.learning.reinforcement.decisions import Outcome, View
from vla_course.learning.reinforcement.hand import MOST, SIZE, HandFrame
from vla_course.learning.training.examples import BLUR
from vla_course.simulation.tasks.goals_hands import AWAY
from vla_course.simulation.tasks.instructions import Skill
from vla_course.simulation.tasks.stage import Stage
from vla_course.simulation.tasks.tasks import sample_task

Floats = NDArray[np.float32]

SKILL: Final[Skill] = "point at"
SECONDS: Final = 5.0
"""s, that an episode has: the task's rule gives 15, the expert needs 3"""
ATTEMPTS: Final = 3
"""episodes that begin alike: the hand comes up once, and the world goes back to that moment for each of them"""
RISES: Final = 1.5
"""s, in which the hand comes up: the clone's alone, there is nothing to correct yet"""
DONE, LOST = 1.0, -1.0
"""reward of success, and of whatever the task's rule calls a failure"""
MISSES: Final = 0.30
"""m, beside the thing: a line of the fingers that passes farther from it is as bad as one that passes there"""
_AHEAD: Final = 0.05
"""m: of what is nearer ahead, or behind, angles say little but on which side it is"""
SHAPED: Final = 1.0
"""reward of the whole way from `MISSES` to 0"""


class PointingDecisions:
    """Episodes of pointing; a context.

    Features (F,) are what the hand knows: the angles by which the fingers point beside the thing, (2,) rad, those that
    will be when the clone's next action is done, (2,) rad, and how much of the clone's chunk is done. The critic is
    also given the true miss and the true distance, m, and how much of the time is gone.
    """

    def __init__(self, clone: Clone, gamma: float = 0.97, seconds: float = SECONDS) -> None:
        self._clone, self._gamma, self._seconds = clone, gamma, seconds
        self._env = HumanoidTaskEnv(skill=SKILL, cameras=())
        self._hand = HandFrame()
        self._chunk: Floats | None = None
        self._place, self._turn = 0, np.zeros(SIZE)
        self._scene: int | None = None
        self._begin: dict[str, Any] = {}
        self._raised: tuple[Stage, CommandedBody] | None = None
        self._back = ExitStack()
        self.info: dict[str, Any] = {}

    sizes: tuple[int, int, int] = (5, 3, SIZE)
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
        """Begin an episode of the scene `seed // ATTEMPTS`, when the clone has raised the hand; `seed` draws the errors
        of eyes that follow."""
        scene = seed // ATTEMPTS
        if scene != self._scene:
            self._raise_hand(scene)
        assert self._raised is not None
        self._back.close()
        self._env.stage, self._env.robot = self._back.enter_context(trial(*self._raised))
        self.info, self._chunk, self._eyes = self._begin, None, np.random.default_rng((seed, 1))
        self._look(self._env.robot.feel())
        self._worth = self._potential()
        return self._view()

    def _raise_hand(self, scene: int) -> None:
        """Let the clone raise the hand in a scene."""
        self._forget()
        task = sample_task(np.random.default_rng(scene), SKILL)
        seen, self.info = self._env.reset(seed=scene, options={"task": task})
        self._chunk, self._eyes = None, np.random.default_rng((scene, 0))
        self._look(seen["state"])
        nothing = np.zeros(SIZE, dtype=np.float32)
        while self.info["time"] < RISES - 1e-9 and not self.info["failure"]:
            self._carry_out(nothing)
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
        action = by_the_hand(self._env.task, self._hand.corrected(self._planned, self._turn))
        seen, _, ended, late, self.info = self._env.step(action)
        self._look(seen["state"])
        return ended, late

    def _look(self, state: Floats) -> None:
        env = self._env
        there = place_of(env) + self._eyes.normal(scale=BLUR, size=3).astype(np.float32)
        self._seen: Glance = glance(env.task, there, state)
        if self._chunk is None or self._place == ACTED - 1:
            self._chunk, self._place, self._turn = self._clone.chunk(self._seen), 0, np.zeros(SIZE)
        else:
            self._place += 1
        self._planned = self._chunk[self._place]

    def _thing(self) -> NDArray[np.float64]:
        name = self._env.task.parts[0].instruction.thing
        assert name is not None
        return self._env.stage.place(name)

    def _view(self) -> View:
        seen, gone = self._seen, self.info["time"] / self._seconds
        now = self._hand.now(seen.place, seen.state)
        then = self._hand.then(seen.place, self._hand.corrected(self._planned, self._turn))
        features = np.array((*_angles(now), *_angles(then), self._place / ACTED), dtype=np.float32)
        return View(features, np.array((*self._miss(), gone), dtype=np.float32))

    def _miss(self) -> tuple[float, float]:
        """Return how far m the line of the fingers truly passes from the thing, and how far that is from the hand."""
        tool, axis = self._env.stage.axis(f"{self._env.task.hand}_tool")
        way = self._thing() - tool
        ahead, far = float(axis @ way), float(np.linalg.norm(way))
        return (float(np.linalg.norm(way - ahead * axis)) if ahead > 0.0 else far), far

    def _potential(self) -> float:
        """Return how good it is to be here: from -1, the line passes far off, to 0, it hits from far enough."""
        miss, far = self._miss()
        off = hypot(miss, max(0.0, AWAY - far))
        return -SHAPED * min(off, MISSES) / MISSES


def _angles(place: NDArray[np.float64]) -> tuple[float, float]:
    """Return how far rad a hand would have to turn to point at a place of its frame: to the left, and up."""
    ahead, across, up = place.tolist()
    return atan2(across, max(ahead, _AHEAD)), atan2(up, max(ahead, _AHEAD))
