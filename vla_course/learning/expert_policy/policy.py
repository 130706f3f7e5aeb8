"""The expert as a policy: asked anew at every decision, from any state, it says what to do until the next one.

    policy = ExpertPolicy(task, stage, robot)
    command = policy.command()  # what to do now
    commands = policy.chunk(8)  # and at the next decisions

Beside plans that are functions of where things and feet are it remembers nothing: the same state has the same
answer, whoever brought the robot there. So it can say what a learner should have done, wherever that has led.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.environment.action_space import BodyCommand
from vla_course.learning.environment.commanded_body import CommandedBody
from vla_course.learning.environment.foresight import trial
from vla_course.learning.expert.aims import Spot, beside, in_third, pointing, reaching, stacked
from vla_course.learning.expert.gaze import looking_at
from vla_course.learning.expert.scene_knowledge import TrueKnowledge
from vla_course.learning.expert_policy.bringing import BY_IT, DOWN, ON_IT, Bringing, situation_without
from vla_course.learning.expert_policy.foot_tasks import FootTasks
from vla_course.learning.expert_policy.hand_moves import HandMove
from vla_course.learning.expert_policy.hand_tasks import HandTasks, out_of_the_way
from vla_course.learning.expert_policy.knowledge import Knowledge
from vla_course.learning.expert_policy.on_foot import OnFoot
from vla_course.motion.errands.ending import ErrandFailed
from vla_course.motion.hands.plan import ManipulationPlan, NoPlan
from vla_course.motion.hands.ways import Situation
from vla_course.simulation.robot.humanoid import HOME_POSTURE
from vla_course.simulation.robot.layout import ARMS, HEAD, SIDES
from vla_course.simulation.robot.state import Side
from vla_course.simulation.tasks.goals import Turned, Walked
from vla_course.simulation.tasks.goals_hands import MovedTo, Placed
from vla_course.simulation.tasks.stage import Stage
from vla_course.simulation.tasks.tasks import Task

Array = NDArray[np.float64]

STILL: Final = np.zeros(3)


class ExpertPolicy:
    """Says what `robot` on `stage` is to do for a task; it knows all of the scene.

    Args:
        task: to be carried out.
        stage: where.
        robot: that carries out commands.
        period: s, between two decisions.
    """

    def __init__(self, task: Task, stage: Stage, robot: CommandedBody, period: float = 0.1) -> None:
        self._task, self._period = task, period
        self._known = Knowledge(stage, robot)
        self._feet = FootTasks(self._known)
        self._hands: dict[Side, HandTasks] = {
            "left": HandTasks(self._known, "left", period),
            "right": HandTasks(self._known, "right", period),
        }
        self._on_foot = OnFoot(self._known, self._feet, self._hands, period)
        self._bringing = {side: Bringing(hand) for side, hand in self._hands.items()}

    def command(self) -> BodyCommand:
        """Return what to do until the next decision.

        Raises:
            NoPlan: the hand cannot do what is asked.
            ErrandFailed: there is no way to where the feet are asked.
        """
        velocity, move = self._decide()
        joints = HOME_POSTURE.copy()
        joints[ARMS], joints[HEAD] = move.arms, self._look()
        return BodyCommand(joints, velocity, move.stance, move.grippers)

    def chunk(self, horizon: int) -> list[BodyCommand]:
        """Return what to do at this decision and the following ones, `horizon` in all, as long as nothing disturbs it.

        They are not guessed: the robot does what is said, in a trial of this very world (`environment.foresight`), and
        is asked again. A learner that predicts several actions at once learns them from here, wherever it went. There
        are fewer of them where the task ends within, or the policy has no further plan.

        Raises:
            NoPlan: the hand cannot do what is asked.
            ErrandFailed: there is no way to where the feet are asked.
            ValueError: `horizon` is not positive.
        """
        if horizon < 1:
            raise ValueError(f"horizon is {horizon}, expected at least 1 decision")
        commands = [self.command()]
        with (
            trial(self._known.stage, self._known.robot) as (stage, robot),
            self._known.elsewhere(stage, robot),
        ):
            while len(commands) < horizon:
                for _ in robot.carry_out(commands[-1], self._period):
                    self._task.observe(stage)
                if stage.failure or self._task.succeeded(stage):
                    break
                try:
                    commands.append(self.command())
                except (NoPlan, ErrandFailed):
                    break
        return commands

    def room(self) -> float:
        """Return how far m the arms, with what they hold, are from the table and the nearest thing.

        Whoever disturbs what is done, so that a learner sees how to come back, disturbs it less where there is less
        room: fingers that pass 8 mm over a table do not survive a noise of 3 cm, whatever the policy says next.
        """
        return min(self._known.room(side) for side in SIDES)

    def _look(self) -> Array:
        """Return where the head turns: to what the task is about."""
        instruction = self._task.parts[0].instruction
        target = instruction.thing or ("person" if instruction.other == "person" else None)
        if target is None:
            return np.zeros(2)
        stage = self._known.stage
        place = TrueKnowledge(stage).place(target)
        return looking_at(stage.humanoid, self._known.robot.walker.body.state, place)

    def _decide(self) -> tuple[Array, HandMove]:
        """Return base velocity (3,) and the move of the hands."""
        instruction, goal = self._task.parts[0].instruction, self._task.goal
        thing, other = instruction.thing, instruction.other
        side: Side = self._task.hand or "right"
        hand = self._hands[side]
        match instruction.skill:
            case "walk" if isinstance(goal, Walked):
                return self._on_the_way(self._feet.walk(goal))
            case "turn" if isinstance(goal, Turned):
                return self._on_the_way(self._feet.turn(goal))
            case "go to":
                return self._on_the_way(self._feet.go_before(thing or other or "table"))
            case "reach for" if thing:
                return self._by_hand(thing, side, partial(hand.aim, "reach", reaching, thing))
            case "point at" if thing:
                return self._by_hand(thing, side, partial(hand.aim, "point", pointing, thing))
            case "pick up" if thing:
                if self._known.holds(thing, side):
                    stands = self._known.robot.walker.phase == "stand"
                    return STILL, hand.lift(thing) if stands else hand.moves.stay(0.0)
                plan = partial(self._grasp, thing, side)
                return self._by_hand(thing, side, partial(hand.take, thing, "pick up", plan))
            case "place" if thing and other and instruction.relation == "on":
                return self._stack(thing, other)
            case "place" | "move to" if thing:
                return self._bring(thing)
        return STILL, out_of_the_way(self._known, self._hands, self._period)[0]

    def _on_the_way(self, velocity: Array) -> tuple[Array, HandMove]:
        """Walk with empty hands at home; a robot that stands brings them home first."""
        move, home = out_of_the_way(self._known, self._hands, self._period)
        return (velocity if home or self._known.robot.walker.phase != "stand" else STILL), move

    def _by_hand(self, thing: str, side: Side, work: Callable[[], HandMove]) -> tuple[Array, HandMove]:
        """Let a hand work where the robot stands, or else go to where it can. Raises NoPlan: it can nowhere."""
        why = NoPlan(f"the {thing} is too far from the edge of any table")
        if self._on_foot.stands():
            try:
                return STILL, self._alone(side, work)
            except NoPlan as no_plan:
                why = no_plan
        return self._on_foot.go_to(thing, side, why)

    def _alone(self, side: Side, work: Callable[[], HandMove]) -> HandMove:
        """Let a hand work, and bring the other one home first where that is out over the table. Raises NoPlan."""
        move, other = work(), self._hands["left" if side == "right" else "right"]
        return other.join(0.0) if other.out() else move

    # ---- things brought elsewhere ----------------------------------------------------------------

    def _bring(self, thing: str) -> tuple[Array, HandMove]:
        """Bring a thing to one of its spots on the table."""
        situation = situation_without(self._known, thing)
        return self._fetch(thing, self._spots(thing, situation), situation)

    def _stack(self, thing: str, other: str) -> tuple[Array, HandMove]:
        """Put a thing on another one."""
        known, lower = self._known, self._known.thing(other)
        x, y, _ = lower.position.tolist()
        return self._fetch(thing, [(x, y)], stacked(lower, known.rest(thing, other), known.table))

    def _taken(self, thing: str, side: Side, spots: Sequence[Spot], there: Situation) -> ManipulationPlan:
        """Return how a hand takes a thing that it can put on one of `spots` from here. Raises NoPlan: it cannot.

        The first grasp decides: in none of the scenes where its spots were out of reach did another one help, and to
        ask them all takes a hundred times as long.
        """
        known = self._known
        why = NoPlan(f"there is no room for the {thing} where it is to stand")
        take, held = known.planner(side, situation_without(known, thing)).grasp(
            known.graspable(thing), hold=0.1
        )
        planner = known.planner(side, there)
        for spot in spots:
            try:
                planner.transport(held, np.array(spot))
                return take
            except NoPlan as no_plan:
                why = no_plan
        raise why

    def _fetch(
        self,
        thing: str,
        spots: Sequence[Spot],
        situation: Situation,
    ) -> tuple[Array, HandMove]:
        """Take a thing, and put it on the first of `spots` that can be; `situation` is what it is put down in."""
        known, goal = self._known, self._task.goal
        assert isinstance(goal, (Placed, MovedTo))
        holding: list[Side] = [side for side in SIDES if known.holds(thing, side)]
        floor = 0.0 if situation.table is None else situation.table.height
        stands = known.height(thing, floor) < DOWN or self._known.stage.borne(thing) > 1.0
        if goal.in_place(self._known.stage) and (stands or not holding):
            for side in SIDES:
                move = self._bringing[side].let_go(thing)
                if move is not None:
                    return STILL, move
            return STILL, out_of_the_way(known, self._hands, self._period)[0]
        if holding:
            return self._put(thing, holding[0], spots, situation)
        if not self._on_foot.stands():
            return self._on_foot.fetch(thing, spots, situation)
        near = self._nearer(thing)
        far: Side = "left" if near == "right" else "right"
        closing: list[Side] = [side for side in SIDES if known.closes(side) and known.between(thing, side)]
        for side in (*closing, near, far):
            plan = partial(self._taken, thing, side, spots, situation)
            try:
                return STILL, self._alone(side, partial(self._hands[side].take, thing, "bring", plan))
            except NoPlan:
                continue
        return self._on_foot.fetch(thing, spots, situation)

    def _put(
        self, thing: str, side: Side, spots: Sequence[Spot], situation: Situation
    ) -> tuple[Array, HandMove]:
        """Put down what a hand holds, from here or from where it can."""
        within = ON_IT if self._task.parts[0].instruction.relation == "on" else BY_IT
        if self._on_foot.stands():
            try:
                return STILL, self._bringing[side].bring(thing, spots, situation, within)
            except NoPlan:
                pass
        return self._on_foot.carry(thing, side, spots, situation)

    def _spots(self, thing: str, situation: Situation) -> Sequence[Spot]:
        """Return where a thing may be put down, the best spot first."""
        instruction, table = self._task.parts[0].instruction, self._known.table
        if instruction.skill == "move to" and instruction.other:
            return in_third(instruction.other, self._known.feet_middle(), situation.things, table)
        assert instruction.other is not None
        assert instruction.relation is not None
        return beside(self._known.thing(instruction.other), instruction.relation, situation.things, table)

    def _nearer(self, thing: str) -> Side:
        """Return the hand on whose side of the feet a thing is."""
        (lx, ly, _), (rx, ry, _) = self._known.soles()
        x, y, _ = self._known.thing(thing).position.tolist()
        mx, my = (lx + rx) / 2.0, (ly + ry) / 2.0
        return "left" if (x - mx) * (lx - rx) + (y - my) * (ly - ry) >= 0.0 else "right"

    def _grasp(self, thing: str, side: Side) -> ManipulationPlan:
        planner = self._known.planner(side, Situation(self._known.table, self._known.rest(thing)))
        return planner.grasp(self._known.graspable(thing), hold=0.1)[0]
