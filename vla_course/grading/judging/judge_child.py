"""The grader's own child: judges tasks one after another, each in a worker, and writes verdicts as they are made.

    python -P -m vla_course.grading.judging.judge_child < JOB

One for each submission, so that whatever an answer does to the grader (a number that makes the physics engine
fail) costs that exercise and not the class. The job comes in on stdin, one JSON object a line goes out on stdout.
"""

from __future__ import annotations

import json
import os
import sys
from functools import partial
from pathlib import Path
from typing import Any

from vla_course.grading.walls.processes import become_grader

CPU_FACTOR, START_CPU = 2.0, 60.0
"""the kernel ends a worker past so many times its budget, and what loading libraries may take, in s of its processor
time: a last resort for a worker whose grader is gone"""


def main() -> None:
    job = json.loads(sys.stdin.read())
    become_grader(job["parent"])
    report = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print is no verdict

    def say(**event: Any) -> None:
        report.write(json.dumps(event) + "\n")
        report.flush()

    from vla_course.course.errors import CourseError
    from vla_course.course.manifest import load_manifest
    from vla_course.course.root import CourseRoot
    from vla_course.grading.judging.judge import Task, judge, tasks_of
    from vla_course.grading.judging.verdicts import TooBusy
    from vla_course.grading.worker.sandbox import Job, Sandbox
    from vla_course.grading.worker.session import NotStarted, Session
    from vla_course.grading.worker.stage import Stage, needs_of, reference_for

    root = CourseRoot.current()
    stage, desk = Stage(Path(job["stage"])), Path(job["desk"])
    sandbox = Sandbox(job["level"], filter_calls=job["filter_calls"])
    tasks = {task.exercise.id: task for task in tasks_of(root, load_manifest(root))}
    needs = needs_of(root)

    def reference(task: Task) -> Path:
        if task.integration:
            return stage.reference(task.hole)
        return reference_for(stage, needs, task.exercise, desk, Path(job["scratch"], task.exercise.id))

    def start(task: Task) -> Session:
        exercise = task.exercise
        worker = Job(
            course=stage.course,
            desk=desk,
            reference=reference(task),
            exercise_id=exercise.id,
            folder=exercise.day.folder,
            file=exercise.file,
            symbol=exercise.symbol,
            cpu_seconds=START_CPU + CPU_FACTOR * exercise.seconds,
            isolate=not task.integration,
        )
        try:
            return Session(sandbox, worker, exercise.seconds)
        except NotStarted:  # a machine under load gets a second chance
            return Session(sandbox, worker, exercise.seconds)

    for name in needs.in_order(job["tasks"]):  # what a worker holds has been graded when it begins
        say(begin=name)
        try:
            verdict = judge(tasks[name], job["seed"], root.graded, partial(start, tasks[name]))
        except (TooBusy, NotStarted) as fault:
            say(busy=str(fault))
            break  # no mark comes of any of them
        except CourseError as fault:
            say(broken=str(fault))
            break
        say(verdict=verdict.to_json())
    report.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
