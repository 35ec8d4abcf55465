"""Text that comes in pieces, parted into sentences with the numbers of the sources they cite."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_STOP = re.compile(r"[。！？]+[”’」』）)\"]*|\n")
_MARK = re.compile(r"\s*[\[【]\s*\d{1,2}(?:\s*[,，、]\s*\d{1,2})*\s*[\]】]")
"""A mark such as [1] or [1，3]. Of four digits it is none: 国发[2024]1号."""
_NUMBER = re.compile(r"\d+")
_THOUGHT = re.compile(r"\A\s*<think>.*?(?:</think>|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """A sentence without its marks, and the numbers that those name."""

    text: str
    sources: tuple[int, ...]


class CitedSentences:
    """Parts text into sentences as it comes.

    Marks count wherever they stand: in the sentence, before its full stop or after it. What a model
    thinks aloud before it answers (``<think>``) is left out.
    """

    def __init__(self) -> None:
        self._text = ""

    @property
    def pending(self) -> int:
        """How many characters wait for the end of their sentence, thoughts apart."""
        return 0 if _thinks(self._text) else len(self._text)

    def add(self, piece: str) -> Iterator[CitedSentence]:
        """The sentences that are complete now: those that something else follows than a mark."""
        self._text += piece
        if not _thinks(self._text):
            self._text = _THOUGHT.sub("", self._text)
            yield from self._complete(whole=False)

    def rest(self) -> Iterator[CitedSentence]:
        """What is left when nothing more comes."""
        self._text = _THOUGHT.sub("", self._text) + "\n"
        yield from self._complete(whole=True)

    def _complete(self, *, whole: bool) -> Iterator[CitedSentence]:
        position = 0
        while stop := _STOP.search(self._text, position):
            end = stop.end()
            while mark := _MARK.match(self._text, end):
                end = mark.end()
            following = self._text[end:].lstrip()
            if not whole and (not following or following[0] in "[【"):
                break
            sentence = self._text[position:end]
            position = end
            text = _MARK.sub("", sentence).strip()
            if text:
                numbers = (
                    int(n) for mark in _MARK.findall(sentence) for n in _NUMBER.findall(mark)
                )
                yield CitedSentence(text, tuple(dict.fromkeys(numbers)))
        self._text = self._text[position:]


def _thinks(text: str) -> bool:
    """Whether a thought is under way, or what has come so far may yet begin one."""
    start = text.lstrip()
    return "<think>".startswith(start[:7]) and "</think>" not in text
