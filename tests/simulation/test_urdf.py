"""Inertia and spelling of links."""

import numpy as np
import pinocchio as pin
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vla_course.simulation.robot.urdf import Link, Part, robot_text

lengths = st.floats(0.02, 1.0)
angles = st.floats(-3.0, 3.0)
places = st.tuples(*[st.floats(-1.0, 1.0)] * 3)


@given(size=st.tuples(lengths, lengths, lengths), centre=places, rpy=st.tuples(angles, angles, angles))
def test_two_halves_weigh_and_turn_like_the_whole(size, centre, rpy):
    whole = Link("whole", (Part("box", size, centre, rpy, mass=2.0),))
    half = (size[0] / 2, size[1], size[2])
    along = pin.rpy.rpyToMatrix(*rpy)[:, 0] * size[0] / 4
    parts = tuple(Part("box", half, tuple(np.add(centre, s * along)), rpy, mass=1.0) for s in (-1, 1))
    halves = Link("halves", parts)
    np.testing.assert_allclose(halves.centre_of_mass, whole.centre_of_mass, atol=1e-12)
    np.testing.assert_allclose(halves.inertia, whole.inertia, atol=1e-12)


def test_pinocchio_reads_the_inertia_that_was_written():
    link = Link("rod", (Part("cylinder", (0.1, 0.5), (0.1, 0.2, 0.3), (0.3, 0.2, 0.1), mass=3.0),))
    model = pin.buildModelFromXML(robot_text("rod", [link], []), pin.JointModelFreeFlyer())
    np.testing.assert_allclose(model.inertias[1].lever, link.centre_of_mass, atol=1e-9)
    np.testing.assert_allclose(model.inertias[1].inertia, link.inertia, atol=1e-8)


def test_a_link_without_mass_is_refused():
    with pytest.raises(ValueError, match="no mass"):
        Link("ghost", (Part("sphere", (0.1,)),))


def test_a_shape_with_the_wrong_number_of_lengths_is_refused():
    with pytest.raises(ValueError, match="size of a cylinder"):
        Part("cylinder", (0.1, 0.2, 0.3))
