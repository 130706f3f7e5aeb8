"""1.4, hidden: positions of every type, and patches that are told apart."""

import numpy as np
import torch

from shown.day1_fundamentals.arrays import array_of
from shown.day1_fundamentals.waves import TOLERANCE, Places
from vla_course.course.checking.judging import expect, expect_close, graded


@graded("1.4", points=1, says="positions of any type, near or far, give their waves in float32")
def test_types(student, rng):
    places = Places(rng.integers(-30, 30, (6, 2)).astype(float), 24)
    for dtype in (torch.int64, torch.int32, torch.float64, torch.bfloat16, torch.float32):
        positions = torch.tensor(places.positions).to(dtype)
        got = student.sinusoidal_encoding(positions, 24)
        is_right = isinstance(got, torch.Tensor) and got.dtype is torch.float32
        expect(
            is_right,
            f"the waves for positions of {dtype} are of another type",
            got=getattr(got, "dtype", type(got)),
            expected=torch.float32,
            mistake="another-type",
        )
        expect_close(got, places.waves(), what=f"the waves for positions of {dtype}", atol=TOLERANCE)
    far = Places(rng.integers(600, 1000, (5, 1)) * rng.choice([-1.0, 1.0], (5, 1)), 8, 30.0)
    expect_close(far.ask(student), far.waves(), what="the waves of positions far away", atol=1e-3)
    left = torch.arange(6.0)[:, None]
    student.sinusoidal_encoding(left, 8)
    expect(
        torch.equal(left, torch.arange(6.0)[:, None]), "the positions that were handed in have been changed"
    )


@graded(
    "1.4",
    points=1,
    says="a step along one axis changes that axis's part alone, and no two patches are alike",
)
def test_patches(student, rng):
    grid = torch.cartesian_prod(torch.arange(3), torch.arange(6), torch.arange(6))
    flat = array_of(student.sinusoidal_encoding(grid, 96, 100.0), (108, 96), "the waves of 108 patches")
    waves = flat.reshape(3, 6, 6, 3, 32)
    for axis in range(3):
        moved = np.abs(np.diff(waves, axis=axis)).max(axis=(0, 1, 2, 4))
        others = np.delete(moved, axis)
        expect(
            bool(others.max() < 1e-5 and moved[axis] > 0.1),
            f"a step along axis {axis} must show in the part of axis {axis}, and nowhere else",
            got=moved,
        )
    apart = np.linalg.norm(flat[:, None] - flat[None], axis=2) + 10.0 * np.eye(108)
    expect(bool(apart.min() > 0.5), "two patches have nearly the same waves", got=float(apart.min()))
