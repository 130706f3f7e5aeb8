"""What is shipped, how it was made and how good it is, in words: the card beside the encoders."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from vla_course.learning.encoders.files import MODELS
from vla_course.learning.pretraining.captions import CLEAR_PIXELS
from vla_course.learning.pretraining.pretraining import Recipe
from vla_course.simulation.scene.things import HELD_OUT

MADE: Final = "training.json"
"""beside the encoders: how they were made"""


@dataclass(frozen=True, slots=True)
class Made:
    """How the encoders were made.

    Attributes:
        commit: of the code that made them.
        pictures: different ones that they have seen.
        processor_minutes: that training took.
    """

    commit: str
    recipe: Recipe
    pictures: int
    processor_minutes: float
    vision_parameters: int
    language_parameters: int

    def write(self, folder: Path) -> None:
        """Keep it beside the encoders in `folder`."""
        (folder / MADE).write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")


def made(folder: Path = MODELS) -> Made:
    """Read how the encoders in `folder` were made (default: those that the course ships)."""
    kept = json.loads((folder / MADE).read_text(encoding="utf-8"))
    return Made(**(kept | {"recipe": Recipe(**kept["recipe"])}))


_CARD: Final = """---
license: mit
library_name: transformers
pipeline_tag: zero-shot-image-classification
---

# Encoders of the course: pictures and words

Two small encoders that were trained together, so that a text lies near the pictures that it is true of.

- `vision/`: a ResNet of three stages, {vision:.2f} M parameters. A picture of 96 x 96 pixels gives 6 x 6 tokens.
- `language/`: BERT of two layers, {language:.2f} M parameters, and a tokenizer of the course's own words.
- `projection.safetensors`: the space in which both meet (`vla_course.learning.encoders.contrastive.SharedSpace`).

```python
from transformers import AutoModel, AutoTokenizer

vision = AutoModel.from_pretrained("data/models/vision")
language = AutoModel.from_pretrained("data/models/language")
tokenizer = AutoTokenizer.from_pretrained("data/models/language")
```

`vla_course.learning.encoders.dual_encoder.DualEncoder.load()` reads all three. Weights are kept in half
precision and computed with in float32; all files together have {megabytes:.1f} MB.

## Data

{made.pictures:,} pictures, rendered by `vla_course.learning.pretraining.snapshots` with seed {recipe.seed}: the robot
stands before a table, in a position and posture drawn by chance, with up to five things on the table and in seven
scenes of ten a person behind it. The pictures are those of its head (55 %), chest (35 %) and pelvis camera (10 %), with
a field of view of 1.05 to 1.3 rad. Height and wood of the table, floor, light, paints and positions vary. What is
visible, and where, is read from the renderer's segmentation. A thing with fewer than {clear} visible pixels, or cut by
the border, is neither named nor denied.

Things have eight colours and six shapes. Twelve of the 48 pairs are in no picture, phrase, caption or command of
training: {held_out}.

## Training

Commit {made.commit}, `python -m vla_course.learning.pretraining.train_encoders --seed {recipe.seed}`. First
{recipe.glimpse_steps:,} steps on glimpses, {recipe.glimpses} a step: squares of 48 pixels around one thing, from which
colours and shapes are learnt. Then {recipe.steps:,} steps on whole pictures, {recipe.pictures} a step. The loss is the
sigmoid loss of SigLIP (Zhai et al. 2023, arXiv:2303.15343): of pictures against phrases ("a red cup on the left",
"something red", "point at the red can"), once as wholes and once by the patch that fits best, and of whole pictures
against captions that name everything from left to right. AdamW, with a learning rate of {recipe.rate:g} that falls as a
cosine, autocast to bfloat16. Half of the pictures are mirrored, and their words with them.

Why glimpses: in trials from whole pictures alone colours and places were learnt in the same time, shapes hardly better
than by guessing. (Trials of an earlier version; their numbers were not kept.)

Training took {made.processor_minutes:.0f} minutes of one processor core, rendering 20 ms a picture.

## How good it is

Fraction of questions answered right, on newly rendered pictures of another seed, with its 95 % interval. There are 32
captions or pictures to choose from; where words are shuffled, eight captions.

| question | right | 95 % interval | asked |
|---|---|---|---|
{questions}

Chance is 3.1 %, with shuffled words 12.5 %.

## Limits

One thing stands alone on a table and is to be named among all 48 ("a red cup"); the thing is one of the 36 pairs of
training, no robot is in the picture, and one circumstance at a time is unlike training:

| circumstance | colour right | colour and shape right | asked |
|---|---|---|---|
{limits}

- **Light**: trained with white light, ambient 0.50 to 0.62 and diffuse 0.30 to 0.42. Somewhat warmer light does little
  harm; dim light and a lamp in an otherwise dark room do, and nothing in the answer shows it.
- **Colour of the table**: trained on three woods and one grey. On a red, green or blue table the *table* is what it
  names.
- **Distance**: things within the robot's reach. Farther away a thing is a handful of pixels, and its shape is lost
  before its colour.
- **Viewpoint and pose**: things stand upright and are seen from above at an angle, as the robot sees them. From
  straight above, from eye level, or lying on its side, a thing loses its shape, and its colour less often.
- It knows this simulator, this robot's cameras and tables, and nothing else. A photograph means nothing to it.
- Held-out words of the command language ("mug", "crimson", "grab") have tokens, but no training has used them. Their
  rows are loans: mixtures of the rows of the words nearest to them by public word vectors
  (`vla_course.learning.reading.lexicon`), which know that a mug is like a cup, and may be wrong.
- Left, middle and right are those of the picture. Near and far were not learnt.
- Words of walking and turning can be told apart, but no picture has given them a meaning.

All numbers but those of training itself are those of `benchmarks/results/encoders.json`, which `benchmarks/encoders.py`
measures; `benchmarks/encoders_card.py` writes them here.

Licence: MIT, as the rest of the course. Nobody else's data or weights went into it.
"""


def model_card(made: Made, figures: Sequence[Mapping[str, Any]]) -> str:
    """Return the card as Markdown.

    Args:
        made: how the encoders were made.
        figures: of `benchmarks/encoders.py`, as its results keep them.

    Raises:
        KeyError: a figure is missing.
    """
    by_name = {figure["name"]: figure for figure in figures}
    questions = [name for name, figure in by_name.items() if figure["interval"] and name[:9] != "one thing"]
    circumstances = [name[11:].rpartition(":")[0] for name in by_name if name.endswith(": colour and shape")]
    return _CARD.format(
        made=made,
        recipe=made.recipe,
        clear=CLEAR_PIXELS,
        held_out=", ".join(HELD_OUT),
        vision=made.vision_parameters / 1e6,
        language=made.language_parameters / 1e6,
        megabytes=by_name["size of all files"]["value"],
        questions="\n".join(_question(by_name[name]) for name in questions),
        limits="\n".join(_limit(name, by_name) for name in circumstances),
    )


def _question(figure: Mapping[str, Any]) -> str:
    low, high = figure["interval"]
    return f"| {figure['name']} | {figure['value']:.1%} | {low:.1%} to {high:.1%} | {figure['n']} |"


def _limit(circumstance: str, by_name: Mapping[str, Mapping[str, Any]]) -> str:
    colour, both = (by_name[f"one thing, {circumstance}: {what}"] for what in ("colour", "colour and shape"))
    return f"| {circumstance} | {colour['value']:.0%} | {both['value']:.0%} | {both['n']} |"
