"""What card and notebook say of encoders and backbones is what the benchmarks measured."""

import json
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "benchmarks"))

import encoders_card  # noqa: E402
import policy_card  # noqa: E402

NOTEBOOK = " ".join(
    line.removeprefix("#").strip()
    for line in (ROOT / "notebooks" / "day1_fundamentals.py").read_text(encoding="utf-8").splitlines()
)


def results(benchmark: str) -> dict[str, dict]:
    path = ROOT / "benchmarks" / "results" / f"{benchmark}.json"
    return {figure["name"]: figure for figure in json.loads(path.read_text(encoding="utf-8"))["figures"]}


ENCODERS, BACKBONES, LATENCY = (results(name) for name in ("encoders", "backbones", "model_latency"))


def said(pattern: str) -> list[int]:
    """Return the numbers that the notebook gives in the only passage of this pattern."""
    passages = re.findall(pattern, NOTEBOOK)
    assert len(passages) == 1, f"{len(passages)} passages like {pattern!r}"
    found = passages[0] if isinstance(passages[0], tuple) else passages
    return [int(number) for number in found]


def percent(name: str) -> int:
    return round(100 * ENCODERS[name]["value"])


def right(name: str) -> int:
    return round(ENCODERS[name]["value"] * ENCODERS[name]["n"])


def test_card_is_written_from_the_results():
    assert encoders_card.CARD.read_text(encoding="utf-8") == encoders_card.card()


def test_card_of_the_policy_is_written_from_the_results():
    assert policy_card.CARD.read_text(encoding="utf-8") == policy_card.card()


def test_card_names_light_table_distance_viewpoint_and_pose_as_limits():
    limits = encoders_card.card().split("## Limits")[1]
    for limit in ("**Light**", "**Colour of the table**", "**Distance**", "**Viewpoint and pose**"):
        assert limit in limits
    assert limits.count("% |") == 2 * 11


def test_notebook_says_how_often_encoders_are_right():
    assert said(r"it finds (\d+) % of the pairs that it knows and (\d+) % of those") == [
        percent("trained pairs, text to image"),
        percent("held-out pairs among all, text to image"),
    ]
    assert said(
        r"the colour is right in (\d+) % of pictures like those of training, in (\d+) % in dim light, "
        r"in (\d+) % under the evening lamp of section 2, and in (\d+) % on a red, green or blue table"
    ) == [
        percent(f"one thing, {circumstance}: colour")
        for circumstance in (
            "nothing changed",
            "dim light",
            "evening lamp of Day 1",
            "red, green or blue table",
        )
    ]


def test_architecture_says_the_same_of_held_out_and_trained_pairs():
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    found = re.search(
        r"captions of held-out pairs are found among 32 in (\d+) % of cases, those of trained pairs in (\d+) %",
        page,
    )
    assert found
    assert [int(number) for number in found.groups()] == [
        percent("held-out pairs among all, text to image"),
        percent("trained pairs, text to image"),
    ]


def test_notebook_counts_shuffled_captions_as_measured():
    phrases = "scenes of three things, words shuffled"
    one = f"{phrases}, a caption as one vector"
    count = ENCODERS[one]["n"]
    assert said(
        r"Of (\d+) such scenes it gets (\d+) right, where guessing would get (\d+); phrase by phrase it gets (\d+)"
    ) == [count, right(one), round(count / 8), right(phrases)]


@pytest.mark.parametrize(
    ("kind", "name"),
    [("vit", "ViT"), ("convnextv2", "ConvNeXt V2"), ("mobilenetv2", "MobileNet V2"), ("resnet", "ResNet")],
)
def test_notebook_has_the_backbones_as_measured(kind, name):
    row = re.search(rf"\| {name} \|([^|]*\|){{5}}", NOTEBOOK)
    assert row, f"no row of {name}"
    low, high = BACKBONES[f"{kind}: text to image"]["interval"]

    def value(figure: str) -> float:
        return BACKBONES[f"{kind}: {figure}"]["value"]

    assert [cell.strip() for cell in row[0].strip("|").split("|")[1:]] == [
        f"{value('parameters'):.1f} M",
        f"{value('operations'):.0f}",
        f"{value('a picture, p50'):.0f} ms",
        f"{value('glimpses seen meanwhile'):,} and {value('whole pictures seen meanwhile'):,}",
        f"{100 * value('text to image'):.0f} % ({100 * low:.0f} to {100 * high:.0f} %)",
    ]


def test_own_row_in_the_table_of_models_is_as_measured():
    row = re.search(r"\| \*\*yours, today\*\* \|.*?one processor core \|", NOTEBOOK)
    assert row
    weights = LATENCY["shipped, cpu: weights"]["value"] * 2**20 / 4  # float32
    assert f"{weights / 1e6:.1f} million" in row[0]
    assert f"{LATENCY['shipped, cpu: end to end, p99']['value']:.0f} ms (99 of 100)" in row[0]
