"""Answers to 1.1 as students write them."""

# ruff: noqa: F821  (they see the names of the module that they stand in)

import numpy as np
import torch
from torch.nn import functional

from vla_course.course.source.variants import right, wrong


@wrong("squashed")
def preprocess_image(picture, image_size, mean, std):
    if picture.dtype != np.uint8 or picture.ndim not in (3, 4) or picture.shape[-1] != 3:
        raise ValueError("no picture")
    batch = torch.from_numpy(np.atleast_3d(picture).reshape(-1, *picture.shape[-3:]))
    batch = batch.permute(0, 3, 1, 2).float() / 255
    batch = functional.interpolate(batch, (image_size, image_size), mode="bilinear", antialias=True)
    batch = (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]
    return batch[0] if picture.ndim == 3 else batch


@wrong("cut-from-the-corner")
def preprocess_image(picture, image_size, mean, std):
    if picture.dtype != np.uint8 or picture.ndim not in (3, 4) or picture.shape[-1] != 3:
        raise ValueError("no picture")
    side = min(picture.shape[-3:-1])
    square = picture[..., :side, :side, :].reshape(-1, side, side, 3)
    batch = torch.from_numpy(square).permute(0, 3, 1, 2).float() / 255
    batch = functional.interpolate(batch, (image_size, image_size), mode="bilinear", antialias=True)
    batch = (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]
    return batch[0] if picture.ndim == 3 else batch


@wrong("cut-at-the-start")
def preprocess_image(picture, image_size, mean, std):
    if picture.dtype != np.uint8 or picture.ndim not in (3, 4) or picture.shape[-1] != 3:
        raise ValueError("no picture")
    height, width = picture.shape[-3:-1]
    side = min(height, width)
    top, left = -((side - height) // 2), -((side - width) // 2)
    square = picture[..., top : top + side, left : left + side, :].reshape(-1, side, side, 3)
    batch = torch.from_numpy(square).permute(0, 3, 1, 2).float() / 255
    batch = functional.interpolate(batch, (image_size, image_size), mode="bilinear", antialias=True)
    batch = (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]
    return batch[0] if picture.ndim == 3 else batch


@wrong("not-scaled")
def preprocess_image(picture, image_size, mean, std):
    if picture.dtype != np.uint8 or picture.ndim not in (3, 4) or picture.shape[-1] != 3:
        raise ValueError("no picture")
    height, width = picture.shape[-3:-1]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = picture[..., top : top + side, left : left + side, :].reshape(-1, side, side, 3)
    batch = torch.from_numpy(square).permute(0, 3, 1, 2).float()
    batch = functional.interpolate(batch, (image_size, image_size), mode="bilinear", antialias=True)
    batch = (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]
    return batch[0] if picture.ndim == 3 else batch


@wrong("scaled-last")
def preprocess_image(picture, image_size, mean, std):
    if picture.dtype != np.uint8 or picture.ndim not in (3, 4) or picture.shape[-1] != 3:
        raise ValueError("no picture")
    height, width = picture.shape[-3:-1]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = picture[..., top : top + side, left : left + side, :].reshape(-1, side, side, 3)
    batch = torch.from_numpy(square).permute(0, 3, 1, 2).float()
    batch = functional.interpolate(batch, (image_size, image_size), mode="bilinear", antialias=True)
    batch = (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None] / 255
    return batch[0] if picture.ndim == 3 else batch


@wrong("normalised-twice")
def preprocess_image(picture, image_size, mean, std):
    if picture.dtype != np.uint8 or picture.ndim not in (3, 4) or picture.shape[-1] != 3:
        raise ValueError("no picture")
    height, width = picture.shape[-3:-1]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = picture[..., top : top + side, left : left + side, :].reshape(-1, side, side, 3)
    square = (square / 255 - np.array(mean)) / np.array(std)
    batch = torch.from_numpy(square).permute(0, 3, 1, 2).float()
    batch = functional.interpolate(batch, (image_size, image_size), mode="bilinear", antialias=True)
    batch = (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]
    return batch[0] if picture.ndim == 3 else batch


@wrong("not-normalised")
def preprocess_image(picture, image_size, mean, std):
    if picture.dtype != np.uint8 or picture.ndim not in (3, 4) or picture.shape[-1] != 3:
        raise ValueError("no picture")
    height, width = picture.shape[-3:-1]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = picture[..., top : top + side, left : left + side, :].reshape(-1, side, side, 3)
    batch = torch.from_numpy(square).permute(0, 3, 1, 2).float() / 255
    batch = functional.interpolate(batch, (image_size, image_size), mode="bilinear", antialias=True)
    return batch[0] if picture.ndim == 3 else batch


@wrong("std-forgotten")
def preprocess_image(picture, image_size, mean, std):
    if picture.dtype != np.uint8 or picture.ndim not in (3, 4) or picture.shape[-1] != 3:
        raise ValueError("no picture")
    height, width = picture.shape[-3:-1]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = picture[..., top : top + side, left : left + side, :].reshape(-1, side, side, 3)
    batch = torch.from_numpy(square).permute(0, 3, 1, 2).float() / 255
    batch = functional.interpolate(batch, (image_size, image_size), mode="bilinear", antialias=True)
    batch = batch - torch.tensor(mean)[:, None, None]
    return batch[0] if picture.ndim == 3 else batch


@wrong("mean-and-std-swapped")
def preprocess_image(picture, image_size, mean, std):
    if picture.dtype != np.uint8 or picture.ndim not in (3, 4) or picture.shape[-1] != 3:
        raise ValueError("no picture")
    height, width = picture.shape[-3:-1]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = picture[..., top : top + side, left : left + side, :].reshape(-1, side, side, 3)
    batch = torch.from_numpy(square).permute(0, 3, 1, 2).float() / 255
    batch = functional.interpolate(batch, (image_size, image_size), mode="bilinear", antialias=True)
    batch = (batch - torch.tensor(std)[:, None, None]) / torch.tensor(mean)[:, None, None]
    return batch[0] if picture.ndim == 3 else batch


@wrong("mean-of-the-picture")
def preprocess_image(picture, image_size, mean, std):
    if picture.dtype != np.uint8 or picture.ndim not in (3, 4) or picture.shape[-1] != 3:
        raise ValueError("no picture")
    height, width = picture.shape[-3:-1]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = picture[..., top : top + side, left : left + side, :].reshape(-1, side, side, 3)
    batch = torch.from_numpy(square).permute(0, 3, 1, 2).float() / 255
    batch = functional.interpolate(batch, (image_size, image_size), mode="bilinear", antialias=True)
    spread = batch.std(dim=(2, 3), keepdim=True, correction=0)
    batch = (batch - batch.mean(dim=(2, 3), keepdim=True)) / spread
    return batch[0] if picture.ndim == 3 else batch


@wrong("mean-fixed")
def preprocess_image(picture, image_size, mean, std):
    if picture.dtype != np.uint8 or picture.ndim not in (3, 4) or picture.shape[-1] != 3:
        raise ValueError("no picture")
    height, width = picture.shape[-3:-1]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = picture[..., top : top + side, left : left + side, :].reshape(-1, side, side, 3)
    batch = torch.from_numpy(square).permute(0, 3, 1, 2).float() / 255
    batch = functional.interpolate(batch, (image_size, image_size), mode="bilinear", antialias=True)
    batch = batch - torch.tensor([0.485, 0.456, 0.406])[:, None, None]
    batch = batch / torch.tensor([0.229, 0.224, 0.225])[:, None, None]
    return batch[0] if picture.ndim == 3 else batch


@wrong("colours-reversed")
def preprocess_image(picture, image_size, mean, std):
    if picture.dtype != np.uint8 or picture.ndim not in (3, 4) or picture.shape[-1] != 3:
        raise ValueError("no picture")
    height, width = picture.shape[-3:-1]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = picture[..., top : top + side, left : left + side, ::-1].reshape(-1, side, side, 3)
    batch = torch.tensor(square.copy()).permute(0, 3, 1, 2).float() / 255
    batch = functional.interpolate(batch, (image_size, image_size), mode="bilinear", antialias=True)
    batch = (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]
    return batch[0] if picture.ndim == 3 else batch


@wrong("rows-for-columns")
def preprocess_image(picture, image_size, mean, std):
    if picture.dtype != np.uint8 or picture.ndim not in (3, 4) or picture.shape[-1] != 3:
        raise ValueError("no picture")
    height, width = picture.shape[-3:-1]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = picture[..., top : top + side, left : left + side, :].reshape(-1, side, side, 3)
    batch = torch.from_numpy(square).transpose(1, 3).float() / 255
    batch = functional.interpolate(batch, (image_size, image_size), mode="bilinear", antialias=True)
    batch = (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]
    return batch[0] if picture.ndim == 3 else batch


@wrong("channels-last")
def preprocess_image(picture, image_size, mean, std):
    if picture.dtype != np.uint8 or picture.ndim not in (3, 4) or picture.shape[-1] != 3:
        raise ValueError("no picture")
    height, width = picture.shape[-3:-1]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = picture[..., top : top + side, left : left + side, :].reshape(-1, side, side, 3)
    batch = torch.from_numpy(square).permute(0, 3, 1, 2).float() / 255
    batch = functional.interpolate(batch, (image_size, image_size), mode="bilinear", antialias=True)
    batch = (batch.permute(0, 2, 3, 1) - torch.tensor(mean)) / torch.tensor(std)
    return batch[0] if picture.ndim == 3 else batch


@wrong("batch-of-one")
def preprocess_image(picture, image_size, mean, std):
    if picture.dtype != np.uint8 or picture.ndim not in (3, 4) or picture.shape[-1] != 3:
        raise ValueError("no picture")
    height, width = picture.shape[-3:-1]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = picture[..., top : top + side, left : left + side, :].reshape(-1, side, side, 3)
    batch = torch.from_numpy(square).permute(0, 3, 1, 2).float() / 255
    batch = functional.interpolate(batch, (image_size, image_size), mode="bilinear", antialias=True)
    return (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]


@wrong("no-antialias")
def preprocess_image(picture, image_size, mean, std):
    if picture.dtype != np.uint8 or picture.ndim not in (3, 4) or picture.shape[-1] != 3:
        raise ValueError("no picture")
    height, width = picture.shape[-3:-1]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = picture[..., top : top + side, left : left + side, :].reshape(-1, side, side, 3)
    batch = torch.from_numpy(square).permute(0, 3, 1, 2).float() / 255
    batch = functional.interpolate(batch, (image_size, image_size), mode="bilinear")
    batch = (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]
    return batch[0] if picture.ndim == 3 else batch


@wrong("nearest")
def preprocess_image(picture, image_size, mean, std):
    if picture.dtype != np.uint8 or picture.ndim not in (3, 4) or picture.shape[-1] != 3:
        raise ValueError("no picture")
    height, width = picture.shape[-3:-1]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = picture[..., top : top + side, left : left + side, :].reshape(-1, side, side, 3)
    batch = torch.from_numpy(square).permute(0, 3, 1, 2).float() / 255
    batch = functional.interpolate(batch, (image_size, image_size))
    batch = (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]
    return batch[0] if picture.ndim == 3 else batch


@wrong("another-type")
def preprocess_image(picture, image_size, mean, std):
    if picture.dtype != np.uint8 or picture.ndim not in (3, 4) or picture.shape[-1] != 3:
        raise ValueError("no picture")
    height, width = picture.shape[-3:-1]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = picture[..., top : top + side, left : left + side, :].reshape(-1, side, side, 3) / 255
    batch = torch.from_numpy(square).permute(0, 3, 1, 2)
    batch = functional.interpolate(batch, (image_size, image_size), mode="bilinear", antialias=True)
    batch = (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]
    return batch[0] if picture.ndim == 3 else batch


@wrong("anything-accepted")
def preprocess_image(picture, image_size, mean, std):
    if picture.dtype.kind != "u" or picture.ndim not in (3, 4) or picture.shape[-1] > 3:
        raise ValueError("no picture")
    height, width = picture.shape[-3:-1]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = picture[..., top : top + side, left : left + side, :].astype(np.uint8)
    square = square.reshape(-1, side, side, square.shape[-1])
    batch = torch.from_numpy(square).permute(0, 3, 1, 2).float() / 255
    batch = functional.interpolate(batch, (image_size, image_size), mode="bilinear", antialias=True)
    batch = (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]
    return batch[0] if picture.ndim == 3 else batch


@wrong("by-256")
def preprocess_image(picture, image_size, mean, std):
    if picture.dtype != np.uint8 or picture.ndim not in (3, 4) or picture.shape[-1] != 3:
        raise ValueError("no picture")
    height, width = picture.shape[-3:-1]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = picture[..., top : top + side, left : left + side, :].reshape(-1, side, side, 3)
    batch = torch.from_numpy(square).permute(0, 3, 1, 2).float() / 256
    batch = functional.interpolate(batch, (image_size, image_size), mode="bilinear", antialias=True)
    batch = (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]
    return batch[0] if picture.ndim == 3 else batch


@wrong("bytes-resized")
def preprocess_image(picture, image_size, mean, std):
    if picture.dtype != np.uint8 or picture.ndim not in (3, 4) or picture.shape[-1] != 3:
        raise ValueError("no picture")
    height, width = picture.shape[-3:-1]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = picture[..., top : top + side, left : left + side, :].reshape(-1, side, side, 3)
    batch = torch.from_numpy(square).permute(0, 3, 1, 2).contiguous()
    batch = functional.interpolate(batch, (image_size, image_size), mode="bilinear", antialias=True)
    batch = batch / 255
    batch = (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]
    return batch[0] if picture.ndim == 3 else batch


@wrong("cut-after-resizing")
def preprocess_image(picture, image_size, mean, std):
    if picture.dtype != np.uint8 or picture.ndim not in (3, 4) or picture.shape[-1] != 3:
        raise ValueError("no picture")
    height, width = picture.shape[-3:-1]
    scale = image_size / min(height, width)
    size = int(height * scale), int(width * scale)
    batch = torch.from_numpy(picture.reshape(-1, height, width, 3)).permute(0, 3, 1, 2).float() / 255
    batch = functional.interpolate(batch, size, mode="bilinear", antialias=True)
    top, left = (size[0] - image_size) // 2, (size[1] - image_size) // 2
    batch = batch[..., top : top + image_size, left : left + image_size]
    batch = (batch - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]
    return batch[0] if picture.ndim == 3 else batch


@right("colour-by-colour")
def preprocess_image(picture, image_size, mean, std):
    if picture.dtype != np.uint8 or len(picture.shape) not in (3, 4) or picture.shape[-1] != 3:
        raise ValueError(f"picture is {picture.shape} of {picture.dtype}, expected three colours in bytes")
    if picture.ndim == 4:
        return torch.stack([preprocess_image(one, image_size, mean, std) for one in picture])
    rest = picture.shape[0] - picture.shape[1]
    if rest > 0:
        picture = picture[rest // 2 :][: picture.shape[1]]
    else:
        picture = picture[:, -rest // 2 :][:, : picture.shape[0]]
    seen = torch.empty(3, image_size, image_size)
    for c in range(3):
        colour = torch.tensor(picture[:, :, c], dtype=torch.float32)[None, None] / 255
        colour = functional.interpolate(
            colour, size=(image_size, image_size), mode="bilinear", antialias=True, align_corners=False
        )
        seen[c] = (colour[0, 0] - mean[c]) / std[c]
    return seen


@right("normalised-first")
def preprocess_image(picture, image_size, mean, std):
    # Resizing is a weighted mean: it does not mind whether it comes before or after (x - mean) / std.
    if str(picture.dtype) != "uint8" or picture.ndim < 3 or picture.ndim > 4 or picture.shape[-1] != 3:
        raise ValueError("three colours in bytes, please")
    pictures = torch.as_tensor(np.array(picture)).reshape(-1, *picture.shape[-3:])
    b, h, w, _ = pictures.shape
    n = min(h, w)
    pictures = pictures.narrow(1, (h - n) // 2, n).narrow(2, (w - n) // 2, n)
    pictures = (pictures.float() / 255 - torch.tensor(mean)) / torch.tensor(std)
    pictures = torch.einsum("bhwc->bchw", pictures)
    answer = functional.interpolate(pictures, (image_size, image_size), mode="bilinear", antialias=True)
    return answer if picture.ndim == 4 else answer.squeeze(0)
