"""What a graded class keeps between runs: its secret seed, and each verdict under all that it depends on."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vla_course.course.errors import CourseError
from vla_course.course.root import CourseRoot
from vla_course.course.source.keeping import write_atomically
from vla_course.grading.intake.submission import Submission
from vla_course.grading.judging.verdicts import SubmissionVerdict

SEED_BITS = 52  # what every JSON reader keeps exactly

# What makes verdicts; all else here reads submissions, shows marks or does sums with them, and regrades nobody.
MAKES_VERDICTS = ("walls", "worker", "judging")


def fingerprint(root: CourseRoot) -> str:
    """A hash of all that a mark depends on besides the submission: tests, reference, manifest, frame, grader."""
    found = hashlib.sha256()
    package = Path(__file__).resolve().parents[2]
    for home, path in [*_course_files(root), *_package_files(package)]:
        found.update(f"{path.relative_to(home).as_posix()}\0".encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def _course_files(root: CourseRoot) -> Iterator[tuple[Path, Path]]:
    trees = [root.solutions, *(root.graded / kind for kind in ("shown", "hidden", "integration"))]
    data = [path for kind in ("*.toml", "*.urdf") for path in sorted((root.folder / "data").rglob(kind))]
    for path in [*data, *(path for tree in trees for path in sorted(tree.rglob("*.py")))]:
        yield root.folder, path


def _package_files(package: Path) -> Iterator[tuple[Path, Path]]:
    for path in sorted(package.rglob("*.py")):
        inside = path.relative_to(package)
        outside = inside.parts[0] in ("exercises", "reference", "panels", "cli.py", "robot_cli.py", "doctor")
        beside = inside.parts[0] == "grading" and inside.parts[1] not in MAKES_VERDICTS
        if not outside and not beside:
            yield package, path


@dataclass(frozen=True)
class State:
    """The folder `state` of a graded class. It holds the secret seed: not for students."""

    folder: Path

    def seed(self, chosen: int | None) -> int:
        """The secret seed: the chosen one, else the one of the last run, else a new one; nothing is written yet."""
        place = self.folder / "seed"
        if chosen is not None:
            return chosen
        if not place.exists():
            return secrets.randbits(SEED_BITS)
        try:
            return int(place.read_text())
        except ValueError:
            raise CourseError(f"{place} holds no whole number: say `--seed`, or delete it") from None

    def keep_seed(self, seed: int) -> None:
        """Write the seed down, for the next run of this class and for nobody else's eyes."""
        place = self.folder / "seed"
        write_atomically(place, f"{seed}\n", mode=0o600)

    def read(self, key: str) -> SubmissionVerdict | None:
        """The verdict kept under that key; one that cannot be read counts as none."""
        try:
            return SubmissionVerdict.from_json(json.loads(self._place(key).read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return None

    def keep(self, key: str, verdict: SubmissionVerdict) -> None:
        write_atomically(self._place(key), json.dumps(verdict.to_json()) + "\n")

    def _place(self, key: str) -> Path:
        return self.folder / "verdicts" / f"{key}.json"


def seed_of(submission: Submission, secret: int) -> int:
    """The seed of one submission: the secret and what is graded decide it, never order, name or machine."""
    digest = hashlib.sha256(f"{secret}\0{submission.content}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> (64 - SEED_BITS)


def key_of(submission: Submission, secret: int, course: str, exercises: tuple[str, ...], level: str) -> str:
    """Names the verdict by all that it depends on: any other submission, test or seed gives another name."""
    parts = json.dumps([submission.content, secret, course, exercises, level])
    return hashlib.sha256(parts.encode()).hexdigest()[:32]
