"""The humanoid itself: a hand pushes it in the world of physics, the controller has to keep it up."""

from collections.abc import Callable
from typing import Any

import numpy as np

from shown.day3_humanoid_balance.pictures import fall_picture
from vla_course.course.judging import expect
from vla_course.motion.record import MotionRecord

SECONDS = 2.0
PUSHED_AT = 0.1


def shove(controller, heading: float, along, impulse: float, away: float) -> MotionRecord:
    """What becomes of the humanoid that looks along `heading` rad and gets `impulse` N s.

    The push goes along `along` (2,) as the robot sees it: forward, left. `away` m from the origin.
    """
    from vla_course.motion.standing import Push, stand
    from vla_course.simulation.humanoid import Humanoid
    from vla_course.simulation.world import World

    c, s = np.cos(heading), np.sin(heading)
    x, y = impulse * np.array([c * along[0] - s * along[1], s * along[0] + c * along[1]])
    with World() as world:
        humanoid = Humanoid(world, position=(away, -away), heading=heading)
        return stand(humanoid, controller, SECONDS, [Push(PUSHED_AT, (float(x), float(y), 0.0))])


def expect_stands(controller, heading: float, along, impulse: float, away: float = 0.0) -> None:
    """Expect that the humanoid is on its feet, and at rest again, two seconds after it was pushed."""
    record = shove(controller, heading, along, impulse, away)
    picture = _picture(record, heading, along, impulse, away)
    expect(
        record.fell_at is None,
        f"pushed with {impulse:.0f} N s, the humanoid fell",
        got="on the ground" if record.fell_at is None else f"on the ground after {record.fell_at:.1f} s",
        expected="on its feet",
        picture=picture,
    )
    speed = float(np.linalg.norm(record.com_velocity[-1]))
    expect(
        speed < 0.25,
        "two seconds after the push the humanoid has not come to rest",
        got=speed,
        expected="less than 0.25",
        unit="m/s",
        picture=picture,
    )


def _picture(record: MotionRecord, heading: float, along, impulse: float, away: float) -> Callable[[], Any]:
    def draw() -> Any:
        from vla_course.reference.day3_humanoid_balance.balance import BalanceController

        right = shove(BalanceController(), heading, along, impulse, away)
        return fall_picture({"yours": record, "reference": right})

    return draw
