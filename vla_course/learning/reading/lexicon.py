"""Words that nobody has heard are lent a meaning by their neighbours: those that public word vectors find alike.

The encoder's vocabulary has every word of the language, also those that are kept for paraphrases ("mug", "grab"), but
no training has touched their rows: they are noise. Word vectors learnt from ordinary English (GloVe, Pennington, Socher
and Manning 2014, and their kin) know that a mug is rather like a cup, and nothing of this robot's commands. So each
such row becomes a mixture of the rows of the words nearest to it among those that were heard, and some noise of its
own: two words with the same neighbours stay two. While the reader learns, words that it knows are now and then hidden
behind what their own neighbours would lend them: it practises how far such a loan can be trusted.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import torch
from torch import Tensor
from torch.nn import functional as F

from vla_course.learning.encoders.files import MODELS, WEIGHTS
from vla_course.learning.reading.lessons import heard_words

if TYPE_CHECKING:
    from vla_course.learning.encoders.encoders import LanguageEncoder

VECTORS: Final = MODELS / "word_vectors.safetensors"
"""of every word of the language, cut out of en_core_web_md 3.7.1 (Explosion, MIT): see `word_vectors.py`"""
NEIGHBOURS: Final = 4
"""how many words lend"""
SHARPNESS: Final = 0.05
"""a word whose cosine is so much smaller lends a factor e less"""
UNTRAINED: Final = 0.0172
"""standard deviation of the rows of the encoder's embedding that its training never touched"""
OWN: Final = 0.5
"""how much of such noise a lent row has"""
CAPTIONS: Final = ("an", "something", "in", "empty")
"""words that no command of training has, but the pictures' captions: the encoder knows them"""


@dataclass(frozen=True, eq=False)
class Lexicon:
    """What neighbours lend to each word of an encoder's vocabulary.

    Attributes:
        lent: (vocabulary, width) for each word the mixture of its neighbours' rows, itself never among them.
        heard: (vocabulary,) bool: words of training, which can be hidden and which lend.
        strange: (vocabulary,) bool: words that no training has heard, which need a loan.
    """

    lent: Tensor
    heard: Tensor
    strange: Tensor

    def hide(self, numbers: Tensor, rows: Tensor, often: float) -> tuple[Tensor, Tensor]:
        """Hide words behind their neighbours' loans.

        Args:
            numbers: (B, W) of the words.
            rows: (B, W, width) of the encoder's embedding.
            often: share of sentences that are touched; of the words in one, a quarter is hidden.

        Returns:
            The rows with some of them lent, and (B, W) bool which words were chosen. One that training does not hear
            has its loan already.
        """
        known = self.heard | self.strange
        chosen = (torch.rand(len(numbers), 1) < often) & (torch.rand(numbers.shape) < 0.25) & known[numbers]
        noise = OWN * UNTRAINED * torch.randn_like(rows)
        lends = (chosen & self.heard[numbers]).unsqueeze(-1)
        return torch.where(lends, self.lent[numbers] + noise, rows), chosen


def load_lexicon(language: LanguageEncoder, path: Path = VECTORS) -> Lexicon:
    """Find each word's neighbours among those that training hears.

    Args:
        language: whose vocabulary and rows they are.
        path: word vectors, as `word_vectors.py` writes them.

    Raises:
        FileNotFoundError: there are none, or a part of them.
    """
    words, vectors = read_vectors(path)
    vocabulary: dict[str, int] = language.tokenizer.get_vocab()
    model: Any = language.model
    rows: Tensor = model.get_input_embeddings().weight.detach()
    numbers = torch.tensor([vocabulary[word] for word in words])
    known = heard_words()
    lends = torch.tensor([word in known for word in words])
    alike = F.normalize(vectors, dim=-1) @ F.normalize(vectors[lends], dim=-1).T
    lenders = numbers[lends]
    alike[numbers[:, None] == lenders[None, :]] = -torch.inf  # nobody lends to itself
    best = alike.topk(NEIGHBOURS, dim=-1)
    shares = (best.values / SHARPNESS).softmax(dim=-1)
    lent = torch.zeros_like(rows)
    lent[numbers] = (shares.unsqueeze(-1) * rows[lenders[best.indices]]).sum(dim=1)
    heard, strange = torch.zeros(len(rows), dtype=torch.bool), torch.zeros(len(rows), dtype=torch.bool)
    heard[lenders] = True
    strange[numbers] = torch.tensor([word not in known and word not in CAPTIONS for word in words])
    return Lexicon(lent, heard, strange)


def lend(language: LanguageEncoder, lexicon: Lexicon) -> None:
    """Give every word that no training has heard its loan, in place; the rows of all others stay as they are.

    To lend twice is to lend once.
    """
    model: Any = language.model
    rows: Tensor = model.get_input_embeddings().weight.data
    own = torch.randn(rows.shape, generator=torch.Generator().manual_seed(0))
    rows[lexicon.strange] = (lexicon.lent + OWN * UNTRAINED * own)[lexicon.strange]


def read_vectors(path: Path) -> tuple[list[str], Tensor]:
    """Return words and their vectors (words, 300), the mean of all English words taken off.

    Raises:
        FileNotFoundError: there is no such file, or a part of it.
    """
    from safetensors import SafetensorError, safe_open

    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing: expected word vectors, as word_vectors.py writes them")
    try:
        with safe_open(path, framework="pt") as file:
            return json.loads(file.metadata()["words"]), file.get_tensor("vectors").float()
    except SafetensorError as fault:
        raise FileNotFoundError(f"{path} is not whole ({fault}): fetch it again") from None


def main() -> None:
    """Lend in the encoder that the course ships."""
    from safetensors.torch import load_file, save_file

    from vla_course.learning.encoders.encoders import load_language_encoder

    language = load_language_encoder()
    lend(language, load_lexicon(language))
    model: Any = language.model
    path = MODELS / "language" / WEIGHTS
    state = load_file(path)
    (name,) = (key for key in state if key.endswith("word_embeddings.weight"))
    state[name] = model.get_input_embeddings().weight.detach().half()
    save_file(state, path, metadata={"format": "pt"})
    print(f"wrote {path}")


if __name__ == "__main__":
    main()
