"""What is done to a policy's eyes: cameras moved without its knowledge, and pictures of another scene."""

import numpy as np
import pytest

from vla_course.learning.evaluation.asking import asked_in
from vla_course.learning.evaluation.episodes import of_key
from vla_course.learning.evaluation.sight import MovedEyes, eyes_in
from vla_course.learning.planned.eyes import Eyes
from vla_course.simulation.scene.cameras import PLACES
from vla_course.simulation.world.world import World


def look(key):
    """Return what the eyes of an episode see, and what the robot's own would."""
    episode = of_key(key)
    asked = asked_in(episode)
    with World(episode.seed) as world:
        stage = asked.task.start(world)
        with eyes_in(episode, asked) as eyes:
            made = eyes(stage.humanoid)
            return made, made.look(), Eyes(stage.humanoid).look()


def test_moved_cameras_see_from_elsewhere_and_are_taken_for_where_they_ought_to_be():
    made, sight, own = look("seen/reach for/0/0/camera")
    assert isinstance(made, MovedEyes)
    for seen, straight in zip((*sight.pictures, *sight.depths), (*own.pictures, *own.depths), strict=True):
        np.testing.assert_array_equal(seen.position, straight.position)
        np.testing.assert_array_equal(seen.rotation, straight.rotation)
        assert (seen.rgb != straight.rgb).any(axis=-1).mean() > 0.02
    assert sight.rgb.shape == own.rgb.shape
    # What it sees of the table lies elsewhere for it than it does.
    assert abs(np.median(sight.points[:, 2]) - np.median(own.points[:, 2])) > 1e-4


def test_eyes_of_an_episode_as_it_is_are_the_robots_own():
    made, sight, own = look("seen/reach for/0/0")
    assert type(made) is Eyes
    np.testing.assert_array_equal(sight.rgb, own.rgb)


def test_the_blind_see_another_scene_with_their_own_head():
    _, sight, own = look("blind/reach for/0/0")
    assert (sight.rgb != own.rgb).any(axis=-1).mean() > 0.2
    assert sight.time == own.time


@pytest.mark.parametrize("place", PLACES)
def test_every_camera_of_the_robot_is_moved(place):
    askew = asked_in(of_key("seen/reach for/0/0/camera")).variation.cameras[place]
    assert np.abs(askew.shift).max() > 0.003
    assert np.abs(askew.tilt).max() > 0.01
