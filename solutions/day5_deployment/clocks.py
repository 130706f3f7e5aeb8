"""What time is it over there? Two clocks that were never set by each other, and a wire that takes its time."""

import numpy as np
from numpy.typing import NDArray

from vla_course.course.exercise import NotAttempted, exercise
from vla_course.deployment.recorder.clock import ClockOffset


@exercise("5.9")
def clock_offset(stamps: NDArray[np.float64], window: int) -> ClockOffset:
    """Return how far the server's clock is ahead of the robot's, from packets that went there and back.

    The robot notes when it sends a packet and when the answer is back, on its own clock; the server notes when the
    packet comes and when the answer leaves, on its own. No stamp of one clock means anything on the other. But the
    packet went one way and the answer the other: what the offset adds to the one it takes from the other (Mills 1991;
    RFC 5905, section 8). That is exact where both ways took equally long, and wrong by half of what they differ.

    Nobody knows what they differ. Only that neither way took less than no time, so the offset is wrong by at most half
    of the round trip on the wire: the time from sending to having the answer, less what the server kept it. So of
    the newest `window` exchanges the one with the shortest round trip is believed, and the others are not asked: what
    waited in a queue waited on one of the two ways. Old exchanges are forgotten because clocks drift.

    An exchange is left out where one of its stamps is not finite, where an answer left before
    its packet came or was back before it was sent, or where its round trip on the wire is below 0: one of the clocks
    was set meanwhile. Of equally short round trips the newest counts.

    Args:
        stamps: (n, 4) s, an exchange a row, the oldest first: packet sent (robot's clock), packet received (server's),
            answer sent (server's), answer received (robot's).
        window: how many exchanges are looked at, counted from the newest; one that is left out keeps its place.

    Returns:
        `offset` s, the server's clock minus the robot's, and `error` s, the most by which it may be wrong to either
        side. Both are plain numbers.

    Raises:
        ValueError: `stamps` is not (n, 4), `window` is below 1, or in the window no exchange is left.
    """
    # BEGIN SOLUTION
    stamps = np.asarray(stamps, dtype=np.float64)
    if stamps.shape[1:] != (4,):
        raise ValueError(f"stamps is {stamps.shape}, expected (n, 4)")
    if window < 1:
        raise ValueError(f"window is {window}, expected at least 1")
    newest = stamps[-window:]
    newest = newest[np.isfinite(newest).all(axis=1)]
    sent, received, answered, returned = newest.T
    trip = (returned - sent) - (answered - received)
    # What was back before it was sent is left out, too: its trip is below 0, however short the server kept it.
    sound = (answered >= received) & (trip >= 0.0)
    if not sound.any():
        raise ValueError("no exchange in the window can be used, expected at least one")
    offset = ((received - sent) + (answered - returned)) / 2.0
    # From the newest on, so that the first of equal ones is the newest.
    best = np.flatnonzero(sound)[::-1]
    best = best[np.argmin(trip[best])]
    return ClockOffset(float(offset[best]), float(trip[best]) / 2.0)
    # END SOLUTION
