"""What Day 5 says of measurements is what was measured."""

import json
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = " ".join((ROOT / "notebooks" / "day5_deployment.py").read_text(encoding="utf-8").replace("\n#", "\n").split())


def figures(name):
    told = json.loads((ROOT / "benchmarks" / "results" / f"{name}.json").read_text(encoding="utf-8"))
    assert not told["quick"]
    return {figure["name"]: figure for figure in told["figures"]}


def test_a_robot_whose_link_is_cut_stood_within_a_second_each_time():
    assert "at 100 random instants, walking in random directions, it stood within a second each time" in TEXT
    links = figures("links")
    assert links["cut: stands within 1 s"]["value"] == 1.0
    assert links["cut: stands within 1 s"]["n"] == 100
    assert links["cut: falls"]["value"] == 0


def test_over_a_stream_readings_are_older_than_the_watchdog_bears():
    links = figures("links")
    assert links["10 % lost, datagrams: p99 of age"]["value"] < 0.15 < links["10 % lost, stream: p99 of age"]["value"]


def test_what_is_understood_of_synthesised_speech():
    speech = figures("speech")
    for name, said in (
        ("commands understood, clean", "understood 45 of 50 commands without noise"),
        ("commands understood, 10 dB noise", "63 of 100 with it"),
        ("command, another dialect: understood", "36 of 50 in British voices"),
        ("outside the grammar: not acted on", "285 of 300 utterances that were no commands it did not act on"),
    ):
        figure = speech[name]
        count, of = (int(word) for word in said.split() if word.isdigit())
        assert (count, of) == (round(figure["value"] * figure["n"]), figure["n"])
        assert said in TEXT


def test_how_often_monitors_rang_where_nothing_was_wrong():
    rang = figures("drift")["in distribution: episodes with a false alarm"]
    assert f"Of {rang['n']} fresh episodes so far, {rang['value']:g} raised a false alarm" in TEXT
