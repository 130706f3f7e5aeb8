"""Tasks: what is asked, where, and the rules of physics that say when it is done and what has gone wrong."""

from dataclasses import replace
from math import hypot, radians
from types import SimpleNamespace

import numpy as np
import pytest

from vla_course.learning.expert.feet import even_steps
from vla_course.motion.footsteps.plan import Stance
from vla_course.motion.walking.gait import GaitConfig
from vla_course.simulation.robot.humanoid import HOME_POSTURE
from vla_course.simulation.robot.layout import JOINT_NAMES, SIDES
from vla_course.simulation.scene.parts import TABLE_SIZE
from vla_course.simulation.scene.scene import CLEARANCE, THINGS
from vla_course.simulation.scene.things import HELD_OUT, SHAPES, TRAINED
from vla_course.simulation.tasks.asked import sample_instruction, sample_pair
from vla_course.simulation.tasks.goals import STEP_LENGTH, AtTable, Walked
from vla_course.simulation.tasks.goals_hands import Reached
from vla_course.simulation.tasks.instructions import DRINKS, SKILLS, Instruction, fits
from vla_course.simulation.tasks.meant import MIDLINE, leftward
from vla_course.simulation.tasks.scenes import NEIGHBOUR, NoScene, spots_in_third
from vla_course.simulation.tasks.stage import height_of
from vla_course.simulation.tasks.tasks import SECONDS, Task, sample_task, task_for, task_in
from vla_course.simulation.tasks.understanding import understand
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.rotation import about_z, multiply
from vla_course.simulation.world.world import World

RNG = np.random.default_rng


def told(sentence, seed=0):
    return task_for(understand(sentence), RNG(seed))


def wait(task, stage, seconds):
    """Let time pass for a robot that is a statue."""
    stage.world.run(seconds, lambda: task.observe(stage))
    task.observe(stage)


def shift(stage, ahead=0.0, left=0.0, turn=0.0):
    """Carry the robot elsewhere by hand."""
    body, client = stage.humanoid.body, stage.world.client
    (x, y, z), turned = pybullet.getBasePositionAndOrientation(body, physicsClientId=client)
    c, s = np.cos(stage.heading), np.sin(stage.heading)
    place = (x + c * ahead - s * left, y + s * ahead + c * left, z)
    turned = multiply(about_z(turn), turned)
    pybullet.resetBasePositionAndOrientation(body, place, turned, physicsClientId=client)


def put(stage, name, x, y, z=None, lying=False):
    """Put a thing somewhere by hand, by default on the table."""
    top = stage.scene.description.table.position[2] + height_of(name) / 2 if z is None else z
    turn = (np.sqrt(0.5), 0.0, 0.0, np.sqrt(0.5)) if lying else (0.0, 0.0, 0.0, 1.0)
    pybullet.resetBasePositionAndOrientation(
        stage.scene.bodies[name], (x, y, top + 0.001), turn, physicsClientId=stage.world.client
    )
    pybullet.resetBaseVelocity(
        stage.scene.bodies[name], (0, 0, 0), (0, 0, 0), physicsClientId=stage.world.client
    )


def out_of_the_way(stage, *names):
    """Clear the table of all other things, as if they had never been there."""
    for name in set(stage.things) - set(names):
        pybullet.removeBody(stage.scene.bodies[name], physicsClientId=stage.world.client)
        stage.things = tuple(other for other in stage.things if other != name)
        del stage._begin[name]


@pytest.fixture
def world():
    with World(0) as world:
        yield world


# ---- drawing ------------------------------------------------------------------------------------


@pytest.mark.parametrize("skill", SKILLS)
def test_a_task_is_not_done_when_it_begins_and_nothing_has_gone_wrong(skill):
    for seed in range(2):
        task = sample_task(RNG(seed), skill)
        assert task.instruction.skill == skill
        with World() as world:
            stage = task.start(world)
            wait(task, stage, 0.55)
            assert not task.succeeded(stage)
            assert task.failed(stage) == ""


def test_the_same_seed_draws_the_same_task():
    for seed in range(4):
        assert sample_task(RNG(seed)) == sample_task(RNG(seed))
    assert sample_task(RNG(0)) != sample_task(RNG(1))


def test_a_scene_has_what_the_task_is_about_and_something_to_mistake_it_for():
    alike = 0
    for seed in range(40):
        task = sample_task(RNG(seed), "pick up")
        names = [thing.name for thing in task.scene.things]
        thing = task.parts[0].instruction.thing
        assert thing in names
        assert fits(task.instruction.thing, thing)
        assert len(names) >= 2
        assert not set(names) & set(HELD_OUT)
        colour, shape = thing.split()
        alike += any(colour in name.split() or shape in name.split() for name in names[1:])
    assert alike >= 22  # by chance alone 15 of 40 scenes hold something alike


def test_things_held_out_are_drawn_when_asked_for():
    task = sample_task(RNG(0), "pick up", HELD_OUT)
    assert {thing.name for thing in task.scene.things} <= set(HELD_OUT)


def test_the_right_hand_is_the_one_on_whose_side_the_thing_is():
    hands = set()
    for seed in range(12):
        task = sample_task(RNG(seed), "pick up")
        thing = task.parts[0].instruction.thing
        y = next(t.position[1] for t in task.scene.things if t.name == thing)
        assert abs(y) > MIDLINE
        assert task.hand == ("left" if y > 0 else "right")
        assert task.instruction.hand in (None, task.hand)
        hands.add(task.hand)
    assert hands == set(SIDES)


def test_a_person_is_there_to_be_served_and_a_drink_to_serve():
    for seed in range(5):
        task = sample_task(RNG(seed), "serve a drink")
        assert task.scene.person is not None
        assert any(thing.name in DRINKS for thing in task.scene.things)


def test_there_is_room_where_a_thing_is_to_be_moved():
    for seed in range(20):
        task = sample_task(RNG(seed), "move to")
        rest = [t.position for t in task.scene.things if t.name != task.parts[0].instruction.thing]
        spots = spots_in_third(task.instruction.other, task.scene.table.position)
        assert any(all(hypot(x - a, y - b) >= CLEARANCE for a, b, _ in rest) for x, y in spots)


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("put the red ball on the green box", "a ball does not stand on a box"),
        ("put the red cup on the green bottle", "a cup does not stand on a bottle: only a box or a cylinder"),
    ],
)
def test_what_cannot_stand_is_told(sentence, why):
    with pytest.raises(NoScene, match=why):
        told(sentence)


def test_bad_arguments_are_told():
    with pytest.raises(ValueError, match="skill is 'dance', expected one of: walk, "):
        sample_task(RNG(0), "dance")
    for things, why in (
        (("red cup",), "these are 1"),
        ((), "these are 0"),
        (("red cup", "dog"), "there is no 'dog'"),
        (("red cup", "red cup", "blue box"), "these are 2"),
    ):
        with pytest.raises(ValueError, match=f"things: {why}, expected two or more different names"):
            sample_task(RNG(0), "place", things)
    with pytest.raises(NoScene, match="things has no cup or bottle"):
        task_for(Instruction("serve a drink"), RNG(0), ("red ball", "green box", "blue ball"))


@pytest.mark.parametrize(
    ("sentence", "things"),
    [
        ("pick up the red cup", THINGS),
        ("pick up the red cup", ("red cup", "red box")),
        ("tidy the table", ("red cup", "green box")),
        ("pick up the cup on your left", THINGS),
        ("point at the green thing", THINGS),
    ],
)
def test_there_is_a_scene_for_every_seed_or_for_none(sentence, things):
    for seed in range(100):
        task = task_for(understand(sentence), RNG(seed), things)
        assert {thing.name for thing in task.scene.things} <= set(things)


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("pick up the purple thing", "things has no purple thing"),
        (
            "put the red cup on the table",
            "the red cup stands on the table already, expected it to be picked up",
        ),
        ("pick up the red cup and put the blue ball on the table", "the red cup stands on the table already"),
        ("pick up the red cup and point at the blue ball", "the hand holds the red cup then"),
        ("pick up the red cup and look at it", "the hand holds the red cup then"),
        ("come here and walk forward", "it is left open where the robot stands"),
        ("pick up the red cup and walk forward", "the table is ahead then"),
        ("point at the cup on the right with your left hand", "on the right is the right hand's"),
    ],
)
def test_what_has_no_scene_is_told(sentence, why):
    with pytest.raises(NoScene, match=why):
        task_for(understand(sentence), RNG(0), THINGS)


def test_of_what_is_called_by_its_colour_or_shape_there_is_one():
    for seed in range(30):
        for noun, sentence in (("red thing", "pick up the red object"), ("cup", "pick up the cup")):
            task = told(sentence, seed)
            fitting = [thing.name for thing in task.scene.things if fits(noun, thing.name)]
            assert fitting == [task.parts[0].instruction.thing]


def test_what_is_on_a_side_is_there_and_nothing_else_of_that_name():
    others = 0
    for seed in range(60):
        task = told("pick up the cup on your right", seed)
        aside = {t.name: t.position[1] for t in task.scene.things if t.name.endswith("cup")}
        right = [name for name, y in aside.items() if y < -MIDLINE]
        assert right == [task.parts[0].instruction.thing]
        others += len(aside) > 1
    assert others > 5  # now and then another cup stands on the left


@pytest.mark.parametrize(("whose", "sign"), [("my left", 1.0), ("my right", -1.0)])
def test_my_left_is_that_of_the_person_who_faces_the_robot(whose, sign):
    for seed in range(30):
        task = told(f"pick up the red cup to {whose}", seed)
        person = task.scene.person
        assert person is not None
        (place,) = (thing.position[:2] for thing in task.scene.things if thing.name == "red cup")
        assert sign * leftward(place, (person.position, person.heading)) > MIDLINE


def test_instructions_are_drawn_that_say_every_form():
    drawn = [sample_instruction(RNG(seed), skill) for skill in SKILLS for seed in range(80)]
    assert {instruction.where for instruction in drawn} == {None, "left", "right", "my left", "my right"}
    assert {instruction.relation for instruction in drawn} > {"right of", "left of"}
    assert any(instruction.nouns != instruction.things for instruction in drawn)
    bare = [instruction for instruction in drawn if instruction.skill in ("walk", "turn")]
    assert any(instruction.amount is None for instruction in bare)
    assert any(instruction.direction is None for instruction in bare)


def test_most_pairs_have_a_scene():
    scenes = 0
    for seed in range(40):
        pair = sample_pair(RNG(seed))
        try:
            task = task_for(pair, RNG(seed))
        except NoScene:
            continue
        else:
            assert [part.instruction.skill for part in task.parts] == [part.skill for part in pair.parts]
            scenes += 1
    assert scenes >= 30


# ---- two commands -------------------------------------------------------------------------------


def test_two_commands_are_done_one_after_the_other(world):
    task = told("walk forward one metre and then walk backward two metres")
    stage = task.start(world)
    wait(task, stage, 0.1)
    shift(stage, ahead=-1.0)  # the second command's place, but the first was not done yet
    wait(task, stage, 0.8)
    assert stage.part == 0
    shift(stage, ahead=2.0)
    wait(task, stage, 0.8)
    assert stage.part == 1
    assert not task.succeeded(stage)
    shift(stage, ahead=-2.0)
    wait(task, stage, 0.8)
    assert task.succeeded(stage)


def test_what_goes_wrong_in_the_first_of_two_fails_both(world):
    task = told("look at the red cup and then walk backward two metres")
    stage = task.start(world)
    wait(task, stage, 0.1)
    x, y, _ = stage.place("red cup")
    put(stage, "red cup", x + 0.05, y)
    wait(task, stage, 0.1)
    assert task.failed(stage) == "moved the red cup"
    assert not task.succeeded(stage)


def test_a_second_command_begins_where_the_feet_face_however_the_trunk_is_twisted(world):
    stage = told("turn around").start(world)
    feet, joints = stage.heading, stage.humanoid._body.joints
    hips = [joint for joint, name in zip(joints, JOINT_NAMES, strict=True) if name.endswith("hip_yaw")]
    for twist in (0.3, 0.0):
        shift(stage, turn=feet + twist - stage.heading)
        for hip in hips:
            pybullet.resetJointState(stage.humanoid.body, hip, -twist, physicsClientId=world.client)
        if twist:
            stage.begin(frozenset(), None)
            assert stage.heading == pytest.approx(feet + twist, abs=1e-6)
            assert stage.first_heading == pytest.approx(feet, abs=1e-3)
            assert stage.turned == pytest.approx(twist, abs=1e-3)
    world.run(0.02, stage.look)
    assert stage.turned == pytest.approx(0.0, abs=0.02)


@pytest.mark.parametrize("direction", ["left", "right"])
def test_who_walks_aside_from_a_table_may_go_back_from_it_first(direction):
    goal = told(f"pick up the red cup and walk {direction} 3 steps").parts[1].goal
    for back, done in ((0.0, True), (0.42, True), (0.7, False)):
        aside = SimpleNamespace(way=lambda back=back: (-back, goal.leftward), turned=0.0)
        assert goal.reached(aside) is done
    alone = told(f"walk {direction} 3 steps").goal
    assert not alone.reached(SimpleNamespace(way=lambda: (-0.42, alone.leftward), turned=0.0))


def test_what_was_picked_up_may_be_moved_by_the_second_command():
    task = told("pick up the red cup and turn left")
    assert [part.movable for part in task.parts] == [{"red cup"}, {"red cup"}]
    task = told("point at the red cup and turn left")
    assert [part.movable for part in task.parts] == [frozenset(), frozenset()]


def test_a_turn_comes_before_what_it_leads_to():
    for seed in range(20):
        task = told("turn left and look for the blue box", seed)
        x, y = next(t.position[:2] for t in task.scene.things if t.name == "blue box")
        bearing = np.arctan2(y - task.position[1], x - task.position[0]) - task.heading
        assert radians(20) < np.arctan2(np.sin(bearing), np.cos(bearing)) < radians(160)


# ---- feet and eyes ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moved", "done"),
    [
        ({"ahead": 1.0}, True),
        ({"ahead": 0.87}, True),
        ({"ahead": 0.80}, False),
        ({"ahead": 1.20}, False),
        ({"ahead": -1.0}, False),
        ({"ahead": 1.0, "left": 0.2}, True),
        ({"ahead": 1.0, "left": -0.3}, False),
        ({"ahead": 1.0, "turn": radians(30)}, False),
    ],
)
def test_a_walk_ends_where_it_was_to_end(world, moved, done):
    task = told("walk forward one metre")
    stage = task.start(world)
    wait(task, stage, 0.1)
    shift(stage, **moved)
    wait(task, stage, 0.8)
    assert task.succeeded(stage) is done


def test_there_is_time_for_the_longest_walk():
    for direction in ("ahead", "leftward"):
        steps = even_steps(Stance.at(0.0, 0.0), **{direction: 5.0})
        gait = GaitConfig()
        assert len(steps) * (gait.single_support + gait.double_support) + 4.0 < SECONDS["walk"]


def test_four_steps_aside_are_four_a_person_counts():
    """One foot opens and the other one closes: that is one step, in the words, the goal and the expert's feet."""
    goal = told("take four steps to the left").goal
    assert goal == Walked(0.0, pytest.approx(4 * STEP_LENGTH["left"]), pytest.approx(STEP_LENGTH["left"] / 2))
    steps = even_steps(Stance.at(0.0, 0.0), leftward=goal.leftward)
    assert [step.side for step in steps] == ["left", "right"] * 4
    assert np.diff([step.y for step in steps[1::2]]) == pytest.approx(STEP_LENGTH["left"])
    assert np.diff([step.y for step in steps[::2]]) == pytest.approx(STEP_LENGTH["left"])


@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_four_steps_ahead_are_four_footfalls_and_one_that_closes(direction):
    goal = told(f"walk {direction} four steps").goal
    assert abs(goal.ahead) == pytest.approx(4 * STEP_LENGTH[direction])
    assert len(even_steps(Stance.at(0.0, 0.0), ahead=goal.ahead)) == 4 + 1


@pytest.mark.parametrize(("steps", "done"), [(2, False), (3, False), (4, True), (5, False)])
def test_who_makes_another_number_of_steps_aside_has_not_made_four(world, steps, done):
    task = told("walk 4 steps right")
    stage = task.start(world)
    wait(task, stage, 0.1)
    shift(stage, left=-steps * STEP_LENGTH["right"])
    wait(task, stage, 0.8)
    assert task.succeeded(stage) is done


@pytest.mark.parametrize(("metres", "done"), [(0.2, False), (0.6, True), (1.4, True), (2.0, False)])
def test_a_walk_without_an_amount_is_a_few_steps(world, metres, done):
    task = told("walk forward")
    stage = task.start(world)
    wait(task, stage, 0.1)
    shift(stage, ahead=metres)
    wait(task, stage, 0.8)
    assert task.succeeded(stage) is done


@pytest.mark.parametrize(
    ("sentence", "degrees", "done"),
    [
        ("turn left", 90, True),
        ("turn left", 65, True),
        ("turn left", 45, False),
        ("turn left", -90, False),
        ("turn around", 180, True),
        ("turn around", -180, True),
        ("turn around", 150, False),
    ],
)
def test_a_turn_without_an_amount_is_about_a_quarter_and_around_either_way(world, sentence, degrees, done):
    task = told(sentence)
    stage = task.start(world)
    for _ in range(8):  # a robot turns bit by bit
        wait(task, stage, 0.1)
        shift(stage, turn=radians(degrees / 8))
    wait(task, stage, 0.8)
    assert task.succeeded(stage) is done


def test_a_goal_must_be_held(world):
    task = told("walk forward one metre")
    stage = task.start(world)
    wait(task, stage, 0.1)
    shift(stage, ahead=1.0)
    wait(task, stage, 0.3)
    assert not task.succeeded(stage)
    shift(stage, ahead=0.5)
    wait(task, stage, 0.1)
    shift(stage, ahead=-0.5)
    wait(task, stage, 0.45)
    assert not task.succeeded(stage)
    wait(task, stage, 0.3)
    assert task.succeeded(stage)


@pytest.mark.parametrize(("degrees", "done"), [(90, True), (84, True), (75, False), (-90, False), (0, False)])
def test_a_turn_is_as_wide_as_was_said(world, degrees, done):
    task = told("turn left by 90 degrees")
    stage = task.start(world)
    for _ in range(6):  # a robot turns bit by bit
        wait(task, stage, 0.1)
        shift(stage, turn=radians(degrees / 6))
    wait(task, stage, 0.8)
    assert task.succeeded(stage) is done


def test_turning_the_other_way_round_is_another_turn(world):
    task = told("turn left by 180 degrees")
    stage = task.start(world)
    for _ in range(9):
        wait(task, stage, 0.1)
        shift(stage, turn=radians(-20))
    wait(task, stage, 0.8)
    assert stage.turned == pytest.approx(-np.pi, abs=0.05)
    assert not task.succeeded(stage)


def test_standing_still_takes_its_time_and_no_step(world):
    task = told("stand still")
    stage = task.start(world)
    wait(task, stage, 2.5)
    assert not task.succeeded(stage)
    wait(task, stage, 0.8)
    assert task.succeeded(stage)
    shift(stage, left=0.03)
    wait(task, stage, 0.1)
    assert not task.succeeded(stage)


def test_who_looks_at_a_thing_has_it_in_the_middle_of_the_picture(world):
    task = told("look at the red cup")
    stage = task.start(world)
    posture = HOME_POSTURE.copy()
    for _ in range(4):  # the eye moves with the head
        (eye, axis), cup = stage.axis("head_camera"), stage.place("red cup")
        way = cup - eye
        posture[26] += np.arctan2(way[1], way[0]) - np.arctan2(axis[1], axis[0])
        posture[27] -= np.arctan2(way[2], np.hypot(*way[:2])) - np.arctan2(axis[2], np.hypot(*axis[:2]))
        stage.humanoid.command(posture)
        wait(task, stage, 0.5)
    assert task.succeeded(stage)
    posture[26] += radians(8.0)
    stage.humanoid.command(posture)
    wait(task, stage, 0.5)
    assert not task.succeeded(stage)


@pytest.mark.parametrize("goal", ["red cup", "table", "person"])
def test_who_goes_somewhere_stands_before_it_and_faces_it(world, goal):
    task = replace(told(f"go to the {goal}"), position=(-2.5, 0.0), heading=0.0)
    stage = task.start(world)
    wait(task, stage, 0.1)
    if goal == "person":
        (x, y), near = task.scene.person.position, 0.5
    else:
        x, y = stage.place(
            goal if goal != "table" else "red cup" if "red cup" in stage.things else stage.things[0]
        )[:2]
        x, near = task.scene.table.position[0] - TABLE_SIZE[0] / 2, 0.22
    shift(stage, ahead=x - near + 2.5, left=y)
    wait(task, stage, 0.8)
    assert task.succeeded(stage)
    shift(stage, turn=radians(60))
    wait(task, stage, 0.8)
    assert not task.succeeded(stage)


# ---- hands --------------------------------------------------------------------------------------


@pytest.mark.parametrize("relation", ["next to", "left of", "right of"])
def test_a_thing_is_placed_where_it_stands_in_its_relation(world, relation):
    task = told(f"put the red cup {relation} the green box")
    stage = task.start(world)
    out_of_the_way(stage, "red cup", "green box")
    x, y, _ = stage.place("green box")
    put(stage, "red cup", x, y + NEIGHBOUR)
    wait(task, stage, 1.2)
    assert task.succeeded(stage) is (relation != "right of")
    put(stage, "red cup", x, y - NEIGHBOUR)
    wait(task, stage, 1.2)
    assert task.succeeded(stage) is (relation != "left of")
    put(stage, "red cup", x, y + 0.30)
    wait(task, stage, 1.2)
    assert not task.succeeded(stage)


def test_a_thing_that_lies_is_not_placed(world):
    task = told("put the red bottle next to the green box")
    stage = task.start(world)
    out_of_the_way(stage, "red bottle", "green box")
    x, y, _ = stage.place("green box")
    put(stage, "red bottle", x, y + NEIGHBOUR, z=task.scene.table.position[2] + 0.03, lying=True)
    wait(task, stage, 1.5)
    assert not task.succeeded(stage)


def test_one_thing_stands_on_another(world):
    task = told("put the red cup on the green box")
    stage = task.start(world)
    x, y, z = stage.place("green box")
    put(stage, "red cup", x, y, z=z + (height_of("green box") + height_of("red cup")) / 2)
    wait(task, stage, 1.2)
    assert task.succeeded(stage)


@pytest.mark.parametrize("spot", ["left side", "middle", "right side"])
def test_a_thing_is_moved_to_a_third_of_the_table(world, spot):
    task = told(f"move the red cup to the {spot} of the table")
    stage = task.start(world)
    out_of_the_way(stage, "red cup")
    x, y, _ = task.scene.table.position
    for side, aside in (("left side", 0.3), ("middle", 0.0), ("right side", -0.3)):
        put(stage, "red cup", x, y + aside)
        wait(task, stage, 1.0)
        assert task.succeeded(stage) is (side == spot)


def test_a_drink_is_served_at_the_edge_behind_which_the_person_stands(world):
    task = told("serve the red cup to the person")
    stage = task.start(world)
    out_of_the_way(stage, "red cup")
    x, y, _ = task.scene.table.position
    put(stage, "red cup", x, y)
    wait(task, stage, 1.0)
    assert not task.succeeded(stage)
    put(stage, "red cup", x + 0.12, y)
    wait(task, stage, 1.0)
    assert task.succeeded(stage)


def test_a_tidy_table_has_all_things_in_its_left_third_apart_from_each_other(world):
    task = told("tidy the table")
    stage = task.start(world)
    x, y, _ = task.scene.table.position
    for k, name in enumerate(stage.things):
        put(stage, name, x - 0.15 + 0.15 * k, y + 0.3)
    wait(task, stage, 1.2)
    assert task.succeeded(stage)
    put(stage, stage.things[0], x - 0.05, y + 0.3)
    wait(task, stage, 1.2)
    assert not task.succeeded(stage)
    put(stage, stage.things[0], x - 0.15, y)
    wait(task, stage, 1.2)
    assert not task.succeeded(stage)


def raise_hands(stage):
    posture = HOME_POSTURE.copy()
    posture[[15, 22]] = -1.8  # elbows
    stage.humanoid.command(posture)
    stage.world.run(1.0)


def hold(stage, name, side):
    """Put a thing between the fingers of a raised hand."""
    raise_hands(stage)
    stage.humanoid.grip(1.0, 1.0)
    stage.world.run(1.0)
    stage.humanoid.grip(0.0, 0.0)

    def keep():
        tool, turn = stage.humanoid.link_pose(f"{side}_tool")
        body, client = stage.scene.bodies[name], stage.world.client
        pybullet.resetBasePositionAndOrientation(body, tool, turn, physicsClientId=client)
        pybullet.resetBaseVelocity(body, (0, 0, 0), (0, 0, 0), physicsClientId=client)

    stage.world.run(0.5, keep)


@pytest.mark.parametrize("side", SIDES)
def test_a_thing_is_picked_up_with_the_right_hand_or_it_is_the_wrong_one(world, side):
    task = next(
        task
        for task in (sample_task(RNG(seed), "pick up", BALLS) for seed in range(20))
        if task.hand == "right"
    )
    stage = task.start(world)
    thing = task.parts[0].instruction.thing
    hold(stage, thing, side)
    wait(task, stage, 1.5)
    assert stage.raised(thing) > 0.08
    assert task.succeeded(stage) is (side == "right")
    assert task.failed(stage) == ("" if side == "right" else "wrong hand")


BALLS = tuple(f"{colour} ball" for colour in ("red", "green", "blue", "yellow"))


def test_a_hand_reaches_or_points_at_a_thing_where_its_fingers_are(world):
    stage = told("reach for the red ball").start(world)
    reached, pointed = told("reach for the red ball").goal, told("point at the red ball").goal
    radius = SHAPES["ball"].size[0] / 2
    tool, axis = stage.axis(f"{reached.hand}_tool")
    put(stage, "red ball", *(tool + (radius + 0.02) * axis))
    assert not reached.reached(stage)  # from beneath the table
    raise_hands(stage)
    tool, axis = stage.axis(f"{reached.hand}_tool")
    for away, is_reached in ((0.05, True), (0.08, False)):
        put(stage, "red ball", *(tool + (radius + away) * axis))
        assert reached.reached(stage) is is_reached
    pointed = replace(pointed, hand=reached.hand)
    for away, aside, is_pointed in (
        (0.3, 0.0, True),
        (0.3, 0.07, False),
        (0.1, 0.0, False),
        (-0.3, 0.0, False),
    ):
        across = np.cross(axis, (0.0, 1.0, 0.0))
        put(stage, "red ball", *(tool + away * axis + aside * across / np.linalg.norm(across)))
        assert pointed.reached(stage) is is_pointed


# ---- what goes wrong ----------------------------------------------------------------------------


def test_a_fall_ends_a_task(world):
    task = told("stand still")
    stage = task.start(world)
    stage.humanoid.push((60.0, 0.0, 0.0))
    wait(task, stage, 2.0)
    assert task.failed(stage) == "fell"


def test_another_thing_that_is_knocked_about_is_named(world):
    task = told("pick up the red cup")
    stage = task.start(world)
    wait(task, stage, 0.1)
    other = next(name for name in stage.things if name != "red cup")
    x, y, _ = stage.place(other)
    put(stage, other, x + 0.05, y)
    wait(task, stage, 0.1)
    assert task.failed(stage) == f"moved the {other}"
    assert not task.succeeded(stage)


def test_a_thing_that_falls_off_the_table_is_dropped(world):
    task = told("pick up the red cup")
    stage = task.start(world)
    put(stage, "red cup", -1.0, 1.0, z=0.1)
    wait(task, stage, 0.1)
    assert task.failed(stage) == "dropped the red cup"


def test_the_person_is_not_bumped_into(world):
    task = replace(told("go to the person"), position=(-2.5, 0.0), heading=0.0)
    stage = task.start(world)
    wait(task, stage, 0.1)
    x, y = task.scene.person.position
    shift(stage, ahead=x - 0.36 + 2.5, left=y)
    wait(task, stage, 0.3)
    assert task.failed(stage) == "bumped into the person"


def test_a_task_is_plain_values():
    task = sample_task(RNG(0), "place")
    assert isinstance(task, Task)
    assert hash(task) == hash(sample_task(RNG(0), "place"))
    assert set(TRAINED) >= {thing.name for thing in task.scene.things}
    assert hypot(*task.position) == 0.0


# ---- the same picture, another command ---------------------------------------------------------


@pytest.fixture(scope="module")
def picking() -> Task:
    return task_for(Instruction("pick up", thing="red cup"), np.random.default_rng(4))


def test_another_command_in_the_same_scene_leaves_everything_else_as_it_was(picking: Task) -> None:
    places = {thing.name: thing.position[1] for thing in picking.scene.things}
    other = max((name for name in places if name != "red cup"), key=lambda name: abs(places[name]))
    task = task_in(Instruction("reach for", thing=other), picking)
    assert (task.scene, task.position, task.heading) == (picking.scene, picking.position, picking.heading)
    assert task.parts[0].instruction.thing == other
    assert task.hand == ("left" if places[other] > 0.0 else "right")
    assert task.goal == Reached(other, task.hand)


@pytest.mark.parametrize(
    ("instruction", "told"),
    [
        (Instruction("pick up", thing="black ball"), "no thing of the scene, or more than one, is meant"),
        (Instruction("walk", direction="forward"), "the scene does not suit this as the robot stands there"),
        (Instruction("turn", direction="left"), "the scene does not suit this as the robot stands there"),
        (Instruction("place", thing="red cup", relation="on", other="table"), "stands on the table already"),
        (
            Instruction("look at", thing="red cup", then=Instruction("stand still")),
            "the scene is for one instruction, not for two",
        ),
    ],
)
def test_a_command_that_a_scene_is_not_for_says_why(picking: Task, instruction: Instruction, told: str) -> None:
    with pytest.raises(NoScene, match=told):
        task_in(instruction, picking)


def test_a_command_about_nobody_is_refused_and_hands_work_at_the_table_only() -> None:
    rng = np.random.default_rng(8)
    going = task_for(Instruction("go to", thing="red cup"), rng)
    with pytest.raises(NoScene, match="does not suit"):
        task_in(Instruction("pick up", thing="red cup"), going)
    alone = replace(going, scene=replace(going.scene, person=None))
    with pytest.raises(NoScene, match="there is nobody in the scene"):
        task_in(Instruction("go to", other="person"), alone)
    assert task_in(Instruction("go to", other="table"), alone).parts[0].goal == AtTable()


def test_what_is_done_already_is_no_other_command() -> None:
    looking = task_for(Instruction("look at", thing="red cup"), np.random.default_rng(2))
    at_table = replace(looking, position=(0.0, 0.0), heading=0.0)
    assert task_in(Instruction("stand still"), at_table).parts[0].goal.hold == 3.0
    with pytest.raises(NoScene, match="is done already"):
        task_in(Instruction("go to", other="table"), at_table)
