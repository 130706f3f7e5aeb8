"""How an errand may end."""

from typing import Literal

Ending = Literal["", "done", "no plan", "no way", "not taken", "dropped", "not put down", "stopped", "fell"]


class ErrandFailed(Exception):
    """The errand cannot go on: `ending` names what happened, the message says why."""

    def __init__(self, ending: Ending, why: str) -> None:
        super().__init__(why)
        self.ending = ending
