"""What crosses between a robot and who commands it: two datagrams of fixed size, small enough for one frame each.

    reading   robot -> commander   what the robot feels, and which order it heard last
    order     commander -> robot   an action, the reading that it answers, and the stop

Both begin with magic, version, kind, the session's number and their own, and end with a checksum (CRC-32): a datagram
that is cut, changed or somebody else's is refused by one sentence. Times are nanoseconds of the sender's own monotonic
clock; no two clocks are ever compared, a robot gets its own stamps back.
"""

import struct
import zlib
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.environment.proprioception import STATE
from vla_course.serving.remote.watchdog import RUNGS, Rung
from vla_course.simulation.robot.layout import ACTION

Floats = NDArray[np.float32]

MAGIC: Final = b"VLAR"
VERSION: Final = 1
_HEAD: Final = struct.Struct("<4sBBHII")  # magic, version, kind, flags, session, number
_READING: Final = struct.Struct("<qIqqB")
_ORDER: Final = struct.Struct("<qIq")
_SUM: Final = struct.Struct("<I")
_STOPPED, _ACKNOWLEDGED = 1, 2
LATEST: Final = 10**18
"""ns, of any clock: thirty years"""


class LinkFault(ValueError):
    """A datagram that is none of this link."""


class _Kind(IntEnum):
    READING = 1
    ORDER = 2


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What a robot feels at one moment.

    Attributes:
        session, number: of the robot's run, and of this reading in it, from 0.
        stamp: s, when it was felt, on the robot's clock.
        state: (75,) as `proprioception.STATE` lays it out.
        rung: of the robot's watchdog.
        stopped: whether the emergency stop is latched.
        heard: number of the order that was heard last, -1: none yet.
        heard_sent, heard_at: s, when that was sent on its sender's clock, and came on the robot's.
    """

    session: int
    number: int
    stamp: float
    state: Floats
    rung: Rung = "acts"
    stopped: bool = False
    heard: int = -1
    heard_sent: float = 0.0
    heard_at: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """What a robot is to do.

    Attributes:
        session, number: of the commander's run, and of this order in it, from 0.
        sent: s, on the commander's clock.
        answers, taken: number of the reading that it answers and that reading's own stamp, on the robot's clock.
        action: (36,) in -1 to 1, as `layout.ACTION` lays it out.
        stop: stop now, whatever the action says, and stay stopped.
        acknowledge: the cause of a stop is gone: the robot may move again.
    """

    session: int
    number: int
    sent: float
    answers: int
    taken: float
    action: Floats = field(default_factory=lambda: np.zeros(ACTION.size, np.float32))
    stop: bool = False
    acknowledge: bool = False


def pack(message: Reading | Order) -> bytes:
    """Return the datagram of a message.

    Raises:
        LinkFault: a vector has another length, or a number in it is not finite.
    """
    if isinstance(message, Reading):
        flags = _STOPPED * message.stopped
        body = _READING.pack(
            _ticks(message.stamp),
            message.heard & 0xFFFFFFFF,
            _ticks(message.heard_sent),
            _ticks(message.heard_at),
            RUNGS.index(message.rung) | (0x80 if message.heard < 0 else 0),
        ) + _numbers("state", message.state, STATE.size)
        kind = _Kind.READING
    else:
        flags = _STOPPED * message.stop | _ACKNOWLEDGED * message.acknowledge
        body = _ORDER.pack(_ticks(message.sent), message.answers & 0xFFFFFFFF, _ticks(message.taken))
        body += _numbers("action", message.action, ACTION.size)
        kind = _Kind.ORDER
    head = _HEAD.pack(MAGIC, VERSION, kind, flags, message.session & 0xFFFFFFFF, message.number & 0xFFFFFFFF)
    return head + body + _SUM.pack(zlib.crc32(head + body))


def unpack(data: bytes) -> Reading | Order:
    """Return the message of a datagram.

    Raises:
        LinkFault: it is none, of another version, cut or changed on the way, or holds a number that is not finite.
    """
    if len(data) < _HEAD.size:
        raise LinkFault(f"datagram has {len(data)} bytes, expected {READING_BYTES} or {ORDER_BYTES}")
    magic, version, kind, flags, session, number = _HEAD.unpack_from(data)
    if magic != MAGIC:
        raise LinkFault(f"datagram begins with {magic!r}, expected {MAGIC!r}")
    if version != VERSION:
        raise LinkFault(f"datagram is of version {version}, expected {VERSION}")
    if kind not in tuple(_Kind):
        raise LinkFault(f"datagram is of kind {kind}, expected 1, a reading, or 2, an order")
    expected = READING_BYTES if kind == _Kind.READING else ORDER_BYTES
    if len(data) != expected:
        raise LinkFault(f"datagram has {len(data)} bytes, expected {expected}")
    (checksum,) = _SUM.unpack_from(data, expected - _SUM.size)
    if checksum != zlib.crc32(data[: -_SUM.size]):
        raise LinkFault("datagram has another checksum than its bytes, expected what was sent")
    if kind == _Kind.ORDER:
        sent, answers, taken = _ORDER.unpack_from(data, _HEAD.size)
        action = _vector("action", data, _HEAD.size + _ORDER.size, ACTION.size)
        stop, acknowledge = bool(flags & _STOPPED), bool(flags & _ACKNOWLEDGED)
        return Order(session, number, _seconds(sent), answers, _seconds(taken), action, stop, acknowledge)
    stamp, heard, heard_sent, heard_at, rung = _READING.unpack_from(data, _HEAD.size)
    if rung & 0x7F >= len(RUNGS):
        raise LinkFault(f"reading is on rung {rung & 0x7F} of the watchdog, expected 0 to {len(RUNGS) - 1}")
    return Reading(
        session,
        number,
        _seconds(stamp),
        _vector("state", data, _HEAD.size + _READING.size, STATE.size),
        RUNGS[rung & 0x7F],
        bool(flags & _STOPPED),
        -1 if rung & 0x80 else heard,
        _seconds(heard_sent),
        _seconds(heard_at),
    )


def _ticks(seconds: float) -> int:
    """Return s in ns. Raises LinkFault."""
    if not isinstance(seconds, int | float | np.floating) or not abs(seconds) * 1e9 <= LATEST:
        raise LinkFault(f"time is {seconds!r}, expected s of a monotonic clock, at most {LATEST / 1e9:.0f}")
    return round(seconds * 1e9)


def _seconds(ticks: int) -> float:
    """Return ns of a datagram in s. Raises LinkFault: a time that nobody could send back."""
    if abs(ticks) > LATEST:
        raise LinkFault(f"time is {ticks} ns, expected at most {LATEST}")
    return ticks / 1e9


def _numbers(name: str, values: Floats, size: int) -> bytes:
    numbers = np.asarray(values, dtype="<f4")
    if numbers.shape != (size,):
        raise LinkFault(f"{name} has shape {numbers.shape}, expected ({size},)")
    if not np.isfinite(numbers).all():
        first = int(np.flatnonzero(~np.isfinite(numbers))[0])
        raise LinkFault(f"{name}[{first}] is {numbers[first]}, expected a finite number")
    return numbers.tobytes()


def _vector(name: str, data: bytes, start: int, size: int) -> Floats:
    numbers = np.frombuffer(data, "<f4", size, start).astype(np.float32)
    if not np.isfinite(numbers).all():
        first = int(np.flatnonzero(~np.isfinite(numbers))[0])
        raise LinkFault(f"{name}[{first}] is {numbers[first]}, expected a finite number")
    return numbers


READING_BYTES: Final = _HEAD.size + _READING.size + 4 * STATE.size + _SUM.size
ORDER_BYTES: Final = _HEAD.size + _ORDER.size + 4 * ACTION.size + _SUM.size
