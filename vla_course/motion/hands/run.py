"""Carries out a plan of hands with a standing robot: 250 decisions a second, legs under the balance controller.

Every tick asks the plan where the tool belongs, looks where the pelvis really is, and takes one step of
inverse kinematics from there: so the hand goes where it should in the world although the body sways. A
hand that meets what nobody told it of is stopped and brought home the way it came.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.arms.chain import ARM_SIZE, ARMS_IN_UPPER, ArmChain
from vla_course.motion.arms.ik_config import ArmSolver
from vla_course.motion.arms.pose import Pose, on_line, pose_error
from vla_course.motion.arms.postures import hanging, tucked
from vla_course.motion.hands.follower import Follower
from vla_course.motion.hands.payload import PayloadEstimate
from vla_course.motion.hands.plan import SPEED_LIMITS, ManipulationPlan, Stage, Timing
from vla_course.motion.hands.stance import Stance, StancedBalance
from vla_course.motion.standing.body import StandingBody
from vla_course.motion.standing.loop import Balancer
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.state import Side
from vla_course.simulation.world.rotation import heading_of, rotation_matrix

Array = NDArray[np.float64]

STIFFNESS = 900.0
"""1/s^2, of an arm at work: firm enough to place a thing to a millimetre, soft enough not to shove the robot over"""
LAGS, PATIENCE = 0.01, 2.5
"""m and s: a straight way waits for a hand that is farther behind, but not for longer than that at a time; a trunk
that has turned and bowed needs two seconds to come to rest where the arm can go on"""
ASTRAY, SETTLES = 0.02, 1.0
"""rad and s: a straight way begins when the trunk is nearer than that to its stance, or so much later: a way that
begins where a swaying trunk has carried the hand may begin out of its reach"""
LOST, LOST_CARRYING = 0.03, 0.08
"""m, a tool farther than this from where it should be has met something; what it carries may be heavy"""


@dataclass(frozen=True, slots=True)
class StageEnd:
    """How a stage ended."""

    name: str
    time: float
    """s, of the world"""
    tool_error: float
    """m, the greatest distance of the tool from where the joints were to bring it"""


class ManipulationRun:
    """A plan under way.

    Args:
        humanoid, body, controller: the robot, as the balance frame drives it, and who keeps balance.
        solver: whose `step` follows straight ways, made with the numbers `FOLLOWING`.
        timing: how a motion runs; the reference's `minimum_jerk` by default.

    Attributes:
        done: whether the plan has come to its end, or the arm is home again after it was given up.
        aborted: why it was given up, empty as long as it was not.
        ended: the stages that are over.
        payload: what the hand seems to hold.
    """

    def __init__(
        self,
        humanoid: Humanoid,
        body: StandingBody,
        controller: Balancer,
        plan: ManipulationPlan,
        solver: ArmSolver,
        timing: Timing | None = None,
    ) -> None:
        self.humanoid, self.body, self._follower = humanoid, body, Follower(solver)
        self._timing = timing or _reference_timing()
        self._balance = StancedBalance(controller, heading_of(body.state.base_orientation))
        self.plan, self.done, self.aborted = plan, False, ""
        self.ended: list[StageEnd] = []
        self.payload = PayloadEstimate()
        self._hand = 0 if plan.side == "left" else 1
        self._chain, self._real = ArmChain(plan.side), ArmChain(plan.side)
        self._arm = ARMS_IN_UPPER[plan.side]
        other: Side = "left" if plan.side == "right" else "right"
        self._free, self._other = ARMS_IN_UPPER[other], other
        self._command, self._stance = body.upper_posture[self._arm].copy(), Stance()
        self._openings, self._holds, self._let_go = [0.0, 0.0], False, False
        self._came_by: list[Stage] = []
        body.upper_stiffness[: 2 * ARM_SIZE] = STIFFNESS
        self._stages = list(plan.stages)
        self._begin_stage()

    @property
    def stage(self) -> Stage:
        """The stage under way, or the last one."""
        return self._stages[0]

    @property
    def stance(self) -> Stance:
        """What trunk and legs are commanded to do now."""
        return self._stance

    def tick(self) -> None:
        """Decide once, and let the world go on until the next tick."""
        body = self.body
        if not self.done:
            base = self._base()
            self._look(base)
            self._advance(base)
        body.drive(self._balance.calculate_balance_commands(body.balance).joint_adjustments)
        body.advance()
        body.sense()

    def go_on(self, plan: ManipulationPlan) -> None:
        """Follow another plan of the same arm, from where this one has led.

        Raises:
            ValueError: a plan is under way, or the other one is the other arm's.
        """
        if not self.done:
            raise ValueError(f"the plan is still at {self.stage.name!r}: wait until it is done")
        if plan.side != self.plan.side:
            raise ValueError(f"plan.side is {plan.side!r}, expected {self.plan.side!r}")
        self.plan, self.done = plan, False
        # Between two plans the robot may have walked.
        self._balance.heading = heading_of(self.body.state.base_orientation)
        if self._let_go:
            self._holds, self._let_go, self._came_by = False, False, []
        self._stages = list(plan.stages)
        self._begin_stage()

    def abort(self, reason: str) -> None:
        """Give up: stop where the hand is, and go home.

        An empty hand that came for something goes back the way it came. One that holds something keeps hold of it
        and stays away from the table; one that has let go leaves as planned.
        """
        if self.aborted or self.done:
            return
        self.aborted = reason
        if self._let_go:
            ways = [stage for stage in self._stages[1:] if stage.goal is None]
        else:
            ways = [past for past in reversed(self._came_by) if not (self._holds and past.goal is not None)]
        back = [Stage("retreat", way.joints, way.stance, carries=self._holds) for way in ways]
        self._command = self._real.joints.copy()
        stop = Stage("stop", self._command, self._stance, least_time=0.3, carries=self._holds)
        home = Stage("home", hanging(self.plan.side), Stance(), carries=self._holds)
        self._stages = [stop, *back, home]
        self._begin_stage()

    # ---- one tick --------------------------------------------------------------------------------

    def _begin_stage(self) -> None:
        stage, body = self.stage, self.body
        self._ticks, self._waited, self._worst = 0, 0.0, 0.0
        self._chain.move(self._command)
        self._start_pose = self._base() @ self._chain.pose
        self._start_free = body.upper_posture[self._free].copy()
        self._free_way = self._free_goal() - self._start_free
        length = 0.0
        if stage.goal is not None:
            length = float(np.linalg.norm(stage.goal.position - self._start_pose.position))
        # The last two coordinates: metres of a straight way, and how much of the free arm's way is done.
        start = np.concatenate((self._command, self._stance.array(), (0.0, 0.0)))
        goal = np.concatenate((stage.joints, stage.stance.array(), (length, 1.0)))
        free_speed = float((SPEED_LIMITS[:ARM_SIZE] / np.maximum(np.abs(self._free_way), 1e-9)).min())
        limits = np.concatenate((SPEED_LIMITS, (stage.line_speed, free_speed)))
        self._rows = self._timing(start, goal, limits, body.tick)
        self._let_go = self._let_go or (self._holds and not stage.carries and not self.aborted)
        self._holds = stage.carries or (self._holds and not self._let_go)
        if stage.opening is not None:
            self._openings[self._hand] = stage.opening
            self.humanoid.grip(*self._openings)

    def _advance(self, base: Pose) -> None:
        """Lead arm, stance and free arm one tick on; the pelvis is at `base`."""
        stage, body, dt = self.stage, self.body, self.body.tick
        last = len(self._rows) - 1
        now, then = self._rows[min(self._ticks, last)], self._rows[min(self._ticks + 1, last)]
        self._ticks += 1
        wanted, waits = then[:ARM_SIZE], False
        if stage.goal is not None:
            share = then[-2] / self._rows[last, -2] if self._rows[last, -2] > 0.0 else then[-1]
            target = on_line(self._start_pose, stage.goal, float(share))
            wanted, waits = self._on_the_way(base.inverse() @ target, wanted)
        # What waits stands still: a trunk that is said to move, and does not, ends up somewhere else.
        rate = np.zeros(len(now)) if waits else (then - now) / dt
        self._stance = self._balance.stance = Stance(*then[ARM_SIZE:-2].tolist())
        self._balance.rate = rate[ARM_SIZE:-2]
        body.upper_posture[self._arm] = self._command
        body.upper_velocity[self._arm] = (wanted - self._command) / dt
        self._command = wanted
        body.upper_posture[self._free] = self._start_free + now[-1] * self._free_way
        body.upper_velocity[self._free] = rate[-1] * self._free_way
        body.hand_forces[self._hand] = self.payload.force
        late = self._ticks - max(last, stage.least_time / dt)
        if late >= 0 and not (late * dt < SETTLES and self._settling()):
            self._end_stage()

    def _end_stage(self) -> None:
        width = float(self.body.state.gripper_openings[self._hand])
        if 0.0 < self.stage.least_opening > width and not self.aborted:
            self.abort(f"{self.stage.name}: nothing is between the fingers")
            return
        self.ended.append(StageEnd(self.stage.name, self.humanoid.world.time, self._worst))
        if not self.stage.carries:
            self._came_by.append(self.stage)
        if len(self._stages) > 1:
            self._stages.pop(0)
            self._begin_stage()
        else:
            self.done = True
            self.body.upper_posture[self._arm] = self._command
            self.body.upper_velocity[:] = 0.0
            self._balance.rate = np.zeros(3)

    def _settling(self) -> bool:
        """Tell whether a straight way is to come and the trunk is not yet where it begins."""
        straight = len(self._stages) > 1 and self._stages[1].goal is not None
        return straight and self.stage.goal is None and self._balance.astray > ASTRAY

    def _free_goal(self) -> Array:
        """Return where the free arm belongs: out of the way as long as the other one works."""
        return hanging(self._other) if self.stage.name == "home" else tucked(self._other)

    def _on_the_way(self, target: Pose, rest: Array) -> tuple[Array, bool]:
        """Return the arm's joints (7,) one tick on, which bring the tool to `target` in the pelvis frame, and whether
        the way waits for them."""
        chain, waits = self._chain, False
        error = pose_error(target, chain.pose)
        if error[:3] @ error[:3] > LAGS**2:
            waits = True
            self._ticks -= 1
            self._waited += self.body.tick
            if self._waited > PATIENCE:
                self.abort(f"{self.stage.name}: the way leads out of the arm's reach")
                return self._command, True
        else:
            self._waited = 0.0
        speed = self.body.upper_velocity[self._arm]
        return self._follower.follow(chain, error, self._command, speed, rest, self.body.tick), waits

    def _look(self, base: Pose) -> None:
        """Compare where the hand is with where it was sent; give up where it met something."""
        self._real.move(self.body.state.joint_positions[12:26][self._arm])
        self._chain.move(self._command)
        sag = base.rotation @ (self._chain.pose.position - self._real.pose.position)
        self.payload.observe(sag, self.stage.carries, self.body.tick)
        away = sqrt(sag @ sag)
        self._worst = max(self._worst, away)
        if away > (LOST_CARRYING if self.stage.carries else LOST) and not self.aborted:
            self.abort(f"{self.stage.name}: the hand is {100 * away:.0f} cm from where it should be")

    def _base(self) -> Pose:
        state = self.body.state
        return Pose(state.base_position, rotation_matrix(state.base_orientation))


def _reference_timing() -> Timing:
    """Load the reference's timing only where nobody brings another."""
    from vla_course.reference.day3_humanoid_balance.reach import minimum_jerk

    timing: Timing = minimum_jerk
    return timing
