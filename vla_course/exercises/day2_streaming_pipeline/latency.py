"""Where the time goes: latency by stage, as a deadline sees it."""

from collections.abc import Mapping, Sequence

import numpy as np

from vla_course.course.exercise import NotAttempted, exercise

PERCENTILES = (50.0, 95.0, 99.0)


@exercise("2.3")
def latency_by_stage(
    packets: Sequence[Mapping[str, float]], percentiles: Sequence[float] = PERCENTILES
) -> dict[str, list[float]]:
    """Return the percentiles of each stage's duration, and of the whole.

    A percentile is taken over packets, never over means: the mean of every second hides the one packet in it that
    took ten times as long, and that is the one at which the robot missed the cup. And the percentile of the whole is
    that of the packets' sums: the sum of the stages' percentiles is no packet's latency, for hardly a packet is slow
    everywhere.

    Args:
        packets: of each packet the durations of its stages, s; one that failed early has fewer stages than others, or
            none.
        percentiles: 0 to 100, interpolated linearly between packets.

    Returns:
        The percentiles, s, of every stage over the packets that have it, by name in the order in which stages were
        first seen; and last, as "total", of each packet's own sum. {} where there are no packets.

    Raises:
        ValueError: a duration is negative or not finite (two clocks were mixed), or a stage is called "total".
    """
    raise NotAttempted("2.3")
