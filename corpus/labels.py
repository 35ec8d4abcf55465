"""Lines of labelled fields, as web pages and newspapers set them: 来源：… 作者：… 日期：…."""

import re
from dataclasses import dataclass
from typing import Literal

from .dates import DATE, YEAR

Role = Literal["publisher", "date", "written", "author", "speaker", "other"]
"""What a label announces. A ``written`` date (成文日期) is the author's, a ``date`` any other."""

_LABELS: dict[Role, str] = {
    "publisher": r"(?:信息|文章|稿件|新闻|内容|消息|资料)?来源(?:于|单位)?|稿源|出处|转自|转载自"
    r"|摘自|选自|原载|发布(?:机构|机关|单位|部门|者)|发文(?:机关|单位)",
    "written": r"(?:成文|撰写|写作|报告|汇报)(?:时间|日期)",
    "date": r"(?:发布|发表|发文|公开|更新|刊发|印发|上传)?(?:时间|日期)",
    "speaker": r"报告人|汇报人|述职人|主讲人|演讲人",
    "author": r"作者|撰稿人?|撰文|执笔人?|起草人?|(?:本报|本刊|见习|特约)?(?:记者|通讯员)",
    "other": r"供稿(?:人|单位)?|编辑|责任编辑|责编|编审|审核|审签|校对|统筹|策划|摄影|制图"
    r"|(?:浏览|阅读|点击)(?:次数|数|量|率)?|访问量|字号|字体|打印|分享|索引号|信息索引|文号|发文字号"
    r"|主题(?:词|分类)|体裁分类|信息分类|公开(?:方式|范围|形式)|有效性|关键词|版次|电话|地址",
}
_KNOWN = "|".join(rf"(?P<{role}>{words})" for role, words in _LABELS.items())
_LABEL = re.compile(
    rf"(?:^|(?<=[\s|｜/／；;，,【】\[\]（(]))(?:{_KNOWN}|[一-鿿]{{2,6}})\s*[:：]"
    rf"|(?:{_KNOWN.replace('(?P<', '(?P<near_')})\s*[:：]"
)
_EDGES = " \t\u3000\xa0|｜/／；;，,。"
_BRACKETS = ("（）", "()", "【】", "[]")

_TAKEN_FROM = r"(?:原载|转载?自|摘自|选自|刊于|刊载于|载于|发表于|来源于)(?:于)?\s*[^《。]{0,20}《"
_PAPER = r"[一-鿿]{2,12}(?:[日晚早晨时周画]报|工人报|职工报|通讯社|新华社|新闻网|电视台|周刊|月刊)"
_PAGE = r"[\s）)（(，,]*(?:第?\s*[A-Z]?\d{1,3}\s*版[^。]{0,12})?[）)]?$"

SOURCE_LINE = re.compile(
    rf"[（(【\[]?\s*(?:"
    rf"(?:{_LABELS['publisher']}|供稿(?:单位)?)\s*[:：]"
    r"|(?:发布|发表|更新|成文|发文|公开|刊发|印发|上传|撰写|写作)(?:时间|日期)\s*[:：]"
    rf"|日期\s*[:：]\s*{YEAR}|时间\s*[:：]\s*{DATE}[\d:：\s|]*[一-鿿]{{2,6}}\s*[:：]"
    r"|(?:浏览|阅读|点击)(?:次数|数|量)\s*[:：]|字[号体]\s*[:：]"
    r"|(?:索引号|信息索引|文号|发文字号|主题分类|体裁分类|信息分类|公开(?:方式|范围|形式))\s*[:：]"
    rf"|{DATE}[\sT]*(?:\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?\s*(?:{_LABELS['publisher']})\s*[:：]"
    rf"|{_TAKEN_FROM}[^》。]{{2,20}}》[^。]{{0,24}}$|《?{_PAPER}》?[\s（(，,]*{DATE}{_PAGE})"
)
"""A line that says where a text was taken from, when it was published, how it is filed."""

_TITLED = re.compile(rf"{_TAKEN_FROM}(?P<name>[^》]{{2,20}})》")
_NAMED = re.compile(rf"[（(]?\s*《?(?P<name>{_PAPER})》?[\s（(，,]*{DATE}{_PAGE}")
_EDITION = re.compile(
    r"版[次面]\s*[:：]\s*第?\s*(?P<labelled>[A-Z]?\d{1,3})(?!\d)"
    r"|(?<![\dA-Z])(?P<number>[A-Z]?\d{1,3})\s*版(?![本权次面])"
)
_NOBODY = re.compile(
    r"本站|本网站?|本报|本刊|(?:本站)?原创|网络|互联网|(?:网络)?转载|未知|不详|佚名|匿名|暂?无|其[他它]"
)
_LATIN = re.compile(r"[A-Za-z][A-Za-z.&'’-]*(?: [A-Za-z.&'’-]+)*")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A field of a line: what its label announces, and its value, which ends at the next label."""

    role: Role
    value: str


def fields_in(line: str) -> list[Labelled]:
    """The labelled fields of a line, in order; values without brackets and bars around them."""
    matches = list(_LABEL.finditer(line))
    ends = [*(match.start() for match in matches[1:]), len(line)][: len(matches)]
    return [
        Labelled(_role(match), _trimmed(line[match.end() : end]))
        for match, end in zip(matches, ends, strict=True)
    ]


def publisher_in(line: str) -> str | None:
    """Who published a text, if the line says so: the name as it stands, without 《》."""
    for field in fields_in(line):
        if field.role == "publisher" and (name := _publisher(field.value)):
            return name
    match = _TITLED.search(line) or _NAMED.match(line)
    return match["name"] if match else None


def edition_in(line: str) -> str | None:
    """The page of a newspaper (第15版, 版次：A02) on a line that names it, as it is numbered."""
    match = _EDITION.search(line)
    if match is None:
        return None
    return match["labelled"] or (match["number"] if publisher_in(line) else None)


def _publisher(value: str) -> str | None:
    if match := re.match(r"《([^》]{2,30})》", value):
        return match[1]
    words = re.sub(DATE, " ", value).split()
    latin = _LATIN.match(value)
    name = latin.group() if latin else _trimmed(words[0]) if words else ""
    nobody = not name or name[0].isdigit() or _NOBODY.fullmatch(name)
    return None if nobody else name


def _trimmed(value: str) -> str:
    """The value without bars at its ends, and without half a pair of brackets."""
    value = value.strip(_EDGES)
    for pair in _BRACKETS:
        if value.count(pair[0]) != value.count(pair[1]):
            value = value.strip(pair).strip(_EDGES)
    return value


def _role(match: re.Match[str]) -> Role:
    for role in _LABELS:
        if match[role] or match[f"near_{role}"]:
            return role
    return "other"
