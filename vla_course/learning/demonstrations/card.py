"""The dataset card."""

from pathlib import Path


def write_card(folder: Path) -> None:
    """Write README.md beside a dataset."""
