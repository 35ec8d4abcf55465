"""Write the tables of docs/benchmarks.md and its Chinese twin from the results; never by hand.

    python benchmarks/tables.py

Each stands between two markers, ``<!-- NAME -->`` and ``<!-- /NAME -->``.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parent.parent / "docs"
RESULTS = Path(__file__).parent / "results"
OURS = "ours"


@dataclass(frozen=True, slots=True)
class Figure:
    """A column: its name in both languages, its decimals, and whether more of it is better."""

    name: str
    en: str
    zh: str
    decimals: int
    more: bool


FIGURES = (
    Figure("hit@1", "hit@1", "hit@1", 3, more=True),
    Figure("hit@5", "hit@5", "hit@5", 3, more=True),
    Figure("nDCG@10", "nDCG@10", "nDCG@10", 3, more=True),
    Figure("p50_ms", "p50, ms", "p50，毫秒", 1, more=False),
    Figure("p95_ms", "p95, ms", "p95，毫秒", 1, more=False),
    Figure("per_second", "paragraphs/s", "每秒段落", 1, more=True),
    Figure("first_answer_s", "first answer, s", "首答，秒", 1, more=False),
    Figure("resident_mb", "resident, MB", "常驻内存，MB", 0, more=False),
    Figure("indexing_mb", "indexing, MB", "索引内存，MB", 0, more=False),
    Figure("disk_kb", "disk, kB", "磁盘，kB", 0, more=False),
)
"""What ``compare.py`` measures."""

TEXTS: dict[str, dict[str, Any]] = {
    "en": {
        "made": "{machine}, {memory} GB of memory; commit {commit}; load before: {load}.",
        "task": "**{name}**: {paragraphs:,} paragraphs, {characters:,} characters, {questions}"
        " questions; {runs}.",
        "runs": "medians of {} runs",
        "run": "one run",
        "over": "How many times better Youju is, on {name}; below 1 the other is ahead:",
        "arithmetic": "{machine}; commit {commit}; {runs}; {runtime}, float32, {threads} threads."
        " Products of matrices reach {peak_gflops} GFLOP/s. A token takes {mflop_per_token} MFLOP.",
        "model": "the model alone",
        "indexing": "indexing, from reports that have been read to a synced snapshot",
        "columns": ["", "tokens/s", "GFLOP/s", "share of the peak"],
        "scaling": "{machine}; commit {commit}. ![How search scales](scaling.svg)",
        "scaled": [
            *("windows", "search p50, ms", "p95, ms", "nearest windows p95", "BM25 p95"),
            *("recall@10", "recall@100", "resident, MB", "disk, MB", "built in, s"),
        ],
    },
    "zh": {
        "made": "{machine}，内存 {memory} GB；提交 {commit}；测量前的负载：{load}。",
        "task": "**{name}**：{paragraphs:,} 段，{characters:,} 字，{questions} 个问题；{runs}。",
        "runs": "{} 次的中位数",
        "run": "一次",
        "over": "在 {name} 上有据好多少倍；小于 1 是对方更好：",
        "arithmetic": "{machine}；提交 {commit}；{runs}；{runtime}，float32，{threads} 个线程。"
        "矩阵相乘达到 {peak_gflops} GFLOP/s，每个词元要 {mflop_per_token} MFLOP。",
        "model": "只算模型",
        "indexing": "建索引，从读好的报告到落盘的快照",
        "columns": ["", "词元/秒", "GFLOP/s", "占峰值"],
        "scaling": "{machine}；提交 {commit}。![检索随规模的变化](scaling.svg)",
        "scaled": [
            *("窗口", "检索 p50，毫秒", "p95，毫秒", "最近窗口 p95", "BM25 p95"),
            *("recall@10", "recall@100", "常驻内存，MB", "磁盘，MB", "建立，秒"),
        ],
    },
}


def main() -> None:
    """Renew both documents."""
    for language, file in (("en", "benchmarks.md"), ("zh", "benchmarks.zh.md")):
        document = DOCS / file
        document.write_text(renewed(document.read_text("utf-8"), language), "utf-8")


def renewed(document: str, language: str) -> str:
    """Put the tables of the results that there are into a document."""
    texts = {"peers": peers_text, "arithmetic": arithmetic_text, "scaling": scaling_text}
    for name, text in texts.items():
        file = RESULTS / f"{name}.json"
        if file.exists():
            results = json.loads(file.read_text("utf-8"))
            document = _between(document, name, text(results, language))
    return document


def peers_text(results: Mapping[str, Any], language: str) -> str:
    """What was measured beside peers: a table for each task, and one of ratios for the first."""
    texts, made = TEXTS[language], results["made"]
    parts = [
        texts["made"].format(
            machine=made["machine"],
            memory=made["memory_gb"],
            commit=made["commit"],
            load=results["load_before"],
        )
    ]
    for name, task in results["tasks"].items():
        rows = results["measured"][name]
        runs = _runs(len(rows[OURS]["runs"]), language)
        parts.append(texts["task"].format(name=name, runs=runs, **task))
        parts.append(_table(results["systems"], rows, language))
    first = next(iter(results["tasks"]))
    parts.append(texts["over"].format(name=first))
    parts.append(_ratios(results["systems"], results["measured"][first], language))
    return "\n\n".join(parts)


def arithmetic_text(results: Mapping[str, Any], language: str) -> str:
    """What share of the machine's arithmetic is made use of."""
    texts, made = TEXTS[language], results["made"]
    said = results | {
        "machine": made["machine"],
        "commit": made["commit"],
        "runs": _runs(results["runs"], language),
    }
    rows = [
        [
            texts[name],
            f"{results[f'{name}_tokens_per_second']:,.0f}",
            f"{results[f'{name}_gflops']:.1f}",
            f"{results[f'{name}_share']:.0%}",
        ]
        for name in ("model", "indexing")
    ]
    return f"{texts['arithmetic'].format(**said)}\n\n{_markdown(texts['columns'], rows)}"


def scaling_text(results: Mapping[str, Any], language: str) -> str:
    """How search scales with the number of windows."""
    texts = TEXTS[language]
    rows = [
        [
            f"{size['windows']:,}",
            *(f"{size['ms']['search'][name]:.1f}" for name in ("p50", "p95")),
            *(f"{size['ms'][name]['p95']:.1f}" for name in ("nearest windows", "BM25")),
            *(f"{size['recall'][name]:.3f}" for name in ("@10", "@100")),
            f"{size['memory_mb']['all']:,.0f}",
            f"{size['disk_mb']:,.0f}",
            f"{size['built_s']:,.0f}",
        ]
        for size in results["sizes"].values()
    ]
    return f"{texts['scaling'].format(**results)}\n\n{_markdown(texts['scaled'], rows)}"


def _runs(count: int, language: str) -> str:
    return TEXTS[language]["run"] if count == 1 else TEXTS[language]["runs"].format(count)


def _table(systems: Mapping[str, str], rows: Mapping[str, Any], language: str) -> str:
    cells = [
        [systems[system], *(f"{row['median'][one.name]:,.{one.decimals}f}" for one in FIGURES)]
        for system, row in rows.items()
    ]
    return _markdown(["", *(getattr(one, language) for one in FIGURES)], cells)


def _ratios(systems: Mapping[str, str], rows: Mapping[str, Any], language: str) -> str:
    ours = rows[OURS]["median"]
    cells = []
    for system, row in rows.items():
        if system != OURS:
            theirs = row["median"]
            ratios = [
                ours[one.name] / theirs[one.name] if one.more else theirs[one.name] / ours[one.name]
                for one in FIGURES
            ]
            cells.append([systems[system], *(f"{ratio:.2f}" for ratio in ratios)])
    return _markdown(["", *(getattr(one, language) for one in FIGURES)], cells)


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _between(document: str, name: str, text: str) -> str:
    marked = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    if not marked.search(document):
        raise SystemExit(f"the document has no markers <!-- {name} --> … <!-- /{name} -->")
    return marked.sub(lambda match: f"{match[1]}\n{text}\n\n{match[2]}", document)


if __name__ == "__main__":
    main()
