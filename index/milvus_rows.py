"""Reports as rows of Milvus: one for each window and each searched paragraph.

Ids are made of content, so that writing a report twice, as a retry does, changes nothing; and so
that a reader can tell by its own copy of a report which rows belong to it: what an unfinished or a
newer write has put there is passed over.
"""

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from corpus import Report

from .late import Signs
from .tokens import Tokenizer
from .types import Window
from .windows import searched_texts, window_text, windows_of

LONGEST_TEXT = 65_535
"""Bytes of the longest VARCHAR."""
LONGEST_ID = 200
"""Bytes of the longest id of a report, and of a row."""

_NO_WORD = re.compile(r"[\W_]")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a window stands: position of the paragraph in its report, range of its text."""

    paragraph: int
    start: int
    end: int


class Layout:
    """The rows of one report, as one model embeds it.

    Attributes:
        windows: places by the ids of their rows, in order.
        paragraphs: positions of the searched paragraphs by the ids of their rows, in order.
    """

    def __init__(self, report: Report, model: str) -> None:
        self._report = report
        self.windows: dict[str, Place] = {}
        self.paragraphs: dict[str, int] = {}
        windows = windows_of([report])
        for _, *place in windows.tolist():
            at = Place(*place)
            self.windows[_id(model, report.id, *place, self.text_of(at))] = at
        positions = dict.fromkeys(windows[:, 1].tolist())
        for position, text in zip(positions, searched_texts([report], windows), strict=True):
            self.paragraphs[_id("", report.id, position, text)] = position

    @cached_property
    def rows(self) -> dict[int, str]:
        """The id of each searched paragraph's row, by its position."""
        return {position: key for key, position in self.paragraphs.items()}

    @cached_property
    def windows_of(self) -> dict[int, list[str]]:
        """The ids of each searched paragraph's windows, by its position."""
        ids: dict[int, list[str]] = {}
        for key, place in self.windows.items():
            ids.setdefault(place.paragraph, []).append(key)
        return ids

    def text_of(self, place: Place) -> str:
        """The text of a window as it is embedded."""
        return window_text(self._report, Window(0, place.paragraph, place.start, place.end))

    def tokens(self, tokenizer: Tokenizer) -> dict[str, list[str]]:
        """The lexical tokens of each paragraph, as words of Milvus, by the ids of the rows."""
        texts = searched_texts([self._report], windows_of([self._report]))
        return {
            key: words(tokenizer.tokens(text))
            for key, text in zip(self.paragraphs, texts, strict=True)
        }


@dataclass(frozen=True, slots=True)
class Statistics:
    """What a report's paragraphs add to the statistics of all.

    Attributes:
        holding: for each token how many of the paragraphs hold it.
        paragraphs: how many there are.
        length: their tokens, all told.
    """

    holding: dict[str, int]
    paragraphs: int
    length: int


def statistics_of(paragraphs: Iterable[list[str]]) -> Statistics:
    """Count the tokens of paragraphs."""
    holding: Counter[str] = Counter()
    number = length = 0
    for tokens in paragraphs:
        holding.update(set(tokens))
        number += 1
        length += len(tokens)
    return Statistics(dict(holding), number, length)


def words(tokens: Iterable[str]) -> list[str]:
    """Write tokens so that an analyzer for words leaves each of them whole: ``3.5`` as ``3_2e_5``.

    Milvus' whitespace tokenizer would not need it; the one of Milvus Lite cuts at whatever is
    neither letter, digit nor underscore.
    """
    return [_NO_WORD.sub(lambda match: f"_{ord(match[0]):x}_", token) for token in tokens]


def joined(words: Iterable[str]) -> str:
    """Join words by spaces, in no particular order, as far as they fit into a field.

    Of a paragraph so long that they do not (some 9,000 characters), words that stand in it already
    are left out first, so that it is still found by every one of them.
    """
    words = list(words)
    text = " ".join(words)
    if len(text.encode()) <= LONGEST_TEXT:
        return text
    counts = Counter(words)
    repeated = [word for word, count in counts.items() for _ in range(count - 1)]
    fitting, size = [], 0
    for word in (*counts, *repeated):
        size += len(word.encode()) + 1
        if size > LONGEST_TEXT:
            break
        fitting.append(word)
    return " ".join(fitting)


def packed(signs: Signs) -> str:
    """Write token signs as text."""
    return base64.b64encode(signs.tobytes()).decode("ascii")


def unpacked(text: str, dimension: int) -> Signs:
    """Read what ``packed`` wrote, of vectors of ``dimension``."""
    signs = np.frombuffer(base64.b64decode(text), dtype=np.uint8)
    return signs.reshape(-1, -(-dimension // 8))


def _id(*parts: object) -> str:
    text = "\0".join(map(str, parts))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:40]
