"""Synonyms: words of a question that reports put otherwise (社零 for 社会消费品零售总额).

Groups of general official language come with the package; users add their own in ``synonyms.txt``
in the data folder. On each line stands one group, its words separated by spaces, 、 or =.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import accumulate
from pathlib import Path

from .tokens import Tokenizer, normalised
from .types import Expansion
from .user_files import LONGEST_WORD, entries, wrong_line

FILE = "synonyms.txt"
BUILT_IN = Path(__file__).with_name(FILE)

MOST_WORDS = 20
"""Words of the largest group."""

_SEPARATORS = re.compile(r"[\s、=＝,，]+")

Group = tuple[str, ...]
"""Words that stand for one another, in the form in which text is matched."""


def read_synonyms(file: Path) -> tuple[Group, ...]:
    """Read groups of synonyms; none if there is no file.

    Raises:
        UserFileError: the file cannot be read, or a line is no group.
    """
    return tuple(_group(file, number, entry) for number, entry in entries(file))


def _group(file: Path, number: int, entry: str) -> Group:
    words = [word for word in _SEPARATORS.split(entry) if word]
    if len(set(words)) < 2:
        raise wrong_line(file, number, "一组同义词至少要有两个不同的词，用空格、顿号或等号隔开。")
    if len(words) > MOST_WORDS:
        raise wrong_line(file, number, f"一组同义词最多 {MOST_WORDS} 个。请拆成几行。")
    if longest := next((word for word in words if len(word) > LONGEST_WORD), None):
        raise wrong_line(file, number, f"“{longest}”超过 {LONGEST_WORD} 个字。")
    return tuple(dict.fromkeys(map(normalised, words)))


class Synonyms:
    """Finds the words of a question that have synonyms. Immutable; safe for many threads."""

    def __init__(self, groups: Iterable[Group], tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        others: dict[str, dict[str, None]] = defaultdict(dict)
        for group in groups:
            for word in group:
                others[word].update((other, None) for other in group if other != word)
        self._others = {word: tuple(synonyms) for word, synonyms in others.items()}
        self._longest = max(map(len, self._others), default=0)

    def expansions(self, text: str) -> Iterator[Expansion]:
        """Yield the words of a question that have synonyms, the longest where some overlap.

        A word that begins or ends inside another word is none: 社零 does not stand in 社会零售.

        Args:
            text: in NFKC and Simplified script.
        """
        form = text.lower()
        bounds = set(accumulate(map(len, self._tokenizer.cut(form)), initial=0))
        start = 0
        while start < len(form):
            end = self._end(form, start, bounds) if start in bounds else start
            if end > start:
                yield Expansion(start, end, text[start:end], self._others[form[start:end]])
            start = max(end, start + 1)

    def _end(self, form: str, start: int, bounds: set[int]) -> int:
        """Return where the longest word with synonyms ends that begins here; ``start`` if none."""
        ends = range(min(len(form), start + self._longest), start, -1)
        return next((e for e in ends if e in bounds and form[start:e] in self._others), start)
