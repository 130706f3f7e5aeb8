"""A robot that carries out what it has heard by what it sees: it looks round, finds what is meant, and then acts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import exp, prod
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.expert.performer import Order, Performer
from vla_course.learning.planned.eyes import Eyes
from vla_course.learning.planned.finding import Grounder, Look, Role, likely
from vla_course.learning.planned.looking import AROUND, OUT, next_turn, unseen_spots
from vla_course.learning.planned.seen import SeenKnowledge
from vla_course.motion.errands.ending import ErrandFailed
from vla_course.motion.errands.mobile_manipulator import SETTLE
from vla_course.motion.errands.parts import ErrandParts
from vla_course.motion.footsteps.plan import middle_of
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.layout import HEAD
from vla_course.simulation.robot.state import Side
from vla_course.simulation.scene.things import SHAPES
from vla_course.simulation.tasks.instructions import NOUNS, Instruction, Skill
from vla_course.simulation.tasks.meant import Pose, leftward
from vla_course.simulation.tasks.scenes import HANDS
from vla_course.simulation.tasks.words import SHAPES_OF_DRINKS

Array = NDArray[np.float64]

DOUBTFUL: Final = 0.52
"""how sure a robot must be of which thing is meant, or it says so and does nothing: rather this one than all others"""
TURNS: Final = 6
"""of the head, at most, before it makes do with what it has seen"""
THERE: Final = 0.10
"""rad, from where the head is to be: then it looks; a camera knows where it is, and that much is in any picture"""
SLOW: Final = 1.4
"""s, after which it looks wherever the head is"""
MEASURED: Final = 0.003
"""m, how well the height of a thing is known"""
LID: Final = 0.0015
"""m, by which what is seen of things is taller than what they collide with: lids, and rims that lean"""
UNLIKE: Final = 1e-4
"""how likely it is, at least, that a thing of another height is what was named after all"""
ASIDE: Final = {"left": 0.03, "right": 0.03, "my left": 0.08, "my right": 0.08}
"""m, how well it knows who has what on which side: the person's heading less well than its own"""
_DRINKS: Final = {shape: f"look at the {shape}" for shape in SHAPES_OF_DRINKS}
"""what it asks itself where it is to serve a drink that nobody has named"""
SIGHTLESS: Final[tuple[Skill, ...]] = ("walk", "turn", "stand still")
"""what can be done with closed eyes"""


@dataclass(frozen=True, slots=True)
class HeardOrder:
    """One thing to do, and the hand for it."""

    instruction: Instruction
    hand: Side | None


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """What the robot said that it was going to do.

    Attributes:
        instruction: skill and parameters as it understood them.
        target: (3,) m, world, where the thing or person is that it is about; None where it is about none.
        other: (3,) m, the same for the other thing of a relation.
        hand: with which hand.
        confidence: how sure it is of what is meant, 0 to 1, the least sure of all it has to know.
    """

    instruction: Instruction
    target: Array | None
    other: Array | None
    hand: Side | None
    confidence: float


class PlannedBody(Performer):
    """A robot that has heard one or two instructions and knows nothing of the scene but what it sees.

    Args:
        instructions: what was understood of `sentence`.
        sentence: what was said.
        humanoid: stands somewhere.
        grounder: finds what the sentence means in pictures.
        eyes: what it sees with; its own cameras by default.
        measures: whether it holds against a thing that it is not as tall as what was named is.
        parts: the pieces of walk and reach that are exercises, by default the reference's.

    Attributes:
        named: what it was going to do, part by part.
    """

    knowledge: SeenKnowledge

    def __init__(
        self,
        instructions: Sequence[Instruction],
        sentence: str,
        humanoid: Humanoid,
        grounder: Grounder,
        eyes: Eyes | None = None,
        measures: bool = True,
        parts: ErrandParts | None = None,
    ) -> None:
        orders = [HeardOrder(instruction, instruction.hand) for instruction in instructions]
        super().__init__(orders, humanoid, SeenKnowledge(humanoid, eyes), parts)
        self._grounder, self._sentence, self._measures = grounder, sentence, measures
        self._looks: dict[str, list[Look]] = {}
        self._told_at = self._stands_at()
        self._wheres: dict[str, str | None] = {}
        self.named: list[Named] = []

    def hear(self, instructions: Sequence[Instruction], sentence: str) -> None:
        """Tell it what to do now that it has done, or tried, what it was told before.

        It remembers what it saw, and goes on with what its hand holds.
        """
        self.tell([HeardOrder(instruction, instruction.hand) for instruction in instructions])
        self._sentence, self._told_at, self.named = sentence, self._stands_at(), []

    @property
    def orders(self) -> Sequence[Order]:
        """What it was told, one thing after the other, with the hand for it where that was decided."""
        return self._orders

    # ---- before each part ------------------------------------------------------------------------

    def find(self) -> Iterator[str]:
        """Look round, find what the first part is about, and do no more; `perform` does all of it.

        Who cannot tell what is meant says why in `reason`.
        """
        self.ending, self.reason = "", ""
        try:
            yield from self._prepare()
        except ErrandFailed as failed:
            self.reason, self.ending = str(failed), failed.ending

    def survey(self, someone: bool = False) -> Iterator[str]:
        """Look round until the table with all on it has been in sight, and the person if `someone`; do nothing else."""
        self.ending, self.reason = "", ""
        self.gaze.target = None
        try:
            yield from self._look_about((), True, someone)
        except ErrandFailed as failed:
            self.reason, self.ending = str(failed), failed.ending

    def _prepare(self) -> Iterator[str]:
        """Look round, and find what the part under way is about."""
        first, instruction = self._part is self._orders[0], self._part.instruction
        rests = self.humanoid.world.time + SETTLE
        self.gaze.target = None
        if not self._fresh:
            yield from self._free()
        if instruction.skill not in SIGHTLESS:
            if self.held is None:
                yield from self._look_round(instruction)
            self._name(instruction, first)
        else:
            self.named.append(Named(instruction, None, None, None, 1.0))
        self._turn_eyes()
        if first:
            yield from self.stand("stand", max(0.0, rests - self.humanoid.world.time))

    def _look_round(self, instruction: Instruction) -> Iterator[str]:
        """Turn the head until table, things and person have been in sight, as far as they are needed."""
        table, someone = instruction.other != "person", _is_about_person(instruction)
        yield from self._look_about(_sentences(instruction, self._sentence), table, someone)

    def _look_about(self, sentences: Sequence[str], table: bool, someone: bool) -> Iterator[str]:
        """Turn the head until the table with all on it, and the person if `someone`, have been in sight.

        Args:
            sentences: what the grounder is told of every picture.
            table: whether a table that is not in sight is looked for.
            someone: whether a person who is not in sight is.
        """
        knowledge = self.knowledge
        self._looks = {sentence: [] for sentence in sentences}
        table_turns, person_turns = iter(AROUND), iter(OUT)
        for _ in range(TURNS):
            sight = knowledge.look()
            for sentence in sentences:
                self._looks[sentence].append(Look(sight, self._grounder.encode(sight.rgb, sentence)))
            turn: Array | tuple[float, float] | None
            if knowledge.table is None and table:
                turn = next(table_turns, None)
            elif knowledge.table is not None and len(left := unseen_spots(knowledge.table, knowledge.sights)):
                turn = next_turn(self.humanoid, self.body.state, left)
            elif someone and knowledge.someone is None:
                turn = next(person_turns, None)
            else:
                break
            if turn is None:
                break
            self.gaze.fixed = np.array(turn)
            yield from self._until_turned()
        self.gaze.fixed = None
        self.take_in_surroundings()

    def _until_turned(self) -> Iterator[str]:
        """Stand until the head is where it is to be."""
        assert self.gaze.fixed is not None
        over = self.humanoid.world.time + SLOW
        while self.humanoid.world.time < over:
            self.walker.tick()
            yield self._looked("look round")
            if float(np.abs(self.body.state.joint_positions[HEAD] - self.gaze.fixed).max()) < THERE:
                return

    # ---- what is meant ---------------------------------------------------------------------------

    def _name(self, instruction: Instruction, first: bool) -> None:
        """Find out which things are meant, and take the hand for it. Raises ErrandFailed: it cannot tell."""
        knowledge, sure = self.knowledge, [1.0]
        thing, other = instruction.thing, instruction.other if instruction.other in NOUNS else None
        roles: tuple[Role, Role] = ("thing", "other") if first else ("then thing", "then other")
        nouns = ((thing, instruction.where, roles[0]), (other, None, roles[1]))
        asked = {
            noun: self._chances(noun, where, role)
            for noun, where, role in nouns
            if noun is not None and not (knowledge.is_called(noun) and self._wheres.get(noun) == where)
        }
        taken = [knowledge.number(noun) for noun, _, _ in nouns if noun is not None and noun not in asked]
        if asked:
            sure.append(self._call(asked, taken))
            self._wheres |= {noun: where for noun, where, _ in nouns if noun in asked}
        if instruction.skill == "serve a drink" and thing is None:
            sure.append(self._find_drink())
            thing = "drink"
        hand = instruction.hand
        if first and hand is None and instruction.skill in HANDS and thing is not None:
            x, y, _ = knowledge.place(thing).tolist()
            hand = "left" if leftward((x, y), self._stands_at()) > 0.0 else "right"
        if isinstance(self._part, HeardOrder):
            order = replace(self._part, hand=hand)
            self._orders = tuple(order if one is self._part else one for one in self._orders)
            self._part = order
        about = thing or ("person" if instruction.other == "person" else None)
        self.named.append(
            Named(
                instruction,
                None if about is None else knowledge.place(about),
                None if other is None else knowledge.place(other),
                hand,
                min(sure),
            )
        )
        if min(sure) < DOUBTFUL:
            raise ErrandFailed("no plan", f"I am not sure what is meant by {self._sentence!r}")

    def _chances(self, noun: str, where: str | None, role: Role) -> dict[int, float]:
        """Return how likely each thing is to be the one that plays a role in the sentence, of all together 1."""
        chances = self._likely(self._sentence, role)
        if where is not None:
            viewer, sign = self._viewer(where), 1.0 if where.endswith("left") else -1.0
            for number in chances:
                x, y, _ = self.knowledge.tracks[number].thing.position.tolist()
                aside = sign * leftward((x, y), viewer) / ASIDE[where]
                chances[number] *= 1.0 / (1.0 + exp(-max(-50.0, min(50.0, aside))))
        return self._measured(chances, noun.split()[-1])

    def _find_drink(self) -> float:
        """Call the thing "drink" that is most likely something that drinks are served in; any of them will do.

        Returns:
            How sure it is that there is one at all.
        """
        chances, sure = dict.fromkeys(self.knowledge.tracks, 0.0), 0.0
        for shape, sentence in _DRINKS.items():
            looks = self._looks.get(sentence, [])
            shown = [max(self._grounder.ground(look.encoded, "thing").shows) for look in looks]
            there = max(shown, default=0.0)
            sure = max(sure, there)
            for number, chance in self._measured(self._likely(sentence, "thing"), shape).items():
                chances[number] += there * chance
        self._call({"drink": chances}, ())
        return sure

    def _measured(self, chances: dict[int, float], shape: str) -> dict[int, float]:
        """Return chances of things to be of a shape, those of another height less."""
        if not self._measures or shape not in SHAPES:
            return chances
        tracks = self.knowledge.tracks
        return {
            number: chance * (as_tall(tracks[number].cluster.height, shape) if tracks[number].whole else 1.0)
            for number, chance in chances.items()
        }

    def _likely(self, sentence: str, role: Role) -> dict[int, float]:
        tracks = self.knowledge.tracks
        if not tracks:
            raise ErrandFailed("no plan", "there is nothing in sight")
        things = {number: track.thing for number, track in tracks.items()}
        return likely(things, self._looks.get(sentence, []), self._grounder, role)

    def _call(self, asked: dict[str, dict[int, float]], taken: Sequence[int]) -> float:
        """Give names to the things that are likeliest to bear them, all different ones; return how likely that is.

        Args:
            asked: for each name, how likely each thing is to be what it means.
            taken: things that already play another part.
        """
        together: dict[tuple[int, ...], float] = {}
        for numbers in product(*asked.values()):
            if len({*numbers, *taken}) == len(numbers) + len(set(taken)):
                together[numbers] = prod(c[n] for c, n in zip(asked.values(), numbers, strict=True))
        if not together or not sum(together.values()) > 0.0:
            raise ErrandFailed("no plan", f"there is nothing in sight that may be {' and '.join(asked)}")
        best = max(together, key=lambda numbers: together[numbers])
        for name, number in zip(asked, best, strict=True):
            shape = name.split()[-1]
            self.knowledge.call(name, number, shape if shape in SHAPES else None)
        return together[best] / sum(together.values())

    def _viewer(self, where: str) -> Pose:
        """Return from where somebody looks who says "my left" or "your left"."""
        if not where.startswith("my"):
            return self._told_at
        someone = self.knowledge.someone
        if someone is None:
            raise ErrandFailed("no plan", "there is no person in sight")
        x, y = someone.position.tolist()
        return (x, y), someone.heading

    def _stands_at(self) -> Pose:
        here = middle_of(self.feet)
        return (here.x, here.y), here.yaw


def as_tall(height: float, shape: str) -> float:
    """Return how well a thing `height` m tall goes with the name of a shape, 0 to 1."""
    off = (height - LID - SHAPES[shape].size[2]) / MEASURED
    return max(UNLIKE, exp(-off * off / 2.0))


def _is_about_person(instruction: Instruction) -> bool:
    """Tell whether somebody must be in sight."""
    mine = instruction.where is not None and instruction.where.startswith("my")
    return mine or instruction.other == "person" or instruction.skill == "serve a drink"


def _sentences(instruction: Instruction, sentence: str) -> list[str]:
    """Return what a grounder is to be told: what was said, or for a drink that has no name all that may be one."""
    if instruction.skill == "serve a drink" and instruction.thing is None:
        return list(_DRINKS.values())
    return [sentence]
