"""The ground as the robot sees it, and the lab of hands, tell the truth about what they show."""

import numpy as np
import pytest

from vla_course.motion.ground.footing import FootingLimits, SoleGround
from vla_course.motion.ground.obstacles import Pillar
from vla_course.motion.standing.record import MotionRecord
from vla_course.panels.drawing.style import Picture
from vla_course.panels.hands.grasp_lab import Errand, GraspLab, Hands, errand_picture
from vla_course.panels.hands.laid_table import laid_table
from vla_course.panels.hands.limb_figures import (
    grasp_picture,
    leg_picture,
    minimum_jerk_picture,
    reach_picture,
)
from vla_course.panels.walking.ground_pictures import (
    Sight,
    analysis_picture,
    footing_costs,
    footing_picture,
    look,
    sight_picture,
)
from vla_course.reference.day3_humanoid_balance.arm_ik import InverseKinematicsSolver
from vla_course.reference.day3_humanoid_balance.footing import rate_footing
from vla_course.reference.day3_humanoid_balance.leg_ik import solve_leg
from vla_course.reference.day3_humanoid_balance.reach import grasp_thing, minimum_jerk
from vla_course.reference.day3_humanoid_balance.terrain import analyze_terrain
from vla_course.simulation.scene.scene import THINGS
from vla_course.simulation.scene.terrain import Slab, Terrain

STEP = Terrain("step", slabs=(Slab(1.2, 2.0, 0.06, 0.06, 1.0),))
PILLAR = Pillar(0.9, 0.75, 0.15)


@pytest.fixture(scope="module")
def sight() -> Sight:
    return look(STEP, [PILLAR])


def test_what_is_seen_is_true_and_what_is_hidden_stays_unknown(sight: Sight) -> None:
    assert float(sight.terrain.height(1.6, 0.0)) == pytest.approx(0.06, abs=2e-3)
    assert float(sight.terrain.height(0.7, 0.0)) == pytest.approx(0.0, abs=2e-3)
    assert np.isnan(sight.terrain.height(2.05, 0.0))
    assert sight_picture(sight).png()[:4] == b"\x89PNG"


def test_soles_may_stand_on_the_step_and_before_it_but_not_over_its_edge(sight: Sight) -> None:
    costs = footing_costs(sight.terrain, analyze_terrain, rate_footing, [PILLAR])

    def cost(x: float, y: float) -> float:
        i, j, _ = sight.terrain.cells(x, y)
        return float(costs[int(i), int(j)])

    assert np.isfinite([cost(0.7, 0.1), cost(1.5, 0.2)]).all()
    assert np.isinf([cost(1.12, -0.1), cost(0.9, 0.6), cost(2.0, -0.2)]).all()
    assert "percent" in footing_picture(sight.terrain, costs, [(0.7, 0.1)]).alt
    assert analysis_picture(sight.terrain, analyze_terrain).alt


def test_the_rating_is_the_students(sight: Sight) -> None:
    def everywhere(ground: SoleGround, limits: FootingLimits) -> np.ndarray:
        return np.zeros(len(ground.heights))

    assert not footing_costs(sight.terrain, analyze_terrain, everywhere).any()


@pytest.mark.parametrize(
    "draw",
    [
        lambda: leg_picture(solve_leg),
        lambda: reach_picture(InverseKinematicsSolver),
        lambda: minimum_jerk_picture(minimum_jerk),
        lambda: grasp_picture(grasp_thing),
    ],
    ids=["leg", "reach", "minimum jerk", "grasp"],
)
def test_limbs_are_drawn_with_alt_text(draw) -> None:  # type: ignore[no-untyped-def]
    drawn = draw()
    assert isinstance(drawn, Picture)
    assert drawn.alt
    assert drawn.png()[:4] == b"\x89PNG"


@pytest.fixture
def errand(kept: MotionRecord) -> Errand:
    """A cup that was lifted 10 cm and set down 4 mm beside its place, told without physics."""
    ticks = len(kept.time)
    ways = {name: np.tile(np.eye(4), (ticks, 1, 1)) for name in THINGS}
    ways["red cup"][:, 2, 3] = 0.8 + 0.1 * np.sin(np.linspace(0.0, np.pi, ticks)) ** 2
    ways["red cup"][:, 0, 3] = 0.3 + 0.004
    return Errand(kept, "red cup", np.array([0.3, 0.0]), ways, laid_table(), (), 0.0, "")


def test_an_errand_says_how_high_and_how_well(errand: Errand) -> None:
    assert str(errand) == "lifted the red cup 10 cm and put it down 4 mm from where it was wanted"
    assert "red cup" in errand_picture(errand).alt
    props = errand.props()
    assert len(props) == 1 + len(THINGS)
    assert props[0].ways.shape == (4, 4)


def test_the_lab_shows_an_errand_and_says_why_there_is_none(
    errand: Errand, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = GraspLab(Hands())
    monkeypatch.setattr("vla_course.panels.hands.grasp_lab.run_errand", lambda thing, place, hands: errand)
    assert lab.run("red cup", (0.3, 0.0)) is errand
    assert str(errand) in lab.status
    assert lab.replay is not None
    monkeypatch.undo()
    lab.x.max = 1.2
    assert lab.run("red cup", (1.0, 0.0)) is None
    assert "The robot stays where it is" in lab.status
    assert not lab.button.disabled
