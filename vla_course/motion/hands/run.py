"""Carries out a plan of hands with a standing robot: 250 decisions a second, legs under the balance controller.

Every tick asks the plan where the tool belongs, looks where the pelvis really is, and takes one step of
inverse kinematics from there: so the hand goes where it should in the world although the body sways. A
hand that meets what nobody told it of is stopped; empty, it is brought home the way it came. One that holds
something stays where it is, and so does one that has lost it on the way: only a new plan leads them on safely.
"""

from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.arms.chain import ARM_SIZE, ARMS_IN_UPPER, ArmChain
from vla_course.motion.arms.ik_config import ArmSolver
from vla_course.motion.arms.pose import Pose, on_line, pose_error
from vla_course.motion.arms.postures import hanging, tucked
from vla_course.motion.hands.follower import Follower
from vla_course.motion.hands.held import Held, held_by_now
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
ASTRAY, SETTLES = 0.03, 1.0
"""rad and s: a straight way begins when the trunk is nearer than that to its stance, or so much later: a way that
begins where a swaying trunk has carried the hand may begin out of its reach"""
OPEN_TIME = 0.5
"""s, for the fingers to open"""
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
        after: a run of the same robot that is done, from whose stance and grip this one goes on.

    Attributes:
        done: whether the plan has come to its end, or was given up and the hand is at rest.
        aborted: why it was given up, empty as long as it was not.
        lost: whether what the hand held is gone from between the fingers.
        stance: of trunk and legs now.
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
        after: "ManipulationRun | None" = None,
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
        self._command, self.stance = body.upper_posture[self._arm].copy(), Stance()
        self._openings, self._holds, self._let_go, self.lost = [0.0, 0.0], False, False, False
        self._least_opening = 0.0
        self._came_by: list[Stage] = []
        if after is not None:
            self._take_over(after)
        body.upper_stiffness[: 2 * ARM_SIZE] = STIFFNESS
        self._stages = list(plan.stages)
        self._begin_stage()

    @property
    def stage(self) -> Stage:
        """The stage under way, or the last one."""
        return self._stages[0]

    @property
    def heading(self) -> float:
        """Where the robot looks when its turn is zero, rad."""
        return self._balance.heading

    @property
    def holding(self) -> Held | None:
        """What the hand holds, as it has it now; None for an empty hand."""
        held = self.plan.held
        if not self._holds or held is None:
            return None
        now = held_by_now(held, self.plan.side, self.body.state)
        return replace(now, coordinates=self.coordinates)

    @property
    def coordinates(self) -> Array:
        """Arm joints rad, bow rad, turn rad and height m (10,) as they are now."""
        joints = self.body.state.joint_positions[12:26][self._arm]
        return np.append(joints, self.stance.array())

    @property
    def stranded(self) -> bool:
        """Whether the run was given up where only a new plan leads the hand away."""
        return self.done and bool(self.aborted) and (self._holds or self.lost)

    def slips(self) -> bool:
        """Look whether what the hand holds is gone: fingers that have closed say so. Note it, and return True."""
        if self._holds and self._is_closed():
            self._holds, self.lost = False, True
            return True
        return False

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
        """Give up: stop where the hand is. An empty hand then goes home.

        One that came for something goes back the way it came, one that has let go leaves as planned. A hand that
        holds something, or has lost it, stays: `stranded`.
        """
        if self.aborted or self.done:
            return
        self.aborted, left = reason, self._stages
        self._command = self._real.joints.copy()
        stop = Stage("stop", self._command, self.stance, least_time=0.3, carries=self._holds)
        if self.plan.held is not None and left[0].least_opening > 0.0 and not self._is_closed():
            # The fingers were about to close: what is between them stays here.
            stop = replace(stop, opening=self.plan.held.grasp.opening)
        if stop.opening is not None or self._let_go:
            stop = replace(stop, least_time=OPEN_TIME)
        self._stages = [stop]
        if not self._holds and not self.lost:
            retreat = [Stage("retreat", past.joints, past.stance) for past in self._came_by[::-1]]
            home = Stage("home", hanging(self.plan.side), Stance())
            # Who has let go leaves as planned, and is told so on the last way, too: there it is the way home.
            self._stages += (left[1:] or left) if self._let_go else [*retreat, home]
        self._begin_stage()

    def _take_over(self, run: "ManipulationRun") -> None:
        """Go on from where another run has led the robot."""
        if not run.done or run.plan.side != self.plan.side:
            raise ValueError("after: expected a run that is done, of the same hand")
        self._balance.heading, self.stance, self.payload = run.heading, run.stance, run.payload
        self._openings, self._holds, self._least_opening = run._openings, run._holds, run._least_opening

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
        start = np.concatenate((self._command, self.stance.array(), (0.0, 0.0)))
        goal = np.concatenate((stage.joints, stage.stance.array(), (length, 1.0)))
        free_speed = float((SPEED_LIMITS[:ARM_SIZE] / np.maximum(np.abs(self._free_way), 1e-9)).min())
        limits = np.concatenate((SPEED_LIMITS, (stage.line_speed, free_speed)))
        self._rows = self._timing(start, goal, limits, body.tick)
        self._let_go = self._let_go or (self._holds and not stage.carries and not self.aborted)
        self._holds = stage.carries or (self._holds and not self._let_go)
        self._least_opening = stage.least_opening or self._least_opening
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
        self.stance = self._balance.stance = Stance(*then[ARM_SIZE:-2].tolist())
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
        if self.stage.least_opening > 0.0 and not self.aborted and self._is_closed():
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

    def _is_closed(self) -> bool:
        """Tell whether the fingers are closer than what they are to hold is wide."""
        return float(self.body.state.gripper_openings[self._hand]) < self._least_opening

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
        late = self._waited > PATIENCE
        if error[:3] @ error[:3] > LAGS**2 and not (late and self.aborted):
            waits = True
            self._ticks -= 1
            self._waited += self.body.tick
            if late:
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
        if not self.aborted and self.slips():
            self.abort(f"{self.stage.name}: what the hand held has slipped from between the fingers")
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
