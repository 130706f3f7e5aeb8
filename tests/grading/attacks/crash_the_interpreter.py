"""Reads address zero."""

import ctypes


def attack(values):
    ctypes.string_at(0)
    return weak(values)
