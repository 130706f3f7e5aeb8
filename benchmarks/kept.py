"""What a benchmark has done is kept in build/, a line of JSON each: whoever is killed goes on from there."""

import argparse
import json
from collections import Counter
from collections.abc import Callable, Container, Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TypeVar

from report import commit, parser
from rich.progress import track

from vla_course.learning.workers.backends import Backend, here

BUILD = Path(__file__).parents[1] / "build"
Work = TypeVar("Work")
Outcome = TypeVar("Outcome")


def resumable(description: str) -> argparse.Namespace:
    """Parse what every benchmark takes, and --run and --done."""
    return resumable_parser(description).parse_args()


def resumable_parser(description: str) -> argparse.ArgumentParser:
    """Return the parser of that, for a benchmark that takes more."""
    words = parser(description)
    words.add_argument("--run", help="name of the folder with what is done already; default: the commit")
    words.add_argument(
        "--done", action="store_true", help="tell of what is done already, and do nothing more"
    )
    return words


def run_folder(benchmark: str, options: argparse.Namespace) -> Path:
    """Return the folder of a run, and make it: "quick", what --run says, or the commit."""
    folder = BUILD / benchmark / ("quick" if options.quick else options.run or commit())
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def commits_of(path: Path, add: bool) -> str:
    """Return the commits at which outcomes were made that are kept; this one as well, where `add` says so."""
    known = path.read_text(encoding="utf-8").split() if path.exists() else []
    if add and commit() not in known:
        known.append(commit())
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(known) + "\n", encoding="utf-8")
    return ", ".join(known)


def fill(
    path: Path,
    kind: Callable[..., Outcome],
    wanted: Mapping[str, Work],
    carry_out: Callable[[Work], Outcome] | None,
    doing: str,
    backend: Backend = here,
) -> dict[str, Outcome]:
    """Do what a file has not of what is wanted; return what it has then of that, in the order of `wanted`.

    Args:
        path: of the file.
        kind: the dataclass of its lines; a field is `key`.
        wanted: pieces of work by their keys.
        carry_out: does one; None: nothing more is done.
        doing: what the progress bar says.
        backend: where it is done; by other processes only what can be pickled is.

    Raises:
        ValueError: a line is no outcome; a last one that was cut off is taken off and done again.
    """
    found = _read(path, kind)
    missing = [key for key in wanted if key not in found] if carry_out else []
    if carry_out and missing:
        with path.open("a", encoding="utf-8") as file:
            works = {key: wanted[key] for key in missing}
            done = backend(partial(_done, carry_out, works), missing)
            for key, found[key] in track(done, doing, len(missing)):
                file.write(json.dumps(asdict(found[key])) + "\n")  # type: ignore[call-overload]
                file.flush()
    return {key: found[key] for key in wanted if key in found}


def _done(carry_out: Callable[[Work], Outcome], works: Mapping[str, Work], key: str) -> Outcome:
    return carry_out(works[key])


def unfinished(groups: Mapping[str, str], done: Container[str]) -> list[str]:
    """Return a line for each group of which not all is done: what is not measured is not told as if it were.

    Args:
        groups: for each piece of work that there is to be, by its key, the group whose numbers it counts for.
        done: keys.
    """
    wanted, there = Counter(groups.values()), Counter(groups[key] for key in groups if key in done)
    return [
        f"{name}: {there[name]} of {count} done" if there[name] else f"{name}: not measured yet"
        for name, count in wanted.items()
        if there[name] < count
    ]


def _read(path: Path, kind: Callable[..., Outcome]) -> dict[str, Outcome]:
    if not path.exists():
        return {}
    data = path.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    if len(whole) < len(data):
        path.write_bytes(whole)
    found = {}
    for number, line in enumerate(whole.decode().splitlines(), start=1):
        try:
            told = json.loads(line)
            found[told["key"]] = kind(**told)
        except (ValueError, TypeError, KeyError) as why:
            raise ValueError(f"{path}, line {number} is {line[:60]!r} ({why}), expected an outcome") from None
    return found
