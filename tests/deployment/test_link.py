"""A robot at the end of a way that delays, loses, doubles and breaks; on the simulation's clock."""

import numpy as np
import pytest

from vla_course.deployment.link.channels import UdpChannel, Weather, pair
from vla_course.deployment.link.messages import Order, Reading, pack, unpack
from vla_course.deployment.link.simulated import simulated
from vla_course.learning.environment.commanded_body import CommandedBody
from vla_course.learning.environment.proprioception import STATE
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.layout import ACTION
from vla_course.simulation.world.world import World

PERIOD = 1.0 / 30.0
FAIR = Weather(latency=0.015, jitter=0.005)


class Drive:
    """A robot that is told to walk thirty times a second."""

    def __init__(self, world, weather=FAIR, seed=0, offset=0.0):
        self.world, self.body = world, CommandedBody(Humanoid(world))
        self.robot, self.link = simulated(self.body, np.random.default_rng(seed), weather, offset)
        self.action = self.body.as_it_is()
        self.action[ACTION.base_velocity] = (0.5, 0.0, 0.0)
        self.ticks, self.due = self.robot.run(), 0.0
        self.silent = False

    def until(self, what, seconds=8.0):
        """Go on until something is so; returns s that took, fails after too long."""
        began = self.world.time
        for _ in self.ticks:
            if self.world.time >= self.due and not self.silent:
                self.link.sense()
                self.link.command(self.action)
                self.due += PERIOD
            if what():
                return self.world.time - began
            assert self.world.time < began + seconds, "it never came"
        raise AssertionError("the robot ended")

    def walks(self):
        return self.body.walker.phase == "single"

    def stands(self):
        return self.body.walker.phase == "stand"

    def for_(self, seconds):
        end = self.world.time + seconds
        return self.until(lambda: self.world.time >= end, seconds + 1.0)


@pytest.fixture
def drive():
    with World(0) as world:
        yield Drive(world)


def test_it_walks_and_tells_what_it_feels(drive):
    drive.until(drive.walks)
    drive.for_(1.5)
    reading = drive.link.sense()
    assert reading.state[STATE.odometry][0] > 0.1
    assert 0.0 < drive.world.time - reading.stamp < 0.1
    assert reading.heard > 30
    assert not reading.stopped


def test_when_the_way_breaks_it_stands_within_a_second_and_obeys_again_when_it_is_mended(drive):
    drive.until(drive.walks)
    drive.for_(1.0)
    drive.silent = True
    assert drive.until(drive.stands) < 1.0
    drive.for_(1.2)
    assert drive.robot.watch.rung(drive.world.time) == "latched"
    drive.silent = False
    drive.until(drive.walks)
    assert drive.body.walker.humanoid.state().base_position[2] > 0.6


def test_a_stop_is_obeyed_within_a_tick_of_its_arrival_and_stays(drive):
    drive.until(drive.walks)
    drive.for_(1.0)
    drive.link.stop()
    assert drive.until(lambda: drive.robot.stopped) < FAIR.latency + 6 * FAIR.jitter
    assert drive.until(lambda: drive.body.walker.source.forward == 0.0) <= 0.004 + 1e-9
    drive.until(drive.stands, 1.0)
    drive.for_(1.0)  # orders to walk still come
    assert drive.stands()
    assert drive.link.sense().stopped
    drive.link.acknowledge()
    drive.until(drive.walks)
    assert not drive.link.sense().stopped


def test_a_stop_gets_through_where_most_is_lost():
    with World(1) as world:
        drive = Drive(world, Weather(latency=0.01, loss=0.7), seed=3)
        drive.until(lambda: drive.robot.orders > 3)
        drive.link.stop()
        drive.until(lambda: drive.robot.stopped, 2.0)


def arrives(robot, data):
    """Let a datagram of nobody's arrive at a robot."""
    robot.channel.peer.send(data)


def test_a_stop_counts_whoever_says_it(drive):
    drive.until(drive.walks)
    arrives(drive.robot, pack(Order(999, 0, 0.0, 0, 0.0, stop=True)))
    drive.until(lambda: drive.robot.stopped, 0.1)


def test_what_is_no_order_is_counted_and_dropped(drive):
    drive.for_(0.3)
    before = drive.robot.orders
    for junk in (b"", b"x" * 50, pack(Reading(1, 1, 0.0, np.zeros(STATE.size, np.float32)))[:-1]):
        arrives(drive.robot, junk)
    drive.for_(0.3)
    assert drive.robot.faults == 3
    assert drive.robot.orders > before


def test_clocks_that_differ_by_hours_change_nothing():
    paths = []
    for offset in (0.0, 5000.0):
        with World(0) as world:
            drive = Drive(world, offset=offset)
            drive.for_(3.0)
            paths.append(drive.body.walker.humanoid.state().base_position)
            sent, heard, told, came = drive.link.stamps
            assert ((sent - heard) + (came - told)) / 2 == pytest.approx(offset, abs=0.02)
    np.testing.assert_array_equal(*paths)


def test_orders_that_answer_old_readings_are_as_late_as_late_orders(drive):
    drive.until(drive.walks)
    drive.link.sense = lambda: None  # a commander that goes on with what it saw once
    drive.until(lambda: drive.robot.watch.rung(drive.world.time) in ("stands", "latched"), 1.0)


# ---- ways ------------------------------------------------------------------------------------------


class Hand:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self):
        return self.now


def through(weather, count=2000, gap=0.01, seed=0):
    """Send numbers, one every `gap` s; return when each came, and which."""
    clock = Hand()
    one, other = pair(clock, weather, Weather(), np.random.default_rng(seed))
    came = []
    for tick in range(count + 200):
        clock.now = tick * gap
        if tick < count:
            one.send(tick.to_bytes(4, "little"))
        came += [(clock.now, int.from_bytes(data, "little")) for data, _ in other.receive()]
    return came


def test_a_way_loses_doubles_and_delays_as_it_says():
    came = through(Weather(latency=0.05, loss=0.1, twice=0.05))
    numbers = [number for _, number in came]
    assert len(set(numbers)) / 2000 == pytest.approx(0.9, abs=0.02)
    assert (len(numbers) - len(set(numbers))) / 2000 == pytest.approx(0.045, abs=0.015)
    assert min(at - 0.01 * number for at, number in came) == pytest.approx(0.05)


def test_a_stream_loses_nothing_and_keeps_order_and_all_wait_for_what_was_lost():
    lossy = {"latency": 0.02, "loss": 0.1}
    stream = through(Weather(**lossy, in_order=True))
    assert [number for _, number in stream] == list(range(2000))
    datagrams = through(Weather(**lossy))
    worst = [max(at - 0.01 * number for at, number in came) for came in (stream, datagrams)]
    assert worst[1] == pytest.approx(0.02)
    assert worst[0] > 0.2
    late = np.mean([at - 0.01 * number > 0.1 for at, number in stream])
    assert late > 0.3  # one in ten is lost, and far more than that come late


@pytest.mark.parametrize(
    ("name", "value"), [("latency", -0.1), ("jitter", np.nan), ("loss", 1.0), ("twice", -0.2)]
)
def test_weather_that_there_is_not_is_refused(name, value):
    with pytest.raises(ValueError, match=f"{name} is "):
        Weather(**{name: value})


def test_datagrams_cross_a_socket_and_a_closed_end_breaks_nothing():
    robot = UdpChannel()
    commander = UdpChannel(peer=("127.0.0.1", robot.port))
    message = pack(Order(1, 0, 0.0, 0, 0.0))
    commander.send(message)
    ((data, sender),) = robot.receive()
    assert data == message
    assert robot.receive() == []
    robot.peer = sender
    robot.send(pack(Reading(5, 0, 1.0, np.zeros(STATE.size, np.float32))))
    ((data, _),) = commander.receive()
    assert unpack(data).session == 5
    stranger = UdpChannel(peer=("127.0.0.1", commander.port))
    stranger.send(message)
    assert commander.receive() == []
    robot.close()
    for _ in range(3):
        commander.send(message)
        assert commander.receive() == []
    commander.close()
    stranger.close()


def stands_after_a_stop(closes):
    """Stop a robot early in a swing; return s until it stands."""
    with World(0) as world:
        drive = Drive(world)
        drive.until(lambda: drive.walks() and world.time > 2.0 and drive.body.walker.time_left > 0.4)
        if not closes:
            drive.body.walker.close_feet = lambda: None
        drive.link.stop()
        took = drive.until(drive.stands, 2.0)
        assert drive.body.walker.humanoid.state().base_position[2] > 0.6
        return took


def test_who_closes_the_feet_stands_a_step_sooner():
    assert stands_after_a_stop(closes=True) < stands_after_a_stop(closes=False) - 0.3
