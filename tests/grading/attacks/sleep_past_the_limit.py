"""Sleeps past its limit and lets no signal wake it."""

import signal
import time

for number in (signal.SIGTERM, signal.SIGALRM, signal.SIGINT, signal.SIGHUP, signal.SIGXCPU):
    signal.signal(number, signal.SIG_IGN)


def attack(values):
    while True:
        time.sleep(3600)
