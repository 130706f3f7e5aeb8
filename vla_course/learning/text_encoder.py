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
LONGEST: Final = 64
"""tokens of one sentence, [CLS] and [SEP] among them"""
WIDTH: Final = 128
"""numbers of a token"""


def train_tokenizer(sentences: Iterable[str], vocabulary: int = 1000) -> PreTrainedTokenizerFast:
    """Return a WordPiece tokenizer (Schuster and Nakajima 2012) that knows the words of `sentences` and every letter.

    It wraps a sentence as BERT's does: [CLS] words [SEP], lower case, accents stripped.
    """
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.WordPiece(unk_token=SPECIAL["unk_token"]))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    letters = "abcdefghijklmnopqrstuvwxyz0123456789.,'-"
    trainer = trainers.WordPieceTrainer(
        vocab_size=vocabulary,
        special_tokens=list(SPECIAL.values()),
        initial_alphabet=list(letters),
        show_progress=False,
    )
    tokenizer.train_from_iterator(sentences, trainer)
    frame = [(token, tokenizer.token_to_id(token)) for token in ("[CLS]", "[SEP]")]
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
