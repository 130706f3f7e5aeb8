"""What benchmarks have done is kept: whoever is killed goes on, and what is missing is said."""

import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
sys.path.append(str(BENCHMARKS))

import kept  # noqa: E402
from finetuning_runs import grid  # noqa: E402
from kept import fill, unfinished  # noqa: E402

WANTED = {f"{k}": k for k in range(4)}


@dataclass(frozen=True)
class Square:
    key: str
    value: int


def squared(number: int) -> Square:
    return Square(str(number), number**2)


def killed_at_two(number: int) -> Square:
    if number == 2:
        raise KeyboardInterrupt
    return squared(number)


def test_what_is_done_is_not_done_again_and_a_line_that_was_cut_off_is(tmp_path: Path) -> None:
    path, asked = tmp_path / "runs.jsonl", list[int]()
    with pytest.raises(KeyboardInterrupt):
        fill(path, Square, WANTED, killed_at_two, "squaring")
    assert list(fill(path, Square, WANTED, None, "squaring")) == ["0", "1"]
    with path.open("a", encoding="utf-8") as file:
        file.write('{"key": "2", "val')

    def counted(number: int) -> Square:
        asked.append(number)
        return squared(number)

    done = fill(path, Square, WANTED, counted, "squaring")
    assert asked == [2, 3]
    assert [one.value for one in done.values()] == [0, 1, 4, 9]
    assert fill(path, Square, WANTED, counted, "squaring") == done
    assert asked == [2, 3]


def test_a_line_that_is_no_outcome_is_named(tmp_path: Path) -> None:
    path = tmp_path / "runs.jsonl"
    path.write_text('{"key": "0", "value": 0}\n{"key": "1", "worth": 1}\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"runs.jsonl, line 2 is .*worth.*, expected an outcome"):
        fill(path, Square, WANTED, None, "squaring")


def test_what_is_not_measured_is_said() -> None:
    groups = {"a0": "a", "a1": "a", "b0": "b", "c0": "c"}
    assert unfinished(groups, {"a0", "c0"}) == ["a: 1 of 2 done", "b: not measured yet"]
    assert unfinished(groups, groups) == []


def test_the_results_of_finetuning_say_which_runs_they_lack() -> None:
    told = json.loads((BENCHMARKS / "results" / "finetuning.json").read_text(encoding="utf-8"))
    seeds = {figure["name"].removesuffix(": time"): figure["n"] for figure in told["figures"]}
    names = {figure["name"] for figure in told["figures"]}
    for group, wanted in Counter(run.group for run in grid(quick=False)).items():
        done = seeds.get(group, int(f"{group}: new" in names))  # who learns nothing takes no time
        lacks = f"{group}: {done} of {wanted} done" if done else f"{group}: not measured yet"
        assert (lacks in told["notes"]) is (done < wanted), group


def test_kept_outcomes_name_every_commit_that_made_some(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "run" / "direct.commits"
    assert kept.commits_of(path, add=False) == ""
    for head in ("aaaaaaa", "bbbbbbb", "aaaaaaa"):
        monkeypatch.setattr(kept, "commit", lambda head=head: head)
        kept.commits_of(path, add=True)
    monkeypatch.setattr(kept, "commit", lambda: "ccccccc")
    assert kept.commits_of(path, add=False) == "aaaaaaa, bbbbbbb"
