"""Lexical tokens of Chinese text: jieba's words for search plus character bigrams.

Words carry meaning, bigrams forgive segmentation that differs between question and report; on the
development questions both together beat either alone.
"""

import re
import unicodedata

import opencc

from corpus import segmenter

_HAN_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]{2,}")
_WORD = re.compile(r"\w")
_TO_SIMPLIFIED = opencc.OpenCC("t2s")


def simplified(text: str) -> str:
    """Turn Traditional script into Simplified; other text stays as it is."""
    return str(_TO_SIMPLIFIED.convert(text))


def readable(text: str) -> str:
    """Return the form in which a question is understood: NFKC, Simplified script."""
    return simplified(unicodedata.normalize("NFKC", text))


def normalised(text: str) -> str:
    """Return the form in which text is matched: ``readable`` in lower case."""
    return readable(text).lower()


def tokens(text: str) -> list[str]:
    """Split text into lexical tokens, in no particular order, repeated as often as they occur.

    The tokens of ``jieba.lcut_for_search`` that hold a letter, digit or Han character, and all
    bigrams of neighbouring Han characters; one that is a word too counts twice.
    """
    form = normalised(text)
    runs = _HAN_RUN.findall(form)
    return _words(form) + [run[i : i + 2] for run in runs for i in range(len(run) - 1)]


def words(text: str) -> list[str]:
    """Split text into words for search, overlapping ones among them; punctuation is left out."""
    return _words(normalised(text))


def _words(form: str) -> list[str]:
    return [word for word in segmenter().lcut_for_search(form) if _WORD.search(word)]
