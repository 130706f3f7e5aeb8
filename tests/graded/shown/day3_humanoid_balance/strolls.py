"""The humanoid itself walks in the world of physics, under a controller of the student's, and may be pushed."""

from typing import Any

import numpy as np

from vla_course.course.checking.judging import expect

PUSHED_AT = 1.6
"""s: the second step is under way"""


def expect_walks(
    controller: Any,
    forward: float,
    seconds: float,
    heading: float = 0.0,
    push: tuple[float, float] | None = None,
) -> None:
    """Expect that the humanoid walks off at `forward` m/s for `seconds` s and does not fall.

    Steps, preview and swing are the frame's and the reference's. `push` (2,) N s is given in mid-walk, along
    the world's axes.
    """
    from vla_course.motion.walking.parts import WalkingParts
    from vla_course.motion.walking.step_sources import VelocityCommand
    from vla_course.motion.walking.walker import Walker
    from vla_course.reference.day3_humanoid_balance.preview import PreviewController
    from vla_course.reference.day3_humanoid_balance.swing import swing_motion
    from vla_course.simulation.robot.humanoid import Humanoid
    from vla_course.simulation.world.world import World

    with World() as world:
        humanoid = Humanoid(world, heading=heading)
        parts = WalkingParts(controller, PreviewController, swing_motion)
        walker = Walker(humanoid, VelocityCommand(forward=forward), parts)
        start = walker.body.balance.center_of_mass[:2]
        for tick in range(round(seconds / walker.body.tick)):
            if push is not None and tick == round(PUSHED_AT / walker.body.tick):
                humanoid.push(np.array([*push, 0.0]), 0.1)
            walker.tick()
            if tick % 25 == 0 and humanoid.has_fallen():
                pushed = "" if push is None else f", pushed with {np.hypot(*push):.0f} N s"
                expect(
                    False,
                    f"walking at {forward:.1f} m/s{pushed}, the humanoid fell",
                    got=f"on the ground after {tick * walker.body.tick:.1f} s",
                    expected="on its feet",
                )
        gone = walker.body.balance.center_of_mass[:2] - start
    ahead = float(gone @ (np.cos(heading), np.sin(heading)))
    least = 0.5 * forward * (seconds - 1.0)
    expect(
        ahead > least, "it has hardly come forward", got=ahead, expected=f"more than {least:.2f}", unit="m"
    )
