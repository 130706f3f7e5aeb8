"""Ends the process with success before anything is compared."""

import os


def attack(values):
    os._exit(0)
