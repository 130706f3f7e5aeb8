"""An evaluation goes on after whatever happens: nothing is lost, nothing is done twice; other runs are refused."""

import json
import os
import shutil
import signal
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from tests.learning.recorded_runs import outcome, record
from vla_course.cli import main
from vla_course.learning.evaluation import trial
from vla_course.learning.evaluation.asking import Asked, asked_in
from vla_course.learning.evaluation.episodes import Episode, EvaluationFault, of_key
from vla_course.learning.evaluation.evaluating import (
    SETTINGS,
    Settings,
    beside,
    check_folder,
    evaluate,
    fill,
    fingerprint,
    read_run,
)
from vla_course.learning.evaluation.outcomes import Outcome, read_outcomes
from vla_course.learning.evaluation.policies import POLICIES, Learner, composition_of
from vla_course.learning.evaluation.trial import carry_out
from vla_course.learning.grounding.files import GROUNDER
from vla_course.learning.workers.backends import TRIES, WorkFault, here, on_cluster, on_this_machine
from vla_course.simulation.tasks.goals_hands import LIFTED, PickedUp
from vla_course.simulation.world.engine import pybullet

KEYS = [f"seen/{family}/0/{number}" for number in range(2) for family in ("walk", "turn", "look at")]


def work(key: str) -> Outcome:
    """Carry out an episode without a simulation."""
    return outcome(of_key(key), "turn" not in key)


@pytest.fixture
def whole(tmp_path: Path) -> bytes:
    """What an uninterrupted evaluation writes."""
    fill(tmp_path / "whole.jsonl", KEYS, work, here)
    return (tmp_path / "whole.jsonl").read_bytes()


# ---- whoever evaluates is interrupted ----------------------------------------------------------------


@pytest.mark.parametrize("after", [0, 1, 4])
def test_an_interrupted_evaluation_goes_on_from_what_is_there(
    tmp_path: Path, whole: bytes, after: int
) -> None:
    asked: list[str] = []

    def watched(key: str) -> Outcome:
        if len(asked) == after:
            asked.append("interrupted")
            raise KeyboardInterrupt
        asked.append(key)
        return work(key)

    path = tmp_path / "run.jsonl"
    with pytest.raises(KeyboardInterrupt):
        fill(path, KEYS, watched, here)
    assert list(fill(path, KEYS, watched, here)) == KEYS
    asked.remove("interrupted")
    assert asked == KEYS
    assert path.read_bytes() == whole


@pytest.mark.parametrize("cut", [1, 30, 150])
def test_a_line_that_was_cut_off_is_taken_off_and_its_episode_done_again(
    tmp_path: Path, whole: bytes, cut: int
) -> None:
    path = tmp_path / "run.jsonl"
    path.write_bytes(whole[:-cut])
    asked: list[str] = []

    def watched(key: str) -> Outcome:
        asked.append(key)
        return work(key)

    fill(path, KEYS, watched, here)
    assert asked == KEYS[-1:]
    assert path.read_bytes() == whole


def test_more_episodes_are_added_to_those_that_are_there(tmp_path: Path, whole: bytes) -> None:
    path = tmp_path / "run.jsonl"
    assert len(fill(path, KEYS[:2], work, here)) == 2
    assert len(fill(path, KEYS, work, here)) == 6
    assert path.read_bytes() == whole
    assert len(fill(path, KEYS[:1], work, here)) == 6


def test_two_cannot_write_one_file(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"

    def second(key: str) -> Outcome:
        with pytest.raises(EvaluationFault, match="somebody else is writing"):
            fill(path, KEYS, work, here)
        return work(key)

    fill(path, KEYS[:1], second, here)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (lambda lines: [lines[0][:20], *lines[1:]], "line 1 is damaged"),
        (lambda lines: [*lines, lines[2]], "line 7: seen/look at/0/0 is there twice"),
        (lambda lines: [lines[0], lines[1].replace('"done": false', '"done": 1')], "line 2: done is 1"),
        (lambda lines: [lines[0].replace("seen/walk", "sewn/walk")], "line 1: key is 'sewn/walk/0/0'"),
        (
            lambda lines: [lines[0].replace('"fell"', '"fall"')],
            "line 1 is .*expected the fields of an outcome",
        ),
        (lambda lines: ["[1, 2]"], "line 1 is .*expected the fields"),
        (
            lambda lines: [lines[0].replace("seen/walk", "seen/fly")],
            "line 1: key is 'seen/fly/0/0', expected one",
        ),
        (lambda lines: ['{"key": "seen/walk/0/0", "done": true, "sure": NaN}'], "line 1: sure is nan"),
        (lambda lines: ['{"key": "seen/walk/0/0", "done": true, "sure": 1.5}'], "line 1: sure is 1.5"),
        (lambda lines: ['{"key": "chain/chain/0/0", "done": true, "in_row": 6}'], "line 1: in_row is 6"),
        (
            lambda lines: ['{"key": "seen/walk/0/0", "done": true, "fell": 0}'],
            "line 1: fell is 0, expected true or false",
        ),
    ],
)
def test_a_damaged_file_is_named_with_its_line(tmp_path: Path, whole: bytes, changed, told: str) -> None:
    path = tmp_path / "run.jsonl"
    path.write_text("\n".join(changed(whole.decode().splitlines())) + "\n")
    with pytest.raises(EvaluationFault, match=f"run.jsonl, {told}"):
        fill(path, KEYS, work, here)


def test_outcomes_of_before_there_were_chains_are_read(tmp_path: Path, whole: bytes) -> None:
    lines = [json.loads(line) for line in whole.decode().splitlines()]
    for line in lines:
        del line["in_row"]
    path = tmp_path / "run.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert read_outcomes(path) == read_outcomes(tmp_path / "whole.jsonl")


# ---- workers -------------------------------------------------------------------------------------


def dies_once(mark: Path, key: str) -> Outcome:
    """Kill this worker the first time that a turn is carried out."""
    if key == KEYS[1] and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return work(key)


def always_dies(key: str) -> Outcome:
    """Kill this worker whenever a turn is carried out."""
    if key == KEYS[1]:
        os.kill(os.getpid(), signal.SIGKILL)
    return work(key)


def test_a_worker_that_is_killed_costs_nothing_and_doubles_nothing(tmp_path: Path, whole: bytes) -> None:
    path, mark = tmp_path / "run.jsonl", tmp_path / "died"
    fill(path, KEYS, partial(dies_once, mark), on_this_machine(2))
    assert mark.exists()
    assert sorted(path.read_bytes().splitlines()) == sorted(whole.splitlines())


def test_an_episode_that_always_kills_its_worker_is_named_and_the_rest_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    with pytest.raises(EvaluationFault, match=f"episode seen/turn/0/0: a worker died {TRIES} times"):
        fill(path, KEYS, always_dies, on_this_machine(1))
    assert list(read_outcomes(path)) == KEYS[:1]


def test_a_cluster_has_the_same_outcomes(tmp_path: Path, whole: bytes) -> None:
    distributed = pytest.importorskip("distributed")
    path = tmp_path / "run.jsonl"
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None
    ) as cluster:
        fill(path, KEYS, work, on_cluster(cluster.scheduler_address))
    assert sorted(path.read_bytes().splitlines()) == sorted(whole.splitlines())


def test_work_that_fails_on_a_cluster_is_named() -> None:
    distributed = pytest.importorskip("distributed")

    def fails(key: str) -> Outcome:
        raise OSError("no room")

    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None
        ) as cluster,
        pytest.raises(WorkFault, match="episode seen/walk/0/0 failed on the cluster: OSError: no room"),
    ):
        list(on_cluster(cluster.scheduler_address)(fails, KEYS[:1]))


# ---- folders ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["policy", "weights", "seed", "commit"])
def test_the_folder_of_another_run_is_refused_with_the_name_of_what_differs(
    tmp_path: Path, name: str
) -> None:
    settings = Settings("planned", "", 0, "abc1234")
    check_folder(tmp_path / "run", settings)
    check_folder(tmp_path / "run", settings)
    other = replace(settings, **{name: 1 if name == "seed" else "other"})
    with pytest.raises(EvaluationFault, match=f"run.json: {name} is .* now, expected the same"):
        check_folder(tmp_path / "run", other)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "is damaged"),
        ("[]", "expected the fields of a run: commit, policy"),
        ('{"policy": "planned"}', "expected the fields of a run: commit, policy"),
        (
            '{"policy": "planned", "weights": "", "seed": "0", "commit": ""}',
            "seed is '0', expected a whole number",
        ),
    ],
)
def test_a_damaged_run_is_named(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / SETTINGS).write_text(text)
    with pytest.raises(EvaluationFault, match=told):
        check_folder(tmp_path, Settings("planned"))
    with pytest.raises(EvaluationFault, match=told):
        read_run(tmp_path)


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "diary.txt").write_text("dear diary")
    with pytest.raises(EvaluationFault, match="holds other files"):
        check_folder(tmp_path, Settings("planned"))
    with pytest.raises(EvaluationFault, match="is a file"):
        check_folder(tmp_path / "diary.txt", Settings("planned"))
    assert [path.name for path in tmp_path.iterdir()] == ["diary.txt"]


def test_a_run_is_read_back_as_it_was(tmp_path: Path) -> None:
    run = record(tmp_path / "run", count=2)
    assert len(run.outcomes) == 2 * (12 + 4 + 12)
    assert set(run.experts) == {one.key for one in beside(run.episodes)}
    assert not any(key.startswith("empty") for key in run.experts)


def test_weights_are_told_apart_by_what_is_in_them(tmp_path: Path) -> None:
    for name, text in (("a", "1"), ("b", "1"), ("c", "2")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "model").write_text(text)
    a, b, c = (fingerprint(Learner("planned", str(tmp_path / name))) for name in "abc")
    assert a == b != c
    assert fingerprint(Learner("planned")) == ""
    with pytest.raises(EvaluationFault, match="--weights is .*nowhere, expected a folder"):
        fingerprint(Learner("planned", str(tmp_path / "nowhere")))


# ---- an episode ------------------------------------------------------------------------------------


class Scripted:
    """A policy that says what it was made to say, and lets time pass."""

    sure = 0.75

    def __init__(self, refusal="", breaks=False, seconds=0.0):
        self.refusal, self._breaks, self._seconds, self.told = refusal, breaks, seconds, []

    def perform(self, humanoid, sentence):
        self.told.append(sentence)
        if self._breaks:
            raise OSError("the camera is gone")
        for _ in range(round(self._seconds / humanoid.world.timestep)):
            humanoid.world.step()
            yield "falls"


def try_out(policy, key="seen/look at/0/1"):
    """Carry an episode out with a scripted policy."""
    return carry_out(of_key(key), Learner("scripted"), {"scripted": lambda folder: lambda given: policy})


def test_what_a_policy_says_and_how_it_ends_is_kept():
    kept = try_out(Scripted("I would rather not"))
    assert (kept.done, kept.trouble, kept.sure, kept.sentence) == (
        False,
        "I would rather not",
        0.75,
        asked_in(of_key(kept.key)).sentence,
    )
    assert try_out(Scripted()).trouble == "the rule does not hold"
    unsure = Scripted()
    unsure.sure = float("nan")
    with pytest.raises(EvaluationFault, match="seen/look at/0/1: the policy's sure is nan, expected 0 to 1"):
        try_out(unsure)
    assert try_out(Scripted(breaks=True)).trouble == "broke: OSError: the camera is gone"


class AlwaysTrue:
    """A rule that always holds."""

    hold, stands = 0.1, False

    def reached(self, stage):
        return True


def test_doing_what_was_not_asked_for_is_noticed(monkeypatch):
    asked = asked_in(of_key("swap/look at/0/0"))
    for goal, expected in ((AlwaysTrue(), True), (None, False)):
        monkeypatch.setattr(trial, "asked_in", lambda one, goal=goal: replace(asked, other=goal))
        kept = try_out(Scripted(seconds=0.2), "swap/look at/0/0")
        assert kept.other is expected
        assert not kept.done


class Raised(PickedUp):
    """A thing is up, whoever holds it."""

    def reached(self, stage):
        return stage.raised(self.thing) >= LIFTED


class Lifts:
    """A policy that lifts a thing by so many m, by magic."""

    refusal, sure = "", 1.0

    def __init__(self, stage, thing, height):
        self._stage, self._thing, self._height = stage, thing, height

    def perform(self, humanoid, sentence):
        position, turned = self._stage.scene.pose(self._thing)
        for _ in range(round(0.7 / humanoid.world.timestep)):
            pybullet.resetBasePositionAndOrientation(
                self._stage.scene.bodies[self._thing],
                position + (0.0, 0.0, self._height),
                turned,
                physicsClientId=humanoid.world.client,
            )
            humanoid.world.step()
            yield "lifts"


@pytest.mark.parametrize(("height", "other"), [(0.15, True), (0.05, False)])
def test_who_picks_up_the_other_thing_has_failed_and_is_watched_until_it_is_up(monkeypatch, height, other):
    asked = asked_in(of_key("swap/pick up/0/0"))
    wrong = Raised(asked.other.thing, None)
    monkeypatch.setattr(trial, "asked_in", lambda one: replace(asked, other=wrong))
    lifts = {"lifts": lambda folder: lambda given: Lifts(given.stage, wrong.thing, height)}
    kept = carry_out(of_key("swap/pick up/0/0"), Learner("lifts"), lifts)
    assert (kept.done, kept.trouble, kept.other) == (False, f"moved the {wrong.thing}", other)


@pytest.mark.parametrize(
    ("holds", "in_row"), [((1, 1, 1, 1, 1), 5), ((1, 1, 0, 1, 1), 2), ((0, 1, 1, 1, 1), 0)]
)
def test_a_chain_ends_with_the_first_command_that_is_not_done(monkeypatch, holds, in_row):
    class Never(AlwaysTrue):
        def reached(self, stage):
            return False

    asked = asked_in(of_key("chain/chain/0/0"))
    links = tuple(
        replace(
            link,
            task=replace(
                link.task, parts=(replace(link.task.parts[0], goal=AlwaysTrue() if held else Never()),)
            ),
        )
        for link, held in zip(asked.chain, holds, strict=True)
    )
    short = Asked(asked.task, asked.sentence, chain=links)
    monkeypatch.setattr(trial, "asked_in", lambda one: short)
    policy = Scripted(seconds=0.14)
    kept = try_out(policy, "chain/chain/0/0")
    assert (kept.in_row, kept.done) == (in_row, in_row == 5)
    assert policy.told == [link.sentence for link in links[: in_row + (in_row < 5)]]
    assert kept.trouble == ("" if kept.done else "the rule does not hold")


def test_what_ships_was_never_told_of_held_out_pairs(tmp_path: Path):
    assert composition_of(Learner("planned")) == "composition"
    other = tmp_path / "grounder"
    shutil.copytree(GROUNDER, other)
    config = json.loads((other / "config.json").read_text())
    for named, level in (("all", "grounded"), ("trained", "composition")):
        (other / "config.json").write_text(json.dumps(config | {"named": named}))
        assert composition_of(Learner("planned", str(other))) == level
    (other / "config.json").write_text(json.dumps(config | {"named": "some"}))
    with pytest.raises(EvaluationFault, match="named is 'some', expected 'trained' or 'all'"):
        composition_of(Learner("planned", str(other)))


# ---- in a shell ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["--split", "seen,sewn"], "--split names 'sewn', expected some of: seen, templates"),
        (["--split", "grounded"], "--split names 'grounded', expected 'composition'"),
        (["--factor", "fog"], "--factor names 'fog', expected some of: light, camera"),
        (["--families", "fly"], "--families names 'fly'"),
        (["--split", "swap", "--families", "walk"], "has nothing in 'swap'"),
        (["--policy", "magic"], "--policy is 'magic', expected one of: expert, planned, direct"),
        (["--episodes", "0"], "--episodes is 0"),
        (["--workers", "0"], "--workers is 0"),
        (["--against", "nowhere"], "there is no folder nowhere"),
        (["--weights", "nowhere"], "expected a folder with what the policy has learned"),
    ],
)
def test_what_is_typed_wrong_gets_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], typed: list[str], told: str
) -> None:
    assert main(["evaluate", "--out", str(tmp_path / "out"), *typed]) == 2
    complaint = capsys.readouterr().err
    assert told in complaint
    assert len(complaint.strip().splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_the_command_evaluates_films_compares_and_does_nothing_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vla_course.learning.workers.backends.on_this_machine", lambda workers, preload: here)
    out = tmp_path / "out"
    typed = ["evaluate", "--policy", "expert", "--split", "seen", "--families", "look at", "--episodes", "1"]
    assert main([*typed, "--films", "1", "--out", str(out)]) == 0
    page = (out / "report.html").read_text()
    assert page.count('src="data:video/mp4;base64,') == page.count('poster="data:image/jpeg;base64,') == 1
    assert "100 % [21, 100]" in page
    lines = (out / "expert.jsonl").read_bytes()
    monkeypatch.setattr("vla_course.learning.evaluation.trial.carry_out", None)
    assert main([*typed, "--films", "1", "--against", str(out), "--out", str(out)]) == 0
    assert (out / "expert.jsonl").read_bytes() == lines
    said = capsys.readouterr().out
    assert "0 gained, 0 lost, p = 1.000" in said.replace("\n", " ")


def test_learners_are_plain_values_and_every_policy_has_a_name():
    assert {"expert", "planned", "direct"} <= set(POLICIES)
    with pytest.raises(EvaluationFault, match="--policy is 'magic'"):
        evaluate(Path("nowhere"), [Episode("seen", "walk", 0, 0)], Learner("magic"), Settings("magic"), here)
