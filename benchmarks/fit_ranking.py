"""Choose the weights of the ranking: how well questions are answered for each of several values.

    python benchmarks/fit_ranking.py cmrc2018_trial.json --every 5

One weight is changed at a time, the others stay as they are. Questions are our own on the sample
reports (``sample_questions.jsonl``), of the split ``fit``, and CMRC 2018's trial set (CC BY-SA 4.0,
SQuAD layout), each paragraph indexed as a report; those of the split ``check`` only tell whether
the choice holds. Printed is the mean reciprocal rank of the first right passage for each value; the
value in use is marked. Choose where ``fit`` and ``cmrc`` together are highest, and where several
are alike, a value in the middle of them.
"""

import argparse
import importlib
import tempfile
from pathlib import Path
from unittest.mock import patch

from own_questions import own_questions
from platformdirs import user_cache_path
from squad import read_squad

from corpus import SAMPLES, read_folder
from index import Encoder, HybridIndex, build_index, default_model_folder
from qa import Answerer, Question, evaluate, measures

VALUES = {
    "index.fusion.DENSE_WEIGHT": (0.55, 0.65, 0.75, 0.85),
    "index.fusion.LATE_WEIGHT": (0.0, 0.15, 0.3, 0.5, 0.8),
    "index.understanding.SYNONYM_WEIGHT": (0.0, 0.15, 0.3, 0.5, 0.8),
    "qa.ranking.OTHER_YEAR": (0.0, 0.5, 1.0, 1.5, 2.0),
    "qa.ranking.NAMED": (0.0, 0.5, 1.0, 1.5),
    "qa.ranking.HEADED": (0.0, 0.15, 0.3, 0.5, 1.0),
}


def main() -> None:
    """Ask with each value of each weight and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("questions", type=Path, help="question set in SQuAD layout")
    parser.add_argument("--every", type=int, default=1, help="take one in so many of it")
    options = parser.parse_args()
    encoder = Encoder(default_model_folder(user_cache_path("youju")))
    reports, public = read_squad(options.questions, by_report=True)
    with tempfile.TemporaryDirectory() as own, tempfile.TemporaryDirectory() as cmrc:
        build_index(read_folder(SAMPLES).reports, data=Path(own), encoder=encoder)
        build_index(reports, data=Path(cmrc), encoder=encoder)
        sets = {
            "fit": (Path(own), answered("fit")),
            "cmrc": (Path(cmrc), public[:: options.every]),
            "check": (Path(own), answered("check")),
        }
        for target, values in VALUES.items():
            for value in values:
                found = [reciprocal_rank(target, value, *one, encoder) for one in sets.values()]
                used = "*" if value == value_of(target) else " "
                shown = "  ".join(f"{n} {v:.4f}" for n, v in zip(sets, found, strict=True))
                print(f"{target} {value:<5}{used} {shown}", flush=True)


def answered(split: str) -> list[Question]:
    """Our own questions of a split that the reports answer."""
    return [question for question in own_questions(split) if question.wanted]


def reciprocal_rank(
    target: str, value: float, data: Path, questions: list[Question], encoder: Encoder
) -> float:
    """MRR@10 of some questions with another value of a weight."""
    with patch(target, value):
        judged = evaluate(Answerer(HybridIndex(data, encoder)), questions)
        return measures(judged)["MRR@10"] or 0.0


def value_of(target: str) -> float:
    """The value of a weight that is in use."""
    module, _, name = target.rpartition(".")
    return float(getattr(importlib.import_module(module), name))


if __name__ == "__main__":
    main()
