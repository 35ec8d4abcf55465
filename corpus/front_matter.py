"""Front matter: what a Markdown file states of itself in YAML between two lines of dashes.

Not part of CommonMark, but of most programs that write Markdown (Jekyll, Hugo, Obsidian, Pandoc).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from .source import Fact
from .types import Field

_MATTER = re.compile(r"\s*---[ \t]*\n(?P<inside>.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_LONGEST = 20_000
"""Characters of front matter; real ones have a few hundred."""

_LINE = re.compile(r"([^\s:：\-#][^:：\n]{0,30}?)[ \t]*[:：][ \t]*(.*)")
_ENTRY = re.compile(r"[ \t]*-[ \t]+(.*)")

_FIELDS: dict[str, Field] = {
    **dict.fromkeys(("title", "标题", "题目", "名称"), "title"),
    **dict.fromkeys(("subtitle", "副标题"), "subtitle"),
    **dict.fromkeys(
        ("date", "published", "pubdate", "日期", "时间", "发布日期", "发布时间"), "date"
    ),
    **dict.fromkeys(
        ("publisher", "source", "来源", "出处", "发布单位", "发布机构", "发文机关"), "publisher"
    ),
    **dict.fromkeys(("author", "authors", "作者", "撰稿", "报告人"), "authors"),
    **dict.fromkeys(
        ("organisation", "organization", "institute", "单位", "机构", "编制单位"), "organisation"
    ),
    **dict.fromkeys(("period", "年度", "报告期"), "period"),
    **dict.fromkeys(("edition", "版次", "版面"), "edition"),
    **dict.fromkeys(("url", "canonical", "网址", "链接", "原文链接"), "url"),
}


@dataclass(frozen=True, slots=True)
class Matter:
    """Front matter: what it states, or its text where that cannot be read; ``end`` is behind it."""

    facts: tuple[Fact, ...]
    text: str
    end: int


def read_front_matter(text: str) -> Matter:
    """What stands in the front matter of a file; of length 0 where there is none.

    Lines between dashes that state nothing known are no front matter but part of the report. YAML
    that is broken (a title with a colon in it) is read line by line, and is text where even that
    fails.
    """
    match = _MATTER.match(text)
    if match is None or len(match["inside"]) > _LONGEST:
        return Matter((), "", 0)
    inside = match["inside"]
    try:
        facts = tuple(_facts(inside))
    except (yaml.YAMLError, RecursionError):
        facts = tuple(_facts_of_lines(inside))
        if not facts and _LINE.match(inside):
            return Matter((), inside, match.end())
    return Matter(facts, "", match.end() if facts else 0)


def _facts(inside: str) -> Iterator[Fact]:
    """The facts of YAML; values as they are written, for YAML makes 2025-01 a text but no date."""
    root = yaml.compose(inside, Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode):
        return
    for key, value in root.value:
        field = _field(key.value)
        if field is not None:
            statement = inside[key.start_mark.index : value.end_mark.index].strip()
            texts = list(_texts(value))
            # Several authors are one statement; of other things the first counts.
            for text in ["、".join(texts)] if texts and field == "authors" else texts:
                yield Fact(field, text, statement)


def _texts(node: yaml.Node) -> Iterator[str]:
    """The values of a scalar, or of a list of scalars or of people with their names."""
    if isinstance(node, yaml.ScalarNode) and str(node.value).strip():
        yield " ".join(str(node.value).split())
    elif isinstance(node, yaml.SequenceNode):
        for entry in node.value:
            if not isinstance(entry, yaml.SequenceNode):
                yield from _texts(entry)
    elif isinstance(node, yaml.MappingNode):
        names = [value for key, value in node.value if key.value in {"name", "姓名"}]
        yield from _texts(names[0]) if names else ()


def _facts_of_lines(inside: str) -> Iterator[Fact]:
    """The facts of lines that each state one thing; none if a line does not."""
    facts: list[Fact] = []
    field: Field | None = None
    for line in filter(str.strip, inside.split("\n")):
        stated, entry = _LINE.fullmatch(line.rstrip()), _ENTRY.fullmatch(line.rstrip())
        if stated:
            field = _field(stated[1])
        elif entry is None:
            return
        value = (stated[2] if stated else entry[1] if entry else "").strip("\"' \t")
        if field is not None and value:
            facts.append(Fact(field, value, line.strip()))
    yield from facts


def _field(key: object) -> Field | None:
    return _FIELDS.get(key.strip().lower()) if isinstance(key, str) else None
