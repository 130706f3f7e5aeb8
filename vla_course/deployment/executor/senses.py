"""What a robot sees and feels while it works: a glance now and then, and its fingers all the time."""

from collections.abc import Iterator
from math import hypot
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.deployment.executor.naming import name_things
from vla_course.deployment.executor.scene_seen import SceneSeen
from vla_course.learning.planned.body import PlannedBody
from vla_course.learning.planned.eyes import Sight
from vla_course.learning.planned.finding import Grounder
from vla_course.learning.planned.seen import CLOSES, HOLDS, SAME
from vla_course.learning.planned.things_sight import AS_TALL, clusters_on
from vla_course.motion.footsteps.plan import middle_of
from vla_course.motion.hands.things import Graspable
from vla_course.simulation.robot.layout import SIDES
from vla_course.simulation.robot.state import Side
from vla_course.simulation.scene.things import SHAPES

Array = NDArray[np.float64]

EVERY: Final = 0.5
"""s, between two glances of a guard"""
FELT: Final = 0.3
"""s, for which fingers that were told to close must have stayed open: then something is between them"""
LEVEL: Final = 0.004
"""m, within which of the table's height bare table is seen"""
BARE: Final = 8
"""points of bare table, that show that nothing stands there"""
BOTTOM: Final = 0.012
"""m, over the table: what is higher up is a thing; lower are the bottoms of cups, which are hollow"""
CLOSE: Final = 0.13
"""m, between the middles of two things: what stands so close is in the hand's way"""
AT_WORK: Final = 0.08
"""m, from a tool: what is seen there may be the hand itself"""


class Senses:
    """What the robot of `body` perceives; the names of things come from `grounder`.

    Attributes:
        names: of the things in sight, and the numbers under which the body knows them.
        taking: the name of the thing that the hands are about.
    """

    taking = ""

    def __init__(self, body: PlannedBody, grounder: Grounder) -> None:
        self.body, self._grounder = body, grounder
        self.names: dict[str, int] = {}
        self._sight: Sight | None = None
        self._sights: list[Sight] = []
        self._closed_on = dict.fromkeys(SIDES, np.inf)
        self._since, self._known = 0.0, set[str]()

    # ---- hands -----------------------------------------------------------------------------------

    def feel(self) -> None:
        """Take note of what the fingers do; call this after every tick."""
        now = self.body.humanoid.world.time
        for side in SIDES:
            told, opening = self._fingers(side)
            on = told < CLOSES and opening > HOLDS
            self._closed_on[side] = min(self._closed_on[side], now) if on else np.inf

    @property
    def holds(self) -> bool:
        """Whether there is something between the fingers of a hand: told to close, they have stayed open."""
        self.feel()
        now = self.body.humanoid.world.time
        return any(now - since >= FELT for since in self._closed_on.values())

    @property
    def closed(self) -> bool:
        """Whether the fingers of the hand that worked last were told to close."""
        return self.body.run is None or self._fingers(self.body.run.plan.side)[0] < CLOSES

    @property
    def empty(self) -> bool:
        """Whether these fingers have met: there is nothing between them."""
        if self.body.run is None:
            return True
        return self.closed and self._fingers(self.body.run.plan.side)[1] <= HOLDS

    def _fingers(self, side: Side) -> tuple[float, float]:
        """Return how far open the fingers of a hand were told to be, and are, of 1."""
        hand = SIDES.index(side)
        goals, state = self.body.humanoid.gripper_goals, self.body.body.state
        return float(goals[hand]), float(state.gripper_openings[hand])

    # ---- eyes ------------------------------------------------------------------------------------

    def survey(self, someone: bool = False) -> Iterator[str]:
        """Look round, for a person too if `someone`; forget what is gone, and name what there is."""
        self.settled()
        knowledge = self.body.knowledge
        for doing in self.body.survey(someone):
            self._gather()
            yield doing
        self._gather()
        for name, number in self.names.items():
            if name != self.held_name and number in knowledge.tracks and self._gone(name):
                knowledge.forget(number)
        self.names = name_things(knowledge, self._sights, self._grounder, self.names)
        self._known |= self.names.keys()

    def settled(self) -> None:
        """Take note that nothing moves any more: what is seen from now on belongs together."""
        self._since, self._sights = self.body.humanoid.world.time, []

    def _gather(self) -> None:
        """Keep the looks since all has settled."""
        last = self._sights[-1].time if self._sights else -np.inf
        self._sights += [
            sight for sight in self.body.knowledge.sights if sight.time >= self._since and sight.time > last
        ]

    def _gone(self, name: str) -> bool:
        thing = self.thing(name)
        return thing is not None and any(self.shows_gone(sight, thing) for sight in self._sights)

    def begin(self) -> None:
        """Begin anew to count what has been on the table."""
        self._known = set()

    def scene(self) -> SceneSeen:
        """Return the scene as it is seen since all has settled; what is remembered only is not there."""
        knowledge, here = self.body.knowledge, middle_of(self.body.feet)
        knowledge.look()
        self._gather()
        someone = knowledge.someone
        # Fingers may have closed on something else, while what they were sent for still stands there.
        holds = "" if self._standing(self.held_name) is not None else self.held_name
        things = {
            name: place
            for name in self.names
            if name != holds and (place := self._standing(name)) is not None
        }
        person = None
        if someone is not None:
            x, y = someone.position.tolist()
            person = (x, y), someone.heading
        missing = tuple(sorted(self._known - things.keys() - {holds}))
        return SceneSeen(things, knowledge.table, ((here.x, here.y), here.yaw), person, holds, missing)

    def _standing(self, name: str) -> Array | None:
        """Return the middle (3,) m of a thing that is seen to stand upright where it is taken to be."""
        table, thing = self.body.knowledge.table, self.thing(name)
        if table is None or thing is None:
            return None
        points = np.concatenate([sight.points for sight in self._sights])
        for one in clusters_on(table, points):
            near = hypot(*(one.middle - thing.position)[:2].tolist()) < SAME
            if near and abs(one.height - SHAPES[name.split()[-1]].size[2]) < AS_TALL:
                return thing.position.copy()
        return None

    @property
    def held_name(self) -> str:
        """What it feels between its fingers: the thing that its hands are about; "" for empty hands."""
        return self.taking if self.holds else ""

    def thing(self, name: str) -> Graspable | None:
        """Return a thing where it was last seen; None for one that is not known any more."""
        track = self.body.knowledge.tracks.get(self.names.get(name, -1))
        return None if track is None else track.thing

    def glance(self) -> tuple[Sight, bool]:
        """Return what is in sight, at most `EVERY` s old, and whether it is new."""
        now = self.body.humanoid.world.time
        if self._sight is not None and now - self._sight.time < EVERY:
            return self._sight, False
        self._sight = self.body.knowledge.glance()
        return self._sight, True

    def shows_gone(self, sight: Sight, thing: Graspable) -> bool:
        """Tell whether a look shows bare table under the middle of where a thing was.

        That it does not show the thing says little: something may be before it. And who looks into a cup sees through
        its middle.
        """
        table = self.body.knowledge.table
        if table is None:
            return False
        away = np.hypot(*(sight.points[:, :2] - thing.position[:2]).T)
        over = sight.points[away < thing.size[0] / 4.0, 2] - table.height
        return bool((np.abs(over) < LEVEL).sum() >= BARE and not (over > BOTTOM).any())

    def newcomer(self, sight: Sight, place: Array) -> bool:
        """Tell whether something that nobody has seen before stands `CLOSE` to a place (3,) m."""
        table = self.body.knowledge.table
        if table is None:
            return False
        known = [track.thing.position[:2] for track in self.body.knowledge.tracks.values()]
        tools = [self.body.humanoid.link_pose(f"{side}_tool")[0][:2] for side in SIDES]
        for one in clusters_on(table, sight.points):
            middle = one.middle[:2]
            far = all(hypot(*(middle - at).tolist()) > SAME for at in known)
            bare = all(hypot(*(middle - at).tolist()) > AT_WORK for at in tools)
            if far and bare and hypot(*(middle - place[:2]).tolist()) < CLOSE:
                return True
        return False
