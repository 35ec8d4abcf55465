"""How well questions are answered, and what each ingredient of the ranking contributes.

    python benchmarks/quality.py REPORTS QUESTIONS.jsonl ... [--squad cmrc2018_dev.json]

The question sets (the format of `youju eval`) are asked of all reports in the folder REPORTS. Each
paragraph of a set in SQuAD layout, such as CMRC 2018's development set (CC BY-SA 4.0, 848
paragraphs, 3,219 questions), is indexed as a report with its article's title. `--every N` asks
every N-th of these questions only; a passage of the right report is right. Printed are JSON:
machine, commit, and the figures of each set.

`--without INGREDIENT`, which may be repeated, switches parts of the ranking off. `--ablation`
measures once with all of them and once without each, and prints a table in Markdown.

Vectors are kept in the folder `--cache`; everything else is made anew each time. To add an
ingredient, add a line to INGREDIENTS.
"""

import argparse
import json
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from platformdirs import user_cache_path
from provenance import provenance
from squad import read_squad
from tqdm import tqdm

from corpus import Report, read_folder
from index import Encoder, HybridIndex, build_index, default_model_folder
from index.types import Window
from qa import Answerer, Question, evaluate, measures, read_question_set


def _untitled(report: Report, window: Window) -> str:
    return report.paragraphs[window.paragraph].text[window.start : window.end]


INGREDIENTS: dict[str, tuple[tuple[str, object], ...]] = {
    "windows": (("index.windows.LENGTH", sys.maxsize),),
    "title": (("index.building.window_text", _untitled),),
    "lexical": (("index.fusion.DENSE_WEIGHT", 1.0),),
    "dense": (("index.fusion.DENSE_WEIGHT", 0.0),),
    "late": (("index.fusion.LATE_WEIGHT", 0.0),),
    "script": (("index.understanding.legible", str), ("index.encoder.simplified", str)),
    "spelling": (("index.understanding.Spelling.respellings", lambda *_: ()),),
    "synonyms": (("index.understanding.Synonyms.expansions", lambda *_: ()),),
    "headings": (("qa.ranking.HEADED", 0.0),),
    "years": (("qa.ranking.OTHER_YEAR", 0.0),),
    "parts": (("qa.answering.parts", lambda _: []),),
    "history": (("qa.answering.resolve", lambda question, *_: question),),
}
"""What is replaced, and by what, to do without an ingredient.

- windows: whole paragraphs are embedded;
- title: windows are embedded without the report's title;
- lexical, dense: one side counts nothing in the fusion;
- late: late interaction does not re-rank;
- script: questions in Traditional script and full width are taken as they are;
- spelling: slips are not put right;
- synonyms: no synonyms are searched for;
- headings: passages under headings about the question gain nothing;
- years: passages about other years lose nothing;
- parts: a question that names several subjects is asked as it is;
- history: follow-up questions stand alone.
"""

SHOWN = ("hit@1", "hit@5", "MRR@10", "cover@5")
"""Figures in the table of ``--ablation``."""


@dataclass(frozen=True)
class Corpus:
    """Reports, and the question sets that are asked of them, by name."""

    name: str
    reports: Sequence[Report]
    sets: dict[str, Sequence[Question]]


def main() -> None:
    """Measure and print."""
    options = _options()
    encoder = Encoder(default_model_folder(user_cache_path("youju")))
    corpora = list(read_corpora(options))
    variants = [[], *([name] for name in INGREDIENTS)] if options.ablation else [options.without]
    runs = []
    for without in variants:
        with ExitStack() as stack:
            for name in without:
                for target, replacement in INGREDIENTS[name]:
                    stack.enter_context(patch(target, replacement))
            sets = {
                name: figures_of_set
                for corpus in corpora
                for name, figures_of_set in measure(corpus, encoder, options.cache).items()
            }
        runs.append({"without": without, "sets": sets})
    made = provenance() | {"model": encoder.identity}
    if options.ablation:
        print(f"{json.dumps(made)}\n\n{_markdown(runs)}")
    else:
        print(json.dumps(made | runs[0], ensure_ascii=False, indent=1))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("reports", type=Path)
    parser.add_argument("questions", type=Path, nargs="+")
    parser.add_argument("--squad", type=Path, help="a question set in SQuAD layout")
    parser.add_argument("--every", type=int, default=1, help="of --squad, every N-th question")
    parser.add_argument("--cache", type=Path, default=user_cache_path("youju") / "benchmarks")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--without", action="append", choices=INGREDIENTS, default=[])
    what.add_argument("--ablation", action="store_true", help="all, and without each ingredient")
    options = parser.parse_args()
    targets = [target for name in options.without for target, _ in INGREDIENTS[name]]
    if len(set(targets)) < len(targets):
        parser.error("--without: these ingredients exclude each other")
    return options


def read_corpora(options: argparse.Namespace) -> Iterator[Corpus]:
    """Read the reports and question sets that are named."""
    sets = {file.stem: read_question_set(file) for file in options.questions}
    yield Corpus("reports", read_folder(options.reports).reports, sets)
    if options.squad:
        reports, questions = read_squad(options.squad, by_report=True)
        yield Corpus(options.squad.stem, reports, {options.squad.stem: questions[:: options.every]})


def measure(corpus: Corpus, encoder: Encoder, cache: Path) -> dict[str, dict[str, float | None]]:
    """Index a corpus as the code says now, and return the figures of each of its sets."""
    data = cache / corpus.name
    # A snapshot of the same reports would be left as it is, though windows may differ now.
    for folder in ("snapshots", "segments"):
        shutil.rmtree(data / folder, ignore_errors=True)
    with _bar("embedding") as progress:
        build_index(corpus.reports, data=data, encoder=encoder, progress=progress)
    answerer = Answerer(HybridIndex(data, encoder))
    measured = {}
    for name, questions in corpus.sets.items():
        with _bar(name) as progress:
            judged = evaluate(answerer, questions, progress=progress)
            measured[name] = measures(judged)
        if all(wanted.evidence == ("",) for one in questions for wanted in one.wanted):
            measured[name]["sentence"] = None
    return measured


@contextmanager
def _bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr, if that is a terminal; what it gives is told how far things are."""
    with tqdm(desc=what, disable=None, leave=False) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield progress


def _markdown(runs: Sequence[dict]) -> str:
    columns = [(name, figure) for name in runs[0]["sets"] for figure in SHOWN]
    head = ["without", *(f"{name} {figure}" for name, figure in columns)]
    rows = [
        [
            ", ".join(run["without"]) or "(nothing)",
            *(_number(run["sets"][name][figure]) for name, figure in columns),
        ]
        for run in runs
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows))


def _number(figure: float | None) -> str:
    return "—" if figure is None else f"{figure:.3f}"


if __name__ == "__main__":
    main()
