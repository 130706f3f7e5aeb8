"""The pieces reach the robot: whoever is told a sentence walks and reaches with the parts that it was given."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from vla_course.capstone.own.pieces import Pieces
from vla_course.capstone.stations import balance
from vla_course.capstone.stations.station import Notes
from vla_course.learning.planned.policy import PlannedPolicy
from vla_course.motion.errands.parts import ErrandParts
from vla_course.motion.standing.balance_state import BalanceCommands
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.world.world import World


class Deaf:
    """A grounder that is never asked."""


def test_a_policy_gives_its_robot_the_parts_that_it_was_given():
    asked: list[str] = []
    parts = Pieces("reference").parts(ErrandParts)

    def planner(ground, obstacles: Sequence[object]):
        asked.append("planner")
        return parts.step_planner()(ground, obstacles)

    policy = PlannedPolicy(lambda sentence: None, Deaf(), parts=lambda: replace(parts, planner=planner))
    with World(0) as world:
        humanoid = Humanoid(world)
        next(policy.perform(humanoid, ""))
        body = policy._before
        assert body is not None
        assert asked == ["planner"]
        assert body.walker.standing is parts.walking.standing


class Limp:
    """Pieces of a robot that does nothing against a push."""

    def piece(self, piece: object) -> "Limp":
        return self

    def calculate_balance_commands(self, current_state: object) -> BalanceCommands:
        return BalanceCommands(np.zeros(2), np.zeros(3), np.zeros(28))


def test_who_does_nothing_against_a_push_stands_fewer_of_them(monkeypatch, tmp_path):
    monkeypatch.setattr(balance, "DIRECTIONS", (1, 1))
    found: dict[str, dict[str, float]] = {}
    for name, pieces in (("limp", Limp()), ("reference", Pieces("reference"))):
        numbers = found.setdefault(name, {})

        def emit(event, numbers=numbers):
            if event["event"] == "number":
                numbers[event["name"]] = event["value"]

        balance.measure(pieces, Notes(emit, 0, True, tmp_path))
    assert found["reference"]["hard"] > found["limp"]["hard"]
    assert found["reference"]["gentle"] == 1.0
