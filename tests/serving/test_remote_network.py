"""The network of the direct policy behind a wire: what it is given arrives, and it says what it would say at home."""

import json

import numpy as np
import pytest
import torch

from vla_course import cli
from vla_course.learning.policy import spoken
from vla_course.learning.policy.chunk_policy import ChunkPolicy, ChunkPolicyConfig
from vla_course.serving.network.adapter import PacketPolicy
from vla_course.serving.network.client import PolicyClient
from vla_course.serving.packets.codes import Code
from vla_course.serving.packets.packet import VLAPacket
from vla_course.serving.remote.network import SENSES, DirectNetwork

from .served import served


class NoSolver:
    """Inverse kinematics that leaves every posture as it was said."""

    def __init__(self, _config):
        pass

    def solve(self, _chain, _pose, rest, _start):
        return type("Answer", (), {"joints": rest})


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    return ChunkPolicy(ChunkPolicyConfig(horizon=6, width=16, layers=1, committed=2)).eval()


def senses(rng):
    found = {name: rng.normal(size=shape).astype(np.float32) for name, shape in SENSES.items()}
    # The hands' axes are rotations.
    found["tools"] = np.stack([np.concatenate((rng.normal(size=3), np.eye(3).ravel()))] * 2).astype(
        np.float32
    )
    return found


def packet(rng, **changes):
    fields = {
        "frame_id": 0,
        "correlation_id": "robot:0",
        "timestamp": 3.5,
        "query": "walk",
        "images": {"head": np.zeros((4, 4, 3), np.uint8)},
        "robot_state": rng.normal(size=75).astype(np.float32),
        "sensed": senses(rng),
    }
    return VLAPacket(**(fields | changes))


def test_over_the_wire_it_says_what_it_says_at_home(network):
    asked = packet(np.random.default_rng(0))
    policy = DirectNetwork(network, NoSolver)
    with served(PacketPolicy(policy, policy.metadata)) as server, PolicyClient(server.uri) as client:
        assert client.metadata["horizon"] == 6
        assert client.metadata["senses"] == {name: list(shape) for name, shape in SENSES.items()}
        response = client.ask(asked)
    batch = {name: torch.from_numpy(value.copy())[None] for name, value in asked.sensed.items()}
    batch |= {"state": torch.from_numpy(asked.robot_state.copy())[None]}
    batch |= {"committed": torch.zeros(1, 6, spoken.SIZE), "given": torch.zeros(1, dtype=torch.int64)}
    with torch.no_grad():
        numbers = network.units(network(batch))[0].numpy()
    expected = spoken.acted(numbers, asked.robot_state, asked.sensed["tools"], NoSolver(None))
    np.testing.assert_allclose(response.actions, expected, atol=1e-6)
    assert (response.due, response.period, response.timestamp) == (3.5, 0.1, 3.5)


def test_what_is_committed_is_heeded(network):
    rng = np.random.default_rng(1)
    asked = packet(rng)
    policy = DirectNetwork(network, NoSolver)
    free = policy(asked).actions
    bound = policy(asked.model_copy(update={"committed": np.full((2, 36), 0.9, np.float32)})).actions
    assert np.abs(free - bound).max() > 1e-4


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sensed": {}}, Code.MISSING_FIELD),
        ({"sensed": {"told": np.zeros(3, np.float32)}}, Code.BAD_ARRAY),
        ({"committed": np.zeros((3, 36), np.float32)}, Code.OUT_OF_RANGE),
    ],
)
def test_what_the_network_cannot_be_given_is_told(network, changes, code):
    asked = packet(np.random.default_rng(2), **changes)
    policy = DirectNetwork(network, NoSolver)
    with served(PacketPolicy(policy)) as server, PolicyClient(server.uri) as client:
        response = client.ask(asked)
    assert (response.code, response.correlation_id, response.actions) == (code, "robot:0", None)


# ---- the commands --------------------------------------------------------------------------------


def test_beyond_loopback_serve_asks_for_a_token(monkeypatch, capsys):
    monkeypatch.delenv("VLA_COURSE_TOKEN", raising=False)
    assert cli.main(["serve", "--host", "0.0.0.0"]) == 2
    assert "a token is required beyond loopback" in capsys.readouterr().err
    monkeypatch.setenv("VLA_COURSE_TOKEN", "short")
    assert cli.main(["serve", "--host", "0.0.0.0"]) == 2
    assert "short" not in (said := capsys.readouterr().err).replace("is short", "")
    assert "at least 16" in said


def test_drive_says_where_nobody_answers(capsys, tmp_path):
    assert cli.main(["drive", "walk", "--server", "ws://127.0.0.1:9"]) == 2
    assert "nobody answers at ws://127.0.0.1:9; `vla-course serve`" in capsys.readouterr().err
    assert cli.main(["drive", "walk", "--token-file", str(tmp_path / "none")]) == 2
    assert "--token-file" in capsys.readouterr().err


def test_metadata_is_plain(network):
    assert json.loads(json.dumps(DirectNetwork(network, NoSolver).metadata))["model"] == "direct"
