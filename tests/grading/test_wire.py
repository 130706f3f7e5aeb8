"""What crosses the wire comes out as it went in; what may not cross says so; rubbish is refused."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections import OrderedDict, deque, namedtuple

import msgpack
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from vla_course.grading.worker import values
from vla_course.grading.worker.values import Decoder, Encoder, Unsendable, WireError
from vla_course.grading.worker.wire import Closed, OutOfTime, Wire, pack, unpack
from vla_course.motion.standing.balance_config import BalanceConfig
from vla_course.motion.standing.balance_state import BalanceCommands


def no_object(number: int) -> object:
    raise WireError("no object is expected here")


def there_and_back(value: object) -> object:
    frame = pack(Encoder().encode(value))
    return Decoder(no_object).decode(unpack(frame[4:]))


def decode(tree: object) -> object:
    return Decoder(no_object).decode(unpack(msgpack.packb(tree)))


numbers = (
    st.none()
    | st.booleans()
    | st.integers(-(2**900), 2**900)
    | st.floats(allow_nan=False)
    | st.complex_numbers(allow_nan=False)
)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=50) | st.binary(max_size=50)
plain = st.recursive(
    numbers | texts,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.tuples(inner, inner)
        | st.dictionaries(texts | st.integers(), inner, max_size=5)
        | st.frozensets(texts, max_size=5).map(set)
    ),
    max_leaves=20,
)


@given(plain)
@settings(max_examples=100, deadline=None)
def test_plain_values_come_out_as_they_went_in(value: object) -> None:
    assert there_and_back(value) == value


@given(npst.arrays(st.sampled_from(values.DTYPES), npst.array_shapes(min_dims=0, max_dims=4)))
@settings(max_examples=100, deadline=None)
def test_arrays_keep_type_shape_and_bits(array: np.ndarray) -> None:
    got = there_and_back(array)
    assert isinstance(got, np.ndarray)
    assert (got.dtype, got.shape, got.tobytes()) == (array.dtype, array.shape, array.tobytes())


def test_a_view_and_another_byte_order_cross_as_their_numbers() -> None:
    whole = np.arange(12.0).reshape(3, 4)
    assert np.array_equal(there_and_back(whole.T[::2]), whole.T[::2])
    assert np.array_equal(there_and_back(whole.astype(">f8")), whole)


@pytest.mark.parametrize(
    "scalar", [np.float64(1.5), np.float32(0.1), np.int64(7), np.bool_(True), np.complex64(1j)]
)
def test_scalars_of_numpy_stay_what_they_are(scalar: np.generic) -> None:
    got = there_and_back(scalar)
    assert type(got) is type(scalar)
    assert got == scalar


def test_dataclasses_of_the_frame_cross_as_themselves() -> None:
    config = BalanceConfig(com_height=0.5)
    commands = BalanceCommands(np.zeros(2), np.ones(3), np.arange(28.0))
    got_config, got_commands = there_and_back([config, commands])
    assert got_config == config
    assert isinstance(got_commands, BalanceCommands)
    assert np.array_equal(got_commands.joint_adjustments, commands.joint_adjustments)


def test_every_registered_dataclass_exists() -> None:
    import dataclasses
    import importlib

    for name, module in values.DATACLASSES.items():
        assert dataclasses.is_dataclass(getattr(importlib.import_module(module), name))


def test_subclasses_and_views_cross_as_what_they_are_made_of() -> None:
    pair = namedtuple("pair", "x y")
    assert there_and_back(pair(1, 2)) == (1, 2)
    assert there_and_back(range(3)) == [0, 1, 2]
    assert there_and_back(deque([1])) == [1]
    assert there_and_back({"a": 1}.values()) == [1]
    assert there_and_back(number for number in range(3)) == [0, 1, 2]
    assert there_and_back(OrderedDict(a=1)) == {"a": 1}
    assert type(there_and_back(np.matrix([[1.0]]))) is np.ndarray


def test_a_lone_surrogate_crosses_as_a_question_mark() -> None:
    assert there_and_back("a\ud800") == "a?"


def nested(depth: int) -> list:
    value: list = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [
        object(),
        lambda: 0,
        np.array([object()]),
        np.array(["text"]),
        np.zeros(2, dtype=[("x", "f8")]),
        np.broadcast_to(0.0, (2**20, 2**20)),
        np.zeros((1,) * 9),
        nested(40),
        [0] * (values.MAX_ELEMENTS + 1),
        "x" * (values.MAX_TEXT + 1),
        10**10_000,
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_may_not_cross_is_refused(value: object) -> None:
    with pytest.raises(Unsendable):
        Encoder().encode(value)


ARRAY, SCALAR, DICT, SET, DATACLASS, BIG = (
    values.ARRAY,
    values.SCALAR,
    values.DICT,
    values.SET,
    values.DATACLASS,
    values.BIG,
)


@pytest.mark.parametrize(
    "tree",
    [
        [],
        [99],
        ["text"],
        [ARRAY],
        [ARRAY, 99, True, 1, b"12345678"],
        [ARRAY, -1, True, 1, b"1"],
        [ARRAY, 11, True, 3, b"12345678"],
        [ARRAY, 11, True, -1, -1, b"12345678"],
        [ARRAY, 11, True, 2**40, 0, b""],
        [ARRAY, 11, True, 1.0, b"12345678"],
        [ARRAY, 11, True, 1, "12345678"],
        [ARRAY, 1, True, *[1] * 9, b"1"],
        [SCALAR, 11, b"123"],
        [DICT, 1],
        [DICT, [values.LIST], 1],
        [DICT, *[number for number in range(2 * values.MAX_KEYS)]],
        [SET, [DICT]],
        [DATACLASS, "os", "system"],
        [DATACLASS, "BalanceConfig", *[-1.0] * 13],
        [DATACLASS, "BalanceConfig", *["high"] * 13],
        [DATACLASS, "BalanceCommands", 1],
        [values.HANDLE, 3],
        [values.HANDLE, "three"],
        [values.COMPLEX, "1", []],
        [BIG, b"\x01" * 1000],
        [BIG, 7],
    ],
    ids=repr,
)
def test_rubbish_is_refused(tree: object) -> None:
    with pytest.raises(WireError):
        decode(tree)


def test_deep_rubbish_is_refused() -> None:
    with pytest.raises(WireError):
        Decoder(no_object).decode([values.LIST, nested(100)])
    with pytest.raises(WireError):
        unpack(b"\x91" * 100_000)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xc1",
        b"\x01\x02",
        b"\x81\x01\x02",
        msgpack.packb(msgpack.ExtType(1, b"x")),
        msgpack.packb(msgpack.Timestamp(1)),
    ],
)
def test_frames_of_other_types_are_refused(payload: bytes) -> None:
    with pytest.raises(WireError):
        unpack(payload)


@given(st.binary(max_size=200))
@settings(max_examples=150, deadline=None)
def test_no_bytes_make_anything_but_a_value_or_a_refusal(payload: bytes) -> None:
    with contextlib.suppress(WireError):
        Decoder(no_object).decode(unpack(payload))


def test_a_bool_is_false_or_true_whatever_its_byte() -> None:
    got = decode([ARRAY, 0, True, 3, b"\x00\x01\x07"])
    assert isinstance(got, np.ndarray)
    assert got.dtype == bool
    assert got.view(np.uint8).tolist() == [0, 1, 1]


@pytest.fixture
def ends():
    there, back = os.pipe(), os.pipe()
    wires = Wire(back[0], there[1]), Wire(there[0], back[1])
    yield wires
    for wire in wires:
        with contextlib.suppress(OSError):
            wire.close()


def test_a_large_frame_crosses_piece_by_piece(ends) -> None:
    here, there = ends
    array = np.arange(10**6, dtype=np.float64)
    sender = threading.Thread(target=here.send, args=(pack(Encoder().encode(array)),))
    sender.start()
    assert np.array_equal(Decoder(no_object).decode(there.receive()), array)
    sender.join()


def test_silence_ends_with_the_deadline(ends) -> None:
    begun = time.monotonic()
    with pytest.raises(OutOfTime):
        ends[0].receive(begun + 0.05)
    with pytest.raises(OutOfTime):  # nobody reads: the pipe is full some day
        ends[0].send(bytes(2**24), begun + 0.1)
    assert time.monotonic() - begun < 30.0


def test_a_frame_that_never_ends_ends_with_the_deadline(ends) -> None:
    here, there = ends
    os.write(there.write, b"\x00\x10\x00\x00abc")
    with pytest.raises(OutOfTime):
        here.receive(time.monotonic() + 0.05)


def test_a_frame_that_claims_to_be_enormous_is_refused_before_it_is_read(ends) -> None:
    here, there = ends
    os.write(there.write, b"\xff\xff\xff\xff")
    with pytest.raises(WireError, match="4096 MiB"):
        here.receive(time.monotonic() + 1.0)


def test_the_other_end_gone_is_said(ends) -> None:
    here, there = ends
    there.close()
    with pytest.raises(Closed):
        here.receive(time.monotonic() + 1.0)
    with pytest.raises(Closed):
        here.send(pack([1]))
