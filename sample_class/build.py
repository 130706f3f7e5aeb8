"""A class of twelve students to try the grader on, made from the solutions and the variants of the exercises.

    python sample_class/build.py build/class
    vla-course grade build/class/submissions --out build/graded --policy build/class/policy.toml

Nobody in it is real. Each hands in what somebody hands in in every class: the perfect one, the untouched stubs, a
syntax error, a loop without end, a file missing, the wrong folder zipped, a name that only Moodle could give, ...
"""

from __future__ import annotations

import argparse
import ast
import re
import shutil
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from vla_course.course.manifest import Exercise, load_manifest
from vla_course.course.root import CourseRoot
from vla_course.course.source.keeping import write_atomically
from vla_course.course.source.source import lines_of, marked_functions, read_source
from vla_course.course.source.stubs import generate
from vla_course.course.source.variants import Variant, put_in_place, read_variants
from vla_course.grading.intake.submit import pack, write_bytes, zip_bytes

OWN_HAND = Path(__file__).with_name("own_hand.py")

POLICY = """# The rules of the sample class; every field is told in docs/instructors.md.
assignment = "Day 3: balance"
exercises = ["3.1", "3.3", "3.4", "3.6"]
roster = "roster.csv"

[late]
deadline = 2026-10-01T23:59:00+02:00
grace_minutes = 15
per_day = 0.10
at_most = 0.50
times = "times.csv"

[extensions]
"Katherine Johnson" = 3
"""

ADJUSTMENTS = """[[adjust]]
student = "Annie Easley"
exercise = "3.4"
set = 4
request = "my sign is that of the book"
reason = "the sign was explained rightly in the oral exam"
by = "A. Marker"

[[adjust]]
student = "Annie Easley"
points = 1.5
reason = "found a mistake in the course"
by = "A. Marker"
"""

ROSTER = """student,name,email,sis_id,login,section
ada-lovelace,Ada Lovelace,ada@example.edu,S001,ada,A
dorothy-vaughan,Dorothy Vaughan,dorothy@example.edu,S002,dorothy,A
katherine-johnson,Katherine Johnson,katherine@example.edu,S003,katherine,A
annie-easley,Annie Easley,annie@example.edu,S004,annie,A
radia-perlman,Radia Perlman,radia@example.edu,S005,radia,A
frances-allen,Frances Allen,frances@example.edu,S006,frances,B
418,Grace Hopper,grace@example.edu,S007,grace,B
4711,Alan Turing,alan@example.edu,S008,alan,B
mary-jackson,Mary Jackson,mary@example.edu,S009,mary,B
barbara-liskov,Barbara Liskov,barbara@example.edu,S010,barbara,B
tim-left,Tim Left,tim@example.edu,S011,tim,B
tom-right,Tom Right,tom@example.edu,S012,tom,B
edsger-dijkstra,Edsger Dijkstra,edsger@example.edu,S013,edsger,B
"""

TIMES = """student,submitted
Ada Lovelace,2026-09-28T10:12:00+02:00
Katherine Johnson,2026-10-03T20:00:00+02:00
4711,2026-10-03T08:30:00+02:00
Tim Left,2026-10-01T23:58:00+02:00
Tom Right,2026-10-02T00:10:00+02:00
"""

Files = dict[PurePosixPath, str]


class Desk:
    """Writes answers into untouched stubs: the reference's, a named variant's, or any other function."""

    def __init__(self, root: CourseRoot) -> None:
        self.root = root
        self.manifest = load_manifest(root)
        self.stubs = generate(root)

    def files(self, answers: Mapping[str, str]) -> Files:
        """The exercise files with these answers; by exercise, `reference`, a variant's name or a function."""
        files = dict(self.stubs)
        for exercise_id, answer in answers.items():
            exercise = self.manifest.exercise(exercise_id)
            variant = self._variant(exercise, answer)
            files[exercise.path] = put_in_place(files[exercise.path], exercise, variant)
        return files

    def _variant(self, exercise: Exercise, answer: str) -> Variant:
        if answer == "reference":
            text = read_source(self.root.solutions / exercise.path)
            marked = next(one for one in marked_functions(text, exercise.file) if one.id == exercise.id)
            answer = "".join(lines_of(text)[marked.definition - 1 : marked.last])
        elif "\n" not in answer:
            return next(one for one in read_variants(self.root, exercise) if one.name == answer)
        return Variant(exercise.id, "right", "", answer, "")


def own_hand() -> dict[str, str]:
    """The functions of `own_hand.py` by name."""
    text = OWN_HAND.read_text(encoding="utf-8")
    return {
        node.name: "".join(lines_of(text)[node.lineno - 1 : node.end_lineno])
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef)
    }


def renamed(text: str) -> str:
    """The same program in other words, as somebody writes it who copied it."""
    words = {
        **{"cloud": "pts", "pair": "q", "lowest": "start", "around": "hull", "direction": "heading"},
        **{"best_turn": "min_angle", "best_far": "max_dist", "best": "chosen", "turn": "angle", "far": "dist"},
        **{"smallest": "d_min", "outside": "n_out", "number": "i", "count": "n", "along": "s", "across": "h"},
        **{"away": "d", "up": "az_g", "weight": "fz", "lever": "offset", "push": "f", "twist": "ldot"},
    }
    text = re.sub(r"#.*", "", text)
    return re.sub(r"\b[a-z_]+\b", lambda found: words.get(found[0], found[0]), text)


def build(out: Path, root: CourseRoot) -> Path:
    """Write the class below `out`, which is replaced; returns the folder of submissions."""
    if out.exists():
        shutil.rmtree(out)
    place = out / "submissions"
    desk = Desk(root)
    everything = {exercise.id: "reference" for exercise in desk.manifest.exercises}
    shared = own_hand()
    own = {"3.2": shared["support_polygon"], "3.3": shared["stability_margin"], "3.5": shared["zero_moment_point"]}
    copied = {exercise_id: renamed(text) for exercise_id, text in own.items()}
    first = ["3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "3.7"]

    def packed(name: str, files: Files) -> None:
        """What `vla-course submit` writes."""
        folder = _write(out / "desks" / name, files)
        pack(root, place / f"{name}.zip", desk=folder, checked=False)

    # As it should be.
    packed("ada-lovelace", desk.files(everything))
    # The stubs as they were given.
    packed("dorothy-vaughan", desk.files({}))
    # Half of it, two mistakes in it; two days late, with an extension of three.
    half = desk.files(dict.fromkeys(first[:5], "reference") | {"3.3": "corners-only", "3.6": "velocity-sign"})
    packed("katherine-johnson", half)
    # A clone of the repository in place of a zip; two marks are changed by hand.
    answers = everything | {"3.4": "with-the-acceleration", "3.8": "feedback-sign"}
    _write(place / "annie-easley" / "vla_course" / "exercises", desk.files(answers))
    write_atomically(place / "annie-easley" / "notebooks" / "start.py", "# %%\nprint('hello')\n")
    # A bracket that was never closed.
    files = desk.files(everything)
    zmp = next(path for path in files if path.name == "zmp.py")
    packed("radia-perlman", files | {zmp: files[zmp].replace("return np.array([x, y])", "return np.array([x, y]")})
    # A loop without end.
    endless = "def center_of_mass(positions, masses):\n    while True:\n        pass\n"
    packed("frances-allen", desk.files(dict.fromkeys(first, "reference") | {"3.1": endless}))
    # Moodle: a folder with the student's name, in it a zip that was renamed, in it the files without their folder.
    files = desk.files(dict.fromkeys(first, "reference") | {"3.6": "velocity-sign", "3.7": "omega-forgotten"})
    inner = {path.name: text.encode() for path, text in files.items() if path.name != "__init__.py"}
    write_bytes(place / "Grace Hopper_418_assignsubmission_file_" / "homework (2).zip", zip_bytes(inner))
    # Canvas, late by more than a day.
    files = desk.files(everything | {"3.4": "height-forgotten", "3.6": "velocity-sign"})
    write_bytes(place / "turingalan_LATE_4711_99821_submission-1.zip", _zip(files))
    # Two folders too deep, with what a Mac adds.
    files = desk.files(everything | {"3.2": "gift-wrapping", "3.5": "momentum-sign", "3.10": "velocity-forgotten"})
    extra = {"__MACOSX/homework/._com.py": b"\0\5\26\7"}
    write_bytes(place / "mary-jackson.zip", _zip(files, "my homework/final version", extra))
    # A file is missing, and the archive tries to write outside of itself.
    files = {path: text for path, text in desk.files(everything).items() if path.name != "dcm.py"}
    write_bytes(place / "barbara-liskov.zip", _zip(files, "", {"../../../etc/cron.d/evil.py": b"print('in')\n"}))
    # Two who worked together more than they say.
    packed("tim-left", desk.files(dict.fromkeys(first, "reference") | own | {"3.7": "pushed-backward"}))
    packed("tom-right", desk.files(dict.fromkeys(first, "reference") | copied | {"3.7": "pushed-backward"}))

    shutil.rmtree(out / "desks")
    for name, text in (("policy.toml", POLICY), ("roster.csv", ROSTER), ("times.csv", TIMES)):
        write_atomically(out / name, text)
    write_atomically(out / "adjustments.toml", ADJUSTMENTS)
    return place


def _write(folder: Path, files: Files) -> Path:
    for path, text in files.items():
        write_atomically(folder / path, text)
    return folder


def _zip(files: Files, below: str = "", extra: Mapping[str, bytes] | None = None) -> bytes:
    members = {f"{below}/{path}".lstrip("/"): text.encode() for path, text in files.items()}
    return zip_bytes(members | dict(extra or {}))


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a class of twelve submissions to try the grader on.")
    parser.add_argument("out", type=Path)
    out: Path = parser.parse_args().out
    place = build(out, CourseRoot.current())
    print(f"wrote {len(list(place.iterdir()))} submissions into {place}")


if __name__ == "__main__":
    main()
