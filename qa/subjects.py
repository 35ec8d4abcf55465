"""Whom a question is about, and which reports are about them.

A region or body is called by many names: 黑龙江省总工会 is 省总, 黑龙江工会, 龙江工会; 哈尔滨 is in
its reports though it may not be what they are about. Names are made from the reports' own metadata
by the rules of official abbreviation.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus import Report, segmenter, words_in

from .regions import NAMES, abbreviations
from .regions import names_of as names_of_province

_SHORT = 2
"""Characters of a title that may be a mere word."""
_REGION = re.compile(
    r"(?P<name>[\u4e00-\u9fff]{2,12}?)"
    r"(?P<level>特别行政区|(?:(?<=.{2})(?:..?.?.?族)+)?自治[区州县旗]|[省市州盟县旗区]|地区)"
)
_BODIES = (
    ("总工会", ("总工会", "总", "工会")),
    ("人民政府", ("人民政府", "政府")),
)
"""Endings of bodies' names, and what is written in their place; the whole first."""

_COMPANY = re.compile(
    r"(?P<core>[\u4e00-\u9fff]{3,}?)(?:集团|股份|控股|有限责任|有限|总)*(?:公司|集团)"
)
_LEVELS = "省市县区州盟旗"
_OTHER_LEVEL = re.compile(
    r"区(?![域直位块县级])|县(?![域级市乡区])|市(?![民场值级直里州县区])(?!总工会)"
)

_EVERY = re.compile(
    r"(?:各个?|所有的?|全部|每个?|每一个|哪些|哪几?个|哪几?家)(?:省(?:市区?|区市|份)?|直辖市|地区|地方|报告|[份篇]报告)"
    r"|各(?:地|市|县|工会|单位)(?:的|今年|去年|\d{4}年|都|分别)"
)
"""Words for all reports at once: 各省, 哪些省份, 每份报告."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A region or body that reports are about: its full name, and the reports' ids.

    There are none about a province that is only known by name. ``within`` are the ids of reports
    about bodies in a region, which may say something of it.
    """

    name: str
    reports: frozenset[str]
    within: frozenset[str] = frozenset()

    @property
    def all_reports(self) -> frozenset[str]:
        """Those about it and those about something in it."""
        return self.reports | self.within


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a question names a subject: the range of the name."""

    start: int
    end: int
    subject: Subject


class Subjects:
    """The subjects of reports, by every name that they are called by."""

    def __init__(self, reports: Sequence[Report]) -> None:
        self._by_name = {
            one: Subject(full, frozenset()) for name, full in NAMES.items() for one in (name, full)
        }
        bodies: dict[str, set[str]] = {}
        for report in reports:
            if report.organisation:
                bodies.setdefault(report.organisation, set()).add(report.id)
        for name, meant in _meant(bodies, _names_of_its_region).items():
            within = frozenset().union(*(bodies[body] for body in meant))
            self._by_name[name] = Subject(name, frozenset(), within)
        for name, meant in _meant(bodies, _names_of_body).items():
            if len(meant) == 1:  # 省总, where there are those of two provinces, means neither
                within = self._by_name[name].within if name in self._by_name else frozenset()
                body = next(iter(meant))
                self._by_name[name] = Subject(body, frozenset(bodies[body]), within)
        for report in reports:
            if report.title and not _is_word(report.title):
                subject = Subject(report.title, frozenset({report.id}))
                self._by_name.setdefault(report.title, subject)
        self._pattern = _any_of(self._by_name)
        self._all = frozenset(report.id for report in reports)
        provinces = set(NAMES.values())
        self._provinces = frozenset(
            report.id for report in reports if report.organisation in provinces
        )

    def mentioned(self, question: str) -> list[Mention]:
        """The subjects that a question names, in order; each place counts once, longest first.

        Args:
            question: in Simplified script.
        """
        words = list(_words(question))
        begins = {start for _, start in words}
        found = {
            (match.start(), match.end()): self._by_name[match.group()]
            for match in self._pattern.finditer(question)
            # 市总工会 in 长春市总工会 is another one.
            if (match.group()[0] not in _LEVELS or match.start() in begins)
            and not _is_within_name(question, match)
        }
        for start, end, full in abbreviations(question, words):
            subject = self._by_name.get(full)
            if subject and not any(a < end and start < b for a, b in found):
                found[start, end] = subject
        return [Mention(*place, found[place]) for place in sorted(found)]

    def every(self, question: str) -> frozenset[str] | None:
        """The reports that a question about all of them means: 各省分别是多少.

        Those of provinces, if it says so and there are some, else all; None for other questions.
        """
        match = _EVERY.search(question)
        if not match:
            return None
        return (self._provinces if "省" in match.group() else None) or self._all


def _is_within_name(question: str, match: re.Match[str]) -> bool:
    """Whether a region's name goes on as that of another one: 河北区, 吉林市."""
    ends = match.group()[-1] not in _LEVELS and match.group() in NAMES
    return ends and bool(_OTHER_LEVEL.match(question, match.end()))


def _meant(bodies: Iterable[str], names_of: Callable[[str], Iterator[str]]) -> dict[str, set[str]]:
    """The bodies that each of their names can mean."""
    meant: dict[str, set[str]] = {}
    for body in bodies:
        for name in names_of(body):
            meant.setdefault(name, set()).add(body)
    return meant


def _is_word(title: str) -> bool:
    """Whether a title is a short word of the language (业务), which questions use for itself."""
    return len(title) <= _SHORT and title in segmenter().FREQ


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")


def _words(text: str) -> Iterator[tuple[str, int]]:
    for word, start, _ in words_in(text):
        yield word, start


def _names_of_body(body: str) -> Iterator[str]:
    """The names of a region or body, its own first."""
    yield body
    if match := _REGION.fullmatch(body):
        yield from _names_of_region(match["name"], match["level"], body)
        return
    if match := _COMPANY.fullmatch(body):
        yield from (match["core"] + last for last in ("", "集团", "公司"))
    for ending, instead in _BODIES:
        if not body.endswith(ending):
            continue
        before = body.removesuffix(ending)
        match = _REGION.fullmatch(before)
        for last in instead:
            yield before + last
            if match:
                yield from (name + last for name in _short_forms(match["name"], match["level"]))
                yield match["level"][-1] + last
                yield match["name"][0] + match["level"][-1] + last
        return


def _names_of_region(name: str, level: str, full: str) -> Iterator[str]:
    yield from _short_forms(name, level)
    yield f"{full}政府"
    yield f"{level[-1]}政府"


def _short_forms(name: str, level: str) -> Iterator[str]:
    """Names of a region without its level: 青岚, 广西, 龙江."""
    yield name
    yield from names_of_province(name + level)


def _names_of_its_region(body: str) -> Iterator[str]:
    """The names of the region that a body belongs to, if its name begins with one."""
    match = _REGION.match(body)
    if match and match.end() < len(body):
        yield match.group()
        yield from _short_forms(match["name"], match["level"])
        yield match["name"][0] + match["level"][-1]
