"""Pictures, depth and points."""

import numpy as np
import pytest

from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.scene.cameras import PLACES, Camera, RobotMount, Tripod
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.light import Light
from vla_course.simulation.world.world import World

MIDDLE = np.array([1.0, 0.2, 0.5])


@pytest.fixture
def world():
    with World() as world:
        yield world


@pytest.fixture
def cube(world):
    shape = pybullet.createCollisionShape(
        pybullet.GEOM_BOX, halfExtents=[0.1] * 3, physicsClientId=world.client
    )
    return pybullet.createMultiBody(0.0, shape, basePosition=MIDDLE, physicsClientId=world.client)


@pytest.mark.parametrize("position", [(-0.5, 0.1, 1.3), (2.2, -0.8, 0.9), (1.1, 1.9, 0.2)])
def test_points_lie_on_the_cube_and_on_the_ground(world, cube, position):
    image = Camera(world, Tripod(position, (1.0, 0.1, 0.4)), width=320, height=240).capture()
    points = image.points()
    on_cube = points[image.segmentation == cube]
    assert len(on_cube) > 300
    # every point of a cube's surface is 10 cm from its middle in one coordinate, and nearer in others
    np.testing.assert_allclose(np.abs(on_cube - MIDDLE).max(axis=1), 0.1, atol=2e-3)
    np.testing.assert_allclose(points[image.segmentation == world.ground][:, 2], 0.0, atol=2e-3)
    nothing = image.segmentation == -1
    assert np.isinf(image.depth[nothing]).all()
    assert np.isnan(points[nothing]).all()


def test_project_undoes_points(world, cube):
    image = Camera(world, Tripod((-0.5, 0.1, 1.3), (1.0, 0.1, 0.4))).capture()
    row, column = np.argwhere(image.segmentation == cube)[50]
    u, v, depth = image.project(image.points()[row, column])
    np.testing.assert_allclose([u, v], [column + 0.5, row + 0.5], atol=1e-3)
    assert depth == pytest.approx(image.depth[row, column], abs=1e-5)


def test_left_is_left_and_up_is_up(world, cube):
    image = Camera(world, Tripod((0.0, 0.0, 0.5), (1.0, 0.0, 0.5))).capture()
    rows, columns = np.nonzero(image.segmentation == cube)
    assert columns.mean() < image.depth.shape[1] / 2  # the cube stands 20 cm to the left
    sky, ground = image.segmentation[0], image.segmentation[-1]
    assert (sky == -1).all()
    assert (ground == world.ground).all()
    assert abs(rows.mean() - image.depth.shape[0] / 2) < 2


@pytest.mark.parametrize("place", PLACES)
def test_robot_cameras_ride_on_their_frames_and_see_the_floor(world, place):
    robot = Humanoid(world, position=(3.0, -2.0), heading=1.0)
    image = Camera(world, RobotMount(robot, place), width=64, height=64).capture()
    np.testing.assert_allclose(image.position, robot.link_pose(f"{place}_camera")[0])
    np.testing.assert_allclose(image.rotation[:, 0] @ [np.cos(1.0), np.sin(1.0), 0.0], 0.8, atol=0.21)
    floor = image.points()[image.segmentation == world.ground]
    np.testing.assert_allclose(floor[:, 2], 0.0, atol=5e-3)


def test_a_picture_is_typed_as_promised_and_obeys_the_light(world, cube):
    camera = Camera(world, Tripod((-0.5, 0.1, 1.3), (1.0, 0.1, 0.4)), width=40, height=30)
    bright, dark = camera.capture(Light(ambient=0.9)), camera.capture(Light(ambient=0.1))
    assert bright.rgb.shape == (30, 40, 3)
    assert bright.rgb.dtype == np.uint8
    assert bright.depth.dtype == np.float32
    assert bright.segmentation.dtype == np.int32
    assert bright.rgb.mean() > dark.rgb.mean() + 20


@pytest.mark.parametrize(
    ("arguments", "message"),
    [({"width": 0}, "width"), ({"field_of_view": 4.0}, "field_of_view"), ({"near": 3.0, "far": 1.0}, "near")],
)
def test_impossible_cameras_are_refused_by_name(world, arguments, message):
    with pytest.raises(ValueError, match=message):
        Camera(world, Tripod((0.0, 0.0, 1.0), (1.0, 0.0, 0.0)), **arguments)


def test_unknown_places_and_vertical_views_are_refused(world):
    with pytest.raises(ValueError, match="place"):
        RobotMount(None, "tail")
    with pytest.raises(ValueError, match="target"):
        Tripod((0.0, 0.0, 1.0), (0.0, 0.0, 0.0)).pose()
