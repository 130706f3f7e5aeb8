"""Evaluating a policy: all episodes that are missing in a folder are carried out, by whoever there is, and kept.

A run is a folder: `run.json` says of what it is, `POLICY.jsonl` has the outcomes, `expert.jsonl` those of the expert in
the same tasks. Whoever is killed has lost the episodes that were under way and nothing else; the same command goes on.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from vla_course.learning.evaluation.episodes import CONTROLS, Episode, EvaluationFault, of_key
from vla_course.learning.evaluation.outcomes import Outcome, kept_in, read_outcomes, read_plain
from vla_course.learning.evaluation.policies import EXPERT, Learner
from vla_course.learning.workers.backends import Backend, WorkFault
from vla_course.learning.workers.bar import progress_bar

if TYPE_CHECKING:
    from rich.console import Console

SETTINGS: Final = "run.json"
PRELOAD: Final = ("vla_course.learning.evaluation.trial",)
"""what workers import once"""
OF_OUTCOMES: Final = ("vla_course", "solutions", "data")
"""folders of the course that outcomes depend on"""


@dataclass(frozen=True)
class Settings:
    """Of what a run is: all that its outcomes depend on, but for the episodes.

    Attributes:
        policy: its name.
        weights: of what it has learned, a fingerprint; empty for what ships.
        seed: of the episodes.
        commit: of the course.
    """

    policy: str
    weights: str = ""
    seed: int = 0
    commit: str = "unknown"


@dataclass(frozen=True)
class Run:
    """What came of an evaluation.

    Attributes:
        name: of its folder.
        settings: of what it is.
        outcomes: of the policy, by the keys of episodes.
        experts: of the expert, by the `expert_key` of episodes.
    """

    name: str
    settings: Settings
    outcomes: Mapping[str, Outcome]
    experts: Mapping[str, Outcome]

    @property
    def episodes(self) -> list[Episode]:
        """All that were carried out, in the order of the file."""
        return [of_key(key) for key in self.outcomes]


def work(learner: Learner, key: str) -> Outcome:
    """Carry out the episode of a key: a piece of work for any process, on any machine."""
    from vla_course.learning.evaluation.trial import carry_out

    return carry_out(of_key(key), learner)


def beside(episodes: Iterable[Episode]) -> list[Episode]:
    """Return the episodes of an expert who stands beside these: each task once, and none of the controls."""
    keys = dict.fromkeys(one.expert_key for one in episodes if one.split not in CONTROLS)
    return [of_key(key) for key in keys]


def evaluate(
    folder: Path,
    episodes: Sequence[Episode],
    learner: Learner,
    settings: Settings,
    backend: Backend,
    *,
    expert: bool = True,
    console: Console | None = None,
) -> Run:
    """Carry out the episodes that are missing in a folder, the expert's beside them.

    Args:
        folder: of the run; it is made.
        episodes: that there are to be; others that are there already stay.
        learner: the policy.
        settings: of what the run is.
        backend: who carries them out: `workers.backends`.
        expert: whether the expert stands beside.
        console: shows a progress bar; None: none.

    Raises:
        EvaluationFault: the folder holds another run or something else, a file in it is damaged, somebody else is
            writing it, or a worker keeps dying.
    """
    learner.check()
    check_folder(folder, settings)
    mine = fill(
        folder / f"{learner.name}.jsonl",
        [one.key for one in episodes],
        partial(work, learner),
        backend,
        console,
    )
    experts: Mapping[str, Outcome] = {}
    if learner.name == EXPERT:
        experts = mine
    elif expert:
        keys = [one.key for one in beside(episodes)]
        experts = fill(
            folder / f"{EXPERT}.jsonl", keys, partial(work, Learner(EXPERT)), backend, console, "the expert"
        )
    return Run(folder.name, settings, mine, experts)


def fill(
    path: Path,
    keys: Sequence[str],
    work: Callable[[str], Outcome],
    backend: Backend,
    console: Console | None = None,
    doing: str = "evaluating",
) -> dict[str, Outcome]:
    """Do the work for those of `keys` that a file of outcomes does not have yet; return all that it has then."""
    with kept_in(path) as file:
        missing = [key for key in keys if key not in file.found]
        with progress_bar(console, doing, len(keys), len(missing)) as advance:
            try:
                for _, outcome in backend(work, missing):
                    file.keep(outcome)
                    advance()
            except WorkFault as fault:
                raise EvaluationFault(str(fault)) from fault
        return dict(file.found)


# ---- folders --------------------------------------------------------------------------------------


def check_folder(folder: Path, settings: Settings) -> None:
    """Keep in a folder of what its run is, or compare that with what is there.

    Raises:
        EvaluationFault: the folder is of another run, or of something else.
    """
    path = folder / SETTINGS
    if folder.exists() and not folder.is_dir():
        raise EvaluationFault(f"{folder} is a file, expected a folder")
    if not path.exists():
        if folder.is_dir() and any(folder.iterdir()):
            raise EvaluationFault(f"{folder} holds other files, expected an empty folder or one with a run")
        folder.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_text(json.dumps(asdict(settings), indent=1) + "\n", encoding="utf-8")
        part.replace(path)
        return
    there = _settings_in(path)
    for name, value in asdict(settings).items():
        known = getattr(there, name)
        if known != value:
            raise EvaluationFault(
                f"{path}: {name} is {known!r} there and {value!r} now, expected the same: "
                "evaluate into another folder (--out)"
            )


def _settings_in(path: Path) -> Settings:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as why:
        raise EvaluationFault(f"{path} is damaged or missing ({why}), expected what a run is of") from None
    return read_plain(Settings, told, {one.name for one in fields(Settings)}, str(path), "a run")


def read_run(folder: Path) -> Run:
    """Read a run back.

    Raises:
        EvaluationFault: there is none, or it is damaged.
    """
    if not folder.is_dir():
        raise EvaluationFault(f"there is no folder {folder}, expected one with a run")
    settings = _settings_in(folder / SETTINGS)
    outcomes = read_outcomes(folder / f"{settings.policy}.jsonl")
    if not outcomes:
        raise EvaluationFault(f"{folder / settings.policy}.jsonl has no outcomes, expected some")
    return Run(folder.name, settings, outcomes, read_outcomes(folder / f"{EXPERT}.jsonl"))


def fingerprint(learner: Learner) -> str:
    """Return a fingerprint of what a policy has learned; empty for what ships, which the commit tells.

    Raises:
        EvaluationFault: there is no such folder, or nothing in it.
    """
    if not learner.weights:
        return ""
    folder = Path(learner.weights)
    files = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
    if not files:
        raise EvaluationFault(f"--weights is {folder}, expected a folder with what the policy has learned")
    digest = hashlib.sha256()
    for path in files:
        digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def commit() -> str:
    """Return the commit of the course that is running; "unknown" where there is none.

    Where what outcomes depend on was changed since, a plus sign and a fingerprint of the changes follow.
    """
    head = _git("rev-parse", "--short", "HEAD").strip()
    changes = _git("diff", "HEAD", "--", *(f":(top){name}" for name in OF_OUTCOMES))
    told = f"+{hashlib.sha256(changes.encode()).hexdigest()[:6]}" if changes else ""
    return f"{head}{told}" if head else "unknown"


def _git(*command: str) -> str:
    told = subprocess.run(
        ["git", *command], cwd=Path(__file__).parent, capture_output=True, text=True, check=False
    )
    return told.stdout
