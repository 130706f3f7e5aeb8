"""The reader of commands: what it hears, how it learns, how sure it is, how it is kept."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from vla_course.learning.encoders.encoders import LanguageEncoder, load_language_encoder
from vla_course.learning.planned.policy import UNSURE
from vla_course.learning.reading import training
from vla_course.learning.reading.calibration import (
    auroc,
    calibrate,
    calibration_error,
    kept,
    least_to_act_on,
    validation,
)
from vla_course.learning.reading.command_reader import CommandReader, ReaderConfig, answered, choose, listen
from vla_course.learning.reading.ears import Ears
from vla_course.learning.reading.fields import FIELDS, NOT_ASKED
from vla_course.learning.reading.files import SHIPPED, load_reader, save_reader
from vla_course.learning.reading.heard import Heard, HeardPart, NotAnInstruction
from vla_course.learning.reading.lessons import Lesson, lesson
from vla_course.learning.reading.near_misses.near_misses import aside, faulty
from vla_course.learning.reading.rewording.rewording import kept_words
from vla_course.learning.reading.training import Recipe, reading_loss, train_reader
from vla_course.learning.reading.trials import Trial, ask, pair_trial, seen, two
from vla_course.simulation.scene.things import HELD_OUT
from vla_course.simulation.tasks.instructions import Instruction

SMALL = ReaderConfig(heads=2, intermediate=32, layers=1)
BRIEF = Recipe(steps=4, sentences=12, hide=0.5)
READS = SMALL.reads


@pytest.fixture(scope="module")
def language() -> LanguageEncoder:
    return load_language_encoder()


@pytest.fixture
def reader() -> CommandReader:
    torch.manual_seed(0)
    return CommandReader(SMALL).eval()


SENTENCES = (
    "turn left",
    "pick up the red cup and put it next to the green box",
    "walk forward 2 steps please",
)


# ---- hearing --------------------------------------------------------------------------------------


def test_what_a_sentence_says_does_not_depend_on_those_beside_it(
    reader: CommandReader, language: LanguageEncoder
) -> None:
    together = listen(reader, language, SENTENCES)
    for sentence, heard in zip(SENTENCES, together, strict=True):
        (alone,) = listen(reader, language, [sentence])
        assert alone.parts == heard.parts
        assert alone.confidence == pytest.approx(heard.confidence, abs=1e-5)


def test_confidence_and_probabilities_are_probabilities(
    reader: CommandReader, language: LanguageEncoder
) -> None:
    for heard in listen(reader, language, SENTENCES):
        assert 0.0 < heard.confidence < 1.0
        for part in heard.parts:
            assert part.probabilities.keys() == FIELDS.keys()
            assert all(0.0 < chance <= 1.0 for chance in part.probabilities.values())


def test_it_is_the_thing_of_the_command_before(language: LanguageEncoder) -> None:
    """Answers are set by hand: the second command's thing is "it", whatever colour it would have said."""
    reader = _answering(
        {"skill": "pick up", "colour": "red", "shape": "cup", "where": "my left"},
        {"skill": "point at", "colour": "blue", "shape": "any", "it": "yes"},
    )
    (heard,) = listen(reader, language, ["whatever"])
    first = Instruction("pick up", thing="red cup", where="my left")
    assert heard.instruction() == replace(
        first, then=Instruction("point at", thing="red cup", where="my left")
    )


def test_digits_make_an_amount(language: LanguageEncoder) -> None:
    digits = {"hundreds": "1", "tens": "3", "ones": "7", "tenths": "0"}
    reader = _answering({"skill": "turn", "direction": "left", "unit": "degrees", **digits})
    (heard,) = listen(reader, language, ["whatever"])
    assert heard.instruction() == Instruction("turn", direction="left", amount=137, unit="degrees")


def _answering(*commands: dict[str, str]) -> CommandReader:
    """Return a reader that hears the same in every sentence."""
    reader = CommandReader(SMALL).eval()

    def forward(tokens: torch.Tensor, mask: torch.Tensor) -> training.Reading:
        fields = torch.zeros(len(tokens), 2, *reader.bias.shape)
        for k, said in enumerate(commands):
            for number, (name, answers) in enumerate(FIELDS.items()):
                fields[:, k, number, answers.index(said[name]) if name in said else 0] = 9.0
        count = torch.full((len(tokens),), 5.0 if len(commands) > 1 else -5.0)
        unsaid = torch.zeros(len(tokens))
        return training.Reading(fields, count, unsaid, unsaid, answered(fields, count))

    reader.forward = forward  # type: ignore[method-assign]
    return reader


def test_fields_that_form_no_instruction_are_told() -> None:
    heard = Heard((HeardPart("pick up", direction="left"),), 0.1)
    with pytest.raises(
        NotAnInstruction, match=r"what was heard is no instruction: .*\(direction\), expected \(thing\)"
    ):
        heard.instruction()
    assert not heard.forms_an_instruction


def test_a_reading_that_forms_no_instruction_has_no_confidence(language: LanguageEncoder) -> None:
    too_far = {"unit": "degrees", "hundreds": "1", "tens": "9", "ones": "9"}
    (far,) = listen(_answering({"skill": "turn", "direction": "left", **too_far}), language, ["whatever"])
    assert not far.forms_an_instruction
    assert far.confidence == 0.0


@pytest.mark.parametrize(
    ("tokens", "mask", "says"),
    [
        (
            (1, 4, 128),
            (1, 4),
            r"tokens is \(1, 4, 128\), expected \(sentences, words, 3 layers x 128 \+ 215 of the dictionary\)",
        ),
        ((4, READS), (4,), rf"tokens is \(4, {READS}\)"),
        ((2, 4, READS), (2, 5), r"mask is \(2, 5\), expected \(2, 4\)"),
    ],
)
def test_tokens_of_another_shape_are_refused(
    reader: CommandReader, tokens: Sequence[int], mask: Sequence[int], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        reader.hear(torch.zeros(*tokens), torch.ones(*mask))


def test_a_sentence_without_a_token_is_refused(reader: CommandReader) -> None:
    with pytest.raises(ValueError, match="a sentence without a token"):
        reader.hear(torch.zeros(1, 4, READS), torch.zeros(1, 4))


# ---- learning -------------------------------------------------------------------------------------


def test_a_few_sentences_can_be_learnt(language: LanguageEncoder) -> None:
    torch.manual_seed(0)
    reader, rng = CommandReader(replace(SMALL, dropout=0.0)), np.random.default_rng(0)
    lessons = [seen(rng) for _ in range(6)]
    tokens, mask, _ = Ears.of(language).practise([one.sentence for one in lessons])
    optimizer = torch.optim.AdamW(reader.parameters(), 1e-2)
    for _ in range(80):
        optimizer.zero_grad()
        loss = reading_loss(reader(tokens, mask), lessons)
        loss.backward()
        optimizer.step()
    reader.eval()
    heard = listen(reader, language, [one.sentence for one in lessons])
    assert [one.instruction() for one in heard] == [one.meaning for one in lessons]


def test_a_second_look_learns_whether_all_that_was_heard_is_right(
    reader: CommandReader, language: LanguageEncoder
) -> None:
    asked = [Lesson("walk forward", Instruction("walk", direction="forward")), Lesson("walk the cup", None)]
    seen = Ears.of(language).hear([one.sentence for one in asked])
    read = reader(seen.tokens, seen.mask)
    rightly = torch.tensor([one.labels() for one in asked])
    one_each = torch.tensor([False, False])
    for numbers, is_right in ((rightly.clamp_min(0), True), ((rightly + 1).clamp_min(0), False)):
        heard = replace(read, best=replace(read.best, numbers=numbers, two=one_each))
        right, wrong = (
            reading_loss(replace(heard, right=torch.tensor([odds, -9.0])), asked) for odds in (9.0, -9.0)
        )
        assert bool(right < wrong) == is_right
    sure, unsure = (
        reading_loss(replace(read, right=torch.tensor([0.0, odds])), asked) for odds in (9.0, -9.0)
    )
    assert sure > unsure, "what is no command cannot be heard rightly"


def test_a_second_look_sees_the_answers_that_there_are(reader: CommandReader) -> None:
    words, mask = torch.randn(1, 4, SMALL.width), torch.ones(1, 4, dtype=torch.bool)
    numbers = torch.zeros(1, 2, len(FIELDS), dtype=torch.int64)
    counts = torch.zeros_like(numbers, dtype=torch.bool)
    counts[0, 0, 0] = True
    look = reader.second_look
    before = look(words, mask, numbers, counts)
    one, other = numbers.clone(), numbers.clone()
    one[0, 0, 0], other[0, 1, 3] = 1, 1
    assert not torch.allclose(look(words, mask, one, counts), before)
    torch.testing.assert_close(look(words, mask, other, counts), before)


def test_what_is_no_command_teaches_nothing_about_fields(
    reader: CommandReader, language: LanguageEncoder
) -> None:
    nonsense = [Lesson("cup the left", None)]
    assert {number for row in nonsense[0].labels() for number in row} == {NOT_ASKED}
    reading = reader(*Ears.of(language).practise([nonsense[0].sentence])[:2])
    reading_loss(reading, nonsense).backward()
    assert reader.answers.grad is not None
    assert float(reader.answers.grad.abs().max()) == 0.0
    assert reader.of_sentence.grad is not None
    assert float(reader.of_sentence.grad[1].abs().max()) > 0.0


def test_the_encoder_stays_as_it_is(language: LanguageEncoder) -> None:
    before = language.weights.clone()
    _train(language, BRIEF)
    assert torch.equal(language.weights, before)


def test_a_training_that_was_stopped_goes_on_to_the_same_bits(
    language: LanguageEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "KEEP_EVERY", 2)
    whole = _train(language, BRIEF)

    class Stopped(Exception):
        pass

    def stop(at: training.Progress) -> None:
        if at.step == 4:
            raise Stopped

    checkpoint = tmp_path / "checkpoint.pt"
    with pytest.raises(Stopped):
        _train(language, BRIEF, stop, checkpoint)
    told: list[int] = []
    resumed = _train(language, BRIEF, lambda at: told.append(at.step), checkpoint)
    assert told == [4], "it goes on after the second step"
    for name, value in whole.state_dict().items():
        assert torch.equal(value, resumed.state_dict()[name]), name


def test_a_training_may_stop_early_and_what_it_did_is_told(language: LanguageEncoder, tmp_path: Path) -> None:
    checkpoint = tmp_path / "checkpoint.pt"
    torch.manual_seed(BRIEF.seed)
    steps, seconds = train_reader(CommandReader(SMALL), language, BRIEF, checkpoint=checkpoint, stop=2)
    assert steps == 2
    assert seconds > 0.0
    torch.manual_seed(BRIEF.seed)
    rest = CommandReader(SMALL)
    steps, _ = train_reader(rest, language, BRIEF, checkpoint=checkpoint)
    assert steps == BRIEF.steps
    whole = _train(language, BRIEF)
    assert all(torch.equal(value, rest.state_dict()[name]) for name, value in whole.state_dict().items())


def test_the_checkpoint_of_another_recipe_is_refused(language: LanguageEncoder, tmp_path: Path) -> None:
    checkpoint = tmp_path / "checkpoint.pt"
    _train(language, BRIEF, checkpoint=checkpoint)
    with pytest.raises(
        ValueError, match=r"checkpoint.pt is of Recipe\(seed=0.*expected Recipe\(seed=1.*delete it"
    ):
        _train(language, replace(BRIEF, seed=1), checkpoint=checkpoint)


def _train(
    language: LanguageEncoder,
    recipe: Recipe,
    progress: object = None,
    checkpoint: Path | None = None,
) -> CommandReader:
    torch.manual_seed(recipe.seed)
    reader = CommandReader(SMALL)
    tell = progress if callable(progress) else lambda at: None
    train_reader(reader, language, recipe, tell, checkpoint)
    return reader


# ---- how sure it is -------------------------------------------------------------------------------


def test_calibration_error_of_what_is_known() -> None:
    confidence = np.repeat([0.85, 0.25], 100)
    right = np.concatenate([np.arange(100) < 85, np.arange(100) < 25])
    assert calibration_error(confidence, right) == pytest.approx(0.0, abs=1e-12)
    assert calibration_error(confidence, np.ones(200, dtype=bool)) == pytest.approx((0.15 + 0.75) / 2)
    with pytest.raises(ValueError, match=r"expected as many, at least one"):
        calibration_error(np.zeros(0), np.zeros(0, dtype=bool))


def test_auroc_counts_pairs_in_order() -> None:
    assert auroc(np.array([0.9, 0.8]), np.array([0.1, 0.8])) == pytest.approx((1 + 1 + 1 + 0.5) / 4)
    with pytest.raises(ValueError, match="expected some of both"):
        auroc(np.array([0.5]), np.zeros(0))


def test_confidence_is_judged_on_commands_of_training_on_reworded_ones_and_on_none() -> None:
    lessons = validation(np.random.default_rng(3), 300)
    assert 200 < len(lessons) <= 300, "those with a word of no dictionary are left out"
    assert 0.25 < np.mean([one.meaning is None for one in lessons]) < 0.5
    assert all(one.belongs is not None for one in lessons)


def test_a_robot_acts_on_a_fifth_of_near_misses_at_most() -> None:
    heard = [Trial(Lesson("", None), Heard((HeardPart("stand still"),), k / 100.0)) for k in range(100)]
    assert least_to_act_on(heard) == 0.8
    assert least_to_act_on(heard[:4]) == 0.05
    with pytest.raises(ValueError, match="near_misses is empty"):
        least_to_act_on([])


def test_calibration_lowers_the_loss_of_confidence(reader: CommandReader, language: LanguageEncoder) -> None:
    rng = np.random.default_rng(0)
    lessons = [lesson(rng) for _ in range(40)]
    calibrate(reader, language, lessons)
    heard = listen(reader, language, [one.sentence for one in lessons])
    assert all(one.confidence < 0.1 for one in heard), "it has learnt nothing, and is never right"


def test_the_evidence_is_that_of_the_commands_there_are(language: LanguageEncoder) -> None:
    one = _answering({"skill": "stand still"})
    two = _answering({"skill": "stand still"}, {"skill": "stand still"})
    evidence = [
        choose(reader.forward(torch.zeros(1, 3, READS), torch.ones(1, 3))).evidence[0]
        for reader in (one, two)
    ]
    assert evidence[1][0] < evidence[0][0] < 0.0
    assert evidence[0][1] >= evidence[0][0]


# ---- files ----------------------------------------------------------------------------------------


def test_what_is_kept_is_what_is_read(
    reader: CommandReader, language: LanguageEncoder, tmp_path: Path
) -> None:
    save_reader(reader, tmp_path, {"seed": 0})
    kept = load_reader(tmp_path)
    assert [one.parts for one in listen(kept, language, SENTENCES)] == [
        one.parts for one in listen(reader, language, SENTENCES)
    ]
    assert kept.config == SMALL
    assert not kept.training


def test_a_folder_that_is_not_whole_is_refused(reader: CommandReader, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"config.json is missing"):
        load_reader(tmp_path)
    save_reader(reader, tmp_path)
    weights = tmp_path / "model.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(FileNotFoundError, match=r"model.safetensors is not whole"):
        load_reader(tmp_path)
    weights.unlink()
    with pytest.raises(FileNotFoundError, match=r"model.safetensors is missing"):
        load_reader(tmp_path)


def test_a_reader_of_another_configuration_is_refused(reader: CommandReader, tmp_path: Path) -> None:
    save_reader(reader, tmp_path)
    path = tmp_path / "config.json"
    kept = json.loads(path.read_text())
    path.write_text(json.dumps(kept | {"reader": kept["reader"] | {"layers": 3}}))
    with pytest.raises(ValueError, match=r"model.safetensors: tokens.blocks.1.* is missing, expected \("):
        load_reader(tmp_path)
    path.write_text(json.dumps(kept | {"reader": {"depth": 3}}))
    with pytest.raises(ValueError, match=r"config.json: 'reader' does not say how a reader is built"):
        load_reader(tmp_path)
    path.write_text(json.dumps(kept | {"fields": kept["fields"] | {"shape": ["cup"]}}))
    with pytest.raises(ValueError, match=r"config.json: fields differ from those of this course in 'shape'"):
        load_reader(tmp_path)


def test_weights_that_are_not_finite_are_refused(reader: CommandReader, tmp_path: Path) -> None:
    save_reader(reader, tmp_path)
    state = load_file(tmp_path / "model.safetensors")
    state["bias"][0, 0] = float("nan")
    save_file(state, tmp_path / "model.safetensors")
    with pytest.raises(ValueError, match=r"model.safetensors: bias has a number that is not finite"):
        load_reader(tmp_path)


# ---- the one that is shipped ----------------------------------------------------------------------


def test_the_shipped_reader_is_small() -> None:
    reader = load_reader()
    assert sum(part.numel() for part in reader.parameters()) < 500_000
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < 1_500_000


def test_the_shipped_reader_hears_commands_of_training(language: LanguageEncoder) -> None:
    rng = np.random.default_rng(99)
    asked = ask(load_reader(), language, [seen(rng) for _ in range(150)])
    assert np.mean([one.right for one in asked]) >= 0.99


def test_the_shipped_reader_is_sure_of_commands_of_training(language: LanguageEncoder) -> None:
    rng = np.random.default_rng(99)
    asked = ask(load_reader(), language, [seen(rng) for _ in range(150)])
    assert np.mean([one.heard.confidence >= UNSURE for one in asked]) >= 0.98


def test_the_shipped_reader_hears_pairs_that_were_never_named(language: LanguageEncoder) -> None:
    rng = np.random.default_rng(98)
    asked = ask(load_reader(), language, [pair_trial(name)(rng) for name in HELD_OUT for _ in range(10)])
    assert np.mean([one.right for one in asked]) >= 0.97


def test_the_shipped_reader_hears_two_commands(language: LanguageEncoder) -> None:
    rng = np.random.default_rng(97)
    assert (
        np.mean([one.right for one in ask(load_reader(), language, [two(rng) for _ in range(100)])]) >= 0.95
    )


def test_the_shipped_reader_hears_what_is_reworded_as_no_training_was(language: LanguageEncoder) -> None:
    rng = np.random.default_rng(96)
    asked = ask(load_reader(), language, [kept(rng, pair=False) for _ in range(150)])
    assert np.mean([one.right for one in asked]) >= 0.75


UNSAID = {
    "peer at the mauve cup": Instruction("look at", thing="purple cup"),
    "heft the white box": Instruction("pick up", thing="white box"),
    "twirl left by 90 degrees": Instruction("turn", direction="left", amount=90, unit="degrees"),
    "hurry to the table": Instruction("go to", other="table"),
}
"""sentences with words that are kept from training"""


@pytest.mark.parametrize("sentence", UNSAID)
def test_the_shipped_reader_knows_words_from_the_dictionary(language: LanguageEncoder, sentence: str) -> None:
    assert {*sentence.split()} & kept_words()
    (heard,) = listen(load_reader(), language, [sentence])
    assert heard.instruction() == UNSAID[sentence]


def test_without_its_dictionary_the_shipped_reader_hears_less(language: LanguageEncoder) -> None:
    rng, ears = np.random.default_rng(95), Ears(language)
    lessons = [kept(rng, pair=False) for _ in range(60)]
    heard = ears.hear([one.sentence for one in lessons])
    tokens = heard.tokens.clone()
    tokens[..., -ears.dictionary.width :] = 0.0
    right = [
        np.mean(
            [Trial(*pair).right for pair in zip(lessons, load_reader().hear(of, heard.mask), strict=True)]
        )
        for of in (heard.tokens, tokens)
    ]
    assert right[0] > right[1] + 0.2


def test_what_the_planned_policy_doubts_was_chosen_on_validation() -> None:
    made = json.loads((SHIPPED / "config.json").read_text())["made"]
    assert made["validation"]["least confidence to act on"] == UNSURE


def test_of_near_misses_few_are_acted_on(language: LanguageEncoder) -> None:
    """No kind of these asides, and no foreign word, was in training or validation."""
    rng = np.random.default_rng(94)
    for draw in (faulty, aside):
        asked = ask(load_reader(), language, [draw(rng, "tests") for _ in range(150)])
        assert np.mean([one.heard.confidence >= UNSURE for one in asked]) <= 0.2, draw


def test_the_shipped_reader_is_unsure_of_what_is_no_command(language: LanguageEncoder) -> None:
    sure, unsure = (
        listen(load_reader(), language, sentences)
        for sentences in (
            ("pick up the red cup", "turn left by 90 degrees", "stop"),
            ("the cup the cup the", "seven left of", "never pick the drink"),
        )
    )
    assert min(one.confidence for one in sure) > max(one.confidence for one in unsure)
