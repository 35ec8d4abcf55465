"""How much of what a question is about a text covers.

The words that ask, and the names of subjects, places and years are left out: who and when are
judged by themselves (``subjects``, ``times``), and reports need not repeat them in each sentence.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from corpus import words_in
from index import Hit, Query, normalised

from .asked import asking_ranges
from .understanding import Understood

UNKNOWN = 5.0
"""Least inverse document frequency given to a word that no report holds."""
ONE_CHARACTER = 0.3
"""Factor on a word of one character: it stands in many others, as 干 in 干部."""
PARTS = 0.8
"""Worth of a long word whose neighbouring characters are there, though not the whole."""
EARLIER = 0.15
"""Factor on the words of the question before, which a follow-up completes."""
CONTEXT = 0.5
"""Worth of a word that stands not in the sentence, but in the headings above it or the title."""

_LIGHT = frozenset(
    re.findall(
        r"\S+",
        """
        谁 什么 啥 哪 哪些 哪个 哪里 哪儿 哪年 哪天 多少 多少钱 几 几个 几家 几块 何时
        怎么 怎样 怎么样 咋 咋样 如何 为什么 为何 为啥 是否 是不是 有没有 能不能 请问 请
        的 了 在 有 是 和 与 给 把 被 也 都 又 还 就 能 要 会 各 各是 分别 一共 总共 共 为 于 对 从
        我们 你们 他们 她们 它们 大家 他 她 它 这个 那个 这些 那些 到 个 家 人 吗 嘛 么 呢 吧
        啊 呀 不 没 上 下 里 中 以 及 等 用 这 那 其 该 其中 打算 准备 目标 计划 今年 去年
        全省 全市 全区
        """,
    )
)
"""Words that ask, that only join others, or that every report is full of."""
_ASKS = re.compile(r"[多几哪怎啥]|什么")
_WORD = re.compile(r"\w")
_BY_ONE = re.compile("一(?:[年月天日周人户亩家次斤吨度]|个月|小时|公里|平方米)")
_PER = re.compile(r"(?:单位|每万元|万元|占)(?:地区|国内)?$")
_LONGEST_PER = 6


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question that tells what it is about, normalised, with its synonyms."""

    forms: tuple[str, ...]
    weight: float
    pairs: tuple[str, ...] = field(init=False)
    """The neighbouring characters of a word of more than two."""

    def __post_init__(self) -> None:
        """Cut the word once, for it is looked for in many texts."""
        form = self.forms[0]
        pairs = tuple(a + b for a, b in pairwise(form)) if len(form) > 2 else ()
        object.__setattr__(self, "pairs", pairs)

    def held(self, text: str) -> float:
        """How far a normalised text holds the word, between 0 and 1."""
        for form in self.forms:
            if form in text and _stands_in(form, text):
                return 1.0
        held = [pair for pair in self.pairs if pair in text]
        return PARTS * len(held) / len(self.pairs) if held else 0.0


def _stands_in(form: str, text: str) -> bool:
    """Whether a text holds a word, and not only in what is measured by it: 单位GDP能耗."""
    start = text.find(form)
    while start >= 0:
        if not _PER.search(text[max(0, start - _LONGEST_PER) : start]):
            return True
        start = text.find(form, start + 1)
    return False


def content_words(understood: Understood, query: Query, rarity: Mapping[str, float]) -> list[Word]:
    """The words of a question that tell what it is about, weighted by how rare they are.

    Args:
        understood: the question.
        query: the same, with the synonyms of its words.
        rarity: inverse document frequency of those of the question's tokens that reports hold.
    """
    unknown = max([*rarity.values(), UNKNOWN])
    synonyms = {one.word: tuple(map(normalised, one.synonyms)) for one in query.expansions}
    found = []
    for word, start in _words_about(understood):
        form = normalised(word)
        weight = rarity.get(form, unknown) * (ONE_CHARACTER if len(form) == 1 else 1.0)
        weight *= EARLIER if start < understood.now else 1.0
        found.append(Word((form, *_each(form), *synonyms.get(word, ())), weight))
    return found


def _each(form: str) -> tuple[str, ...]:
    """How reports put what is asked by one: 一天补多少钱 is 每天200元."""
    return (f"每{form[1:]}",) if _BY_ONE.fullmatch(form) else ()


def coverage(words: Sequence[Word], sentences: Sequence[str], context: str) -> float:
    """The share of some words' weight that the best of several sentences holds.

    Args:
        words: what is asked about.
        sentences: normalised.
        context: the headings and the title above them, normalised.

    Returns:
        Between 0 and 1; 0 without words or sentences.
    """
    total = best = 0.0
    above = []
    for word in words:
        total += word.weight
        above.append(CONTEXT * word.held(context) if context else 0.0)
    for text in sentences:
        held = 0.0
        for word, least in zip(words, above, strict=True):
            held += word.weight * max(word.held(text), least)
        best = max(best, held)
    return best / total if total else 0.0


def context_of(hit: Hit) -> str:
    """The title and the headings above a hit, normalised."""
    return normalised("\n".join([hit.report.full_title, *hit.paragraph.section]))


def _words_about(understood: Understood) -> Iterator[tuple[str, int]]:
    """The words that tell what a question is about, and where they stand."""
    taken = [
        *((mention.start, mention.end) for mention in understood.mentions),
        *((time.start, time.end) for time in understood.times),
        *understood.places,
        *asking_ranges(understood.text),
    ]
    for word, start, end in words_in(understood.text):
        told = _WORD.search(word) and word not in _LIGHT and not _ASKS.match(word)
        if told and not any(start < last and first < end for first, last in taken):
            yield word, start
