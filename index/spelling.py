"""Spelling: slips in a question, put right by the words of the reports.

A pinyin input method offers the wrong character of the same sound (农名工 for 农民工), text
recognition one of the same shape. What the reports do not say is not known to be wrong: one
character is replaced only where the reports hold what results, in its surroundings, and do not hold
what was typed. How much more usual the new word must be than what was typed is the noisy channel of
Kernighan, Church and Gale ("A Spelling Correction Program Based on a Noisy Channel Model", 1990),
with jieba's counts of words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise

from .alike import Alike
from .frequencies import Frequencies
from .types import Respelling

_HAN = re.compile(r"[\u4e00-\u9fff]")
_HAN_RUN = re.compile(rf"{_HAN.pattern}{{2,}}")

_LONGEST = 4
"""Characters of the longest word or phrase that is looked for."""
_COMMON = 3
"""Paragraphs that must hold a word where little else speaks for it."""
_MORE_COMMON = 10
"""Times as many paragraphs that must hold a word than the one of the same sound that was typed."""

# Surprise is the negative natural logarithm of a word's share of all words.
_FUNCTION_WORD = 6.0
"""Surprise below which a single character is a function word and hardly a slip: 的, 在, 有, 是."""
_RARE = 12.0
"""Surprise from which a character is a name's, which no input method offers by mistake: 龚, 蓍."""
_LIKELIER = 5.0
"""By how much less surprising a new word must be than what it replaces."""
_FAR_LIKELIER = 9.0
"""The same for a word that its surroundings do not confirm."""


@dataclass(frozen=True, slots=True, order=True)
class _Candidate:
    """One way to put a stretch of a run right; the greatest is the best.

    ``length`` counts the characters of the phrase around it that the reports hold, ``holding`` the
    paragraphs that hold it.
    """

    length: int
    same_sound: bool
    holding: int
    size: int
    start: int
    right: str

    @property
    def end(self) -> int:
        return self.start + self.size


@dataclass(frozen=True, slots=True)
class _Run:
    """Neighbouring Han characters, cut into words of the dictionary and single characters."""

    text: str
    words: tuple[str, ...]
    bounds: tuple[int, ...]

    def spans(self, at: int) -> Iterator[tuple[int, int]]:
        """Yield the stretches of two to four characters around one that cut no word."""
        starts = [bound for bound in self.bounds if at - _LONGEST < bound <= at]
        ends = [bound for bound in self.bounds if at < bound <= at + _LONGEST]
        for start in starts:
            yield from ((start, end) for end in ends if 2 <= end - start <= _LONGEST)

    def within(self, start: int, end: int) -> tuple[str, ...]:
        """Return the words of a stretch that cuts none."""
        return self.words[self.bounds.index(start) : self.bounds.index(end)]

    def replaced(self, start: int, right: str) -> str:
        """Return the text with a stretch of it replaced by one as long."""
        return f"{self.text[:start]}{right}{self.text[start + len(right) :]}"


class Spelling:
    """Puts questions right by the words of one lexical index. Immutable; safe for threads."""

    def __init__(self, lexical: Frequencies) -> None:
        self._lexical = lexical
        self._tokenizer = lexical.tokenizer
        self._alike = Alike(filter(_HAN.match, lexical.characters()))

    def respellings(self, text: str) -> tuple[Respelling, ...]:
        """Find what is misspelt in a question in Simplified script.

        Returns:
            What to replace by what, from left to right, without overlaps.
        """
        found = []
        for run in _HAN_RUN.finditer(text):
            for best in _apart(self._candidates(self._cut(run[0]))):
                start, end = run.start() + best.start, run.start() + best.end
                found.append(Respelling(start, end, text[start:end], best.right))
        return tuple(sorted(found, key=lambda respelling: respelling.start))

    def _cut(self, run: str) -> _Run:
        words = tuple(self._tokenizer.cut(run))
        return _Run(run, words, tuple(accumulate(map(len, words), initial=0)))

    def _candidates(self, run: _Run) -> Iterator[_Candidate]:
        for word, (start, end) in zip(run.words, pairwise(run.bounds), strict=True):
            if len(word) > 1:
                yield from self._other_words(run, start, end)
            elif self._may_be_slip(word):
                yield from self._new_words(run, start)
                yield from self._new_names(run, start)

    def _may_be_slip(self, word: str) -> bool:
        """Whether it is no function word and no rare character; words may always be slips."""
        return len(word) > 1 or _FUNCTION_WORD < self._tokenizer.surprise([word]) < _RARE

    def _new_words(self, run: _Run, at: int) -> Iterator[_Candidate]:
        """Yield words of the dictionary that a character makes with its neighbours: 农田."""
        same = self._alike.same_sound(run.text[at])
        near = self._alike.near(run.text[at])
        for start, end in run.spans(at):
            pieces = run.within(start, end)
            if not all(map(self._may_be_slip, pieces)):
                continue
            surprise = self._tokenizer.surprise(pieces)
            before, after = run.text[start:at], run.text[at + 1 : end]
            # Near sounds and like shapes make too many words of two characters to tell from slips.
            for other in same if end - start == 2 else same | near:
                word = f"{before}{other}{after}"
                if self._tokenizer.is_word(word):
                    likelier = surprise - self._tokenizer.surprise([word])
                    yield from self._confirmed(run, start, word, likelier, same_sound=other in same)

    def _confirmed(
        self, run: _Run, start: int, word: str, likelier: float, *, same_sound: bool
    ) -> Iterator[_Candidate]:
        """Yield a new word if enough speaks for it: its surroundings and how usual it is."""
        a, b, holding = self._surroundings(run, start, word)
        if not holding or self._lexical.holding_phrase(run.text[a:b]):
            return
        alone = b - a == 2
        if likelier > (_FAR_LIKELIER if alone else _LIKELIER) and holding >= (_COMMON * alone):
            yield _candidate((a, b), holding, start, word, same_sound=same_sound)

    def _surroundings(self, run: _Run, start: int, word: str) -> tuple[int, int, int]:
        """Return the longest stretch, a neighbour to each side, that reports hold with a new word.

        Returns:
            Its range, and the number of paragraphs that hold it.
        """
        end = start + len(word)
        if not self._lexical.holding_phrase(word):
            return start, end, 0
        text = run.replaced(start, word)
        left, right = max(start - 1, 0), min(end + 1, len(text))
        for a, b in ((left, right), (start, right), (left, end)):
            if holding := self._lexical.holding_phrase(text[a:b]):
                return a, b, holding
        return start, end, self._lexical.holding_phrase(word)

    def _new_names(self, run: _Run, at: int) -> Iterator[_Candidate]:
        """Yield phrases of the reports that the dictionary does not hold: 杭温高铁.

        The character must stand inside, and both its neighbours be strange to it.
        """
        beside = (at - 1, at)
        inside = 0 < at < len(run.text) - 1
        if not inside or any(self._lexical.holding(run.text[a : a + 2]) for a in beside):
            return
        spans = [(a, b) for a, b in run.spans(at) if b - a == _LONGEST and a < at < b - 1]
        for other in self._alike.same_sound(run.text[at]):
            text = run.replaced(at, other)
            for start, end in spans:
                if holding := self._lexical.holding_phrase(text[start:end]):
                    yield _candidate((start, end), holding, start, text[start:end])

    def _other_words(self, run: _Run, start: int, end: int) -> Iterator[_Candidate]:
        """Yield more usual words of the same sound for one that the reports hardly know: 工会.

        The reports must hold the new word beside one of its neighbours, but not 公会.
        """
        typed = run.text[start:end]
        least = max(_COMMON, _MORE_COMMON * self._lexical.holding_phrase(typed))
        for at, character in enumerate(typed):
            for other in self._alike.same_sound(character):
                word = f"{typed[:at]}{other}{typed[at + 1 :]}"
                if (
                    self._tokenizer.is_word(word)
                    and self._lexical.holding_phrase(word) >= least
                    and self._tokenizer.surprise([word]) < self._tokenizer.surprise([typed])
                ):
                    yield from self._beside_neighbour(run, start, word)

    def _beside_neighbour(self, run: _Run, start: int, word: str) -> Iterator[_Candidate]:
        end = start + len(word)
        text = run.replaced(start, word)
        for a, b, neighbour in ((start - 1, end, start - 1), (start, end + 1, end)):
            if a >= 0 and b <= len(text) and self._may_be_slip(text[neighbour]):
                holding = self._lexical.holding_phrase(text[a:b])
                if holding >= _COMMON and not self._lexical.holding_phrase(run.text[a:b]):
                    yield _candidate((a, b), holding, start, word)


def _candidate(
    phrase: tuple[int, int], holding: int, start: int, right: str, *, same_sound: bool = True
) -> _Candidate:
    return _Candidate(phrase[1] - phrase[0], same_sound, holding, len(right), start, right)


def _apart(candidates: Iterator[_Candidate]) -> list[_Candidate]:
    """Return the best candidates that do not overlap."""
    chosen: list[_Candidate] = []
    for candidate in sorted(candidates, reverse=True):
        if all(candidate.end <= c.start or c.end <= candidate.start for c in chosen):
            chosen.append(candidate)
    return chosen
