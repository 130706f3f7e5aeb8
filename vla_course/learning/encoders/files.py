"""Where an encoder's files are, whether they are all there, and what pictures it wants."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

MODELS: Final = Path(__file__).resolve().parents[3] / "data" / "models"
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
        """Read which pictures it wants from its preprocessor_config.json, or from its processor_config.json."""
        settings = self._settings()
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

    def _settings(self) -> dict[str, Any]:
        from transformers.utils import cached_file

        for file in ("preprocessor_config.json", "processor_config.json"):
            path = cached_file(self.source, file, _raise_exceptions_for_missing_entries=False)
            if path is not None:
                settings: dict[str, Any] = json.loads(Path(str(path)).read_text(encoding="utf-8"))
                return settings.get("image_processor", settings)
        raise _missing(Path(self.source), "preprocessor_config.json")


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
    with reading(source):
        config = AutoConfig.from_pretrained(source)
    config = getattr(config, tower, config)
    sees, wanted = hasattr(config, "num_channels"), tower == "vision_config"
    if sees != wanted:
        kinds = ("words", "pictures")
        raise ValueError(
            f"encoder {name!r} ({config.model_type}) reads {kinds[sees]}, expected one for {kinds[wanted]}"
        )
    if config.model_type == "siglip2_vision_model":
        raise ValueError(
            f"encoder {name!r} wants pictures of any shape, cut into patches (NaFlex): expected one for pictures of "
            "a fixed size, such as 'google/siglip2-base-patch16-224'"
        )
    return EncoderFiles(source, config)


def check_folder(folder: Path) -> None:
    """Raise FileNotFoundError where config or weights are missing, or a file ends too early."""
    from safetensors import SafetensorError, safe_open

    _expect(folder, "config.json")
    for path in sorted(folder.glob("*.json")):
        try:
            json.loads(path.read_text(encoding="utf-8"))
        except ValueError as fault:
            raise _cut_off(path, fault) from None
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
            raise _cut_off(folder / file, fault) from None


def _expect(folder: Path, file: str) -> None:
    if not (folder / file).is_file():
        raise _missing(folder, file)


def _missing(folder: Path, file: str) -> FileNotFoundError:
    return FileNotFoundError(
        f"{folder / file} is missing: expected a whole model folder (config.json, {WEIGHTS}, and "
        "preprocessor_config.json for pictures or tokenizer.json for words)"
    )


def _cut_off(path: Path, fault: Exception) -> FileNotFoundError:
    return FileNotFoundError(f"{path} is not whole ({fault}): it was cut off on its way, fetch it again")


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
def reading(source: str) -> Iterator[None]:
    """Read files of a model quietly; raises ValueError where the hub, or its cache here, does not have all of them."""
    with quiet():
        try:
            yield
        except OSError as fault:
            why = str(fault).splitlines()[0]
            raise ValueError(
                f"encoder {source!r} cannot be read whole ({why}): expected all of its files here, or a way to the hub"
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
