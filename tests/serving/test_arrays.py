"""Arrays from the wire: what NumPy would believe, and the decoder does not."""

import msgpack
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from vla_course.serving.packets.arrays import DTYPES, decode_array, decode_scalar, encode_array
from vla_course.serving.packets.codes import Code, PacketError
from vla_course.serving.packets.limits import Limits


def sent(**changes):
    """Return the array [1, 2] as it crosses the wire, with something else about it."""
    return {
        b"__ndarray__": True,
        b"data": np.array([1, 2], "<i4").tobytes(),
        b"dtype": "<i4",
        b"shape": [2],
        **{name.encode(): value for name, value in changes.items()},
    }


def of_openpi(array):
    """Return the map that openpi's client (0.1.2, `msgpack_numpy.pack_array`) makes of an array."""
    return {b"__ndarray__": True, b"data": array.tobytes(), b"dtype": array.dtype.str, b"shape": array.shape}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_what_is_encoded_is_decoded(data):
    dtype = data.draw(st.sampled_from(DTYPES))
    array = data.draw(arrays.arrays(np.dtype(dtype), arrays.array_shapes(min_dims=0, max_dims=4, min_side=0)))
    got = decode_array(msgpack.unpackb(msgpack.packb(encode_array(array))))
    assert got.dtype == array.dtype
    assert got.shape == array.shape
    assert got.tobytes() == array.tobytes()
    assert got.flags.writeable


def test_it_is_the_form_of_openpi():
    array = np.arange(6, dtype=np.float32).reshape(2, 3)
    assert encode_array(array) == {**of_openpi(array), b"shape": [2, 3]}
    np.testing.assert_array_equal(decode_array(of_openpi(array)), array)


def test_bytes_the_other_way_round_are_turned():
    got = decode_array(encode_array(np.array([1.0, 2.0], ">f8")))
    np.testing.assert_array_equal(got, [1.0, 2.0])


@pytest.mark.parametrize(
    "dtype", ["|O", "|V8", "<M8[ns]", "<m8[s]", "<U2", "|S8", ">i4", "<c8", "i4,i4", "float64"]
)
def test_a_dtype_that_may_not_cross_is_refused_before_numpy_sees_it(dtype, monkeypatch):
    monkeypatch.setattr(np, "dtype", lambda name: pytest.fail(f"NumPy was asked what {name} is"))
    monkeypatch.setattr(np, "frombuffer", lambda *_: pytest.fail("NumPy was given the bytes"))
    with pytest.raises(PacketError, match="dtype is") as caught:
        decode_array(sent(dtype=dtype), "observation/state")
    assert (caught.value.code, caught.value.fault.field) == (Code.BAD_ARRAY, "observation/state")


@pytest.mark.parametrize(
    "changes",
    [
        {"shape": [-1]},  # "whatever fits" to NumPy
        {"shape": [-2, -1]},
        {"shape": [True, 2]},
        {"shape": [2.0]},
        {"shape": ["2"]},
        {"shape": [3]},
        {"shape": [1]},
        {"shape": []},
        {"shape": 2},
        {"shape": None},
        {"shape": "2"},
        {"shape": {2: 1}},
        {"shape": [2, 1, 1, 1, 1]},
        {"shape": [2**62, 4]},  # times 4 bytes 2^66, which an int64 takes for 0
        {"shape": [0, 2**62]},
        {"shape": [2**32, 2**32]},
        {"data": "text"},
        {"data": None},
        {"data": [1, 2]},
        {"data": b""},
        {"dtype": None},
        {"dtype": b"<i4"},
        {"dtype": ["<i4"]},
        {"dtype": {"names": ["a"], "formats": ["O"]}},
        {"__ndarray__": 1},
        {"__ndarray__": False},
        {"more": 1},
        {"dtype": "|b1", "data": b"\x00\x02", "shape": [2]},
    ],
)
def test_what_is_no_array_is_refused_with_its_field(changes):
    with pytest.raises(PacketError) as caught:
        decode_array(sent(**changes), "observation/state")
    assert (caught.value.code, caught.value.fault.field) == (Code.BAD_ARRAY, "observation/state")


@pytest.mark.parametrize("missing", [b"data", b"dtype", b"shape"])
def test_a_key_that_is_missing_is_told(missing):
    tree = sent()
    del tree[missing]
    with pytest.raises(PacketError, match="expected __ndarray__, data, dtype and shape"):
        decode_array(tree)


def test_more_bytes_than_the_limit_are_refused():
    decode_array(encode_array(np.zeros(100, np.uint8)), limits=Limits(array=100))
    with pytest.raises(PacketError, match="101 bytes, expected 100") as caught:
        decode_array(encode_array(np.zeros(101, np.uint8)), limits=Limits(array=100))
    assert caught.value.code is Code.TOO_LARGE


@pytest.mark.parametrize("dtype", [object, "U3", "M8[s]", "c8"])
def test_what_may_not_cross_is_not_sent_either(dtype):
    with pytest.raises(PacketError, match="cannot cross"):
        encode_array(np.zeros(2, dtype))


def test_a_reader_of_ones_own_can_be_put_in():
    asked = []

    def read(dtype, shape, data, allowed):
        asked.append((dtype, shape, data, allowed))
        raise ValueError("shape is odd")

    with pytest.raises(PacketError, match="state: shape is odd"):
        decode_array(sent(), "state", read=read)
    assert asked == [("<i4", [2], sent()[b"data"], DTYPES)]


def scalar(dtype, value):
    return {b"__npgeneric__": True, b"data": value, b"dtype": dtype}


def test_a_number_of_numpys_comes_as_one_of_pythons():
    got = [decode_scalar(scalar(dtype, value)) for dtype, value in (("<f4", 0.5), ("<i8", -3), ("|b1", True))]
    assert got == [0.5, -3, True]
    assert [type(one) for one in got] == [float, int, bool]


@pytest.mark.parametrize(
    ("dtype", "value"),
    [
        ("<i4", True),
        ("|u1", 256),
        ("|u1", -1),
        ("<i4", 0.5),
        ("<f4", "1"),
        ("|b1", 1),
        ("|O", 1),
        ("<f8", None),
    ],
)
def test_a_number_that_its_dtype_has_not_is_refused(dtype, value):
    with pytest.raises(PacketError) as caught:
        decode_scalar(scalar(dtype, value), "vla/x")
    assert caught.value.code is Code.BAD_ARRAY
