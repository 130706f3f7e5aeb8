"""`HumanoidVLAPipeline`: what a policy commands, planned for a body that must not fall.

    Command -> decode_actions -> Action -> plan -> fault, doubt -> safe plan, replacements

Three kinds of actions, three branches (`locomotion`, `manipulation`, `balance`) that plan, judge and replace; the
pipeline only leads from one to the next.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.footsteps.plan import GoalPose, Stance
from vla_course.motion.ground.terrain_map import TerrainAnalysis
from vla_course.motion.hands.plan import NoPlan
from vla_course.motion.pipeline.actions import (
    STEP_TIME,
    Action,
    BalanceAction,
    LocomotionAction,
    ManipulationAction,
)
from vla_course.motion.pipeline.balance import BalanceBranch, estimate_balance
from vla_course.motion.pipeline.commands import Command, Observation, VLAPolicy, decode_command
from vla_course.motion.pipeline.locomotion import LocomotionBranch
from vla_course.motion.pipeline.manipulation import ManipulationBranch
from vla_course.motion.pipeline.parts import PipelineParts
from vla_course.motion.pipeline.plans import (
    BalanceControl,
    BalanceEstimate,
    Compensation,
    FootstepSequence,
    HumanoidActions,
    ManipulationSequence,
    Planned,
    Replacement,
)
from vla_course.motion.pipeline.rehearsal import Rehearsal
from vla_course.motion.pipeline.situation import KnownThing, RobotSituation, after_walk
from vla_course.motion.pipeline.verification import STILL, Judge
from vla_course.simulation.robot.model import RobotModel


class HumanoidVLAPipeline:
    """Turns actions into plans that are safe to carry out.

    Args:
        parts: the pieces that are exercises; the reference's by default.
        rehearsal: where plans are tried out that no formula can judge; without it formulas alone decide.
        model: what the robot believes about itself; it is moved. The course's robot by default.
    """

    def __init__(
        self,
        parts: PipelineParts | None = None,
        rehearsal: Rehearsal | None = None,
        model: RobotModel | None = None,
    ) -> None:
        parts = parts or PipelineParts.reference()
        self._model = model or RobotModel()
        self._locomotion = LocomotionBranch(parts, self._model)
        self._manipulation = ManipulationBranch(parts, self._model)
        self._balance = BalanceBranch(self._model)
        self._judge = Judge(
            {
                FootstepSequence: self._locomotion,
                ManipulationSequence: self._manipulation,
                BalanceControl: self._balance,
            },
            rehearsal,
        )

    # ---- the whole way -------------------------------------------------------------------------

    def run(
        self, policy: VLAPolicy[Observation], observation: Observation, situation: RobotSituation
    ) -> HumanoidActions:
        """Ask a policy, and return safe plans for what it commands."""
        return self.decode_humanoid_actions(self.decode_actions(policy.command(observation)), situation)

    def decode_actions(self, commands: Iterable[Command]) -> tuple[Action, ...]:
        """Return the actions that commands ask for. Raises ValueError: a skill is unknown, or a number does not fit."""
        return tuple(decode_command(command) for command in commands)

    def decode_humanoid_actions(
        self, actions: Sequence[Action], situation: RobotSituation
    ) -> HumanoidActions:
        """Return a safe plan for each action, in turn, each planned for where the one before it ends.

        Raises:
            ValueError: an action names a thing that nobody knows.
        """
        plans: list[Planned] = []
        replacements: list[Replacement] = []
        begin = situation
        for action in actions:
            planned, replaced = self._plan(action, situation)
            if not replaced:
                planned, replaced = self.verify_balance_constraints(planned, situation)
            plans.append(planned)
            replacements += replaced
            if isinstance(planned, FootstepSequence):
                situation = after_walk(situation, planned.start, planned.end)
        return HumanoidActions(
            tuple(plans),
            tuple(replacements),
            self.estimate_balance_state(begin),
            self.extract_footstep_plan(plans),
        )

    def _plan(self, action: Action, situation: RobotSituation) -> tuple[Planned, tuple[Replacement, ...]]:
        """Return the plan of an action; where there is none, what keeps balance instead, and why."""
        try:
            match action:
                case LocomotionAction():
                    return self.plan_safe_footsteps(action, situation), ()
                case ManipulationAction():
                    return self.plan_balanced_manipulation(action, situation), ()
                case BalanceAction():
                    return self.generate_balance_commands(action, situation), ()
        except NoPlan as why:
            if isinstance(action, ManipulationAction) and action.grip is not None:
                planned, changes = self._plan(replace(action, grip=None), situation)
                if not changes:
                    planned, changes = self.verify_balance_constraints(planned, situation)
                return planned, (Replacement(action, planned, str(why)), *changes)
            still, changes = self._judge.make_safe(STILL, situation)
            return still, (Replacement(action, still, str(why)), *changes)

    # ---- locomotion ----------------------------------------------------------------------------

    def plan_safe_footsteps(self, action: LocomotionAction, situation: RobotSituation) -> FootstepSequence:
        """Return the steps to the action's target. Raises NoPlan: not a single one can be made."""
        return self._locomotion.plan(action, situation)

    def extract_target_position(self, action: LocomotionAction, situation: RobotSituation) -> GoalPose:
        """Return where the action leads. Raises ValueError: nobody knows the thing that it names."""
        return self._locomotion.target(action, situation)

    def analyze_terrain(self, situation: RobotSituation) -> TerrainAnalysis:
        """Return the shape of the ground as the planner sees it."""
        return self._locomotion.ground(situation)[0].analysis

    def will_maintain_balance_after_step(
        self, step: Footstep, stance: Stance, situation: RobotSituation, step_time: float = STEP_TIME
    ) -> bool:
        """Tell whether a step from `stance` is safe: ground, reach, swing, and a DCM that the next sole catches."""
        verified = self._locomotion.ground(situation)[1].verify(stance, (step,), step_time)
        return not verified.changes and not verified.reason

    def adjust_step_for_balance(
        self, step: Footstep, stance: Stance, situation: RobotSituation, step_time: float = STEP_TIME
    ) -> Footstep | None:
        """Return the safe step from `stance` that is nearest to `step`; None where there is none."""
        verified = self._locomotion.ground(situation)[1].verify(stance, (step,), step_time)
        return verified.steps[0] if verified.steps else None

    def extract_footstep_plan(self, plans: Iterable[Planned]) -> tuple[Footstep, ...]:
        """Return all footsteps of some plans, in turn."""
        return tuple(
            step for planned in plans if isinstance(planned, FootstepSequence) for step in planned.steps
        )

    # ---- manipulation --------------------------------------------------------------------------

    def plan_balanced_manipulation(
        self, action: ManipulationAction, situation: RobotSituation
    ) -> ManipulationSequence:
        """Return the stages for a thing, with their balance compensation. Raises NoPlan: neither hand can."""
        return self._manipulation.plan(action, situation)

    def extract_target_object(self, action: ManipulationAction, situation: RobotSituation) -> KnownThing:
        """Return the thing that an action is about. Raises ValueError: nobody knows it."""
        return situation.thing(action.thing)

    def calculate_balance_compensation(
        self, planned: ManipulationSequence, situation: RobotSituation
    ) -> tuple[Compensation, ...]:
        """Return how the body makes room for each stage of a plan, for the load as it is known now."""
        load = situation.thing(planned.thing).mass
        again = self._manipulation.compensated(planned.thing, planned.plan, load, planned.place, situation)
        return again.compensation

    # ---- balance -------------------------------------------------------------------------------

    def generate_balance_commands(self, action: BalanceAction, situation: RobotSituation) -> BalanceControl:
        """Return how to keep balance as the action asks."""
        return self._balance.plan(action, situation)

    def estimate_balance_state(self, situation: RobotSituation) -> BalanceEstimate:
        """Return how the robot stands."""
        return estimate_balance(situation.robot, self._model)

    # ---- verification --------------------------------------------------------------------------

    def verify_balance_constraints(
        self, planned: Planned, situation: RobotSituation
    ) -> tuple[Planned, tuple[Replacement, ...]]:
        """Return a plan where it is safe, else a safe one in its place; and what was replaced, and why."""
        return self._judge.make_safe(planned, situation)

    def footsteps_maintain_balance(self, planned: FootstepSequence, situation: RobotSituation) -> bool:
        """Tell whether every step of a plan is safe, each from the one before."""
        return not self._judge.fault(planned, situation)

    def manipulation_maintains_balance(
        self, planned: ManipulationSequence, situation: RobotSituation
    ) -> bool:
        """Tell whether every stage of a plan is safe, each from the one before."""
        return not self._judge.fault(planned, situation)

    def generate_safe_alternative(self, planned: FootstepSequence, situation: RobotSituation) -> Planned:
        """Return what to do instead of unsafe footsteps; safe ones stay."""
        return self._judge.make_safe(planned, situation)[0]

    def adjust_manipulation_for_balance(
        self, planned: ManipulationSequence, situation: RobotSituation
    ) -> Planned:
        """Return what to do instead of an unsafe plan of hands; a safe one stays."""
        return self._judge.make_safe(planned, situation)[0]
