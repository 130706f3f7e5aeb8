"""Pictures of caution show what was computed, and say it to those who cannot see them."""

import numpy as np

from vla_course.motion.pipeline.plans import FootstepSequence
from vla_course.panels.hands.safety_pictures import caution_picture, dangerous_walk, load_picture
from vla_course.reference.day3_humanoid_balance.safety import (
    FootstepVerifier,
    calculate_balance_compensation,
)


def points(picture, label):
    (line,) = (one for one in picture.axes[0].lines if one.get_label() == label)
    return np.array(line.get_xydata())[0]


def test_the_load_draws_the_weight_forward_and_the_compensation_brings_it_home():
    before, after = load_picture(), load_picture(calculate_balance_compensation)
    assert points(before, "centre of mass, both")[1] > points(before, "home")[1] + 1.0
    assert np.allclose(points(after, "after the compensation"), points(after, "home"), atol=1e-6)
    assert "centre of mass" in after.alt


def test_a_dangerous_walk_stands_beside_its_safe_replacement():
    caution = dangerous_walk(FootstepVerifier)
    assert caution.harm_asked == "fell"
    assert caution.harm_done == ""
    assert isinstance(caution.done, FootstepSequence)
    assert [change.number for change in caution.changes] == [3, 4, 5, 6]
    picture = caution_picture(caution)
    assert [axes.get_title(loc="left") for axes in picture.axes] == [
        "as asked: the robot fell",
        "as verified: the robot got there",
    ]
    assert "one step much too long" in picture.alt
