"""A tokenizer for the texts that are common here: Chinese, Latin letters, figures and signs.

Loading the 250,000 pieces of a vocabulary for a hundred languages takes longer than all else that
answering needs. Which pieces a text is cut into depends on no piece with a character that the text
does not have: what a piece cannot match, it cannot change. So the pieces with common characters
only cut a text with common characters only into the same pieces, in a quarter of the time. Any
other text has the whole vocabulary loaded.

A character that is common and in no piece is unknown to both: each character of a piece is also a
piece of its own, see ``e5_tokenizer.py``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from .e5_tokenizer import MASK, tokenizer_json
from .e5s1 import Vocabulary

FULL = "tokenizer.json"
COMMON = "common_tokenizer.json"
IDS = "common_tokenizer_ids.npy"
"""The id in the whole vocabulary of each piece of the common one, int32."""

_COMMON_ONLY = re.compile(
    r"[\x00-\x7f\xa0-\xbf\xd7\xf7\u2000-\u2bff\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]*"
)
"""ASCII, signs of Latin-1, punctuation and symbols, Chinese punctuation and characters, full-width
forms. The mark for spaces in pieces, U+2581, is one of the symbols."""


@dataclass(frozen=True, slots=True)
class Tokenized:
    """A batch of texts as tokens: arrays (texts, tokens), filled up to the longest.

    Attributes:
        ids: int64, the ids of the tokens.
        attended: bool, whether it is a token of the text, and no filling.
        special: bool, whether it is a special token, as all filling is.
    """

    ids: NDArray[np.int64]
    attended: NDArray[np.bool_]
    special: NDArray[np.bool_]


class CommonFirst:
    """The tokenizer of a model folder, of which no more is loaded than texts need.

    Not safe from several threads.
    """

    def __init__(self, folder: Path, *, longest: int, pad: int) -> None:
        """Load the common part, if the folder has one, else all of it.

        Args:
            folder: of a sentence-transformers model.
            longest: tokens that are kept of a text.
            pad: id of the token that fills up.

        Raises:
            OSError, ValueError: the files cannot be read.
        """
        self._folder = folder
        self._longest = longest
        self._pad = pad
        self._common: Tokenizer | None = None
        self._full: Tokenizer | None = None
        if (folder / COMMON).is_file():
            self._common = self._load(COMMON)
            self._ids = np.load(folder / IDS, allow_pickle=False).astype(np.int64)
        else:
            self._full = self._load(FULL)

    def batch(self, texts: Sequence[str]) -> Tokenized:
        """Tokenize texts, with special tokens around each."""
        common = self._common
        if common is not None and all(map(_is_common, map(common.normalizer.normalize_str, texts))):
            tokenized = _tokenized(common.encode_batch(list(texts)))
            return replace(tokenized, ids=self._ids[tokenized.ids])
        if self._full is None:
            self._full = self._load(FULL)
        return _tokenized(self._full.encode_batch(list(texts)))

    def id_of(self, piece: str) -> int | None:
        """The id of a piece that every text may need, such as the one for what is unknown."""
        if self._common is not None:
            number = self._common.token_to_id(piece)
            return None if number is None else int(self._ids[number])
        return None if self._full is None else self._full.token_to_id(piece)

    def _load(self, name: str) -> Tokenizer:
        try:
            tokenizer = Tokenizer.from_file(str(self._folder / name))
        except Exception as error:
            raise ValueError(f"{name}: {error}") from error
        tokenizer.enable_truncation(self._longest)
        tokenizer.enable_padding(pad_id=self._pad)
        return tokenizer


def write_common_tokenizer(vocabulary: Vocabulary, folder: Path) -> None:
    """Write the common part of a vocabulary into a model folder."""
    special = {vocabulary.bos, vocabulary.eos, vocabulary.pad, vocabulary.unk}
    kept = [
        number
        for number, (piece, _) in enumerate(vocabulary.pieces)
        if number in special or piece == MASK or _is_common(piece)
    ]
    common = replace(
        vocabulary,
        pieces=[vocabulary.pieces[number] for number in kept],
        bos=kept.index(vocabulary.bos),
        eos=kept.index(vocabulary.eos),
        pad=kept.index(vocabulary.pad),
        unk=kept.index(vocabulary.unk),
    )
    (folder / COMMON).write_text(tokenizer_json(common), encoding="utf-8")
    np.save(folder / IDS, np.array(kept, dtype=np.int32), allow_pickle=False)


def _is_common(text: str) -> bool:
    return _COMMON_ONLY.fullmatch(text) is not None


def _tokenized(encodings: Sequence[Encoding]) -> Tokenized:
    return Tokenized(
        ids=np.array([encoding.ids for encoding in encodings], dtype=np.int64),
        attended=np.array([encoding.attention_mask for encoding in encodings], dtype=bool),
        special=np.array([encoding.special_tokens_mask for encoding in encodings], dtype=bool),
    )
