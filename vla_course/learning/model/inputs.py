"""What comes into a model from outside, checked at the border."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


def check_state(robot_state: Tensor, batch: int, size: int) -> None:
    """Refuse a robot state that is not (batch, size) or not all finite.

    Raises:
        ValueError: it says which number of which row is not finite.
    """
    if tuple(robot_state.shape) != (batch, size):
        raise ValueError(f"robot_state is {tuple(robot_state.shape)}, expected ({batch}, {size})")
    if not robot_state.isfinite().all():
        row, column = (~robot_state.isfinite()).nonzero()[0].tolist()
        raise ValueError(
            f"robot_state[{row}, {column}] is {robot_state[row, column].item()}, expected a finite number: "
            "a joint that is not measured is not at 0"
        )


def check_pictures(pixel_values: Tensor, image_size: int, name: str = "pixel_values") -> None:
    """Refuse pictures that are not (batch, 3, image_size, image_size), of floating point and finite.

    Raises:
        ValueError: it says what came.
    """
    if pixel_values.ndim != 4 or tuple(pixel_values.shape[1:]) != (3, image_size, image_size):
        raise ValueError(
            f"{name} is {tuple(pixel_values.shape)}, expected (batch, 3, {image_size}, {image_size}): "
            "preprocess_image brings a picture to the encoder's size"
        )
    if not pixel_values.is_floating_point():
        raise ValueError(f"{name} is {pixel_values.dtype}, expected floating point, normalised")
    if not pixel_values.isfinite().all():
        raise ValueError(f"{name} holds a number that is not finite, expected normalised colours")


def check_cameras(camera_images: Sequence[Tensor], cameras: int, batch: int, image_size: int) -> None:
    """Refuse more or fewer than so many cameras, and those that have not one fitting picture for each sample.

    Raises:
        ValueError: it says which camera.
    """
    if len(camera_images) != cameras:
        raise ValueError(f"camera_images holds {len(camera_images)} cameras, expected {cameras}")
    for camera, pictures in enumerate(camera_images):
        check_pictures(pictures, image_size, f"camera_images[{camera}]")
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
    """Refuse end-effector targets that are not (batch, n, 6), or at infinity; nan says that there is none.

    Raises:
        ValueError: it says what came.
    """
    if target_poses.ndim != 3 or target_poses.shape[0] != batch or target_poses.shape[2] != 6:
        raise ValueError(
            f"target_poses is {tuple(target_poses.shape)}, expected ({batch}, n, 6): place m and rotation rad"
        )
    if target_poses.isinf().any():
        raise ValueError("target_poses holds an infinite number, expected m and rad, or nan for a target not given")
