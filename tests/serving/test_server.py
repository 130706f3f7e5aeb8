"""The server: openpi's protocol, its door, its patience, and what it does when a client or a model misbehaves."""

import asyncio
import contextlib
import json
import logging
import socket
import threading
import time

import msgpack
import numpy as np
import pytest
from websockets.asyncio.client import connect as connect_async
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from vla_course.serving.network.client import PolicyClient
from vla_course.serving.network.server import PolicyServer
from vla_course.serving.network.settings import ServerSettings
from vla_course.serving.network.thread import ServerThread
from vla_course.serving.packets.codes import Code, PacketError
from vla_course.serving.packets.limits import Limits
from vla_course.serving.packets.packet import VLAPacket
from vla_course.serving.packets.wire import pack, unpack

from .served import TOKEN, Echo, get, pack_as_openpi, served, unpack_as_openpi


def like_openpi(uri, **headers):
    return connect(uri, compression=None, max_size=None, additional_headers=headers or None, proxy=None)


def error_of(message):
    assert isinstance(message, str)
    assert "Traceback" not in message
    return json.loads(message)


# ---- openpi's protocol ---------------------------------------------------------------------------


def test_it_speaks_to_what_sends_as_openpi_does():
    observation = {
        "observation/image": np.full((224, 224, 3), 7, np.uint8),
        "observation/state": np.linspace(0.0, 1.0, 8),
        "gripper": np.float32(0.5),
        "prompt": "pick up the red cup",
    }
    policy = Echo(
        lambda sent: {
            "actions": sent["observation/state"][None] * sent["gripper"],
            "image": sent["observation/image"],
        }
    )
    with served(policy) as server, like_openpi(server.uri) as openpi:
        metadata = unpack_as_openpi(openpi.recv())
        assert metadata["model"] == "echo"
        for nth in range(3):
            openpi.send(pack_as_openpi(observation))
            reply = unpack_as_openpi(openpi.recv())
            np.testing.assert_allclose(reply["actions"], observation["observation/state"][None] * 0.5)
            np.testing.assert_array_equal(reply["image"], observation["observation/image"])
            timing = reply["server_timing"]
            assert ("infer_ms" in timing, "prev_total_ms" in timing) == (True, nth > 0)
            assert set(reply) == {"actions", "image", "server_timing"}


def test_an_error_is_text_with_a_code_and_the_connection_goes_on(caplog):
    def fails(sent):
        if sent["prompt"] == "fail":
            raise RuntimeError("the password is 1234")

    with served(Echo(fails)) as server, like_openpi(server.uri) as openpi, caplog.at_level(logging.ERROR):
        openpi.recv()
        openpi.send(pack({"prompt": "fail"}))
        text = openpi.recv()
        error = error_of(text)
        assert error["code"] == "model_failed"
        assert "1234" not in text
        openpi.send(pack({"prompt": "walk"}))
        assert unpack_as_openpi(openpi.recv())["prompt"] == "walk"
    assert any(error["correlation_id"] in record.getMessage() for record in caplog.records)
    assert "1234" in caplog.text


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        ([1], "list"),
        ({"actions": object()}, "cannot be sent"),
        ({"actions": np.array([None])}, "cannot be sent"),
    ],
)
def test_a_policy_that_answers_with_something_else_has_failed(answer, what):
    with served(Echo(lambda _: answer)) as server, PolicyClient(server.uri) as client:
        with pytest.raises(PacketError, match=what) as caught:
            client.infer({"prompt": "walk"})
        assert caught.value.code is Code.MODEL_FAILED


@pytest.mark.parametrize(
    "fault", [SystemExit(3), KeyboardInterrupt(), StopIteration(), MemoryError(), GeneratorExit()]
)
def test_nothing_that_a_model_raises_ends_the_server(fault):
    def fails(sent):
        if sent["prompt"] == "fail":
            raise fault

    with served(Echo(fails)) as server, PolicyClient(server.uri) as client:
        with pytest.raises(PacketError) as caught:
            client.infer({"prompt": "fail"})
        assert caught.value.code is Code.MODEL_FAILED
        assert client.infer({"prompt": "walk"})["prompt"] == "walk"


def test_a_policy_can_refuse_a_packet_with_a_code_of_its_own():
    def refuses(_):
        raise PacketError(Code.CAMERA_LOST, "observation/image/head", "no picture")

    with served(Echo(refuses)) as server, PolicyClient(server.uri) as client:
        with pytest.raises(PacketError, match="no picture") as caught:
            client.infer({"prompt": "walk", "vla/correlation_id": "mine:1"})
        assert (caught.value.code, caught.value.correlation_id) == (Code.CAMERA_LOST, "mine:1")


def test_a_packet_gets_a_response():
    packet = VLAPacket(
        frame_id=4,
        correlation_id="robot:4",
        timestamp=1.0,
        query="walk",
        images={"head": np.zeros((4, 4, 3), np.uint8)},
        robot_state=np.zeros(75),
    )
    policy = Echo(lambda sent: {"actions": np.full((12, 36), sent["observation/state"].sum())})
    with served(policy) as server, PolicyClient(server.uri) as client:
        response = client.ask(packet)
        assert (response.frame_id, response.correlation_id, response.code) == (4, "robot:4", Code.OK)
        assert response.actions.shape == (12, 36)
        again = client.ask(packet)
        assert (again.code, again.correlation_id) == (Code.STALE, "robot:4")  # its number came already


# ---- what comes is distrusted --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("hello", Code.MALFORMED),
        (b"", Code.MALFORMED),
        (b"\xc1", Code.MALFORMED),
        (b"\x91" * 3000, Code.MALFORMED),
        (msgpack.packb([1, 2]), Code.MALFORMED),
        (pack_as_openpi({"x": np.array([0.0, np.nan])}), Code.NOT_FINITE),
        (
            msgpack.packb({"x": {b"__ndarray__": True, b"data": b"\x00" * 8, b"dtype": "|O", b"shape": [1]}}),
            Code.BAD_ARRAY,
        ),
    ],
)
def test_what_cannot_be_read_has_its_code_and_the_connection_goes_on(message, code):
    with served() as server, like_openpi(server.uri) as client:
        client.recv()
        client.send(message)
        assert error_of(client.recv())["code"] == code.value
        client.send(pack({"prompt": "walk"}))
        assert unpack_as_openpi(client.recv())["prompt"] == "walk"
        assert server.server.metrics.count(code) == 1


def test_who_sends_nothing_but_faults_is_closed():
    with served(faults=5, burst=1000) as server, like_openpi(server.uri) as client:
        client.recv()
        for _ in range(6):
            client.send(b"\xc1")
            client.recv()
        with pytest.raises(ConnectionClosed) as caught:
            client.recv(timeout=5)
        assert caught.value.rcvd.code == 1008


def test_a_message_that_is_too_long_closes_the_connection():
    with served(limits=Limits(message=10_000)) as server:
        with like_openpi(server.uri) as client:
            client.recv()
            client.send(b"x" * 10_001)
            with pytest.raises(ConnectionClosed) as caught:
                client.recv()
            assert caught.value.rcvd.code == 1009
        with PolicyClient(server.uri) as client:
            assert client.infer({"prompt": "walk"})["prompt"] == "walk"


def test_who_sends_too_fast_is_told_so_and_a_new_connection_does_not_help():
    with served(packets_per_second=0.01, burst=3) as server:
        with PolicyClient(server.uri) as client:
            for _ in range(3):
                client.infer({})
            with pytest.raises(PacketError) as caught:
                client.infer({})
            assert caught.value.code is Code.RATE_LIMITED
            session = client.metadata["vla/session"]
        with PolicyClient(server.uri, session=session) as client:
            with pytest.raises(PacketError) as caught:
                client.infer({})
            assert caught.value.code is Code.RATE_LIMITED


# ---- the door ------------------------------------------------------------------------------------


def test_beyond_loopback_there_is_no_server_without_a_token():
    for host in ("0.0.0.0", "::", "192.0.2.1", "robot.example"):
        with pytest.raises(ValueError, match="a token is required beyond loopback"):
            ServerSettings(host=host)
        assert "secret" not in repr(ServerSettings(host=host, token="secret" * 4))
    assert all(
        ServerSettings(host=host).token is None for host in ("127.0.0.1", "::1", "localhost", "127.8.8.8")
    )
    with pytest.raises(ValueError, match="at least 16"):
        ServerSettings(token="short")


@pytest.mark.parametrize("token", [None, "wrong", TOKEN[:-1], TOKEN + "x", TOKEN.upper(), ""])
def test_without_the_token_nobody_is_let_in_before_the_upgrade(token):
    headers = {} if token is None else {"Authorization": f"Api-Key {token}"}
    with served(host="0.0.0.0", token=TOKEN) as server:
        with pytest.raises(InvalidStatus) as caught:
            like_openpi(server.uri, **headers)
        assert caught.value.response.status_code == 401
        assert get(server, "/metrics", token)[0] == 401
        assert get(server, "/healthz", token) == (200, "OK\n")


def test_a_token_of_bytes_that_are_no_text_is_a_wrong_one():
    with (
        served(token=TOKEN) as server,
        socket.create_connection(("127.0.0.1", server.server.port), timeout=5) as wire,
    ):
        wire.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\nAuthorization: Api-Key \xff\xfe\r\n\r\n")
        assert b" 401 " in wire.recv(4096)


@pytest.mark.parametrize("scheme", ["Bearer", "Basic", "api-key", ""])
def test_the_token_counts_under_its_own_scheme_alone(scheme):
    with served(token=TOKEN) as server, pytest.raises(InvalidStatus):
        like_openpi(server.uri, Authorization=f"{scheme} {TOKEN}")


def test_with_the_token_one_is_let_in():
    with served(host="0.0.0.0", token=TOKEN) as server:
        with like_openpi(server.uri, Authorization=f"Api-Key {TOKEN}") as client:
            assert unpack_as_openpi(client.recv())["model"] == "echo"
        with PolicyClient(server.uri, TOKEN) as client:
            assert client.infer({"prompt": "walk"})["prompt"] == "walk"
        with pytest.raises(PacketError, match="401") as caught:
            PolicyClient(server.uri)
        assert caught.value.code is Code.UNAUTHORIZED


def test_a_page_of_another_origin_is_refused_even_on_loopback():
    with served(origins=("http://localhost:8888",)) as server:
        with like_openpi(server.uri, Origin="http://localhost:8888") as client:
            client.recv()
        for origin in ("http://evil.example", "null", "http://localhost:8889"):
            with pytest.raises(InvalidStatus) as caught:
                like_openpi(server.uri, Origin=origin)
            assert caught.value.response.status_code == 403


def test_other_paths_and_methods_are_answered():
    with served() as server:
        assert get(server, "/nothing")[0] == 404
        assert get(server, "/")[0] == 426
        host, port = server.uri.removeprefix("ws://").split(":")
        for method in ("POST", "PUT", "DELETE", "OPTIONS"):
            with socket.create_connection((host, int(port)), timeout=5) as wire:
                wire.sendall(f"{method} / HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                assert wire.recv(100).startswith(b"HTTP/1.1 405")


def test_no_more_clients_than_it_serves():
    with served(connections=2) as server:
        with PolicyClient(server.uri), PolicyClient(server.uri):
            with pytest.raises(PacketError, match="503") as caught:
                PolicyClient(server.uri)
            assert caught.value.code is Code.TOO_MANY_CONNECTIONS
            assert get(server, "/healthz")[0] == 200
        until = time.monotonic() + 2.0
        while time.monotonic() < until:
            with contextlib.suppress(PacketError), PolicyClient(server.uri) as client:
                assert client.infer({"prompt": "walk"})["prompt"] == "walk"
                return
        pytest.fail("their places stay taken")


def test_sockets_that_say_nothing_take_no_places():
    with served(connections=2, handshakes=4, open_seconds=0.3) as server:
        host, port = server.uri.removeprefix("ws://").split(":")
        silent = [socket.create_connection((host, int(port)), timeout=5) for _ in range(30)]
        try:
            closed = 0
            for wire in silent:
                wire.settimeout(2.0)
                with contextlib.suppress(ConnectionError):
                    wire.recv(1000)
                closed += 1
            assert closed == 30
            with PolicyClient(server.uri) as client:
                assert client.infer({"prompt": "walk"})["prompt"] == "walk"
        finally:
            for wire in silent:
                wire.close()


# ---- metrics -------------------------------------------------------------------------------------


def test_metrics_need_the_token_on_loopback_too_and_count():
    with served() as server:
        assert get(server, "/metrics")[0] == 401
        with PolicyClient(server.uri) as client:
            client.infer({})
            with pytest.raises(PacketError):
                client.infer({"": 1})
            status, text = get(server, "/metrics", server.server.token)
    assert status == 200
    lines = text.splitlines()
    for line in (
        'vla_packets_total{code="ok"} 1.0',
        'vla_packets_total{code="bad_key"} 1.0',
        "vla_connections 1.0",
        "vla_sessions 1.0",
        'vla_refused_total{code="unauthorized"} 1.0',
        'vla_seconds_count{stage="infer"} 1.0',
    ):
        assert line in lines
    edges = {line.split('le="')[1].split('"')[0] for line in lines if line.startswith("vla_seconds_bucket")}
    assert {"0.025", "0.033", "0.05", "0.066", "0.1"} <= edges


def test_two_servers_count_apart():
    with served() as one, served() as other:
        with PolicyClient(one.uri) as client:
            client.infer({})
        assert [server.server.metrics.count(Code.OK) for server in (one, other)] == [1, 0]


# ---- a model that is slow ------------------------------------------------------------------------


def health(server, status):
    """Tell whether /healthz comes to answer with a status."""
    until = time.monotonic() + 3.0
    while get(server, "/healthz")[0] != status:
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def test_a_slow_model_blocks_neither_health_nor_heartbeats_nor_the_door():
    release = threading.Event()
    try:
        model = Echo(lambda _: release.wait(10) and None)
        with served(model, infer_seconds=0.3, ping_seconds=0.1) as server, PolicyClient(server.uri) as client:
            began = time.monotonic()
            with pytest.raises(PacketError, match="no answer within 0.3 s") as caught:
                client.infer({"prompt": "walk", "vla/correlation_id": "slow"})
            assert (caught.value.code, caught.value.correlation_id) == (Code.DEADLINE_MISSED, "slow")
            assert time.monotonic() - began < 1.5
            assert health(server, 503)  # it hangs, and says so
            release.set()
            assert health(server, 200)
            assert client.infer({"prompt": "turn"})["prompt"] == "turn"
    finally:
        release.set()


def test_a_packet_may_ask_for_less_patience():
    with served(Echo(lambda _: time.sleep(0.3))) as server, PolicyClient(server.uri) as client:
        with pytest.raises(PacketError, match="no answer within 0.05 s") as caught:
            client.infer({"vla/deadline": 0.05})
        assert caught.value.code is Code.DEADLINE_MISSED


def test_a_model_that_never_returns_is_left_behind(caplog):
    release = threading.Event()
    server = ServerThread(
        Echo(lambda _: release.wait(20) and None),
        ServerSettings(port=0, infer_seconds=0.1, close_seconds=0.2),
    )
    server.start()
    with contextlib.suppress(PacketError), PolicyClient(server.uri) as client:
        client.infer({})
    began = time.monotonic()
    server.stop()
    assert time.monotonic() - began < 3.0
    assert "is left behind" in caplog.text
    release.set()


# ---- streams -------------------------------------------------------------------------------------


def test_the_newest_packet_wins_each_is_answered_once_and_in_order():
    began, release = threading.Event(), threading.Event()

    def thinks(sent):
        began.set()
        if sent["vla/frame_id"] == 0:
            release.wait(5)

    with served(Echo(thinks)) as server, like_openpi(server.uri) as client:
        client.recv()
        client.send(pack({"vla/frame_id": 0, "vla/correlation_id": "r:0"}))
        assert began.wait(5)
        for frame in range(1, 6):
            client.send(pack({"vla/frame_id": frame, "vla/correlation_id": f"r:{frame}"}))
        client.send(b"\xc1")
        time.sleep(0.2)
        release.set()
        answers = []
        for _ in range(7):
            message = client.recv(timeout=5)
            said = json.loads(message) if isinstance(message, str) else unpack(message)
            frame = said.get("frame_id", said.get("vla/frame_id"))
            answers.append((frame, said.get("code", "ok")))
    assert answers == [
        (0, "ok"),
        *((frame, "superseded") for frame in range(1, 5)),
        (5, "ok"),
        (None, "malformed"),
    ]


def test_a_stream_that_outruns_the_model_is_held_back_not_piled_up():
    release = threading.Event()
    with (
        served(
            Echo(lambda _: release.wait(10) and None), waiting=4, burst=10_000, packets_per_second=1e4
        ) as server,
        like_openpi(server.uri) as client,
    ):
        client.recv()
        blob = b"x" * 1_000_000

        def push():
            with contextlib.suppress(Exception):
                for _ in range(200):
                    client.send(pack({"blob": blob}))

        pusher = threading.Thread(target=push)
        pusher.start()
        time.sleep(0.5)
        came = server.server.metrics.registry.get_sample_value("vla_bytes_total", {"direction": "in"})
        assert came < 10e6  # of 200 MB: what is in progress, and what may wait
        release.set()
        client.close()
        pusher.join()


def test_a_client_that_does_not_read_is_cut_off():
    answer = {"actions": np.zeros((1000, 36)), "more": np.zeros(200_000)}
    with served(Echo(lambda _: answer), send_seconds=0.3, packets_per_second=1e4, burst=10_000) as server:

        async def never_reads():
            client = await connect_async(server.uri, compression=None, max_queue=1, proxy=None)
            client.transport.pause_reading()
            with contextlib.suppress(ConnectionClosed, OSError):
                for _ in range(400):
                    await client.send(pack({}))
                    await asyncio.sleep(0.005)
            client.transport.abort()

        asyncio.run(never_reads())
        assert (
            server.server.metrics.registry.get_sample_value("vla_refused_total", {"code": "slow_reader"}) == 1
        )
        with PolicyClient(server.uri) as client:
            client.infer({})


def test_a_flood_of_pings_is_cut_off_and_heartbeats_are_not():
    with served() as server:
        with like_openpi(server.uri) as client:
            client.recv()
            for _ in range(20):
                assert client.ping().wait(5)
            with contextlib.suppress(ConnectionClosed):
                for _ in range(5000):
                    client.ping()
                pytest.fail("it was not cut off")
        assert (
            server.server.metrics.registry.get_sample_value("vla_refused_total", {"code": "rate_limited"})
            == 1
        )


# ---- sessions ------------------------------------------------------------------------------------


def test_who_comes_back_is_known_and_numbers_go_on():
    policy = Echo()
    with served(policy) as server:
        with PolicyClient(server.uri) as client:
            session = client.metadata["vla/session"]
            assert client.metadata["vla/resumed"] is False
            client.infer({"vla/frame_id": 7})
        with PolicyClient(server.uri, session=session) as client:
            assert (client.metadata["vla/session"], client.metadata["vla/resumed"]) == (session, True)
            with pytest.raises(PacketError, match="expected above 7"):
                client.infer({"vla/frame_id": 7})
            client.infer({"vla/frame_id": 8})
    assert [seen["vla/session"] for seen in policy.seen] == [session, session]


def test_a_session_that_nobody_knows_is_a_new_one():
    with served() as server, PolicyClient(server.uri, session="guessed") as client:
        assert client.metadata["vla/resumed"] is False
        assert client.metadata["vla/session"] != "guessed"


def test_who_connects_again_ends_his_own_half_open_connection():
    with served() as server, PolicyClient(server.uri) as old:
        old.infer({})
        with PolicyClient(server.uri, session=old.metadata["vla/session"]) as new:
            assert new.metadata["vla/resumed"] is True
            with pytest.raises(ConnectionError):
                old.infer({})
            new.infer({})


def test_sessions_are_forgotten_and_the_policy_is_told():
    policy = Echo()
    with served(policy, sessions=2, session_seconds=0.05) as server:
        names = []
        for _ in range(4):
            with PolicyClient(server.uri) as client:
                client.infer({})
                names.append(client.metadata["vla/session"])
            time.sleep(0.1)
        with PolicyClient(server.uri) as client:
            client.infer({})
    assert policy.forgotten == names


# ---- start and stop ------------------------------------------------------------------------------


def test_stopping_tells_clients_and_frees_the_port():
    with served() as server:
        port = server.server.port
        with like_openpi(server.uri) as client:
            client.recv()
            server.stop()
            with pytest.raises(ConnectionClosed) as caught:
                client.recv(timeout=2)
            assert caught.value.rcvd.code == 1001
    with socket.create_server(("127.0.0.1", port)):
        pass


def test_a_port_that_is_taken_is_said():
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(OSError, match="address already in use"),
    ):
        ServerThread(Echo(), ServerSettings(port=taken.getsockname()[1])).start()


def test_in_an_event_loop_it_leaves_no_task():
    async def serves():
        before = asyncio.all_tasks()
        async with PolicyServer(Echo(), ServerSettings(port=0, close_seconds=0.3)) as server:
            async with connect_async(server.uri, compression=None, proxy=None) as client:
                await client.recv()
                await client.send(pack({}))
                unpack(await client.recv())
            silent = socket.create_connection(("127.0.0.1", server.port))
            await asyncio.sleep(0.05)
        silent.close()
        return asyncio.all_tasks() - before

    assert asyncio.run(serves()) == set()
