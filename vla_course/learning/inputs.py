"""What comes into a model from outside, checked at the border."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


def check_state(robot_state: Tensor, size: int) -> None:
    """Refuse a robot state that is not (batch, size) or not all finite.

    Raises:
        ValueError: it says which number of which row is not finite.
    """
    if robot_state.ndim != 2 or robot_state.shape[1] != size:
        raise ValueError(f"robot_state is {tuple(robot_state.shape)}, expected (batch, {size})")
    if not robot_state.isfinite().all():
        row, column = (~robot_state.isfinite()).nonzero()[0].tolist()
        raise ValueError(
            f"robot_state[{row}, {column}] is {robot_state[row, column].item()}, expected a finite number: "
            "a joint that is not measured is not at 0"
        )


def check_pictures(pixel_values: Tensor, image_size: int) -> None:
    """Refuse pictures that are not (batch, 3, image_size, image_size) of floating point.

    Raises:
        ValueError: it says what came.
    """
    if pixel_values.ndim != 4 or tuple(pixel_values.shape[1:]) != (3, image_size, image_size):
        raise ValueError(
            f"pixel_values is {tuple(pixel_values.shape)}, expected (batch, 3, {image_size}, {image_size}): "
            "preprocess_image brings a picture to the encoder's size"
        )
    if not pixel_values.is_floating_point():
        raise ValueError(f"pixel_values is {pixel_values.dtype}, expected floating point, normalised")


def check_cameras(camera_images: Sequence[Tensor], batch: int) -> None:
    """Refuse cameras that have not one picture for each sample.

    Raises:
        ValueError: it says which camera.
    """
    for camera, pictures in enumerate(camera_images):
        if len(pictures) != batch:
            raise ValueError(
                f"camera_images[{camera}] holds {len(pictures)} pictures, expected one for each of {batch} commands"
            )


def check_commands(commands: Sequence[str], batch: int) -> None:
    """Refuse commands that are not as many texts as there are samples, or empty.

    Raises:
        ValueError: it says which command, and what was expected.
    """
    if isinstance(commands, str):
        raise ValueError(f"the command is one text, expected a list of {batch}: [{commands!r}]")
    if len(commands) != batch:
        raise ValueError(f"there are {len(commands)} commands, expected one for each of {batch} samples")
    for number, command in enumerate(commands):
        if not isinstance(command, str) or not command.strip():
            raise ValueError(f"command {number} is {command!r}, expected a sentence")


def check_targets(target_poses: Tensor, batch: int) -> None:
    """Refuse end-effector targets that are not (batch, n, 6).

    Raises:
        ValueError: it says what came.
    """
    if target_poses.ndim != 3 or target_poses.shape[0] != batch or target_poses.shape[2] != 6:
        raise ValueError(
            f"target_poses is {tuple(target_poses.shape)}, expected ({batch}, n, 6): place m and rotation rad"
        )
