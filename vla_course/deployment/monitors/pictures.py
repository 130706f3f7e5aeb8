"""What pictures look like as a whole: how bright they are, and what the frozen encoder says of them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.encoders.frozen import FrozenEncoders
from vla_course.simulation.scene.cameras import CameraImage

Array = NDArray[np.float64]

LUMA = np.array((0.2126, 0.7152, 0.0722))
"""how much red, green and blue count for brightness (ITU-R BT.709)"""


def brightness(pictures: Sequence[CameraImage]) -> Array:
    """Return the natural logarithm of each picture's mean luma (cameras,), of 1 to 256: half the light is -0.7."""
    return np.array([np.log1p(picture.rgb.mean(axis=(0, 1)) @ LUMA) for picture in pictures])


def embeddings(encoders: FrozenEncoders, pictures: Sequence[CameraImage]) -> Array:
    """Return the mean of each picture's tokens (cameras, width), of the encoder that the policy runs anyway."""
    coarse, _ = encoders.see(np.stack([picture.rgb for picture in pictures])[None])
    return coarse[0].mean(dim=1).numpy().astype(np.float64)
