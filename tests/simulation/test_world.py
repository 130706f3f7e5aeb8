"""Clock, chance, determinism, snapshots."""

import gc
import hashlib
import subprocess
import sys

import numpy as np
import pytest

from vla_course.simulation.robot.humanoid import HOME_POSTURE, Humanoid
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.world import World, _Clients, _clients

RECORD = """
import numpy as np
from vla_course.simulation.robot.humanoid import HOME_POSTURE, Humanoid
from vla_course.simulation.world.world import World

def record(world, robot, steps):
    rows = []
    for k in range(steps):
        target = HOME_POSTURE.copy()
        target[12:26] += 0.2 * np.sin(3.0 * world.time) + 0.01 * world.rng.normal(size=14)
        robot.command(target)
        if k == 40:
            robot.push((8.0, 4.0, 0.0))
            robot.grip(0.5, 1.0)
        world.step()
        state = robot.state()
        soles = np.array([sole.force for sole in robot.sole_contacts()])
        rows.append(np.concatenate([state.base_position, state.base_orientation, state.joint_positions,
                                    state.joint_velocities, state.joint_torques, soles]))
    return np.array(rows)
"""
scope: dict = {}
exec(RECORD, scope)
record = scope["record"]


def test_another_process_gives_the_same_bits_over_seconds():
    script = RECORD + (
        "import hashlib\nwith World(seed=5) as world:\n"
        "    print(hashlib.sha256(record(world, Humanoid(world), 1000).tobytes()).hexdigest())\n"
    )
    other = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    with World(seed=5) as world:
        mine = hashlib.sha256(record(world, Humanoid(world), 1000).tobytes()).hexdigest()
    assert mine in other.stdout


def test_restore_repeats_bit_for_bit_even_mid_push():
    with World(seed=1) as world:
        robot = Humanoid(world)
        record(world, robot, 60)
        snapshot = world.save()
        first = record(world, robot, 300)
        time = world.time
        world.restore(snapshot)
        second = record(world, robot, 300)
        assert world.time == time
        np.testing.assert_array_equal(first, second)


def test_restore_brings_back_motor_targets_that_nobody_repeats():
    with World() as world:
        robot = Humanoid(world)
        robot.command(HOME_POSTURE + 0.1)
        snapshot = world.save()
        world.run(0.1)
        expected = robot.state().joint_positions
        robot.command(HOME_POSTURE)
        world.restore(snapshot)
        world.run(0.1)
        np.testing.assert_array_equal(robot.state().joint_positions, expected)


def test_restore_refuses_a_world_with_other_bodies():
    with World() as world:
        snapshot = world.save()
        Humanoid(world)
        with pytest.raises(ValueError, match="bodies"):
            world.restore(snapshot)


def test_two_worlds_do_not_meet():
    with World() as alone:
        lone = Humanoid(alone)
        alone.run(0.1)
        expected = lone.state().joint_positions
    with World() as one, World() as two:
        first, second = Humanoid(one), Humanoid(two)
        first.push((10.0, 0.0, 0.0))
        one.run(0.1)
        two.run(0.1)
        assert not np.array_equal(first.state().joint_positions, expected)
        np.testing.assert_array_equal(second.state().joint_positions, expected)


@pytest.mark.parametrize(
    ("field", "value"), [("timestep", 0.0), ("solver_iterations", 0), ("ground_friction", -1.0)]
)
def test_impossible_worlds_are_refused_by_name(field, value):
    with pytest.raises(ValueError, match=field):
        World(**{field: value})


def test_a_world_that_nobody_holds_is_closed():
    world = World()
    client = world.client
    assert pybullet.isConnected(client)
    del world
    assert not pybullet.isConnected(client)


class Resident:
    """Knows its world, which knows it: such a pair goes only when the collector looks."""

    def __init__(self, world):
        self.world = world
        world.join(self)

    def before_step(self):
        pass

    def capture(self):
        return None

    def reinstate(self, memory):
        pass


def test_worlds_that_only_their_robots_hold_do_not_pile_up():
    gc.collect()
    before, most = len(_clients.open), 0
    gc.disable()  # so that it is the worlds' own doing
    try:
        for _ in range(4 * _Clients.LET_BE):
            Resident(World()).world.step()
            most = max(most, len(_clients.open))
    finally:
        gc.enable()
    assert most <= 2 * max(before, _Clients.LET_BE) + 1
    gc.collect()
    assert len(_clients.open) == before


def test_worlds_that_somebody_holds_stay_and_are_not_asked_for_each_time(monkeypatch):
    asked = []
    monkeypatch.setattr(_clients, "_enough", _Clients.LET_BE)
    monkeypatch.setattr("vla_course.simulation.world.world.gc.collect", lambda: asked.append(1))
    held = [World(seed=seed) for seed in range(2 * _Clients.LET_BE)]
    assert all(pybullet.isConnected(world.client) for world in held)
    assert len(asked) <= 2
    for world in held:
        world.close()
        world.close()
    assert not any(world.client >= 0 for world in held)


@pytest.mark.full
def test_sixty_worlds_made_and_dropped_take_the_memory_of_a_few():
    told = subprocess.run([sys.executable, "-c", SIXTY], capture_output=True, text=True, check=True, timeout=240).stdout
    assert float(told) < 450.0, "MB; each of them has 34"


SIXTY = """
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.world.world import World
resident = lambda: int(open("/proc/self/statm").read().split()[1]) * 4096 / 1e6
before = resident()
for seed in range(60):
    Humanoid(World(seed)).world.step()
print(resident() - before)
"""
