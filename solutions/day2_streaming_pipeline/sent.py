"""A link that was handed in broken, with its trace: find what is wrong, and mend it."""

from collections.abc import Mapping

from vla_course.course.exercise import NotAttempted, exercise

TRACE = """\
robot's clock   what happened                             take() said
    100.000 s   packet 0 sent
    100.100 s   packet 1 sent
    100.120 s   answer to 0 came, stamped 100.040 s       0.040 s
    100.160 s   answer to 1 came, stamped 100.080 s      -0.020 s
    100.200 s   packet 2 sent
    100.210 s   answer to 1 came, stamped 100.080 s      -0.020 s
    100.300 s   packet 3 sent
    100.400 s   packet 4 sent
    100.500 s   packet 5 sent
    100.600 s   packet 6 sent
    100.690 s   answer to 2 came, stamped 100.610 s       0.010 s
    100.710 s   answer to 6 came, stamped 100.630 s       0.030 s
"""
"""less than a second of a robot with four slots: the ages that the broken link told, and the robot believed"""


class SentPackets:
    """Remembers the last packets that a robot sent, to know how old the picture is that an answer was decided on.

    What it is for: a robot reaches for where the cup was when its picture was taken. An answer to a picture that is too
    old, or to none that it still knows, is thrown away; one that is taken for fresh sends the hand beside the cup, or
    the trunk after the hand.

    Packet k lies in slot k modulo `slots`, so that memory stays bounded however many answers never come; a newer packet
    takes the slot of an older one.

    Args:
        slots: packets that are remembered at most.
    """

    def __init__(self, slots: int = 4) -> None:
        self._slots: list[tuple[int, float] | None] = [None] * slots
        self._next = 0

    def send(self, now: float) -> int:
        """Note that a picture was taken and sent; return the packet's id: 0, 1, 2, ...

        Args:
            now: s, the robot's monotonic clock.
        """
        packet, self._next = self._next, self._next + 1
        self._slots[packet % len(self._slots)] = (packet, now)
        return packet

    def broken_take(self, answer: Mapping[str, float], now: float) -> float | None:
        """What was handed in, for `take`; `TRACE` is what it wrote down. It is here to be read, not to be used."""
        sent = self._slots[int(answer["id"]) % len(self._slots)]
        return None if sent is None else answer["stamp"] - sent[1]

    @exercise("2.12")
    def take(self, answer: Mapping[str, float], now: float) -> float | None:
        """Return how old the picture is that an answer was decided on, s, when it comes; each packet has one answer.

        `broken_take` was to do so, and does not: before you mend it, find in `TRACE` the lines that cannot be right,
        and say what would have to be true for each. There is more than one fault. Mend the fault and not the line: an
        age that is clipped at 0 s is as wrong as before, only nobody sees it any more.

        Args:
            answer: "id" of the packet that it answers, a whole number, as the server sent it back: it may be that of a
                packet of long ago, of one that was answered before, or of none that was ever sent. "stamp": s, when
                it left, by the server's clock.
            now: s, the robot's monotonic clock, as in `send`.

        Returns:
            None where no packet of that id waits for an answer: it was answered, or its slot was given away, or there
            never was one. Whatever packet lies in the slot instead goes on waiting.
        """
        # BEGIN SOLUTION
        slot = int(answer["id"]) % len(self._slots)
        sent = self._slots[slot]
        if sent is None or sent[0] != answer["id"]:
            return None
        self._slots[slot] = None
        return now - sent[1]
        # END SOLUTION
