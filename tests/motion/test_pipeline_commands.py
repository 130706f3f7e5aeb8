"""A policy's commands: every skill reaches its branch, and what does not fit is told in one sentence."""

import numpy as np
import pytest

from vla_course.motion.footsteps.plan import GoalPose
from vla_course.motion.ground.terrain_map import TerrainMap
from vla_course.motion.pipeline.actions import (
    Action,
    BalanceAction,
    Displacement,
    LocomotionAction,
    ManipulationAction,
)
from vla_course.motion.pipeline.commands import SKILLS, Command, decode_command
from vla_course.motion.pipeline.pipeline import HumanoidVLAPipeline
from vla_course.motion.pipeline.plans import BalanceControl, FootstepSequence
from vla_course.motion.pipeline.situation import situation_of
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.scene.terrain import Terrain
from vla_course.simulation.world.world import World

ASKED: dict[str, tuple[Command, Action]] = {
    "walk to": (
        Command("walk to", (1.0, 0.5, 0.3), {"step_time": 0.6}),
        LocomotionAction(GoalPose(1.0, 0.5, 0.3), 0.6),
    ),
    "walk by": (
        Command("walk by", None, {"ahead": 0.5, "turn": -0.2}),
        LocomotionAction(Displacement(0.5, 0.0, -0.2)),
    ),
    "power grasp": (Command("power grasp", "blue ball"), ManipulationAction("blue ball", "power")),
    "precision grasp": (
        Command("precision grasp", "red cup", {"x": 0.4, "y": 0.1}),
        ManipulationAction("red cup", "precision", (0.4, 0.1)),
    ),
    "stand": (Command("stand", None, {"seconds": 1.0}), BalanceAction("stand", 1.0)),
    "brace": (Command("brace"), BalanceAction("brace")),
    "recover": (Command("recover"), BalanceAction("recover")),
}


@pytest.mark.parametrize("skill", SKILLS)
def test_every_skill_becomes_its_action(skill):
    command, action = ASKED[skill]
    assert decode_command(command) == action


def test_a_thing_is_a_target_as_well():
    assert decode_command(Command("walk to", "red cup")) == LocomotionAction("red cup")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (Command("dance"), "Command.skill is 'dance', expected one of: walk to, walk by"),
        (Command("walk to", None), "Command.target of 'walk to' is None"),
        (Command("walk to", (1.0,)), "expected a thing's name, (x, y) or (x, y, yaw)"),
        (Command("walk to", (1.0, np.nan)), "expected a thing's name"),
        (Command("walk by", "red cup"), "expected None"),
        (Command("walk by", None, {"ahed": 1.0}), "names 'ahed', expected only: ahead, leftward, turn"),
        (Command("walk by", None, {"ahead": np.inf}), "Command.parameters['ahead'] is inf"),
        (Command("power grasp", (0.1, 0.2)), "expected a thing's name"),
        (Command("power grasp", "red cup", {"x": 0.3}), "expected both or none"),
        (Command("stand", None, {"seconds": -1.0}), "BalanceAction.seconds is -1.0"),
        (Command("walk to", (1.0, 0.0), {"step_time": 0.01}), "LocomotionAction.step_time is 0.01"),
    ],
)
def test_what_does_not_fit_is_told(command, said):
    with pytest.raises(ValueError, match=r".") as caught:
        decode_command(command)
    assert said in str(caught.value)


class Scripted:
    """A policy that says what it was told to say."""

    def __init__(self, *commands: Command) -> None:
        self._commands = commands

    def command(self, observation: str) -> tuple[Command, ...]:
        return self._commands


def test_a_policy_is_asked_and_its_wishes_are_planned_in_turn():
    with World() as world:
        situation = situation_of(Humanoid(world), TerrainMap.of(Terrain.flat(), (-1.0, 3.0), (-1.0, 1.0)))
        policy = Scripted(Command("walk by", None, {"ahead": 0.5}), Command("walk by", None, {"ahead": 0.5}))
        answer = HumanoidVLAPipeline().run(policy, "walk on", situation)
        first, second = answer.actions
        assert isinstance(first, FootstepSequence)
        assert isinstance(second, FootstepSequence)
        assert answer.replacements == ()
        assert answer.footstep_plan == first.steps + second.steps
        # the second begins where the first ends
        assert abs(second.start.left.x - first.end.left.x) < 0.02
        assert abs(second.steps[-1].x - first.start.left.x - 1.0) < 0.05
        assert answer.balance_state.margin > 0.05


def test_an_unknown_thing_is_told():
    with World() as world:
        situation = situation_of(Humanoid(world), TerrainMap.of(Terrain.flat(), (-1.0, 1.0), (-1.0, 1.0)))
        for action in (LocomotionAction("teapot"), ManipulationAction("teapot")):
            with pytest.raises(
                ValueError, match="the thing is 'teapot', expected one that is known: nothing"
            ):
                HumanoidVLAPipeline().decode_humanoid_actions([action], situation)


def test_balance_actions_become_balance_controls():
    with World() as world:
        situation = situation_of(Humanoid(world), TerrainMap.of(Terrain.flat(), (-1.0, 1.0), (-1.0, 1.0)))
        actions = [BalanceAction("stand"), BalanceAction("brace"), BalanceAction("recover")]
        answer = HumanoidVLAPipeline().decode_humanoid_actions(actions, situation)
        controls = [plan for plan in answer.actions if isinstance(plan, BalanceControl)]
        assert [control.skill for control in controls] == ["stand", "brace", "recover"]
        assert [control.crouch > 0.0 for control in controls] == [False, True, False]
        assert [control.moves_feet for control in controls] == [False, False, True]
        assert answer.replacements == ()
