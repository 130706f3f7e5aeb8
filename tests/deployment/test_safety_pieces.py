"""Pieces of the safety layer: nearest rates, distances, thresholds, approval."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize

from vla_course.deployment.safety.approval import Approval
from vla_course.deployment.safety.arm_space import ArmSpace, from_boxes
from vla_course.deployment.safety.balance_margin import dcm_margin
from vla_course.deployment.safety.confidence import choose_threshold
from vla_course.deployment.safety.interventions import Intervention, Told
from vla_course.deployment.safety.limits import SafetyLimits, Separation
from vla_course.deployment.safety.nearest_rates import nearest_rates
from vla_course.deployment.safety.surroundings import Person, Surroundings
from vla_course.learning.environment.action_space import BodyCommand
from vla_course.motion.arms.pose import rotation_about
from vla_course.motion.hands.clearance import distance_to_box
from vla_course.motion.hands.things import Tabletop
from vla_course.motion.standing.body import StandingBody
from vla_course.simulation.robot.humanoid import HOME_POSTURE, Humanoid
from vla_course.simulation.robot.layout import ARMS
from vla_course.simulation.robot.model import RobotModel
from vla_course.simulation.world.world import World

Array = NDArray[np.float64]
HOME = BodyCommand(HOME_POSTURE, np.zeros(3), np.zeros(3), np.zeros(2))


def test_nearest_rates_are_nearer_than_any_that_a_general_solver_finds() -> None:
    rng = np.random.default_rng(1)
    for _ in range(20):
        asked, rows = rng.normal(size=5), rng.normal(size=(3, 5))
        inside = rng.uniform(-0.5, 0.5, 5)
        bounds = rows @ inside - rng.uniform(0.0, 0.2, 3)
        found = nearest_rates(asked, -np.ones(5), np.ones(5), rows, bounds)
        assert found is not None
        assert (rows @ found >= bounds - 1e-7).all()
        assert (np.abs(found) <= 1.0).all()
        peer = minimize(
            lambda u, asked=asked: float(((u - asked) ** 2).sum()),
            inside,
            bounds=[(-1.0, 1.0)] * 5,
            constraints=[{"type": "ineq", "fun": lambda u, rows=rows, bounds=bounds: rows @ u - bounds}],
            method="SLSQP",
            options={"ftol": 1e-12},
        )
        assert ((found - asked) ** 2).sum() <= peer.fun + 1e-6


def test_limits_that_no_rates_keep_have_no_nearest_ones() -> None:
    rows = np.array(((1.0, 0.0), (-1.0, 0.0)))
    assert nearest_rates(np.zeros(2), -np.ones(2), np.ones(2), rows, np.array((0.5, 0.5))) is None
    assert nearest_rates(np.zeros(2), -np.ones(2), np.ones(2), rows[:1], np.array((2.0,))) is None


def test_distances_from_boxes_are_those_of_plans_and_grow_along_their_directions() -> None:
    rng = np.random.default_rng(2)
    points, axes = rng.uniform(-0.6, 0.6, (200, 3)), rotation_about(np.array((0.3, -0.5, 0.8)))
    middle, half = np.array((0.1, 0.0, -0.1)), np.array((0.3, 0.2, 0.1))
    (distance,), (normals,) = from_boxes(points, middle[None], half[None], axes[None])
    np.testing.assert_allclose(distance, distance_to_box(points, middle, half, axes), atol=1e-12)
    (further,), _ = from_boxes(points + 1e-6 * normals, middle[None], half[None], axes[None])
    np.testing.assert_allclose((further - distance) / 1e-6, 1.0, atol=1e-3)


def test_gradients_say_how_distances_change() -> None:
    world = World(0)
    humanoid = Humanoid(world)
    state, space = humanoid.state(), ArmSpace(RobotModel.of(humanoid))
    around = Surroundings(tables=(Tabletop(np.array((0.45, 0.0, 0.75)), (0.5, 1.1)),))
    rng = np.random.default_rng(3)
    state.joint_positions[ARMS] += rng.uniform(-0.4, 0.4, 14)
    space.update(state)
    before, rates = space.near(around), rng.normal(size=14)
    state.joint_positions[ARMS] += 1e-6 * rates
    space.update(state)
    after = space.near(around)
    assert before.outside.any()
    assert not before.outside.all()
    np.testing.assert_allclose((after.distance - before.distance) / 1e-6, before.gradient @ rates, atol=1e-4)
    world.close()


def test_the_margin_of_a_robot_that_stands_is_about_half_a_sole_and_gone_when_it_is_shoved() -> None:
    world = World(0)
    body = StandingBody(Humanoid(world), RobotModel())
    calm = dcm_margin(body.balance)
    assert 0.04 < calm < 0.12
    moved = body.balance.com_velocity
    moved[0] += 1.0
    assert dcm_margin(body.balance) < 0.0
    world.close()


def test_the_threshold_counts_whole_episodes_and_believes_intervals() -> None:
    good, bad = [[0.9, 0.8, 0.9]] * 60, [[0.9, 0.3, 0.95]] * 15
    found = choose_threshold([*good, *bad], [True] * 60 + [False] * 15, most_failures=0.1)
    assert found.least == 0.8
    assert found.acts == pytest.approx(0.8)
    assert found.failures == 0.0
    assert 0.0 < found.at_most < 0.05
    with pytest.raises(ValueError, match="no threshold is proven to keep it by 3 episodes"):
        choose_threshold(good[:3], [True] * 3, most_failures=0.1)


def test_frames_of_one_episode_are_no_evidence() -> None:
    long = [np.full(10_000, 0.9)] * 5
    with pytest.raises(ValueError, match="no threshold"):
        choose_threshold(long, [True] * 5, most_failures=0.1)


@pytest.mark.parametrize(
    ("confidences", "successes", "what"),
    [
        ([], [], "successes is of length 0"),
        ([[0.5]], [True, False], "successes is of length 2"),
        ([[0.5, np.nan]], [True], r"confidences\[0\] is"),
        ([[]], [True], r"confidences\[0\] is"),
        ([[80.0]], [True], r"confidences\[0\] is"),
    ],
)
def test_bad_episodes_are_refused(confidences: list[list[float]], successes: list[bool], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        choose_threshold(confidences, successes)


def test_silence_is_no_consent_and_an_answer_is_to_one_question() -> None:
    now = [0.0]
    approval = Approval(patience=2.0, holds=1.0, clock=lambda: now[0])
    assert approval.decide(HOME) is None
    first = approval.pending
    assert first is not None
    now[0] = 2.5
    assert approval.verdict == "timed out"
    assert approval.decide(HOME) is None
    with pytest.raises(
        ValueError, match="number is 1, expected what is being asked now: number 1 is timed out"
    ):
        approval.approve(first.number)
    second = approval.propose(HOME, "pick up the red cup")
    with pytest.raises(
        ValueError, match="number is 1, expected what is being asked now: number 2 is waiting"
    ):
        approval.approve(first.number)
    approval.approve(second.number)
    assert approval.decide(HOME) is HOME
    now[0] += 1.5
    assert approval.decide(HOME) is None
    assert approval.pending is not None


def test_a_refusal_stays_and_an_edit_changes_what_is_carried_out() -> None:
    approval = Approval()
    approval.refuse(approval.propose(HOME).number)
    assert approval.decide(HOME) is None
    assert approval.verdict == "refused"
    approval.withdraw()
    slower = BodyCommand(HOME_POSTURE, np.zeros(3), np.zeros(3), np.ones(2))
    approval.edit(approval.propose(HOME).number, lambda _: slower)
    assert approval.decide(HOME) is slower


def test_each_limit_is_told_once_at_its_worst() -> None:
    told = Told()
    for excess in (0.1, 0.4, 0.2):
        told.tell(Intervention("joint speed", "left_elbow", excess, "rad/s", 2.4 + excess, 2.4))
    assert [one.excess for one in told.all()] == [0.4]
    assert str(told.all()[0]) == (
        "joint speed, left_elbow: 2.8 rad/s asked, 2.4 given (0.4 rad/s beyond the limit)"
    )


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda: Person(np.zeros((0, 3))), "Person.points is"),
        (lambda: Person(np.zeros(3)), "Person.points is"),
        (lambda: Person(np.zeros((1, 3)), np.nan), "Person.speed is nan"),
        (
            lambda: Separation(0.1, 0.0, 0.1, 0.1, 1.0),
            "Separation.deceleration is 0.0, expected a finite number, more than 0",
        ),
        (
            lambda: SafetyLimits(arm_speed=-1.0),
            "SafetyLimits.arm_speed is -1.0, expected a finite number, at least 0",
        ),
        (lambda: Approval(patience=0.0), "patience is 0.0, expected more than 0 s"),
    ],
)
def test_bad_settings_are_refused(make: object, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        make()  # type: ignore[operator]
