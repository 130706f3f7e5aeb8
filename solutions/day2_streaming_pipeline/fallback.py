"""What a robot does where no new actions of its model come."""

from vla_course.course.exercise import NotAttempted, exercise

BY_MODEL = ("deadline_missed", "model_failed", "overloaded")
"""codes of faults that another model may not have; all other codes speak of what came in"""


@exercise("2.10")
def choose_fallback(
    code: str, chunk_left: float, since_good: float, patience: float, smaller_ready: bool = False
) -> str:
    """Return what is done in place of new actions: the first of these that can be.

    1. "smaller_model": the model was at fault, or too slow (`BY_MODEL`), and a smaller one is ready. It sees what is
       there now; the last chunk was decided on what was. But no model helps where it is the picture that is missing.
    2. "last_chunk": some of the last chunk is still to come.
    3. "hold": the last good answer is not older than `patience`. The robot keeps its posture; a moment later all may be
       well again.
    4. "stand": it stops walking and stands until a good answer comes. So does a robot that never had one.

    Args:
        code: why there are no new actions, such as "bad_picture" or "deadline_missed"; not "ok".
        chunk_left: s, for which the last chunk goes on from now; 0 or less where it has ended.
        since_good: s, since the last good answer; inf where there was none.
        patience: s, for which a robot may hold.
        smaller_ready: whether a smaller model could answer this packet in time.

    Returns:
        One of the four names.

    Raises:
        ValueError: `code` is "ok", or a time is not a number.
    """
    # BEGIN SOLUTION
    if code == "ok":
        raise ValueError("code is 'ok', expected that of a fault: there is nothing to fall back from")
    for name, value in (("chunk_left", chunk_left), ("since_good", since_good), ("patience", patience)):
        if value != value:
            raise ValueError(f"{name} is nan, expected seconds")
    if smaller_ready and code in BY_MODEL:
        return "smaller_model"
    if chunk_left > 0.0:
        return "last_chunk"
    return "hold" if since_good <= patience else "stand"
    # END SOLUTION
