"""A text encoder before its training: a small BERT, and a tokenizer that knows the words of the course."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from transformers import BertModel, PreTrainedTokenizerFast

SPECIAL: Final = {
    "pad_token": "[PAD]",
    "unk_token": "[UNK]",
    "cls_token": "[CLS]",
    "sep_token": "[SEP]",
    "mask_token": "[MASK]",
}
LETTERS: Final = "abcdefghijklmnopqrstuvwxyz0123456789.,'-"
LONGEST: Final = 64
"""tokens of one sentence, [CLS] and [SEP] among them"""
WIDTH: Final = 128
"""numbers of a token"""


def word_tokenizer(sentences: Iterable[str]) -> PreTrainedTokenizerFast:
    """Return a WordPiece tokenizer that knows every word of `sentences`, and spells others letter by letter.

    It wraps a sentence as BERT's does: [CLS] words [SEP], lower case, accents stripped. Its pieces are not learnt from
    counts (Schuster and Nakajima 2012): of so few words each has a number of its own, the same every time.
    """
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    normalizer, splitter = normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer()
    words = {
        word
        for sentence in sentences
        for word, _ in splitter.pre_tokenize_str(normalizer.normalize_str(sentence))
    }
    pieces = [*SPECIAL.values(), *LETTERS, *(f"##{letter}" for letter in LETTERS), *sorted(words - {*LETTERS})]
    numbers = {piece: number for number, piece in enumerate(pieces)}
    tokenizer = Tokenizer(models.WordPiece(numbers, unk_token=SPECIAL["unk_token"]))
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizer, splitter
    tokenizer.decoder = decoders.WordPiece()
    frame = [(token, numbers[token]) for token in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B [SEP]", special_tokens=frame
    )
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=LONGEST, **SPECIAL)


def untrained_bert(vocabulary: int) -> BertModel:
    """Return a BERT (Devlin et al. 2019) of two layers; torch's own generator draws its weights."""
    from transformers import BertConfig, BertModel

    config = BertConfig(
        vocab_size=vocabulary,
        max_position_embeddings=LONGEST,
        hidden_size=WIDTH,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=4 * WIDTH,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    return BertModel(config, add_pooling_layer=False)
