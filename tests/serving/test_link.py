"""The link of a robot's loop: it never waits, every packet gets one response, and what breaks is mended."""

import socket
import threading
import time

import numpy as np
import pytest

from vla_course.serving.network.client import PolicyClient
from vla_course.serving.network.errors import read_error
from vla_course.serving.network.link import LinkSettings, PacketLink
from vla_course.serving.network.settings import ServerSettings
from vla_course.serving.network.thread import ServerThread
from vla_course.serving.packets.codes import Code
from vla_course.serving.packets.packet import VLAPacket

from .served import TOKEN, Echo, served

QUICK = LinkSettings(first_pause=0.02, longest_pause=0.1, ping_seconds=0.1, pong_seconds=1.0)


def packet(frame):
    return VLAPacket(
        frame_id=frame,
        correlation_id=f"robot:{frame}",
        timestamp=float(frame),
        query="walk",
        images={"head": np.zeros((4, 4, 3), np.uint8)},
        robot_state=np.zeros(75),
    )


def until(link, count, seconds=5.0):
    """Return the next responses of a link."""
    came, end = [], time.monotonic() + seconds
    while len(came) < count and time.monotonic() < end:
        came += link.answers()
        time.sleep(0.005)
    return came


def actions(_):
    return {"actions": np.zeros((12, 36), np.float32)}


def test_packets_are_answered():
    with served(Echo(actions)) as server, PacketLink(server.uri, settings=QUICK) as link:
        assert link.wait(5.0)
        for frame in range(5):
            link.offer(packet(frame))
            (response,) = until(link, 1)
            assert (response.frame_id, response.code) == (frame, Code.OK)
            assert response.actions.shape == (12, 36)
        assert link.metadata["model"] == "echo"
    assert not link.is_connected


def test_what_cannot_be_sent_in_time_is_overtaken_and_every_packet_gets_one_response():
    slow = Echo(lambda sent: time.sleep(0.03) or actions(sent))
    with served(slow) as server, PacketLink(server.uri, settings=QUICK) as link:
        assert link.wait(5.0)
        longest = 0.0
        for frame in range(60):
            began = time.perf_counter()
            link.offer(packet(frame))
            longest = max(longest, time.perf_counter() - began)
            time.sleep(0.005)
        came = until(link, 60)
    assert sorted(response.frame_id for response in came) == list(range(60))
    codes = {response.frame_id: response.code for response in came}
    assert set(codes.values()) == {Code.OK, Code.SUPERSEDED}
    assert codes[59] is Code.OK
    in_order = [response.frame_id for response in came if response.code is Code.OK]
    assert in_order == sorted(in_order)
    assert longest < 0.5


def test_an_error_of_the_server_reaches_its_packet():
    def fails(sent):
        if sent["vla/frame_id"] == 1:
            raise RuntimeError
        return actions(sent)

    with served(Echo(fails)) as server, PacketLink(server.uri, settings=QUICK) as link:
        assert link.wait(5.0)
        found = []
        for frame in range(3):
            link.offer(packet(frame))
            found += until(link, 1)
    assert [(one.frame_id, one.code) for one in found] == [(0, Code.OK), (1, Code.MODEL_FAILED), (2, Code.OK)]


@pytest.mark.parametrize(
    "answer", [{"actions": np.zeros((2, 35))}, {"no": 1}, {"actions": np.full((2, 36), "x")}]
)
def test_an_answer_that_is_none_is_an_error_and_no_action(answer):
    with served(Echo(lambda _: answer)) as server, PacketLink(server.uri, settings=QUICK) as link:
        assert link.wait(5.0)
        link.offer(packet(0))
        (response,) = until(link, 1)
        assert (response.frame_id, response.success, response.actions) == (0, False, None)


def test_when_the_server_comes_back_so_does_the_session_of_a_broken_wire():
    with served(Echo(actions)) as server, PacketLink(server.uri, settings=QUICK) as link:
        assert link.wait(5.0)
        link.offer(packet(0))
        until(link, 1)
        for connection in server.server._sockets.copy():
            server._loop.call_soon_threadsafe(connection.transport.abort)
        end = time.monotonic() + 5.0
        while link.connects < 2 and time.monotonic() < end:
            time.sleep(0.01)
        assert (link.connects, link.resumed) == (2, 1)
        link.offer(packet(1))
        assert [one.code for one in until(link, 1)] == [Code.OK]


def test_what_was_on_its_way_when_the_server_died_is_cancelled_within_a_second():
    began, release = threading.Event(), threading.Event()

    def hangs(_):
        began.set()
        release.wait(20)

    server = ServerThread(Echo(hangs), ServerSettings(port=0, close_seconds=0.1))
    server.start()
    port = server.server.port
    try:
        with PacketLink(server.uri, settings=QUICK) as link:
            assert link.wait(5.0)
            link.offer(packet(0))
            assert began.wait(5.0)
            server.stop()
            came = until(link, 1, seconds=1.0)
            assert [(one.frame_id, one.code) for one in came] == [(0, Code.CANCELLED)]
            link.offer(packet(1))
            assert [(one.frame_id, one.code) for one in until(link, 1)] == [(1, Code.CANCELLED)]
            with served(Echo(actions), port=port):
                assert link.wait(5.0)
                link.offer(packet(2))
                assert [(one.frame_id, one.code) for one in until(link, 1)] == [(2, Code.OK)]
                assert link.resumed == 0  # another server, another session
    finally:
        release.set()


def test_a_server_that_says_nothing_any_more_is_noticed_by_its_heartbeat():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        ends = threading.Event()

        def shakes_hands_and_falls_silent():
            import websockets.sync.server

            wire, _ = silent.accept()
            protocol = websockets.sync.server.ServerProtocol()
            protocol.receive_data(wire.recv(4096))
            protocol.send_response(protocol.accept(protocol.events_received()[0]))
            protocol.send_binary(b"\x80")
            for data in protocol.data_to_send():
                wire.sendall(data)
            ends.wait(10)
            wire.close()

        thread = threading.Thread(target=shakes_hands_and_falls_silent)
        thread.start()
        with PacketLink(f"ws://127.0.0.1:{silent.getsockname()[1]}", settings=QUICK) as link:
            assert link.wait(5.0)
            link.offer(packet(0))
            came = until(link, 1, seconds=4.0)
            assert [(one.frame_id, one.code) for one in came] == [(0, Code.CANCELLED)]
        ends.set()
        thread.join()


@pytest.mark.parametrize(
    "text", ['{"code": []}', '{"code": {}}', '{"code": null}', '{"code": "fine"}', "[]", "[" * 3000, "}"]
)
def test_an_error_that_is_none_of_ours_is_internal(text):
    assert read_error(text).code is Code.INTERNAL


def test_a_link_without_the_token_says_so_and_gives_up():
    with served(token=TOKEN) as server:
        with PacketLink(server.uri, token="wrong", settings=QUICK) as link:
            end = time.monotonic() + 5.0
            while link.refused is None and time.monotonic() < end:
                time.sleep(0.01)
            assert link.refused.code is Code.UNAUTHORIZED
            link.offer(packet(0))
            assert [one.code for one in until(link, 1)] == [Code.UNAUTHORIZED]
        with PacketLink(server.uri, token=TOKEN, settings=QUICK) as link:
            assert link.wait(5.0)


def test_a_link_ends_without_a_server_and_without_a_word():
    link = PacketLink("ws://127.0.0.1:9", settings=QUICK)
    link.start()
    link.offer(packet(0))
    began = time.monotonic()
    link.stop()
    assert time.monotonic() - began < 2.0
    assert [one.code for one in link.answers()] == [Code.CANCELLED]
    link.stop()


def test_a_link_that_was_stopped_answers_at_once_and_is_done_with():
    link = PacketLink("ws://127.0.0.1:9", settings=QUICK)
    with link:
        pass
    link.offer(packet(0))
    assert [one.code for one in link.answers()] == [Code.CANCELLED]
    with pytest.raises(RuntimeError, match="expected a new one"):
        link.start()


@pytest.mark.parametrize("uri", ["localhost:8000", "http://localhost:8000", "ws://", "ws://localhost:80000"])
def test_an_address_that_is_none_is_said(uri):
    for made in (PacketLink, PolicyClient):
        with pytest.raises(ValueError, match="expected ws://host:port"):
            made(uri)


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("nan"), float("inf")])
def test_a_patience_that_never_ends_is_refused(seconds):
    with pytest.raises(ValueError, match="seconds is"):
        PolicyClient("ws://127.0.0.1:9", seconds=seconds)


def test_a_fault_of_the_link_itself_is_told_to_whoever_offers(monkeypatch, caplog):
    def breaks(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr("vla_course.serving.network.link.connect", breaks)
    with PacketLink("ws://127.0.0.1:9", settings=QUICK) as link:
        end = time.monotonic() + 5.0
        while link.refused is None and time.monotonic() < end:
            time.sleep(0.01)
        link.offer(packet(0))
        assert [one.code for one in link.answers()] == [Code.INTERNAL]
    assert "ZeroDivisionError" in str(link.refused)
    assert "fault of its own" in caplog.text


def test_answers_that_nobody_asks_for_are_bounded():
    link = PacketLink("ws://127.0.0.1:9", settings=LinkSettings(kept=3))
    for frame in range(10):
        link.offer(packet(frame))
    assert [one.frame_id for one in link.answers()] == [6, 7, 8]
    assert link.dropped == 6
