"""Which lines are headings, and which headings run into their paragraph."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from .kinds import is_short
from .numbering import RANKS, Label, label_of
from .source import Block

_LONGEST = 50
_LONGEST_POINT = 40
_LONGEST_RUN_IN = 60
_OUTERMOST = -1.0
_BOLD = RANKS["cn_paren"] + 0.5
_ENOUGH_BOLD = 3
_SMALLER = 1.1
"""Ratio from which one size of type is clearly smaller than another."""

_STYLED = -20.0
_NEVER_RUN_IN = frozenset({"part", "chapter", "section", "decimal", "box"})
_DASHES = "—―─-–"
_END = re.compile(r"[。！？；!?;]")
_RUN_IN_END = re.compile(r"[。：！？]")
# A point with an amount in it (一是新建50个站点。) is a statement; years and plans are not amounts.
_AMOUNT = re.compile(r"\d(?!\d*\s*年)(?!\d{1,3}年)|[％%]")
_TOPIC = re.compile(r"^[^：:，。；\s]{2,14}[：:]\s*[^：:；。]{4,32}$")
_CLOSING_WORD = re.compile(
    r"(?:回顾|安排|工作|任务|要求|目标|情况|打算|措施|建议|问题|思路|计划|成效|特点|体会|做法|经验|重点|总结"
    r"|概况|概述|简介|背景|意义|展望|前言|引言|结语|结束语|附则|附录|不足|对策|启示|基础|形势|成绩|亮点)$"
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as it was found: its words, how deep it nests, and its number if it has one.

    ``rank`` grows inwards and means something only beside other ranks of the same report.
    ``item`` is whether it heads a short point of a list. ``length`` is how many characters of its
    block it takes.
    """

    text: str
    rank: float
    family: str
    number: int | None
    item: bool
    length: int

    def follows(self, other: "Heading") -> bool:
        """Whether it is a later one of the same list."""
        if self.number is None or other.number is None:
            return self.number is other.number
        return self.number > other.number


@dataclass(frozen=True, slots=True)
class Ranks:
    """How unnumbered and styled headings of a report nest beside numbered ones.

    ``sizes`` are the sizes of type of the unnumbered ones, each clearly smaller than the one
    before. ``tops`` maps a style's level to the outermost number used on that level: where all
    headings have one style, their numbers tell them apart. ``levels`` are the levels of styled
    headings by the family of their number. ``bold`` is whether several paragraphs begin with bold
    words that head them.
    """

    plain: float
    tops: Mapping[int, int]
    sizes: Sequence[float] = ()
    levels: Mapping[str, int] = field(default_factory=dict)
    bold: bool = False

    def styled(self, level: int, label: Label | None) -> float:
        """How deep a heading of a style's level nests."""
        return _STYLED + level + ((label.rank - self.tops[level]) / 100 if label else 0.0)

    def numbered(self, label: Label) -> float:
        """How deep a heading without a style nests: like those numbered alike that have one.

        Word files give headings a style where they stand alone, and none where they run into
        their paragraph.
        """
        level = self.levels.get(label.family)
        return label.rank if level is None else self.styled(level, label)

    def inner(self, size: float | None) -> float:
        """How much deeper an unnumbered heading in this size of type nests than the largest."""
        steps = [step for step in self.sizes if size is not None and size < step / _SMALLER]
        return len(steps) / 100


def numbered_heading(block: Block) -> Label | None:
    """The number of a line that is a numbered heading by itself."""
    text = block.text
    label = label_of(text)
    if label is None:
        return None
    words = text[label.end :]
    limit = _LONGEST if not label.is_item else _LONGEST_POINT
    if not 1 < len(words) <= limit or _END.search(words[:-1]):
        return None
    if label.family == "dash":
        return label if words[-1] not in "，、；：,;:" else None
    if label.is_item:
        return None if words[-1] in "。；，、：！;,:!" else label
    return None if words[-1] in "；，、;,！!？?" else label


def words_of(text: str) -> str:
    """A heading without the dashes before it and the full stop after it."""
    return text.lstrip(_DASHES).strip().rstrip("。：:").strip()


def run_in_heading(block: Block, ranks: Ranks) -> Heading | None:
    """The heading that a paragraph begins with, numbered or bold, if it has one."""
    text = block.text
    label = label_of(text)
    if label is None and ranks.bold and begins_bold(block):
        length = len(text[: block.style.bold].rstrip("。：: "))
        return Heading(words_of(text[:length]), _BOLD, "bold", None, item=False, length=length)
    end = _RUN_IN_END.search(text, label.end) if label else None
    if label is None or end is None or label.family in _NEVER_RUN_IN:
        return None
    words = text[label.end : end.start()]
    long_point = label.is_item and label.family != "point"
    limit = _LONGEST_POINT if long_point else _LONGEST_RUN_IN
    if not 2 <= len(words) <= limit or len(text) < end.end() + 6 or "；" in words:
        return None
    if label.is_item and (_AMOUNT.search(words) or _is_enumeration(text, label)):
        return None
    if end.group() == "：" and label.is_item and label.family != "arabic":
        return None
    heading = words_of(text[: end.start()])
    rank = ranks.numbered(label)
    return Heading(heading, rank, label.family, label.number, label.is_item, length=end.start())


def begins_bold(block: Block) -> bool:
    """Whether a paragraph begins with bold words that end as a heading does."""
    text, bold = block.text, block.style.bold
    words = text[:bold].rstrip("。：: ")
    ends = text[len(words) : bold + 1].strip()[:1] in {"。", "：", ":"}
    whole = 4 <= len(words) <= _LONGEST_POINT and not _END.search(words)
    return ends and whole and len(text) > bold + _LONGEST_POINT and block.style.kind is None


def heading_of(block: Block, ranks: Ranks) -> Heading:
    """The heading that a block is as a whole."""
    label = numbered_heading(block)
    text, length = words_of(block.text), len(block.text)
    number = label.number if label else None
    if block.style.level is not None and styled_heading(block):
        rank = ranks.styled(block.style.level, label)
        return Heading(text, rank, "styled", number, item=False, length=length)
    if label is None:
        rank = ranks.plain + ranks.inner(block.style.size)
        return Heading(text, rank, "plain", None, item=False, length=length)
    return Heading(text, ranks.numbered(label), label.family, number, label.is_item, length)


def ranks_of(blocks: Sequence[Block], text: Sequence[Block] = ()) -> Ranks:
    """How the headings ``blocks`` nest, and those that run into the paragraphs ``text``.

    Unnumbered headings enclose numbered ones, unless a numbered one comes first.
    """
    bold = sum(map(begins_bold, text)) >= _ENOUGH_BOLD
    plain: float | None = None
    before: float | None = None
    tops: dict[int, int] = {}
    sizes: set[float] = set()
    levels: dict[str, int] = {}
    for block in blocks:
        label = numbered_heading(block)
        if block.style.level is not None and styled_heading(block):
            if label:
                levels.setdefault(label.family, block.style.level)
                tops[block.style.level] = min(tops.get(block.style.level, label.rank), label.rank)
        elif label is not None:
            before = label.rank
        else:
            sizes.update([block.style.size] if block.style.size else [])
            if plain is None:
                plain = _OUTERMOST if before is None else before + 0.5
    return Ranks(_OUTERMOST if plain is None else plain, tops, _steps(sizes), levels, bold)


def _steps(sizes: Collection[float]) -> list[float]:
    steps: list[float] = []
    for size in sorted(sizes, reverse=True):
        if not steps or size < steps[-1] / _SMALLER:
            steps.append(size)
    return steps


def _is_enumeration(text: str, label: Label) -> bool:
    """Whether the whole enumeration stands in one paragraph: 一是…；二是…."""
    if label.family != "point" or label.number is None:
        return False
    following = "一二三四五六七八九十"[label.number % 10]
    return f"{following}是" in text[label.end :]


def styled_heading(block: Block) -> bool:
    """Whether the format itself says that the block is a heading."""
    return block.style.level is not None and len(block.text) <= 100


def shape(block: Block) -> str | None:
    """The shape of an unnumbered newspaper heading: 专题：做法，成效 or 三组 用空格 隔开."""
    text = block.text
    if not is_short(block) or label_of(text):
        return None
    if _TOPIC.match(text):
        return "topic"
    groups = text.split()
    if 2 <= len(groups) <= 4 and all(_is_phrase(group) for group in groups):
        return "groups" if max(map(len, groups)) > 4 or len(groups) > 2 else None
    return None


def _is_phrase(group: str) -> bool:
    return 2 <= len(group) <= 16 and not re.search(r"[，。；：、]", group)


def looks_like_heading(block: Block) -> bool:
    """Whether a short line's words are those of an unnumbered heading."""
    return is_short(block) and len(block.text) <= 24 and bool(_CLOSING_WORD.search(block.text))


def stands_out(block: Block, body_size: float | None) -> bool:
    """Whether a short line is set like a heading: bold, centred, or larger than the text."""
    style = block.style
    larger = style.size is not None and body_size is not None and style.size > body_size
    return is_short(block) and (block.all_bold or style.centred or larger)


def body_size(blocks: Sequence[Block]) -> float | None:
    """The size in points that most of the text has."""
    sizes: Counter[float] = Counter()
    for block in blocks:
        if block.style.size is not None:
            sizes[block.style.size] += len(block.text)
    return sizes.most_common(1)[0][0] if sizes else None
