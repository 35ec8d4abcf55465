"""Draw the results as pictures for docs/: ``make bench-docs``, or ``python benchmarks/plots.py``.

A function for each picture; each is drawn if its results are there. Needs the extra ``bench``.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot as plt

DOCS = Path(__file__).parent.parent / "docs"
RESULTS = Path(__file__).parent / "results"
OURS = "ours"
ACCENT, OTHERS = "#b3261e", "#9aa5b1"

# The same results give the same file: no date and no random names in it. Text stays text.
mpl.rcParams.update({"svg.hashsalt": "youju", "svg.fonttype": "none", "font.size": 9})

PANELS = (
    ("hit@1", "right paragraph first (more is better)"),
    ("p50_ms", "ms per question, median (less is better)"),
    ("per_second", "paragraphs indexed per second (more is better)"),
    ("first_answer_s", "seconds to the first answer (less is better)"),
    ("resident_mb", "MB resident (less is better)"),
    ("disk_kb", "kB on disk (less is better)"),
)


def peers(results: Mapping[str, Any]) -> plt.Figure:
    """Bars for each system, a panel for each figure, on the task that was measured most."""
    rows = next(iter(results["measured"].values()))
    names = [results["systems"][system] for system in rows]
    colours = [ACCENT if system == OURS else OTHERS for system in rows]
    figure, axes = plt.subplots(2, 3, figsize=(12, 6), sharey=True, layout="constrained")
    for panel, (name, title) in zip(axes.flat, PANELS, strict=True):
        values = [row["median"][name] for row in rows.values()]
        bars = panel.barh(names, values, color=colours)
        panel.bar_label(bars, fmt=_label, padding=3)
        panel.set_title(title, fontsize=9)
        panel.margins(x=0.15)
        panel.spines[["top", "right"]].set_visible(False)
    axes.flat[0].invert_yaxis()
    return figure


def _label(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


PICTURES: dict[str, Callable[[Mapping[str, Any]], plt.Figure]] = {"peers": peers}
"""What draws ``docs/NAME.svg`` from ``results/NAME.json``."""


def main() -> None:
    """Draw what there are results for."""
    for name, draw in PICTURES.items():
        file = RESULTS / f"{name}.json"
        if file.exists():
            figure = draw(json.loads(file.read_text("utf-8")))
            figure.savefig(DOCS / f"{name}.svg", metadata={"Date": None})
            plt.close(figure)


if __name__ == "__main__":
    main()
