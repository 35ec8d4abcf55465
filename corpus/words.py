"""Words of the dictionary: a break inside one is the surest sign that two lines belong together."""

import logging
from functools import cache, lru_cache

import jieba

# jieba installs a handler on its own logger and reports each start on stderr.
logging.getLogger("jieba").setLevel(logging.WARNING)

_REACH = 6
"""Characters on each side of a break that are looked at; few Chinese words are longer."""


def segmenter(more: tuple[tuple[str, int | None], ...] = ()) -> jieba.Tokenizer:
    """The dictionary that jieba brings, read on first use (a quarter of a second), and more words.

    Args:
        more: words that the dictionary lacks, each with its frequency; with None it gets one that
            makes it a word wherever it stands.
    """
    return _extended(more) if more else _plain()


@lru_cache(64)
def words_in(text: str) -> tuple[tuple[str, int, int], ...]:
    """Cut a text into words, each with the range where it stands, by what jieba brings.

    Kept for a question, which is cut again for each thing that is looked for in it.
    """
    return tuple(segmenter().tokenize(text))


@cache
def _plain() -> jieba.Tokenizer:
    """The dictionary as jieba brings it.

    Not through jieba's own shortcut: that is a marshalled cache under a fixed name in the shared
    temporary folder, which anyone can plant.
    """
    made = jieba.Tokenizer()
    with made.get_dict_file() as file:
        made.FREQ, made.total = _frequencies(file.read().decode())
    made.initialized = True
    return made


def _frequencies(dictionary: str) -> tuple[dict[str, int], int]:
    """What ``jieba.Tokenizer.gen_pfdict`` makes of a dictionary, in half the time.

    Args:
        dictionary: a word, its frequency and its part of speech, again and again.

    Returns:
        The frequency of each word, and 0 for each beginning of one that is no word; their sum.
    """
    fields = dictionary.split()
    words, frequencies = fields[::3], list(map(int, fields[1::3]))
    known = dict(zip(words, frequencies, strict=True))
    for word in words:
        beginning = word[:-1]
        while beginning and beginning not in known:
            known[beginning] = 0
            beginning = beginning[:-1]
    return known, sum(frequencies)


@lru_cache(maxsize=4)
def _extended(more: tuple[tuple[str, int | None], ...]) -> jieba.Tokenizer:
    made, plain = jieba.Tokenizer(), _plain()
    made.FREQ, made.total = dict(plain.FREQ), plain.total
    made.initialized = True
    for word, frequency in more:
        made.add_word(word, frequency)
    return made


def crosses_word(first: str, second: str) -> bool:
    """Whether the end of ``first`` and the start of ``second`` make one word."""
    left = first[-_REACH:]
    end = 0
    for word in segmenter().cut(left + second[:_REACH], HMM=False):
        end += len(word)
        if end >= len(left):
            return end > len(left)
    return False
