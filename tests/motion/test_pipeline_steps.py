"""Footsteps that are safe: judged whole, mended, closed, shortened; and every change has its reason."""

from dataclasses import replace

import numpy as np
import pytest

from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.footsteps.plan import GoalPose
from vla_course.motion.ground.obstacles import Block
from vla_course.motion.ground.terrain_map import TerrainMap
from vla_course.motion.pipeline.actions import LocomotionAction
from vla_course.motion.pipeline.perform import Setting, perform
from vla_course.motion.pipeline.pipeline import HumanoidVLAPipeline
from vla_course.motion.pipeline.plans import BalanceControl, FootstepSequence
from vla_course.motion.pipeline.rehearsal import Rehearsal
from vla_course.motion.pipeline.situation import situation_of
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.scene.terrain import Terrain
from vla_course.simulation.world.world import World

GOAL = LocomotionAction(GoalPose(1.2, 0.2, 0.0))


def ground():
    return TerrainMap.of(Terrain.flat(), (-1.0, 3.0), (-1.5, 1.5))


def setting():
    return Setting(Humanoid(World(5)))


@pytest.fixture(scope="module")
def flat():
    """A pipeline, a situation on level ground, and a safe plan."""
    place = setting()
    situation = situation_of(place.humanoid, ground())
    pipeline = HumanoidVLAPipeline()
    yield pipeline, situation, pipeline.plan_safe_footsteps(GOAL, situation)
    place.world.close()


def test_a_safe_plan_passes_as_it_is(flat):
    pipeline, situation, plan = flat
    assert plan.reason == ""
    assert pipeline.footsteps_maintain_balance(plan, situation)
    assert pipeline.verify_balance_constraints(plan, situation) == (plan, ())


@pytest.mark.parametrize("number", [0, 2, -1])
def test_an_unsafe_step_is_mended_wherever_it_is(flat, number):
    pipeline, situation, plan = flat
    steps = list(plan.steps)
    steps[number] = replace(steps[number], x=steps[number].x + 0.5)
    bad = replace(plan, steps=tuple(steps))
    assert not pipeline.footsteps_maintain_balance(bad, situation)
    safe, changes = pipeline.verify_balance_constraints(bad, situation)
    assert isinstance(safe, FootstepSequence)
    assert pipeline.footsteps_maintain_balance(safe, situation)
    assert changes
    assert changes[0].original == steps[number]
    assert changes[0].reason == "it is out of reach from the foot that bears the robot"
    assert changes[-1].replacement is safe


def test_single_steps_are_judged_and_mended(flat):
    pipeline, situation, plan = flat
    near = plan.steps[0]
    far = replace(near, x=near.x + 0.6)
    assert pipeline.will_maintain_balance_after_step(near, plan.start, situation)
    assert pipeline.adjust_step_for_balance(near, plan.start, situation) == near
    assert not pipeline.will_maintain_balance_after_step(far, plan.start, situation)
    mended = pipeline.adjust_step_for_balance(far, plan.start, situation)
    assert mended is not None
    assert pipeline.will_maintain_balance_after_step(mended, plan.start, situation)
    assert not pipeline.will_maintain_balance_after_step(near, plan.start, situation, step_time=0.2)


def test_a_hurry_becomes_a_walk(flat):
    pipeline, situation, plan = flat
    safe, changes = pipeline.verify_balance_constraints(replace(plan, step_time=0.3), situation)
    assert isinstance(safe, FootstepSequence)
    assert safe.step_time == 0.55
    assert safe.steps[: len(plan.steps)] == plan.steps
    assert "longer than the" in changes[0].reason


def test_a_plan_for_another_place_is_no_plan(flat):
    pipeline, situation, plan = flat
    away = replace(plan.start, left=replace(plan.start.left, x=0.5))
    safe, changes = pipeline.verify_balance_constraints(replace(plan, start=away), situation)
    assert "the plan starts elsewhere" in changes[-1].reason
    assert pipeline.footsteps_maintain_balance(safe, situation)


def test_a_goal_in_a_wall_is_gone_to_as_near_as_can_be(flat):
    pipeline, situation, _ = flat
    walled = replace(situation, obstacles=(Block(1.2, 0.2, 0.4, 0.4),))
    answer = pipeline.decode_humanoid_actions([GOAL], walled)
    (plan,) = answer.actions
    assert isinstance(plan, FootstepSequence)
    assert "not safe" in plan.reason or "nearest" in plan.reason
    assert all(Block(1.2, 0.2, 0.4, 0.4).distance(step.x, step.y) > 0.05 for step in answer.footstep_plan)


def test_where_no_ground_is_known_the_robot_stays_and_says_why(flat):
    pipeline, situation, _ = flat
    blind = replace(situation, terrain=TerrainMap(np.full((100, 100), np.nan), 0.02, (-1.0, -1.0)))
    answer = pipeline.decode_humanoid_actions([GOAL], blind)
    assert isinstance(answer.actions[0], BalanceControl)
    assert "known" in answer.replacements[-1].reason


def test_a_robot_that_falls_recovers_before_it_walks(flat):
    pipeline, situation, plan = flat
    falling = replace(
        situation, robot=replace(situation.robot, base_linear_velocity=np.array((0.7, 0.0, 0.0)))
    )
    safe, changes = pipeline.verify_balance_constraints(plan, falling)
    assert isinstance(safe, BalanceControl)
    assert safe.moves_feet
    assert "falling" in changes[-1].reason


def test_one_foot_does_not_step_twice(flat):
    _, _, plan = flat
    step = Footstep("left", 0.1, 0.1)
    with pytest.raises(ValueError, match="left foot twice in a row"):
        FootstepSequence(plan.start, (step, step))


def test_what_no_formula_tells_is_tried_out(flat):
    """A walk that ends in mid-stride falls in physics; the rehearsal sees it, and the foot comes beside the other."""
    _, situation, plan = flat
    place = setting()
    steps = []
    for k in range(1, 8):
        foot = plan.start.left if k % 2 else plan.start.right
        steps.append(replace(foot, x=foot.x + 0.35 * k, swing_height=0.06))
    long = FootstepSequence(plan.start, tuple(steps))
    with place.world:
        formulas, rehearsed = HumanoidVLAPipeline(), HumanoidVLAPipeline(rehearsal=Rehearsal(place, setting))
        assert formulas.footsteps_maintain_balance(long, situation)
        safe, changes = rehearsed.verify_balance_constraints(long, situation)
        assert "tried out in a copy of the world, the robot fell" in changes[-1].reason
        assert perform(safe, place).harm == ""
