"""Messages in msgpack: bounded by what there is, not by what they claim, and every fault has its code and field."""

import tracemalloc

import msgpack
import numpy as np
import pytest

from vla_course.serving.packets.codes import MEANINGS, Code, PacketError
from vla_course.serving.packets.json_form import from_json, to_json
from vla_course.serving.packets.limits import LIMITS, Limits
from vla_course.serving.packets.wire import pack, unpack


def test_a_message_comes_back_as_it_was_sent():
    tree = {
        "text": "gehe zum Tisch ünd",
        "bytes": b"\x00\xff",
        "numbers": [1, -2.5, True, None],
        "map": {"array": np.arange(6.0).reshape(2, 3), "number": np.float32(0.5)},
    }
    got = unpack(pack(tree))
    np.testing.assert_array_equal(got["map"].pop("array"), tree["map"].pop("array"))
    assert got == tree


def code_of(data, limits=LIMITS):
    with pytest.raises(PacketError) as caught:
        unpack(data, limits)
    return caught.value.code


def nested(depth, inner=0):
    tree = inner
    for _ in range(depth):
        tree = {"a": tree}
    return tree


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", Code.MALFORMED),
        (b"\xc1", Code.MALFORMED),
        (pack({"a": [1, 2, 3]})[:-1], Code.MALFORMED),
        (pack({"a": 1}) + b"\x00", Code.MALFORMED),
        (msgpack.packb([1]), Code.MALFORMED),
        (msgpack.packb("observation"), Code.MALFORMED),
        (b"\x91" * 3000, Code.MALFORMED),
        (b"\x81\xa1a" * 2000 + b"\x00", Code.MALFORMED),
        (b"\x81\xa1a\xdd\xff\xff\xff\xff", Code.MALFORMED),
        (b"\x81\xa1a\xc6\xff\xff\xff\xff", Code.MALFORMED),
        (b"\x81\xa1a\xdf\xff\xff\xff\xff", Code.MALFORMED),
        (b"\x81\xa1a\xa2\xff\xfe", Code.MALFORMED),  # no UTF-8
        (msgpack.packb({"a": msgpack.ExtType(3, b"x")}), Code.MALFORMED),
        (msgpack.packb({"a": msgpack.Timestamp(1)}), Code.MALFORMED),
        (msgpack.packb({1: 2}), Code.MALFORMED),
        (b"\x82\xa1a\x01\xa1a\x02", Code.BAD_KEY),
        (msgpack.packb({b"a": 1}), Code.BAD_KEY),
        (msgpack.packb({"a" * 65: 1}), Code.BAD_KEY),
        (msgpack.packb({"": 1}), Code.BAD_KEY),
        (msgpack.packb({"a\n": 1}), Code.BAD_KEY),
        (msgpack.packb({"a": {b"b": 1}}), Code.BAD_KEY),
        (msgpack.packb(nested(8)), Code.TOO_DEEP),
        (msgpack.packb({"a": "x" * 2001}), Code.BAD_TEXT),
        (msgpack.packb({"a": float("nan")}), Code.NOT_FINITE),
        (msgpack.packb({"a": [float("inf")]}), Code.NOT_FINITE),
        (pack({"a": np.array([0.0, np.nan])}), Code.NOT_FINITE),
        (pack({"a": np.array([0.0, -np.inf], np.float16)}), Code.NOT_FINITE),
        (msgpack.packb({"a": [[0] * 1000] * 11}), Code.TOO_LARGE),
        (
            msgpack.packb({"a": {b"__ndarray__": True, b"data": b"", b"dtype": "|O", b"shape": []}}),
            Code.BAD_ARRAY,
        ),
        (msgpack.packb({"a": {b"__npgeneric__": True, b"data": 1, b"dtype": "|O"}}), Code.BAD_ARRAY),
        (b"\x00" * (LIMITS.message + 1), Code.TOO_LARGE),
    ],
)
def test_what_is_no_message_has_its_code(data, code):
    assert code_of(data) is code


def test_a_fault_says_where_it_is():
    with pytest.raises(PacketError) as caught:
        unpack(msgpack.packb({"observation": {"state": [0.0, float("nan")]}}))
    assert str(caught.value) == "observation.state[1]: is nan, expected a finite number"


@pytest.mark.parametrize(
    "data",
    [
        b"\x81\xa1a" + b"\xdc\x03\xff" * 1020,  # lists in lists, each of which claims a thousand
        b"\x81\xa1a" + b"\xdc\x04\x00" + (b"\xdc\x04\x00" + b"\x80" * 1024) * 1024,  # a million empty maps
        b"\x81\xa1a" + b"\xdc\x04\x00" + (b"\xdc\x04\x00" + b"\x90" * 1024) * 1024,
        b"\x81\xa1a" + b"\xdc\x04\x00" + (b"\xdc\x04\x00" + b"\xc0" * 1024) * 1024,
    ],
)
def test_what_a_message_claims_costs_no_memory(data):
    tracemalloc.start()
    try:
        with pytest.raises(PacketError):
            unpack(data)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 24 * 2**20


def test_what_is_too_long_is_not_sent():
    with pytest.raises(PacketError, match="expected 100 at most"):
        pack({"a": b"x" * 200}, Limits(message=100))


@pytest.mark.parametrize("value", [object(), 2**70, {1, 2}, 1j])
def test_what_cannot_cross_is_not_sent(value):
    with pytest.raises(PacketError) as caught:
        pack({"a": value})
    assert caught.value.code is Code.WRONG_TYPE


def test_every_code_has_a_sentence_and_a_plain_name():
    assert set(MEANINGS) == set(Code)
    assert all(code.value == code.name.lower() and code.meaning for code in Code)


# ---- JSON ---------------------------------------------------------------------------------------


def test_json_says_the_same():
    tree = {
        "text": "a",
        "bytes": b"\x00\xff",
        "big": np.arange(5000, dtype=np.uint16),
        "small": np.array([0.5, 1.0]),
    }
    got = from_json(to_json(tree))
    np.testing.assert_array_equal(got.pop("big"), tree["big"])
    assert got == {"text": "a", "bytes": b"\x00\xff", "small": [0.5, 1.0]}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", Code.MALFORMED),
        ("[1]", Code.MALFORMED),
        ("{", Code.MALFORMED),
        ('{"a": ' * 100_000, Code.MALFORMED),
        ('{"a": ' * 20 + "1" + "}" * 20, Code.TOO_DEEP),
        ('{"a": NaN}', Code.NOT_FINITE),
        ('{"a": 1e999}', Code.NOT_FINITE),
        ('{"a": 1, "a": 2}', Code.BAD_KEY),
        ('{"a": {"base64": "@"}}', Code.MALFORMED),
        ('{"a": {"base64": 3}}', Code.MALFORMED),
        ('{"a": {"base64": "AAAA", "dtype": "|O", "shape": [1]}}', Code.BAD_ARRAY),
        ('{"a": {"base64": "AAAA", "dtype": "|u1"}}', Code.BAD_ARRAY),
        ('{"a": ' + "9" * 5000 + "}", Code.MALFORMED),
    ],
)
def test_what_is_no_message_in_json_has_its_code(text, code):
    with pytest.raises(PacketError) as caught:
        from_json(text)
    assert caught.value.code is code


def test_json_has_no_numbers_that_are_none():
    with pytest.raises(PacketError) as caught:
        to_json({"a": float("nan")})
    assert caught.value.code is Code.NOT_FINITE
