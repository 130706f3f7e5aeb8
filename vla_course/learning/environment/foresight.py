"""What would come of it? The world goes on for a while with copies of robot and stage, and then is as it was."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy

from vla_course.learning.environment.commanded_body import CommandedBody
from vla_course.simulation.tasks.stage import Stage


@contextmanager
def trial(stage: Stage, robot: CommandedBody) -> Iterator[tuple[Stage, CommandedBody]]:
    """Yield copies of `stage` and `robot` in the same world, which goes back to this moment in the end.

    What happens within is what would happen, bit for bit, and what follows is as if it had not. Only the forces of
    contacts belong to a step and not to a moment: whoever asks for them (`Stage.grip_on`, `Stage.borne`) asks before,
    or after the next step. And Bullet's very first step differs in its last bits when something else was tried before.
    """
    world = stage.world
    moment = world.save()
    # The bodies are the world's; what is known and meant of them is copied.
    shared = {id(thing): thing for thing in (world, stage.humanoid, stage.scene)}
    try:
        yield deepcopy((stage, robot), shared)
    finally:
        world.restore(moment)
        world.forget(moment)
