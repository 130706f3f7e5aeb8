"""The tasks of the course as a Gymnasium environment: cameras, proprioception and words in, actions out.

    import gymnasium
    import vla_course.learning.environment.environment

    env = gymnasium.make("VlaCourse/HumanoidTask-v0", skill="pick up")

*Planned legs*: the 12 leg targets of an action are accepted and ignored, for the walker of Day 3 owns the legs; base
velocity and stance tell it where to go and how to stand. Arms, head and grippers are the policy's own
(`commanded_body`).
"""

import string
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

import gymnasium
import numpy as np
from gymnasium import spaces
from numpy.typing import ArrayLike, NDArray

from vla_course.learning.environment.action_space import read_action
from vla_course.learning.environment.commanded_body import CommandedBody
from vla_course.learning.environment.proprioception import SPAN
from vla_course.learning.environment.variation import AskewMount, Variation
from vla_course.learning.model.joint_range import joint_range
from vla_course.motion.standing.senses import SensesOf
from vla_course.simulation.robot.layout import ACTION
from vla_course.simulation.scene.cameras import PLACES, Camera, CameraImage, Mount, Place, RobotMount, Tripod
from vla_course.simulation.scene.things import TRAINED
from vla_course.simulation.tasks.asked import check_things
from vla_course.simulation.tasks.instructions import SKILLS, Skill
from vla_course.simulation.tasks.saying import LONGEST, say
from vla_course.simulation.tasks.scenes import NoScene
from vla_course.simulation.tasks.stage import Stage
from vla_course.simulation.tasks.tasks import Task, sample_task, task_for
from vla_course.simulation.tasks.understanding import understand
from vla_course.simulation.world.world import World

ENVIRONMENT: Final = "VlaCourse/HumanoidTask-v0"
SLOWEST: Final = 10.0
"""decisions a second, at least"""
FASTEST: Final = 30.0
"""decisions a second, at most"""
_DRAWS: Final = 100
"""how often a reset tries to find a scene, when it is known that there are some"""
_LETTERS: Final = string.ascii_letters + string.digits + " " + string.punctuation

Observation = dict[str, Any]


class HumanoidTaskEnv(gymnasium.Env[Observation, NDArray[np.float32]]):
    """One task an episode.

    An observation is a dict: `head`, `chest` and `pelvis` (size, size, 3) uint8; `state` (75,) float32, laid out as
    `proprioception.STATE` says; `instruction`, a sentence. An action is (36,) in -1 to 1, as `read_action` reads it.
    The reward is 1 when the task is done, else 0. An episode ends with success or a fall, and is cut off when the
    task's time is up. `info` holds `time` s, `success`, `failure` (what went wrong) and `veto` (what of the last
    action was refused, and why), the last two empty where nothing did.

    Args:
        skill: of the tasks; any skill by default.
        instruction: a sentence that every episode asks for, one command or two.
        things: what lies on the tables.
        held_out: whether instructions are said in paraphrases that no training has seen.
        image_size: pixels, of the square pictures.
        cameras: which of `PLACES` take a picture; () for none, which is quicker.
        decisions: how many actions a second, 10 to 30.
        render_mode: "rgb_array" to look on from aside.
        senses_of: makes what the robot balances and walks by, such as an estimator; the truth by default. The time that
            it takes to begin does not count.

    Attributes:
        images: what each camera took last, with depth and the name of every pixel: no policy is given those.

    Raises:
        UnknownCommand: `instruction` is not of the language.
        NoScene: no scene of `things` is one for `instruction` or `skill`; says why.
        ValueError: an argument is outside its range, or `skill` and `instruction` ask for different things.
    """

    metadata: dict[str, Any] = {"render_modes": ["rgb_array"], "render_fps": 10}  # noqa: RUF012

    def __init__(
        self,
        skill: Skill | None = None,
        instruction: str | None = None,
        things: Sequence[str] = TRAINED,
        held_out: bool = False,
        image_size: int = 96,
        cameras: Sequence[Place] = PLACES,
        decisions: float = 10.0,
        render_mode: str | None = None,
        senses_of: SensesOf | None = None,
    ) -> None:
        if skill is not None and skill not in SKILLS:
            raise ValueError(f"skill is {skill!r}, expected one of: {', '.join(SKILLS)}")
        if not isinstance(image_size, int | np.integer) or image_size < 1:
            raise ValueError(f"image_size is {image_size!r}, expected a whole number of pixels, at least one")
        if not isinstance(instruction, str | None):
            raise ValueError(f"instruction is {instruction!r}, expected a sentence, or None")
        unknown = [place for place in cameras if place not in PLACES]
        if unknown or len(set(cameras)) < len(cameras):
            raise ValueError(f"cameras are {tuple(cameras)}, expected different ones of: {', '.join(PLACES)}")
        if not SLOWEST <= decisions <= FASTEST:
            raise ValueError(f"decisions is {decisions}, expected {SLOWEST:g} to {FASTEST:g} a second")
        if render_mode not in (None, *self.metadata["render_modes"]):
            raise ValueError(f"render_mode is {render_mode!r}, expected None or 'rgb_array'")
        check_things(things)
        self.skill, self.things, self.held_out = skill, tuple(things), held_out
        self.sentence = instruction
        self.instruction = None if instruction is None else understand(instruction)
        if self.instruction is not None and skill not in (None, self.instruction.skill):
            raise ValueError(
                f"skill is {skill!r}, but instruction {instruction!r} asks for {self.instruction.skill!r}: "
                "expected one of both, or the same skill"
            )
        self.image_size, self.period, self.render_mode = image_size, 1.0 / decisions, render_mode
        self.cameras, self._senses_of = tuple(cameras), senses_of
        self.metadata = {**self.metadata, "render_fps": round(decisions)}
        picture: spaces.Space[Any] = spaces.Box(0, 255, (image_size, image_size, 3), np.uint8)
        if instruction is not None and not set(instruction) <= set(_LETTERS):
            raise ValueError(
                f"instruction is {instruction!r}, expected letters, digits, spaces and punctuation of ASCII"
            )
        self.observation_space = spaces.Dict(
            {
                **{place: picture for place in self.cameras},
                "state": spaces.Box(-SPAN, SPAN, dtype=np.float32),
                "instruction": spaces.Text(LONGEST, min_length=1, charset=_LETTERS),
            }
        )
        self.action_space = spaces.Box(-1.0, 1.0, (ACTION.size,), np.float32)
        self._joints = joint_range()
        # What no scene is for is refused here and not at some reset.
        self._draw(np.random.default_rng(0))
        self._world: World | None = None
        self.images: dict[Place, CameraImage] = {}

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observation, dict[str, Any]]:
        """Begin another task. The same seed and options give the same bits.

        `options` may hold the `task` and a `variation` of the robot; by default the task is drawn, and the robot is
        as it should be.

        Raises:
            ValueError: `options` has another key, or something else there.
        """
        super().reset(seed=seed)
        self.close()
        task, variation = self._chosen(options or {})
        self.task = task or self._drawn()
        self._said = self.sentence or say(self.task.instruction, self.np_random, self.held_out)
        self._world = World(int(self.np_random.integers(2**31)), ground_friction=variation.floor)
        self.stage: Stage = self.task.start(self._world, variation.masses)
        set_down = self._world.time
        senses = self._senses_of and self._senses_of(self.stage.humanoid)
        self._waited = self._world.time - set_down
        self.robot = CommandedBody(self.stage.humanoid, None if senses else self.np_random, senses)
        self._cameras = {place: self._camera(self._world, place, variation) for place in self.cameras}
        return self._observe(), self._info()

    def _chosen(self, options: dict[str, Any]) -> tuple[Task | None, Variation]:
        task, variation = options.get("task"), options.get("variation", Variation())
        known = options.keys() <= {"task", "variation"}
        if not known or not isinstance(task, Task | None) or not isinstance(variation, Variation):
            raise ValueError(
                f"options are {options}, expected nothing or a Task under 'task', a Variation under 'variation'"
            )
        return task, variation

    def _camera(self, world: World, place: Place, variation: Variation) -> Camera:
        mount: Mount = RobotMount(self.stage.humanoid, place)
        if place in variation.cameras:
            mount = AskewMount(mount, variation.cameras[place])
        return Camera(world, mount, width=self.image_size, height=self.image_size)

    def _drawn(self) -> Task:
        for _ in range(_DRAWS - 1):
            with suppress(NoScene):
                return self._draw(self.np_random)
        return self._draw(self.np_random)

    def _draw(self, rng: np.random.Generator) -> Task:
        if self.instruction is not None:
            return task_for(self.instruction, rng, self.things)
        return sample_task(rng, self.skill, self.things)

    def step(self, action: ArrayLike) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        """Carry out an action until the next decision.

        Raises:
            ValueError: the action has another shape, or a number in it is not finite.
            RuntimeError: no episode was begun.
        """
        if self._world is None:
            raise RuntimeError("there is no episode: expected `reset` before `step`")
        command = read_action(action, self._joints)
        for _ in self.robot.carry_out(command, self.period):
            self.task.observe(self.stage)
            if self.stage.fell or self.task.succeeded(self.stage):
                break
        success = self.task.succeeded(self.stage)
        ended = success or self.stage.fell
        late = not ended and self._world.time - self._waited >= self.task.seconds - 1e-9
        return self._observe(), float(success), ended, late, self._info()

    def _observe(self) -> Observation:
        self.images = {place: camera.capture() for place, camera in self._cameras.items()}
        pictures: Observation = {place: image.rgb for place, image in self.images.items()}
        return {**pictures, "state": self.robot.feel(), "instruction": self._said}

    def _info(self) -> dict[str, Any]:
        return {
            "time": self.stage.world.time,
            "success": self.task.succeeded(self.stage),
            "failure": self.task.failed(self.stage),
            "veto": self.robot.veto,
        }

    def render(self) -> NDArray[np.uint8] | None:
        """Return a picture (240, 320, 3) of the robot from aside; None without a render mode, or an episode."""
        if self.render_mode is None or self._world is None:
            return None
        x, y, _ = self.stage.humanoid.state().base_position.tolist()
        return Camera(self._world, Tripod((x + 1.4, y + 1.8, 1.6), (x + 0.2, y, 0.8))).capture().rgb

    def close(self) -> None:
        """Give the world back; `reset` makes another."""
        if self._world is not None:
            self._world.close()
            self._world = None


gymnasium.register(ENVIRONMENT, entry_point=f"{__name__}:HumanoidTaskEnv")
