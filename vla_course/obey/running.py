"""`vla-course run "pick up the red cup"`: the robot is told a sentence, sees, does it; filmed, recorded and reported.

sentence -> plan executor -> policy -> safety layer -> balance, physics -> film, flight recording, page
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from vla_course.deployment.executor.deeds import Attempt
from vla_course.deployment.executor.executor import Pursuit, VLAPlanExecutor
from vla_course.deployment.safety.balance_margin import dcm_margin
from vla_course.learning.policy.direct import DirectPolicy
from vla_course.obey.guarding import Guarding
from vla_course.obey.policies import shipped
from vla_course.obey.recording import RunRecorder
from vla_course.obey.told import Moment, Run, named, told
from vla_course.panels.drawing.film import Filmed, StageFilm
from vla_course.simulation.tasks.instructions import Skill
from vla_course.simulation.tasks.saying import plainly
from vla_course.simulation.tasks.tasks import task_for
from vla_course.simulation.tasks.understanding import understand
from vla_course.simulation.world.world import World

if TYPE_CHECKING:
    from vla_course.learning.planned.policy import PlannedPolicy
    from vla_course.motion.walking.body import WalkingBody
    from vla_course.simulation.tasks.stage import Stage
    from vla_course.simulation.tasks.tasks import Task

LINGERS: Final = 1.0
"""s, for which the film goes on after the end"""
PATIENCE: Final = 400.0
"""s, after which nobody waits any more for who pursues a goal"""
KEPT: Final = 2.0
"""s, from one key frame to the next, at most"""
LONG: Final[tuple[Skill, ...]] = ("serve a drink", "tidy the table")
"""what is a goal, and no single deed"""

Progress = Callable[[str, float, float], object]
Watch = Callable[[Run, Filmed], object]


def run(
    sentence: str,
    path: Path,
    seed: int = 0,
    progress: Progress = lambda doing, now, end: None,
    policy: PlannedPolicy | None = None,
    recording: Path | None = None,
    guarding: Guarding | None = None,
    watch: Watch = lambda done, filmed: None,
) -> Run:
    """Let a policy do what a sentence asks, in a scene drawn for it, and film it.

    Long goals and two commands in a row are pursued by a plan; one command is the policy's own business.

    Args:
        sentence: one command or two.
        path: of the film.
        seed: of the scene.
        progress: told what the robot is about, s so far and s at most.
        policy: by default the planned one that the course ships.
        recording: where the flight recording goes; None: nothing is recorded.
        guarding: stands between policy and body; None: nothing does.
        watch: is shown every picture of the film, and what has come of it so far.

    Raises:
        UnknownCommand: there is no scene for it, because it is none of the language.
        NoScene: it asks for what no scene has.
        OSError: film or recording cannot be written; then nothing was done.
    """
    task = task_for(understand(sentence), np.random.default_rng(seed))
    policy = policy or shipped("planned")
    done = Run(sentence, guarding=guarding, recording=recording)
    with World(seed) as world, ExitStack() as opened:
        stage = task.start(world)
        film = opened.enter_context(StageFilm(path, stage))
        recorder = None if recording is None else opened.enter_context(RunRecorder(recording))
        _Doing(done, task, stage, policy, film, recorder).until_over(progress, watch)
    done.lines = list(told(policy, done))
    return done


class _Doing:
    """A run under way."""

    def __init__(
        self,
        done: Run,
        task: Task,
        stage: Stage,
        policy: PlannedPolicy,
        film: StageFilm,
        recorder: RunRecorder | None,
    ) -> None:
        self._done, self._task, self._stage, self._film = done, task, stage, film
        self._policy, self._recorder, self._guarding = policy, recorder, done.guarding
        direct = isinstance(policy, DirectPolicy)
        done.policy = "direct" if direct else "planned"
        if isinstance(policy, DirectPolicy) and self._guarding is not None:
            policy.guard = self._guarding.around
        if self._guarding is not None and recorder is not None:
            self._guarding.decided = recorder.decide
        first, *then = task.instruction.parts
        plans = not direct and (bool(then) or first.skill in LONG)
        self._executor = VLAPlanExecutor(policy, policy.grounder) if plans else None
        done.planned = plans
        self._margins: list[tuple[float, float]] = []
        self._last, self._kept, self._attempts, self._won = "", -KEPT, 0, False

    def until_over(self, progress: Progress, watch: Watch) -> None:
        """Let the robot act until it is done, has given up, or its time is over; then say what came of it."""
        task, stage, world, over = self._task, self._stage, self._stage.world, None
        self._say(f"told: {self._done.sentence}")
        for doing in self._deeds():
            task.observe(stage)
            self._won = self._won or task.succeeded(stage)
            filmed = self._follow(doing)
            if filmed is not None:
                watch(self._done, filmed)
            progress(self._shown(doing), world.time, PATIENCE if self._executor else task.seconds)
            if self._executor is not None:
                if world.time > PATIENCE:
                    break
                continue
            if over is None and (self._won or task.failed(stage) or world.time > task.seconds):
                over = world.time + LINGERS
            if over is not None and world.time >= over:
                break
        self._conclude()

    def _deeds(self) -> Iterator[str]:
        who = self._policy if self._executor is None else self._executor
        return who.perform(self._stage.humanoid, self._done.sentence)

    def _shown(self, doing: str) -> str:
        """Return what the robot is about, and of which step of its plan."""
        if self._executor is None or not self._executor.pursuit.attempts:
            return doing
        return f"{self._executor.pursuit.attempts[-1].step}: {doing}"

    # ---- every tick --------------------------------------------------------------------------------

    def _follow(self, doing: str) -> Filmed | None:
        """Take note of a tick, and return its picture, where it was time for one."""
        now, body = self._stage.world.time, self._body()
        margin = dcm_margin(body.balance) if body.stands else float("nan")
        self._margins.append((now, margin))
        planned = None if self._acts() else self._policy.body
        if self._guarding is not None and planned is not None:
            self._guarding.mind(planned, margin)
        filmed = self._film.follow()
        if self._recorder is not None:
            self._recorder.sense(body, margin)
            if filmed is not None:
                self._recorder.see(now, filmed.eyes)
        if doing != self._last:
            self._say(f"about to: {doing}")
            self._last, self._kept = doing, -KEPT
        if filmed is not None and now >= self._kept + KEPT:
            self._keep(now, doing, filmed)
        self._tell_attempts()
        self._done.seconds = now
        return filmed

    def _keep(self, now: float, doing: str, filmed: Filmed) -> None:
        self._kept = now
        self._done.moments.append(Moment(now, doing, filmed.aside, filmed.eyes))

    def _acts(self) -> bool:
        """Tell whether a network moves the robot by now."""
        return isinstance(self._policy, DirectPolicy) and self._policy.robot is not None

    def _body(self) -> WalkingBody:
        policy = self._policy
        if isinstance(policy, DirectPolicy) and policy.robot is not None:
            return policy.robot.walker.body
        return (policy.body or policy.body_of(self._stage.humanoid)).body

    def _tell_attempts(self) -> None:
        """Take note of the plan, and say into the recording what is begun of it."""
        if self._executor is None:
            return
        self._done.pursuit, attempts = self._executor.pursuit, self._executor.pursuit.attempts
        for one in attempts[self._attempts :]:
            self._say(f"step: {one.step}")
        self._attempts = len(attempts)

    def _say(self, text: str) -> None:
        if self._recorder is not None:
            self._recorder.say(self._stage.world.time, text)

    # ---- in the end --------------------------------------------------------------------------------

    def _conclude(self) -> None:
        done, task, stage, policy = self._done, self._task, self._stage, self._policy
        refused = self._executor is None and policy.body is None
        # As in an evaluation: done is what was held for as long as it takes, with nothing gone wrong since.
        done.failure = task.failed(stage)
        done.success = self._won and not refused and not done.failure
        done.seconds, done.pictures = stage.world.time, self._film.pictures
        done.margins = np.array(self._margins).reshape(-1, 2)
        done.understood = [str(part) for part in task.instruction.parts] if self._executor else named(policy)
        if self._executor is None:
            done.pursuit = self._alone(refused)
        if not done.pursuit.end:
            done.pursuit.end = stage.world.time
            done.pursuit.ends("given up", "time was up")
        if filmed := self._film.last:
            self._keep(stage.world.time, "end", filmed)
        self._say(f"{done.pursuit.outcome}: {done.ending}")

    def _alone(self, refused: bool) -> Pursuit:
        """Return the pursuit of one command, which nobody had to plan."""
        done, policy, now = self._done, self._policy, self._stage.world.time
        found = Pursuit(done.sentence, 0.0, now)
        if refused:
            found.ends("refused", policy.refusal)
            return found
        name = plainly(policy.named[0].instruction) if policy.named else done.sentence
        reason = "" if done.success else policy.refusal or done.failure or "it was not done in its time"
        found.attempts.append(Attempt(name, 0, 0.0, now, "success" if done.success else "failure", reason))
        found.plans.append((0.0, "", (name,)))
        found.ends("done" if done.success else "given up", reason)
        return found
