"""The ground as the robot's own cameras see it, beside the true ground."""

import numpy as np
import pytest

from vla_course.motion.footsteps.plan import Stance
from vla_course.motion.ground.terrain_sight import TerrainSight, look_around
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.scene.terrain import Terrain
from vla_course.simulation.world.world import World


@pytest.mark.parametrize("terrain", [Terrain.flat(), Terrain.slope(0.12), Terrain.kerb(0.08, start=1.0)])
def test_seen_heights_are_true_and_the_robot_does_not_see_itself(terrain):
    with World() as world:
        humanoid = Humanoid(world)
        terrain.build(world)
        sight = TerrainSight((-0.4, 2.5), (-0.8, 0.8))
        look_around(humanoid, sight)
        seen = sight.terrain()
    x = seen.origin[0] + seen.cell * np.arange(seen.shape[0])[:, None]
    y = seen.origin[1] + seen.cell * np.arange(seen.shape[1])[None, :]
    error = np.abs(seen.heights - terrain.height(x, y))
    away = np.abs(x - 1.0) + 0.0 * y > 0.03
    assert np.nanmax(error[away]) < 2e-3
    ahead = (x > 0.45) & (x < 1.5) & (np.abs(y) < 0.5)
    assert seen.known[ahead].mean() > 0.95


def test_what_the_soles_stand_on_is_known_and_its_surroundings_only_if_asked():
    for around, known in ((0.0, False), (0.2, True)):
        sight = TerrainSight((-0.5, 0.5), (-0.5, 0.5))
        sight.feel(Stance.at(0.0, 0.0, z=0.3), around=around)
        seen = sight.terrain()
        assert float(seen.height(0.0, 0.1)) == pytest.approx(0.3)
        assert bool(np.isfinite(seen.height(0.2, 0.1))) is known


def test_an_empty_range_is_refused():
    with pytest.raises(ValueError, match="x is 1.0 to 0.0"):
        TerrainSight((1.0, 0.0), (0.0, 1.0))
