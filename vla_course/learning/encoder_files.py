"""Where an encoder's files are, whether they are all there, and what pictures it wants."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

MODELS: Final = Path(__file__).resolve().parents[2] / "data" / "models"
SHIPPED: Final = ("vision", "language")
WEIGHTS: Final = "model.safetensors"
WEIGHTS_INDEX: Final = "model.safetensors.index.json"
TOKENIZERS: Final = ("tokenizer.json", "vocab.txt", "vocab.json", "spiece.model", "tokenizer.model")

Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Sight:
    """The pictures that an encoder wants: pixels a side, and mean and deviation of colours 0 to 1."""

    image_size: int
    mean: Colour
    std: Colour


@dataclass(frozen=True)
class EncoderFiles:
    """An encoder that was found."""

    source: str
    """a folder, or a name on the hub: what `from_pretrained` is told"""
    config: Any
    """of transformers; of two towers that of the one asked for"""

    def sight(self) -> Sight:
        """Read which pictures it wants from its preprocessor_config.json."""
        settings = json.loads(self._path("preprocessor_config.json").read_text(encoding="utf-8"))
        size = settings.get("crop_size") if settings.get("do_center_crop", True) else None
        size = size or settings["size"]
        if isinstance(size, dict):
            size = size.get("height") or size["shortest_edge"]
        return Sight(int(size), tuple(settings["image_mean"]), tuple(settings["image_std"]))

    def expect_tokenizer(self) -> None:
        """Raise FileNotFoundError where a folder has no tokenizer."""
        folder = Path(self.source)
        if folder.is_dir() and not any((folder / name).is_file() for name in TOKENIZERS):
            raise _missing(folder, TOKENIZERS[0])

    def _path(self, file: str) -> Path:
        from transformers.utils import cached_file

        if Path(self.source).is_dir():
            _expect(Path(self.source), file)
        return Path(str(cached_file(self.source, file)))


def find_encoder(name: str, tower: str) -> EncoderFiles:
    """Find an encoder by name; `tower` is "vision_config" or "text_config".

    Raises:
        ValueError: no such folder, and no such name on the hub or no way to it; or it is of the other kind.
        FileNotFoundError: the folder lacks a file, or holds a part of one.
    """
    from transformers import AutoConfig

    folder = MODELS / name if name in SHIPPED else Path(name).expanduser()
    if name in SHIPPED or folder.is_dir():
        check_folder(folder)
        source = str(folder)
    else:
        _ask_hub(name)
        source = name
    with quiet():
        config = AutoConfig.from_pretrained(source)
    config = getattr(config, tower, config)
    sees, wanted = hasattr(config, "num_channels"), tower == "vision_config"
    if sees != wanted:
        kinds = ("words", "pictures")
        raise ValueError(
            f"encoder {name!r} ({config.model_type}) reads {kinds[sees]}, expected one for {kinds[wanted]}"
        )
    return EncoderFiles(source, config)


def check_folder(folder: Path) -> None:
    """Raise FileNotFoundError where config or weights are missing, or weights end too early."""
    from safetensors import SafetensorError, safe_open

    _expect(folder, "config.json")
    weights = [WEIGHTS]
    if (folder / WEIGHTS_INDEX).is_file():
        index = json.loads((folder / WEIGHTS_INDEX).read_text(encoding="utf-8"))
        weights = sorted(set(index["weight_map"].values()))
    for file in weights:
        _expect(folder, file)
        try:
            with safe_open(folder / file, framework="pt"):
                pass
        except SafetensorError as fault:
            raise FileNotFoundError(
                f"{folder / file} is not whole ({fault}): it was cut off on its way, fetch it again"
            ) from None


def _expect(folder: Path, file: str) -> None:
    if not (folder / file).is_file():
        raise _missing(folder, file)


def _missing(folder: Path, file: str) -> FileNotFoundError:
    return FileNotFoundError(
        f"{folder / file} is missing: expected a whole model folder (config.json, {WEIGHTS}, and "
        "preprocessor_config.json for pictures or tokenizer.json for words)"
    )


def _ask_hub(name: str) -> None:
    """Raise ValueError where the name is neither in the local cache nor, by one question, on the hub."""
    from huggingface_hub import model_info
    from huggingface_hub.errors import HFValidationError, RepositoryNotFoundError
    from transformers.utils import cached_file

    works = (
        f"expected {' or '.join(map(repr, SHIPPED))} (shipped), a folder with config.json and {WEIGHTS}, or, online, "
        "a name on the hub such as 'openai/clip-vit-base-patch32', 'google/siglip2-base-patch16-224', "
        "'microsoft/resnet-50' (pictures) or 'bert-base-uncased' (words)"
    )
    try:
        cached_file(name, "config.json", local_files_only=True)
    except (OSError, HFValidationError):
        try:
            model_info(name, timeout=5.0)
        except (HFValidationError, RepositoryNotFoundError):
            raise ValueError(f"encoder {name!r} is unknown: {works}") from None
        except Exception as fault:  # whatever a network may say
            raise ValueError(
                f"encoder {name!r} is no folder here, and the hub does not answer ({type(fault).__name__}): {works}"
            ) from None


@contextmanager
def quiet() -> Iterator[None]:
    """Keep transformers from reporting on weights that are left out on purpose, and from its progress bars."""
    from transformers.utils import logging

    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()
