"""Hands that keep balance: every stage judged, loads made room for, another grip or hand where one does not do."""

from dataclasses import replace

import numpy as np
import pytest

from vla_course.motion.ground.terrain_map import TerrainMap
from vla_course.motion.hands.plan import ManipulationPlan
from vla_course.motion.hands.standing_manipulator import StandingManipulator
from vla_course.motion.pipeline.actions import LocomotionAction, ManipulationAction
from vla_course.motion.pipeline.perform import Setting, perform
from vla_course.motion.pipeline.pipeline import HumanoidVLAPipeline
from vla_course.motion.pipeline.plans import BalanceControl, FootstepSequence, ManipulationSequence
from vla_course.motion.pipeline.situation import KnownThing, situation_of
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.scene.scene import Scene
from vla_course.simulation.scene.terrain import Terrain
from vla_course.simulation.world.world import World

CUP = ManipulationAction("red cup")


@pytest.fixture(scope="module")
def table():
    """A pipeline, the situation of a robot at a table, its setting, and a safe plan for the cup."""
    world = World(3)
    scene = Scene.build(world, Scene.sample(np.random.default_rng(3), person=False))
    setting = Setting(Humanoid(world), scene)
    StandingManipulator(setting.humanoid).stand(0.3)
    level = TerrainMap.of(Terrain.flat(), (-2.0, 2.0), (-2.0, 2.0))
    situation = situation_of(setting.humanoid, level, (), scene)
    pipeline = HumanoidVLAPipeline()
    yield pipeline, situation, setting, pipeline.plan_balanced_manipulation(CUP, situation)
    world.close()


def weighing(situation, kilograms):
    cup = situation.things["red cup"]
    return replace(situation, things={**situation.things, "red cup": KnownThing(cup.shape, kilograms)})


def with_stage(planned, number, **change):
    stages = list(planned.plan.stages)
    stages[number] = replace(stages[number], **change)
    return replace(planned, plan=ManipulationPlan(planned.plan.side, tuple(stages)))


def test_a_safe_plan_passes_as_it_is(table):
    pipeline, situation, _, planned = table
    assert pipeline.extract_target_object(CUP, situation).shape.shape == "cylinder"
    assert pipeline.manipulation_maintains_balance(planned, situation)
    assert pipeline.verify_balance_constraints(planned, situation) == (planned, ())


def test_the_body_makes_room_for_a_load(table):
    """Heavier, farther back; and the weight of both is then above home, by Pinocchio's centre of mass."""
    pipeline, situation, _, planned = table
    light, heavy = (
        pipeline.calculate_balance_compensation(planned, weighing(situation, kilograms))
        for kilograms in (0.5, 2.5)
    )
    lifts = [row.stage for row in light].index("lift")
    assert heavy[lifts].pelvis[0] < light[lifts].pelvis[0] < 0.0
    assert np.allclose(
        heavy[lifts].pelvis, 5.0 * light[lifts].pelvis, rtol=1e-3
    )  # legs are solved to a thousandth of a millimetre
    assert heavy[lifts].margin == pytest.approx(light[lifts].margin, abs=1e-6)
    assert not heavy[0].pelvis.any()


@pytest.mark.parametrize(
    ("number", "change", "said"),
    [
        (1, {"joints": np.full(7, 3.5)}, "is beyond its limit"),
        (-1, {"joints": np.array((-0.6, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)), "goal": None}, "must not touch"),
    ],
)
def test_every_stage_is_judged(table, number, change, said):
    pipeline, situation, _, planned = table
    bad = with_stage(planned, number, **change)
    assert not pipeline.manipulation_maintains_balance(bad, situation)
    safe, changes = pipeline.verify_balance_constraints(bad, situation)
    assert said in changes[-1].reason
    assert repr(planned.plan.stages[number].name) in changes[-1].reason
    assert isinstance(safe, ManipulationSequence)
    assert pipeline.manipulation_maintains_balance(safe, situation)


def test_too_much_for_the_fingers_is_left_where_it_is(table):
    pipeline, situation, _, planned = table
    safe, changes = pipeline.verify_balance_constraints(planned, weighing(situation, 6.0))
    assert isinstance(safe, BalanceControl)
    assert changes[-1].reason == "the red cup weighs 6.0 kg, the fingers hold 3.0 kg"


def test_a_grip_that_does_not_hold_is_replaced_by_one_that_does(table):
    pipeline, situation, _, _ = table
    wish = ManipulationAction("red cup", "power")
    answer = pipeline.decode_humanoid_actions([wish], situation)
    assert isinstance(answer.actions[0], ManipulationSequence)
    (change,) = answer.replacements
    assert change.original == wish
    assert "no power grip holds the red cup" in change.reason


def test_from_a_table_one_steps_straight_back_before_one_turns(table):
    pipeline, situation, _, _ = table
    answer = pipeline.decode_humanoid_actions([LocomotionAction("blue ball")], situation)
    (plan,) = answer.actions
    assert isinstance(plan, FootstepSequence)
    assert plan.steps[0].x < plan.start.foot(plan.steps[0].side).x
    assert situation.table is not None
    sphere = situation.things["blue ball"].shape.position
    last = plan.steps[-1]
    assert np.hypot(last.x - sphere[0], last.y - sphere[1]) < 0.6


def test_hands_wait_for_feet_that_move(table):
    pipeline, situation, _, planned = table
    moving = replace(
        situation, robot=replace(situation.robot, base_linear_velocity=np.array((0.1, 0.0, 0.0)))
    )
    _, changes = pipeline.verify_balance_constraints(planned, moving)
    assert "not at rest" in changes[-1].reason


def test_a_cup_is_lifted_in_physics_with_its_compensation(table):
    _, _, setting, planned = table
    before = setting.scene.pose("red cup")[0][2]
    highest = before

    def look():
        nonlocal highest
        highest = max(highest, setting.scene.pose("red cup")[0][2])

    came = perform(planned, setting, look)
    assert came.done
    assert came.harm == ""
    assert highest > before + 0.1
