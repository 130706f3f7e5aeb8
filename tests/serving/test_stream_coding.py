"""Between packets and models: pictures, words and states are read as they are, actions and sources told as they are."""

import numpy as np
import pytest
import torch

from vla_course.learning.demonstrations.layout import STATE_NAMES
from vla_course.learning.encoders.encoders import load_language_encoder
from vla_course.serving.packets.codes import Code, PacketError
from vla_course.serving.packets.pictures import encode_picture
from vla_course.serving.stream.decoding import (
    decode_actions,
    extract_sources,
    map_action_index_to_command,
)
from vla_course.serving.stream.encoding import encode_robot_state, preprocess_image, tokenize_command
from vla_course.simulation.robot.layout import ACTION
from vla_course.simulation.tasks.instructions import FORMS, SKILLS

SEEN = (24, (0.5, 0.4, 0.3), (0.2, 0.25, 0.3))


@pytest.fixture(scope="module")
def language():
    return load_language_encoder()


def code_of(call, *arguments):
    with pytest.raises(PacketError) as raised:
        call(*arguments)
    return raised.value.code, str(raised.value)


def test_a_picture_is_the_same_to_the_model_however_it_was_stored():
    rng = np.random.default_rng(0)
    grey = rng.integers(0, 256, (40, 60), dtype=np.uint8)
    coloured = np.repeat(grey[..., None], 3, axis=2)
    transparent = np.concatenate((coloured, rng.integers(0, 256, (40, 60, 1), dtype=np.uint8)), axis=2)
    expected = preprocess_image(coloured, *SEEN)
    assert expected.shape == (3, 24, 24)
    assert expected.dtype == torch.float32
    for stored in (grey, grey[..., None], transparent, encode_picture(coloured, "PNG")):
        assert torch.equal(preprocess_image(stored, *SEEN), expected)


@pytest.mark.parametrize(
    "picture",
    [np.zeros((4, 4, 3)), np.zeros((4, 4, 2), dtype=np.uint8), np.zeros((0, 4, 3), dtype=np.uint8), b"no"],
)
def test_what_is_no_picture_is_told(picture):
    code, said = code_of(preprocess_image, picture, *SEEN, "observation/image/head")
    assert code is Code.BAD_PICTURE
    assert said.startswith("observation/image/head")


def test_a_command_is_never_cut_short(language):
    words = tokenize_command("Pick up the red cup", language)
    assert language.pieces(words.input_ids)[0][1:-1] == ["pick", "up", "the", "red", "cup"]
    assert code_of(tokenize_command, "cup " * 200, language)[0] is Code.BAD_TEXT
    assert code_of(tokenize_command, "  ", language)[0] is Code.BAD_TEXT


def test_a_state_has_every_number_by_its_name_and_none_is_read_as_zero():
    values = np.random.default_rng(0).normal(size=len(STATE_NAMES))
    felt = dict(zip(STATE_NAMES, values.tolist(), strict=True))
    shuffled = {name: felt[name] for name in sorted(felt)}
    np.testing.assert_array_equal(encode_robot_state(shuffled), values.astype(np.float32))
    np.testing.assert_array_equal(encode_robot_state(values), values.astype(np.float32))
    knee = "left_knee.position"
    code, said = code_of(encode_robot_state, {name: value for name, value in felt.items() if name != knee})
    assert (code, knee in said) == (Code.MISSING_FIELD, True)
    for wrong, expected in ((np.nan, Code.NOT_FINITE), (np.inf, Code.NOT_FINITE), (True, Code.WRONG_TYPE)):
        code, said = code_of(encode_robot_state, felt | {knee: wrong})
        assert (code, knee in said) == (expected, True)
    assert code_of(encode_robot_state, felt | {"tail": 0.0})[0] is Code.UNKNOWN_FIELD
    values[3] = np.nan
    assert STATE_NAMES[3] in code_of(encode_robot_state, values)[1]
    assert code_of(encode_robot_state, values[:-1])[0] is Code.BAD_ARRAY


def test_actions_are_cut_to_their_range_and_nothing_else_happens_to_them():
    said = np.random.default_rng(0).normal(size=(5, ACTION.size))
    actions = decode_actions(said)
    assert actions.dtype == np.float32
    np.testing.assert_array_equal(actions, np.clip(said, -1.0, 1.0).astype(np.float32))
    for wrong in (said[0], said[:, :-1], said[:0], said.astype(int), np.full_like(said, np.nan)):
        assert code_of(decode_actions, wrong)[0] is Code.MODEL_FAILED


def test_every_skill_has_a_command():
    for index, skill in enumerate(SKILLS):
        form = FORMS[skill][0]
        fields = {name: values[0] for name, values in form.items() if values}
        if "amount" in form:
            fields |= {"amount": 90 if skill == "turn" else 3, "unit": form["unit"][0]}
        if "other" in form and fields["other"] == fields.get("thing"):
            fields["other"] = form["other"][1]
        assert map_action_index_to_command(index, fields).skill == skill
    assert str(map_action_index_to_command(9)) == "stand still"


@pytest.mark.parametrize("index", [-1, len(SKILLS), True, 1.0, None])
def test_an_index_of_no_skill_is_told(index):
    with pytest.raises(ValueError, match="expected 0 to 11: walk"):
        map_action_index_to_command(index)


def test_fields_that_are_not_those_of_the_skill_are_told():
    with pytest.raises(ValueError, match="'stand still' has no 'thing'"):
        map_action_index_to_command(SKILLS.index("stand still"), {"thing": "red cup"})
    with pytest.raises(ValueError, match="Instruction of 'pick up' has"):
        map_action_index_to_command(SKILLS.index("pick up"))


def test_sources_are_the_greatest_weights_of_all_cameras_and_whole_words():
    patches = {"head": np.array([[1.0, 0.0], [5.0, 0.0]]), "chest": np.array([[0.0, 4.0]])}
    pieces, weights = ["[CLS]", "tea", "##cup", "red", "[SEP]"], np.array([9.0, 1.0, 2.0, 1.0, 9.0])
    found = extract_sources(patches, pieces, weights, most=2)
    assert [(one.camera, one.row, one.column, one.weight) for one in found.patches] == [
        ("head", 1, 0, pytest.approx(0.5)),
        ("chest", 0, 1, pytest.approx(0.4)),
    ]
    assert found.grids == {"head": (2, 2), "chest": (1, 2)}
    assert [(one.word, one.weight) for one in found.words] == [("teacup", 0.75), ("red", 0.25)]
    nothing = extract_sources({"head": np.zeros((2, 2))}, ["red"], np.zeros(1))
    assert (nothing.patches, nothing.words) == ((), ())
    for wrong in (np.array([-1.0]), np.array([np.nan]), np.zeros(2)):
        assert code_of(extract_sources, patches, ["red"], wrong)[0] is Code.MODEL_FAILED
