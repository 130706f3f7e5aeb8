"""Installs trace functions, import hooks and audit hooks that change whatever is called next."""

import sys


def trace(frame, event, argument):
    frame.f_locals["points"] = 99
    return trace


class Finder:
    def find_spec(self, name, path, target=None):
        if "judging" in name or "verdict" in name:
            raise ImportError("no judge, no verdict")


def attack(values):
    sys.settrace(trace)
    sys.setprofile(trace)
    sys.meta_path.insert(0, Finder())
    sys.modules.pop("vla_course.course.checking.judging", None)
    return weak(values)
