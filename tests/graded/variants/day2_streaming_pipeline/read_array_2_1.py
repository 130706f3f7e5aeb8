"""Answers to 2.1 as students write them."""

# ruff: noqa: F821  (they see the names of the module that they stand in)

import math

import numpy as np

from vla_course.course.source.variants import right, wrong


@wrong("dtype-trusted")
def read_array(dtype, shape, data, allowed):
    try:
        kind = np.dtype(dtype)
    except TypeError:
        raise ValueError("dtype is none") from None
    if not isinstance(shape, list | tuple) or len(shape) > MAX_DIMENSIONS:
        raise ValueError("shape is none")
    if any(type(length) is not int or length < 0 for length in shape):
        raise ValueError("shape holds what is no length")
    if not isinstance(data, bytes) or len(data) != math.prod(shape) * kind.itemsize:
        raise ValueError("data are of another size")
    return np.ndarray(shape, kind, data).copy()


@wrong("minus-one")
def read_array(dtype, shape, data, allowed):
    if not isinstance(dtype, str) or dtype not in allowed:
        raise ValueError("dtype is none that may be")
    if not isinstance(shape, list | tuple) or len(shape) > MAX_DIMENSIONS:
        raise ValueError("shape is none")
    if any(type(length) is not int for length in shape):
        raise ValueError("shape holds what is no length")
    if not isinstance(data, bytes):
        raise ValueError("data are none")
    flat = np.frombuffer(data, dtype)
    try:
        return flat.reshape(shape).copy()
    except (ValueError, OverflowError):
        raise ValueError("data do not fit the shape") from None


@wrong("bool-for-length")
def read_array(dtype, shape, data, allowed):
    if not isinstance(dtype, str) or dtype not in allowed:
        raise ValueError("dtype is none that may be")
    if not isinstance(shape, list | tuple) or len(shape) > MAX_DIMENSIONS:
        raise ValueError("shape is none")
    if any(not isinstance(length, int) or length < 0 for length in shape):
        raise ValueError("shape holds what is no length")
    kind = np.dtype(dtype)
    if not isinstance(data, bytes) or len(data) != math.prod(shape) * kind.itemsize:
        raise ValueError("data are of another size")
    if dtype == "|b1" and set(data) - {0, 1}:
        raise ValueError("data hold a bool that is none")
    try:
        return np.frombuffer(data, kind).reshape(shape).copy()
    except (ValueError, OverflowError):
        raise ValueError("shape is too long") from None


@wrong("numbers-for-bytes")
def read_array(dtype, shape, data, allowed):
    if not isinstance(dtype, str) or dtype not in allowed:
        raise ValueError("dtype is none that may be")
    if not isinstance(shape, list | tuple) or len(shape) > MAX_DIMENSIONS:
        raise ValueError("shape is none")
    if any(type(length) is not int or length < 0 for length in shape):
        raise ValueError("shape holds what is no length")
    if not isinstance(data, bytes) or len(data) != math.prod(shape):
        raise ValueError("data are of another size")
    return np.frombuffer(data, dtype).reshape(shape).copy()


@wrong("bytes-left-over")
def read_array(dtype, shape, data, allowed):
    if not isinstance(dtype, str) or dtype not in allowed:
        raise ValueError("dtype is none that may be")
    if not isinstance(shape, list | tuple) or len(shape) > MAX_DIMENSIONS:
        raise ValueError("shape is none")
    if any(type(length) is not int or length < 0 for length in shape):
        raise ValueError("shape holds what is no length")
    kind = np.dtype(dtype)
    if not isinstance(data, bytes) or len(data) < math.prod(shape) * kind.itemsize:
        raise ValueError("data are too few")
    if dtype == "|b1" and set(data) - {0, 1}:
        raise ValueError("data hold a bool that is none")
    try:
        return np.ndarray(shape, kind, data).copy()
    except (ValueError, OverflowError):
        raise ValueError("shape is too long") from None


@wrong("view-returned")
def read_array(dtype, shape, data, allowed):
    if not isinstance(dtype, str) or dtype not in allowed:
        raise ValueError("dtype is none that may be")
    if not isinstance(shape, list | tuple) or len(shape) > MAX_DIMENSIONS:
        raise ValueError("shape is none")
    if any(type(length) is not int or length < 0 for length in shape):
        raise ValueError("shape holds what is no length")
    kind = np.dtype(dtype)
    if not isinstance(data, bytes) or len(data) != math.prod(shape) * kind.itemsize:
        raise ValueError("data are of another size")
    if dtype == "|b1" and set(data) - {0, 1}:
        raise ValueError("data hold a bool that is none")
    try:
        return np.frombuffer(data, kind).reshape(shape)
    except (ValueError, OverflowError):
        raise ValueError("shape is too long") from None


@wrong("kind-not-asked")
def read_array(dtype, shape, data, allowed):
    if dtype not in set(allowed):
        raise ValueError("dtype is none that may be")
    if len(shape) > MAX_DIMENSIONS:
        raise ValueError("shape is too long")
    for length in shape:
        if type(length) is bool or length < 0 or length % 1:
            raise ValueError("shape holds what is no length")
    kind = np.dtype(dtype)
    if len(data) != math.prod(shape) * kind.itemsize:
        raise ValueError("data are of another size")
    if dtype == "|b1" and set(data) - {0, 1}:
        raise ValueError("data hold a bool that is none")
    try:
        return np.frombuffer(data, kind).reshape([int(length) for length in shape]).copy()
    except (ValueError, OverflowError):
        raise ValueError("shape is too long") from None


@wrong("axes-unbounded")
def read_array(dtype, shape, data, allowed):
    if not isinstance(dtype, str) or dtype not in allowed:
        raise ValueError("dtype is none that may be")
    if not isinstance(shape, list | tuple) or any(type(n) is not int or n < 0 for n in shape):
        raise ValueError("shape holds what is no length")
    kind = np.dtype(dtype)
    if not isinstance(data, bytes) or len(data) != math.prod(shape) * kind.itemsize:
        raise ValueError("data are of another size")
    if dtype == "|b1" and set(data) - {0, 1}:
        raise ValueError("data hold a bool that is none")
    try:
        return np.frombuffer(data, kind).reshape(shape).copy()
    except (ValueError, OverflowError):
        raise ValueError("shape is too long") from None


@wrong("overflows")
def read_array(dtype, shape, data, allowed):
    if not isinstance(dtype, str) or dtype not in allowed:
        raise ValueError("dtype is none that may be")
    if not isinstance(shape, list | tuple) or len(shape) > MAX_DIMENSIONS:
        raise ValueError("shape is none")
    if any(type(length) is not int or length < 0 for length in shape):
        raise ValueError("shape holds what is no length")
    kind = np.dtype(dtype)
    if not isinstance(data, bytes) or len(data) != int(np.prod(shape, dtype=np.int64)) * kind.itemsize:
        raise ValueError("data are of another size")
    if dtype == "|b1" and set(data) - {0, 1}:
        raise ValueError("data hold a bool that is none")
    return np.frombuffer(data, kind).reshape(shape).copy()


@wrong("bool-of-two")
def read_array(dtype, shape, data, allowed):
    if not isinstance(dtype, str) or dtype not in allowed:
        raise ValueError("dtype is none that may be")
    if not isinstance(shape, list | tuple) or len(shape) > MAX_DIMENSIONS:
        raise ValueError("shape is none")
    if any(type(length) is not int or length < 0 for length in shape):
        raise ValueError("shape holds what is no length")
    kind = np.dtype(dtype)
    if not isinstance(data, bytes) or len(data) != math.prod(shape) * kind.itemsize:
        raise ValueError("data are of another size")
    try:
        return np.frombuffer(data, kind).reshape(shape).copy()
    except (ValueError, OverflowError):
        raise ValueError("shape is too long") from None


@wrong("field-not-told")
def read_array(dtype, shape, data, allowed):
    if not isinstance(dtype, str) or dtype not in allowed:
        raise ValueError("not an array")
    if not isinstance(shape, list | tuple) or len(shape) > MAX_DIMENSIONS:
        raise ValueError("not an array")
    if any(type(length) is not int or length < 0 for length in shape):
        raise ValueError("not an array")
    kind = np.dtype(dtype)
    if not isinstance(data, bytes) or len(data) != math.prod(shape) * kind.itemsize:
        raise ValueError("not an array")
    if dtype == "|b1" and set(data) - {0, 1}:
        raise ValueError("not an array")
    try:
        return np.frombuffer(data, kind).reshape(shape).copy()
    except (ValueError, OverflowError):
        raise ValueError("not an array") from None


@right("into-an-empty-one")
def read_array(dtype, shape, data, allowed):
    if type(dtype) is not str or dtype not in list(allowed):
        raise ValueError(f"dtype: {type(dtype).__name__}")
    if type(shape) not in (list, tuple):
        raise ValueError("shape: no list")
    if len(shape) > MAX_DIMENSIONS or not all(type(n) is int and 0 <= n for n in shape):
        raise ValueError("shape: lengths")
    if type(data) is not bytes:
        raise ValueError("data: no bytes")
    numbers = 1
    for length in shape:
        numbers *= length
    if len(data) != numbers * int(dtype[2:]):
        raise ValueError("data: length")
    if dtype == "|b1" and not set(data) <= {0, 1}:
        raise ValueError("data: a bool")
    if max(shape, default=0) > 2**31:
        raise ValueError("shape: too long")
    mine = np.empty(shape, dtype)
    mine.ravel()[:] = np.frombuffer(data, dtype)
    return mine


@right("of-a-bytearray")
def read_array(dtype, shape, data, allowed):
    if not (isinstance(dtype, str) and dtype in allowed):
        raise ValueError(f"dtype {dtype!r:.40} may not be")
    if not isinstance(shape, (list, tuple)) or not len(shape) <= MAX_DIMENSIONS:
        raise ValueError("shape has not up to four lengths")
    for length in shape:
        if isinstance(length, bool) or not isinstance(length, int) or length < 0:
            raise ValueError("shape has a length that is none")
    if not isinstance(data, bytes):
        raise ValueError("data should be bytes")
    if math.prod(shape, start=np.dtype(dtype).itemsize) != len(data):
        raise ValueError("data do not fill the shape")
    if dtype == "|b1" and any(byte > 1 for byte in data):
        raise ValueError("data hold no bools")
    try:
        return np.frombuffer(bytearray(data), dtype).reshape(tuple(shape))
    except (ValueError, OverflowError) as fault:
        raise ValueError(f"shape: {fault}") from None


@wrong("list-of-ones-own")
def read_array(dtype, shape, data, allowed):
    if not isinstance(dtype, str) or dtype not in {
        "|b1",
        "|u1",
        "|i1",
        "<i2",
        "<i4",
        "<i8",
        "<f2",
        "<f4",
        "<f8",
    }:
        raise ValueError("dtype is not allowed")
    if (
        not isinstance(shape, (list, tuple))
        or len(shape) > MAX_DIMENSIONS
        or any(type(n) is not int or n < 0 for n in shape)
    ):
        raise ValueError("shape is wrong")
    if not isinstance(data, bytes) or math.prod(shape) * np.dtype(dtype).itemsize != len(data):
        raise ValueError("data are wrong")
    if dtype == "|b1" and any(b > 1 for b in data):
        raise ValueError("data hold a bad bool")
    try:
        return np.frombuffer(data, dtype).reshape(shape).copy()
    except (ValueError, OverflowError):
        raise ValueError("shape is too long")


@wrong("repeats-it-all")
def read_array(dtype, shape, data, allowed):
    if not isinstance(dtype, str) or dtype not in allowed:
        raise ValueError(f"dtype is {dtype!r}, expected one of {allowed}")
    if (
        not isinstance(shape, (list, tuple))
        or len(shape) > MAX_DIMENSIONS
        or any(type(n) is not int or n < 0 for n in shape)
    ):
        raise ValueError(f"shape is {shape!r}, expected at most four whole numbers")
    if not isinstance(data, bytes) or math.prod(shape) * np.dtype(dtype).itemsize != len(data):
        raise ValueError(f"data are {data!r}, wrong for {shape}")
    if dtype == "|b1" and any(b > 1 for b in data):
        raise ValueError("data hold a bad bool")
    try:
        return np.frombuffer(data, dtype).reshape(shape).copy()
    except (ValueError, OverflowError):
        raise ValueError("shape is too long")
