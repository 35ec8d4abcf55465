"""Words of the dictionary: a break inside one is the surest sign that two lines belong together."""

import logging
from functools import cache, lru_cache

import jieba

# jieba installs a handler on its own logger and reports each start on stderr.
logging.getLogger("jieba").setLevel(logging.WARNING)

_REACH = 6
"""Characters on each side of a break that are looked at; few Chinese words are longer."""


def segmenter(more: tuple[tuple[str, int | None], ...] = ()) -> jieba.Tokenizer:
    """The dictionary that jieba brings, read on first use (about half a second), and more words.

    Args:
        more: words that the dictionary lacks, each with its frequency; with None it gets one that
            makes it a word wherever it stands.
    """
    return _extended(more) if more else _plain()


@cache
def _plain() -> jieba.Tokenizer:
    """The dictionary as jieba brings it.

    Not through jieba's own shortcut: that is a marshalled cache under a fixed name in the shared
    temporary folder, which anyone can plant.
    """
    made = jieba.Tokenizer()
    made.FREQ, made.total = made.gen_pfdict(made.get_dict_file())
    made.initialized = True
    return made


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
