"""The encoders in data/models load with plain transformers, offline, and know the things of the course."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from vla_course.learning.encoders.dual_encoder import DualEncoder
from vla_course.learning.encoders.files import MODELS
from vla_course.learning.pretraining.captions import PLACES
from vla_course.learning.pretraining.retrieval import Gallery, fits, single_things
from vla_course.learning.pretraining.train_encoders import vocabulary, weights
from vla_course.simulation.scene.things import HELD_OUT, TRAINED


@pytest.fixture(scope="module")
def model() -> DualEncoder:
    return DualEncoder.load()


@pytest.fixture(scope="module")
def gallery() -> Gallery:
    """Thirty-two pictures with different captions, eleven things each in every place."""
    things = [TRAINED[k] for k in range(0, 33, 3)]
    found = single_things(4321, things, 1)
    return found.part([k < 32 for k in range(len(found.captions))])


def test_plain_transformers_loads_the_folders_without_a_network() -> None:
    program = (
        "import sys, torch\n"
        "from transformers import AutoModel, AutoTokenizer\n"
        "folder = sys.argv[1]\n"
        "vision, language = (AutoModel.from_pretrained(f'{folder}/{name}') for name in ('vision', 'language'))\n"
        "tokens = AutoTokenizer.from_pretrained(f'{folder}/language')(['pick up the red cup'], return_tensors='pt')\n"
        "assert vision.dtype == language.dtype == torch.float32\n"
        "print(vision(pixel_values=torch.zeros(1, 3, 96, 96)).last_hidden_state.shape[0],\n"
        "      language(input_ids=tokens.input_ids).last_hidden_state.shape[1])\n"
    )
    offline = os.environ | {"HF_HUB_OFFLINE": "1"}
    ran = subprocess.run(
        [sys.executable, "-c", program, str(MODELS)], capture_output=True, text=True, env=offline, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split() == ["1", "7"], "five words and a token at either end"


def test_all_files_together_are_small() -> None:
    assert sum(path.stat().st_size for path in weights(MODELS)) <= 20e6


def test_every_word_of_the_course_is_one_token(model: DualEncoder) -> None:
    tokenizer = model.language.tokenizer
    words = {word for sentence in vocabulary() for word in sentence.split() if word.isalpha()}
    assert len(words) > 100
    assert [word for word in sorted(words) if len(tokenizer.tokenize(word)) != 1] == []
    assert tokenizer.unk_token_id not in tokenizer(sorted(words), add_special_tokens=False).input_ids


def test_pictures_find_their_captions_and_captions_their_pictures(
    model: DualEncoder, gallery: Gallery
) -> None:
    scores = fits(model, gallery.rgb, gallery.captions)
    right = np.arange(32)
    assert (scores.argmax(1) == right).mean() >= 0.85
    assert (scores.argmax(0) == right).mean() >= 0.85


def test_the_best_patch_lies_where_the_thing_is(model: DualEncoder, gallery: Gallery) -> None:
    """The heat map of "red cup" is hottest in that third of the picture of which the caption speaks."""
    with torch.no_grad():
        _, patches = model.pictures(gallery.rgb)
        names = [" ".join(text.split()[1:3]) for text in gallery.captions]
        heat = (patches * model.words(names).unsqueeze(1)).sum(-1)
    across = (heat.argmax(1).numpy() % model.vision.grid[1] + 0.5) / model.vision.grid[1]
    expected = [PLACES.index(" ".join(text.split()[3:])) for text in gallery.captions]
    nearest = np.abs(across[:, None] - np.array([0.2, 0.5, 0.8])).argmin(1)
    assert (nearest == expected).mean() >= 0.8


def test_what_is_kept_is_what_is_read(model: DualEncoder, gallery: Gallery, tmp_path: Path) -> None:
    model.save(tmp_path)
    before = fits(model, gallery.rgb[:4], gallery.captions)
    np.testing.assert_allclose(
        fits(DualEncoder.load(tmp_path), gallery.rgb[:4], gallery.captions), before, atol=1e-4
    )
    (tmp_path / "projection.safetensors").unlink()
    with pytest.raises(FileNotFoundError, match=r"projection\.safetensors is missing"):
        DualEncoder.load(tmp_path)


def test_the_card_tells_what_was_held_out() -> None:
    card = (MODELS / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert all(name in card for name in HELD_OUT)
