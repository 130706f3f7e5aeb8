"""A trained direct policy as a folder: config.json says how it is built and how it was trained, beside its weights."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from vla_course.learning.demonstrations.layout import ACTION_NAMES, STATE_NAMES
from vla_course.learning.encoders.files import MODELS
from vla_course.learning.encoders.weights import CONFIG, load_weights, read_config, save_model
from vla_course.learning.policy import spoken, told
from vla_course.learning.policy.chunk_policy import ChunkPolicy, ChunkPolicyConfig

DIRECT: Final = MODELS / "direct"


def save_policy(policy: ChunkPolicy, folder: Path, made: dict[str, Any] | None = None) -> None:
    """Write a policy as a folder, its weights in half precision.

    Args:
        policy: trained.
        folder: is made where it is not there.
        made: how it was trained, kept in config.json for whoever wants to know.
    """
    save_model(policy, folder, {"policy": asdict(policy.config), "layout": _layout(), "made": made or {}})


def load_policy(folder: Path = DIRECT) -> ChunkPolicy:
    """Read what `save_policy` wrote (default: what the course ships), in float32 and ready to act.

    Raises:
        FileNotFoundError: a file is missing, or a part of it.
        ValueError: it was trained for another layout of what is told, felt and said, or its weights are those of
            another size or not finite.
    """
    kept, path = read_config(folder), folder / CONFIG
    for name, value in _layout().items():
        has = kept.get("layout", {}).get(name)
        if has != value:
            raise ValueError(f"{path}: layout.{name} is {has}, expected {value}: train the policy anew")
    try:
        policy = ChunkPolicy(ChunkPolicyConfig(**kept["policy"]))
    except (KeyError, TypeError, ValueError) as fault:
        raise ValueError(f"{path}: 'policy' does not say how a policy is built ({fault})") from None
    load_weights(policy, folder)
    return policy.requires_grad_(False).eval()


def _layout() -> dict[str, int]:
    """Return how many numbers are told, felt, said, and how many an action has."""
    return {"told": told.SIZE, "state": len(STATE_NAMES), "said": spoken.SIZE, "action": len(ACTION_NAMES)}
