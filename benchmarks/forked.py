"""A function run in a copy of this process: it may change or break whatever it likes, only its answer comes back."""

import os
import pickle
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")


def forked(function: Callable[[], Answer]) -> Answer:
    """Return what `function` returns in a child process that begins as this one is, a running world included.

    Raises:
        RuntimeError: the function raised an error, which is told, or the child died.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            answer: tuple[bool, object] = (True, function())
        except Exception as why:
            answer = (False, f"{type(why).__name__}: {why}")
        with os.fdopen(writer, "wb") as pipe:
            pickle.dump(answer, pipe)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        data = pipe.read()
    os.waitpid(child, 0)
    if not data:
        raise RuntimeError("the child process died without an answer")
    good, value = pickle.loads(data)
    if not good:
        raise RuntimeError(value)
    answered: Answer = value
    return answered
