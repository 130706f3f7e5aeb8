"""From an episode to what a policy learns to say: chunks of the actions that follow."""

import numpy as np
from numpy.typing import NDArray

from vla_course.course.exercise import NotAttempted, exercise


@exercise("4.1")
def chunk_windows(
    actions: NDArray[np.float32], starts: NDArray[np.int64], horizon: int
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return the chunk of actions that begins at each start, and which of its steps the episode really has.

    A policy that answers with a chunk is asked at a step of an episode and shown what the expert did from that
    step on. Near the end there are fewer than `horizon` steps left, and these last moments - the grasp, the foot
    put down - are what the robot must not get wrong. So no start is dropped: beyond the end the last action is
    repeated, for a robot that is done keeps its posture (zeros would be a posture as well: arms hanging), and the
    mask says that these steps never happened.

    Args:
        actions: (T, A) float32, the actions of one episode in the order of time.
        starts: (B,) whole numbers from 0 to T - 1, in any order, repeated or not. The chunk of start 0 begins with
            the first action.
        horizon: H, how many steps a chunk has; it may be longer than the episode.

    Returns:
        The chunks (B, H, A) float32, and the mask (B, H) bool, True where the step is the episode's own.

    Raises:
        ValueError: `horizon` is below 1, or a start lies outside of the episode. (NumPy would take a start of -1
            for the last action and say nothing.)
    """
    raise NotAttempted("4.1")
