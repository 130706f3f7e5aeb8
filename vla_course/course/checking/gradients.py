"""Gradients of a student's function, asked for where it runs and held against the slopes of plain calls.

Reverse mode gives d(sum(c * f(x))) / dx for every argument at once, c being the cotangent (Baydin et al., Automatic
differentiation in machine learning: a survey, 2018, section 3.2). In grading it runs in the student's worker, which
may answer what it likes: `expect_gradients` believes a gradient only as far as the slope along a direction drawn
afterwards, measured by central differences of calls that know nothing of gradients, agrees with it.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, is_dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from vla_course.course.checking.beside import beside
from vla_course.course.checking.judging import Mismatch
from vla_course.course.checking.tensors import is_tensor

if TYPE_CHECKING:
    import torch

Function = Callable[..., Any]
Part = str | int | None
"""Which part of what a function returns: a key of a dict, a field of a dataclass, an index of a tuple, or all of it."""

Path = int | tuple[int | str, ...]
"""Where a tensor is among the arguments: 2 is the third, (0, "head") the entry of a dict that comes first."""

EPSILON = 2.0**-52
STEP = EPSILON ** (1.0 / 3.0)  # where truncation, ~ step^2, and rounding, ~ EPSILON / step, are as large
ROUNDING = 64.0  # units in the last place that a sum of outputs may be off
RTOL = 1e-4
FAR = 2.0**-8  # a step beside which the rounding of float32 is small


@dataclass(frozen=True)
class Gradients:
    """The part asked for of what a function returned, and the gradients, arranged as the arguments are.

    A gradient has the shape of its argument. It is None where that is no tensor of floating numbers, and where no
    gradient reaches it.
    """

    output: Any
    inputs: list[Any]


def gradients(
    function: Function, arguments: Sequence[object], *, cotangent: torch.Tensor, of: Part = None
) -> Gradients:
    """Call `function(*arguments)` where it lives, and follow its output back to every argument.

    Tensors may lie in lists, tuples and dicts. `cotangent` has the output's shape; draw it, for of a layer norm or a
    softmax the plain sum is the same whatever comes in. Raises `TypeError` where the output, or the part `of` it,
    is no tensor.
    """
    found: Gradients = beside(function, followed_back)(function, list(arguments), cotangent, of)
    return found


def followed_back(
    function: Function, arguments: list[object], cotangent: torch.Tensor, of: Part
) -> Gradients:
    """What `gradients` runs beside the function."""
    import torch

    leaves: list[torch.Tensor] = []

    def follow(value: object) -> object:
        if not is_tensor(value) or not value.is_floating_point():
            return value
        leaves.append(value.detach().clone().requires_grad_())
        return leaves[-1]

    with torch.enable_grad():
        output = _part(function(*_each(arguments, follow)), of)
        found: Iterator[torch.Tensor | None] = iter([None] * len(leaves))
        if output.requires_grad and leaves:
            # One sum: a cotangent handed to `grad` has torch load sympy, which takes longer than most tests.
            weighed = torch.dot(output.flatten(), cotangent.to(output).flatten())
            found = iter(torch.autograd.grad(weighed, leaves, allow_unused=True))

    def told(value: object) -> torch.Tensor | None:
        return next(found) if is_tensor(value) and value.is_floating_point() else None

    return Gradients(output.detach(), _each(arguments, told))


def expect_gradients(
    function: Function,
    arguments: Sequence[object],
    *,
    reach: Mapping[str, Path],
    rng: np.random.Generator,
    of: Part = None,
    unused: str | None = None,
    detached: str | None = None,
) -> None:
    """Expect that the output depends on each of these arguments, and that its gradients say how.

    `reach` names them in words ("the robot state") and says where they are; they are float64 (`model.double()`:
    slopes measured in float32 are mostly rounding), and the function answers the same every time (`model.eval()`).
    `unused` names the mistake of an output that does not depend on its argument, `detached` that of a gradient
    that does not arrive, or not whole.
    """
    import torch

    output = _part(function(*arguments), of)
    cotangent = torch.from_numpy(rng.normal(size=tuple(output.shape)))
    told = gradients(function, arguments, cotangent=cotangent, of=of)

    def weighed(path: Path, value: torch.Tensor) -> np.ndarray:
        moved = _part(function(*_with(list(arguments), path, value)), of)
        return (cotangent * moved.detach()).numpy()

    def slope_over(step: float, path: Path, direction: torch.Tensor) -> tuple[float, float]:
        """The slope along the direction, and how far rounding may have it off."""
        value = _at(arguments, path)
        ahead, behind = weighed(path, value + step * direction), weighed(path, value - step * direction)
        rounding = ROUNDING * EPSILON * float(np.abs(ahead).sum()) / step
        return float((ahead - behind).sum()) / (2.0 * step), rounding

    for name, path in reach.items():
        value = _at(arguments, path)
        if not is_tensor(value) or value.dtype is not torch.float64:
            raise ValueError(f"reach: {name} is {getattr(value, 'dtype', type(value))}, expected a float64 tensor")
        direction = torch.from_numpy(rng.normal(size=tuple(value.shape)))
        slope, rounding = slope_over(STEP, path, direction)
        if abs(slope) <= rounding:
            raise Mismatch(f"the output does not depend on {name}", mistake=unused)
        gradient = None
        with contextlib.suppress(AttributeError, LookupError, TypeError):  # the worker may tell anything
            gradient = _at(told.inputs, path)
        far = functools.partial(slope_over, FAR, path, direction)
        _expect_slope(name, gradient, direction, slope, rounding, far, detached)


def _expect_slope(
    name: str,
    gradient: object,
    direction: torch.Tensor,
    slope: float,
    rounding: float,
    far: Callable[[], tuple[float, float]],
    mistake: str | None,
) -> None:
    """Expect that this gradient gives that slope along the direction; `far` measures it over a longer step."""
    if gradient is None:
        lost = f"no gradient reaches {name}: is there a detach, a .data or a no_grad on its way?"
        raise Mismatch(lost, mistake=mistake)
    if not is_tensor(gradient) or gradient.shape != direction.shape:
        raise Mismatch(f"the gradient for {name} has not the shape {list(direction.shape)}", mistake=mistake)
    along = float((gradient.double() * direction).sum())
    if not abs(along - slope) <= RTOL * abs(slope) + rounding:
        longer, _ = far()
        if abs(along - longer) < abs(slope - longer):  # the gradient is right, and the short step in the rounding
            raise Mismatch(
                f"a small change of {name} is lost in a rounding on its way, as in float32"
            )
        raise Mismatch(
            f"only part of the gradient reaches {name}: is there a detach, a .data or a no_grad on its way?",
            expected=f"a slope of {slope:.6g} along some direction",
            got=f"{along:.6g}",
            mistake=mistake,
        )


def _part(returned: Any, of: Part) -> torch.Tensor:
    part: object = returned
    if of is not None:
        part = getattr(returned, str(of)) if is_dataclass(returned) else returned[of]
    if not is_tensor(part):
        raise TypeError(f"the output is of type {type(part).__name__}, expected a tensor")
    return part


def _each(value: Any, change: Callable[[object], object]) -> Any:
    """The same lists, tuples and dicts with everything in them changed."""
    match value:
        case list():
            return [_each(element, change) for element in value]
        case tuple():
            return tuple(_each(element, change) for element in value)
        case dict():
            return {key: _each(element, change) for key, element in value.items()}
    return change(value)


def _at(value: Any, path: Path) -> Any:
    for step in path if isinstance(path, tuple) else (path,):
        value = value[step]
    return value


def _with(value: Any, path: Path, new: object) -> Any:
    """The same lists, tuples and dicts with another tensor at the end of the path."""
    first, *rest = path if isinstance(path, tuple) else (path,)
    changed: Any = dict(value) if isinstance(value, dict) else list(value)
    changed[first] = _with(value[first], tuple(rest), new) if rest else new
    return tuple(changed) if isinstance(value, tuple) else changed
