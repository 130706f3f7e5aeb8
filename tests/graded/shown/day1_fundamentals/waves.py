"""Where a token is, told by hands of a clock: each turns a number of the complex plane, one after the other."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from shown.slips import Case

Array = NDArray[np.float64]

TOLERANCE = 5e-5
"""positions up to a few dozen times the rounding of float32, and a little more"""


def hands(positions: Array, speeds: Array) -> NDArray[np.complex128]:
    """The clock hands (n, axes, k): cosine and sine are real and imaginary part."""
    return np.exp(1j * np.multiply.outer(positions, speeds))


def in_a_row(*parts: Array) -> Array:
    """Parts (n, axes, k) side by side along the last axis, then axis after axis: (n, width)."""
    joined = np.concatenate(parts, axis=2)
    return joined.reshape(len(joined), -1)


def speeds_of(count: int, base: float) -> Array:
    """rad for each step of a position: the first hand turns by 1, each other slower by the same factor."""
    factor = np.exp(-np.log(base) / count)
    return np.array([factor**j for j in range(count)])


@dataclass(frozen=True)
class Places:
    """Positions (n, axes) to be told apart by `width` numbers."""

    positions: Array
    width: int
    base: float = 10_000.0

    @property
    def count(self) -> int:
        return self.width // (2 * self.positions.shape[1])

    def waves(self) -> Array:
        turned = hands(self.positions, speeds_of(self.count, self.base))
        return in_a_row(turned.imag, turned.real)

    def slips(self) -> dict[str, Array]:
        """What known mistakes give."""
        k, (n, axes) = self.count, self.positions.shape
        speeds = speeds_of(k, self.base)
        turned = hands(self.positions, speeds)
        sines, cosines = turned.imag, turned.real

        def of(positions: Array, speeds: Array) -> Array:
            other = hands(positions, speeds)
            return in_a_row(other.imag, other.real)

        pairs = np.stack([sines, cosines], axis=3).reshape(n, axes, 2 * k)
        every_axis = np.repeat(self.positions[:, :1], axes, axis=1)
        ends_at_base = self.base ** -np.linspace(0.0, 1.0, k)
        return {
            "sine-by-cosine": in_a_row(pairs),
            "cosines-first": in_a_row(cosines, sines),
            "shares-mixed": np.concatenate([sines.reshape(n, -1), cosines.reshape(n, -1)], axis=1),
            "axes-interleaved": np.concatenate([sines, cosines], axis=2).swapaxes(1, 2).reshape(n, -1),
            "one-axis-only": of(every_axis, speeds),
            "frequencies-upside-down": of(self.positions, 1.0 / speeds),
            "exponent-twice": of(self.positions, speeds**2),
            "frequencies-of-the-whole-width": of(self.positions, speeds_of(k * axes, self.base)[:k]),
            "base-reached": of(self.positions, ends_at_base),
            "base-fixed": of(self.positions, speeds_of(k, 10_000.0)),
            "turns-for-radians": of(self.positions, 2.0 * np.pi * speeds),
            "fractions-cut": of(np.trunc(self.positions), speeds),
        }

    def ask(self, student: Any) -> object:
        positions = torch.tensor(self.positions, dtype=torch.float32)
        return student.sinusoidal_encoding(positions, self.width, self.base)

    def case(self, student: Any, what: str) -> Case:
        return Case(what, self.ask(student), self.waves(), self.slips())


def some_places(rng: np.random.Generator, count: int, axes: int, pairs: int, base: float) -> Places:
    """Places with fractions, on as many axes."""
    positions = rng.uniform(-20.0, 20.0, (count, axes)).astype(np.float32)
    return Places(positions.astype(np.float64), 2 * axes * pairs, base)


def likeness_picture(got: Array, expected: Array) -> Callable[[], Any]:
    """How alike every two places in a row are, by the scalar product of their waves."""

    def draw() -> Any:
        from matplotlib.figure import Figure

        figure = Figure(figsize=(6.4, 3.0), layout="constrained")
        products = expected @ expected.T
        lowest, highest = float(products.min()), float(products.max())
        for axes, waves, title in zip(
            figure.subplots(1, 2), (expected, got), ("expected", "yours"), strict=True
        ):
            shown = axes.imshow(waves @ waves.T, cmap="cividis", vmin=lowest, vmax=highest)
            axes.set(xlabel="position", ylabel="position", title=f"{title}: scalar products")
        figure.colorbar(shown, ax=figure.axes)
        return figure

    return draw
