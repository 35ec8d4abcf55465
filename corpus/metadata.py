"""Date, publisher, authors and organisation, where the report states them; nothing is invented."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .kinds import DATE, SPEAKER, SPEAKER_BEFORE_OFFICE, is_delivery
from .numbering import chinese_number

_PUBLISHER = re.compile(
    r"(?:来源|转自|转载自|摘自|原载|发布(?:机构|单位|部门))\s*[:：]\s*(?P<name>\S+)"
)
_WRITER = re.compile(r"(?:记者|通讯员|评论员|撰稿人?|作者|撰文|撰稿)\s*[:：/／]?\s*(?P<names>.+)$")
_TEXT_BY = re.compile(r"(?P<name>[一-鿿]{2,4})\s*[/／](?:文|文图|图文)")
_ASSEMBLY = re.compile(
    r"在(?P<name>[一-鿿]{2,14}?(?:省|自治区|特别行政区|市|自治州|州|盟|县|区))第[^届]{1,4}届人民代表大会"
)
_BODY = re.compile(
    r"(?P<name>[一-鿿]{2,16}?(?:总工会|工会委员会|工会联合会|联合会|协会|集团有限公司|集团公司|股份有限公司"
    r"|有限责任公司|有限公司|集团|人民政府|委员会|研究院|大学|医院))"
)
_REGION = re.compile(
    r"^(?:(?:19|20)\d{2}年)?(?P<name>[一-鿿]{2,12}?(?:省|自治区|特别行政区|市|自治州|县|区))(?:人民)?政府工作报告"
)
_UNION = re.compile(r"(?P<name>[一-鿿]{2,8}?[省市区县])总(?=第?[一二三四五六七八九十]+届)")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a report says of itself."""

    date: str | None
    publisher: str | None
    authors: tuple[str, ...]
    organisation: str | None


def read_metadata(
    title: str, subtitle: str | None, apart: Sequence[tuple[str, str]], body: str
) -> Metadata:
    """Metadata from the title, the subtitle and the lines that stand apart (kind, text)."""
    bylines = [text for kind, text in apart if kind == "byline"]
    stated = [text for kind, text in apart if kind in {"byline", "source"}]
    return Metadata(
        date=_date(stated),
        publisher=next((m["name"] for text in stated if (m := _PUBLISHER.search(text))), None),
        authors=_authors(bylines),
        organisation=_organisation(title, subtitle, bylines, body),
    )


def iso_date(text: str) -> str | None:
    """The first date in ``text`` as ISO 8601, as precise as it stands there."""
    match = DATE.search(text)
    parts = re.findall(r"\d+|[〇○零一二三四五六七八九十]+", match.group()) if match else []
    numbers = [number for part in parts if (number := _number(part)) is not None]
    if not numbers or any(
        not 1 <= n <= most for n, most in zip(numbers, (9999, 12, 31), strict=False)
    ):
        return None
    return "-".join([str(numbers[0]), *(f"{number:02}" for number in numbers[1:])])


def _number(part: str) -> int | None:
    return int(part) if part.isdecimal() else chinese_number(part.replace("○", "〇"))


def _date(stated: Sequence[str]) -> str | None:
    return next((date for text in stated if (date := iso_date(text))), None)


def _authors(bylines: Sequence[str]) -> tuple[str, ...]:
    for line in bylines:
        found = _TEXT_BY.findall(line)
        if found:
            return tuple(found)
        if match := _WRITER.search(line):
            names = re.split(r"[\s、，,]+", match["names"].strip(" （）()"))
            return tuple(name for name in names if re.fullmatch(r"[一-鿿·]{2,6}", name))
        if is_delivery(line):
            speaker = SPEAKER_BEFORE_OFFICE.search(line) or SPEAKER.search(line)
            if speaker:
                return (speaker["name"],)
    return ()


def _organisation(
    title: str, subtitle: str | None, bylines: Sequence[str], body: str
) -> str | None:
    for stated in (title, subtitle or ""):
        text = stated.lstrip("—―─-–")
        for pattern in (_REGION, _BODY):
            if match := pattern.search(text):
                return match["name"]
        # 省总 is short for 省总工会 among unions; the text must bear it out.
        if (match := _UNION.search(text)) and f"{match['name']}总工会" in body:
            return f"{match['name']}总工会"
    return next((m["name"] for text in bylines if (m := _ASSEMBLY.search(text))), None)
