"""The planned policy: it names what is meant, does it, and refuses what is not clear; it sees no true pose."""

import ast
import sys
from collections import namedtuple
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from vla_course.learning.planned.body import PlannedBody, as_tall
from vla_course.learning.planned.finding import likely
from vla_course.learning.planned.policy import UNSURE, WONDERS, PlannedPolicy
from vla_course.learning.planned.seen import SeenKnowledge
from vla_course.simulation.scene.things import SHAPES
from vla_course.simulation.tasks.tasks import task_for, task_in
from vla_course.simulation.tasks.understanding import understand
from vla_course.simulation.world.world import World

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "benchmarks"))
from policy_oracles import SegmentationGrounder, hears  # noqa: E402

PACKAGE = ROOT / "vla_course" / "learning" / "planned"
Found = namedtuple("Found", "shows score")


def do(sentence, seed=0, listen=hears, grounder=SegmentationGrounder, measures=True):
    """Let the policy do what a sentence says in a scene drawn for it; return it, and whether that was done."""
    task = task_for(understand(sentence), np.random.default_rng(seed))
    with World(seed) as world:
        stage = task.start(world)
        policy = PlannedPolicy(listen, grounder(task, stage), measures=measures)
        for _ in policy.perform(stage.humanoid, sentence):
            task.observe(stage)
            if task.succeeded(stage) or task.failed(stage) or world.time > task.seconds:
                break
        return policy, task, stage, (task.succeeded(stage), task.failed(stage), policy.refusal)


DONE = (True, "", "")


@pytest.mark.parametrize(
    ("sentence", "seed"),
    [
        ("look at the red cup", 0),
        ("reach for the yellow bottle with your left hand", 1),
        ("pick up the cup on your left", 2),
        ("turn left 30 degrees", 3),
        pytest.param("point at the black box", 4, marks=pytest.mark.full),
        pytest.param("walk to the person", 5, marks=pytest.mark.full),
        pytest.param("put the red box next to the blue ball", 6, marks=pytest.mark.full),
        pytest.param("put the red box on the green cylinder", 1, marks=pytest.mark.full),
        pytest.param("serve a drink", 8, marks=pytest.mark.full),
        pytest.param("pick up the red cup and turn left", 0, marks=pytest.mark.full),
        pytest.param("turn left and look for the blue box", 0, marks=pytest.mark.full),
        pytest.param("pick up the red cup to my left and place it on the table", 0, marks=pytest.mark.full),
    ],
)
def test_it_does_by_sight_what_it_is_told(sentence, seed):
    policy, task, _, outcome = do(sentence, seed)
    assert outcome == DONE
    named = policy.named[0]
    thing = task.parts[0].instruction.thing
    if thing:
        described = next(one for one in task.scene.things if one.name == thing)
        assert np.abs(named.target - described.position).max() < 0.01
        assert named.confidence > 0.8


def test_it_names_skill_parameters_hand_and_target():
    policy, _, _, outcome = do("turn right 60 degrees")
    assert outcome == DONE
    (named,) = policy.named
    assert (named.instruction.skill, named.instruction.amount, named.instruction.direction) == (
        "turn",
        60,
        "right",
    )
    assert named.target is None


def test_told_again_it_goes_on_with_the_body_it_has_and_remembers_what_it_saw():
    task = task_for(understand("look at the red cup"), np.random.default_rng(2))
    other = next(thing.name for thing in task.scene.things if thing.name != "red cup")
    with World(2) as world:
        stage = task.start(world)
        policy = PlannedPolicy(hears, SegmentationGrounder(task, stage))
        bodies = []
        for name in ("red cup", other):
            stage.begin(frozenset(), None)
            asked = task_in(understand(f"look at the {name}"), task) if name == other else task
            policy.grounder = SegmentationGrounder(asked, stage)
            reached = False
            for _ in policy.perform(stage.humanoid, f"look at the {name}"):
                stage.look()
                reached = asked.goal.reached(stage)
            bodies.append(policy.body)
            assert reached, name
            assert [named.instruction.thing for named in policy.named] == [name]
        assert bodies[0] is bodies[1]
        assert stage.failure == ""


@pytest.mark.parametrize(
    ("confidence", "answer", "question", "does"),
    [
        (UNSURE, False, "", True),
        (UNSURE - 0.01, True, "turn left by 30 degrees", True),
        (UNSURE - 0.01, False, "turn left by 30 degrees", False),
        (UNSURE - 0.01, None, "", False),
        (WONDERS, True, "turn left by 30 degrees", True),
        (WONDERS - 0.01, True, "", False),
    ],
)
def test_where_it_is_not_sure_it_asks_whether_that_was_meant(confidence, answer, question, does):
    asked = []

    def says(command):
        asked.append(command)
        return answer

    def unsure(sentence):
        return replace(hears("turn left 30 degrees"), confidence=confidence)

    policy = PlannedPolicy(unsure, None, answer=None if answer is None else says)
    instructions = policy._understand("swivel thirty left")
    assert [understand("turn left 30 degrees")] * does == instructions
    assert policy.question == question
    assert asked == [question] * bool(question)
    assert (policy.refusal == "") == does


@pytest.mark.parametrize(
    ("sentence", "listen", "why"),
    [
        ("  ", hears, "I was told nothing"),
        ("dance a waltz", hears, "I am not sure what 'dance a waltz' asks for"),
    ],
)
def test_it_stands_still_and_says_why_where_it_has_not_understood(sentence, listen, why):
    with World(0) as world:
        stage = task_for(understand("stand still"), np.random.default_rng(0)).start(world)
        policy = PlannedPolicy(listen, None)
        assert {doing for doing in policy.perform(stage.humanoid, sentence)} == {"stand still"}
        assert policy.refusal == why
        assert policy.named == ()
        stage.look()
        assert stage.feet_moved() < 0.01


def test_what_somebody_else_has_understood_it_does_not_read_again():
    def deaf(sentence):
        raise AssertionError(f"{sentence!r} was read")

    with World(0) as world:
        stage = task_for(understand("turn left"), np.random.default_rng(0)).start(world)
        policy = PlannedPolicy(deaf, None)
        for _ in policy.carry_out(stage.humanoid, understand("turn left 30 degrees"), "put it on the table"):
            stage.look()
        assert (policy.refusal, policy.sure) == ("", 1.0)
        assert stage.turned == pytest.approx(np.radians(30.0), abs=0.1)


def test_it_does_nothing_where_it_cannot_tell_which_thing_is_meant():
    class Blank(SegmentationGrounder):
        def ground(self, encoded, role):
            return Found([0.5, 0.5, 0.5], lambda camera, pixels: np.full(len(pixels), -9.0))

    policy, _, _, outcome = do("pick up the red cup", seed=5, grounder=Blank, measures=False)
    assert outcome == (False, "", "I am not sure what is meant by 'pick up the red cup'")
    assert policy.sure < 0.52


def test_pixels_of_all_pictures_say_which_thing_is_meant():
    task = task_for(understand("pick up the red cup"), np.random.default_rng(1))
    with World(1) as world:
        stage = task.start(world)
        grounder, knowledge = SegmentationGrounder(task, stage), SeenKnowledge(stage.humanoid)
        body = PlannedBody([task.instruction], "pick up the red cup", stage.humanoid, grounder)
        body.knowledge = knowledge
        for _ in body._look_round(task.instruction):
            pass
        looks = body._looks["pick up the red cup"]
        things = {number: track.thing for number, track in knowledge.tracks.items()}
        assert len(things) == len(stage.things)
        true = stage.place("red cup")
        right = min(things, key=lambda number: np.linalg.norm(things[number].position - true))
        found = likely(things, looks, grounder, "thing")
        assert max(found, key=lambda number: found[number]) == right
        assert found[right] > 0.5
        # The same looks again are no news, and who has not looked prefers none.
        once, again = (likely(things, these, grounder, "thing") for these in (looks, looks * 3))
        assert once == pytest.approx(again)
        assert max(likely(things, [], grounder, "thing").values()) == pytest.approx(1.0 / len(things))


@pytest.mark.parametrize(("shape", "other"), [("bottle", "box"), ("cup", "ball"), ("box", "bowl")])
def test_heights_speak_against_what_is_no_such_thing(shape, other):
    tall = SHAPES[shape].size[2]
    assert as_tall(tall + 0.003, shape) > 0.8
    assert as_tall(SHAPES[other].size[2], shape) < 0.01


TRUE = {
    "Stage",
    "Scene",
    "TrueKnowledge",
    "Task",
    "segmentation",
    "pybullet",
    "getBasePositionAndOrientation",
}


def test_nothing_in_the_planned_way_can_ask_for_a_true_pose():
    for path in PACKAGE.glob("*.py"):
        names = {
            name
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            for name in (
                [node.id]
                if isinstance(node, ast.Name)
                else [node.attr]
                if isinstance(node, ast.Attribute)
                else []
            )
        }
        assert not names & TRUE, f"{path.name} names {names & TRUE}"


def test_what_is_learned_answers_as_the_policy_asks():
    from vla_course.learning.encoders.frozen import FrozenEncoders
    from vla_course.learning.grounding.files import load_grounder
    from vla_course.learning.planned.learned import LearnedGrounder, learned_listen

    encoders = FrozenEncoders.load()
    (part,) = learned_listen(encoders)("pick up the red cup").parts
    assert part.instruction() == understand("pick up the red cup")
    grounder = LearnedGrounder(load_grounder(), encoders)
    found = grounder.ground(
        grounder.encode(np.zeros((3, 96, 96, 3), np.uint8), "pick up the red cup"), "thing"
    )
    assert len(found.shows) == 3
    assert found.score(1, np.array(((10.0, 20.0), (50.0, 60.0)))).shape == (2,)
