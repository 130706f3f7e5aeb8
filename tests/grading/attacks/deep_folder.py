"""Folders in folders, deeper than whoever cleans up may recurse, and than any path may be long."""

import os

os.chdir(os.environ["TMPDIR"])
for _ in range(3000):
    os.mkdir("deep")
    os.chdir("deep")
with open("bottom", "w") as file:
    file.write("here")


def attack(values):
    return weak(values)
