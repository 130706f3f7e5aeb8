"""The ground as the robot sees it: its picture, its depth, the map that comes of it, and where a sole may stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from matplotlib.patches import Polygon
from numpy.typing import NDArray

from vla_course.motion.footsteps.plan import Stance
from vla_course.motion.ground.footing import Footing, FootingLimits, SoleGround
from vla_course.motion.ground.obstacles import Obstacle
from vla_course.motion.ground.terrain_map import TerrainAnalysis, TerrainMap
from vla_course.motion.ground.terrain_sight import TerrainSight, look_around
from vla_course.motion.standing.body import sole_corners
from vla_course.panels.drawing import style
from vla_course.panels.drawing.scenery import build_obstacles
from vla_course.panels.drawing.style import Picture, picture
from vla_course.simulation.robot.description import HumanoidDescription
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.scene.cameras import Camera, CameraImage, RobotMount
from vla_course.simulation.scene.terrain import Terrain
from vla_course.simulation.world.world import World

Array = NDArray[np.float64]
Analyse = Callable[[TerrainMap], TerrainAnalysis]
Rate = Callable[[SoleGround, FootingLimits], Array]

AREA_X, AREA_Y = (-0.5, 3.2), (-1.4, 1.4)
"""m, of the map"""


@dataclass(frozen=True)
class Sight:
    """What a robot saw from where it stood."""

    image: CameraImage
    terrain: TerrainMap


def look(terrain: Terrain, obstacles: Sequence[Obstacle] = ()) -> Sight:
    """Let a robot at the origin look round with all its cameras."""
    with World(seed=0) as world:
        humanoid = Humanoid(world)
        terrain.build(world)
        build_obstacles(world, obstacles)
        sight = TerrainSight(AREA_X, AREA_Y)
        look_around(humanoid, sight)
        sight.feel(Stance.at(0.0, 0.0), around=0.3)
        image = Camera(world, RobotMount(humanoid, "chest")).capture()
        return Sight(image, sight.terrain())


def sight_picture(sight: Sight) -> Picture:
    """Draw what the camera in the robot's chest saw, how far everything is, and the map of heights."""
    figure, (seen, far, ground) = picture(
        1,
        3,
        height=2.9,
        alt="The picture of the robot's camera, the same with distances in colours, and the map of heights seen "
        "from above, with white where nothing is known.",
        width_ratios=(1.2, 1.5, 1.0),
    )
    seen.imshow(sight.image.rgb, interpolation="lanczos")
    depth = np.where(sight.image.depth < 4.0, sight.image.depth, np.nan)
    shown = far.imshow(depth, cmap="cividis_r")
    figure.colorbar(shown, ax=far, shrink=0.62, label="distance (m)")
    for axes, title in ((seen, "camera"), (far, "depth")):
        axes.set(xticks=[], yticks=[])
        axes.set_title(title, loc="left", fontsize=10, color=style.INK)
        axes.spines[:].set_visible(False)
        axes.grid(visible=False)
    heights = 100.0 * np.minimum(sight.terrain.heights, 0.12)
    shown = draw_map(ground, sight.terrain, heights, "viridis", (0.0, 12.0))
    ground.set_title("map of heights", loc="left", fontsize=10, color=style.INK)
    figure.colorbar(shown, ax=ground, shrink=0.62, label="height (cm)")
    return figure


def analysis_picture(terrain: TerrainMap, analyze_terrain: Analyse) -> Picture:
    """Draw slope, roughness and edges of a map, as `analyze_terrain` finds them."""
    found = analyze_terrain(terrain)
    figure, panes = picture(
        1,
        3,
        height=2.9,
        alt="Slope, roughness and edges of the ground seen from above; white where the ground cannot be judged.",
    )
    layers = (
        ("slope (°)", np.degrees(found.slopes), "magma_r", (0.0, 30.0)),
        ("roughness (mm)", 1000.0 * found.roughness, "magma_r", (0.0, 20.0)),
        ("edges", np.where(found.edges, 1.0, np.where(terrain.known, 0.0, np.nan)), "Greys", (-0.15, 1.0)),
    )
    for axes, (name, values, colours, limits) in zip(panes, layers, strict=True):
        shown = draw_map(axes, terrain, values, colours, limits)
        axes.set_title(name, loc="left", fontsize=10, color=style.INK)
        if name != "edges":
            figure.colorbar(shown, ax=axes, shrink=0.62)
    for axes in panes[1:]:
        axes.set_ylabel("")
    return figure


def footing_costs(
    terrain: TerrainMap,
    analyze_terrain: Analyse,
    rate_footing: Rate,
    obstacles: Sequence[Obstacle] = (),
    limits: FootingLimits | None = None,
) -> Array:
    """Return what standing at each cell of a map costs a sole that points forward, inf where it must not."""
    footing = Footing(terrain, analyze_terrain(terrain), tuple(obstacles))
    columns, rows = terrain.shape
    x = terrain.origin[0] + terrain.cell * np.arange(columns)
    y = terrain.origin[1] + terrain.cell * np.arange(rows)
    places = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1).reshape(-1, 2)
    poses = np.column_stack((places, np.zeros(len(places))))
    cost = np.asarray(rate_footing(footing.under(poses), limits or FootingLimits()), dtype=float)
    return cost.reshape(columns, rows)


def footing_picture(terrain: TerrainMap, costs: Array, soles: Sequence[tuple[float, float]] = ()) -> Picture:
    """Draw where a sole that points forward may stand, and some soles as examples."""
    free = float(np.isfinite(costs).mean())
    figure, (axes,) = picture(
        height=4.0,
        width=6.4,
        alt=f"Map of the places where a sole may stand, {100 * free:.0f} percent of all, with some soles drawn in.",
    )
    draw_map(axes, terrain, np.where(terrain.known, 1.0, np.nan), "Greys", (0.0, 4.0))
    shown = draw_map(axes, terrain, np.where(np.isfinite(costs), costs, np.nan), "viridis_r", (0.0, 0.6))
    figure.colorbar(shown, ax=axes, shrink=0.7, label="cost of standing here")
    outline = sole_corners(HumanoidDescription())[:, :2]
    for x, y in soles:
        cell = terrain.cells(x, y)
        good = bool(np.isfinite(costs[int(cell[0]), int(cell[1])]))
        axes.add_patch(
            Polygon(
                outline[:, ::-1] + (y, x),
                fc="none",
                ec=style.COM if good else style.ZMP,
                lw=2.0,
                ls="-" if good else "--",
                zorder=4,
            )
        )
    return figure


def draw_map(
    axes: Axes, terrain: TerrainMap, values: Array, colours: str, limits: tuple[float, float]
) -> AxesImage:
    """Draw values (columns, rows) of a map from above: forward is up, left is left."""
    (x, y), (columns, rows), half = terrain.origin, terrain.shape, terrain.cell / 2.0
    extent = (
        y - half,
        y + (rows - 1) * terrain.cell + half,
        x - half,
        x + (columns - 1) * terrain.cell + half,
    )
    shown = axes.imshow(
        values,
        origin="lower",
        extent=extent,
        cmap=colours,
        vmin=limits[0],
        vmax=limits[1],
        interpolation="nearest",
    )
    axes.set(xlim=(extent[1], extent[0]), xlabel="y, left (m)", ylabel="x, forward (m)", aspect="equal")
    axes.grid(visible=False)
    return shown
