"""What is shipped, how it was made and how good it is, in words: the card beside the encoders."""

from dataclasses import dataclass
from typing import Final

from vla_course.learning.pretraining.captions import CLEAR_PIXELS
from vla_course.learning.pretraining.pretraining import Recipe
from vla_course.simulation.scene.things import HELD_OUT


@dataclass(frozen=True, slots=True)
class Made:
    """How the encoders were made, and how many questions they answer right.

    Attributes:
        commit: of the code that made them.
        pictures: different ones that they have seen.
        processor_minutes: that training took.
        megabytes: of all files.
        right: share of right answers to each kind of question.
        asked: how many questions that were.
    """

    commit: str
    recipe: Recipe
    pictures: int
    processor_minutes: float
    megabytes: float
    vision_parameters: int
    language_parameters: int
    right: dict[str, float]
    asked: dict[str, int]


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
precision and computed with in float32; all files together have {made.megabytes:.1f} MB.

## Data

{made.pictures:,} pictures, rendered by `vla_course.learning.pretraining.snapshots` with seed {recipe.seed}: the robot
stands before a table, at a place and in a posture drawn by chance, with up to five things on the table and in seven
scenes of ten a person behind it. Pictures are those of its head (55 %), chest (35 %) and pelvis camera (10 %), with a
field of view of 1.05 to 1.3 rad. Height and wood of the table, floor, light, paints and places vary. What is visible,
and where, is read from the renderer's segmentation. A thing with fewer than {clear} visible pixels, or cut by the
border, is neither named nor denied.

Things have eight colours and six shapes. Twelve of the 48 pairs are in no picture, phrase, caption or command of
training: {held_out}.

## Training

Commit {made.commit}, `python -m vla_course.learning.pretraining.train_encoders --seed {recipe.seed}`. First
{recipe.glimpse_steps:,} steps on glimpses, {recipe.glimpses} a step: squares of 48 pixels round one thing, from which
colours and shapes are learnt. Then {recipe.steps:,} steps on whole pictures, {recipe.pictures} a step. The loss is the
sigmoid loss of SigLIP (Zhai et al. 2023): of pictures against phrases ("a red cup on the left", "something red", "point
at the red can"), once as wholes and once by the patch that fits best, and of whole pictures against captions that name
everything from left to right. AdamW, a rate of {recipe.rate:g} that falls as a cosine, autocast to bfloat16. Half of
the pictures are mirrored, and their words.

Without glimpses nothing but colours and places was learnt in the same time: after 59,000 whole pictures 99.7 % of
colours were right and 23.5 % of shapes.

Training took {made.processor_minutes:.0f} minutes of one processor core, rendering 20 ms a picture.

## How good it is

Share of right first answers, on newly rendered pictures of another seed. There are 32 captions or pictures to choose
from, where words are shuffled eight captions.

| question | right | asked |
|---|---|---|
{rows}

Chance is 3.1 %, with shuffled words 12.5 %. `benchmarks/encoders.py` measures it again, with intervals.

## Limits

- It knows this simulator, this robot's cameras and tables, and nothing else. A photograph means nothing to it.
- Held-out words of the command language ("mug", "crimson", "grab") have tokens, but no training has used them.
- Left, middle and right are those of the picture. Near and far were not learnt.
- Words of walking and turning can be told apart, but no picture has given them a meaning.

Licence: MIT, as the rest of the course. Nobody else's data or weights went into it.
"""


def model_card(made: Made) -> str:
    """Return the card as Markdown."""
    rows = [f"| {name} | {share:.1%} | {made.asked[name]} |" for name, share in made.right.items()]
    return _CARD.format(
        made=made,
        recipe=made.recipe,
        clear=CLEAR_PIXELS,
        held_out=", ".join(HELD_OUT),
        rows="\n".join(rows),
        vision=made.vision_parameters / 1e6,
        language=made.language_parameters / 1e6,
    )
