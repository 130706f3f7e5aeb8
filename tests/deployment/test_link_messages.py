"""What crosses a link: whole, or refused by one sentence."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vla_course.deployment.link.channels import BIGGEST
from vla_course.deployment.link.messages import (
    ORDER_BYTES,
    READING_BYTES,
    LinkFault,
    Order,
    Reading,
    pack,
    unpack,
)
from vla_course.deployment.link.newest import Newest, newer
from vla_course.learning.environment.proprioception import STATE
from vla_course.simulation.robot.layout import ACTION

STATE_NOW = np.linspace(-3.0, 3.0, STATE.size, dtype=np.float32)
ACTION_NOW = np.linspace(-1.0, 1.0, ACTION.size, dtype=np.float32)


def order(session=7, number=3, **fields):
    return Order(session, number, 12.25, 41, 8.5, ACTION_NOW, **fields)


def reading(session=9, number=41, **fields):
    return Reading(session, number, 8.5, STATE_NOW, **fields)


def same(one, other):
    for field in dataclasses.fields(one):
        np.testing.assert_array_equal(getattr(one, field.name), getattr(other, field.name))


@pytest.mark.parametrize(
    "message",
    [
        order(),
        order(stop=True),
        order(acknowledge=True),
        reading(),
        reading(rung="latched", stopped=True, heard=3, heard_sent=12.25, heard_at=8.4375),
    ],
)
def test_what_is_packed_comes_out_the_same(message):
    same(message, unpack(pack(message)))


def test_both_fit_into_one_frame_of_a_network():
    assert len(pack(order())) == ORDER_BYTES < BIGGEST
    assert len(pack(reading())) == READING_BYTES < BIGGEST


@given(st.integers(0, ORDER_BYTES - 1), st.integers(1, 255))
def test_one_byte_that_is_changed_is_noticed(at, by):
    data = bytearray(pack(order()))
    data[at] ^= by
    with pytest.raises(LinkFault):
        unpack(bytes(data))


@given(st.binary(max_size=2000))
def test_whatever_comes_is_refused_by_a_link_fault_alone(data):
    with pytest.raises(LinkFault):
        unpack(data)


@pytest.mark.parametrize("kept", [0, 1, 15, 16, ORDER_BYTES - 1])
def test_a_datagram_that_is_cut_says_how_long_it_ought_to_be(kept):
    with pytest.raises(LinkFault, match=rf"has {kept} bytes, expected .*{ORDER_BYTES}"):
        unpack(pack(order())[:kept])


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_no_number_that_is_none_crosses(value):
    broken = ACTION_NOW.copy()
    broken[5] = value
    with pytest.raises(LinkFault, match=r"action\[5\] is (nan|inf), expected a finite number"):
        pack(dataclasses.replace(order(), action=broken))
    with pytest.raises(LinkFault, match=r"state has shape \(3,\), expected \(75,\)"):
        pack(dataclasses.replace(reading(), state=STATE_NOW[:3]))


def test_numbers_go_round_the_corner():
    assert newer(1, 0)
    assert newer(0, 2**32 - 1)
    assert not newer(2**32 - 1, 0)
    assert not newer(5, 5)


def test_what_is_old_or_doubled_is_dropped():
    newest = Newest(silence=1.0)
    assert [newest.admits(order(number=n), 0.0) for n in (0, 2, 1, 2, 3)] == [True, True, False, False, True]
    assert newest.dropped == 2


def test_another_commander_waits_until_the_first_has_been_silent():
    newest = Newest(silence=1.0)
    assert newest.admits(order(session=1, number=50), 0.0)
    assert not newest.admits(order(session=2, number=0), 0.9)
    assert newest.admits(order(session=1, number=51), 0.95)
    assert not newest.admits(order(session=2, number=1), 1.5)
    assert newest.admits(order(session=2, number=2), 2.0)
    assert not newest.admits(order(session=1, number=52), 2.1)
