"""Answers to 5.5 as students write them."""

import math

import numpy as np

from vla_course.course.source.variants import right, wrong
from vla_course.deployment.runtimes.quantized import Quantized


@wrong("per-tensor")
def quantize_rows(numbers, ranges=None):
    numbers = np.asarray(numbers, dtype=np.float64)
    if numbers.ndim != 2 or not np.isfinite(numbers).all():
        raise ValueError("numbers")
    if ranges is not None:
        ranges = np.asarray(ranges, dtype=np.float64)
        if ranges.shape != (len(numbers),) or not np.isfinite(ranges).all() or (ranges < 0).any():
            raise ValueError("ranges")
    if ranges is None:
        ranges = np.full(len(numbers), np.abs(numbers).max())
    scales = np.where(ranges > 0, ranges / 127, 1.0)
    values = np.where(ranges[:, None] > 0, np.clip(np.rint(numbers / scales[:, None]), -127, 127), 0)
    return Quantized(values.astype(np.int8), scales)


@wrong("one-for-all")
def quantize_rows(numbers, ranges=None):
    numbers = np.asarray(numbers, dtype=np.float64)
    if numbers.ndim != 2 or not np.isfinite(numbers).all():
        raise ValueError("numbers")
    if ranges is not None:
        ranges = np.asarray(ranges, dtype=np.float64)
        if ranges.shape != (len(numbers),) or not np.isfinite(ranges).all() or (ranges < 0).any():
            raise ValueError("ranges")
    largest = np.abs(numbers).max() if ranges is None else ranges.max()
    scale = np.array(largest / 127 or 1.0)
    return Quantized(np.clip(np.rint(numbers / scale), -127, 127).astype(np.int8), scale)


@wrong("per-column")
def quantize_rows(numbers, ranges=None):
    numbers = np.asarray(numbers, dtype=np.float64)
    if numbers.ndim != 2 or not np.isfinite(numbers).all():
        raise ValueError("numbers")
    if ranges is not None:
        ranges = np.asarray(ranges, dtype=np.float64)
        if ranges.shape != (len(numbers),) or not np.isfinite(ranges).all() or (ranges < 0).any():
            raise ValueError("ranges")
    if ranges is None:
        ranges = np.abs(numbers).max(axis=0)
    scales = np.where(ranges > 0, ranges / 127, 1.0)
    scale = scales if len(scales) == numbers.shape[1] else scales[:, None]
    return Quantized(np.clip(np.rint(numbers / scale), -127, 127).astype(np.int8), scales)


@wrong("signed-maximum")
def quantize_rows(numbers, ranges=None):
    numbers = np.asarray(numbers, dtype=np.float64)
    if numbers.ndim != 2 or not np.isfinite(numbers).all():
        raise ValueError("numbers")
    if ranges is not None:
        ranges = np.asarray(ranges, dtype=np.float64)
        if ranges.shape != (len(numbers),) or not np.isfinite(ranges).all() or (ranges < 0).any():
            raise ValueError("ranges")
    if ranges is None:
        ranges = numbers.max(axis=1)
    scales = np.where(ranges != 0, ranges / 127, 1.0)
    return Quantized(np.clip(np.rint(numbers / scales[:, None]), -127, 127).astype(np.int8), scales)


@wrong("to-128")
def quantize_rows(numbers, ranges=None):
    numbers = np.asarray(numbers, dtype=np.float64)
    if numbers.ndim != 2 or not np.isfinite(numbers).all():
        raise ValueError("numbers")
    if ranges is not None:
        ranges = np.asarray(ranges, dtype=np.float64)
        if ranges.shape != (len(numbers),) or not np.isfinite(ranges).all() or (ranges < 0).any():
            raise ValueError("ranges")
    if ranges is None:
        ranges = np.abs(numbers).max(axis=1)
    scales = np.where(ranges > 0, ranges / 128, 1.0)
    values = np.where(ranges[:, None] > 0, np.clip(np.rint(numbers / scales[:, None]), -128, 127), 0)
    return Quantized(values.astype(np.int8), scales)


@wrong("inverse")
def quantize_rows(numbers, ranges=None):
    numbers = np.asarray(numbers, dtype=np.float64)
    if numbers.ndim != 2 or not np.isfinite(numbers).all():
        raise ValueError("numbers")
    if ranges is not None:
        ranges = np.asarray(ranges, dtype=np.float64)
        if ranges.shape != (len(numbers),) or not np.isfinite(ranges).all() or (ranges < 0).any():
            raise ValueError("ranges")
    if ranges is None:
        ranges = np.abs(numbers).max(axis=1)
    scales = np.where(ranges > 0, 127 / np.where(ranges > 0, ranges, 1.0), 1.0)
    values = np.where(ranges[:, None] > 0, np.clip(np.rint(numbers * scales[:, None]), -127, 127), 0)
    return Quantized(values.astype(np.int8), scales)


@wrong("truncated")
def quantize_rows(numbers, ranges=None):
    numbers = np.asarray(numbers, dtype=np.float64)
    if numbers.ndim != 2 or not np.isfinite(numbers).all():
        raise ValueError("numbers")
    if ranges is not None:
        ranges = np.asarray(ranges, dtype=np.float64)
        if ranges.shape != (len(numbers),) or not np.isfinite(ranges).all() or (ranges < 0).any():
            raise ValueError("ranges")
    if ranges is None:
        ranges = np.abs(numbers).max(axis=1)
    scales = np.where(ranges > 0, ranges / 127, 1.0)
    values = np.where(ranges[:, None] > 0, np.clip(numbers / scales[:, None], -127, 127), 0)
    return Quantized(values.astype(np.int8), scales)


@wrong("floored")
def quantize_rows(numbers, ranges=None):
    numbers = np.asarray(numbers, dtype=np.float64)
    if numbers.ndim != 2 or not np.isfinite(numbers).all():
        raise ValueError("numbers")
    if ranges is not None:
        ranges = np.asarray(ranges, dtype=np.float64)
        if ranges.shape != (len(numbers),) or not np.isfinite(ranges).all() or (ranges < 0).any():
            raise ValueError("ranges")
    if ranges is None:
        ranges = np.abs(numbers).max(axis=1)
    scales = np.where(ranges > 0, ranges / 127, 1.0)
    values = np.where(ranges[:, None] > 0, np.clip(np.floor(numbers / scales[:, None]), -127, 127), 0)
    return Quantized(values.astype(np.int8), scales)


@wrong("half-away")
def quantize_rows(numbers, ranges=None):
    numbers = np.asarray(numbers, dtype=np.float64)
    if numbers.ndim != 2 or not np.isfinite(numbers).all():
        raise ValueError("numbers")
    if ranges is not None:
        ranges = np.asarray(ranges, dtype=np.float64)
        if ranges.shape != (len(numbers),) or not np.isfinite(ranges).all() or (ranges < 0).any():
            raise ValueError("ranges")
    if ranges is None:
        ranges = np.abs(numbers).max(axis=1)
    scales = np.where(ranges > 0, ranges / 127, 1.0)
    values = np.where(
        ranges[:, None] > 0,
        np.clip(np.sign(numbers) * np.floor(np.abs(numbers) / scales[:, None] + 0.5), -127, 127),
        0,
    )
    return Quantized(values.astype(np.int8), scales)


@wrong("half-up")
def quantize_rows(numbers, ranges=None):
    numbers = np.asarray(numbers, dtype=np.float64)
    if numbers.ndim != 2 or not np.isfinite(numbers).all():
        raise ValueError("numbers")
    if ranges is not None:
        ranges = np.asarray(ranges, dtype=np.float64)
        if ranges.shape != (len(numbers),) or not np.isfinite(ranges).all() or (ranges < 0).any():
            raise ValueError("ranges")
    if ranges is None:
        ranges = np.abs(numbers).max(axis=1)
    scales = np.where(ranges > 0, ranges / 127, 1.0)
    values = np.where(ranges[:, None] > 0, np.clip(np.floor(numbers / scales[:, None] + 0.5), -127, 127), 0)
    return Quantized(values.astype(np.int8), scales)


@wrong("zero-row")
def quantize_rows(numbers, ranges=None):
    numbers = np.asarray(numbers, dtype=np.float64)
    if numbers.ndim != 2 or not np.isfinite(numbers).all():
        raise ValueError("numbers")
    if ranges is not None:
        ranges = np.asarray(ranges, dtype=np.float64)
        if ranges.shape != (len(numbers),) or not np.isfinite(ranges).all() or (ranges < 0).any():
            raise ValueError("ranges")
    if ranges is None:
        ranges = np.abs(numbers).max(axis=1)
    scales = ranges / 127
    with np.errstate(all="ignore"):
        values = np.clip(np.rint(numbers / scales[:, None]), -127, 127).astype(np.int8)
    return Quantized(values, scales)


@wrong("wraps")
def quantize_rows(numbers, ranges=None):
    numbers = np.asarray(numbers, dtype=np.float64)
    if numbers.ndim != 2 or not np.isfinite(numbers).all():
        raise ValueError("numbers")
    if ranges is not None:
        ranges = np.asarray(ranges, dtype=np.float64)
        if ranges.shape != (len(numbers),) or not np.isfinite(ranges).all() or (ranges < 0).any():
            raise ValueError("ranges")
    if ranges is None:
        ranges = np.abs(numbers).max(axis=1)
    scales = np.where(ranges > 0, ranges / 127, 1.0)
    values = np.where(ranges[:, None] > 0, np.rint(numbers / scales[:, None]), 0)
    return Quantized(values.astype(np.int64).astype(np.int8), scales)


@wrong("ranges-ignored")
def quantize_rows(numbers, ranges=None):
    numbers = np.asarray(numbers, dtype=np.float64)
    if numbers.ndim != 2 or not np.isfinite(numbers).all():
        raise ValueError("numbers")
    if ranges is not None:
        ranges = np.asarray(ranges, dtype=np.float64)
        if ranges.shape != (len(numbers),) or not np.isfinite(ranges).all() or (ranges < 0).any():
            raise ValueError("ranges")
    ranges = np.abs(numbers).max(axis=1)
    scales = np.where(ranges > 0, ranges / 127, 1.0)
    values = np.where(ranges[:, None] > 0, np.clip(np.rint(numbers / scales[:, None]), -127, 127), 0)
    return Quantized(values.astype(np.int8), scales)


@wrong("another-type")
def quantize_rows(numbers, ranges=None):
    numbers = np.asarray(numbers, dtype=np.float64)
    if numbers.ndim != 2 or not np.isfinite(numbers).all():
        raise ValueError("numbers")
    if ranges is not None:
        ranges = np.asarray(ranges, dtype=np.float64)
        if ranges.shape != (len(numbers),) or not np.isfinite(ranges).all() or (ranges < 0).any():
            raise ValueError("ranges")
    if ranges is None:
        ranges = np.abs(numbers).max(axis=1)
    scales = np.where(ranges > 0, ranges / 127, 1.0)
    values = np.where(ranges[:, None] > 0, np.clip(np.rint(numbers / scales[:, None]), -127, 127), 0)
    return Quantized(values.astype(np.int32), scales)


@wrong("anything-accepted")
def quantize_rows(numbers, ranges=None):
    numbers = np.nan_to_num(np.atleast_2d(np.asarray(numbers, dtype=np.float64)))
    if ranges is None:
        ranges = np.abs(numbers).max(axis=1)
    ranges = np.abs(np.nan_to_num(np.asarray(ranges, dtype=np.float64)))
    scales = np.where(ranges > 0, ranges / 127, 1.0)
    if len(scales) != len(numbers):
        return Quantized(np.zeros(numbers.shape, dtype=np.int8), scales)
    values = np.where(ranges[:, None] > 0, np.clip(np.rint(numbers / scales[:, None]), -127, 127), 0)
    return Quantized(values.astype(np.int8), scales)


@right("row-by-row")
def quantize_rows(numbers, ranges=None):
    if np.ndim(numbers) != 2:
        raise ValueError("numbers is no matrix")
    rows = [[float(number) for number in row] for row in numbers]
    if not all(math.isfinite(number) for row in rows for number in row):
        raise ValueError("numbers are not finite")
    if ranges is None:
        ranges = [max(abs(number) for number in row) for row in rows]
    if np.shape(ranges) != (len(rows),) or not all(math.isfinite(one) and one >= 0 for one in ranges):
        raise ValueError("ranges")
    values, scales = [], []
    for row, reach in zip(rows, ranges):
        scale = float(reach) / 127 if reach else 1.0
        scales.append(scale)
        values.append([max(-127, min(127, round(number / scale))) if reach else 0 for number in row])
    return Quantized(np.array(values, dtype=np.int8), np.array(scales))


@right("cut-first")
def quantize_rows(numbers, ranges=None):
    numbers = np.asarray(numbers, dtype=np.float64)
    if numbers.ndim != 2 or not np.isfinite(numbers).all():
        raise ValueError("numbers")
    if ranges is not None:
        ranges = np.asarray(ranges, dtype=np.float64)
        if ranges.shape != (len(numbers),) or not np.isfinite(ranges).all() or (ranges < 0).any():
            raise ValueError("ranges")
    if ranges is None:
        ranges = np.abs(numbers).max(axis=1)
    cut = np.clip(numbers, -ranges[:, None], ranges[:, None])
    steps = ranges / 127
    steps[ranges == 0] = 1.0
    return Quantized(np.round(cut / steps[:, None]).astype(np.int8), steps)
