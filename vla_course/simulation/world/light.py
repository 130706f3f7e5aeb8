"""The light of a world, as its cameras see it."""

from dataclasses import dataclass
from math import sqrt

Vector = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Light:
    """One distant lamp and the glow around it.

    Attributes:
        direction: from the scene towards the lamp, world frame; its length does not matter.
        colour: red, green, blue in 0..1.
        ambient, diffuse, specular: shares of light from everywhere, on faces turned to the lamp, and
            in highlights.
        shadow: whether things cast shadows (they cost about a third of a picture).

    Raises:
        ValueError: a share or colour is outside 0..1, or the lamp is below the ground.
    """

    direction: Vector = (0.4, 0.5, 1.0)
    colour: Vector = (1.0, 1.0, 1.0)
    ambient: float = 0.55
    diffuse: float = 0.40
    specular: float = 0.05
    shadow: bool = True

    def __post_init__(self) -> None:
        for name in ("ambient", "diffuse", "specular"):
            share = getattr(self, name)
            if not 0.0 <= share <= 1.0:
                raise ValueError(f"{name} is {share}, expected 0 to 1")
        if not all(0.0 <= value <= 1.0 for value in self.colour):
            raise ValueError(f"colour is {self.colour}, expected three numbers in 0 to 1")
        if sqrt(sum(value * value for value in self.direction)) == 0.0 or self.direction[2] <= 0.0:
            raise ValueError(f"direction is {self.direction}, expected a direction that points upwards")
