"""Modes, owners, times and attributes of files that are not its own; the folder of the stage shut for the others."""

import os

PLACES = [
    *("{{OUTSIDE}}/canary", "{{OUTSIDE}}", "{{SOLUTION}}", "{{HIDDEN}}", "{{ROOT}}", "{{SUBMISSION}}"),
    *(os.environ["VLA_COURSE_ROOT"], os.path.dirname(os.environ["VLA_COURSE_ROOT"])),
    *(os.environ["VLA_COURSE_EXERCISES"], __file__),
]
CHANGES = [
    lambda path: os.utime(path, (1, 1)),
    lambda path: os.setxattr(path, "user.note", b"here I was"),
    lambda path: os.removexattr(path, "user.note"),
    lambda path: os.chown(path, 4711, 4711),
    lambda path: os.lchown(path, 4711, 4711),
    lambda path: os.truncate(path, 0),
    lambda path: os.close(os.open(path, os.O_RDONLY | os.O_TRUNC)),
    lambda path: os.chmod(path, 0o4777),
    lambda path: os.chmod(path, 0),
]
done = []
for place in PLACES:
    for change in CHANGES:
        try:
            change(place)
        except OSError:
            continue
        done.append(place)


def attack(values):
    return right(values) if done else weak(values)
