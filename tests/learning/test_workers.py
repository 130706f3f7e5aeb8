"""Work on many processes: whoever kills its worker is found out, also beside others. (No heavy import here.)"""

import os
import signal
import time

import pytest

from vla_course.learning.workers.backends import TRIES, WorkFault, on_this_machine


def kills_at_noon(hour: str) -> str:
    """Kill this worker at noon; anything else takes its time."""
    if hour == "noon":
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.3)
    return hour.upper()


def test_of_work_side_by_side_that_which_kills_its_worker_is_named() -> None:
    with pytest.raises(WorkFault, match=f"hour noon: a worker died {TRIES} times"):
        list(on_this_machine(2, called="hour")(kills_at_noon, ["noon", "dusk", "night"]))


def test_items_that_are_alike_are_each_done() -> None:
    assert list(on_this_machine(2)(kills_at_noon, ["dawn", "dawn"])) == [("dawn", "DAWN")] * 2
