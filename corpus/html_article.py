"""Which lines of a web page are the report, and which are menus, links and buttons around it.

Every line has a worth: sentences count for an element, links and the like against it. The report
is the element that is worth most (maximum subsequence segmentation: Pasternack and Roth, WWW 2009,
with elements in place of tokens). Names of classes tell only what is certainly no report.
"""

# lxml publishes no types.
# ruff: noqa: ANN401

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby, pairwise
from math import inf
from typing import Any

from .dates import DATE
from .html_controls import is_control, is_outside, without_controls
from .html_headline import Headline, find_headline
from .html_lines import Line, Page, Part
from .kinds import is_delivery, kind_of_line
from .numbering import label_of
from .source import Style

_SENTENCE = re.compile(r"[，。；！？]")
_LINE_COST = 0.2
"""What a character costs in a line that is no sentence: many such lines are a menu."""

_MOSTLY = 1 / 3
_WHOLLY = 0.8
"""Shares of the characters of a line, and of a sentence, from which links lead elsewhere."""

_LINKS = 3
"""So many lines in a row that lead elsewhere are a list of links, also within the text."""

_LIST = 5
_LIST_SHARE = 0.25
"""Lines that lead elsewhere, and their share, from which a page lists articles."""

_ASIDE = frozenset({"nav", "footer", "aside"})
_ASIDE_ROLES = frozenset({"navigation", "contentinfo", "complementary", "search", "menu"})
_ASIDE_NAME = re.compile(
    r"(?:^|[-_ ])(?:comments?|pinglun|share|sharing|fenxiang|bshare|bdshare\w*|jiathis\w*"
    r"|related?|recommend\w*|tuijian|xiangguan|sidebar|breadcrumbs?|crumbs?|weizhi|nav|navbar|menu"
    r"|footer|foot(?!-?note)|copyright|banquan|toolbar|qrcode|ewm|erweima|pager|pagination|paging"
    r"|advert\w*|ads?|login|disclaimer|popup|modal)(?:$|[-_ \d])",
    re.IGNORECASE,
)
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_GAP_COST = 3
"""What counts against neighbours that something else parts, beside what it is."""

_MUCH_MORE = 1.5
"""How much more than any element its neighbours must be worth with it to be the report."""

_NEARLY_ALL = 0.8
"""Share of the sentences of a page from which they are the report, whatever is around them."""

_NEXT_PAGE = re.compile(r"下一页|余下全文")
_ANNEX = re.compile(r"附件?\s*\d*\s*[:：]")
_STAMP = re.compile(
    rf"(?:^|[\s|｜]){DATE}[\sT]*(?:\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?(?:$|(?<=\s)|[\s|｜])"
)
"""A date that stands by itself in a line."""

_LONGEST_STAMPED = 80
_LONGEST_FIELD = 20
"""Characters of a line with a date, and of a field that may be a name."""

_MOST_FRONT_LINES = 12
"""Lines of subtitle, date and source that stand between headline and text."""


@dataclass(frozen=True, slots=True)
class Article:
    """The report on a page: its headline, which may be missing, and its lines.

    ``above`` stands over the headline: a kicker, and how an office files the document.
    ``continued`` is the line in which the page says that the text goes on on the next.
    """

    headline: str | None
    above: tuple[str, ...]
    lines: tuple[Line, ...]
    continued: str | None = None

    @property
    def length(self) -> int:
        """How many characters of sentences and tables there are in it."""
        return sum(line.length for line in self.lines if _is_sentence(line))

    @property
    def is_list(self) -> bool:
        """Whether many of its lines lead to other pages, as where each article has an abstract."""
        leading = sum(map(_leads_elsewhere, self.lines))
        return leading >= _LIST and _LIST_SHARE * len(self.lines) <= leading


def read_article(page: Page, titles: Sequence[str]) -> Article:
    """The report on a page; ``titles`` are what the page says that its title is."""
    return _Reader(page).read(titles)


class _Reader:
    """A page, and what its lines are worth."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._lines = page.lines
        worths = [_worth(line) for line in page.lines]
        self._aside = _aside(page, worths)
        for at in self._aside:
            worths[at] = -page.lines[at].length
        self._sums = list(accumulate(worths, initial=0.0))

    def read(self, titles: Sequence[str]) -> Article:
        start, end = self._range()
        text = [at for at in range(start, end) if not self._is_chrome(at)]
        text = self._without_link_lists(text)
        first = next((at for at in text if self._is_text(at)), end)
        near = range(max(0, start - _MOST_FRONT_LINES), max(first, start) + 1)
        headline = find_headline(self._lines, titles, near, self._may_stand_before)
        continued = self._next_page(end)
        if headline is None:
            return Article(None, (), tuple(self._lines[at] for at in text), continued)
        front = self._front(headline, start, [at for at in text if at < first])
        lines = [self._lines[at] for at in text if at >= max(first, headline.end)]
        return Article(headline.text, self._above(headline.start), (*front, *lines), continued)

    def _range(self) -> tuple[int, int]:
        """The lines of the element that is worth most, and those around it that are only text.

        Where a page has no element for the report alone, they are those of neighbours in one.
        """
        if not self._page.parts:
            return 0, 0
        start, end = max(((part.start, part.end) for part in self._page.parts), key=self._worth)
        run = max(self._runs(), key=self._worth)
        if self._worth(run) > _MUCH_MORE * self._worth((start, end)):
            start, end = self._with_text_beside(*run)
        for part in self._page.parts:
            if part.start <= start and part.end >= end:
                added = [*range(part.start, start), *range(end, part.end)]
                if any(self._lines[at].linked or self._is_chrome(at) for at in added):
                    break
                start, end = part.start, part.end
        while end < len(self._lines) and _ANNEX.match(self._lines[end].text.strip()):
            end += 1
        return start, end

    def _runs(self) -> Iterator[tuple[int, int]]:
        """For every element, the neighbours in it that together are worth most."""
        unfinished: list[Part] = []
        for part in self._page.parts:
            inner: list[Part] = []
            while unfinished and unfinished[-1].start >= part.start:
                inner.append(unfinished.pop())
            unfinished.append(part)
            yield self._best_run(_units(part, inner[::-1]))

    def _best_run(self, units: Sequence[tuple[int, int]]) -> tuple[int, int]:
        """The neighbours that are worth most (the maximum subarray, by Kadane's algorithm)."""
        best = run = units[0]
        worth = most = -inf
        for start, end in units:
            run = (run[0], end) if worth > 0 else (start, end)
            own = self._worth((start, end))
            worth = max(worth, 0.0) + (own if own > 0 else _GAP_COST * own)
            if worth > most:
                best, most = run, worth
        return best

    def _worth(self, lines: tuple[int, int]) -> float:
        return self._sums[lines[1]] - self._sums[lines[0]]

    def _with_text_beside(self, start: int, end: int) -> tuple[int, int]:
        """The lines with those before and after that are neither links nor buttons."""
        while start > 0 and self._is_plain(start - 1):
            start -= 1
        while end < len(self._lines) and self._is_plain(end):
            end += 1
        return start, end

    def _is_plain(self, at: int) -> bool:
        return not (self._lines[at].linked or self._is_chrome(at))

    def _is_chrome(self, at: int) -> bool:
        text = self._lines[at].text
        return at in self._aside or is_control(text) or is_outside(text)

    def _without_link_lists(self, text: Sequence[int]) -> list[int]:
        """The lines without those that lead elsewhere: at the end all, within the text lists."""
        last = max((at for at in text if _is_sentence(self._lines[at])), default=-1)
        kept: list[int] = []
        for leads, group in groupby(text, lambda at: _leads_elsewhere(self._lines[at])):
            run = list(group)
            if not leads or (len(run) < _LINKS and run[-1] < last):
                kept += run
        return kept

    def _is_text(self, at: int) -> bool:
        """Whether a line is text of the report, and no table with its number and date."""
        if self._lines[at].table is None:
            return _is_sentence(self._lines[at])
        return not any(kind_of_line(text) == "source" for text in self._fields(at))

    def _may_stand_before(self, at: int) -> bool:
        """Whether a line may stand before the text; a link in it may lead to the source."""
        line = self._lines[at]
        if _leads_elsewhere(line) and kind_of_line(line.text.strip()) != "source":
            return False
        return not self._is_chrome(at)

    def _above(self, end: int) -> tuple[str, ...]:
        """What is said over the headline, as in 引题, or in a table with number and date."""
        near = range(max(0, end - _MOST_FRONT_LINES), end)
        before = [at for at in near if self._may_stand_before(at)]
        filed = [t for at in before for t in self._fields(at) if kind_of_line(t) == "source"]
        kicker: list[str] = []
        for at in reversed(near):
            if at not in before or not self._lines[at].style.level:
                break
            kicker.insert(0, self._lines[at].text.strip())
        return (*filed, *kicker)

    def _front(self, headline: Headline, start: int, text: Sequence[int]) -> list[Line]:
        """The lines between headline and text, those outside of the element with the text too."""
        outside = [at for at in range(headline.end, start) if self._may_stand_before(at)]
        inside = [at for at in text if at >= headline.end]
        front = [line for at in outside[:_MOST_FRONT_LINES] + inside for line in self._split(at)]
        front = [line for line in front if not headline.is_said_in(line.text)]
        front = [_with_kind(line) for line in front]
        if len(front) > 1 and front[0].style.level and label_of(front[0].text.strip()) is None:
            style = replace(front[0].style, level=None, subtitle=True)
            front[0] = replace(front[0], style=style)
        return front

    def _split(self, at: int) -> list[Line]:
        """A line without buttons, or the rows of a table with number and date as lines."""
        line = self._lines[at]
        fields = self._fields(at)
        if fields == [line.text.strip()]:
            return [line]
        return [replace(line, text=text, style=Style(), table=None) for text in fields]

    def _fields(self, at: int) -> list[str]:
        line = self._lines[at]
        texts = [" ".join(row) for row in line.table.rows] if line.table else [line.text]
        fields = (without_controls(text, line.cuts) for text in texts)
        return [text for text in fields if text]

    def _next_page(self, end: int) -> str | None:
        near = self._lines[max(0, end - _LINKS) : end + _LINKS]
        return next((line.text.strip() for line in near if _NEXT_PAGE.search(line.text)), None)


def _units(part: Part, inner: Sequence[Part]) -> list[tuple[int, int]]:
    """The lines of an element: those of each element in it together, others one by one."""
    units: list[tuple[int, int]] = []
    at = part.start
    for one in inner:
        units += [(line, line + 1) for line in range(at, one.start)]
        units.append((one.start, one.end))
        at = one.end
    return units + [(line, line + 1) for line in range(at, part.end)]


def _aside(page: Page, worths: Sequence[float]) -> frozenset[int]:
    """The lines of elements that are certainly no report, by their kind or their name."""
    sums = list(accumulate((max(0.0, worth) for worth in worths), initial=0.0))
    found: set[int] = set()
    for part in page.parts:
        if sums[part.end] - sums[part.start] <= _NEARLY_ALL * sums[-1] and _is_aside(part.element):
            found.update(range(part.start, part.end))
    return frozenset(found)


def _is_aside(element: Any) -> bool:
    if element.tag in _ASIDE or element.get("role") in _ASIDE_ROLES:
        return True
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return bool(_ASIDE_NAME.search(_HUMP.sub("-", names)))


def _worth(line: Line) -> float:
    if _leads_elsewhere(line):
        return -line.length
    if _is_sentence(line):
        return line.length - 2 * line.linked
    cost = 0.0 if is_control(line.text) or is_outside(line.text) else _LINE_COST
    return -cost * line.length - line.linked


def _with_kind(line: Line) -> Line:
    """A line between headline and text, with its kind if its fields are date, source or writer."""
    text = line.text.strip()
    known = line.style.kind or kind_of_line(text) or is_delivery(text) or label_of(text)
    if known or line.style.level or line.table or _SENTENCE.search(text):
        return line
    edges = [0, *line.cuts, len(line.text)]
    fields = [field for a, b in pairwise(edges) if (field := line.text[a:b].strip())]
    names = len(fields) > 1 and all(len(field) <= _LONGEST_FIELD for field in fields)
    if not names and not (len(text) <= _LONGEST_STAMPED and _STAMP.search(text)):
        return line
    return replace(line, style=replace(line.style, kind="source"))


def _is_sentence(line: Line) -> bool:
    return line.table is not None or bool(_SENTENCE.search(line.text))


def _leads_elsewhere(line: Line) -> bool:
    share = _WHOLLY if _is_sentence(line) else _MOSTLY
    return line.linked > share * line.length
