"""What Day 3 says in its text is what the benchmarks measured and the code does."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from vla_course.course.manifest import load_manifest
from vla_course.course.root import CourseRoot
from vla_course.motion.planning.foothold_graph import PlannerConfig
from vla_course.motion.planning.step_safety import LEAN, OMEGA
from vla_course.motion.standing.balance_config import BalanceConfig
from vla_course.motion.standing.senses import SenseNoise
from vla_course.motion.walking.loop import walk
from vla_course.motion.walking.step_sources import VelocityCommand
from vla_course.panels.balance.arm_swing import arm_swing
from vla_course.panels.walking.footstep_map import FootstepMap
from vla_course.panels.walking.stroll import walk as stroll
from vla_course.reference.day3_humanoid_balance.footsteps import FootstepPlanner
from vla_course.reference.day3_humanoid_balance.zmp import cart_table_zmp, zero_moment_point
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.world.world import World

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "notebooks" / "day3_humanoid_balance.py").read_text(encoding="utf-8")
PROSE = " ".join(line.lstrip("# ") for line in TEXT.splitlines() if line.startswith("#"))


def results(name: str) -> list[dict[str, Any]]:
    path = ROOT / "benchmarks" / "results" / f"{name}.json"
    return list(json.loads(path.read_text(encoding="utf-8"))["figures"])


def figure(name: str, starts: str) -> dict[str, Any]:
    (found,) = (entry for entry in results(name) if entry["name"].strip().startswith(starts))
    return found


def number(pattern: str) -> float:
    found = re.search(pattern, PROSE)
    assert found, f"Day 3 no longer says {pattern!r}"
    return float(found.group(1).replace(",", ""))


def test_the_headings_of_exercises_are_the_titles_on_the_cards() -> None:
    titles = {exercise.id: exercise.title for exercise in load_manifest(CourseRoot.current()).exercises}
    headings = re.findall(r"### Exercise (3\.\d+): (.+?) · (\d+) minutes", TEXT)
    assert len(headings) == 26
    for number_, heading, _ in headings:
        assert heading.lower() == titles[number_].lower(), number_


def test_the_walks_that_kept_to_the_limit_were_counted_in_the_benchmark() -> None:
    kept = [entry for entry in results("safety") if "leaning up to" in entry["name"]]
    assert len(kept) == 3
    assert all(entry["value"] == 0.0 for entry in kept)
    assert number(r"(\d+) walks that kept to them") == sum(entry["n"] for entry in kept)
    fell = min(e["value"] for e in results("safety") if "the least lean of a walk that fell" in e["name"])
    assert number(r"the first to fall leaned (\d+) % more") == round(100.0 * (fell / LEAN - 1.0))
    assert number(r"\$\\ell_0\$ = (\d+) cm") == pytest.approx(100.0 * LEAN)
    assert number(r"\$\\omega\$ = ([\d.]+)/s") == pytest.approx(OMEGA)


def test_the_hip_strategy_is_worth_what_its_curve_says() -> None:
    gains = json.loads((ROOT / "benchmarks" / "results" / "gains.json").read_text(encoding="utf-8"))["gains"]
    curve = gains["standing.hip_gain"]
    pushes = dict(zip(curve["values"], curve["outcomes"]["standing.push"], strict=True))
    assert number(r"the robot withstands ([\d.]+) times") == pytest.approx(pushes[0], abs=0.006)
    assert number(r"with it ([\d.]+) times") == pytest.approx(pushes[BalanceConfig().hip_gain], abs=0.006)


def test_the_search_costs_what_was_measured() -> None:
    cost = figure("planning", "cost, of a bound")
    assert number(r"plans cost about ([\d.]+) times the \*bound\*") == pytest.approx(cost["value"], abs=0.05)
    assert number(r"planning\.json`, (\d+) plans") == cost["n"]
    assert number(r"Ours takes \$w = (\d+)\$") == PlannerConfig().weight
    assert number(r"patience runs out at ([\d,]+) footholds") == PlannerConfig().patience


def test_the_slider_of_the_weight_shows_what_is_said_of_it() -> None:
    shown = FootstepMap(FootstepPlanner, seed=3)

    def plan(weight: float, ahead: float) -> tuple[float, int, bool]:
        shown.weight.value = weight
        shown.go_to(ahead, 0.2, heading=0)
        return round(shown.plan.cost, 1), shown.plan.expanded, shown.plan.reached

    assert plan(4.0, 0.6) == (
        number(r"\$w = 4\$ the plan costs ([\d.]+)"),
        number(r"takes (\d+) expansions"),
        True,
    )
    assert plan(1.0, 0.6) == (
        number(r"with \$w = 1\$ it costs ([\d.]+)"),
        number(r"and takes (\d+)\. The"),
        True,
    )
    assert plan(1.0, 2.6)[1:] == (PlannerConfig().patience, False)
    assert plan(3.0, 2.6)[::2] == (number(r"a more expensive plan \(([\d.]+)\)"), True)
    assert plan(4.0, 2.6)[::2] == (number(r"than 4 does \(([\d.]+)\)"), True)


def test_walks_on_stairs_and_with_other_bodies_went_as_it_is_told() -> None:
    stairs = figure("locomotion", "six stairs of 10 cm")
    assert (stairs["value"], stairs["n"]) == (1.0, 10)
    assert "six stairs of 10 cm were climbed by 10 robots of 10" in PROSE
    varied = figure("locomotion", "0.82 m/s over 20 m")
    assert (varied["value"], varied["n"]) == (1.0, 20)
    assert "held 20 times of 20 at 0.82 m/s" in PROSE


def test_a_level_arm_moves_the_zmp_and_not_the_carts() -> None:
    """The answer to question 1 at half-time."""
    moved = {}
    for pitch in (0.0, 1.5708):
        arm = arm_swing(pitch)
        cart = cart_table_zmp(arm.center_of_mass, arm.com_acceleration) - arm.center_of_mass[:2]
        motion = (arm.center_of_mass, arm.com_acceleration, arm.angular_momentum_rate)
        limbs = zero_moment_point(arm.mass, *motion) - arm.center_of_mass[:2]
        moved[pitch] = 1000.0 * cart[0], 1000.0 * limbs[0]
    cart, limbs = moved[1.5708]
    assert abs(cart) < 0.1
    assert 8.0 < limbs < 14.0
    # Of an arm that hangs, the cart sees nearly all: it does not explain what only limbs can.
    cart, limbs = moved[0.0]
    assert cart / limbs > 0.9


@pytest.mark.parametrize(
    "term",
    """capture point · linear inverted pendulum · friction cone · LQR · MPC · Riccati · gait · single support
    · double support · Jacobian · end effector · redundant · null space · singularity · state estimation
    · Sim-to-real · weighted A\\* · divergent component of motion""".replace("\n", " ").split("·"),
)
def test_the_words_of_the_field_stand_where_their_idea_appears(term: str) -> None:
    assert re.search(rf"\*\*{re.escape(term.strip())}\.?\*\*", re.sub(r"\s+", " ", PROSE)), term


STROLL = VelocityCommand(forward=0.4)


@pytest.mark.parametrize(
    ("noise", "seconds", "falls"),
    [
        (SenseNoise(base_velocity=0.05), 8.0, False),
        (SenseNoise(base_velocity=0.10), 2.5, True),
        (SenseNoise(delay=0.012), 8.0, False),
        (SenseNoise(delay=0.020), 3.0, True),
    ],
    ids=["5 cm/s", "10 cm/s", "12 ms", "20 ms"],
)
def test_the_walk_breaks_where_section_16_says(noise: SenseNoise, seconds: float, falls: bool) -> None:
    assert "it bears noise of 5 cm/s, and with 10 it is down within two seconds" in PROSE
    assert stroll(STROLL, seconds, senses=noise).fell == falls


def test_noise_that_one_walk_bears_is_not_said_to_be_borne_by_all() -> None:
    bad, worse = (figure("body", f"base velocity, {noise} cm/s") for noise in (2, 5))
    assert number(r"benchmarks/body\.py` makes (\d+) of each") == bad["n"] == worse["n"]
    assert number(r"with noise of 2 cm/s (\d+) of them stood") == round(bad["value"] * bad["n"])
    assert number(r"of them stood, with 5 cm/s (\d+)\.") == round(worse["value"] * worse["n"])


@pytest.mark.parametrize(("friction", "falls"), [(0.25, False), (0.20, True)])
def test_the_friction_cone_predicts_the_floor_on_which_a_walk_falls(friction: float, falls: bool) -> None:
    with World(seed=0) as world:
        record = walk(Humanoid(world, foot_friction=friction), STROLL, 4.0)
    assert record.fell == falls
    if not falls:
        given = record.com_acceleration[25:] + [0.0, 0.0, record.gravity]
        asked = float((np.hypot(given[:, 0], given[:, 1]) / given[:, 2]).max())
        assert 0.20 < asked < 0.25
