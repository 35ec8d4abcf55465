"""Fit the weights of ``qa/highlights.py``.

    python benchmarks/fit_highlights.py cmrc2018_trial.json --every 2

A conditional logit: of the sentences of a passage that holds the answer, how likely each is chosen,
given its features; a sentence is right if it holds the answer, or the evidence. Questions are our
own on the sample reports (``sample_questions.jsonl``, those of the split ``fit``, which count three
times) and CMRC 2018's trial set (CC BY-SA 4.0, SQuAD layout), each paragraph indexed as a report.

Printed are the weights, and the share of questions whose sentence is right: of the fitted ones, and
of our own of the split ``check``.
"""

import argparse
import json
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from own_questions import own_questions
from platformdirs import user_cache_path
from scipy.optimize import minimize
from squad import read_squad

from corpus import SAMPLES, read_folder
from index import Encoder, Hit, HybridIndex, build_index, default_model_folder
from qa.coverage import content_words
from qa.excerpts import excerpt
from qa.followups import begins, resolve
from qa.highlights import WEIGHTS, sentence_features
from qa.ranking import FOUND, ranked
from qa.subjects import Subjects
from qa.understanding import understand

OWN_WEIGHT = 3.0
LOOKED_AT = 10
"""Hits among which the passage with the answer is looked for."""
RIDGE = 0.02
"""Weight of the squares of the weights, per example."""

Example = tuple[NDArray[np.float64], NDArray[np.bool_], float]
"""Features (sentences, features), whether each sentence is right, and how much it counts."""


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("questions", type=Path, help="question set in SQuAD layout")
    parser.add_argument("--every", type=int, default=1, help="take one in so many of it")
    arguments = parser.parse_args()
    reports, asked = read_squad(arguments.questions)
    encoder = Encoder(default_model_folder(user_cache_path("youju")))
    with tempfile.TemporaryDirectory() as data:
        build_index(reports, data=Path(data), encoder=encoder)
        index = HybridIndex(Path(data), encoder)
        wanted = ((one.text, one.wanted[0].evidence) for one in asked[:: arguments.every])
        public = list(_examples(index, ((text, text, found) for text, found in wanted), 1.0))
    with tempfile.TemporaryDirectory() as data:
        build_index(read_folder(SAMPLES).reports, data=Path(data), encoder=encoder)
        index = HybridIndex(Path(data), encoder)
        own = list(_examples(index, _own(index, "fit"), OWN_WEIGHT))
        check = list(_examples(index, _own(index, "check"), 1.0))
    weights = fit([*own, *public])
    for name, examples in (("own", own), ("public", public), ("own, held out", check)):
        print(f"{name}: {len(examples)} questions, right {_right(examples, weights):.3f}")
    print(json.dumps(dict(zip(WEIGHTS, np.round(weights, 2).tolist(), strict=True))))


def fit(examples: list[Example]) -> NDArray[np.float64]:
    """Maximise the likelihood of the right sentences; returns float64 (features,)."""
    spread = np.concatenate([values for values, _, _ in examples]).std(0) + 1e-9
    scaled = [(values / spread, right, weight) for values, right, weight in examples]

    def loss(weights: NDArray[np.float64]) -> float:
        total = RIDGE * len(examples) * float(weights @ weights)
        for values, right, weight in scaled:
            worth = values @ weights
            chances = np.exp(worth - worth.max())
            total -= weight * float(np.log(chances[right].sum() / chances.sum()))
        return total

    found: NDArray[np.float64] = minimize(loss, np.zeros(len(WEIGHTS))).x
    return found / spread


def _own(index: HybridIndex, split: str) -> Iterator[tuple[str, str, Iterable[str]]]:
    subjects = Subjects(index.reports)
    for question in own_questions(split):
        if question.wanted and question.kind != "compare":
            resolved = resolve(question.text, question.history, subjects, index.knows)
            yield question.text, resolved, question.wanted[0].evidence


def _examples(
    index: HybridIndex, questions: Iterable[tuple[str, str, Iterable[str]]], weight: float
) -> Iterator[Example]:
    """Yield an example for each question whose answer is found, in a passage of many sentences.

    Args:
        index: to search.
        questions: as asked, resolved, and the wordings of the evidence.
        weight: how much each counts.
    """
    subjects = Subjects(index.reports)
    for asked, resolved, evidence in questions:
        query = index.understand(resolved)
        understood = understand(query.text, subjects, now=begins(asked, query.text))
        words = content_words(understood, query, index.rarity(understood.text))
        hits = ranked(index.search(query, limit=FOUND), understood, words)[:LOOKED_AT]
        hit = next((one for one in hits if _holds(one.paragraph.text, evidence)), None)
        if hit is None:
            continue
        text, window = _shown(hit)
        described = sentence_features(
            understood.asked, text, window, headings=hit.paragraph.section, words=words
        )
        right = np.array([_holds(text[start:end], evidence) for start, end in described])
        if len(right) > 1 and right.any():
            values = [[row[name] for name in WEIGHTS] for row in described.values()]
            yield np.array(values), right, weight


def _shown(hit: Hit) -> tuple[str, tuple[int, int]]:
    """The excerpt of a hit's paragraph, and the window within it."""
    start, end = excerpt(hit.paragraph.text, hit.window)
    return hit.paragraph.text[start:end], (hit.window[0] - start, hit.window[1] - start)


def _holds(text: str, evidence: Iterable[str]) -> bool:
    """Whether a text holds a wording of the evidence, or a sentence is part of one."""
    bare = "".join(text.split())
    wordings = ["".join(wording.split()) for wording in evidence]
    return any(wording in bare or (len(bare) > 4 and bare in wording) for wording in wordings)


def _right(examples: list[Example], weights: NDArray[np.float64]) -> float:
    judged = [bool(right[int(np.argmax(values @ weights))]) for values, right, _ in examples]
    return float(np.mean(judged))


if __name__ == "__main__":
    main()
