"""A recording that was cut off anywhere, damaged, or is none: what is whole is read, the rest is told in a sentence."""

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from mcap.opcode import Opcode
from mcap.reader import make_reader
from mcap.writer import Writer

from vla_course.deployment.recorder import topics
from vla_course.deployment.recorder.flight import read_flight
from vla_course.deployment.recorder.messages import Message, log, message, picture, pixels, pose
from vla_course.deployment.recorder.recovery import MAGIC, NotARecording, recover_bytes
from vla_course.deployment.recorder.segment import Segment
from vla_course.serving.packets.pictures import encode_picture

CHUNKS, EACH = 8, 5


@dataclass(frozen=True, repr=False)
class Whole:
    """A recording of eight chunks of five messages."""

    data: bytes
    ends: list[int]
    """where each chunk with its index ends"""


def joints(time: float, value: float = 1.0) -> Message:
    numbers = np.full(28, value)
    names = ("positions", "velocities", "asked_torques", "given_torques")
    return message(topics.JOINTS, time, dict.fromkeys(names, numbers))


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    path = tmp_path_factory.mktemp("recording") / "whole.mcap"
    ends = []
    with Segment(path) as segment:
        for chunk in range(CHUNKS):
            segment.write([joints(chunk + 0.1 * k, float(chunk)) for k in range(EACH)])
            segment.flush()
            ends.append(segment.size)
    return Whole(path.read_bytes(), ends)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_prefix_is_read_to_its_last_whole_chunk_or_refused_in_a_sentence(
    recording: Whole, data: st.DataObject
) -> None:
    whole, ends = recording.data, recording.ends
    cut = data.draw(st.integers(0, len(whole) - 1))
    complete = sum(end <= cut for end in ends)
    try:
        found = recover_bytes(whole[:cut], "cut.mcap")
    except NotARecording as why:
        refused = str(why)
    else:
        refused = ""
    if refused:
        assert complete == 0
        assert "cut.mcap" in refused
        assert "expected a flight recording" in refused
        return
    # The index of a chunk stands behind it: the chunk itself is whole a little earlier.
    assert EACH * complete <= len(found.messages) <= EACH * (complete + 1)
    assert len(found.messages) % EACH == 0
    assert "cut off" in found.remark or "not closed" in found.remark


def test_a_whole_recording_has_no_remark(recording: Whole) -> None:
    found = recover_bytes(recording.data, "whole.mcap")
    assert (len(found.messages), found.remark) == (CHUNKS * EACH, "")


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_flipped_byte_costs_a_chunk_at_most_or_the_rest_and_never_makes_up_a_message(
    recording: Whole, data: st.DataObject
) -> None:
    whole = recording.data
    true = {(one.time, one.data) for one in recover_bytes(whole, "whole").messages}
    spoilt = bytearray(whole)
    spoilt[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        found = recover_bytes(bytes(spoilt), "spoilt")
    except NotARecording:
        return
    assert {(one.time, one.data) for one in found.messages} <= true


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_bytes_of_something_else_are_refused(data: bytes) -> None:
    for some in (data, MAGIC + data):
        with pytest.raises(NotARecording):
            recover_bytes(some, "other")


def test_a_chunk_that_says_it_is_a_gigabyte_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "bomb.mcap"
    packed = zstandard.compress(bytes(2**20))
    content = struct.pack("<QQQI", 0, 0, 2**30, 0) + struct.pack("<I", 4) + b"zstd"
    content += struct.pack("<Q", len(packed)) + packed
    path.write_bytes(MAGIC + struct.pack("<BQ", Opcode.CHUNK, len(content)) + content)
    with pytest.raises(NotARecording, match="no whole chunk"):
        read_flight(path)


def test_the_recording_of_another_program_is_refused_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "ros.mcap"
    with path.open("wb") as file:
        writer = Writer(file)
        writer.start("ros2")
        schema = writer.register_schema("std_msgs/String", "ros2msg", b"string data")
        channel = writer.register_channel("/chatter", "cdr", schema)
        writer.add_message(channel, 1, b"\x00\x01", 1)
        writer.finish()
    with pytest.raises(NotARecording, match="'/chatter' in 'cdr', expected messages in JSON"):
        read_flight(path)


def test_a_folder_without_a_ring_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotARecording, match="without the ring"):
        read_flight(tmp_path)


def test_another_reader_finds_the_same_with_schemas_that_foxglove_draws(tmp_path: Path) -> None:
    path = tmp_path / "flight.mcap"
    rng = np.random.default_rng(0)
    shown = rng.integers(0, 255, (12, 16, 3), dtype=np.uint8)
    jpeg = encode_picture(shown)
    said = [
        message(topics.CAMERA + "head", 1.0, picture(jpeg, "head")),
        message(topics.BELIEVED, 1.25, pose([1.0, 2.0, 3.0], [0.0, 0.0, 0.0, 1.0])),
        message(topics.EVENTS, 1.5, log("warning", "mind the step", "safety")),
    ]
    with Segment(path) as segment:
        segment.write(said)
    with path.open("rb") as file:
        found = [
            (schema.name if schema else "", schema.encoding if schema else "", channel.topic, stored.log_time)
            for schema, channel, stored in make_reader(file, validate_crcs=True).iter_messages()
        ]
    assert found == [
        ("foxglove.CompressedImage", "jsonschema", "/camera/head", 1_000_000_000),
        ("foxglove.PoseInFrame", "jsonschema", "/base/believed", 1_250_000_000),
        ("foxglove.Log", "jsonschema", "/events", 1_500_000_000),
    ]
    flight = read_flight(path)
    times, (seen,) = flight.pictures("head")
    assert times == [1.0]
    assert seen.shape == shown.shape
    assert np.array_equal(seen, pixels(said[0].fields))
    assert np.array_equal(flight.array(topics.BELIEVED, "pose", "position"), [[1.0, 2.0, 3.0]])
    assert [event.text for event in flight.events()] == ["mind the step"]


def test_what_is_not_finite_is_a_gap(tmp_path: Path) -> None:
    path = tmp_path / "gap.mcap"
    with Segment(path) as segment:
        segment.write([message(topics.SOLES, 0.0, {"forces": [[np.nan, 1.0, 2.0], [3.0, np.inf, 5.0]]})])
    forces = read_flight(path).array(topics.SOLES, "forces")
    assert np.array_equal(np.isnan(forces), [[[True, False, False], [False, True, False]]])


@pytest.mark.parametrize(
    ("topic", "fields", "says"),
    [
        ("/nothing", {}, "topic is '/nothing', expected one of /joints"),
        (topics.SOLES, {}, r"fields of /soles are \[\], expected \['forces'\]"),
        (topics.SOLES, {"forces": 0.0, "more": 1}, "fields of /soles"),
    ],
)
def test_what_nobody_knows_is_not_recorded(topic: str, fields: dict[str, float], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        message(topic, 0.0, fields)
    with pytest.raises(ValueError, match="expected seconds"):
        message(topics.SOLES, float("nan"), {"forces": np.zeros((2, 3))})
