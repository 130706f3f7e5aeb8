"""Is the model fast enough for the robot, and what keeps it from being faster?"""

import time
from collections.abc import Callable

import numpy as np

from vla_course.course.exercise import NotAttempted, exercise
from vla_course.learning.model.machine import LatencyReport, MachineCeiling, Roofline


@exercise("1.9")
def measure_latency(
    step: Callable[[], object],
    warm_up: int,
    repeats: int,
    batch: int = 1,
    clock: Callable[[], float] = time.perf_counter,
) -> LatencyReport:
    """Return how long `step()` takes, from `repeats` runs after `warm_up` runs that do not count.

    The first runs allocate, compile and fill caches: they measure the start, not the work. `clock()` gives
    seconds that never go back, and is read right before and right after each run that counts, and at no other
    time; what is done between the runs is not the step's. (On a GPU `step` itself waits until the device is
    done: work that is only queued takes no time at all.)

    - p50, p95, p99: percentiles of the runs, ms, linear between two runs (`np.percentile`)
    - throughput: samples a second over the runs together, `batch` of them in each
    - control_rate: Hz, how often a robot may ask if 99 of 100 answers are to be there in time: 1 / p99, p99 in s

    Raises ValueError where warm_up is below 0, or repeats or batch below 1, and where p99 is 0: that clock is too
    coarse for this step.
    """
    # BEGIN SOLUTION
    if warm_up < 0 or repeats < 1 or batch < 1:
        raise ValueError(
            f"warm_up, repeats, batch are {warm_up}, {repeats}, {batch}, expected at least 0, 1, 1"
        )
    for _ in range(warm_up):
        step()
    seconds = np.empty(repeats)
    for i in range(repeats):
        begin = clock()
        step()
        seconds[i] = clock() - begin
    p50, p95, p99 = (float(1e3 * value) for value in np.percentile(seconds, (50, 95, 99)))
    if p99 <= 0.0:
        raise ValueError("p99 is 0 s: the clock is too coarse for the step, measure several steps as one")
    return LatencyReport(p50, p95, p99, float(batch * repeats / seconds.sum()), 1e3 / p99)
    # END SOLUTION


@exercise("1.10")
def roofline(flops: float, moved_bytes: float, machine: MachineCeiling) -> Roofline:
    """Return what a machine can do at best with work of that many operations on that many bytes.

    Every byte must come from memory once, every operation must be done, and a machine does both at once: the
    slower of the two decides (Williams, Waterman and Patterson 2009).

    - intensity: operations for each byte, flop/byte
    - attainable: flop/s, the lower of the machine's `flops` and of intensity times its `bandwidth`
    - seconds: what the work takes at least
    - bound: "compute" where the arithmetic decides, "memory" where the bytes do; on the ridge, where both take
      equally long, "compute"

    Raises ValueError where one of the numbers is not above 0; nan is not.
    """
    # BEGIN SOLUTION
    if not (flops > 0.0 and moved_bytes > 0.0):
        raise ValueError(f"flops, moved_bytes are {flops}, {moved_bytes}, expected more than 0 of both")
    intensity = flops / moved_bytes
    slope = intensity * machine.bandwidth
    attainable = min(machine.flops, slope)
    bound = "compute" if slope >= machine.flops else "memory"
    return Roofline(intensity, attainable, flops / attainable, bound)
    # END SOLUTION
