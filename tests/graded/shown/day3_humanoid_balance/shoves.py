"""The humanoid itself: a hand pushes it in the world of physics, the controller has to keep it up.

One push proves little. A humanoid that is stiff as a statue rocks on its edges and survives nearly as hard
a push as any controller can: both are lost when the DCM leaves the feet. But it rocks for a second, and a
hand that pulls it back in the meantime throws it over, where a robot that balances is at rest again.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from shown.day3_humanoid_balance.pictures import fall_picture
from vla_course.course.checking.judging import expect
from vla_course.motion.standing.record import MotionRecord

SECONDS = 1.5
PUSHED_AT, PULLED_AT = 0.1, 0.5


def shove(controller, along, impulse: float, heading: float = 0.0, away: float = 0.0) -> MotionRecord:
    """What becomes of the humanoid that is pushed with `impulse` N s and pulled back as hard 0.4 s later.

    The push goes along `along` (2,) as the robot sees it: forward, left. It looks along `heading` rad and
    stands `away` m from the origin.
    """
    from vla_course.motion.standing.loop import Push, stand
    from vla_course.simulation.robot.humanoid import Humanoid
    from vla_course.simulation.world.world import World

    c, s = np.cos(heading), np.sin(heading)
    x, y = (impulse * np.array([c * along[0] - s * along[1], s * along[0] + c * along[1]])).tolist()
    pushes = [Push(PUSHED_AT, (x, y, 0.0)), Push(PULLED_AT, (-x, -y, 0.0))]
    with World() as world:
        return stand(Humanoid(world, position=(away, -away), heading=heading), controller, SECONDS, pushes)


def expect_stands(controller, along, impulse: float, heading: float = 0.0, away: float = 0.0) -> None:
    """Expect that the humanoid is on its feet, and at rest, a second after the last push."""
    push = {"along": along, "impulse": impulse, "heading": heading, "away": away}
    record = shove(controller, **push)
    picture = _picture(record, push)
    fell_at = record.fell_at
    expect(
        fell_at is None,
        f"pushed with {impulse:.0f} N s and pulled back, the humanoid fell",
        got="" if fell_at is None else f"on the ground after {fell_at:.1f} s",
        expected="on its feet",
        picture=picture,
    )
    speed = float(np.linalg.norm(record.com_velocity[-1]))
    expect(
        speed < 0.1,
        "a second after the last push the humanoid has not come to rest",
        got=speed,
        expected="less than 0.1",
        unit="m/s",
        picture=picture,
    )


def _picture(record: MotionRecord, push: dict[str, Any]) -> Callable[[], Any]:
    def draw() -> Any:
        from vla_course.reference.day3_humanoid_balance.balance import BalanceController

        return fall_picture({"yours": record, "reference": shove(BalanceController(), **push)})

    return draw
