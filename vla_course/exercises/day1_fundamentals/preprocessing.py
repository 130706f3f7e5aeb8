"""From a camera's bytes to the numbers that an encoder was trained on."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from vla_course.course.exercise import NotAttempted, exercise


@exercise("1.1")
def preprocess_image(
    picture: NDArray[np.uint8], image_size: int, mean: Sequence[float], std: Sequence[float]
) -> Tensor:
    """Return a camera's picture as an encoder expects it: float32 (3, image_size, image_size), or a batch of them.

    `picture` is (height, width, 3) uint8, or a batch (b, height, width, 3) of one size; `mean` and `std` (3,)
    are those of the encoder's training, for colours from 0 to 1. In this order:

    1. cut to the largest square in the middle: of an odd rest, the pixel more is cut at the end;
    2. colours from 0..255 to 0..1, channels before height and width;
    3. resized to image_size by torch's `functional.interpolate`, bilinear, with antialias: every old pixel still
       counts, or else thin objects flicker;
    4. (colour - mean) / std, channel by channel.

    Raises ValueError where `picture` is not uint8, has not three colours, or has other axes than these three or
    four: grey pictures and alpha channels are not for this camera, and a picture of floats may have been
    through here already.
    """
    raise NotAttempted("1.1")
