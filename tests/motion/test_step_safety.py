"""Steps under scrutiny: each fault is seen and named, and a verified plan is safe to its end."""

from dataclasses import replace

import numpy as np
import pytest

from vla_course.motion.footsteps.plan import GoalPose, Stance
from vla_course.motion.ground.obstacles import Pillar
from vla_course.motion.ground.terrain_map import TerrainMap
from vla_course.motion.planning.step_safety import LEAN, OMEGA, fault_of_step, nearest_safe_step
from vla_course.reference.day3_humanoid_balance.footsteps import FootstepPlanner
from vla_course.reference.day3_humanoid_balance.safety import FootstepVerifier
from vla_course.simulation.scene.terrain import Terrain

START = Stance.at(0.0, 0.0)
PACE = 0.55


def faults(graph, start, steps):
    """Number and fault of every faulty step, each seen from where the plan then stands: an oracle of few words."""
    feet, found = {"left": start.left, "right": start.right}, []
    for number, step in enumerate(steps):
        fault = fault_of_step(graph, Stance(**feet), step)
        found += [(number, fault)] * bool(fault)
        feet[step.side] = step
    return found


@pytest.fixture(scope="module")
def ground():
    terrain = TerrainMap.of(Terrain.kerb(0.06, start=0.9), (-0.8, 3.0), (-1.2, 1.2))
    terrain.heights[60:70, 75:95] = np.nan
    return terrain, (Pillar(1.2, 0.75, 0.1),)


@pytest.fixture(scope="module")
def planner(ground):
    return FootstepPlanner(*ground)


@pytest.fixture(scope="module")
def verifier(ground):
    return FootstepVerifier(*ground)


@pytest.fixture(scope="module")
def plan(planner):
    found = planner.plan_path(START, GoalPose(1.8, 0.0), "left")
    assert found.reached
    return found


def test_a_planned_way_has_no_fault(planner, plan, verifier):
    assert faults(planner.graph, START, plan.steps) == []
    verified = verifier.verify(START, plan.steps, PACE)
    assert (verified.steps, verified.changes, verified.reason) == (plan.steps, (), "")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"x": 0.6}, "out of reach"),
        ({"x": 0.44}, "not known"),
        ({"z": 0.03}, "the ground there is at"),
        ({"y": 5.0}, "not known"),
        ({"swing_height": 0.0}, "kick"),
    ],
)
def test_each_fault_is_named(planner, change, said):
    step = replace(START.left, x=0.15, swing_height=0.06)
    assert fault_of_step(planner.graph, START, step) == ""
    wrong = replace(step, **change) if change != {"x": 0.44} else replace(step, x=0.44, y=0.4)
    assert said in fault_of_step(planner.graph, START, wrong)


def test_an_edge_below_the_heel_is_no_place_to_stand(planner):
    stance = Stance.at(0.75, 0.0)
    step = replace(stance.left, x=0.97, z=0.06, swing_height=0.12)
    assert "not safe" in fault_of_step(planner.graph, stance, step)
    safe = nearest_safe_step(planner.graph, stance, step)
    assert safe is not None
    assert fault_of_step(planner.graph, stance, safe) == ""
    assert abs(safe.x - step.x) < 0.1


def test_mending_one_step_looks_at_all_that_follow(planner, plan, verifier):
    """Push a step aside: what comes after it must be in reach of where it is mended to."""
    for number in range(1, len(plan.steps) - 1):
        for shift in ((0.0, 0.3), (0.25, 0.0), (-0.3, 0.1)):
            bad = list(plan.steps)
            bad[number] = replace(bad[number], x=bad[number].x + shift[0], y=bad[number].y + shift[1])
            if not faults(planner.graph, START, bad):
                continue
            verified = verifier.verify(START, bad, PACE)
            assert faults(planner.graph, START, verified.steps) == []
            assert all(change.reason for change in verified.changes)
            assert verified.changes or len(verified.steps) < len(bad)
            assert bool(verified.reason) == (len(verified.steps) < len(bad))


def test_a_quick_pace_shortens_the_steps(plan, verifier):
    for pace in (0.40, 0.32):
        verified = verifier.verify(START, plan.steps, pace)
        longest = LEAN * np.exp(OMEGA * pace)
        feet = {"left": START.left, "right": START.right}
        for step in verified.steps:
            bearing = feet["right" if step.side == "left" else "left"]
            assert np.hypot(step.x - bearing.x, step.y - bearing.y) <= longest
            feet[step.side] = step
        assert verified.changes or verified.reason
    assert verifier.verify(START, plan.steps, 0.2).steps == ()
