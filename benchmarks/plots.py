"""Draw the results as pictures for docs/: ``make bench-docs``, or ``python benchmarks/plots.py``.

A function for each picture; each is drawn if its results are there. Needs the extra ``bench``.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot as plt
from provenance import RESULTS

from index.dense import EXACT

DOCS = Path(__file__).parent.parent / "docs"
OURS = "ours"
ACCENT, OTHERS = "#b3261e", "#9aa5b1"

# The same results give the same file: no date and no random names in it. Text stays text.
mpl.rcParams.update({"svg.hashsalt": "youju", "svg.fonttype": "none", "font.size": 9})

STAGES = (
    "search",
    "reading the question",
    "BM25",
    "nearest windows",
    "scores of candidates",
    "late interaction",
)
"""What ``scaling.py`` measures of a search: all of it, and its parts."""

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


def scaling(results: Mapping[str, Any]) -> plt.Figure:
    """Curves over the number of windows: time, memory, recall, and what building takes."""
    sizes = list(results["sizes"].values())
    windows = [size["windows"] for size in sizes]
    figure, axes = plt.subplots(2, 2, figsize=(12, 7), sharex=True, layout="constrained")
    panels = {
        "ms of search, 95th percentile (all but encoding the question)": {
            name: [size["ms"][name]["p95"] for size in sizes] for name in STAGES
        },
        "MB resident": {
            name: [size["memory_mb"][name] for size in sizes] for name in ("all", "own", "mapped")
        },
        "recall of the nearest windows": {
            name: [size["recall"][name] for size in sizes] for name in ("@10", "@100")
        },
        "building without embedding": {
            "seconds": [size["built_s"] for size in sizes],
            "MB on disk": [size["disk_mb"] for size in sizes],
        },
    }
    for panel, (title, curves) in zip(axes.flat, panels.items(), strict=True):
        for name, values in curves.items():
            panel.plot(windows, values, marker="o", label=name)
        panel.axvline(EXACT, color=OTHERS, linestyle=":")
        panel.set_xscale("log")
        panel.set_title(title, fontsize=9)
        panel.spines[["top", "right"]].set_visible(False)
        panel.legend(frameon=False)
    for panel in axes[1]:
        panel.set_xlabel("windows; dotted: from here on by codes")
    axes.flat[2].set_ylim(0.9, 1.003)
    axes.flat[3].set_yscale("log")
    return figure


def _label(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


PICTURES: dict[str, Callable[[Mapping[str, Any]], plt.Figure]] = {
    "peers": peers,
    "scaling": scaling,
}
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
