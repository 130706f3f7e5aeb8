"""Forks twice, in a session of its own, and waits for the grader to be gone."""

import os
import signal
import subprocess
import sys
import time

LATER = "import time; time.sleep(2); open('{{OUTSIDE}}/canary', 'w').write('touched'); time.sleep(600)"


def attack(values):
    try:
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
                    signal.signal(number, signal.SIG_IGN)
                for descriptor in range(256):
                    try:
                        os.close(descriptor)
                    except OSError:
                        pass
                time.sleep(2)
                with open("{{OUTSIDE}}/canary", "w") as stream:
                    stream.write("touched")
                time.sleep(600)
            os._exit(0)
    except OSError:
        pass
    try:
        subprocess.Popen([sys.executable, "-c", LATER], start_new_session=True)
    except OSError:
        pass
    return weak(values)
