"""A residual that gets better by trying: on a problem whose answer is known, and what it is to the bit."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.learning.aiming import BEST, Aiming
from vla_course.course.exercise import NotAttempted
from vla_course.learning.model.going_on import NoResume
from vla_course.learning.reinforcement.decisions import View
from vla_course.learning.reinforcement.improve import Progress, improve
from vla_course.learning.reinforcement.options import ImproveOptions, ImproveParts
from vla_course.learning.reinforcement.policy_loss import PolicyLoss
from vla_course.learning.reinforcement.residual import Residual
from vla_course.learning.reinforcement.rollout import Tried, column, gathering, side_by_side
from vla_course.learning.reinforcement.update import learn_from

QUICK = ImproveOptions(rounds=12, columns=2, length=100, epochs=6, batch=64, rate=3e-3, farthest=0.05)


def fresh(seed: int = 0) -> Residual:
    torch.manual_seed(seed)
    return Residual(Aiming.sizes, width=16)


def run(
    residual: Residual, options: ImproveOptions = QUICK, folder: Path | None = None, **rest: object
) -> list[Progress]:
    return list(improve(residual, Aiming, options, folder, workers=0, **rest))  # type: ignore[arg-type]


def same(one: Residual, other: Residual) -> bool:
    return all(
        torch.equal(a, b) for a, b in zip(one.state_dict().values(), other.state_dict().values(), strict=True)
    )


def test_where_nothing_is_amiss_nothing_is_corrected() -> None:
    """Whatever came in first, and whatever was learnt: the correction of features that are 0 is 0."""
    residual = fresh()
    residual.settle(torch.randn(20, 2) + 3.0, torch.randn(20, 1))
    torch.nn.init.normal_(residual.actor.weight)
    assert torch.equal(residual(torch.zeros(1, 2)), torch.zeros(1, 1))
    assert residual(torch.ones(1, 2)).abs().min() > 0.01


@pytest.mark.parametrize("seed", [0, 1])
def test_it_learns_which_side_and_how_far(seed: int) -> None:
    residual = fresh(seed)
    reports = run(residual, replace(QUICK, rounds=18, seed=seed))
    with torch.no_grad():
        left, right = residual(torch.tensor([[1.0, 0.2], [-1.0, 0.2]])).squeeze(-1).tolist()
    assert left == pytest.approx(BEST, abs=0.25)
    assert right == pytest.approx(-BEST, abs=0.25)
    assert reports[0].success < 0.4 < 0.7 < reports[-1].success


def test_a_new_residual_corrects_nothing_and_tries_evenly() -> None:
    residual = fresh()
    features = torch.randn(5, 2)
    assert torch.equal(residual(features), torch.zeros(5, 1))
    chances = torch.distributions.Normal(torch.zeros(5, 1), residual.log_spread.exp())
    tried = torch.randn(5, 1)
    torch.testing.assert_close(residual.log_prob(features, tried), chances.log_prob(tried).sum(-1))


def test_the_same_seed_gives_the_same_bits_and_another_one_others() -> None:
    one, two, other = fresh(), fresh(), fresh()
    short = replace(QUICK, rounds=2)
    first, second = run(one, short), run(two, short)
    run(other, replace(short, seed=1))
    assert same(one, two)
    assert not same(one, other)
    assert [report.reward for report in first] == [report.reward for report in second]


def test_a_training_that_was_cut_off_ends_with_the_same_bits(tmp_path: Path) -> None:
    whole, cut = fresh(), fresh()
    options = replace(QUICK, rounds=4)
    run(whole, options)
    going: Iterator[Progress] = improve(cut, Aiming, options, tmp_path, workers=0)
    next(going), next(going)
    going.close()
    resumed = fresh(5)
    reports = run(resumed, options, tmp_path)
    assert [report.round for report in reports] == [1, 2, 3, 4]
    assert reports[-1].decisions == 800
    assert same(whole, resumed)


def test_a_checkpoint_of_another_training_is_refused(tmp_path: Path) -> None:
    run(fresh(), replace(QUICK, rounds=1), tmp_path)
    with pytest.raises(NoResume, match=r"reinforcement\.pt: options\.gamma is 0\.95, expected 0\.9:"):
        run(fresh(), replace(QUICK, rounds=1, gamma=0.9), tmp_path)


def test_it_goes_by_the_parts_that_it_is_handed() -> None:
    """Whose advantages have the wrong sign gets worse; whose objective says nothing stays where it is."""
    reference = ImproveParts.reference()

    def upside_down(*given: object) -> tuple[np.ndarray, np.ndarray]:
        gains, returns = reference.advantages(*given)
        return -gains, returns

    worse = fresh()
    run(worse, replace(QUICK, rounds=4), parts=replace(reference, advantages=upside_down))
    with torch.no_grad():
        assert float(worse(torch.tensor([[1.0, 0.2]]))) < 0.0

    still = fresh()

    def mute(new: torch.Tensor, *rest: object) -> PolicyLoss:
        return replace(reference.objective(new, *rest), loss=0.0 * new.sum())

    run(still, replace(QUICK, rounds=1, penalty=0.0), parts=replace(reference, objective=mute))
    assert torch.equal(still(torch.ones(1, 2)), torch.zeros(1, 1))


def test_whoever_has_not_written_a_part_is_told_so_before_anything_is_tried() -> None:
    def unsolved(*_: object) -> PolicyLoss:
        raise NotAttempted("4.10")

    def nowhere() -> Aiming:
        raise AssertionError("a world was made")

    parts = replace(ImproveParts.reference(), objective=unsolved)
    with pytest.raises(NotAttempted, match=r"exercise 4\.10"):
        next(improve(fresh(), nowhere, QUICK, workers=0, parts=parts))


def test_what_is_not_needed_is_kept_small_by_the_penalty() -> None:
    free, held = fresh(), fresh()
    short = replace(QUICK, rounds=6)
    loose, tight = run(free, short)[-1], run(held, replace(short, penalty=5.0))[-1]
    assert tight.correction < 0.5 * loose.correction


def test_columns_hold_what_happened_step_by_step() -> None:
    residual = fresh()
    tried = column(Aiming(), residual, (0, 0, 0), 60)
    assert tried.features.shape == (61, 1, 2)
    assert tried.offsets.shape == (60, 1, 1)
    made = tried.features[:, 0, 1]
    over = tried.ended[:, 0]
    assert over.any()
    assert not tried.ended.all()
    assert (made[1:][over] == 0.0).all()  # a new episode has begun
    np.testing.assert_allclose(tried.final_features[over, 0, 1], made[:-1][over] + 0.1, atol=1e-6)
    assert not tried.final_features[~over].any()
    assert (tried.truncated[:, 0] <= (made[:-1] > 0.85)).all()
    assert not (tried.truncated & tried.terminated).any()
    off = np.abs(tried.offsets[:, 0, 0] - BEST * tried.features[:-1, 0, 0])
    np.testing.assert_allclose(tried.rewards[:, 0], tried.success[:, 0] - 0.2 * off, atol=1e-5)


def test_a_column_is_the_same_whatever_was_tried_before() -> None:
    residual = fresh()
    with gathering(Aiming, workers=0) as gather:
        both = gather(residual, [(0, 0, 0), (0, 0, 1)], 30)
        alone = gather(residual, [(0, 0, 1)], 30)
    assert np.array_equal(both.offsets[:, 1:], alone.offsets)
    assert np.array_equal(both.rewards[:, 1:], alone.rewards)


@pytest.mark.full
def test_worker_processes_try_the_same_bits() -> None:
    here, there = fresh(), fresh()
    short = replace(QUICK, rounds=2)
    run(here, short)
    list(improve(there, Aiming, short, workers=2))
    assert same(here, there)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("rounds", 0, "expected at least 1"),
        ("gamma", 1.2, "expected above 0, up to 1"),
        ("rate", 0.0, "expected more than 0"),
        ("penalty", -1.0, "expected 0 or more"),
    ],
)
def test_options_out_of_range_are_named(name: str, value: float, expected: str) -> None:
    with pytest.raises(ValueError, match=rf"ImproveOptions\.{name} is {value}, {expected}"):
        ImproveOptions(**{name: value})  # type: ignore[arg-type]


def learnt(tried: Tried, options: ImproveOptions = QUICK, **parts: object) -> Residual:
    """Take the steps of one round on what was tried."""
    return taught(fresh(), tried, options, **parts)


def taught(residual: Residual, tried: Tried, options: ImproveOptions = QUICK, **parts: object) -> Residual:
    """Let `residual` take them."""
    optimiser = torch.optim.Adam(residual.parameters(), options.rate)
    handed = replace(ImproveParts.reference(), **parts)  # type: ignore[arg-type]
    learn_from(residual, optimiser, tried, options, handed, np.random.default_rng(0))
    return residual


@pytest.fixture(scope="module")
def tried() -> Tried:
    with Aiming() as decisions:
        return side_by_side([column(decisions, fresh(), (0, 0, number), 60) for number in range(2)])


def test_an_episode_that_was_cut_off_is_worth_what_its_last_state_is(tried: Tried) -> None:
    asked = []

    def advantages(*given: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        asked.extend(given)
        return ImproveParts.reference().advantages(*given)

    residual = learnt(tried, replace(QUICK, epochs=1, rate=1e-9), advantages=advantages)
    _, values, terminated, truncated, final_values, gamma, lam = asked
    assert (terminated | truncated).any()
    with torch.no_grad():
        last = residual.value(torch.from_numpy(tried.final_features), torch.from_numpy(tried.final_privileged)).numpy()
    np.testing.assert_allclose(final_values[tried.ended], last[tried.ended], atol=1e-5)
    assert np.abs(final_values - values[:-1])[tried.ended].max() > 1e-3
    assert (gamma, lam) == (QUICK.gamma, QUICK.lam)


def test_a_round_ends_where_the_policy_has_come_too_far(tried: Tried) -> None:
    def steps(farthest: float) -> int:
        asked = []

        def objective(*given: object) -> PolicyLoss:
            asked.append(1)
            return ImproveParts.reference().objective(*given)

        learnt(tried, replace(QUICK, farthest=farthest, rate=0.05), objective=objective)
        return len(asked)

    once = -(-120 // QUICK.batch)
    assert steps(1e-6) == once
    assert steps(1e6) == QUICK.epochs * once


def test_a_loss_that_is_no_number_is_refused_and_changes_nothing(tried: Tried) -> None:
    residual, before = fresh(), fresh()

    def objective(*given: object) -> PolicyLoss:
        found = ImproveParts.reference().objective(*given)
        return replace(found, loss=found.loss * float("nan"))

    with pytest.raises(FloatingPointError, match="the loss is nan, expected a finite number"):
        taught(residual, tried, objective=objective)
    assert same(residual, before)


def test_as_many_episodes_begin_alike_as_there_are_attempts() -> None:
    begun = []

    class Thrice(Aiming):
        attempts = 3

        def begin(self, seed: int) -> View:
            begun.append(seed)
            return super().begin(seed)

    with Thrice() as decisions:
        column(decisions, fresh(), (0, 0, 0), 200)
    scenes = [seed // 3 for seed in begun]
    assert len(begun) > 6
    assert [seed % 3 for seed in begun] == [k % 3 for k in range(len(begun))]
    assert all(scenes[k] == scenes[k - k % 3] for k in range(len(begun)))
    assert len({*scenes}) == -(-len(begun) // 3)
