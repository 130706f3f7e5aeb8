"""Writes the card beside the shipped encoders from how they were made and from the results that are kept.

python benchmarks/encoders_card.py
"""

import json

from report import RESULTS

from vla_course.learning.encoders.files import MODELS
from vla_course.learning.pretraining.model_card import made, model_card

CARD = MODELS / "MODEL_CARD.md"


def card() -> str:
    """Return the card."""
    results = json.loads((RESULTS / "encoders.json").read_text(encoding="utf-8"))
    return model_card(made(), results["figures"])


if __name__ == "__main__":
    CARD.write_text(card(), encoding="utf-8")
