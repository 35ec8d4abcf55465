"""Words of the user's own, which jieba's dictionary lacks: ``words.txt`` in the data folder.

The format is that of jieba's user dictionary: on each line a word, then optionally its frequency
and its part of speech, separated by spaces.
"""

import re
from pathlib import Path

from corpus import segmenter

from .tokens import Tokenizer, normalised
from .user_files import LONGEST_WORD, entries, wrong_line

FILE = "words.txt"

_ENTRY = re.compile(r"(?P<word>\S+)(?:\s+(?P<frequency>[0-9]{1,9}))?(?:\s+(?P<tag>[A-Za-z]+))?")

_HEAD = "# 词语 词频"

UserWords = tuple[tuple[str, int | None], ...]
"""Words in the form in which text is matched, each with its frequency if one is given."""


def read_words(file: Path) -> UserWords:
    """Read a user's words; none if there is no file.

    Raises:
        UserFileError: the file cannot be read, or a line is no entry.
    """
    words = {}
    for number, entry in entries(file):
        match = _ENTRY.fullmatch(entry)
        if not match:
            raise wrong_line(
                file, number, f"“{entry}”不合格式。请写成：词语 词频（可省略） 词性（可省略）。"
            )
        if len(match["word"]) > LONGEST_WORD:
            raise wrong_line(file, number, f"词语超过 {LONGEST_WORD} 个字。")
        frequency = match["frequency"]
        words[normalised(match["word"])] = int(frequency) if frequency else None
    return tuple(sorted(words.items()))


def words_text(words: UserWords) -> str:
    """Return words in the file's format; equal words give equal text."""
    lines = [f"{word} {'' if count is None else count}".rstrip() for word, count in words]
    return "\n".join([_HEAD, *lines, ""])


def tokenizer_with(words: UserWords) -> Tokenizer:
    """Return a tokenizer that knows a user's words beside those of jieba."""
    return Tokenizer(segmenter(words))
