"""Which models have to go so that another one fits."""

from collections.abc import Collection, Mapping

from vla_course.course.exercise import NotAttempted, exercise


@exercise("2.11")
def models_to_evict(
    sizes: Mapping[str, int],
    last_used: Mapping[str, float],
    needed: int,
    limit: int,
    busy: Collection[str] = (),
) -> list[str]:
    """Return which models have to leave memory so that `needed` bytes more fit within `limit`.

    Those that were used least recently go first: what was used a moment ago will most likely be used again. When a
    model was loaded does not matter: the one that is always in use was loaded first. No more go than have to, and none
    that is at work.

    Args:
        sizes: bytes of each model that is loaded.
        last_used: s on one clock, when each was used last; of two at the same time the smaller goes first.
        needed: bytes that are to fit as well; with 0, what is loaded has to fit by itself.
        limit: bytes, of all of them together.
        busy: models that are at work now.

    Returns:
        Their names, the least recently used first; [] where there is room.

    Raises:
        MemoryError: it would not fit even if all that may go went; then none goes.
    """
    raise NotAttempted("2.11")
