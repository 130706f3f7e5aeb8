"""What the encoders learn from: no held-out pair, no word about what cannot be told, the same pictures every time."""

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from vla_course.learning.encoders.text_encoder import word_tokenizer
from vla_course.learning.pretraining.album import ABSENT, CLEAR, DOUBTFUL, NOWHERE, Album, rendered
from vla_course.learning.pretraining.batches import GLIMPSE, glimpses, scene_truths, whole_pictures
from vla_course.learning.pretraining.picture_phrases import COMMANDS, Phrase, Truths, phrases
from vla_course.learning.pretraining.pretraining import Recipe, pretrain
from vla_course.learning.pretraining.snapshots import session
from vla_course.learning.pretraining.train_encoders import small_resnet, untrained, vocabulary
from vla_course.simulation.scene.things import ALL_THINGS, HELD_OUT, TRAINED
from vla_course.simulation.tasks.words import SHAPE_WORDS


@pytest.fixture(scope="module")
def album() -> Album:
    return Album.of(session(5, 0, TRAINED))


def test_no_held_out_pair_is_shown_or_said(album: Album) -> None:
    held_out = [ALL_THINGS.index(name) for name in HELD_OUT]
    assert (album.seen[:, held_out] == ABSENT).all()
    rng = np.random.default_rng(0)
    said = [phrase.say(rng) for phrase in phrases() for _ in range(5)] + scene_truths(album)[0]
    assert not _forbidden(said)
    assert _forbidden([phrase.say(rng) for phrase in phrases(ALL_THINGS)]), "the check would find them"


def _forbidden(texts: list[str]) -> list[str]:
    """Return those that name a held-out pair in words of training."""
    pairs = [name.split() for name in HELD_OUT]
    names = [f"{colour} {word}" for colour, shape in pairs for word in SHAPE_WORDS[shape].seen]
    return [text for text in texts if any(name in text for name in names)]


def test_commands_of_training_name_one_thing() -> None:
    assert "pick up the {thing}" in COMMANDS
    assert "grab the {thing}" not in COMMANDS, "held out for tests of paraphrase"


def test_a_session_is_the_same_every_time(album: Album, tmp_path: Path) -> None:
    again = rendered(tmp_path, 5, 1, TRAINED)
    np.testing.assert_array_equal(again.rgb, album.rgb)
    np.testing.assert_array_equal(again.place, album.place)
    assert len(rendered(tmp_path, 5, 1, TRAINED)) == len(album), "read from its file"


def test_phrases_are_true_of_what_is_clear_and_untold_of_what_is_in_doubt() -> None:
    seen = np.zeros((1, len(ALL_THINGS)), dtype=np.uint8)
    place = np.full(seen.shape, NOWHERE, dtype=np.int8)
    cup, ball, box = (ALL_THINGS.index(name) for name in ("yellow cup", "white ball", "black box"))
    seen[0, [cup, ball, box]] = CLEAR, DOUBTFUL, CLEAR
    place[0, cup] = 0
    one = Album(np.zeros((1, 96, 96, 3), dtype=np.uint8), seen, place, np.zeros((*seen.shape, 2), np.float32))
    asked = {
        Phrase("yellow", "cup"): (True, True),
        Phrase("yellow", "cup", "on the left"): (True, True),
        Phrase("yellow", "cup", "on the right"): (False, True),
        Phrase("yellow", None): (True, True),
        Phrase("white", None): (False, False),
        Phrase("white", "ball"): (False, False),
        Phrase(None, "ball", "in the middle"): (False, False),
        Phrase("black", "box"): (True, True),
        Phrase("black", "box", "on the left"): (False, False),
        Phrase("black", "bowl"): (False, True),
    }
    true, told = Truths(tuple(asked)).of(one)
    assert [*zip(true[0].tolist(), told[0].tolist(), strict=True)] == [*asked.values()]


def test_a_caption_is_not_false_of_a_picture_that_may_show_all_it_names() -> None:
    """One yellow cup in each picture: on the left, between two places, and cut by the border."""
    seen, place, middle = _nothing(3)
    cup = ALL_THINGS.index("yellow cup")
    seen[:, cup], place[:, cup] = (CLEAR, CLEAR, DOUBTFUL), (0, NOWHERE, NOWHERE)
    middle[:, cup, 0] = 0.1, 0.38, 0.02
    captions, true, told = scene_truths(Album(np.zeros((3, 96, 96, 3), dtype=np.uint8), seen, place, middle))
    assert captions[:2] == ["a yellow cup on the left", "a yellow cup"]
    np.testing.assert_array_equal(true[:, :2], [[True, False], [False, True], [False, False]])
    np.testing.assert_array_equal(told[:, :2], true[:, :2])
    assert not told[:, 2].any()


def test_a_caption_is_false_of_a_picture_that_lacks_a_thing_or_has_it_elsewhere() -> None:
    seen, place, middle = _nothing(3)
    cup, box = ALL_THINGS.index("yellow cup"), ALL_THINGS.index("blue box")
    seen[0, [cup, box]] = CLEAR
    seen[1, cup] = seen[2, cup] = CLEAR
    place[0, [cup, box]], place[1, cup], place[2, cup] = (0, 2), 0, 2
    middle[..., 0] = np.where(place == 0, 0.1, 0.9)
    captions, true, told = scene_truths(Album(np.zeros((3, 96, 96, 3), dtype=np.uint8), seen, place, middle))
    assert captions[0] == "a yellow cup on the left and a blue box on the right"
    assert told[:, 0].tolist() == [True, True, True]
    assert true[:, 0].tolist() == [True, False, False]
    assert told[:, 2].tolist() == [True, True, True]
    assert told[0, 1] == np.False_, "of a picture that shows the cup there, and more, it is not said"


def _nothing(pictures: int) -> tuple[NDArray[np.uint8], NDArray[np.int8], NDArray[np.float32]]:
    """Return `seen`, `place` and `middle` of pictures that show nothing."""
    seen = np.zeros((pictures, len(ALL_THINGS)), dtype=np.uint8)
    return seen, np.full(seen.shape, NOWHERE, dtype=np.int8), np.zeros((*seen.shape, 2), dtype=np.float32)


def test_a_word_has_the_same_number_whatever_was_read_first() -> None:
    texts = vocabulary()
    once, again = (word_tokenizer(order) for order in (texts, texts[::-1]))
    assert once.get_vocab() == again.get_vocab()
    assert once.tokenize("Grab the crimson mug, zebra!") == [
        *("grab", "the", "crimson", "mug", ",", "z", "##e", "##b", "##r", "##a"),
        "[UNK]",
    ]


def test_training_changes_the_weights_alike_each_time_and_knows_its_own_checkpoint(
    album: Album, tmp_path: Path
) -> None:
    recipe, file = Recipe(glimpse_steps=2, glimpses=8, steps=1, pictures=4, captions=2), tmp_path / "run.pt"
    before, once, twice = (untrained(small_resnet(0), 0) for _ in range(3))
    for model in (once, twice):
        file.unlink(missing_ok=True)
        assert pretrain(model, album, recipe, checkpoint=file) > 0.0
    weights = [dict(model.named_parameters()) for model in (before, once, twice)]
    for name, value in weights[1].items():
        torch.testing.assert_close(value, weights[2][name], rtol=0.0, atol=0.0)
    assert sum(not torch.equal(value, weights[0][name]) for name, value in weights[1].items()) > 40
    with pytest.raises(ValueError, match="run.pt is of Recipe.*on 20 pictures, expected Recipe.*: delete it"):
        pretrain(before, album.part(np.arange(6)), recipe, checkpoint=file)


def test_that_a_red_thing_is_no_box_is_not_said_while_no_red_box_is_shown() -> None:
    seen = np.zeros((1, len(ALL_THINGS)), dtype=np.uint8)
    seen[0, ALL_THINGS.index("red cup")] = CLEAR
    place = np.full(seen.shape, NOWHERE, dtype=np.int8)
    one = Album(
        np.zeros((1, 96, 96, 3), dtype=np.uint8), seen, place, np.zeros((*seen.shape, 2), dtype=np.float32)
    )
    assert "red box" in HELD_OUT
    asked = (Phrase(None, "cup"), Phrase(None, "ball"), Phrase(None, "box"), Phrase("blue", "box"))
    true, told = Truths(asked).of(one)
    assert true[0].tolist() == [True, False, False, False]
    assert told[0].tolist() == [True, True, False, False]


def test_a_glimpse_shows_what_it_is_said_to_show(album: Album) -> None:
    """A thing lies in it where its middle in the whole picture and the patches say, mirrored or not."""
    batch, which = glimpses(album, np.random.default_rng(3), 64)
    assert batch.rgb.shape == (64, GLIMPSE, GLIMPSE, 3)
    assert (batch.seen == CLEAR).any(1).mean() > 0.9, "each is of something, unless the border comes near"
    blue_things = [k for k, name in enumerate(ALL_THINGS) if name.startswith("blue")]
    rows, things = np.nonzero(batch.seen[:, blue_things] == CLEAR)
    assert len(rows) > 3
    for row, thing in zip(rows, np.array(blue_things)[things], strict=True):
        corner = 16 * np.array([which[row, 0] % 6, which[row, 0] // 6])
        x, y = (96 * batch.middle[row, thing] - corner).round().astype(int)
        red, _, blue = batch.rgb[row, y - 2 : y + 3, x - 2 : x + 3].reshape(-1, 3).mean(0)
        assert blue > 1.4 * red


def test_a_mirrored_picture_changes_its_places(album: Album) -> None:
    batch = whole_pictures(album, np.random.default_rng(0), 64)
    told = batch.place != NOWHERE
    thirds = np.digitize(batch.middle[..., 0], (0.38, 0.62))
    assert told.sum() > 20
    np.testing.assert_array_equal(batch.place[told], thirds[told])
