"""An evaluation for people: tables in Chinese, whose columns stand one under the other."""

import unicodedata
from collections.abc import Iterable, Sequence

from .evaluation import Measures, measures, measures_by_kind, reliability
from .judging import READ, Judged

_COLUMNS = {
    "questions": "题数",
    "hit@1": "hit@1",
    "hit@3": "hit@3",
    "hit@5": "hit@5",
    "MRR@10": "MRR@10",
    "nDCG@10": "nDCG@10",
    "cover@5": "cover@5",
    "section": "章节对",
    "sentence": "句子对",
    "refused": "已拒",
    "wrongly_refused": "误拒",
}
_RELIABILITY_COLUMNS = {"questions": "题数", "confidence": "平均", "right": "答对"}
_ALL = "全部"

_LEGEND = """\
hit@k：能回答的问题里，前 k 段有对的；cover@5：问到几份报告的，前 5 段找到了其中多少份；
章节对、句子对：找到的段落里，章节、标出的句子对；已拒、误拒：不能回答、能回答的问题里，没有作答。"""

_ALL_TOGETHER = """\
前 {read} 段长度的中位数 {characters} 字；用时中位数 {p50} 毫秒，95% 的问题不超过 {p95} 毫秒。
置信度的 AUROC {auroc}：把能回答的排在不能回答的前面的概率。平均置信度应接近第一段答对的比例："""

_EXCERPT = 36
"""Columns that a text in the table of misses may take."""


def describe_evaluation(judged: Sequence[Judged]) -> str:
    """Write the figures of all questions and of each kind, and the reliability of confidence."""
    total = measures(judged)
    rows = {_ALL: total, **measures_by_kind(judged)}
    columns = [name for name in _COLUMNS if any(row[name] is not None for row in rows.values())]
    return "\n\n".join(
        [
            _table(
                ["", *(_COLUMNS[name] for name in columns)],
                [[kind, *_cells(row, columns)] for kind, row in rows.items()],
            ),
            _LEGEND,
            _ALL_TOGETHER.format(
                read=READ,
                characters=_number(total["characters"], 0),
                p50=_number(total["p50_ms"], 1),
                p95=_number(total["p95_ms"], 1),
                auroc=_number(total["AUROC"]),
            ),
            _table(
                ["置信度", *_RELIABILITY_COLUMNS.values()],
                [
                    [f"{row['from']:.1f}–{row['to']:.1f}", *_cells(row, _RELIABILITY_COLUMNS)]
                    for row in reliability(judged)
                ],
            ),
        ]
    )


def describe_misses(judged: Sequence[Judged]) -> str:
    """Write a table of the answers that fall short, each with what was expected and what came."""
    rows = [_miss(item) for item in judged if item.missed]
    if not rows:
        return "没有答错的问题。"
    head = ["题号", "问题", "应在", "名次", "置信度", "给出的第一段"]
    return f"答错的 {len(rows)} 题：\n\n{_table(head, rows)}"


def _miss(item: Judged) -> list[str]:
    expected = "；".join(f"{w.report}：{w.evidence[0]}" for w in item.question.wanted)
    first = item.answer.passages[0] if item.answer.passages else None
    return [
        item.question.id,
        _cut(item.question.text),
        _cut(expected or "（报告里没有答案）"),
        "、".join("无" if rank is None else str(rank) for rank in item.ranks) or "—",
        f"{item.answer.confidence:.2f}",
        _cut(f"{first.report.title}：{first.text}" if first else "—"),
    ]


def _cells(row: Measures, names: Iterable[str]) -> list[str]:
    return [_number(row[name], 0 if name == "questions" else 3) for name in names]


def _number(value: float | None, places: int = 3) -> str:
    return "—" if value is None else f"{value:.{places}f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Align columns on a terminal; the last column is not filled up."""
    widths = [max(map(_width, column)) for column in zip(head, *rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in (head, *rows)
    )


def _cut(text: str) -> str:
    """Shorten a text to ``_EXCERPT`` columns, on one line."""
    line = " ".join(text.split())
    if _width(line) <= _EXCERPT:
        return line
    while _width(line) > _EXCERPT - 2:
        line = line[:-1]
    return f"{line}…"


def _width(text: str) -> int:
    """Columns on a terminal: two for wide and full-width characters (Unicode annex 11)."""
    return sum(1 + (unicodedata.east_asian_width(character) in "WF") for character in text)
