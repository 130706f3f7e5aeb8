"""Walks, pushes in mid-walk, the preview to play with and the footstep map say what happened."""

import json
from dataclasses import asdict

import numpy as np
import pytest

from vla_course.course.exercise import NotAttempted
from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.ground.obstacles import Pillar
from vla_course.motion.standing.record import MotionRecord
from vla_course.motion.walking.step_sources import VelocityCommand
from vla_course.panels.drawing.replay import replay
from vla_course.panels.drawing.scenery import Prop, area, obstacle_props, tracks
from vla_course.panels.drawing.shapes import sphere
from vla_course.panels.walking import trial as walk_trial
from vla_course.panels.walking.bump_panel import BumpPanel
from vla_course.panels.walking.figures import tracks_picture, walked
from vla_course.panels.walking.footstep_map import AREA_X, AREA_Y, FootstepMap, obstacles_of, readable
from vla_course.panels.walking.preview_explorer import PreviewExplorer, run_preview, stepping_zmp, tell
from vla_course.panels.walking.stroll import walk
from vla_course.panels.walking.trial import FIRST, STEP, WalkTrial, run_walk_trial
from vla_course.reference.day3_humanoid_balance.footsteps import FootstepPlanner
from vla_course.reference.day3_humanoid_balance.preview import PreviewController


@pytest.fixture(scope="module")
def stroll() -> MotionRecord:
    """Two steps and a half at 0.4 m/s."""
    return walk(VelocityCommand(forward=0.4), 2.3)


def test_a_walk_leaves_tracks_of_soles_in_turn(stroll: MotionRecord) -> None:
    found = tracks(stroll)
    assert not stroll.fell
    assert len(found) in (4, 5)
    assert all(area(sole) == pytest.approx(0.22 * 0.11, rel=0.05) for sole in found)
    ahead = [float(sole[:, 0].mean()) for sole in found]
    assert ahead[-1] > 0.2
    assert walked(stroll).startswith("walked 0.")
    assert (
        "CoP" in tracks_picture({"": stroll}).alt or "centre of pressure" in tracks_picture({"": stroll}).alt
    )


def test_a_replay_of_a_walk_looks_at_its_middle_and_shows_what_stands_there(stroll: MotionRecord) -> None:
    ways = np.tile(np.eye(4), (len(stroll.time), 1, 1))
    ways[:, 0, 3] = np.linspace(0.0, 1.0, len(ways))
    bare = replay(stroll)
    props = [*obstacle_props([Pillar(1.0, 0.5, 0.1)]), Prop(sphere(0.05, 0xFF0000), ways)]
    shown = replay(stroll, props=props)
    assert len(shown.plot.objects) == len(bare.plot.objects) + 2
    assert isinstance(shown.plot.objects[-1].model_matrix, dict)
    assert len(shown.plot.objects[-1].model_matrix) == len(shown.times)


def test_a_push_comes_in_the_phase_that_was_asked_for() -> None:
    assert WalkTrial(phase=0.0).pushed_at == pytest.approx(FIRST)
    assert WalkTrial(phase=0.5).pushed_at == pytest.approx(FIRST + STEP)
    assert not WalkTrial(phase=0.25).both_feet
    assert WalkTrial(phase=0.45).both_feet
    with pytest.raises(ValueError, match="phase is 1.5, expected 0 to 1"):
        WalkTrial(phase=1.5)
    assert WalkTrial(**json.loads(json.dumps(asdict(WalkTrial())))) == WalkTrial()
    with pytest.raises(ValueError, match="controller is 'nobody'"):
        run_walk_trial(WalkTrial(), "nobody")  # type: ignore[arg-type]


def test_the_bump_panel_tells_of_the_run_it_shows(
    stroll: MotionRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = BumpPanel()
    monkeypatch.setattr("vla_course.panels.walking.bump_panel.run_walk_trial", lambda trial, who: stroll)
    assert panel.run(270.0, 0.2, 0.7, moves_steps=False) is stroll
    assert panel.direction.value == -90
    assert walked(stroll) in panel.status
    assert "had to keep to its steps" in panel.status
    assert panel.replay is not None
    monkeypatch.setattr("vla_course.panels.walking.bump_panel.run_walk_trial", _not_attempted)
    assert panel.run(controller="student") is None
    assert "is waiting for you" in panel.status
    assert panel.replay is None
    assert not panel.button.disabled


def _not_attempted(trial: WalkTrial, who: str) -> MotionRecord:
    from vla_course.course.exercise import NotAttempted

    raise NotAttempted("3.17")


def test_a_students_walk_is_run_on_the_desk_that_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VLA_COURSE_EXERCISES", "solutions")
    asked: list[tuple[str, str]] = []
    monkeypatch.setattr(walk_trial, "run_student", lambda *question: asked.append(question))
    run_walk_trial(WalkTrial(impulse=0.25), "student")
    ((module, question),) = asked
    assert module == "vla_course.panels.walking.trial"
    assert json.loads(question)["impulse"] == 0.25


def test_preview_needs_to_look_ahead() -> None:
    worst = [run_preview(PreviewController, horizon, 1e-6).worst for horizon in (0.2, 0.5, 1.0)]
    assert worst[0] > 0.09
    assert worst == sorted(worst, reverse=True)
    assert worst[-1] < 0.02
    assert "tip" in tell(run_preview(PreviewController, 0.3, 1e-6))
    assert stepping_zmp(np.array([0.0, 2.2, 2.75, 6.0])).tolist() == pytest.approx([0.0, 0.09, -0.09, 0.0])


def test_preview_explorer_draws_and_says_what_a_student_did_wrong() -> None:
    shown = PreviewExplorer(PreviewController)
    assert "at most" in shown.status
    shown.horizon.value = 0.2
    assert shown.last is not None
    assert shown.last.worst > 0.1

    class Wrong(PreviewController):
        def step(self, state, error_sum, zmp_reference):  # type: ignore[no-untyped-def]
            return np.zeros(2), 0.0

    broken = PreviewExplorer(Wrong)
    assert broken.last is None
    assert "expected (3,)" in broken.status


def test_obstacles_are_the_same_for_the_same_number_and_leave_the_start_free() -> None:
    for seed in range(6):
        found = obstacles_of(seed)
        assert found == obstacles_of(seed)
        assert len(found) == 4
        assert all(AREA_X[0] < thing.x < AREA_X[1] and AREA_Y[0] < thing.y < AREA_Y[1] for thing in found)
        assert min(float(thing.distance(0.0, 0.0)) for thing in found) > 0.3


def test_the_map_replans_when_the_goal_moves_and_says_where_it_cannot_go() -> None:
    shown = FootstepMap(FootstepPlanner)
    plan = shown.go_to(2.4, -0.3, 0)
    assert plan is not None
    assert plan.reached
    assert plan.goal.x == 2.4
    assert f"{len(plan.steps)} steps" in shown.status
    block = obstacles_of(3)[0]
    plan = shown.go_to(round(block.x, 2), round(block.y, 2), 0)
    assert plan is not None
    assert not plan.reached
    assert plan.reason in shown.status


def test_the_map_shows_a_card_where_the_planner_fails() -> None:
    class Broken(FootstepPlanner):
        def plan_path(self, start, goal, next_side=None):  # type: ignore[no-untyped-def]
            raise KeyError("node")

    shown = FootstepMap(Broken)
    assert shown.plan is None
    assert "Your planner gave no plan" in shown.status
    assert shown.walk() is None


def test_the_walk_of_a_map_says_what_keeps_the_robot_from_one() -> None:
    class Missing(FootstepPlanner):
        def plan_path(self, start, goal, next_side=None):  # type: ignore[no-untyped-def]
            raise NotAttempted("3.19")

    shown = FootstepMap(Missing)
    assert shown.walk() is None
    with pytest.raises(NotAttempted):
        shown.walked()
    with pytest.raises(ValueError, match="no walk on the map"):
        FootstepMap(FootstepPlanner).walked()


def test_a_smaller_weight_searches_longer_for_no_dearer_a_plan() -> None:
    shown = FootstepMap(FootstepPlanner)
    quick = shown.go_to(0.6, 0.0)
    shown.weight.value = 1.0
    thorough = shown.plan
    assert quick is not None
    assert thorough is not None
    assert thorough.reached
    assert thorough.expanded > quick.expanded
    assert thorough.cost < quick.cost
    assert f"{thorough.expanded} footholds expanded" in shown.status


def test_numbers_of_footsteps_do_not_lie_on_each_other() -> None:
    steps = [Footstep("left" if k % 2 else "right", 0.3 * k, 0.1 * (-1) ** k) for k in range(5)]
    assert readable(steps) == {1, 2, 3, 4, 5}
    steps += [Footstep("left", 1.2 + 0.02 * k, 0.1) for k in range(6)]
    shown = readable(steps)
    assert len(steps) in shown
    places = [(steps[k - 1].x, steps[k - 1].y) for k in shown]
    assert min(np.hypot(a[0] - b[0], a[1] - b[1]) for a in places for b in places if a != b) >= 0.09
