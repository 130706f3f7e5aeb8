"""How an errand may end."""

from typing import Final, Literal

Ending = Literal["", "done", "no plan", "no way", "not taken", "dropped", "not put down", "stopped", "lost", "fell"]
HELPLESS: Final = ("lost", "fell")
"""endings after which a robot can do nothing more of its own: it lies, or stands askew and rights itself no more"""


class ErrandFailed(Exception):
    """The errand cannot go on: `ending` names what happened, the message says why."""

    def __init__(self, ending: Ending, why: str) -> None:
        super().__init__(why)
        self.ending = ending
