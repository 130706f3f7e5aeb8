"""What the safety layer did to an action, and why: nothing is changed in silence."""

from dataclasses import dataclass
from typing import Literal

Limit = Literal[
    "emergency stop",
    "malformed action",
    "low confidence",
    "people",
    "balance",
    "collision",
    "joint position",
    "joint speed",
    "joint acceleration",
    "workspace",
    "veto",
]
"""what was in the way, in the order in which it counts: what stops everything comes first"""

STOPS: tuple[Limit, ...] = ("emergency stop", "malformed action", "low confidence")
"""limits of which nothing is left to carry out: the robot comes to a balanced stand"""


@dataclass(frozen=True, slots=True)
class Intervention:
    """One limit that a decision ran into, at its worst during that decision."""

    limit: Limit
    part: str
    """what was limited: a joint, a hand, the feet"""
    excess: float
    """by how much the action was beyond the limit, in `unit`"""
    unit: str
    asked: float
    """what the action asked for"""
    given: float
    """what was carried out instead"""
    why: str = ""
    """in words, where a number does not say it"""

    def __str__(self) -> str:
        if self.why:
            return f"{self.limit}: {self.why}"
        return (
            f"{self.limit}, {self.part}: {self.asked:.3g} {self.unit} asked, {self.given:.3g} given "
            f"({self.excess:.2g} {self.unit} beyond the limit)"
        )


class Told:
    """The interventions of one decision, each limit and part once, at its worst."""

    def __init__(self) -> None:
        self._worst: dict[tuple[str, str], Intervention] = {}

    def tell(self, intervention: Intervention) -> None:
        """Note one; of several about the same limit and part the one with the greatest excess stays."""
        key = intervention.limit, intervention.part
        before = self._worst.get(key)
        if before is None or intervention.excess > before.excess:
            self._worst[key] = intervention

    def all(self) -> tuple[Intervention, ...]:
        """Return them, in the order in which they came up."""
        return tuple(self._worst.values())
