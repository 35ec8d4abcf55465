"""Does confidence mean what it says? Draws the reliability diagram of the documentation.

    python benchmarks/reliability.py docs/reliability.svg --set REPORTS QUESTIONS.jsonl ...

Asks our own questions of the split ``check``, which nothing was fitted to, of the sample reports;
and of each ``--set``, which may be repeated, question sets of the reports in a folder. Answers are
put into five bins by confidence; for each bin the diagram shows how often the first passage is
right (DeGroot and Fienberg, "The comparison and evaluation of forecasters", 1983). No passage is
right for a question that the reports do not answer. The table is printed as well.
"""

import argparse
import json
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

from own_questions import own_questions
from platformdirs import user_cache_path

from corpus import SAMPLES, read_folder
from index import Encoder, HybridIndex, build_index, default_model_folder
from qa import Answerer, Judged, Question, evaluate, measures, read_question_set
from qa.evaluation import reliability

SIDE, MARGIN = 320, 56
"""Length of the axes and space around them, in pixels."""


def main() -> None:
    """Ask, print and draw."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("svg", type=Path)
    parser.add_argument(
        "--set", type=Path, nargs="+", action="append", default=[], metavar="REPORTS QUESTIONS"
    )
    options = parser.parse_args()
    encoder = Encoder(default_model_folder(user_cache_path("youju")))
    judged = ask(SAMPLES, own_questions("check"), encoder)
    for reports, *files in options.set:
        asked = [question for file in files for question in read_question_set(file)]
        judged += ask(reports, asked, encoder)
    rows = reliability(judged)
    print(f"{len(judged)} questions, AUROC {measures(judged)['AUROC']:.3f}")
    for row in rows:
        print(json.dumps(row))
    options.svg.write_text(drawing(rows), "utf-8")


def ask(reports: Path, questions: list[Question], encoder: Encoder) -> tuple[Judged, ...]:
    """Index a folder of reports for the time being, and ask."""
    with tempfile.TemporaryDirectory() as data:
        build_index(read_folder(reports).reports, data=Path(data), encoder=encoder)
        answerer = Answerer(HybridIndex(Path(data), encoder))
        return evaluate(answerer, questions)


def drawing(rows: list[dict[str, float | None]]) -> str:
    """A reliability diagram as SVG: bars are how often the first passage is right."""
    size = SIDE + 2 * MARGIN
    bottom = MARGIN + SIDE
    ideal = f"M{MARGIN} {bottom}L{MARGIN + SIDE} {MARGIN}"
    parts = [
        f'<rect width="{size}" height="{size}" fill="white"/>',
        f'<path d="{ideal}" stroke="#999" stroke-dasharray="4"/>',
    ]
    for row in rows:
        left = MARGIN + SIDE * (row["from"] or 0)
        width = SIDE * ((row["to"] or 0) - (row["from"] or 0))
        height = SIDE * (row["right"] or 0)
        parts.append(
            f'<rect x="{left + 2:.1f}" y="{bottom - height:.1f}" width="{width - 4:.1f}" '
            f'height="{height:.1f}" fill="#a63228" opacity=".75"/>'
        )
        parts.append(_label(left + width / 2, bottom - height - 6, f"n={row['questions']}"))
    for tick in range(6):
        along = SIDE * tick / 5
        parts.append(_label(MARGIN + along, bottom + 18, f"{tick / 5:.1f}"))
        parts.append(_label(MARGIN - 18, bottom - along + 4, f"{tick / 5:.1f}"))
    parts += [
        f'<path d="M{MARGIN} {MARGIN}V{bottom}H{MARGIN + SIDE}" stroke="#333" fill="none"/>',
        _label(MARGIN + SIDE / 2, bottom + 40, "置信度 confidence"),
        _label(MARGIN + SIDE / 2, MARGIN - 18, "第一段答对的比例 first passage right"),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" role="img">\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _label(x: float, y: float, text: str) -> str:
    style = 'font-family="sans-serif" font-size="12" text-anchor="middle" fill="#333"'
    return f'<text x="{x:.1f}" y="{y:.1f}" {style}>{escape(text)}</text>'


if __name__ == "__main__":
    main()
