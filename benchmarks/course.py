"""How long does a student wait: for the import, for a check of each exercise, for all of them?

python benchmarks/course.py [--quick] [--json]
"""

import os
import statistics
import subprocess
import sys

from report import Figure, arguments, report

from vla_course.course.checking.checking import check
from vla_course.course.manifest import load_manifest
from vla_course.course.root import CourseRoot


def main() -> None:
    options = arguments(__doc__ or "")
    os.environ["VLA_COURSE_EXERCISES"] = "solutions"
    root = CourseRoot.current()
    exercises = load_manifest(root).exercises
    rounds = 1 if options.quick else 3
    seconds, missing = {}, 0.0
    for exercise in exercises:
        check(exercise.id)  # warms the disk cache
        verdicts = [check(exercise.id) for _ in range(rounds)]
        seconds[exercise.id] = statistics.median(verdict.seconds for verdict in verdicts)
        missing += exercise.points - verdicts[-1].points
    del os.environ["VLA_COURSE_EXERCISES"]
    stubs = [check(exercise.id) for exercise in exercises]
    attempted = sum(verdict.status != "not attempted" for verdict in stubs)
    slowest = max(seconds, key=lambda name: seconds[name])
    middle, earned = statistics.median(seconds.values()), sum(verdict.points for verdict in stubs)
    report(
        "course",
        [
            Figure("import vla_course", import_seconds(), "s", "<= 0.1", n=5),
            Figure(
                "warm check, median over exercises",
                middle,
                "s",
                "<= 2",
                n=len(seconds),
            ),
            Figure(f"warm check, the slowest ({slowest})", seconds[slowest], "s", n=rounds),
            Figure("points that the solutions miss", missing, "", "<= 0", n=len(seconds)),
            Figure(
                "points that untouched stubs earn",
                earned,
                "",
                "<= 0",
                n=len(stubs),
            ),
            Figure(
                "untouched stubs that do not say 'not attempted'", float(attempted), "", "<= 0", n=len(stubs)
            ),
        ],
        options,
    )


def import_seconds() -> float:
    """Return the median time of `import vla_course` in a fresh interpreter, its own start not counted."""
    code = "import time; t = time.perf_counter(); import vla_course; print(time.perf_counter() - t)"
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        for _ in range(5)
    ]
    return statistics.median(float(run.stdout) for run in runs)


if __name__ == "__main__":
    main()
