"""What is wrong from the start, or comes from somebody else: one clear sentence, and a robot that stands."""

import json
import shutil
import struct
import zlib
from dataclasses import fields

import numpy as np
import pytest
from mcap.writer import Writer
from typer.testing import CliRunner

from vla_course.cli import app
from vla_course.course.errors import CourseError
from vla_course.deployment.estimation.contact_filter import Belief, ContactFilter, FilterNoise
from vla_course.deployment.estimation.sensors import SensorErrors
from vla_course.deployment.link.channels import UdpChannel, Weather
from vla_course.deployment.link.messages import LATEST, LinkFault, Order, Reading, pack, unpack
from vla_course.deployment.link.simulated import simulated
from vla_course.deployment.monitors.fitted import ARRAYS, CARD, MONITORS, load_fitted
from vla_course.deployment.recorder.event_log import EventLog
from vla_course.deployment.recorder.flight import read_flight
from vla_course.deployment.recorder.flight_recorder import FlightRecorder
from vla_course.deployment.recorder.topics import SOLES
from vla_course.deployment.runtimes.variants import check_variant
from vla_course.deployment.safety.approval import Approval
from vla_course.deployment.safety.confidence import choose_threshold
from vla_course.deployment.safety.emergency import EmergencyStop
from vla_course.deployment.safety.layer import SafetyLayer
from vla_course.deployment.safety.limits import HANDS, SafetyLimits, Separation
from vla_course.deployment.safety.surroundings import Person, Surroundings
from vla_course.deployment.voice.interaction import HumanoidVLAInteraction
from vla_course.deployment.voice.speaker import Silent
from vla_course.deployment.voice.synthesis import Voice
from vla_course.learning.environment.action_space import BodyCommand
from vla_course.learning.environment.commanded_body import CommandedBody
from vla_course.simulation.robot.humanoid import HOME_POSTURE, Humanoid
from vla_course.simulation.world.world import World

NAN, INF = float("nan"), float("inf")
HOME = BodyCommand(HOME_POSTURE, np.zeros(3), np.zeros(3), np.zeros(2))
SPOT = np.zeros((1, 3))


@pytest.mark.parametrize("value", ["fast", None, (1.0, 2.0), NAN, INF, -1.0, True])
@pytest.mark.parametrize("kind", [SafetyLimits, SensorErrors, FilterNoise, Weather])
def test_settings_that_are_no_numbers_are_refused_by_name(kind, value):
    for one in [one for one in fields(kind) if one.type in (float, "float")]:
        with pytest.raises(ValueError, match=rf"{kind.__name__}\.{one.name} is .*, expected"):
            kind(**{one.name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("stance_acceleration", 4.0),
        ("stance_acceleration", (1.0, 2.0)),
        ("stance_acceleration", ("a", 1.0, 1.0)),
        ("stance_acceleration", (NAN, 1.0, 1.0)),
        ("hands", 1.0),
        ("feet", None),
    ],
)
def test_limits_of_another_kind_are_refused_by_name(name, value):
    with pytest.raises(ValueError, match=rf"SafetyLimits\.{name} is .*, expected"):
        SafetyLimits(**{name: value})


def test_what_is_seen_of_the_world_is_refused_by_name_where_it_is_set():
    for name, value in [
        ("people", Person(SPOT)),
        ("people", ("Ann",)),
        ("tables", (SPOT,)),
        ("things", (None,)),
        ("people", None),
    ]:
        with pytest.raises(ValueError, match=rf"Surroundings\.{name} is .*, expected a tuple"):
            Surroundings(**{name: value})
    with pytest.raises(ValueError, match=r"Person\.points"):
        Person([["a", "b", "c"]])
    with pytest.raises(ValueError, match=r"Person\.speed"):
        Person(SPOT, "fast")
    with pytest.raises(ValueError, match=r"Separation\.intrusion"):
        Separation(0.1, 1.0, "far", 0.1, 1.0)
    assert HANDS.intrusion > 0.0


def test_episodes_without_a_verdict_and_stops_without_a_name_count_for_nothing():
    for unknown in (NAN, "no", 2):
        with pytest.raises(ValueError, match="successes has .*, expected True or False"):
            choose_threshold([[0.5]] * 100, [unknown] * 100)
    with pytest.raises(ValueError, match="who is None"):
        EmergencyStop().acknowledge(None)


@pytest.mark.parametrize("later", [-1e6, 5.0, NAN])
def test_a_clock_that_went_back_prolongs_no_approval_and_no_question(later):
    now = [10.0]
    approval = Approval(10.0, 2.0, lambda: now[0])
    approval.approve(approval.propose(HOME).number)
    assert approval.decide(HOME) is HOME
    now[0] = later
    assert approval.decide(HOME) is None
    now[0] = 10.0
    number = approval.propose(HOME).number
    now[0] = later
    with pytest.raises(ValueError, match="timed out"):
        approval.approve(number)


def test_an_edit_that_is_none_is_no_yes():
    approval = Approval(clock=lambda: 0.0)
    with pytest.raises(ValueError, match="change is None, expected a function"):
        approval.edit(approval.propose(HOME).number, None)
    assert approval.decide(HOME) is None


def broken(command):
    raise KeyError("no such joint")


@pytest.mark.parametrize(
    "change", [broken, lambda command: None, lambda command: "walk", lambda command: np.zeros(3)]
)
def test_an_edit_that_breaks_or_makes_no_command_makes_the_robot_stand(change):
    with World(0) as world:
        approval = Approval(clock=lambda: world.time)
        layer = SafetyLayer(
            CommandedBody(Humanoid(world)), SafetyLimits(least_confidence=0.5), approval=approval
        )
        approval.edit(approval.propose(HOME).number, change)
        for _ in layer.carry_out(HOME, 0.1, confidence=0.1):
            pass
        assert layer.stopped
        assert layer.walker.phase == "stand"


def test_confidence_and_time_that_are_none_leave_the_robot_standing_and_able_to_go_on():
    with World(0) as world:
        layer = SafetyLayer(CommandedBody(Humanoid(world)))
        for confidence in ("high", [0.1, 0.2]):
            for _ in layer.carry_out(HOME, 0.1, confidence):
                pass
            assert layer.stopped.startswith("malformed action")
        for seconds in (NAN, INF):
            with pytest.raises(ValueError, match="seconds is .*, expected a finite number"):
                next(layer.carry_out(HOME, seconds))
        for _ in layer.carry_out(HOME, 0.1):
            pass
        assert not layer.stopped


def test_a_reading_that_is_no_number_leaves_the_belief_what_it_was():
    belief = Belief(np.eye(3), np.zeros(3), np.zeros(3), np.zeros((2, 3)), np.zeros(3), np.zeros(3))
    filtering = ContactFilter(belief)
    for gyro, force, dt in [
        (np.full(3, NAN), np.zeros(3), 0.002),
        (np.zeros(3), np.full(3, INF), 0.002),
        (np.zeros(2), np.zeros(3), 0.002),
        (np.zeros(3), np.zeros(3), NAN),
        (np.zeros(3), np.zeros(3), -1.0),
    ]:
        with pytest.raises(ValueError, match="expected"):
            filtering.predict(gyro, force, dt)
    assert not filtering.correct(0, np.full(3, NAN))
    assert np.isfinite(belief.covariance).all()
    assert (belief.position == 0.0).all()


@pytest.mark.parametrize("address", [("127.0.0.1", 70_000), ("127.0.0.1", "x"), "here", (None, 1)])
def test_an_address_that_is_none_is_refused_before_anything_is_sent(address):
    with pytest.raises(ValueError, match=r"peer is .*, expected a host and a port"):
        UdpChannel(peer=address)
    if isinstance(address, tuple):
        with pytest.raises(ValueError, match="host, port is"):
            UdpChannel(*address)


@pytest.mark.parametrize("sent", [INF, NAN, 1e12, None, "now"])
def test_a_time_that_no_datagram_can_hold_is_a_fault_of_the_link(sent):
    with pytest.raises(LinkFault, match="time is"):
        pack(Order(1, 0, sent, 0, 0.0))


def forged(sent: int = 0, answers: int = 0, taken: int = 0) -> bytes:
    """Return an order, whole, from somebody who knows the format and means no good."""
    body = pack(Order(1, 0, 0.0, answers, 0.0))
    head, tail = body[:16], body[16 + 20 : -4]
    made = head + struct.pack("<qIq", sent, answers, taken) + tail
    return made + struct.pack("<I", zlib.crc32(made))


def test_a_time_that_could_not_be_told_back_is_refused():
    for extreme in (2**63 - 1, -(2**63), LATEST + 1):
        with pytest.raises(LinkFault, match="expected at most"):
            unpack(forged(sent=extreme))
        with pytest.raises(LinkFault, match="expected at most"):
            unpack(forged(taken=extreme))
    heard = unpack(forged(sent=LATEST))
    assert unpack(pack(Reading(1, 0, 0.0, np.zeros(75, np.float32), heard=0, heard_sent=heard.sent)))


def test_forged_orders_neither_end_the_robots_loop_nor_lock_its_commander_out():
    with World(0) as world:
        robot, link = simulated(CommandedBody(Humanoid(world)), np.random.default_rng(0))
        action, ticks = robot.body.as_it_is(), robot.run()

        def goes_on(seconds: float) -> None:
            until = world.time + seconds
            while world.time < until:
                next(ticks)
                link.sense()
                link.command(action)

        next(ticks)
        robot.channel.peer.send(
            forged(sent=2**63 - 1)
        )  # was told back in the next reading, and ended the loop
        robot.channel.peer.send(forged(answers=2**32 - 1))  # no later answer counted any more
        goes_on(3.0)
        assert robot.faults == 1
        assert robot.watch.rung(world.time) == "acts"


def test_a_time_beyond_any_recording_is_refused_and_the_recorder_goes_on(tmp_path):
    recorder = FlightRecorder(tmp_path, background=False)
    for time in (1e12, 1e300, "now", None, NAN):
        with pytest.raises(ValueError, match="time of a message of /soles is"):
            recorder.record(SOLES, time, forces=np.zeros((2, 3)))
    recorder.record(SOLES, 1.0, forces=np.zeros((2, 3)))
    recorder.flush()
    assert recorder.faults == 0
    assert read_flight(tmp_path).topics == {SOLES: 1}
    recorder.close()


@pytest.mark.parametrize(
    "data", [b"[1, 2]", b"no JSON", b"{}", b'{"message": 1, "level": "high"}', b"\xff\xfe"]
)
def test_events_of_another_program_are_told_in_one_sentence(tmp_path, data):
    path = tmp_path / "other.mcap"
    with path.open("wb") as file:
        writer = Writer(file)
        writer.start("other", "program")
        schema = writer.register_schema("other", "jsonschema", b"{}")
        writer.add_message(writer.register_channel("/events", "json", schema), 5, data, 5)
        writer.finish()
    with pytest.raises(ValueError, match="expected"):
        read_flight(path).events()
    told = CliRunner().invoke(app, ["flight", str(path)])
    assert isinstance(told.exception, CourseError)


def test_the_event_log_takes_whatever_a_program_hands_it(tmp_path):
    log = EventLog(tmp_path / "log", clock=lambda: NAN)
    loop: list[object] = []
    loop.append(loop)
    log.write("a", None, loop=loop, deep={"a": {"b": [1]}})

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    line = json.loads(log.path.read_text(), parse_constant=refuse)
    assert line["deep"] == {"a": {"b": [1]}}
    for size, files in ((NAN, 1), ("big", 1), (2**20, 1.5)):
        with pytest.raises(ValueError, match="size is"):
            EventLog(tmp_path / "log", size, files)


def cut(folder, name, size):
    (folder / name).write_bytes((folder / name).read_bytes()[:size])


def changed(folder, **gauge):
    card = json.loads((folder / CARD).read_text())
    card["gauges"]["view"] |= gauge
    (folder / CARD).write_text(json.dumps(card))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: cut(folder, ARRAYS, 0),
        lambda folder: cut(folder, ARRAYS, 1000),
        lambda folder: cut(folder, CARD, 100),
        lambda folder: (folder / CARD).write_text("[1]"),
        lambda folder: changed(folder, scale=0.0),
        lambda folder: changed(folder, middle=NAN),
        lambda folder: changed(folder, slack="x"),
    ],
)
def test_a_monitors_file_that_is_not_whole_is_refused_and_named(tmp_path, spoil):
    shutil.copytree(MONITORS, folder := tmp_path / "monitors")
    load_fitted(folder)
    spoil(folder)
    with pytest.raises(ValueError, match="not whole|Gauge"):
        load_fitted(folder)


def test_what_is_neither_words_nor_sound_is_refused():
    talk = HumanoidVLAInteraction(lambda sentence: "", lambda: None, speaks=Silent())
    for said in (None, 12, [1, 2], b"stop"):
        with pytest.raises(ValueError, match="said is .*, expected words"):
            talk.turn(said)
    for name, value in (("rate", "x"), ("rate", 150.5), ("pitch", None), ("name", None)):
        with pytest.raises(ValueError, match=rf"Voice\.{name} is"):
            Voice(**{name: value})
    with pytest.raises(ValueError, match="runtime is"):
        check_variant(["onnx"])


def test_a_capstone_that_cannot_be_written_says_so_before_it_begins(tmp_path):
    (tmp_path / "file").write_text("")
    told = CliRunner().invoke(app, ["capstone", "--quick", "--out", str(tmp_path / "file")])
    assert isinstance(told.exception, CourseError)
    assert "--out is" in str(told.exception)
