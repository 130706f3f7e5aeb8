"""The grounder: densities that add up, answers that padding does not change, training that resumes, files that fit."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from vla_course.learning.encoders.frozen import FrozenEncoders
from vla_course.learning.grounding.config import GrounderConfig, Scores
from vla_course.learning.grounding.examining import calibration_error
from vla_course.learning.grounding.files import load_grounder, save_grounder
from vla_course.learning.grounding.found import log_density
from vla_course.learning.grounding.grounder import Grounder
from vla_course.learning.grounding.lessons import Lessons, lessons
from vla_course.learning.grounding.scenes import session
from vla_course.learning.grounding.training import Progress, Recipe, on_it, train
from vla_course.learning.model.answers import Encoded
from vla_course.simulation.scene.things import TRAINED

SMALL = GrounderConfig(width=16, attribute_width=8)


@pytest.fixture(scope="module")
def encoders() -> FrozenEncoders:
    return FrozenEncoders.load()


@pytest.fixture(scope="module")
def known(encoders: FrozenEncoders, tmp_path_factory: pytest.TempPathFactory) -> Lessons:
    path = tmp_path_factory.mktemp("lessons") / "posed.npz"
    session(47, 0, TRAINED, scenes=2).save(path)
    return lessons([path], encoders, mirror=False)


def untrained(config: GrounderConfig = SMALL) -> Grounder:
    torch.manual_seed(0)
    return Grounder(config).eval()


def moment(known: Lessons, encoders: FrozenEncoders, *sentences: str) -> Encoded:
    """The first moment, with these sentences."""
    words, mask = encoders.read(sentences)
    rows = torch.zeros(len(sentences), dtype=torch.int64)
    coarse, finer = known.coarse[rows].float(), known.finer[rows].float()
    return Encoded(coarse.unbind(1), words, mask, finer.unbind(1))


@pytest.mark.parametrize("scores", ["factored", "dot", "film"])
def test_what_is_found_has_its_shapes_and_is_a_density(
    scores: Scores, known: Lessons, encoders: FrozenEncoders
) -> None:
    grounder = untrained(GrounderConfig(width=16, attribute_width=8, scores=scores))
    found = grounder.ground(moment(known, encoders, "red cup", "take the blue ball"), "thing")
    assert found.logits.shape == found.spread.shape == (2, 3, 144)
    assert found.pixels.shape == (2, 3, 2)
    assert found.shows.shape == found.confidence.shape == (2, 3)
    assert found.features.shape == (2, 3, 16)
    assert ((found.shows > 0) & (found.shows < 1)).all()
    axis = torch.arange(-200.0, 296.0, 0.5)
    plane = torch.stack(torch.meshgrid(axis, axis, indexing="ij"), -1).reshape(-1, 2)
    few = found.logits[0, 1].argsort()[-3:]
    logits, centres, spread = (part[0, 1][few] for part in (found.logits, found.centres, found.spread))
    mass = sum(log_density(logits, centres, spread, part).exp().sum().item() for part in plane.split(200_000))
    assert 0.25 * mass == pytest.approx(1.0, abs=1e-2)


def test_a_density_is_greatest_where_most_patches_hold_the_thing_to_be() -> None:
    logits, centres = torch.tensor([2.0, 2.0, 0.0]), torch.tensor([[10.0, 10.0], [10.5, 10.0], [60.0, 60.0]])
    asked = torch.tensor([[10.0, 10.0], [60.0, 60.0], [40.0, 10.0]])
    first, second, third = log_density(logits, centres, torch.ones(3), asked).tolist()
    assert first > second > third


@pytest.mark.parametrize(
    ("camera", "pixels", "told"),
    [(0, torch.zeros(2), r"\(N, 2\)"), (3, torch.zeros(1, 2), "camera is 3"), (-1, torch.zeros(1, 2), "-1")],
)
def test_a_score_of_something_else_is_refused(
    camera: int, pixels: torch.Tensor, told: str, known: Lessons, encoders: FrozenEncoders
) -> None:
    found = untrained().ground(moment(known, encoders, "red cup"), "thing")
    with pytest.raises(ValueError, match=told):
        found.score(camera, pixels)


def test_padding_changes_no_answer(known: Lessons, encoders: FrozenEncoders) -> None:
    long = "put the green box to the left of the black bottle and then walk forward by three steps please"
    grounder = untrained()
    alone = grounder.ground(moment(known, encoders, "take the red cup"), "thing")
    beside = grounder.ground(moment(known, encoders, "take the red cup", long), "thing")
    torch.testing.assert_close(alone.logits[0], beside.logits[0], atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(alone.confidence[0], beside.confidence[0], atol=1e-4, rtol=1e-4)


def test_what_the_grounder_was_not_made_for_is_refused(known: Lessons, encoders: FrozenEncoders) -> None:
    grounder, fits = untrained(), moment(known, encoders, "red cup")
    with pytest.raises(ValueError, match="role is 'it'"):
        grounder.ground(fits, "it")  # type: ignore[arg-type]
    for wrong, told in (
        (replace(fits, finer=()), "finer features of 0 of 3"),
        (replace(fits, cameras=fits.cameras[:2], finer=fits.finer[:2]), "2 cameras"),
        (replace(fits, cameras=tuple(part[:, :9] for part in fits.cameras)), r"cameras\[0\] is \(1, 9"),
        (replace(fits, words=fits.words[..., :64]), "expected width 128"),
    ):
        with pytest.raises(ValueError, match=told):
            grounder.ground(wrong, "thing")


def test_the_model_of_day_1_hands_on_the_finer_stage(known: Lessons, encoders: FrozenEncoders) -> None:
    tokens, finer = encoders.vision.stages(torch.zeros(2, 3, 96, 96))
    torch.testing.assert_close(tokens, encoders.vision(torch.zeros(2, 3, 96, 96)))
    assert finer is not None
    assert finer.shape == (2, 144, 64)


def test_a_training_that_was_stopped_gives_the_same_bits(
    known: Lessons, encoders: FrozenEncoders, tmp_path: Path
) -> None:
    recipe = Recipe(steps=52, trusting=1, moments=2, questions=1)
    whole, resumed = untrained(), untrained()
    train(whole, known, encoders, TRAINED, recipe)

    class Stopped(Exception):
        pass

    def stop(at: Progress) -> None:
        if at.step == 50:
            (tmp_path / "seen").touch()
        if at.step > 50:
            raise Stopped

    checkpoint = tmp_path / "run.pt"
    with pytest.raises(Stopped):
        train(untrained(), known, encoders, TRAINED, recipe, stop, checkpoint)
    train(resumed, known, encoders, TRAINED, recipe, checkpoint=checkpoint)
    assert (tmp_path / "seen").exists()
    for name, part in whole.state_dict().items():
        assert torch.equal(part, resumed.state_dict()[name]), name
    with pytest.raises(ValueError, match="expected Recipe"):
        train(untrained(), known, encoders, TRAINED, replace(recipe, seed=1), checkpoint=checkpoint)


def test_files_give_back_the_grounder_and_say_what_is_wrong_with_them(tmp_path: Path) -> None:
    folder = tmp_path / "grounder"
    grounder = untrained()
    save_grounder(grounder, folder, "trained")
    again = load_grounder(folder)
    for name, part in grounder.state_dict().items():
        torch.testing.assert_close(again.state_dict()[name], part, atol=2e-3, rtol=2e-3)
    assert not any(part.requires_grad for part in again.parameters())
    with pytest.raises(FileNotFoundError, match="missing"):
        load_grounder(tmp_path / "nowhere")
    config = json.loads((folder / "config.json").read_text())

    def broken(**changes: object) -> Path:
        copy = tmp_path / "broken"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(folder, copy)
        (copy / "config.json").write_text(json.dumps({**config, **changes}))
        return copy

    with pytest.raises(ValueError, match=r"expected \(3, 32, 12, 12\) by config.json"):
        load_grounder(broken(width=32))
    with pytest.raises(ValueError, match="scores is 'best'"):
        load_grounder(broken(scores="best"))
    with pytest.raises(ValueError, match="adds heads"):
        load_grounder(broken(heads=4))
    with pytest.raises(ValueError, match="trained on other encoders"):
        load_grounder(broken(encoders="0"))
    cut = broken()
    (cut / "model.safetensors").write_bytes((cut / "model.safetensors").read_bytes()[:200])
    with pytest.raises(FileNotFoundError, match="not whole"):
        load_grounder(cut)


def test_a_pixel_beside_the_box_is_on_it_and_two_beside_are_not() -> None:
    box = torch.tensor([10.0, 20.0, 12.0, 22.0])  # three pixels a side: 10 to 13, 20 to 23
    asked = torch.tensor([[11.5, 21.5], [13.9, 21.0], [9.1, 21.0], [14.1, 21.0], [11.0, 18.9]])
    assert on_it(asked, box).tolist() == [True, True, True, False, False]


def test_calibration_error_is_the_gap_of_its_bins() -> None:
    told = np.array([0.95] * 100 + [0.15] * 100, dtype=np.float32)
    right = np.array([True] * 75 + [False] * 25 + [True] * 15 + [False] * 85)
    assert calibration_error(told, right) == pytest.approx(0.10, abs=1e-3)
