"""The executor on a robot in physics: what it perceives, and what it does when the world changes."""

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from vla_course.deployment.executor.examining import OutsideHand, Trial, Verdict, examine
from vla_course.deployment.executor.executor import VLAPlanExecutor
from vla_course.deployment.executor.scripted_steps import ScriptedStep
from vla_course.deployment.executor.senses import Senses
from vla_course.deployment.executor.tree import GuardedSequence
from vla_course.learning.planned.learned import ears_and_eyes
from vla_course.learning.planned.policy import PlannedPolicy
from vla_course.simulation.tasks.instructions import Instruction
from vla_course.simulation.tasks.stage import Stage
from vla_course.simulation.tasks.tasks import task_for
from vla_course.simulation.world.world import World


@cache
def learned():  # type: ignore[no-untyped-def]
    """Return the ears and eyes that ship."""
    return ears_and_eyes()


def new_executor() -> VLAPlanExecutor:
    """Return an executor that has seen nothing yet."""
    listen, grounder = learned()
    return VLAPlanExecutor(PlannedPolicy(listen, grounder), grounder)


def begun(world: World, goal: str, seed: int = 1000) -> Stage:
    """Return a stage for a goal."""
    return task_for(Instruction(goal), np.random.default_rng(seed)).start(world)  # type: ignore[arg-type]


def test_attempts_are_at_least_one() -> None:
    """A step that may never be tried is no step."""
    with pytest.raises(ValueError, match="attempts is 0, expected 1 or more"):
        GuardedSequence([ScriptedStep("a", [["success"]]).step()], 0)


def test_an_unknown_goal_leaves_the_robot_standing() -> None:
    """The answer is a sentence, nothing moves, and the robot stands."""
    executor = new_executor()
    with World(0) as world:
        stage = begun(world, "tidy the table")
        feet = stage.feet()
        for _ in executor.perform(stage.humanoid, "make coffee"):
            stage.look()
        assert executor.pursuit.outcome == "refused"
        assert "I do not know how to make coffee" in executor.refusal
        assert np.linalg.norm(stage.feet() - feet) < 0.02
        assert stage.stands()
        assert not stage.failure


def test_it_sees_what_was_taken_away_and_what_came() -> None:
    """A look shows bare table where a thing was, never where one stands; and a thing that has come, beside another."""
    with World(0) as world:
        stage = begun(world, "tidy the table")
        listen, grounder = learned()
        senses = Senses(PlannedPolicy(listen, grounder).body_of(stage.humanoid), grounder)
        for _ in senses.survey():
            pass
        assert len(senses.names) == len(stage.things)
        seen = senses.scene()
        for name, place in seen.things.items():
            nearest = min(stage.things, key=lambda one: float(np.linalg.norm(stage.place(one) - place)))
            assert np.linalg.norm(stage.place(nearest) - place) < 0.01
            assert name.split()[-1] == nearest.split()[-1]
        thing = senses.thing(min(seen.things, key=lambda name: abs(float(seen.things[name][1]))))
        assert thing is not None
        sight, _ = senses.glance()
        assert not senses.shows_gone(sight, thing)
        assert not senses.newcomer(sight, thing.position)
        hand = OutsideHand(stage, "blocked", np.random.default_rng(0))
        hand._meddle(
            min(stage.things, key=lambda one: float(np.linalg.norm(stage.place(one) - thing.position)))
        )
        assert senses.newcomer(senses.body.knowledge.glance(), thing.position)
        hand = OutsideHand(stage, "taken", np.random.default_rng(0))
        hand._meddle(
            min(stage.things, key=lambda one: float(np.linalg.norm(stage.place(one) - thing.position)))
        )
        assert senses.shows_gone(senses.body.knowledge.glance(), thing)


@pytest.mark.full
def test_a_served_drink_is_served() -> None:
    """Undisturbed, the drink stands where the person reaches it, and the robot says so."""
    verdict = examine(Trial("serve a drink", "", 0), new_executor())
    assert verdict.done, verdict
    assert verdict.clean


@pytest.mark.full
@pytest.mark.parametrize(
    ("goal", "meddling", "right"),
    [
        ("serve a drink", "moved", lambda verdict: verdict.done and verdict.plans > 1),
        ("serve a drink", "taken", lambda verdict: verdict.honest),
        ("tidy the table", "taken", lambda verdict: verdict.outcome == "given up" and verdict.honest),
    ],
)
def test_a_world_that_changes(goal, meddling, right: Callable[[Verdict], bool]) -> None:  # type: ignore[no-untyped-def]
    """What is moved is followed, what is taken away is told; nothing is claimed that is not so."""
    verdict = examine(Trial(goal, meddling, 0), new_executor())
    assert verdict.meddled > 0.0
    assert not verdict.false_success
    assert right(verdict), verdict


@pytest.mark.full
def test_another_command_in_the_middle_of_a_task() -> None:
    """With a thing in the hand it is told something else: it puts that down, and does the other thing."""
    executor = new_executor()
    with World(0) as world:
        stage = begun(world, "serve a drink")
        told = False
        for _ in executor.perform(stage.humanoid, "serve a drink to the person"):
            stage.look()
            if not told and any(
                stage.grip_on(name, "left") + stage.grip_on(name, "right") > 1.0 for name in stage.things
            ):
                assert executor.tell("make coffee").startswith("I do not know")
                assert executor.tell("turn left by 90 degrees").startswith("I stop")
                told = True
        first, second = executor.pursuits
        assert (first.outcome, second.outcome) == ("interrupted", "done")
        assert not any(stage.touching(name) for name in stage.things)
        assert all(stage.scene.on_table(name) for name in stage.things)
        assert stage.turned == pytest.approx(np.pi / 2.0, abs=0.3)
