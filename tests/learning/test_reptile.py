"""Reptile where everything is known in closed form: tasks that are parabolas."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from vla_course.learning.finetuning.reptile import reptile

RATE, INNER = 0.1, 5


class Point(nn.Module):
    """Weights that are a place in the plane, and one that is not free."""

    def __init__(self) -> None:
        super().__init__()
        self.place = nn.Parameter(torch.tensor([4.0, -2.0], dtype=torch.float64))
        self.frozen = nn.Parameter(torch.ones(1), requires_grad=False)


def descend(point: Point, goal: Tensor) -> None:
    """Take some steps down |place - goal|^2 / 2."""
    optimizer = torch.optim.SGD([point.place], RATE)
    for _ in range(INNER):
        optimizer.zero_grad()
        ((point.place - goal).square().sum() / 2).backward()
        optimizer.step()


def test_a_round_moves_by_its_pace_to_where_the_task_led() -> None:
    point, goal = Point(), torch.tensor([1.0, 1.0], dtype=torch.float64)
    begin = point.place.detach().clone()
    assert list(reptile(point, lambda number: descend(point, goal), 1, pace=0.25)) == [1]
    way = 1.0 - (1.0 - RATE) ** INNER
    torch.testing.assert_close(point.place.detach(), begin + 0.25 * way * (goal - begin))
    assert point.frozen.item() == 1.0


def test_the_pace_falls_evenly() -> None:
    point, goal = Point(), torch.zeros(2, dtype=torch.float64)
    left, way = point.place.detach().clone(), 1.0 - (1.0 - RATE) ** INNER
    for number in reptile(point, lambda number: descend(point, goal), 4, pace=0.8):
        left = left * (1.0 - 0.8 * (1.0 - (number - 1) / 4) * way)
        torch.testing.assert_close(point.place.detach(), left)


def test_it_ends_in_the_middle_of_its_tasks() -> None:
    rng, point = np.random.default_rng(0), Point()
    goals = torch.tensor([[1.0, 0.0], [-1.0, 0.0], [0.0, 3.0], [0.0, -1.0]], dtype=torch.float64)
    for _ in reptile(point, lambda number: descend(point, goals[rng.integers(4)]), 600, pace=0.1):
        pass
    torch.testing.assert_close(point.place.detach(), goals.mean(0), atol=0.25, rtol=0.0)


@pytest.mark.parametrize(
    ("rounds", "pace", "told"), [(0, 0.5, "rounds is 0"), (1, 0.0, "pace is 0"), (1, 1.5, "pace is 1.5")]
)
def test_what_makes_no_sense_is_refused(rounds: int, pace: float, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        list(reptile(Point(), lambda number: None, rounds, pace))
