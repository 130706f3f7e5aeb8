"""Panels and pictures of the model: they show what model and encoders say, and refuse what cannot be shown."""

import re

import numpy as np
import pytest
import torch

from tests.learning.tiny_encoders import IMAGE_SIZE, language_folder, vision_folder
from vla_course.course.exercise import NotAttempted
from vla_course.learning.encoders.dual_encoder import DualEncoder
from vla_course.learning.encoders.encoders import load_language_encoder, load_vision_encoder
from vla_course.learning.model.joint_range import joint_range
from vla_course.learning.model.machine import LatencyReport, MachineCeiling
from vla_course.learning.model.vla_config import VLAConfig
from vla_course.learning.pretraining.retrieval import Gallery, fits
from vla_course.panels.model import latency_panel
from vla_course.panels.model.attention_panel import ACTIONS, AttentionPanel, text_to_image
from vla_course.panels.model.first_try import first_try, tries_picture
from vla_course.panels.model.inputs import (
    padding_picture,
    pixels_of,
    reading_picture,
    seen_picture,
    token_row_picture,
)
from vla_course.panels.model.latency_panel import (
    Candidate,
    LatencyPanel,
    latency_picture,
    roofline_picture,
    runs_within,
)
from vla_course.panels.model.outputs import range_picture, steps_picture, taught_a_sine
from vla_course.panels.model.similarity import PhraseFinder, phrase_map, similarity_picture, swapped_picture
from vla_course.reference.day1_fundamentals.fusion import ModalityFusion
from vla_course.reference.day1_fundamentals.humanoid_vla import HumanoidVLA
from vla_course.reference.day1_fundamentals.latency import measure_latency, roofline
from vla_course.reference.day1_fundamentals.pooling import masked_mean
from vla_course.reference.day1_fundamentals.preprocessing import preprocess_image
from vla_course.simulation.robot.layout import ARMS, JOINT_NAMES
from vla_course.simulation.scene.cameras import PLACES

COMMAND = "pick up the red cup"


@pytest.fixture(scope="module")
def encoders(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    vision = load_vision_encoder(str(vision_folder(folder / "eyes")))
    language = load_language_encoder(str(language_folder(folder / "words")))
    torch.manual_seed(3)
    return DualEncoder(vision, language).eval()


@pytest.fixture(scope="module")
def model(encoders):
    torch.manual_seed(0)
    return HumanoidVLA(encoders.vision, encoders.language, config=VLAConfig(hidden_size=32, chunk=4)).eval()


@pytest.fixture(scope="module")
def rgb():
    rng = np.random.default_rng(0)
    return {place: rng.integers(0, 256, (48, 64, 3), dtype=np.uint8) for place in PLACES}


@pytest.fixture(scope="module")
def scenes():
    rng = np.random.default_rng(1)
    pictures = rng.integers(0, 256, (3, IMAGE_SIZE, IMAGE_SIZE, 3), dtype=np.uint8)
    return Gallery(pictures, ("a red cup on the left", "a green box on the left", "a blue ball on the left"))


STATE = np.zeros(75, dtype=np.float32)


def test_phrase_map_peaks_where_the_encoders_find_the_phrase(encoders, scenes):
    heat = phrase_map(encoders, scenes.rgb[0], COMMAND)
    assert heat.shape == encoders.vision.grid
    with torch.no_grad():
        (_, near), text = encoders.pictures(scenes.rgb[:1]), encoders.words([COMMAND])
        best = float(encoders.space.patch_logits(near, text))
    scale, bias = encoders.space.scale[1].exp().item(), encoders.space.bias[1].item()
    assert scale * float(heat.max()) + bias == pytest.approx(best, abs=1e-4)


def test_finder_has_a_map_for_each_scene_and_refuses_nothing_said(encoders, scenes):
    finder = PhraseFinder(encoders, scenes)
    finder.find("red cup")
    assert len(finder.maps) == 3
    assert "red cup" in finder.status
    finder.find("")
    assert finder.maps is None
    assert "expected a sentence" in finder.status


def test_similarity_picture_names_the_best_scene_of_each_text(encoders, scenes):
    alt = similarity_picture(encoders, scenes).alt
    best = fits(encoders, scenes.rgb, scenes.captions).argmax(axis=0)
    for text, column in zip(scenes.captions, best, strict=True):
        assert f"{text!r} fits scene {column + 1} best" in alt


def test_swapped_picture_says_which_place_the_true_caption_takes(encoders):
    rgb = np.random.default_rng(1).integers(0, 256, (2, IMAGE_SIZE, IMAGE_SIZE, 3), dtype=np.uint8)
    texts = ("a red cup, a blue ball and a green box", "a white box, a red ball and a black cup")
    alt = swapped_picture(encoders, Gallery(rgb, texts)).alt
    assert re.search(
        r"as one vector it comes [1-8], [1-8] of 8; phrase by phrase it comes [1-8], [1-8] of 8", alt
    )


def test_attention_shares_belong_to_a_whole(model, rgb):
    maps = text_to_image(model, rgb, STATE, COMMAND)
    assert list(maps) == [ACTIONS, "[CLS]", "pick", "up", "the", "red", "cup", "[SEP]"]
    for share in maps.values():
        assert share.shape == (3, *model.vision_encoder.grid)
        assert share.min() >= 0.0
        assert 0.0 < share.sum() < 1.0


def test_attention_moves_with_the_command_and_the_asker(model, rgb):
    panel = AttentionPanel(model, rgb, STATE, COMMAND)
    first, shown = panel.maps[ACTIONS], panel.status
    panel.ask("move green box to left")
    assert np.abs(panel.maps[ACTIONS] - first).max() > 1e-6
    assert panel.status != shown
    panel.ask("move green box to left", asker="green")
    assert "&#x27;green&#x27; over three camera views" in panel.status
    with pytest.raises(ValueError, match="asker is 'red', expected one of"):
        panel.ask("move green box to left", asker="red")


def test_attention_panel_refuses_nothing_said_and_answers_again(model, rgb, encoders):
    panel = AttentionPanel(model, rgb, STATE, COMMAND, encoders)
    panel.ask(" ")
    assert panel.maps is None
    assert "expected a sentence" in panel.status
    with pytest.raises(ValueError, match="no command was answered"):
        panel.picture()
    panel.ask("stand still")
    assert len(panel.picture().axes) == 6


def _missing(*_args, **_more):
    raise NotAttempted("1.8")


def test_panels_show_the_card_of_an_exercise_that_waits(model, rgb, encoders, monkeypatch):
    monkeypatch.setattr(model, "predict", _missing)
    panel = AttentionPanel(model, rgb, STATE)
    assert panel.maps is None
    assert "HumanoidTokens.assemble" in panel.status
    watch = LatencyPanel(_missing, measure_latency, encoders.vision, encoders.language)
    assert watch.measure() is None
    assert "assembly.py" in watch.status
    assert not watch.button.disabled


def _broken(*_args, **_more):
    raise RuntimeError("shapes [2, 3] do not fit")


def test_panels_show_what_the_students_code_raises_and_nothing_that_was_before(
    model, rgb, encoders, monkeypatch
):
    panel = AttentionPanel(model, rgb, STATE)
    monkeypatch.setattr(model, "predict", _broken)
    panel.ask("stand still")
    assert panel.maps is None
    assert "RuntimeError: shapes [2, 3] do not fit" in panel.status
    watch = LatencyPanel(HumanoidVLA, measure_latency, encoders.vision, encoders.language)
    assert watch.measure(hidden_size=64, repeats=2) is not None
    watch = LatencyPanel(HumanoidVLA, _broken, encoders.vision, encoders.language)
    assert watch.measure(hidden_size=64, repeats=2) is None
    assert "RuntimeError" in watch.status
    assert not watch.candidates


def test_latency_panel_keeps_one_line_a_model(encoders):
    watch = LatencyPanel(HumanoidVLA, measure_latency, encoders.vision, encoders.language)
    small = watch.measure(hidden_size=64, repeats=2)
    large = watch.measure(hidden_size=128, decoder="lstm", repeats=2)
    again = watch.measure(hidden_size=64, repeats=2)
    assert [one.name for one in watch.candidates] == ["shipped · 128 · lstm", "shipped · 64 · transformer"]
    assert small.flops == again.flops < large.flops
    assert small.weights < large.weights
    with pytest.raises(ValueError, match="eyes are 'owl', expected one of"):
        watch.measure("owl")


@pytest.mark.parametrize(
    ("step", "seconds", "runs"), [(0.01, 1.005, 100), (0.3, 2.0, 6), (9.0, 2.0, 5), (1e-6, 2.0, 200)]
)
def test_a_stopwatch_runs_for_seconds_and_not_for_a_number_of_runs(monkeypatch, step, seconds, runs):
    clock = iter((10.0, 10.0 + step))
    monkeypatch.setattr(latency_panel.time, "perf_counter", lambda: next(clock))
    assert runs_within(lambda: None, seconds) == runs


def test_latency_panel_says_that_it_measures_and_then_no_more(encoders):
    said = []

    def measure(step, warm_up, repeats):
        said.append((watch.button.description, watch.button.disabled, watch._telling.value, repeats))
        return measure_latency(step, 0, 1)

    watch = LatencyPanel(HumanoidVLA, measure, encoders.vision, encoders.language)
    watch.measure(hidden_size=64)
    ((button, disabled, telling, repeats),) = said
    assert (button, disabled) == ("measuring ...", True)
    assert telling == "measuring shipped, 64 wide, transformer ..."
    assert 5 <= repeats <= 200
    assert (watch.button.description, watch.button.disabled, watch._telling.value) == ("Measure", False, "")


def test_late_models_are_told_from_those_in_time():
    in_time = Candidate("quick", LatencyReport(20.0, 30.0, 40.0, 50.0, 25.0), 10**9, 10**7)
    late = Candidate("slow", LatencyReport(90.0, 110.0, 120.0, 11.0, 8.3), 10**9, 10**10)
    picture = latency_picture([in_time, late])
    assert "quick: 20 to 40 ms; slow: 90 to 120 ms" in picture.alt
    bars = [line.get_color() for line in picture.axes[0].lines if line.get_linewidth() == 7]
    assert bars[0] != bars[1]
    roof = roofline_picture(MachineCeiling(1e11, 1e10), roofline, [in_time, late])
    assert "quick: compute bound, 50 % of what is attainable" in roof.alt
    assert "slow: memory bound" in roof.alt


def test_padding_moves_a_plain_mean_and_not_a_masked_one(encoders):
    means = {"plain": lambda tokens, mask: tokens.mean(dim=1), "masked": masked_mean}
    told = padding_picture(encoders.language, "stand still", means, most=6).alt
    assert float(re.search(r"plain (\d+) %", told)[1]) > 0
    assert "masked 0 %" in told


def test_pictures_of_inputs_count_what_is_there(encoders, rgb):
    vision, language = encoders.vision, encoders.language
    assert "32 x 32 pixels, cut into 4 x 4 patches" in seen_picture(rgb, vision, preprocess_image).alt
    fusion = ModalityFusion(VLAConfig(hidden_size=32), vision.width, language.width, vision.grid).eval()
    words = language.tokenize(["stand still", "pick up the red cup"])
    with torch.no_grad():
        patches, read = vision(pixels_of(rgb, vision, preprocess_image)[0]), language(*words)
    inputs = (patches, read[:1], torch.zeros(1, STATE.size), words.attention_mask[:1])
    alt = reading_picture(fusion, inputs, language.pieces(words.input_ids)[0]).alt
    assert "16 patches, 7 words and 1 state" in alt
    assert "the 3 columns of padding are empty" in alt
    row = torch.tensor([[1] * 6 + [1, 1, 1], [1] * 6 + [0, 1, 0]])
    assert "sample 1: 9 of 9 there; sample 2: 7 of 9 there" in token_row_picture(row, 3, 2, 1, 1).alt


def test_pictures_of_outputs_tell_what_leaves_its_range_or_stands_still():
    limits = joint_range(14)
    middle = torch.tensor((limits.lower + limits.upper) / 2.0).expand(5, -1)
    beyond = torch.tensor(limits.upper + 0.1).expand(2, -1)
    assert "0 dots lie outside" in range_picture(limits, JOINT_NAMES[ARMS], {"calm": middle}).alt
    assert (
        "28 dots lie outside"
        in range_picture(limits, JOINT_NAMES[ARMS], {"calm": middle, "wild": beyond}).alt
    )
    steps = {"still": torch.ones(5, 8), "doubling": 2.0 ** torch.arange(5.0).unsqueeze(1).expand(-1, 8)}
    assert "still 0.0 %, doubling 50.0 %" in steps_picture(steps).alt


def test_an_lstm_fed_one_vector_settles_until_training_makes_a_clock_of_it():
    torch.manual_seed(0)
    lstm, repeated = torch.nn.LSTM(64, 64, 2, batch_first=True), torch.randn(64).expand(1, 24, -1)

    def last_change() -> float:
        with torch.no_grad():
            steps = lstm(repeated)[0][0]
        return float((steps[-1] - steps[-2]).norm() / steps[-1].norm())

    assert last_change() < 0.01
    assert taught_a_sine(lstm, repeated) < 0.05
    assert last_change() > 0.1


def test_a_slow_model_is_not_said_to_answer_never():
    slow = Candidate("slow", LatencyReport(2000.0, 2100.0, 2500.0, 0.5, 0.4), 10**9, 10**7)
    assert any("0.4 Hz" in text.get_text() for text in latency_picture([slow]).axes[0].texts)


def test_an_untrained_model_stands_and_says_that_it_is_not_sure(model):
    one = first_try(model, "stand still", seconds=0.4)
    assert one.confidence == pytest.approx(0.02, abs=0.001)
    assert not one.success
    assert one.failure == ""
    assert one.seconds == pytest.approx(0.4, abs=0.01)
    assert one.swing > 0.05
    assert "not done, stands after 0.4 s, 2 % sure" in tries_picture([one], count=2).alt
