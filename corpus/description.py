"""A report described for a terminal: what was understood of it, and where that is in doubt."""

from itertools import takewhile

from .document_types import document_type
from .explanations import explain
from .tables import cells_of
from .types import DocumentType, Doubt, Field, Kind, Origin, Paragraph, Report, Section

_KINDS: dict[Kind, str] = {
    "body": "正文",
    "list": "列表",
    "table": "表格",
    "note": "注释",
    "caption": "图表说明",
    "byline": "署名",
    "source": "来源",
    "salutation": "称呼",
    "contents": "目录",
    "furniture": "页眉页脚",
}

_PLACES = {"text": "正文", "file": "文件信息", "name": "文件名", "correction": "更正"}

_TYPES: dict[DocumentType, str] = {
    "report": "报告",
    "newspaper": "报纸文章",
    "webpage": "网页",
}

_LONGEST = 40
"""Characters that tell what a paragraph is about."""


def describe(report: Report) -> str:
    """All that was understood: metadata, outline, every paragraph's kind, doubts."""
    parts = [_metadata(report), describe_outline(report), _paragraphs(report), _doubts(report)]
    return "\n\n".join(part for part in parts if part)


def describe_outline(report: Report) -> str:
    """The headings by level, each with how many paragraphs stand under it and its subheadings."""
    if not report.sections:
        return "没有标题。"
    lines = [
        f"{'  ' * section.level}{section.heading}（{_length(section, report)} 段）"
        for section in report.sections
    ]
    return "\n".join([f"标题层级（{len(lines)} 个标题，共 {len(report.paragraphs)} 段）", *lines])


def _length(section: Section, report: Report) -> int:
    following = report.paragraphs[section.first_paragraph - 1 :]
    depth = len(section.path)
    return sum(1 for _ in takewhile(lambda p: p.section[:depth] == section.path, following))


def _metadata(report: Report) -> str:
    stated: dict[Field, tuple[str, str | None]] = {
        "title": ("标题", report.title),
        "subtitle": ("副标题", report.subtitle),
        "date": ("日期", report.date),
        "publisher": ("来源", report.publisher),
        "authors": ("作者", "，".join(report.authors)),
        "organisation": ("单位或地区", report.organisation),
        "period": ("所述时期", report.period),
        "edition": ("版次", report.edition),
        "url": ("网址", report.url),
        "document_type": ("文献类型", _TYPES[document_type(report)]),
    }
    origins = {origin.field: origin for origin in report.origins}
    return "\n".join(
        f"{name}：{value}{_where(origins.get(field), value)}" if value else f"{name}：（未见）"
        for field, (name, value) in stated.items()
    )


def _where(origin: Origin | None, value: str) -> str:
    if origin is None:
        return ""
    place = _PLACES[origin.place]
    quote = "" if origin.quote == value else f"：{_start(origin.quote)}"
    return f" 〔{place}{quote}〕"


def _paragraphs(report: Report) -> str:
    headings: dict[int, list[str]] = {}
    for section in report.sections:
        line = f"\n{'#' * section.level} {section.heading}"
        headings.setdefault(section.first_paragraph, []).append(line)
    lines: list[str] = []
    head = ""
    for paragraph in report.paragraphs:
        lines += headings.pop(paragraph.ordinal, ())
        before, head = head, _head(paragraph)
        lines += [f"     表头：{head}"] if head not in {"", before} else []
        lines.append(_paragraph(paragraph))
    lines += [line for last in headings.values() for line in last]
    return "\n".join(lines).lstrip("\n")


def _paragraph(paragraph: Paragraph) -> str:
    words = paragraph.text
    marks = [_KINDS[paragraph.kind]]
    if paragraph.spans and paragraph.spans[0].page is not None:
        marks.append(f"第{paragraph.spans[0].page}页")
    if paragraph.torn:
        marks.append("残缺")
    if paragraph.kind == "table":
        words = " | ".join(cells_of(words.rpartition("\n")[2]))
    return f"{paragraph.ordinal:>4} [{'，'.join(marks)}] {_start(words)}"


def _head(paragraph: Paragraph) -> str:
    """The head of the table that a row belongs to; empty where there is none."""
    cells = cells_of(paragraph.text.partition("\n")[0]) if paragraph.kind == "table" else []
    return " | ".join(cells) if any(cells) else ""


def _doubts(report: Report) -> str:
    if not report.doubts:
        return ""
    by_code: dict[str, list[Doubt]] = {}
    for doubt in report.doubts:
        by_code.setdefault(doubt.code, []).append(doubt)
    lines = [f"存疑（{len(report.doubts)} 处）"]
    for code, doubts in by_code.items():
        lines.append(f"  {explain(code).zh}")
        lines += [f"    {place}" for place in map(_place, doubts) if place]
    return "\n".join(lines)


def _place(doubt: Doubt) -> str:
    """Where a doubt is, as far as it is about one place."""
    paragraph = "" if doubt.paragraph is None else f"第 {doubt.paragraph} 段"
    quote = f"“{_start(doubt.quote)}”" if doubt.quote else ""
    return f"{paragraph} {quote}".strip()


def _start(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}……（{len(line)} 字）"
