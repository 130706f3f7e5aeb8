"""Which episodes there are: a task, how it is told and shown, and what is changed about the world.

An episode is drawn by its split, family, seed and number. Splits that say the same thing otherwise, or show it
otherwise ("seen", "templates", "asked", "empty", "blind"), share their tasks number by number, and so do the levels of
composition; what a factor changes is changed in the very same task. So all of them can be compared episode by episode.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from vla_course.simulation.tasks.instructions import SKILLS, Skill

Split = Literal[
    "seen",
    "templates",
    "asked",
    "nouns",
    "composition",
    "grounded",
    "swap",
    "two",
    "chain",
    "layout",
    "empty",
    "blind",
]
SPLITS: Final[dict[Split, str]] = {
    "seen": "told in words of training",
    "templates": "reworded: templates that no training has seen",
    "asked": "reworded as well, and the speaker says yes or no where the robot asks what was meant",
    "nouns": "a synonym for a noun",
    "composition": "a pair of colour and shape that nothing in the policy was ever told of (strict)",
    "grounded": "the same pairs, known to what finds things in pictures, told in no lesson of acting",
    "swap": "the same picture, another command",
    "two": "two commands in a row, in one sentence",
    "chain": "five commands one after the other, in one scene",
    "layout": "tables lower, higher, farther and farther aside than any training draws",
    "empty": "no command: a control",
    "blind": "the pictures of another scene: a control",
}
FACTORS: Final[dict[str, str]] = {
    "light": "a low, tinted lamp, and less glow around it",
    "camera": "all cameras moved by up to 3 cm and turned by up to 4.5 degrees, unknown to the robot",
    "friction": "floor, table and things with 0.5 to 0.7 of their usual friction",
    "mass": "the robot's links up to 15 % heavier or lighter, things of 0.30 to 0.45 kg",
    "layout": "tasks drawn anew, at tables of split layout",
}
NAMING: Final[tuple[Skill, ...]] = (
    *("look at", "go to", "reach for", "point at"),
    *("pick up", "place", "move to"),
)
"""families that name a thing"""
SWAPPED: Final[tuple[Skill, ...]] = ("look at", "reach for", "point at", "pick up")
"""families in which another thing of the same scene can be named instead"""
AT_TABLE: Final[tuple[Skill, ...]] = (*NAMING, "serve a drink", "tidy the table")
"""families that a table matters to"""
CONTROLS: Final = ("empty", "blind")
"""splits in which nobody can know what to do: no expert stands beside"""
_KEY: Final = re.compile(r"([a-z]+)/([a-z ]+)/(0|[1-9][0-9]*)/(0|[1-9][0-9]*)(?:/([a-z]+))?")
_LIKE_SEEN: Final = ("templates", "asked", "empty", "blind")
_SAID_AS: Final = {"grounded": "composition", "asked": "templates"}
"""splits in which the same is said as in another one"""
_PHYSICAL: Final = ("friction", "mass", "layout")
"""factors that change an expert's work as well"""


class EvaluationFault(ValueError):
    """An evaluation that cannot be run or read; the message names the file or field, and what was expected."""


@dataclass(frozen=True)
class Episode:
    """One episode.

    Attributes:
        split: one of `SPLITS`.
        family: a skill; for two commands in a row "two", for five "chain".
        number, seed: whole numbers.
        factor: one of `FACTORS`, which is changed; empty where nothing is.
    """

    split: Split
    family: str
    number: int
    seed: int
    factor: str = ""

    @property
    def key(self) -> str:
        """Its name in a file of results."""
        return "/".join([*self._plain(self.split), *([self.factor] if self.factor else [])])

    @property
    def words_key(self) -> str:
        """The same for its words alone: a factor does not change what is said, a level of composition neither."""
        return "/".join(self._plain(_SAID_AS.get(self.split, self.split)))

    @property
    def task_key(self) -> str:
        """The same for the task alone: splits that differ in words, and factors, share it."""
        split = "seen" if self.split in _LIKE_SEEN else self.split
        return "/".join(self._plain("composition" if split == "grounded" else split))

    @property
    def expert_key(self) -> str:
        """The same for the task and what matters to an expert, who needs no eyes."""
        return f"{self.task_key}/{self.factor}" if self.factor in _PHYSICAL else self.task_key

    @property
    def line(self) -> str:
        """Under which name it counts: its split, and the factor."""
        return f"{self.split}, {self.factor}" if self.factor else self.split

    @property
    def order(self) -> tuple[int, int, int, int]:
        """Where it stands in a list: by split, factor, family and number."""
        families = (*SKILLS, "two", "chain")
        split, factor = tuple(SPLITS).index(self.split), ("", *FACTORS).index(self.factor)
        return split, factor, families.index(self.family), self.number

    def _plain(self, split: str) -> list[str]:
        return [split, self.family, str(self.seed), str(self.number)]


def of_key(key: str) -> Episode:
    """Return the episode of a key.

    Raises:
        EvaluationFault: it is none.
    """
    told = _KEY.fullmatch(key)
    if told is not None:
        split, family, seed, number, factor = told.groups(default="")
        if split in SPLITS and family in families_of(split) and factor in ("", *FACTORS):
            return Episode(split, family, int(number), int(seed), factor)
    raise EvaluationFault(f"key is {key!r}, expected one such as seen/pick up/0/3 or seen/pick up/0/3/light")


def families_of(split: Split) -> tuple[str, ...]:
    """Return the families of a split."""
    match split:
        case "composition" | "grounded" | "nouns":
            return NAMING
        case "swap":
            return SWAPPED
        case "layout":
            return AT_TABLE
        case "two" | "chain":
            return (split,)
        case _:
            return SKILLS


def episodes(
    splits: Sequence[Split], families: Sequence[str], count: int, seed: int, factors: Sequence[str] = ()
) -> Iterator[Episode]:
    """Yield `count` episodes of each family of each split, as it is and with each factor changed, families by turns.

    Args:
        splits: some of `SPLITS`.
        families: only these skills; "two" and "chain" are no skills, and always there.
        count: of each.
        seed: of all of them.
        factors: some of `FACTORS`; controls are left as they are. A layout is changed for families that a table matters
            to, and in no other layout.
    """
    wanted = {*families, "two", "chain"}
    for split in splits:
        fitting = [] if split in CONTROLS else [one for one in factors if not (one == "layout" == split)]
        for factor in ("", *fitting):
            at_table = {*AT_TABLE, "two", "chain"} if factor == "layout" else wanted
            some = [one for one in families_of(split) if one in wanted & at_table]
            yield from (Episode(split, one, number, seed, factor) for number in range(count) for one in some)


assert tuple(SPLITS) == get_args(Split)
