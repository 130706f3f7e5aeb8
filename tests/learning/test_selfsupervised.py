"""Learning without labels: pairs that belong together, probes that find what is there, and nothing where nothing is."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from vla_course.learning.grounding.sights import ENTITIES, OTHER_LIGHT, Sights
from vla_course.learning.selfsupervised.models import (
    WIDTH,
    PatchHead,
    SmallEncoder,
    as_pixels,
    both_stages,
)
from vla_course.learning.selfsupervised.objectives import ALIKE, NEXT, OBJECTIVES, draw_pairs, learn
from vla_course.learning.selfsupervised.probe import (
    SIDE,
    Named,
    features_of,
    phase_probe,
    probe,
    supervised,
)
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
    for count in (1, 61):
        with pytest.raises(ValueError, match=f"count is {count}, expected 2 to 60"):
            draw_pairs("time", rollouts, np.random.default_rng(0), count)


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


class Noting(nn.Module):
    """Keeps what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.given: list[Tensor] = []

    def forward(self, told: Tensor) -> Tensor:
        self.given.append(told)
        return told[:, None, None].expand(-1, 1, WIDTH)


@pytest.mark.parametrize(("objective", "cameras"), [("image-text", 1), ("time", 1), ("views", 2)])
def test_one_moment_is_seen_by_both_cameras_and_neighbours_by_one(
    objective, cameras, rollouts: Rollouts
) -> None:
    moment = torch.arange(60.0) + 1.0
    model = Noting()
    list(learn(model, objective, rollouts, ((moment,), (-moment,)), steps=4, count=8))
    of_step = 1 if objective == "image-text" else 2
    for step in range(4):
        given = model.given[of_step * step : of_step * (step + 1)]
        assert len({float(one.sign().mean()) for one in given}) == cameras
        if objective == "views":
            assert torch.equal(given[0], -given[1])
        if objective == "time":
            assert not torch.equal(given[0], given[1])
    assert len({float(one.sign().mean()) for one in model.given}) == 2, "each camera has its turn"


def test_rollouts_are_every_second_frame_of_each_episode_with_the_mean_of_what_was_said() -> None:
    owner, frame = np.repeat(np.arange(2), 5), np.tile(np.arange(5), 2)
    shown = SimpleNamespace(
        frame_of=frame,
        episode_of=owner,
        period=0.1,
        subtasks=10 * owner + frame,
        episodes=[SimpleNamespace(sentence="wave"), SimpleNamespace(sentence="look up")],
        pictures=lambda camera, rows: (
            np.full((len(rows), 2, 2, 3), ("head", "chest").index(camera)) + rows[0]
        ),
    )

    def read(sentences: list[str]) -> tuple[Tensor, Tensor]:
        assert sentences == ["look up", "wave"]
        words = torch.tensor([[[1.0], [3.0]], [[5.0], [99.0]]])
        return words, torch.tensor([[1, 1], [1, 0]])

    found = Rollouts.of(shown, SimpleNamespace(read=read), every=2)  # type: ignore[arg-type]
    assert found.episode.tolist() == [0, 0, 0, 1, 1, 1]
    np.testing.assert_allclose(found.time, [0.0, 0.2, 0.4] * 2)
    assert found.doing.tolist() == [0, 2, 4, 10, 12, 14]
    assert found.said[:, 0].tolist() == [5.0] * 3 + [2.0] * 3
    assert found.sentence.tolist() == [1, 1, 1, 0, 0, 0]
    assert found.rgb.shape == (6, 2, 2, 2, 3)
    assert found.rgb[0, :, 0, 0, 0].tolist() == [0, 1]
    with pytest.raises(ValueError, match="every is 0, expected 1 or more"):
        Rollouts.of(shown, SimpleNamespace(read=read), every=0)  # type: ignore[arg-type]


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
    nothing = replace(asked, picture=np.zeros(0, dtype=np.int64))
    with pytest.raises(ValueError, match="no questions to fit a probe on"):
        probe(train, nothing, test, held)
    with pytest.raises(ValueError, match="no questions to fit a probe on"):
        supervised(SmallEncoder(), (), nothing, seed=0)


def test_a_model_that_is_told_the_places_learns_to_show_them() -> None:
    rng = np.random.default_rng(8)
    (train, asked), (test, held) = questions(80, rng), questions(60, rng)
    torch.manual_seed(1)
    model = nn.Linear(8, WIDTH)
    model.weight.data *= 0.01  # what tells red from blue is there, and drowned
    hidden = [0.2 * torch.randn(*part.shape[:2], WIDTH) for part in (train, test)]

    def right() -> float:
        with torch.no_grad():
            seen = [model(part) + noise for part, noise in zip((train, test), hidden, strict=True)]
        return float(probe(seen[0], asked, seen[1], held).right.mean())

    before = right()
    supervised(model, (train,), asked, seed=0, steps=200)
    assert right() > max(0.9, before + 0.1)


def test_features_of_many_pictures_are_those_of_each() -> None:
    pictures = as_pixels(np.random.default_rng(9).integers(256, size=(5, 96, 96, 3), dtype=np.uint8))
    model = SmallEncoder()
    torch.testing.assert_close(features_of(model, pictures, at_once=2), model(*pictures))


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
    assert not len(Named.of(replace(sights, look=np.full(1, OTHER_LIGHT, dtype=np.int8))))


def test_the_phase_is_asked_on_episodes_that_were_not_fitted_on() -> None:
    rng = np.random.default_rng(7)
    label, group = rng.integers(3, size=90), np.repeat(np.arange(9), 10)
    features = torch.from_numpy(np.eye(3)[label])[:, None].float() + 0.1
    right = phase_probe(features, label, group, np.array([1, 4]))
    assert right.shape == (20,)
    assert right.all()
    by_heart = torch.eye(90)[:, None]  # each moment has a feature of its own: known by heart or not at all
    assert phase_probe(by_heart, label, group, np.array([1, 4])).mean() < 0.7
    for held in (np.array([9]), np.arange(9)):
        with pytest.raises(ValueError, match="held is .*, expected some of the episodes"):
            phase_probe(features, label, group, held)
