"""What a student's function changes of its input is put back, named, and costs one property; nothing else does."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from vla_course.course import check
from vla_course.course.checking.untouched import watch

from .conftest import Course


@dataclass(frozen=True)
class State:
    com: np.ndarray
    parts: list[np.ndarray] = field(default_factory=list)


def called(function, *arguments, **named):
    """The result, and the names of the parameters that were changed."""
    student, changed = SimpleNamespace(answer=function), []
    watch(student, "answer", changed.append)
    return student.answer(*arguments, **named), changed


def test_an_array_that_is_changed_comes_back_as_it_was():
    def answer(masses, positions):
        positions *= masses[:, None]
        return positions.sum(axis=0)

    masses, positions = np.array([1.0, 2.0]), np.array([[1.0, 2.0], [3.0, 4.0]])
    got, changed = called(answer, masses, positions)
    assert got.tolist() == [7.0, 10.0]
    assert positions.tolist() == [[1.0, 2.0], [3.0, 4.0]]
    assert changed == ["positions"]
    assert called(answer, masses, positions=positions)[1] == ["positions"]


def test_an_answer_that_is_the_changed_array_keeps_its_numbers():
    def answer(place, speed):
        place += speed
        return place[:2], speed

    place, speed = np.array([1.0, 2.0, 3.0]), np.ones(3)
    got, changed = called(answer, place, speed)
    assert got[0].tolist() == [2.0, 3.0]
    assert place.tolist() == [1.0, 2.0, 3.0]
    assert changed == ["place"]


def test_a_function_that_keeps_its_hands_off_changes_nothing():
    got, changed = called(lambda values, *more: values * 2.0, np.array([1.0, np.nan]), np.ones(2))
    assert np.isnan(got[1])
    assert changed == []


@pytest.mark.parametrize(
    ("given", "spoil"),
    [
        (np.arange(6.0)[::-2], lambda a: a.sort()),
        (np.arange(3), lambda a: a.__setitem__(0, 9)),
        (np.array([np.nan, 1.0]), lambda a: np.nan_to_num(a, copy=False)),
        ([1.0, 2.0], lambda a: a.append(3.0)),
        ([np.ones(2)], lambda a: a[0].fill(0.0)),
        ({"left": np.ones(2)}, lambda a: a.pop("left")),
        ((np.ones(2), [3.0]), lambda a: a[1].clear()),
        (State(np.ones(3)), lambda a: a.com.fill(0.0)),
        (State(np.ones(3), [np.ones(2)]), lambda a: a.parts[0].fill(0.0)),
        (torch.tensor([1.0, float("nan")]), lambda a: a.nan_to_num_()),
        (torch.zeros(2, 3)[:, 1], lambda a: a.add_(1.0)),
        (torch.tensor([True, False]), lambda a: a.logical_not_()),
    ],
    ids=[
        *("view", "int", "nan", "list", "array in a list", "dict", "list in a tuple", "dataclass"),
        *("list in a dataclass", "nan in a tensor", "view of a tensor", "mask"),
    ],
)
def test_whatever_can_be_changed_is_noticed_and_put_back(given, spoil):
    before = repr(given)
    assert called(lambda _, given: spoil(given), 1.0, given)[1] == ["given"]
    assert repr(given) == before


def test_what_was_changed_before_an_exception_comes_back_too():
    def answer(values):
        values[0] = 9.0
        raise ValueError("no")

    student, changed, values = SimpleNamespace(answer=answer), [], np.ones(2)
    watch(student, "answer", changed.append)
    with pytest.raises(ValueError, match="no"):
        student.answer(values)
    assert (values.tolist(), changed) == ([1.0, 1.0], ["values"])


def test_what_a_function_passes_to_itself_is_its_own():
    def answer(values, found):
        if len(values) == 0:
            return found
        found.append(values[0])
        return student.answer(values[1:], found)

    student, changed = SimpleNamespace(answer=lambda values, found=(): answer(values, list(found))), []
    watch(student, "answer", changed.append)
    assert student.answer([1, 2, 3]) == [1, 2, 3]
    assert changed == []


def test_a_changed_tensor_that_is_the_answer_keeps_its_numbers_and_its_gradient():
    student, changed = SimpleNamespace(answer=lambda values, slope: values.mul_(slope)), []
    watch(student, "answer", changed.append)
    given, slope = torch.ones(2), torch.tensor(3.0, requires_grad=True)
    got = student.answer(given, slope)
    got.sum().backward()
    assert (got.tolist(), float(slope.grad)) == ([3.0, 3.0], 2.0)
    assert given.tolist() == [1.0, 1.0]
    assert changed == ["values"]


class Filter(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.last = np.zeros(2)

    def step(self, values):
        self.last += values
        return super().extra_repr(), self.last.copy()

    @staticmethod
    def twice(values):
        values *= 2.0
        return values.copy()

    @classmethod
    def named(cls, values):
        values.fill(0.0)
        return cls.__name__


def test_a_method_may_change_its_object_and_nothing_else():
    student, changed, values = SimpleNamespace(Filter=Filter), [], np.ones(2)
    for name in ("step", "twice", "named"):
        watch(student, f"Filter.{name}", changed.append)
        watch(student, f"Filter.{name}", changed.append)
    filtered = Filter()
    filtered.step(values)
    assert filtered.step(values)[1].tolist() == [2.0, 2.0]
    assert changed == []
    assert Filter.twice(values).tolist() == filtered.twice(values).tolist() == [2.0, 2.0]
    assert filtered.named(values) == "Filter"
    assert (values.tolist(), changed) == ([1.0, 1.0], ["values"] * 3)


def test_a_gradient_goes_through_a_watched_function():
    x = torch.ones(2, requires_grad=True)
    got, changed = called(lambda x: (x * x).sum(), x)
    got.backward()
    assert (x.grad.tolist(), changed) == ([2.0, 2.0], [])


def test_a_check_names_what_is_changed_and_takes_one_property_for_it(course: Course) -> None:
    shown = course.root.graded / "shown" / "day1_numbers" / "test_1_1_mean.py"
    shown.write_text(shown.read_text().replace("student.mean([1.0, 2.0, 6.0])", "student.mean(values)").replace(
        "def test_known_numbers(student):", "def test_known_numbers(student):\n    values = [1.0, 2.0, 6.0]"
    ).replace("expect_close(got, 3.0,", "expect_close(got, sum(values) / 3,"))
    course.answer("1.1", "if len(values) == 0:\n    raise ValueError('none')\nn = len(values)\n"
                  "for k in range(n):\n    values[k] /= n\nreturn sum(values)")
    verdict = check("1.1")
    assert (verdict.status, verdict.points) == ("partly", 2.0)
    first, *rest = verdict.properties
    assert first.message == "your function changes `values`, which whoever passes it in still needs: work on a copy"
    assert (first.expected, first.got) == ("", "")
    assert all(part.passed for part in rest)


def test_wrong_numbers_are_told_beside_it_and_against_the_unspoilt_truth(course: Course) -> None:
    course.answer("1.1", "values[0] = 100.0\nreturn sum(values)")
    part = check("1.1").properties[1]
    assert part.message.startswith("mean is off by")
    course.answer("1.2", "values[0] = 0.0\nreturn -1.0")
    told = check("1.2").properties[0].message
    assert told.startswith("spread is off by 3; and your function changes `values`")
