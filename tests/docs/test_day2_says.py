"""What Day 2 says in its text is what the benchmarks measured and the course has."""

import json
import re
from pathlib import Path

import numpy as np
import torch

from vla_course.course.manifest import load_manifest
from vla_course.course.root import CourseRoot
from vla_course.learning.model.vla_config import VLAConfig
from vla_course.learning.policy.files import load_policy
from vla_course.panels.streaming.chunk_traces import HORIZON, TIMING, on_paper
from vla_course.panels.streaming.frame_story import follow
from vla_course.panels.streaming.moving_cup import ROOM
from vla_course.panels.streaming.packet_pictures import bomb
from vla_course.panels.streaming.race import INFER, PREPARE, RATE
from vla_course.panels.streaming.stale_frames import THINK
from vla_course.reference.day1_fundamentals.humanoid_vla import HumanoidVLA
from vla_course.serving.chunks.player import Timing
from vla_course.serving.inference.fallback import Patience
from vla_course.serving.inference.statistics import LAST
from vla_course.serving.stream.vla_model import StreamedVLA

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "notebooks" / "day2_streaming_pipeline.py").read_text(encoding="utf-8")
PROSE = " ".join(line.removeprefix("#").strip() for line in TEXT.splitlines() if line.startswith("#"))


def results(name):
    told = json.loads((ROOT / "benchmarks" / "results" / f"{name}.json").read_text(encoding="utf-8"))
    return {one["name"]: one for one in told["figures"]}


def test_what_the_network_heeds_of_a_prefix_is_told_as_measured():
    measured = results("streaming_prefix")
    share = {
        count: measured[f"of a displacement of {count} actions it takes over"]["value"] for count in (1, 4)
    }
    assert round(1.0 / share[4]) == 3
    assert round(1.0 / share[1]) == 12
    assert "**a third** where four actions are given, a twelfth where one is" in PROSE


def test_what_a_killed_server_does_is_told_as_measured():
    measured = results("streaming_kill")
    killed = ("the robot's link notices", "the robot stands")
    notices, stands = (measured[f"server killed: {what}, latest"] for what in killed)
    assert notices["n"] == stands["n"] == 20
    assert f"within {notices['value']:.2f} s, and the robot stood within {stands['value']:.2f} s" in PROSE


def test_the_public_client_is_told_as_measured():
    measured = results("streaming_openpi")["requests with the token, answered"]
    assert (measured["value"], measured["n"]) == (1.0, 100)
    assert "all of its hundred requests answered" in PROSE


def test_how_soon_each_way_reacts_is_told_as_measured():
    measured = results("streaming_reaction")
    modes = ("switch", "fade", "ensemble", "prefix", "soft", "blocking")
    median = {mode: measured[f"{mode}, 200 ms"] for mode in modes}
    assert [round(one["value"], 2) for one in median.values()] == sorted(
        round(one["value"], 2) for one in median.values()
    )
    said = ", ".join(f"*{mode}* {median[mode]['value']:.2f} s" for mode in modes[:-1])
    assert f"{said}, and *blocking* {median['blocking']['value']:.2f} s" in PROSE
    assert {one["n"] for one in median.values()} == {12}
    assert "In twelve scenes" in PROSE
    assert f"which it does every {Timing().every * Timing().period:.1f} s" in PROSE


def test_success_against_delay_is_told_as_measured():
    measured = results("streaming_delay")
    done = {
        (mode, ms): round(100 * measured[f"{mode}, {ms} ms"]["value"])
        for mode in ("soft", "switch", "blocking")
        for ms in (0, 200)
    }
    assert {measured[f"{mode}, {ms} ms"]["n"] for mode, ms in done} == {100}
    late, prompt = ([done[mode, ms] for mode in ("soft", "switch", "blocking")] for ms in (200, 0))
    assert f"*soft* did {late[0]} of 100, *switch* {late[1]}, and *blocking* {late[2]}" in PROSE
    assert f"without any delay it was {prompt[0]}, {prompt[1]} and {prompt[2]}" in PROSE
    assert measured["falls"]["value"] == 0
    assert round(1.0 / measured["jerk at borders against switching (soft, 200 ms)"]["value"]) == 8


def test_what_an_untaught_model_looks_at_is_told_as_it_is():
    torch.manual_seed(0)
    model = StreamedVLA(HumanoidVLA.from_config(VLAConfig()))
    said = model.infer(model.prepare(follow(frames=1).packet))
    patches = sum(rows * columns for rows, columns in said.sources.grids.values())
    assert f"the eight patches of {patches} that weigh most" in PROSE
    assert len(said.sources.patches) == 8
    assert f"An even share would be {100 / patches:.1f} %" in PROSE
    assert 1.4 < patches * said.sources.patches[0].weight < 1.6
    assert "the heaviest has about half as much again" in PROSE
    assert f"The {100 * said.confidences[0]:.0f} % are what a model begins with" in PROSE


def test_every_benchmark_that_is_named_is_there():
    named = re.findall(r"`(benchmarks/\w+\.py)`", PROSE)
    assert len(set(named)) == 5
    assert not [name for name in named if not (ROOT / name).exists()]


def test_numbers_of_the_course_are_those_that_it_has():
    assert f"decoding takes {1000 * PREPARE:.0f} ms and the model {1000 * INFER:.0f}" in PROSE
    late = 1000 * (PREPARE + INFER - 1.0 / RATE)
    assert f"every frame waits {late:.0f} ms longer" in PROSE
    assert f"the model needs {1000 * THINK:.0f} ms for one" in PROSE
    assert f"2.5 cm at 0.25 m/s are {1000 * ROOM / 0.25:.0f} ms" in PROSE
    assert f"the last {LAST} packets" in PROSE
    weights = sum(one.numel() for one in load_policy().parameters()) / 1e6
    assert f"a network of {weights:.1f} million weights" in PROSE
    assert len(bomb()) < 90
    assert f"up to four committed actions, {Timing().prefix * Timing().period:.1f} s" in PROSE
    assert Patience().faults == 3
    assert "only after three faults in a row" in PROSE


def test_a_moment_has_about_four_predictions_where_an_answer_takes_as_long_as_is_told():
    covers = [
        sum(comes <= now <= seen + HORIZON * TIMING.period for seen, comes, _ in on_paper("ensemble").chunks)
        for now in np.arange(1.0, 3.0, 0.1)
    ]
    assert round(float(np.mean(covers))) == 4
    assert "there are four predictions or so for a moment, and not twelve" in PROSE


def test_every_exercise_has_its_time_its_difficulty_and_its_place_on_the_core_path():
    exercises = [one for one in load_manifest(CourseRoot(ROOT)).exercises if one.id.startswith("2.")]
    assert len(exercises) == 12
    for one in exercises:
        path = "◆ core path · " if one.core else ""
        head = f"### Exercise {one.id}: {one.title.lower()} · {one.minutes} minutes"
        assert f"{head}  {path}difficulty {one.difficulty} of 4" in PROSE, one.id
    hours = sum(one.minutes for one in exercises) / 60
    assert round(2 * hours) == 7
    assert "three and a half hours of writing" in PROSE
    core = sum(one.minutes for one in exercises if one.core) / 60
    assert round(3 * core) == 7
    assert "◆ is two hours and a third" in PROSE
