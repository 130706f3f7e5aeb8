"""Ways of fine-tuning: where they begin, what they touch, what is left in the end; and LoRA beside peft's."""

from copy import deepcopy

import pytest
import torch
from torch import Tensor, nn

from vla_course.learning.encoders.frozen import FrozenEncoders
from vla_course.learning.finetuning.new_words import NewWords
from vla_course.learning.finetuning.prototypes import with_prototype
from vla_course.learning.finetuning.pupil import WAYS, Pupil, adapted_layers
from vla_course.learning.finetuning.showing import Lesson
from vla_course.learning.finetuning.teaching import TeachingRecipe, teach
from vla_course.learning.grounding.config import GrounderConfig
from vla_course.learning.grounding.grounder import Grounder


@pytest.fixture(scope="module")
def words() -> NewWords:
    return NewWords(FrozenEncoders.load().language, ["cone"])


@pytest.fixture(scope="module")
def grounder() -> Grounder:
    torch.manual_seed(0)
    return Grounder(GrounderConfig()).eval()


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    """Six demonstrations of noise, with one direction in the features of the patch where the hand went."""
    generator = torch.Generator().manual_seed(1)
    coarse = torch.randn(6, 3, 36, 128, generator=generator)
    finer = torch.randn(6, 3, 144, 64, generator=generator)
    middle = torch.rand(6, 3, 2, generator=generator) * 96.0
    for demonstration in range(6):
        for camera in range(3):
            column, row = (middle[demonstration, camera] // 8).long().tolist()
            finer[demonstration, camera, row * 12 + column] += 3.0
    shows = torch.ones(6, 3)
    shows[:, 2] = 0.0
    shows[0, 1] = torch.nan
    return Lesson(tuple(f"red cone, number {k}" for k in range(6)), coarse, finer, shows, middle)


def answers(grounder: Grounder, lesson: Lesson, words: NewWords) -> tuple[Tensor, ...]:
    with torch.no_grad():
        patches = grounder.patches(lesson.coarse, lesson.finer)
        found = grounder.find(patches, grounder.queries(*words.read(lesson.sentences))[:, 0])
    return found.logits, found.pixels, found.shows, found.spread


@pytest.mark.parametrize("way", WAYS)
def test_every_way_begins_as_the_robot_was_to_the_bit(way, grounder, words, lesson) -> None:
    pupil = Pupil(grounder, words, way)
    for mine, theirs in zip(
        answers(pupil.grounder, lesson, pupil.words), answers(grounder, lesson, words), strict=True
    ):
        assert torch.equal(mine, theirs)


@pytest.mark.parametrize("way", WAYS)
def test_a_way_touches_only_what_is_free_in_it_and_nothing_that_it_was_given(
    way, grounder, words, lesson
) -> None:
    given = deepcopy(grounder.state_dict())
    pupil = Pupil(grounder, words, way)
    before = {name: weight.clone() for name, weight in pupil.named_parameters()}
    free = {id(weight) for weight in pupil.learns}
    for _ in teach(pupil, lesson, TeachingRecipe(steps=2, batch=4)):
        pass
    moved = {name for name, weight in pupil.named_parameters() if not torch.equal(weight, before[name])}
    assert "words.rows" in moved
    assert moved <= {name for name, weight in pupil.named_parameters() if id(weight) in free}
    assert all(torch.equal(value, given[name]) for name, value in grounder.state_dict().items())
    assert any(name.startswith("grounder.") for name in moved) is (way != "word")
    assert not any(name.startswith("grounder.trust") for name in moved)


def test_fewer_numbers_learn_in_a_narrower_way(grounder, words) -> None:
    sizes = {way: Pupil(grounder, words, way).size for way in WAYS}
    assert sizes["word"] == 128
    assert sizes["word"] < sizes["lora"] < sizes["last layers"] < sizes["everything"]
    assert sizes["everything"] == 128 + sum(
        weight.numel() for name, weight in grounder.named_parameters() if not name.startswith("trust")
    )


def test_teaching_repeats_to_the_bit(grounder, words, lesson) -> None:
    losses = []
    for chance in range(2):
        torch.manual_seed(chance)
        pupil = Pupil(grounder, words, "lora", seed=3)
        losses.append([at.loss for at in teach(pupil, lesson, TeachingRecipe(steps=4, batch=4))][1:])
    assert losses[0] == losses[1]


def test_who_is_taught_finds_what_was_shown(grounder, words, lesson) -> None:
    def gaps(grounder: Grounder, words: NewWords) -> Tensor:
        shown = lesson.shows == 1.0
        return (answers(grounder, lesson, words)[1] - lesson.middle)[shown].norm(dim=-1)

    pupil = Pupil(grounder, words, "everything")
    for _ in teach(pupil, lesson, TeachingRecipe(steps=60, batch=6, rate=3e-3)):
        pass
    assert gaps(pupil.taught(), pupil.words).median() < 4.0 < gaps(grounder, words).median()


def test_merged_adapters_say_the_same_in_plain_layers(grounder, words, lesson) -> None:
    pupil = Pupil(grounder, words, "lora")
    for _ in teach(pupil, lesson, TeachingRecipe(steps=3, batch=4, rate=0.03)):
        pass
    taught = pupil.taught()
    assert taught.state_dict().keys() == grounder.state_dict().keys()
    assert not torch.equal(taught.scores.look.weight, grounder.scores.look.weight)
    for mine, theirs in zip(
        answers(taught, lesson, pupil.words), answers(pupil.grounder, lesson, pupil.words), strict=True
    ):
        torch.testing.assert_close(mine, theirs, atol=2e-5, rtol=1e-4)


def test_lora_says_what_that_of_peft_says(grounder, words, lesson) -> None:
    peft = pytest.importorskip("peft")
    ours, theirs = Pupil(grounder, words, "lora"), deepcopy(grounder)
    names = [name for name in adapted_layers(theirs) if name not in ("where.2", "judge.2")]
    config = peft.LoraConfig(r=4, lora_alpha=8, target_modules=names)
    peft.inject_adapter_in_model(config, theirs)
    generator = torch.Generator().manual_seed(2)
    inputs = torch.randn(5, 7, 96, generator=generator)
    for name in names:
        mine, other = ours.grounder.get_submodule(name), theirs.get_submodule(name)
        for weight, copy in ((mine.down, other.lora_A.default), (mine.up, other.lora_B.default)):
            weight.data = 0.3 * torch.randn(weight.shape, generator=generator)
            copy.weight.data.copy_(weight.data)
        if mine.base.in_features == 96:
            torch.testing.assert_close(mine(inputs), other(inputs), atol=1e-6, rtol=0.0)
    for mine, other in zip(
        answers(ours.grounder, lesson, words), answers(theirs, lesson, words), strict=True
    ):
        torch.testing.assert_close(mine, other, atol=1e-5, rtol=1e-5)


def test_an_adapter_of_a_students_own_is_taken(grounder, words) -> None:
    asked: list[tuple[int, float]] = []

    def plain(layer: nn.Linear, rank: int, alpha: float) -> nn.Module:
        asked.append((rank, alpha))
        return layer

    pupil = Pupil(grounder, words, "lora", adapter=plain, rank=8, alpha=16.0)
    assert len(asked) == len(adapted_layers(grounder))
    assert {alpha / rank for rank, alpha in asked} == {2.0}
    assert max(rank for rank, _ in asked) == 8
    assert pupil.size == 128


def test_a_prototype_is_where_the_hand_went(grounder, lesson) -> None:
    taught = with_prototype(grounder, lesson)
    patches = taught.patches(lesson.coarse, lesson.finer).flatten(0, 1)
    rather = taught.scores.prepare(patches)[..., -1].unflatten(0, (6, 3))
    column, row = (lesson.middle // 8).long().clamp(0, 11).unbind(-1)
    shown = lesson.shows == 1.0
    best = rather.argmax(-1)[shown]
    assert (best == (row * 12 + column)[shown]).float().mean() > 0.8
    query = torch.randn(18, 3, 48, generator=torch.Generator().manual_seed(3))
    with torch.no_grad():
        scores = taught.scores(taught.scores.prepare(patches), query)
        plain = grounder.scores(grounder.scores.prepare(patches), query)
    assert (scores <= plain).all()


@pytest.mark.parametrize(("field", "value"), [("steps", 0), ("batch", 0), ("rehearsed", -1), ("rate", 0.0)])
def test_a_recipe_that_makes_no_sense_is_refused(field: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"TeachingRecipe.{field} is {value}"):
        TeachingRecipe(**{field: value})


def test_no_such_way_and_no_such_rank(grounder, words) -> None:
    with pytest.raises(ValueError, match="way is 'prompt', expected one of: word, last layers, lora"):
        Pupil(grounder, words, "prompt")
    with pytest.raises(ValueError, match="rank is 0, expected 1 or more"):
        Pupil(grounder, words, "lora", rank=0)
