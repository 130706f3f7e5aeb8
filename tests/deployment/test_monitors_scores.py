"""What monitors measure: each measurement means what its name says, whatever else goes on."""

from math import radians
from types import SimpleNamespace

import numpy as np
import pinocchio as pin
import pytest

from vla_course.deployment.monitors.body import Hands, Soles, reached, step_of
from vla_course.deployment.monitors.fitted import HOLD, load_fitted
from vla_course.deployment.monitors.geometry import _whole, slope
from vla_course.deployment.monitors.measuring import Measurer, trace_of
from vla_course.deployment.monitors.parts import MonitorParts
from vla_course.deployment.monitors.pictures import brightness
from vla_course.deployment.monitors.reading import Reading
from vla_course.deployment.monitors.talk import disagreement, unknown_words
from vla_course.learning.environment.proprioception import STATE, proprioception
from vla_course.learning.environment.variation import Askew
from vla_course.learning.evaluation.sight import MovedCamera
from vla_course.simulation.robot.description import HumanoidDescription
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.humanoid_urdf import urdf_text
from vla_course.simulation.robot.layout import ACTION, ARMS, JOINT_NAMES
from vla_course.simulation.scene.cameras import PLACES
from vla_course.simulation.world.light import Light
from vla_course.simulation.world.world import World


@pytest.fixture(scope="module")
def world():
    with World(3) as made:
        yield made


@pytest.fixture(scope="module")
def robot(world):
    return Humanoid(world)


def test_half_the_light_takes_the_logarithm_of_two_off(world, robot) -> None:
    camera = MovedCamera(robot, "pelvis", Askew(), 96)
    bright, half = (
        camera.capture(Light(ambient=0.6 * part, diffuse=0.3 * part, specular=0.0, shadow=False))
        for part in (1.0, 0.5)
    )
    # The background is as bright in any light: only what is lit counts.
    (before,), (after,) = brightness([bright]), brightness([half])
    assert -0.75 < after - before < -0.3


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("degrees", [0.0, 4.0, 10.0])
def test_level_ground_slopes_by_as_much_as_a_camera_is_tilted(robot, place, degrees) -> None:
    picture = MovedCamera(robot, place, Askew(tilt=(0.0, radians(degrees), 0.0)), 96).capture()
    assert slope(picture) == pytest.approx(radians(degrees), abs=radians(0.7))


def test_a_camera_that_is_turned_about_the_vertical_sees_level_ground(robot) -> None:
    level = MovedCamera(robot, "chest", Askew(), 96)
    _, rotation = level.mount.pose()
    about_up = tuple((radians(8.0) * rotation.T @ (0.0, 0.0, 1.0)).tolist())
    assert slope(MovedCamera(robot, "chest", Askew(tilt=about_up), 96).capture()) < radians(1.0)


def some_state(robot: Humanoid) -> np.ndarray:
    return proprioception(robot.state())


def test_a_sole_that_stands_has_not_turned_and_one_that_slips_has(robot) -> None:
    soles, state = Soles(), some_state(robot)
    assert soles.twist(state, state) == pytest.approx(0.0, abs=1e-9)
    turned = state.copy()
    turned[STATE.odometry.start + 2] += 0.03  # the gyro says that it turned, the legs do not
    assert soles.twist(state, turned) == pytest.approx(0.03, abs=1e-5)


def test_a_leg_in_the_air_is_no_slip(robot) -> None:
    soles, state = Soles(), some_state(robot)
    swung = state.copy()
    swung[0] += 0.3  # the left hip turns ...
    swung[3] += 0.2  # ... and its knee bends, so that its sole leaves the ground
    swung[2] -= 0.1
    assert soles.twist(state, swung) == pytest.approx(0.0, abs=1e-6)


def test_arms_that_follow_miss_nothing(robot) -> None:
    state, action = some_state(robot), np.zeros(ACTION.size, np.float32)
    after = state.copy()
    upper = np.r_[12:26]
    after[upper] = reached(state, action)
    inputs, missed = step_of(state, action, after)
    assert inputs.shape == (45,)
    assert np.abs(missed).max() < 1e-6
    after[upper[3]] -= 0.05  # an elbow that sags
    assert step_of(state, action, after)[1][3] == pytest.approx(-0.05, abs=1e-6)


def test_words_of_the_language_are_known_and_others_are_named() -> None:
    assert unknown_words("Could you pick up the red cup, please?") == []
    assert unknown_words("walk 3 steps forward") == []
    assert unknown_words("frobnicate the red gizmo") == ["frobnicate", "gizmo"]


def test_chunks_that_say_the_same_of_the_same_moments_agree() -> None:
    rng = np.random.default_rng(1)
    whole = rng.uniform(-1.0, 1.0, (20, ACTION.size)).astype(np.float32)
    assert disagreement(whole[:12], whole[4:16], 4) == 0.0
    assert disagreement(whole[:12], whole[:12], 4) > 0.3
    with pytest.raises(ValueError, match="passed is 12"):
        disagreement(whole[:12], whole[:12], 12)


def test_what_was_not_measured_is_nan_and_memory_ends_with_a_command(robot) -> None:
    measurer, state = Measurer(), some_state(robot)
    chunk, action = np.zeros((12, ACTION.size), np.float32), np.zeros(ACTION.size, np.float32)
    first = measurer.measure(Reading(0.0, "stand still", state, chunk=chunk))
    second = measurer.measure(Reading(0.1, "stand still", state, done=action))
    third = measurer.measure(Reading(0.2, "stand still", state, done=action, chunk=chunk))
    trace = trace_of([first, second, third])
    assert np.isnan(trace["twist"][:, 0]).tolist() == [True, False, False]
    assert np.isnan(trace["disagreement"][:, 0]).tolist() == [True, True, False]
    assert np.isnan(trace["slopes"]).all()
    measurer.begin()
    assert "twist" not in measurer.measure(Reading(0.3, "stand still", state, done=action, chunk=chunk))


def test_a_hand_hangs_by_what_its_joints_miss() -> None:
    model = pin.buildModelFromXML(urdf_text(HumanoidDescription()))
    data = model.createData()

    def heights(arms: np.ndarray) -> np.ndarray:
        q = pin.neutral(model)
        for name, angle in zip(np.array(JOINT_NAMES)[ARMS], arms, strict=True):
            q[model.joints[model.getJointId(name)].idx_q] = angle
        pin.framesForwardKinematics(model, data, q)
        return np.array(
            [data.oMf[model.getFrameId(f"{side}_tool")].translation[2] for side in ("left", "right")]
        )

    places, missed = np.zeros(14), np.zeros(14)
    places[[3, 10]] = -0.9, -0.4  # elbows, so that there is a lever
    missed[:4] = 0.002, -0.001, 0.001, 0.003
    moved = heights(places + missed) - heights(places)
    assert Hands().raised(places, missed) == pytest.approx(moved, abs=2e-5)
    assert abs(moved[0]) > 2e-4
    assert moved[1] == 0.0


@pytest.mark.parametrize(("height", "counts"), [(-0.005, True), (0.005, False), (0.0, False)])
def test_arms_that_miss_are_a_load_only_where_a_hand_hangs(height, counts) -> None:
    fitted = load_fitted()
    missed, raised = np.full((20, 14), 0.05), np.zeros((20, 2))
    raised[:, 1] = height
    strain = fitted.strain(missed, raised, MonitorParts.reference())
    assert np.isnan(strain[: HOLD - 1]).all()
    assert bool((strain[HOLD - 1 :] > 1.0).all()) is counts
    assert counts or not strain[HOLD - 1 :].any()


def test_what_is_far_away_is_not_measured() -> None:
    sight = SimpleNamespace(depths=[SimpleNamespace(project=lambda place: (50.0, 50.0, far[0]))])
    sight.shows = lambda camera, place, room: True
    cluster = SimpleNamespace(points=np.array([[1.0, 0.0, 0.9]]))
    for far in ([0.9], [2.0]):
        assert _whole(sight, 0, cluster) is (far[0] < 1.2)
