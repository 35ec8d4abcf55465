"""Lexical tokens of Chinese text: jieba's words for search, character bigrams and numbers.

Words carry meaning, bigrams forgive segmentation that differs between question and report; on the
development questions both together beat either alone.
"""

import math
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import jieba
import opencc

from corpus import segmenter

from .numerals import numerals

_HAN_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]{2,}")
_WORD = re.compile(r"\w")
_DIGITS = re.compile(r"[a-z\d]+(?:\.\d+)?%?")
_TO_SIMPLIFIED = opencc.OpenCC("t2s")


def simplified(text: str) -> str:
    """Turn Traditional script into Simplified; other text stays as it is."""
    return str(_TO_SIMPLIFIED.convert(text))


@lru_cache(8192)
def legible(text: str) -> str:
    """Return text in the widths and the script that the encoders know: NFKC, Simplified.

    Kept for passages that are found again and again, which takes longer than looking one up.
    """
    return simplified(unicodedata.normalize("NFKC", text))


def normalised(text: str) -> str:
    """Return the form in which text is matched: ``legible`` in lower case."""
    return legible(text).lower()


class Tokenizer:
    """Cuts text into lexical tokens. Immutable; safe for many threads."""

    def __init__(self, dictionary: jieba.Tokenizer | None = None) -> None:
        """Cut by a dictionary; by the one that jieba brings if none is given."""
        self._dictionary = dictionary or segmenter()

    def tokens(self, text: str) -> list[str]:
        """Split text into lexical tokens, in no particular order, as often as they occur.

        The tokens of ``jieba.lcut_for_search`` that hold a letter, digit or Han character; all
        bigrams of neighbouring Han characters, where one that is a word too counts twice; and
        numbers in canonical form where they are written otherwise.
        """
        return list(_tokens(self._dictionary, normalised(text)))

    def words(self, text: str) -> list[str]:
        """Split text into words for search, overlapping ones among them, without punctuation."""
        return _words(self._dictionary, normalised(text))

    def cut(self, form: str) -> list[str]:
        """Split text into neighbouring words of the dictionary, and single characters."""
        return list(self._dictionary.cut(form, HMM=False))

    def is_word(self, form: str) -> bool:
        """Whether the dictionary holds a word."""
        return bool(self._dictionary.FREQ.get(form))

    def surprise(self, words: Sequence[str]) -> float:
        """Return the negative logarithm of a cut's probability under the dictionary's counts."""
        counts, total = self._dictionary.FREQ, self._dictionary.total
        return sum(math.log(total / (counts.get(word) or 1)) for word in words)


@lru_cache(64)
def _tokens(dictionary: jieba.Tokenizer, form: str) -> Sequence[str]:
    """Kept for a question, whose tokens are asked for again and again."""
    runs = _HAN_RUN.findall(form)
    bigrams = [run[i : i + 2] for run in runs for i in range(len(run) - 1)]
    return _words(dictionary, form) + bigrams + numerals(form)


def _words(dictionary: jieba.Tokenizer, form: str) -> list[str]:
    return [word for word in dictionary.lcut_for_search(form) if _WORD.search(word)]


def tokens(text: str) -> list[str]:
    """Split text into lexical tokens by jieba's own dictionary; see ``Tokenizer.tokens``."""
    return Tokenizer().tokens(text)


def numbers(text: str) -> set[str]:
    """Return those of a text's tokens that hold a digit, without cutting it into words.

    Words of the dictionary with a digit, of which jieba brings 4S店 and 1号店, are not kept whole.
    """
    form = normalised(text)
    return {one for one in _DIGITS.findall(form) + numerals(form) if any(map(str.isdigit, one))}


def words(text: str) -> list[str]:
    """Split text into words by jieba's own dictionary; see ``Tokenizer.words``."""
    return Tokenizer().words(text)
