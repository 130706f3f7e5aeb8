"""Four small encoders of pictures from transformers' own classes, untrained: which kind of network sees how well?"""

from __future__ import annotations

from typing import Final, Literal, get_args

from torch import nn

from vla_course.learning.encoders.encoders import VisionEncoder
from vla_course.learning.encoders.files import Sight

Backbone = Literal["vit", "convnextv2", "mobilenetv2", "resnet"]
BACKBONES: Final[tuple[Backbone, ...]] = get_args(Backbone)
PATCH: Final = 16
"""pixels a side of what one token stands for"""


def backbone(kind: Backbone, image_size: int = 96) -> VisionEncoder:
    """Build an encoder of that kind without any training, ready to be trained.

    All of them make one token of 16 x 16 pixels and have one to two million parameters. Their weights are
    drawn by torch's own generator (`torch.manual_seed`).

    Raises:
        ValueError: an unknown kind, or a size that is not a multiple of 16 pixels.
    """
    if kind not in BACKBONES:
        raise ValueError(f"backbone is {kind!r}, expected one of {BACKBONES}")
    if image_size < PATCH or image_size % PATCH:
        raise ValueError(f"image_size is {image_size}, expected a multiple of {PATCH}")
    half = (0.5, 0.5, 0.5)
    return VisionEncoder(_untrained(kind, image_size), Sight(image_size, half, half)).fine_tune()


def _untrained(kind: Backbone, image_size: int) -> nn.Module:
    import transformers as hf

    match kind:
        case "vit":
            config = hf.ViTConfig(
                hidden_size=192,
                num_hidden_layers=4,
                num_attention_heads=3,
                intermediate_size=768,
                image_size=image_size,
                patch_size=PATCH,
            )
            return hf.ViTModel(config, add_pooling_layer=False)
        case "convnextv2":
            return hf.ConvNextV2Model(
                hf.ConvNextV2Config(
                    num_stages=3,
                    patch_size=4,
                    hidden_sizes=[48, 96, 192],
                    depths=[2, 2, 5],
                    image_size=image_size,
                )
            )
        case "mobilenetv2":
            return hf.MobileNetV2Model(
                hf.MobileNetV2Config(depth_multiplier=0.75, output_stride=PATCH, image_size=image_size)
            )
        case "resnet":
            return hf.ResNetModel(
                hf.ResNetConfig(
                    embedding_size=48, hidden_sizes=[48, 96, 192], depths=[2, 2, 2], layer_type="basic"
                )
            )
