"""Confidence: how likely the passages answer the question.

A logistic regression over features of the best hits. ``benchmarks/fit_confidence.py`` fits it on
questions about the sample reports, half of which they do not answer, and on CMRC 2018's trial set,
where a question whose paragraph is taken out of the index is unanswerable, and so are DRCD's
questions, which are about other things.
"""

import math
import re
from collections.abc import Mapping, Sequence

from index import Hit, normalised, tokens, words

from .ranking import bonus, is_of_another_year
from .understanding import Understood

CONSIDERED = 10
"""Hits that the features look at."""

WEIGHTS = {
    "bias": -46.06,
    "score": 0.2,
    "cosine": 50.92,
    "lead": -44.18,
    "coverage": 0.48,
    "margin": 0.39,
    "numbers": 1.83,
    "unknown": -0.49,
    "other_year": -6.35,
    "absent": -3.9,
}

_ASKING = frozenset(
    re.findall(
        r"\S+",
        """
        谁 什么 啥 哪 哪些 哪个 哪里 哪儿 哪年 哪天 多少 多少钱 几 几个 几家 几块 何时
        怎么 怎样 怎么样 咋 咋样 如何 为什么 为何 为啥 是否 是不是 有没有 能不能
        多大 多高 多久 多长 请问 吗 嘛 么 呢 吧 啊 呀
        """,
    )
)
"""Words that ask. Reports hardly use them, which says nothing about what is asked."""


def features(
    understood: Understood, hits: Sequence[Hit], rarity: Mapping[str, float]
) -> dict[str, float]:
    """Describe how well the best hits fit a question.

    - score: how far the best hit stands out of all candidates, in standard deviations;
    - cosine: of the question and the best hit's window;
    - lead: the highest cosine over the mean of the others';
    - coverage: share of the question's tokens, weighted by rarity, that the best hit's window and
      its report's title hold;
    - margin: fused score of the best hit over the next;
    - numbers: share of the question's numbers that the best hit holds, 1 if there are none;
    - unknown: share of the question's words, those that ask aside, that no report holds;
    - other_year: whether the best hit speaks of another year than the one that is named;
    - absent: whether the question names regions or bodies, and the best hit none of them.

    Args:
        understood: the question.
        hits: at least one, best first.
        rarity: inverse document frequency of those of the question's tokens that reports hold.
    """
    hits = hits[:CONSIDERED]
    question, best = understood.text, hits[0]
    title = best.report.full_title
    start, end = best.window
    near = set(tokens(f"{title}\n{best.paragraph.text[start:end]}"))
    cosines = sorted((hit.dense for hit in hits), reverse=True)
    others = cosines[1:] or cosines
    asked = [word for word in words(question) if word not in _ASKING]
    covered = sum(weight for token, weight in rarity.items() if token in near)
    return {
        "bias": 1.0,
        "score": best.score - bonus(best, understood),
        "cosine": best.dense,
        "lead": cosines[0] - sum(others) / len(others),
        "coverage": covered / sum(rarity.values()) if rarity else 0.0,
        "margin": best.score - hits[1].score if len(hits) > 1 else 0.0,
        "numbers": _numbers_held(question, best),
        "unknown": sum(word not in rarity for word in asked) / len(asked) if asked else 1.0,
        "other_year": float(is_of_another_year(best, understood.years(best.report))),
        "absent": float(_is_absent(understood, best)),
    }


def confidence(understood: Understood, hits: Sequence[Hit], rarity: Mapping[str, float]) -> float:
    """Estimate the probability that the best hits answer the question; 0 without hits."""
    if not hits:
        return 0.0
    values = features(understood, hits, rarity)
    logit = sum(WEIGHTS[name] * value for name, value in values.items())
    return 1 / (1 + math.exp(-logit))


def _is_absent(understood: Understood, hit: Hit) -> bool:
    """Whether a hit is about none of those whom the question names, and names none itself."""
    if not understood.mentions or hit.report.id in understood.named | understood.touched:
        return False
    said = normalised(f"{hit.report.full_title}\n{hit.paragraph.text}")
    names = (understood.text[mention.start : mention.end] for mention in understood.mentions)
    return not any(normalised(name) in said for name in names)


def _numbers_held(question: str, hit: Hit) -> float:
    numbers = {token for token in tokens(question) if any(map(str.isdigit, token))}
    if not numbers:
        return 1.0
    date = (hit.report.date or "").replace("-", " ")
    context = [hit.report.full_title, date, *hit.paragraph.section, hit.paragraph.text]
    return len(numbers & set(tokens("\n".join(context)))) / len(numbers)
