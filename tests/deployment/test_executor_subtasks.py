"""Plans of subtasks, made of scenes as they were seen: no robot, no physics."""

from dataclasses import replace

import numpy as np
import pytest

from vla_course.deployment.executor.scene_seen import SceneSeen
from vla_course.deployment.executor.subtasks import CannotPlan, heard, named, subtasks
from vla_course.motion.hands.things import Tabletop
from vla_course.simulation.scene.parts import TABLE_SIZE
from vla_course.simulation.tasks.instructions import Instruction
from vla_course.simulation.tasks.understanding import UnknownCommand, is_command

TABLE = Tabletop(np.array((0.47, 0.0, 0.72)), TABLE_SIZE)
HERE = ((0.0, 0.0), 0.0)
PERSON = ((2.0, 0.1), np.pi)


def scene(**places: tuple[float, float]) -> SceneSeen:
    """Return a scene with things at places (x, y) m, their names with a line in place of the space."""
    things = {name.replace("_", " "): np.array((*place, 0.77)) for name, place in places.items()}
    return SceneSeen(things, TABLE, HERE, PERSON)


CUP_AND_BOX = scene(red_cup=(0.3, -0.2), green_box=(0.35, 0.1))


def names(goal: str, seen: SceneSeen, stuck: str = "") -> list[str]:
    """Return what is to be done."""
    return [task.name for task in subtasks(named(heard(goal), seen), seen, stuck)]


def test_every_subtask_is_a_sentence_of_the_language() -> None:
    """What a plan tells the policy, the rules of the language understand as just that."""
    for goal in (
        "serve a drink to the person",
        "tidy the table",
        "pick up the red cup and place it on the table",
    ):
        for task in subtasks(named(heard(goal), CUP_AND_BOX), CUP_AND_BOX):
            assert is_command(task.sentence)
            assert heard(task.sentence) == task.part


def test_a_drink_is_taken_and_brought_and_then_nothing_is_left() -> None:
    """The only drink is served; once it stands at the person's edge the plan is empty."""
    assert names("serve a drink", CUP_AND_BOX) == ["pick up the red cup", "serve the person the red cup"]
    served = scene(red_cup=(0.6, 0.3), green_box=(0.35, 0.1))
    assert names("serve a drink", served) == []


def test_a_drink_that_could_not_be_taken_gives_way_to_another_one() -> None:
    """A second drink is tried before room is made for the first."""
    two = scene(red_cup=(0.3, -0.2), blue_bottle=(0.35, 0.3))
    assert names("serve a drink", two)[0] == "pick up the red cup"
    assert names("serve a drink", two, stuck="red cup")[0] == "pick up the blue bottle"


def test_room_is_made_for_what_no_hand_could_take() -> None:
    """The neighbour of a thing that could not be taken is moved aside; one that is far off is not."""
    near = scene(red_cup=(0.35, -0.05), green_box=(0.28, 0.05))
    assert (
        names("bring me the red cup", near, "red cup")[0]
        == "move the green box to the right side of the table"
    )
    assert names("bring me the red cup", CUP_AND_BOX, "red cup")[0] == "pick up the red cup"


def test_tidying_ends_with_every_thing_in_the_left_third() -> None:
    """Only what is untidy is tidied away, the leftmost first, and where one found no place all are rearranged."""
    seen = scene(red_cup=(0.3, -0.2), green_box=(0.35, 0.1), blue_ball=(0.4, 0.4))
    assert names("tidy the table", seen) == ["tidy away the green box", "tidy away the red cup"]
    assert names("tidy the table", seen, stuck="red cup") == ["tidy the table"]
    assert names("tidy the table", scene(red_cup=(0.5, 0.3), blue_ball=(0.3, 0.4))) == []


def test_what_vanished_is_not_tidy() -> None:
    """All that is in sight is in order, and one thing is missing: that is told, and not called tidy."""
    seen = replace(scene(red_cup=(0.5, 0.3)), missing=("blue ball",))
    with pytest.raises(CannotPlan, match="no blue ball"):
        names("tidy the table", seen)


def test_what_just_holds_does_not_count() -> None:
    """A thing at the very border of its third, or of the person's reach, is not taken to be there."""
    border = TABLE_SIZE[1] / 6.0
    assert not scene(red_cup=(0.4, border + 0.005)).fulfils(Instruction("tidy the table"))
    assert scene(red_cup=(0.4, border + 0.015)).fulfils(Instruction("tidy the table"))


def test_two_commands_go_on_with_what_is_in_the_hand() -> None:
    """Between picking up and putting down the thing is kept; one command alone is one subtask."""
    goal = named(heard("pick up the red cup and move it to the left side of the table"), CUP_AND_BOX)
    first, second = subtasks(goal, CUP_AND_BOX)
    assert first.keeps
    assert second.part == Instruction("move to", thing="red cup", other="left side of the table")
    assert names("turn left by 90 degrees", CUP_AND_BOX) == ["turn left by 90 degrees"]


def test_what_comes_first_is_done_though_the_last_is_so_already() -> None:
    """A cup on the table that is to be picked up and put there is picked up; told to put it there alone, it stands."""
    both = ["pick up the red cup", "place the red cup on the table"]
    assert names("pick up the red cup and place it on the table", CUP_AND_BOX) == both
    assert names("place the red cup on the table", CUP_AND_BOX) == []


def test_the_table_to_your_left_is_its_left_side() -> None:
    """There is one table."""
    said = heard("Pick up the red cup and place it on the table to your left")
    assert said == heard("pick up the red cup and place it on the left side of the table")


@pytest.mark.parametrize("sentence", ["make coffee", "a step to the right and then", ""])
def test_unknown_goals_are_refused(sentence: str) -> None:
    """What is none of the language is no goal."""
    with pytest.raises(UnknownCommand, match="I do not know"):
        heard(sentence)


def test_what_is_not_there_is_said() -> None:
    """A plan for a thing that is not there names what is; an ambiguous noun names what it may mean."""
    with pytest.raises(
        CannotPlan, match="I see no blue bottle: on the table there is a red cup, a green box"
    ):
        names("pick up the blue bottle", CUP_AND_BOX)
    with pytest.raises(CannotPlan, match="which cup is meant: I see a red cup and a blue cup"):
        names("pick up the cup", scene(red_cup=(0.3, -0.2), blue_cup=(0.3, 0.2)))
    assert names("pick up the cup to your left", scene(red_cup=(0.3, -0.2), blue_cup=(0.3, 0.2))) == [
        "pick up the blue cup"
    ]
    with pytest.raises(CannotPlan, match="nobody to serve"):
        names("serve a drink", replace(CUP_AND_BOX, person=None))
    with pytest.raises(CannotPlan, match="nothing to drink"):
        names("serve a drink", scene(green_box=(0.3, 0.1)))


def test_full_hands_are_emptied_first() -> None:
    """What is held and not asked for is put down first; for what is about it, and for a walk, it stays in the hand."""
    holds = SceneSeen({"green box": np.array((0.35, 0.1, 0.76))}, TABLE, HERE, PERSON, holds="red cup")
    assert names("pick up the green box", holds)[0] == "place the red cup on the table"
    assert names("bring me the red cup", holds)[-1] == "serve the person the red cup"
    assert names("walk backward 2 steps", holds) == ["walk backward 2 steps"]
