"""Fit the weights of ``qa/confidence.py``.

    python benchmarks/fit_confidence.py cmrc2018_trial.json drcd_test.json

The first file is CMRC 2018's trial set (CC BY-SA 4.0, SQuAD layout): 256 paragraphs, 1,002
questions. Every paragraph is indexed as a report of its own. Each question is asked twice: of all
paragraphs, where the right answer is its own paragraph in the first place, and of all but its own,
where there is no answer. As many questions of the second file, DRCD's test set (CC BY-SA 3.0), are
asked too: they are about other things, and nothing answers them. The features of all three kinds
are fitted by logistic regression; printed are the weights and the area under the ROC in five-fold
cross-validation.

Paragraphs of an encyclopaedia on 256 subjects are easier to tell apart than those of work reports:
expect less of the weights there.
"""

import argparse
import json
import math
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from platformdirs import user_cache_path
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict
from squad import read_squad

from index import Encoder, HybridIndex, build_index, default_model_folder
from qa.confidence import CONSIDERED, WEIGHTS, features

ANSWERED = 0.9
"""Share of real questions taken to be answered by the reports they are asked of.

A third of the fitted questions are; the bias is moved by the difference of the log odds.
"""


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("questions", type=Path, help="question set in SQuAD layout")
    parser.add_argument("others", type=Path, help="question set about other things")
    arguments = parser.parse_args()
    reports, asked = read_squad(arguments.questions)
    questions = [(question.text, question.wanted[0].report) for question in asked]
    strange = [question.text for question in read_squad(arguments.others)[1]]
    strange = strange[:: max(1, len(strange) // len(questions))]
    encoder = Encoder(default_model_folder(user_cache_path("youju")))
    with tempfile.TemporaryDirectory() as data:
        build_index(reports, data=Path(data), encoder=encoder)
        index = HybridIndex(Path(data), encoder)
        examples = [*make_examples(index, questions), *unanswered_examples(index, strange)]
    names = [name for name in WEIGHTS if name != "bias"]
    values = np.array([[example[name] for name in names] for example, _ in examples])
    answered = np.array([label for _, label in examples])
    mean, deviation = values.mean(0), values.std(0)
    scaled = (values - mean) / deviation
    model = LogisticRegression()
    guessed = cross_val_predict(model, scaled, answered, cv=5, method="predict_proba")[:, 1]
    model.fit(scaled, answered)
    weights = model.coef_[0] / deviation
    prior = math.log(ANSWERED / (1 - ANSWERED)) - math.log(answered.mean() / (1 - answered.mean()))
    bias = float(model.intercept_[0]) - float(weights @ mean) + prior
    print(f"{len(answered)} examples, AUROC {roc_auc_score(answered, guessed):.3f}")
    fitted = dict(zip(names, weights.tolist(), strict=True))
    print(json.dumps({"bias": round(bias, 2)} | {k: round(v, 2) for k, v in fitted.items()}))


def make_examples(
    index: HybridIndex, questions: list[tuple[str, str]]
) -> Iterator[tuple[dict[str, float], bool]]:
    """Yield features and whether the best hit answers, for each question with and without."""
    everything = {report.id for report in index.reports}
    for question, gold in questions:
        rarity = index.rarity(question)
        hits = index.search(question, limit=CONSIDERED)
        yield features(question, hits, rarity), hits[0].report.id == gold
        others = index.search(question, limit=CONSIDERED, reports=everything - {gold})
        yield features(question, others, rarity), False


def unanswered_examples(
    index: HybridIndex, questions: list[str]
) -> Iterator[tuple[dict[str, float], bool]]:
    """Yield features of questions that nothing answers."""
    for question in questions:
        hits = index.search(question, limit=CONSIDERED)
        yield features(question, hits, index.rarity(question)), False


if __name__ == "__main__":
    main()
