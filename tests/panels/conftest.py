"""Two runs that most tests look at, simulated once: a statue that is thrown over, a robot that is not."""

import pytest

from vla_course.motion.standing.record import MotionRecord
from vla_course.panels.balance.trial import Trial, run_trial

SHOVE_AND_PULL = Trial(direction=0.0, impulse=0.34, pull_back=True, duration=2.4)


@pytest.fixture(scope="session")
def fallen() -> MotionRecord:
    return run_trial(SHOVE_AND_PULL, "off")


@pytest.fixture(scope="session")
def kept() -> MotionRecord:
    return run_trial(SHOVE_AND_PULL, "reference")
