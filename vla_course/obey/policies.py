"""The policies that ship, by name, in the runtime that somebody asks for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from vla_course.learning.planned.policy import PlannedPolicy


def shipped(
    name: Literal["planned", "direct"], weights: Path | None = None, runtime: str | None = None
) -> PlannedPolicy:
    """Return a policy with the reader and the grounder that the course ships.

    Args:
        name: which.
        weights: folder of the direct one's network; None: the one that ships.
        runtime: of its networks, one of `deployment.runtimes.variants.VARIANTS`; None: torch, as they were trained.

    Raises:
        FileNotFoundError: a file of the network is missing.
        ValueError: it is the network of something else, or of the planned one, which has none; the runtime is unknown
            or not to be had here, or an engine of it is damaged.
    """
    if runtime is not None and name != "direct":
        raise ValueError(
            f"runtime is {runtime!r} for {name}, expected 'direct': its networks are what is exported"
        )
    if runtime is not None:
        return _in_runtime(runtime, weights)
    if name == "direct":
        from vla_course.learning.policy.direct import shipped_direct
        from vla_course.learning.policy.files import DIRECT

        return shipped_direct(weights or DIRECT)
    if weights is not None:
        raise ValueError(
            f"{weights} was given for {name}, expected 'direct': it alone has a network that acts"
        )
    from vla_course.learning.planned.learned import shipped_policy

    return shipped_policy()


def _in_runtime(runtime: str, weights: Path | None) -> PlannedPolicy:
    """Return the direct policy with its networks in a runtime."""
    from vla_course.deployment.runtimes.model import OptimizedVLAModel
    from vla_course.learning.planned.learned import learned_listen
    from vla_course.learning.policy.direct import DirectPolicy
    from vla_course.learning.policy.files import DIRECT

    model = OptimizedVLAModel.load(runtime, weights or DIRECT)
    return DirectPolicy(learned_listen(), model, model)
