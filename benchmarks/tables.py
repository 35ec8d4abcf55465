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

from provenance import RESULTS

DOCS = Path(__file__).parent.parent / "docs"
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
        "questions": "{machine}; commit {commit}. Over HTTP, no question twice but where said:",
        "asked": ["", "questions", "p50, ms", "p95, ms", "questions/s"],
        "alone": "one client",
        "asked_again": "one client, the same again",
        "clients": "{} clients at once",
        "encoder": "In process an answer takes {answering} ms (p50), of which {inside} are encoding"
        " ({encoding} where nothing is done between). Share that is not encoding: {in_process:.0%},"
        " over HTTP {over_http:.0%}. The encoder alone encodes {ceilings} questions a second in"
        " batches of {sizes}.",
        "starting": "{machine}; commit {commit}; medians of {runs} runs.",
        "started": ["", "seconds"],
        "ready": "`youju serve`, until it is ready",
        "first_question": "the first question after that",
        "ask_with_service": "`youju ask`, a service running",
        "ask_alone": "`youju ask` by itself",
        "version": "`youju --version`",
        "memory": "Memory of the service: {memory_mb} MB, of which {memory_own_mb} are no files"
        " that others could share.",
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
        "questions": "{machine}；提交 {commit}。通过 HTTP，除注明的以外问题各不相同：",
        "asked": ["", "问题", "p50，毫秒", "p95，毫秒", "每秒问题"],
        "alone": "一个客户端",
        "asked_again": "一个客户端，再问一遍",
        "clients": "{} 个客户端同时",
        "encoder": "在进程内一个回答用 {answering} 毫秒（p50），其中编码 {inside} 毫秒"
        "（中间不做别的事时 {encoding} 毫秒）。不是编码的占 {in_process:.0%}，"
        "通过 HTTP 占 {over_http:.0%}。单是编码，每批 {sizes} 个问题时每秒 {ceilings} 个。",
        "starting": "{machine}；提交 {commit}；{runs} 次的中位数。",
        "started": ["", "秒"],
        "ready": "`youju serve` 到就绪",
        "first_question": "其后的第一个问题",
        "ask_with_service": "`youju ask`，服务开着",
        "ask_alone": "`youju ask`，没有服务",
        "version": "`youju --version`",
        "memory": "服务占内存 {memory_mb} MB，其中 {memory_own_mb} MB 不是可与别的进程共用的文件。",
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
    texts = {
        "peers": peers_text,
        "questions": questions_text,
        "starting": starting_text,
        "arithmetic": arithmetic_text,
        "scaling": scaling_text,
    }
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


def questions_text(results: Mapping[str, Any], language: str) -> str:
    """What questions take, alone and with many clients, and how much of it is encoding."""
    texts, inside = TEXTS[language], results["in_process"]
    rows = []
    for name, asked in results["over_http"].items():
        clients = name.removeprefix("clients_")
        rows.append(
            [
                texts[name] if name in texts else texts["clients"].format(clients),
                *(f"{asked[column]}" for column in ("questions", "p50_ms", "p95_ms")),
                f"{asked.get('questions_per_s', '')}",
            ]
        )
    ceilings = inside["encoded_per_s_in_batches_of"]
    encoder = texts["encoder"].format(
        answering=inside["answering"]["p50_ms"],
        inside=inside["encoding_for_answers"]["p50_ms"],
        encoding=inside["encoding"]["p50_ms"],
        ceilings=", ".join(f"{ceiling:.0f}" for ceiling in ceilings.values()),
        sizes=", ".join(ceilings),
        **results["share_not_encoding"],
    )
    table = _markdown(texts["asked"], rows)
    return f"{texts['questions'].format(**results)}\n\n{table}\n\n{encoder}"


def starting_text(results: Mapping[str, Any], language: str) -> str:
    """How soon service and commands answer."""
    texts = TEXTS[language]
    names = ("ready", "first_question", "ask_with_service", "ask_alone", "version")
    rows = [[texts[name], f"{results[name]:.2f}"] for name in names]
    said = texts["starting"].format(**results), texts["memory"].format(**results)
    return f"{said[0]}\n\n{_markdown(texts['started'], rows)}\n\n{said[1]}"


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
