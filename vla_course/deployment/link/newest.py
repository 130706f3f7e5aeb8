"""The newest wins: what is old, doubled or out of turn is dropped, and numbers may wrap round."""

from typing import Final

from vla_course.deployment.link.messages import Order, Reading

HALF: Final = 2**31


def newer(number: int, than: int) -> bool:
    """Tell whether a number of 32 bits comes after another one, round the corner too (Elz and Bush 1996, RFC 1982)."""
    return number != than and (number - than) % 2**32 < HALF


class Newest:
    """Lets through what is newer than all before.

    A peer that has begun anew has another session, and is believed once the old one has been silent for `silence` s:
    until then two commanders never take turns at one robot.

    Args:
        silence: s.

    Attributes:
        dropped: how many came late, twice, or from a session that is not the one at work.
    """

    def __init__(self, silence: float) -> None:
        self._silence = silence
        self._session: int | None = None
        self._number, self._at = 0, 0.0
        self.dropped = 0

    def admits(self, message: Reading | Order, now: float) -> bool:
        """Tell whether a message is news at `now` s, on the clock of who receives it."""
        if message.session != self._session:
            if self._session is not None and now - self._at < self._silence:
                self.dropped += 1
                return False
            self._session = message.session
        elif not newer(message.number, self._number):
            self.dropped += 1
            return False
        self._number, self._at = message.number, now
        return True
