"""A class of synthetic students for benchmarks/grading.py, hostile and broken ones among them, and its grading.

Of every ordinary student it is known what each answer deserves: the reference's or another right one everything,
a named wrong one less, an untouched stub nothing.
"""

import hashlib
import os
import random
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from statistics import mean
from typing import Literal

import psutil
from pieces import Count

from sample_class.build import Desk
from tests.grading.attacks import corpus
from vla_course.course.root import CourseRoot
from vla_course.course.source.keeping import write_atomically
from vla_course.course.source.source import lines_of, marked_functions
from vla_course.course.source.variants import read_variants
from vla_course.grading.class_run.scheduler import Backend, on_cluster, on_this_machine
from vla_course.grading.intake.submit import pack, zip_bytes
from vla_course.grading.pipeline.pipeline import grade_class

Kind = Literal["ordinary", "hostile", "broken"]
Due = Literal["all", "less", "none"]

HOSTILE = (
    *("endless_loop", "sleep_past_the_limit", "fork_bomb", "memory_hog", "infinite_output", "exit_early"),
    *("exit_at_import", "crash_the_interpreter", "kill_the_grader", "lingering_children", "disk_hog"),
    "write_results",
)
BROKEN = (
    *("syntax errors", "an empty zip", "half a zip", "another folder", "a bomb"),
    *("no zip at all", "files missing", "bytes in place of text"),
)
SEED = 20261121
"""the secret seed of the class: the same in every pass"""


@dataclass(frozen=True)
class Student:
    """One of the class: what kind of submission, and what each answer in it deserves (broken ones: unknown)."""

    key: str
    kind: Kind
    what: str
    due: dict[str, Due]


@dataclass(frozen=True)
class Pass:
    """One grading of the whole class."""

    seconds: float
    tree_mib: float
    """the most that all processes together held at a time, memory that they share counted in each"""
    process_mib: float
    """the most that one of them held"""
    load: float
    """the machine's load average meanwhile: the graders' own, and whatever else it was doing"""
    ungraded: dict[str, str]
    fresh: int
    marks: dict[str, dict[str, tuple[float, int]]]
    """by student and exercise: points, and out of how many"""
    grades: str
    """`grades.csv`"""
    touched: bool
    left: list[str]
    killed: int
    """how many workers of the cluster were killed in mid-run"""


class Classroom:
    """Writes the class's submissions, and grades them."""

    def __init__(self, root: CourseRoot, ids: Sequence[str], seed: int) -> None:
        self.root, self.ids = root, list(ids)
        self.desk = Desk(root)
        self.rng = random.Random(seed)
        exercises = [self.desk.manifest.exercise(name) for name in ids]
        self.attacked = next(one for one in exercises if "." not in one.symbol)
        self.variants = {one.id: read_variants(root, one) for one in exercises}

    def build(
        self, folder: Path, ordinary: int, hostile: Sequence[str], broken: Sequence[str]
    ) -> list[Student]:
        """Write `submissions` and `outside` below `folder`; returns who is in the class."""
        place = folder / "submissions"
        place.mkdir(parents=True)
        write_atomically(folder / "outside" / "canary", "alive")
        chosen = ", ".join(f'"{name}"' for name in self.ids)
        write_atomically(folder / "policy.toml", f"exercises = [{chosen}]\n")
        students = [self._ordinary(place, number) for number in range(ordinary)]
        students += [self._hostile(folder, name) for name in hostile]
        return students + [self._broken(place, what) for what in broken]

    def _ordinary(self, place: Path, number: int) -> Student:
        answers: dict[str, str] = {}
        due: dict[str, Due] = {}
        for name in self.ids:
            kind = self.rng.choices(("reference", "right", "wrong", "stub"), (55, 10, 25, 10))[0]
            due[name] = "none" if kind == "stub" else "less" if kind == "wrong" else "all"
            if kind in ("right", "wrong"):
                answers[name] = self.rng.choice([one.name for one in self.variants[name] if one.kind == kind])
            elif kind == "reference":
                answers[name] = "reference"
        key = f"student-{number:03}"
        # In a word of their own, so that no two are alike: each is graded.
        files = {path: f"{text}\n# {key}\n" for path, text in self.desk.files(answers).items()}
        match number % 4:
            case 0:
                folder = _write(place.parent / "desks" / key, files)
                pack(self.root, place / f"{key}.zip", desk=folder, checked=False)
                shutil.rmtree(place.parent / "desks")
            case 1:
                (place / f"{key}.zip").write_bytes(_zip(files, "homework/final version"))
            case 2:
                _write(place / key / "vla_course" / "exercises", files)
            case _:
                _write(place / key, files)
        return Student(key, "ordinary", "", due)

    def _hostile(self, folder: Path, attack: str) -> Student:
        """The reference's answers, but for one exercise, which attacks."""
        files = self.desk.files(dict.fromkeys(self.ids, "reference"))
        words = {
            "ROOT": self.root.folder,
            "SUBMISSION": folder / "submissions",
            "OUTSIDE": folder / "outside",
            "SOLUTION": self.root.solutions / self.attacked.path,
            "HIDDEN": next(
                (self.root.graded / "hidden").rglob(f"test_{self.attacked.id.replace('.', '_')}_*.py")
            ),
            "PORT": 9,
            "HOST": "localhost",
        }
        text = (corpus.HERE / f"{attack}.py").read_text(encoding="utf-8")
        for word, value in words.items():
            text = text.replace(f"{{{{{word}}}}}", str(value))
        lines = lines_of(files[self.attacked.path])
        marks = marked_functions("".join(lines), str(self.attacked.path))
        marked = next(one for one in marks if one.id == self.attacked.id)
        answer = f"def {self.attacked.symbol}(*given, **named):\n    return attack([1.0, 2.0, 6.0])\n"
        decorators = lines[marked.first - 1 : marked.definition - 1]
        lines[marked.first - 1 : marked.last] = [corpus.KNOWN, text, "\n\n", *decorators, answer]
        key = f"hostile-{attack.replace('_', '-')}"
        _write(folder / "submissions" / key, files | {self.attacked.path: "".join(lines)})
        return Student(key, "hostile", attack, dict.fromkeys(self.ids, "all") | {self.attacked.id: "less"})

    def _broken(self, place: Path, what: str) -> Student:
        key = f"broken-{what.replace(' ', '-')}"
        files = self.desk.files(dict.fromkeys(self.ids, "reference"))
        whole = _zip(files)
        match what:
            case "syntax errors":
                _write(place / key, {path: f"{text}\ndef never_closed(:\n" for path, text in files.items()})
            case "an empty zip":
                (place / f"{key}.zip").write_bytes(zip_bytes({}))
            case "half a zip":
                (place / f"{key}.zip").write_bytes(whole[: len(whole) // 2])
            case "another folder":
                _write(place / key, {PurePosixPath("holiday/pictures.txt"): "sunset\n"})
            case "a bomb":
                bomb = {f"{path}": bytes(2**26) for path in files}
                (place / f"{key}.zip").write_bytes(_deflated(bomb))
            case "no zip at all":
                (place / f"{key}.zip").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(1000))
            case "files missing":
                _write(place / key, {self.attacked.path: files[self.attacked.path]})
            case "bytes in place of text":
                for path in files:
                    write_atomically(place / key / path, "")
                    (place / key / path).write_bytes(b"\0\xff\xfe" * 100)
        return Student(key, "broken", what, {})

    def grade(self, folder: Path, how: str) -> Pass:
        """Grade the class below `folder` anew: `one by one`, `in parallel`, or `on a cluster` that loses a worker."""
        total = len(list((folder / "submissions").iterdir()))
        count = _Progress(how, total)
        with (
            tempfile.TemporaryDirectory(prefix="vla-class-") as scratch,
            _temporary(Path(scratch, "tmp")) as own,
        ):
            before = self._digest(folder)
            with _backend(how, count) as backend, _Watch() as watch:
                begun = time.monotonic()
                run = grade_class(
                    folder / "submissions",
                    Path(scratch, "graded"),
                    root=self.root,
                    policy=folder / "policy.toml",
                    seed=SEED,
                    backend=backend,
                    progress=count,
                )
                seconds = time.monotonic() - begun
            grades = Path(scratch, "graded", "grades.csv").read_text(encoding="utf-8")
            left = _running((str(own), str(folder / "outside")))
        return Pass(
            seconds=seconds,
            tree_mib=watch.tree / 2**20,
            process_mib=watch.process / 2**20,
            load=mean(watch.loads),
            ungraded=run.ungraded,
            fresh=run.fresh,
            marks={
                grade.key: {
                    mark.verdict.exercise_id: (mark.points, mark.verdict.out_of) for mark in grade.marks
                }
                for grade in run.grades
            },
            grades=grades,
            touched=self._digest(folder) != before,
            left=left,
            killed=count.killed,
        )

    def _digest(self, folder: Path) -> str:
        """What students' code must not touch: the course, the submissions, what lies beside them."""
        course = [self.root.folder / name for name in ("data", "solutions", "tests", "vla_course")]
        digest = hashlib.sha256()
        for path in sorted(path for tree in (folder, *course) for path in tree.rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(str(path).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()


class _Progress:
    """Tells how far a pass is; on a cluster it kills a worker once a third is done."""

    def __init__(self, how: str, total: int) -> None:
        self.count, self.total_number = Count(how, total), total
        self.victim: psutil.Process | None = None
        self.killed = 0

    def step(self, title: str) -> None: ...

    def total(self, total: int, done: int) -> None: ...

    def advance(self, what: str) -> None:
        self.count.one()
        if self.victim is not None and self.count.done * 3 >= self.total_number:
            self.victim.send_signal(signal.SIGKILL)
            self.victim = None
            self.killed += 1


@contextmanager
def _backend(how: str, progress: _Progress) -> Iterator[Backend]:
    if how != "on a cluster":
        yield on_this_machine({"one by one": 1, "in parallel": 2}[how])
        return
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        progress.victim = psutil.Process(next(iter(cluster.workers.values())).process.pid)
        yield on_cluster(cluster.scheduler_address)


class _Watch:
    """Looks at the resident memory of this process's children, and theirs, and at the load, twice a second."""

    def __enter__(self) -> "_Watch":
        self.tree = self.process = 0
        self.loads = [os.getloadavg()[0]]
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        me = psutil.Process()
        while not self._over.wait(0.5):
            sizes = []
            for child in me.children(recursive=True):
                try:
                    sizes.append(child.memory_info().rss)
                except psutil.Error:  # it ended in between
                    continue
            self.loads.append(os.getloadavg()[0])
            self.tree = max(self.tree, sum(sizes))
            self.process = max([self.process, *sizes])


@contextmanager
def _temporary(folder: Path) -> Iterator[Path]:
    """A folder of its own for what is temporary, by which left processes can be told."""
    folder.mkdir()
    before = os.environ.get("TMPDIR")
    os.environ["TMPDIR"], tempfile.tempdir = str(folder), None
    try:
        yield folder
    finally:
        if before is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = before
        tempfile.tempdir = None


def _running(traces: Sequence[str]) -> list[str]:
    """The commands of processes that bear one of these traces, a moment after all should be over."""
    time.sleep(0.5)
    found = []
    for process in psutil.process_iter(["cmdline"]):
        command = " ".join(process.info["cmdline"] or ())
        if process.pid != os.getpid() and any(trace in command for trace in traces):
            found.append(command[:200])
    return found


def _write(folder: Path, files: dict[PurePosixPath, str]) -> Path:
    for path, text in files.items():
        write_atomically(folder / path, text)
    return folder


def _zip(files: dict[PurePosixPath, str], below: str = "") -> bytes:
    return zip_bytes({f"{below}/{path}".lstrip("/"): text.encode() for path, text in files.items()})


def _deflated(members: dict[str, bytes]) -> bytes:
    """A zip that is small and unpacks to a great deal."""
    import io
    import zipfile

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()
