"""How well quotations are judged: sentences of real reports, altered, and sentences of others.

    python benchmarks/verifying.py REPORTS [--data FOLDER] [--count 100]

Every second report below REPORTS is indexed. Sentences of 8 to 120 characters are drawn from them
and altered in the ways that quotations are; those of the other reports, which are of the same kind
and often say almost the same, stand for invented quotations. Printed are, for each way,
how often the verdict was verbatim, changed and missing, how often a changed figure was noticed, and
the time; then how the verdict depends on the limits. What it printed stands in
``docs/quality.md``.
"""

import argparse
import random
import re
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from unittest.mock import patch

import jieba
import opencc
from platformdirs import user_cache_path

from corpus import Report, read_folder, sentences
from index import Encoder, HybridIndex, build_index, default_model_folder
from qa import Verifier, figures

SEED = 7
SHORTEST, SHORT, LONGEST = 8, 16, 120

ADVERBS = ("进一步", "全面", "切实", "大力", "显著")
COMMONPLACES = "推进完善加强落实提升促进发展建设工作服务"

LIMITS = (0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9)

Way = Callable[[str, random.Random], str | None]


def other_forms(sentence: str, _: random.Random) -> str | None:
    """In Traditional script, with half-width commas and a space here and there."""
    traditional = opencc.OpenCC("s2t").convert(sentence)
    return traditional.replace("，", ", ") if traditional != sentence else None


def dropped(sentence: str, chance: random.Random) -> str | None:
    """Without one or two neighbouring words."""
    words = jieba.lcut(sentence)
    if len(words) < 6:
        return None
    at = chance.randrange(1, len(words) - 3)
    return "".join(words[:at] + words[at + chance.randint(1, 2) :])


def added(sentence: str, chance: random.Random) -> str | None:
    """With a word that is not there."""
    words = jieba.lcut(sentence)
    if len(words) < 4:
        return None
    at = chance.randrange(1, len(words) - 1)
    return "".join([*words[:at], chance.choice(ADVERBS), *words[at:]])


def other_figure(sentence: str, chance: random.Random) -> str | None:
    """With one digit of a figure changed."""
    places = [
        place
        for one in figures(sentence)
        if one.value is not None
        for place in range(one.start, one.end)
        if sentence[place].isdecimal()
    ]
    if not places:
        return None
    at = chance.choice(places)
    other = chance.choice([d for d in "123456789" if d != sentence[at]])
    return sentence[:at] + other + sentence[at + 1 :]


def swapped(sentence: str, chance: random.Random) -> str | None:
    """With two neighbouring clauses, or else words, in the other order."""
    clauses = re.split(r"(?<=[，、；])", sentence)
    parts = clauses if len(clauses) > 3 else jieba.lcut(sentence)
    if len(parts) < 4:
        return None
    at = chance.randrange(0, len(parts) - 2)
    parts[at], parts[at + 1] = parts[at + 1], parts[at]
    altered = "".join(parts)
    return altered if altered != sentence else None


def shortened(sentence: str, _: random.Random) -> str | None:
    """With an ellipsis in the place of its middle."""
    if len(sentence) < 24:
        return None
    third = len(sentence) // 3
    return f"{sentence[:third]}……{sentence[-third:]}"


def retold(sentence: str, chance: random.Random) -> str | None:
    """With a quarter of its words replaced by others of the same length."""
    words = jieba.lcut(sentence)
    places = [n for n, word in enumerate(words) if len(word) > 1 and not re.search(r"\d", word)]
    if len(places) < 4:
        return None
    for at in chance.sample(places, max(1, len(places) // 4)):
        words[at] = "".join(chance.choices(COMMONPLACES, k=len(words[at])))
    return "".join(words)


WAYS: dict[str, Way | None] = {
    "verbatim": lambda sentence, _: sentence,
    "other forms": other_forms,
    "ellipsis": shortened,
    "words dropped": dropped,
    "word added": added,
    "other figure": other_figure,
    "swapped": swapped,
    "a quarter retold": retold,
    "of other reports": None,
}
UNALTERED = ("verbatim", "other forms", "ellipsis")


def main() -> None:
    """Draw, alter, judge, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("reports", type=Path)
    parser.add_argument("--data", type=Path, default=Path(tempfile.mkdtemp()))
    parser.add_argument("--count", type=int, default=100)
    options = parser.parse_args()
    reports = read_folder(options.reports).reports
    indexed, others = reports[::2], reports[1::2]
    encoder = Encoder(default_model_folder(user_cache_path("youju")))
    build_index(indexed, data=options.data, encoder=encoder)
    verifier = Verifier(HybridIndex(options.data, encoder))
    verifier.verify("先读一遍报告")
    print(f"{len(indexed)} reports indexed, {len(others)} not")
    altered: list[str] = []
    invented: list[str] = []
    print("                    quotes verbatim changed missing  figure noticed  ms median, most")
    for name, way in WAYS.items():
        drawn = _drawn(indexed if way else others, way, options.count)
        if way is None:
            invented = drawn
        elif name not in UNALTERED:
            altered += drawn
        _print(name, drawn, verifier)
    print("\nof a hundred, called changed from a likeness of")
    print(f"{'':32}" + "".join(f"{limit:6.2f}" for limit in LIMITS))
    with patch("qa.verifying.LEAST_ALIKE", 0), patch("qa.verifying.LEAST_ALIKE_SHORT", 0):
        for name, quotes in (("altered", altered), ("of other reports", invented)):
            short = [quote for quote in quotes if len(quote) < SHORT]
            for length, some in (("short", short), ("long", [q for q in quotes if q not in short])):
                _print_limits(f"{name}, {length}", some, verifier)


def _drawn(reports: Sequence[Report], way: Way | None, count: int) -> list[str]:
    chance = random.Random(SEED)  # noqa: S311 - the same sentences every time
    pool = [
        paragraph.text[start:end].strip()
        for report in reports
        for paragraph in report.paragraphs
        if paragraph.kind == "body"
        for start, end in sentences(paragraph.text)
    ]
    pool = [text for text in dict.fromkeys(pool) if SHORTEST <= len(text) <= LONGEST]
    chance.shuffle(pool)
    altered = (text if way is None else way(text, chance) for text in pool)
    return [text for text, _ in zip((a for a in altered if a), range(count), strict=False)]


def _print(name: str, quotes: Sequence[str], verifier: Verifier) -> None:
    verdicts: Counter[str] = Counter()
    noticed, times = 0, []
    for quote in quotes:
        started = time.perf_counter()
        result = verifier.verify(quote)
        times.append((time.perf_counter() - started) * 1000)
        verdicts[result.status] += 1
        noticed += result.figures_differ
    print(
        f"{name:20}{len(quotes):6}{verdicts['verbatim']:9}{verdicts['changed']:8}"
        f"{verdicts['missing']:8}{noticed:16}{statistics.median(times):11.1f}{max(times):6.1f}"
    )


def _print_limits(name: str, quotes: Sequence[str], verifier: Verifier) -> None:
    alike = [
        max((place.similarity for place in verifier.verify(quote).places), default=0.0)
        for quote in quotes
    ]
    shares = [sum(one >= limit for one in alike) / max(1, len(alike)) for limit in LIMITS]
    print(f"{name:26}{len(quotes):6}" + "".join(f"{100 * share:6.0f}" for share in shares))


if __name__ == "__main__":
    main()
