"""The emergency stop: latched, and on a path of its own that no queue can delay."""

import threading
from typing import Literal

Category = Literal[0, 2]
"""of a stop (IEC 60204-1): 0 takes the power away at once; 2 stops under control and keeps the power"""


class EmergencyStop:
    """Pressed from any thread, at any time; read by the body's loop before every control tick.

    It is no message: nothing is put in a line, and nothing has to be taken out of one. Pressing takes one lock that
    nobody holds for longer than an assignment. Pressed, it stays pressed, whoever presses again or lets go, until
    somebody acknowledges it and the robot is calm.

    Args:
        category: 2, the stop for a robot that must not fall over: it comes to a balanced stand. 0 is for arms that are
            bolted down, and for the lesson of what it does to a biped.

    Raises:
        ValueError: there is no such category.
    """

    def __init__(self, category: Category = 2) -> None:
        if category not in (0, 2):
            raise ValueError(f"category is {category!r}, expected 0 or 2 of IEC 60204-1")
        self.category: Category = category
        self._pressed = threading.Event()
        self._lock = threading.Lock()
        self._reason, self._acknowledged = "", ""

    @property
    def pressed(self) -> bool:
        """Whether the robot has to stop, or stay stopped."""
        return self._pressed.is_set()

    @property
    def reason(self) -> str:
        """Why it was pressed first; empty where it is not."""
        return self._reason

    def press(self, reason: str = "the button was pressed") -> None:
        """Stop. What was acknowledged before counts no more; the first reason stays."""
        with self._lock:
            if not self._pressed.is_set():
                self._reason = reason
            self._acknowledged = ""
            self._pressed.set()

    def acknowledge(self, who: str) -> None:
        """Say that somebody has looked and takes it upon themselves to let the robot go on.

        Raises:
            ValueError: nobody says who.
        """
        if not isinstance(who, str) or not who.strip():
            raise ValueError(
                f"who is {who!r}, expected a name: an emergency stop is acknowledged by somebody"
            )
        with self._lock:
            self._acknowledged = who

    def reset(self, calm: bool) -> str:
        """Release it; return why it was not released, empty where it was.

        Args:
            calm: whether the robot stands at rest (`SafetyLayer.calm`).
        """
        with self._lock:
            if not self._pressed.is_set():
                return ""
            if not self._acknowledged:
                return "nobody has acknowledged the stop"
            if not calm:
                return "the robot is not at rest on both feet"
            self._pressed.clear()
            self._reason = self._acknowledged = ""
            return ""
