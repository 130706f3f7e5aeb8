"""One mistake, several faces: which of the answers that a mistake can give is the one that came."""

import numpy as np
from numpy.typing import ArrayLike


def either(got: object, *faces: ArrayLike) -> ArrayLike:
    """The face that the answer shows, else the first."""
    try:
        answer = np.asarray(got, dtype=float)
    except (TypeError, ValueError):
        return faces[0]
    alike = (face for face in faces if np.shape(face) == answer.shape and np.allclose(face, answer))
    return next(alike, faces[0])
