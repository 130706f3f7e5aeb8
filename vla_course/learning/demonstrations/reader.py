"""Demonstrations read back, without LeRobot: numbers at once, pictures when they are asked for.

demonstrations = Demonstrations(folder)
demonstrations.actions[k]                       # (36,) of frame k
demonstrations.chunks(frames, horizon=8)        # (n, 8, 36) and what of it is beyond the episode's end
demonstrations.pictures("head", frames)         # (n, 96, 96, 3)
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vla_course.learning.demonstrations.checks import (
    ABOUT,
    check_data,
    check_episodes,
    check_finite,
    check_info,
    check_tasks,
    data_files,
    read_columns,
    read_json,
)
from vla_course.learning.demonstrations.dataset import INFO, STATS
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
    DemonstrationFault,
    depth_key,
    image_key,
)
from vla_course.learning.demonstrations.pictures import Pictures
from vla_course.learning.demonstrations.statistics import numbers
from vla_course.simulation.scene.cameras import Place

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Episode:
    """What is known of an episode: frames `start` to `stop` (not included) of the dataset are its own."""

    index: int
    start: int
    stop: int
    sentence: str
    skill: str
    thing: str
    """that the sentence is about; empty where it is about none"""
    success: bool
    failure: str
    noise_level: float
    scene_seed: int
    twin: int
    """the index of the episode that begins with the same pictures and was told something else; -1: none"""
    about: dict[str, Any]
    """all that `meta/episodes` has of it"""

    def __len__(self) -> int:
        return self.stop - self.start


class Demonstrations:
    """A LeRobotDataset v3.0 of the course, open for reading.

    Attributes, all over all frames: `states` (n, 75), `actions` (n, 36) the expert intended, `executed` (n, 36) the
    robot was told, `hands` (n, 14), `targets` (n, 4, 3), `tables` (n, 5), `neighbours` (n, 4, 3), `ways` (n, 3),
    `target_pixels` (n, 9), float32, laid out as `layout.columns` says; `subtasks` (n,) numbers of `layout.SUBTASKS`,
    `episode_of` (n,) and `frame_of` (n,), its number there.

    Args:
        folder: of the dataset.

    Raises:
        DemonstrationFault: a file is missing, cut, of another version or layout, holds a number that is not finite,
            or does not agree with another one. Pictures are looked at when they are asked for.
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        self.info = read_json(self.folder, INFO)
        self.columns = check_info(self.folder / INFO, self.info)
        told = check_episodes(self.folder, self.info)
        sentences = check_tasks(self.folder, self.info)
        self.episodes = tuple(_episode(one) for one in told)
        self.period = 1.0 / self.info["fps"]
        self._files = data_files(self.folder, told)
        self._paths = [next(iter(data_files(self.folder, [one]))) for one in told]
        starts = accumulate((0, *self._files.values()))
        self._begins = dict(zip(self._files, starts, strict=False))
        self._pictures = Pictures(self.columns)
        read = [name for name, column in self.columns.items() if column.dtype != "image"]
        self._numbers = self._read(read)
        self._check_numbers(sentences)

    def _read(self, names: Sequence[str]) -> dict[str, NDArray[Any]]:
        found: dict[str, list[NDArray[Any]]] = {name: [] for name in names}
        for path, frames in self._files.items():
            check_data(path, frames, self.columns)
            table = read_columns(path, names)
            for name in names:
                column = self.columns[name]
                if table[name].null_count:
                    raise DemonstrationFault(f"{path}: column {name!r} has empty cells, expected numbers")
                values = numbers(table[name], column)
                check_finite(path, name, values, column, 0)
                found[name].append(values)
        return {name: np.concatenate(parts) for name, parts in found.items()}

    def _check_numbers(self, sentences: Sequence[str]) -> None:
        """Check that frames are where the episodes say, and say what these say."""
        known = self._numbers
        owner = np.repeat(np.arange(len(self.episodes)), [len(one) for one in self.episodes])
        within = np.concatenate([np.arange(len(one)) for one in self.episodes])
        said = [sentences.index(one.sentence) if one.sentence in sentences else -1 for one in self.episodes]
        for name, expected in (
            ("episode_index", owner),
            ("frame_index", within),
            ("index", np.arange(len(owner))),
            ("task_index", np.array(said)[owner]),
        ):
            wrong = np.flatnonzero(known[name].ravel() != expected)
            if len(wrong):
                row = int(wrong[0])
                path = self._paths[int(owner[row])]
                raise DemonstrationFault(
                    f"{path}: {name} of frame {row} is {known[name].ravel()[row]}, expected {expected[row]}: "
                    "frames and meta/episodes do not agree"
                )

    # ---- numbers -----------------------------------------------------------------------------------

    def __len__(self) -> int:
        """Return how many frames there are."""
        return int(self.info["total_frames"])

    @property
    def states(self) -> Floats:
        """What the robot felt, (n, 75)."""
        return self._numbers[STATE_KEY]

    @property
    def actions(self) -> Floats:
        """What the expert intended, (n, 36)."""
        return self._numbers[ACTION_KEY]

    @property
    def executed(self) -> Floats:
        """What the robot was told, (n, 36): the action and the injected noise."""
        return self._numbers[EXECUTED_KEY]

    @property
    def hands(self) -> Floats:
        """Where both tool points were in the pelvis frame, (n, 14)."""
        return self._numbers[HANDS_KEY]

    @property
    def targets(self) -> Floats:
        """Where each of `expert.around.ROLES` was, (n, 4, 3) m in the pelvis frame; 0 where there is none."""
        return self._numbers[TARGET_KEY].reshape(len(self), -1, 3)

    @property
    def tables(self) -> Floats:
        """Where the table was, (n, 5): the middle of its top, m in the pelvis frame, cosine and sine of its heading."""
        return self._numbers[TABLE_KEY]

    @property
    def neighbours(self) -> Floats:
        """Where the nearest other things were, (n, 4, 3) m in the pelvis frame; 0 where there are fewer."""
        return self._numbers[THINGS_KEY].reshape(len(self), -1, 3)

    @property
    def ways(self) -> Floats:
        """What was left to go to where the robot was to stand, (n, 3): m ahead, m to the left, rad; 0 where it was to
        go nowhere, or by odometry."""
        return self._numbers[WAY_KEY]

    @property
    def has_pictures(self) -> bool:
        """Whether the cameras took pictures."""
        return PIXELS_KEY in self.columns

    @property
    def target_pixels(self) -> Floats:
        """Where each camera saw the thing, (n, 9): u, v in 0..1 and whether it was in sight."""
        self._need_pictures(PIXELS_KEY)
        return self._numbers[PIXELS_KEY]

    @property
    def subtasks(self) -> NDArray[np.int64]:
        """What the expert was about, (n,) numbers of `layout.SUBTASKS`."""
        return self._numbers[SUBTASK_KEY].ravel()

    @property
    def episode_of(self) -> NDArray[np.int64]:
        """The episode of each frame, (n,)."""
        return self._numbers["episode_index"].ravel()

    @property
    def frame_of(self) -> NDArray[np.int64]:
        """The number of each frame in its episode, (n,)."""
        return self._numbers["frame_index"].ravel()

    @cached_property
    def statistics(self) -> dict[str, dict[str, Floats]]:
        """What `meta/stats.json` has of each column: min, max, mean, std, q01, q10, q50, q90, q99, count."""
        told = read_json(self.folder, STATS)
        return {
            name: {key: np.array(value, dtype=np.float32) for key, value in of.items()}
            for name, of in told.items()
        }

    def chunks(self, frames: ArrayLike, horizon: int) -> tuple[Floats, NDArray[np.bool_]]:
        """Return the actions from each of some frames on, and which of them are beyond the episode's end.

        Beyond the end the last action is repeated, as LeRobot does; whoever learns leaves those out.

        Args:
            frames: (n,) numbers of frames.
            horizon: how many actions.

        Returns:
            (n, horizon, 36) actions and (n, horizon) whether each is padding.

        Raises:
            ValueError: `horizon` is below 1.
            IndexError: there is no such frame.
        """
        if horizon < 1:
            raise ValueError(f"horizon is {horizon}, expected 1 or more")
        first = self._checked(frames)
        stops = np.array([one.stop for one in self.episodes])[self.episode_of[first]]
        wanted = first[:, None] + np.arange(horizon)
        return self.actions[np.minimum(wanted, stops[:, None] - 1)], wanted >= stops[:, None]

    def frames_of(self, episodes: Sequence[int]) -> NDArray[np.int64]:
        """Return the numbers of all frames of some episodes."""
        spans = [np.arange(self.episodes[k].start, self.episodes[k].stop) for k in episodes]
        return np.concatenate(spans) if spans else np.zeros(0, dtype=np.int64)

    def split(self, held_out: float, rng: np.random.Generator) -> tuple[list[int], list[int]]:
        """Divide the episodes into those to learn from and those held out, scenes as a whole.

        Twins show the same scene: one of them in each part would let a learner peek. And a skill is held out as a whole
        only where too few scenes are left otherwise: nobody is to be judged by what it was never shown.

        Args:
            held_out: of all scenes, the fraction to hold out, 0 to 1.
            rng: draws them.

        Returns:
            indices of episodes to learn from, and of those held out.

        Raises:
            ValueError: `held_out` is outside its range.
        """
        if not 0.0 <= held_out <= 1.0:
            raise ValueError(f"held_out is {held_out}, expected 0 to 1")
        skills: dict[int, set[str]] = {one.scene_seed: set() for one in self.episodes}
        taught: dict[int, set[str]] = {scene: set() for scene in skills}  # a failure teaches nothing
        for one in self.episodes:
            skills[one.scene_seed].add(one.skill)
            if one.success:
                taught[one.scene_seed].add(one.skill)
        left = Counter(skill for some in taught.values() for skill in some)
        count = round(held_out * len(skills))
        chosen, passed_over = list[int](), list[int]()
        for scene in rng.permutation(sorted(skills)).tolist():
            here = taught[scene]
            if len(chosen) < count and all(left[skill] > (skill in here) for skill in skills[scene]):
                chosen.append(scene)
                left.subtract(here)
            else:
                passed_over.append(scene)
        out = {*chosen, *passed_over[: count - len(chosen)]}
        kept = [one.index for one in self.episodes if one.scene_seed not in out]
        return kept, [one.index for one in self.episodes if one.scene_seed in out]

    # ---- pictures ----------------------------------------------------------------------------------

    def pictures(self, place: Place, frames: ArrayLike) -> NDArray[np.uint8]:
        """Return a camera's pictures (n, size, size, 3) of some frames.

        Raises:
            IndexError: there is no such frame.
            DemonstrationFault: there are no pictures, or one is damaged or of another size.
        """
        self._need_pictures(image_key(place))
        return self._decoded(image_key(place), frames)

    def _need_pictures(self, name: str) -> None:
        if name not in self.columns:
            raise DemonstrationFault(
                f"{self.folder / INFO}: features has no {name!r}, expected one: collected with `--no-pictures`"
            )

    def depth(self, place: Place, frames: ArrayLike) -> Floats:
        """Return a camera's depth (n, size, size) m of some frames, inf where there is nothing.

        Raises:
            IndexError: there is no such frame.
            DemonstrationFault: no depth was kept, or it is damaged.
        """
        if depth_key(place) not in self.columns:
            raise DemonstrationFault(
                f"{self.folder / INFO}: features has no {depth_key(place)!r}, expected one: `--depth` keeps it"
            )
        metres = self._decoded(depth_key(place), frames).astype(np.float32) / np.float32(1000.0)
        metres[metres == 0.0] = np.inf
        return metres

    def _decoded(self, name: str, frames: ArrayLike) -> NDArray[Any]:
        """Return pictures of a column; frames of one episode after another are quickest."""
        found = []
        for frame in self._checked(frames).tolist():
            episode = self.episodes[self.episode_of[frame]]
            path = self._paths[episode.index]
            start = episode.start - self._begins[path]
            found.append(
                self._pictures.get(path, name, slice(start, start + len(episode)), frame - episode.start)
            )
        return np.stack(found) if found else np.zeros((0, *self.columns[name].shape), dtype=np.uint8)

    def _checked(self, frames: ArrayLike) -> NDArray[np.int64]:
        found = np.atleast_1d(np.asarray(frames, dtype=np.int64))
        wrong = found[(found < 0) | (found >= len(self))]
        if len(wrong):
            raise IndexError(f"frame {wrong[0]}, expected 0 to {len(self) - 1}")
        return found


def _episode(told: dict[str, Any]) -> Episode:
    return Episode(
        index=told["episode_index"],
        start=told["dataset_from_index"],
        stop=told["dataset_to_index"],
        sentence=told["tasks"][0],
        about=told,
        **{name: told[name] for name in ABOUT if name not in ("episode_index", "tasks", "length")},
    )
