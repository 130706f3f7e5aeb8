"""Learning without labels: pairs that belong together, probes that find what is there, and nothing where nothing is."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from vla_course.learning.grounding.sights import ENTITIES, Sights
from vla_course.learning.selfsupervised.models import (
    WIDTH,
    PatchHead,
    SmallEncoder,
    as_pixels,
    both_stages,
)
from vla_course.learning.selfsupervised.objectives import ALIKE, NEXT, OBJECTIVES, draw_pairs, learn
from vla_course.learning.selfsupervised.probe import SIDE, Named, phase_probe, probe
from vla_course.learning.selfsupervised.rollouts import Rollouts


@pytest.fixture
def rollouts() -> Rollouts:
    """Three episodes of twenty moments, 0.2 s apart; the first two were told the same."""
    episode = np.repeat(np.arange(3), 20)
    sentence = np.array([0, 0, 1])[episode]
    said = torch.randn(2, 128, generator=torch.Generator().manual_seed(0))[torch.from_numpy(sentence)]
    time = np.tile(np.arange(20) * 0.2, 3)
    rgb = np.zeros((60, 2, 96, 96, 3), dtype=np.uint8)
    return Rollouts(rgb, episode, time, np.zeros(60, dtype=np.int64), said, sentence)


def test_neighbours_in_time_are_of_one_episode_and_near(rollouts: Rollouts) -> None:
    pairs = draw_pairs("time", rollouts, np.random.default_rng(0), 40)
    assert (pairs.one != pairs.other).all()
    assert (rollouts.episode[pairs.one] == rollouts.episode[pairs.other]).all()
    assert (np.abs(rollouts.time[pairs.one] - rollouts.time[pairs.other]) <= NEXT).all()


@pytest.mark.parametrize("objective", ["time", "views"])
def test_moments_close_in_time_are_no_negatives_and_far_ones_are(objective, rollouts: Rollouts) -> None:
    pairs = draw_pairs(objective, rollouts, np.random.default_rng(1), 40)
    near = np.abs(rollouts.time[pairs.one][:, None] - rollouts.time[pairs.other][None]) < ALIKE
    mine = rollouts.episode[pairs.one][:, None] == rollouts.episode[pairs.other][None]
    np.testing.assert_array_equal(pairs.same, near & mine)
    assert pairs.same.any()
    assert (mine & ~pairs.same).any()


def test_what_was_told_the_same_is_no_negative(rollouts: Rollouts) -> None:
    pairs = draw_pairs("image-text", rollouts, np.random.default_rng(2), 40)
    told = rollouts.sentence[pairs.one]
    np.testing.assert_array_equal(pairs.one, pairs.other)
    np.testing.assert_array_equal(pairs.same, told[:, None] == told[None])


def test_bad_questions_are_refused(rollouts: Rollouts) -> None:
    with pytest.raises(ValueError, match="objective is 'colour', expected one of: image-text, time, views"):
        draw_pairs("colour", rollouts, np.random.default_rng(0), 4)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="count is 1, expected 2 or more"):
        draw_pairs("time", rollouts, np.random.default_rng(0), 1)


class Bright(nn.Module):
    """One patch: as bright as the picture, times a weight."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, WIDTH)

    def forward(self, told: Tensor) -> Tensor:
        found: Tensor = self.layer(told).unsqueeze(1)
        return found


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_every_objective_learns_what_tells_its_pairs(objective, rollouts: Rollouts) -> None:
    generator = torch.Generator().manual_seed(4)
    of_episode = torch.randn(3, 4, generator=generator)[torch.from_numpy(rollouts.episode)]
    moments = of_episode + torch.from_numpy(rollouts.time).float()[:, None] * torch.tensor([1.0, 0, 0, 0])
    views = ((moments,), (moments + 0.01,))
    torch.manual_seed(0)
    model = Bright()
    losses = [at.loss for at in learn(model, objective, rollouts, views, steps=60, count=16, rate=1e-2)]
    assert np.mean(losses[-10:]) < 0.8 * np.mean(losses[:5])


def test_a_students_loss_is_taken(rollouts: Rollouts) -> None:
    asked = []

    def loss(one: Tensor, other: Tensor, temperature: float, same: Tensor) -> Tensor:
        asked.append((tuple(one.shape), same.dtype))
        return (one - other).square().mean()

    views = ((torch.zeros(60, 4),), (torch.zeros(60, 4),))
    list(learn(Bright(), "views", rollouts, views, steps=1, count=8, info_nce=loss))
    assert asked == [((8, WIDTH), torch.bool)]


def test_both_models_say_144_patches() -> None:
    pictures = as_pixels(np.full((2, 96, 96, 3), 255, dtype=np.uint8))
    assert float(pictures[0].max()) == 1.0
    assert SmallEncoder()(*pictures).shape == (2, 144, WIDTH)
    assert PatchHead()(torch.zeros(2, 36, 128), torch.zeros(2, 144, 64)).shape == (2, 144, WIDTH)


def test_a_finer_patch_stands_with_the_coarse_one_that_it_lies_in() -> None:
    coarse, finer = torch.arange(36.0).view(1, 36, 1), torch.zeros(1, 144, 1)
    both = both_stages(coarse, finer)[0, :, 0].view(12, 12)
    assert both[0, :4].tolist() == [0.0, 0.0, 1.0, 1.0]
    assert both[2, 0] == 6.0


def questions(count: int, rng: np.random.Generator) -> tuple[Tensor, Named]:
    """Pictures in which a red thing lies in one patch and a blue one in another; half ask for the red one."""
    patches = np.array([rng.choice(144, size=2, replace=False) for _ in range(count)])
    features = 0.1 * torch.randn(count, 144, 8, generator=torch.Generator().manual_seed(count))
    for picture, (red, blue) in enumerate(patches.tolist()):
        features[picture, red, 0] += 1.0
        features[picture, blue, 1] += 1.0
    colour = rng.integers(2, size=count)
    mine, other = patches[np.arange(count), colour], patches[np.arange(count), 1 - colour]
    middle, beside = (
        SIDE * (np.stack([at % 12, at // 12], -1) + 0.5).astype(np.float32) for at in (mine, other)
    )
    number = np.arange(count)
    numbers = torch.from_numpy(2 * colour), torch.zeros(count, dtype=torch.int64)
    return features, Named(number, *numbers, middle, beside[:, None], number)


def test_a_probe_finds_what_features_tell_and_guesses_where_they_tell_nothing() -> None:
    rng = np.random.default_rng(5)
    (train, asked), (test, held) = questions(80, rng), questions(60, rng)
    found = probe(train, asked, test, held)
    assert found.right.mean() > 0.95
    assert np.median(found.gap) < 1e-3
    noise = [torch.randn(part.shape, generator=torch.Generator().manual_seed(6)) for part in (train, test)]
    assert probe(noise[0], asked, noise[1], held).right.mean() < 0.75


def test_questions_are_about_what_shows_clearly_beside_others() -> None:
    things = ("red cup", "blue ball", "green box")
    shape = (1, 3, len(ENTITIES))
    pixels, middle = np.zeros(shape, dtype=np.uint16), np.zeros((*shape, 2), dtype=np.float32)
    for k, (name, count) in enumerate(zip(things, (50, 40, 8), strict=True)):
        pixels[0, 0, ENTITIES.index(name)] = count
        middle[0, 0, ENTITIES.index(name)] = 10.0 * k + 5.0, 20.0
    pixels[0, 1, ENTITIES.index("red cup")] = 60  # alone
    blank = np.zeros(1, dtype=np.float32)
    sights = Sights(
        np.zeros((1, 3, 0, 0, 3), dtype=np.uint8),
        pixels,
        middle,
        np.zeros((*shape, 4), dtype=np.uint8),
        np.zeros(shape, dtype=np.float32),
        np.zeros((1, len(ENTITIES), 2), dtype=np.float32),
        np.zeros((1, 3), dtype=np.float32),
        blank,
        np.ones(1, dtype=np.bool_),
        np.full(1, -1, dtype=np.int8),
        np.zeros(1, dtype=np.int8),
    )
    named = Named.of(sights)
    assert sorted(named.colour.tolist()) == [0, 2]
    assert named.picture.tolist() == [0, 0]
    assert np.isfinite(named.others[..., 0]).sum(1).tolist() == [2, 2]
    assert named.patch.tolist() == [24, 25]


def test_the_phase_is_asked_on_episodes_that_were_not_fitted_on() -> None:
    rng = np.random.default_rng(7)
    label, group = rng.integers(3, size=90), np.repeat(np.arange(9), 10)
    features = torch.from_numpy(np.eye(3)[label])[:, None].float() + 0.1
    right = phase_probe(features, label, group, np.array([1, 4]))
    assert right.shape == (20,)
    assert right.all()
