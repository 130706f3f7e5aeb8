"""The chain of detector and parser: what it can, and what its modules cannot know."""

import numpy as np
import pytest

from vla_course.learning.model.three_modules import HUES, SMALLEST, Order, detect, parse
from vla_course.simulation.scene.things import COLOURS
from vla_course.simulation.tasks.saying import sentences
from vla_course.simulation.tasks.understanding import understand


def test_parser_knows_the_colours_and_shapes_of_training_and_five_verbs():
    asked = {sentence: understand(sentence) for sentence in sentences()}
    for sentence, instruction in asked.items():
        if instruction.nouns == instruction.things and len(instruction.things) == 1:
            order = parse(sentence)
            assert f"{order.colour} {order.shape}" == instruction.things[0], sentence
    assert parse("Pick up the red cup.") == Order("pick up", "red", "cup")
    assert parse("please point at the blue block") == Order("point at", "blue", "box")


def test_parser_has_nothing_to_say_to_other_words():
    assert parse("grab the crimson mug") == Order(None, None, None)


@pytest.mark.parametrize("colour", HUES)
def test_detector_finds_a_thing_in_its_own_paint(colour):
    rgb = np.full((60, 80, 3), 128, dtype=np.uint8)
    for number, name in enumerate(HUES):
        rgb[20:40, 16 * number : 16 * number + 12] = np.round(255 * np.array(COLOURS[name])).astype(np.uint8)
    rows, columns = np.nonzero(detect(rgb, colour))
    begin = 16 * list(HUES).index(colour)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (20, 39, begin, begin + 11)


def test_detector_takes_the_largest_patch_and_no_speck():
    rgb = np.full((60, 80, 3), 128, dtype=np.uint8)
    rgb[5:10, 5 : 5 + SMALLEST // 5 - 1] = (255, 0, 0)
    assert not detect(rgb, "red").any()
    rgb[30:50, 30:50] = (255, 0, 0)
    assert detect(rgb, "red").sum() == 400


def test_detector_refuses_a_colour_without_a_hue():
    with pytest.raises(ValueError, match="colour is 'white', expected one of"):
        detect(np.zeros((4, 4, 3), dtype=np.uint8), "white")
