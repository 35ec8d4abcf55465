"""Fit the weights of ``qa/confidence.py``.

    python benchmarks/fit_confidence.py cmrc2018_trial.json drcd_test.json --every 5

Three kinds of questions:

- our own on the sample reports (``sample_questions.jsonl``), 120 of the split ``fit``: 50 of them
  ask for what the reports do not say, such as another year, another place, another quantity. They
  count ten times, for they are like what is asked of work reports;
- one in five of the first file, CMRC 2018's trial set (CC BY-SA 4.0, SQuAD layout; 256 paragraphs,
  1,002 questions), each paragraph indexed as a report. Each is asked twice: of all paragraphs,
  where the right answer is its own paragraph in the first place, and of all but its own, where
  there is no answer;
- as many of the second file, DRCD's test set (CC BY-SA 3.0), which are about other things.

Their features are fitted by logistic regression. Printed are the weights and the area under the ROC
in five-fold cross-validation, and of our own questions of the split ``check``.
"""

import argparse
import json
import math
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from own_questions import own_questions
from platformdirs import user_cache_path
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict
from squad import read_squad

from corpus import SAMPLES, read_folder
from index import Encoder, Hit, HybridIndex, build_index, default_model_folder
from qa.confidence import WEIGHTS, features
from qa.coverage import content_words
from qa.followups import begins, resolve
from qa.ranking import FOUND, ranked
from qa.subjects import Subjects
from qa.understanding import understand

OWN_WEIGHT = 10.0

ANSWERED = 0.8
"""Share of real questions taken to be answered by the reports they are asked of.

Fewer of the fitted questions are; the bias is moved by the difference of the log odds.
"""

Example = tuple[dict[str, float], bool]
"""Features of a question, and whether the best hit answers it."""


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("questions", type=Path, help="question set in SQuAD layout")
    parser.add_argument("others", type=Path, help="question set about other things")
    parser.add_argument("--every", type=int, default=1, help="take one in so many of both")
    arguments = parser.parse_args()
    reports, asked = read_squad(arguments.questions)
    questions = [(question.text, question.wanted[0].report) for question in asked]
    questions = questions[:: arguments.every]
    strange = [question.text for question in read_squad(arguments.others)[1]]
    strange = strange[:: max(1, len(strange) // len(questions))]
    encoder = Encoder(default_model_folder(user_cache_path("youju")))
    with tempfile.TemporaryDirectory() as data:
        build_index(reports, data=Path(data), encoder=encoder)
        index = HybridIndex(Path(data), encoder)
        public = [*make_examples(index, questions), *unanswered_examples(index, strange)]
    with tempfile.TemporaryDirectory() as data:
        build_index(read_folder(SAMPLES).reports, data=Path(data), encoder=encoder)
        index = HybridIndex(Path(data), encoder)
        own, check = own_examples(index, "fit"), own_examples(index, "check")
    fit([*own, *public], np.array([OWN_WEIGHT] * len(own) + [1.0] * len(public)), check)


def fit(examples: list[Example], weight: NDArray[np.float64], check: list[Example]) -> None:
    """Fit and print the weights.

    Args:
        examples: those to fit.
        weight: float64 (examples,), how much each counts.
        check: examples that are only judged.
    """
    names = [name for name in WEIGHTS if name != "bias"]
    values, answered = _arrays(examples, names)
    mean, deviation = values.mean(0), values.std(0)
    scaled = (values - mean) / deviation
    model = LogisticRegression()
    guessed = cross_val_predict(
        model, scaled, answered, cv=5, method="predict_proba", params={"sample_weight": weight}
    )[:, 1]
    model.fit(scaled, answered, weight)
    weights = model.coef_[0] / deviation
    share = float(np.average(answered, weights=weight))
    prior = math.log(ANSWERED / (1 - ANSWERED)) - math.log(share / (1 - share))
    bias = float(model.intercept_[0]) - float(weights @ mean) + prior
    held_out, truth = _arrays(check, names)
    judged = held_out @ weights + bias
    print(f"{len(answered)} examples, AUROC {roc_auc_score(answered, guessed):.3f}")
    print(
        f"{len(truth)} of our own held out, AUROC {roc_auc_score(truth, judged):.3f}, "
        f"refused {np.mean(judged[~truth] < 0):.2f}, wrongly {np.mean(judged[truth] < 0):.2f}"
    )
    fitted = dict(zip(names, weights.tolist(), strict=True))
    print(json.dumps({"bias": round(bias, 2)} | {k: round(v, 2) for k, v in fitted.items()}))


def own_examples(index: HybridIndex, split: str) -> list[Example]:
    """Features of our own questions; those that compare reports are left out."""
    subjects = Subjects(index.reports)
    examples = []
    for question in own_questions(split):
        if question.kind == "compare":
            continue
        resolved = resolve(question.text, question.history, subjects, index.knows)
        now = begins(question.text, resolved)
        described, best = describe(index, subjects, resolved, now=now)
        if not question.wanted:
            examples.append((described, False))
        elif any(evidence in best.paragraph.text for evidence in question.wanted[0].evidence):
            examples.append((described, True))
    return examples


def describe(
    index: HybridIndex,
    subjects: Subjects,
    question: str,
    reports: set[str] | None = None,
    *,
    now: int = 0,
) -> tuple[dict[str, float], Hit]:
    """Features of a question, and its best hit."""
    query = index.understand(question)
    understood = understand(query.text, subjects, now=now)
    words = content_words(understood, query, index.rarity(understood.text))
    hits = ranked(index.search(query, limit=FOUND, reports=reports), understood, words)
    return features(understood, words, hits), hits[0]


def make_examples(index: HybridIndex, questions: list[tuple[str, str]]) -> Iterator[Example]:
    """Yield features and whether the best hit answers, for each question with and without."""
    everything = {report.id for report in index.reports}
    subjects = Subjects(index.reports)
    for question, gold in questions:
        described, best = describe(index, subjects, question)
        yield described, best.report.id == gold
        yield describe(index, subjects, question, everything - {gold})[0], False


def unanswered_examples(index: HybridIndex, questions: list[str]) -> Iterator[Example]:
    """Yield features of questions that nothing answers."""
    subjects = Subjects(index.reports)
    for question in questions:
        yield describe(index, subjects, question)[0], False


def _arrays(
    examples: list[Example], names: list[str]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    values = np.array([[example[name] for name in names] for example, _ in examples])
    return values, np.array([label for _, label in examples])


if __name__ == "__main__":
    main()
