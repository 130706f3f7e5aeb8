"""One demonstration: the expert acts through the environment, is disturbed, and what it intended is written down."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vla_course.learning.demonstrations.layout import (
    ACTION_KEY,
    EXECUTED_KEY,
    HANDS_KEY,
    PIXELS_KEY,
    STATE_KEY,
    SUBTASK_KEY,
    TABLE_KEY,
    TARGET_KEY,
    THINGS_KEY,
    WAY_KEY,
    depth_key,
    image_key,
)
from vla_course.learning.demonstrations.noise import ActionNoise
from vla_course.learning.demonstrations.plan import EpisodePlan, Settings
from vla_course.learning.demonstrations.subtasks import subtask_of
from vla_course.learning.environment.action_space import BodyCommand, write_action
from vla_course.learning.environment.environment import HumanoidTaskEnv
from vla_course.learning.expert.around import Around, around
from vla_course.learning.expert.scene_knowledge import TrueKnowledge
from vla_course.learning.expert_policy.policy import ExpertPolicy
from vla_course.learning.model.joint_range import joint_range
from vla_course.motion.arms.pose import Pose
from vla_course.motion.errands.ending import ErrandFailed
from vla_course.motion.hands.plan import NoPlan
from vla_course.motion.walking.footing import here
from vla_course.simulation.robot.humanoid import HOME_POSTURE, Humanoid
from vla_course.simulation.robot.layout import ACTION, ARMS, HEAD, SIDES
from vla_course.simulation.scene.cameras import PLACES, CameraImage
from vla_course.simulation.world.rotation import inverse, multiply, rotate, rotation_matrix

Row = dict[str, Any]
Learner = Callable[[HumanoidTaskEnv, EpisodePlan], Callable[[], NDArray[np.float32]]]
"""is there from the beginning of an episode; what it returns gives the next actions (n, 36), and again the next"""
STUCK: Final = 6.0
"""s, for which an expert that stands and wants the same over and over, without success, is stuck"""
LONGEST: Final = 40.0
"""s, after which an episode ends in any case: what is going to succeed has succeeded by then"""
TOOK: Final = 0.6
"""of the time after which a learner had spoilt it: from then on the expert acts alone, the next time"""
SAME: Final = 0.01
"""-, by which actions may differ that are the same"""
_MILLIMETRES: Final = 1000.0


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """An episode as it was: `rows`, one a decision, and what came of it."""

    plan: EpisodePlan
    sentence: str
    rows: list[Row]
    success: bool
    failure: str
    """what went wrong, empty where nothing did"""
    vetoes: int
    """decisions of which the robot refused something"""


def collect(plan: EpisodePlan, settings: Settings, learner: Learner | None = None) -> Recording:
    """Let the expert carry out a plan; the same plan gives the same bits.

    Args:
        plan: of the episode.
        settings: how it is recorded.
        learner: acts in its turns (`plan.turns`), and what the expert would do there is recorded; None: nobody does.

    Raises:
        ValueError: the plan has turns of a learner and there is none.
    """
    if plan.turns and learner is None:
        raise ValueError(f"plan.turns is {plan.turns}, expected a learner that acts in them")
    env = HumanoidTaskEnv(
        things=settings.things,
        image_size=settings.image_size,
        cameras=PLACES if settings.pictures else (),
        decisions=settings.decisions,
    )
    try:
        return _Collector(env, plan, settings, learner).run()
    finally:
        env.close()


class _Collector:
    """An episode under way."""

    def __init__(
        self, env: HumanoidTaskEnv, plan: EpisodePlan, settings: Settings, learner: Learner | None = None
    ) -> None:
        self._env, self._plan, self._settings, self._learner = env, plan, settings, learner
        self._joints = joint_range()

    def run(self) -> Recording:
        """Act until the task is done, lost or given up; what a learner has lost is begun again, with less of it."""
        until = np.inf
        while True:
            recording = self._attempt(until)
            if self._lost is None:
                return recording
            until = TOOK * self._lost

    def _begin(self) -> None:
        env, plan = self._env, self._plan
        self._seen, self._info = env.reset(
            seed=plan.seed, options={"task": plan.task, "variation": plan.variation}
        )
        self._policy = ExpertPolicy(plan.task, env.stage, env.robot, env.period)
        self._noise = ActionNoise(np.random.default_rng([plan.seed, 1]), plan.level, env.period)
        self._act = None if self._learner is None else self._learner(env, plan)
        self._next: list[NDArray[np.float32]] = []
        self._rows: list[Row] = []
        self._lost: float | None = None
        """s, when a learner spoilt it"""

    def _attempt(self, until: float) -> Recording:
        """Act once, a learner in its turns before `until`."""
        self._begin()
        env, plan = self._env, self._plan
        over, vetoes, trouble = False, 0, ""
        while not over:
            learns = self._act is not None and self._info["time"] < until and plan.learns(self._info["time"])
            command: BodyCommand | None = None
            try:
                command = self._policy.command()
            except (NoPlan, ErrandFailed) as why:
                if not learns:  # where a learner got by itself the expert may have no answer yet
                    command, trouble, over = self._stay(), f"gave up: {why}", True
            row = None if command is None else self._record(command)
            if learns:
                action = self._learned()
            else:
                assert row is not None
                self._next.clear()
                action = self._noise.disturb(row[ACTION_KEY], self._policy.room())
            self._kick()
            self._seen, reward, ended, late, self._info = env.step(action)
            if row is not None:
                row |= {EXECUTED_KEY: action, "next.reward": reward, "next.success": bool(self._info["success"])}
                self._rows.append(row)
            vetoes += bool(self._info["veto"])
            if learns and (ended or late) and not self._info["success"]:
                self._lost = self._info["time"]
            over = over or ended or late or self._info["time"] > LONGEST
            if not over and self._stuck():
                trouble, over = "stuck", True
        success = bool(self._info["success"])
        failure = "" if success else self._info["failure"] or trouble or "not done in time"
        for number, row in enumerate(self._rows):
            row["next.done"] = number == len(self._rows) - 1
        return Recording(plan, self._seen["instruction"], self._rows, success, failure, vetoes)

    def _learned(self) -> NDArray[np.float32]:
        """Return the next action of the learner, which says several at once."""
        assert self._act is not None
        if not self._next:
            self._next = list(self._act())
        return self._next.pop(0)

    def _stay(self) -> BodyCommand:
        """Return the command of an expert that has given up: to stay as it is."""
        robot = self._env.robot
        joints, posture = HOME_POSTURE.copy(), robot.walker.body.upper_posture
        joints[ARMS], joints[HEAD] = posture[:14], posture[14:]
        goals = np.array(robot.walker.humanoid.gripper_goals)
        return BodyCommand(joints, np.zeros(3), robot.stance.copy(), goals)

    def _record(self, command: BodyCommand) -> Row:
        """Return what is known before the action, what a policy is given and what it is not, and what is right now."""
        env, images = self._env, self._env.images
        row: Row = {image_key(place): png(self._seen[place]) for place in env.cameras}
        if self._settings.depth:
            row |= {depth_key(place): png(millimetres(images[place].depth)) for place in env.cameras}
        row[STATE_KEY] = self._seen["state"]
        row[HANDS_KEY] = hand_poses(env.stage.humanoid)
        there = self._around()
        row[TARGET_KEY], row[TABLE_KEY] = there.places[:, :3].ravel(), there.table[:5]
        row[THINGS_KEY], row[WAY_KEY] = there.neighbours[:, :3].ravel(), there.way
        if env.cameras:
            row[PIXELS_KEY] = self._pixels()
        row[SUBTASK_KEY] = subtask_of(self._plan.task, env.stage, env.robot, command)
        row[ACTION_KEY] = write_action(command, self._joints)
        return row

    def _around(self) -> Around:
        """Return what is round the robot, as it truly is."""
        stage = self._env.stage
        position, turned = stage.humanoid.link_pose("pelvis")
        pelvis = Pose(position, rotation_matrix(turned))
        return around(TrueKnowledge(stage), self._plan.instruction, pelvis, here(self._env.robot.walker))

    def _pixels(self) -> NDArray[np.float32]:
        """Return where the thing is in the pictures (9,), zeros where there is none."""
        said, stage = self._plan.instruction, self._env.stage
        pixels = np.zeros((len(PLACES), 3), dtype=np.float32)
        if said.thing is not None:
            place, body = stage.place(said.thing), stage.scene.bodies[said.thing]
            for number, camera in enumerate(PLACES):
                pixels[number] = in_picture(self._env.images[camera], place, body)
        return pixels.ravel()

    def _kick(self) -> None:
        """Push the robot where it is time for it."""
        begin, period = self._env.stage.world.time, self._env.period
        for kick in self._plan.kicks:
            if begin - 1e-9 <= kick.time < begin + period - 1e-9:
                self._env.stage.humanoid.push((*kick.impulse, 0.0))

    def _stuck(self) -> bool:
        """Tell whether the expert has stood and wanted the same for long, without success."""
        rows = self._rows[-round(STUCK / self._env.period) :]
        if len(rows) < STUCK / self._env.period:
            return False
        wanted = np.array([row[ACTION_KEY] for row in rows])
        walks = wanted[:, ACTION.base_velocity].any()
        return not walks and bool(np.ptp(wanted, axis=0).max() < SAME)


def hand_poses(robot: Humanoid) -> NDArray[np.float32]:
    """Return both tool points in the pelvis frame (14,): x y z m and a quaternion x y z w, left and right."""
    pelvis, turned = robot.link_pose("pelvis")
    back = inverse(turned.tolist())
    found: list[float] = []
    for side in SIDES:
        position, orientation = robot.link_pose(f"{side}_tool")
        turn = multiply(back, orientation.tolist())
        sign = 1.0 if turn[3] >= 0.0 else -1.0  # q and -q are the same rotation
        found += [*rotate(back, (position - pelvis).tolist()), *(sign * part for part in turn)]
    return np.array(found, dtype=np.float32)


def in_picture(image: CameraImage, place: NDArray[np.float64], body: int) -> tuple[float, float, float]:
    """Return where a body's middle lies in a picture, u and v in 0..1, and 1; three zeros where it is not in sight."""
    if not (image.segmentation == body).any():
        return 0.0, 0.0, 0.0
    u, v, _ = image.project(place)
    height, width = image.segmentation.shape
    return float(np.clip(u / width, 0.0, 1.0)), float(np.clip(v / height, 0.0, 1.0)), 1.0


def png(picture: NDArray[np.uint8 | np.uint16]) -> bytes:
    """Return a picture as a PNG.

    Rendered pictures are flat: a PNG keeps every bit of them in fewer bytes than a good JPEG has.
    """
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG")
    return file.getvalue()


def millimetres(depth: NDArray[np.float32]) -> NDArray[np.uint16]:
    """Return depth (height, width) m as whole millimetres, 0 where there is nothing."""
    seen = np.where(np.isfinite(depth), np.clip(depth * _MILLIMETRES, 0.0, 65535.0), 0.0)
    return seen.round().astype(np.uint16)
