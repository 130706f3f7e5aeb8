"""What the tests of the network share: policies that do what a test needs, and what openpi's client sends."""

import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

import msgpack
import numpy as np

from vla_course.serving.network.settings import ServerSettings
from vla_course.serving.network.thread import ServerThread

TOKEN = "a token of more than sixteen"


class Echo:
    """Answers with what it was asked; `do` is called with the observation first."""

    def __init__(self, do=None):
        self.metadata = {"model": "echo", "horizon": 2}
        self.seen, self.forgotten, self._do = [], [], do

    def infer(self, observation):
        self.seen.append(
            {key: value for key, value in observation.items() if not isinstance(value, np.ndarray)}
        )
        if self._do is not None and (answer := self._do(observation)) is not None:
            return answer
        return {"actions": np.full((2, 36), 0.5, np.float32), "prompt": observation.get("prompt", "")}

    def forget(self, session):
        self.forgotten.append(session)


@contextmanager
def served(policy=None, **settings):
    """Serve a policy on a free port of loopback; in the end no thread of it is left."""
    before = set(threading.enumerate())
    with ServerThread(
        policy or Echo(), ServerSettings(**{"port": 0, "close_seconds": 0.5, **settings})
    ) as server:
        yield server
    until = time.monotonic() + 2.0
    while (left := set(threading.enumerate()) - before) and time.monotonic() < until:
        time.sleep(0.01)
    assert not left


def get(server, path, token=None, **headers):
    """Return status and body of a GET."""
    request = urllib.request.Request(server.uri.replace("ws", "http", 1) + path, headers=headers)
    if token:
        request.add_header("Authorization", f"Api-Key {token}")
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def pack_as_openpi(tree):
    """Return the bytes that openpi's public client (0.1.2) makes of an observation."""

    def pack_array(value):
        if isinstance(value, np.ndarray):
            return {
                b"__ndarray__": True,
                b"data": value.tobytes(),
                b"dtype": value.dtype.str,
                b"shape": value.shape,
            }
        if isinstance(value, np.generic):
            return {b"__npgeneric__": True, b"data": value.item(), b"dtype": value.dtype.str}
        return value

    return msgpack.Packer(default=pack_array).pack(tree)


def unpack_as_openpi(data):
    """Return what openpi's public client (0.1.2) makes of a reply."""

    def unpack_array(found):
        if b"__ndarray__" in found:
            return np.ndarray(buffer=found[b"data"], dtype=np.dtype(found[b"dtype"]), shape=found[b"shape"])
        if b"__npgeneric__" in found:
            return np.dtype(found[b"dtype"]).type(found[b"data"])
        return found

    return msgpack.unpackb(data, object_hook=unpack_array)
