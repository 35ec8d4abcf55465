"""The region or body that a report is about, by its full name as it stands there."""

import re
from collections.abc import Iterator, Sequence

from .dates import DATE, YEAR
from .names import SPEAKER_LINE

_HAN = "一-鿿"
_REGIONS = r"特别行政区|自治[区州县旗]|开发区|高新区|新区|林区|地区|[省市州盟县区旗]"
_PLACES = rf"(?:{_REGIONS}|街道|社区|[镇乡村])"

# What the names of bodies end with.
_UNIONS = r"总工会|工会委员会|工会联合会|工会工作委员会|工会"
_STATE = (
    r"人民政府(?:办公[厅室])?|政府办公[厅室]|国务院|人民(?:法院|检察院)|法院|检察院"
    r"|人民代表大会常务委员会|人大常委会|[省市区县州工]委|党工委|办事处|兵团|[支总大]队"
)
_COMPANIES = r"有限(?:责任)?公司|[总分]?公司|集团|银行|联合社|合作社"
_SOCIETIES = (
    r"委员会|[管村居]委会|联合会|协会|学会|商会|研究会|促进会|联谊会|理事会|基金会|红十字会"
    r"|工商联|文联|残联|妇联|作协|科协"
)
_SCHOOLS = (
    r"大学|学院|学校|中学|小学|幼儿园|党校|研究[院所]|设计院|科学院|医院|卫生院"
    r"|图书馆|博物馆|文化馆|档案馆|报社|出版社"
)
_OFFICES = rf"中心|[{_HAN}]{{2}}(?:[局厅部处办科室队站所馆]|公室)"
_BODIES = rf"(?:{_UNIONS}|{_STATE}|{_COMPANIES}|{_SOCIETIES}|{_SCHOOLS}|{_OFFICES})"

# Those of them that are seldom part of anything else, in the middle of a title.
_CERTAIN = (
    r"(?:总工会|工会委员会|工会联合会|人民法院|人民检察院|人民政府|人大常委会|委员会"
    r"|有限(?:责任)?公司|集团公司|集团|联合会|协会|基金会|大学|医院|研究院)"
)

# What follows a name in a title: a time, or the words for a report.
_NUMBERED = rf"第[一二三四五六七八九十]+[届次]|[一二三四五六七八九十]+届|{YEAR}"
_TIME = (
    rf"(?:{_NUMBERED}|“?十[一二三四五六七]五|[上下]半年|第?[前一二三四]季度|年度"
    r"|近?[一二两三四五六七八九十]年|\d+月)"
)
_WORK = (
    r"(?:(?:人民)?政府工作报告|工作(?:报告|总结|情况|回顾|汇报|纪实|综述|要点|计划|年报|简报)"
    r"|年度(?:工作)?(?:报告|总结)|半?年报|半年度报告|述职|总结|报告|纪实|公报|白皮书"
    r"|国民经济和社会发展|预算|决算|财政|社会责任|可持续发展|环境|质量|法治(?:政府)?建设"
    r"|(?:政府)?信息公开|党建|党风廉政|本科教学|审计|统计|关于|全面)"
)
_LEAD = re.compile(
    rf"^(?:[（(]?{YEAR}\s*(?:[—－~至到-]{{1,2}}\s*{YEAR})?\s*年?(?:度|工作)?[）)]?|关于|在|——)+"
)
_TITLED = re.compile(
    rf"(?P<name>[{_HAN}（）()]{{2,28}}?(?:{_BODIES}|{_PLACES}))"
    rf"(?!.{{2,6}}?[局厅](?![面势]))(?=\s*(?:{_TIME}|{_WORK}|[（(]|—|$))"
)
_WITHIN = re.compile(rf"(?P<name>[{_HAN}]{{2,24}}?{_CERTAIN})(?!{_CERTAIN}|[局厅部处办党分])")
_REGION_FIRST = re.compile(
    rf"(?P<name>[{_HAN}]{{2,12}}?(?:省|自治区|特别行政区|市|州|盟|县|旗|区))"
    r"(?!总)(?=.*(?:报告|总结|公报|汇报|纪实|综述|回顾|回眸|巡礼|侧记|掠影)$)"
)
_GOVERNMENT = re.compile(
    rf"(?P<name>[{_HAN}]{{2,16}}?{_PLACES})(?:人民)?政府(?:{YEAR}年?)?(?:度)?工作报告"
)
_ASSEMBLY = re.compile(
    rf"在(?P<name>[{_HAN}]{{2,16}}?(?:{_REGIONS}|[镇乡]))第[^届]{{1,4}}届人民代表大会"
)
_MEETING = re.compile(
    rf"在(?P<name>[{_HAN}（）()]{{2,28}}?{_BODIES})(?=(?:[（(][^）)]*[）)])?(?:{_NUMBERED}))"
)
_WHOLE = re.compile(rf"[{_HAN}（）()]{{2,28}}?(?:{_BODIES}|{_PLACES})(?:办公[厅室]|宣传部|课题组)?")
_INSTITUTION = re.compile(rf"{_BODIES}(?:办公[厅室]|宣传部|课题组)?$")
_SIGNED = re.compile(rf"(?P<body>\S{{4,30}})\s+[（(]?{DATE}[）)]?")
_SHORT_UNION = re.compile(rf"(?P<name>[{_HAN}]{{2,10}}?[省市区县州])总(?!工会)")

# Names that mean another body in every region, and words that only look like names.
_GENERIC = re.compile(
    r"(?:[高中]级)?人民(?:法院|检察院|政府|代表大会|医院)|中国共产党|中共(?!.*委)"
    r"|[本我该各这]|全(?!州县|南县|椒县)"
    r"|[省市县区州镇乡村](?:总|中级|高级|人民|人大|政|委|级|直|属|内|管)"
    r"|(?:自治区|集团|有限|股份|分|总)(?:总工会|公司|人民|党|工会|委员会)"
    r"|基层|企业|产业|行业|女职工|学生|青年|社区|乡镇|街道|机关工会|党[委组]|工作|办公"
)
_NO_PLACE = re.compile(r"(?:[城超股都门夜集上楼]市|[山牧灾景校城辖片]区|[农乡]村|[联同]盟)$")
_NO_NAME = re.compile(r"[的了让把被]|为了|作为|我们|如何|以来|奋力|谱写|推动|加快|走进|聚力")
_BEFORE = re.compile(rf"(?:.*(?:的|走进|来自|关于|在)|[记访致])(?=[{_HAN}]{{4}})")
_NOT_OF_REGION = re.compile(r"法院|检察|常务委员会|常委会|政协|政治协商")
_RANK = r"党组|党委|党工委|党支部|党总支|书记|第一|常务|执行|代理|副|代|[、兼和]"
_RANKS = re.compile(rf"(?:{_RANK})*$")


def read_organisation(
    titles: Sequence[str], front: Sequence[str], signature: str | None, body: str
) -> tuple[str, str] | None:
    """The region or body that a report is about, and the line that names it.

    Looked for in the title and the subtitle, then where the report was given and by whom, then in
    the signature. A name that is none by itself (市总工会, 集团公司) is none here.

    Args:
        titles: the title and the subtitle.
        front: the lines between the title and the text.
        signature: the body that signs the report.
        body: the whole text; it must bear out what a short form (省总) stands for.
    """
    candidates = (
        *((name, line) for line in titles for name in _of_title(line, body)),
        *_of_front(front, of_body=any(map(_NOT_OF_REGION.search, titles))),
        *((name, name) for name in [signature or ""] if _WHOLE.fullmatch(name)),
    )
    return next(((name, line) for name, line in candidates if _is_name(name)), None)


def is_body(line: str) -> bool:
    """Whether a line is the name of a body and nothing else, as in a signature."""
    return bool(_WHOLE.fullmatch(line)) and _is_name(line)


def is_institution(name: str) -> bool:
    """Whether a name is that of a body, which can write a report, and not of a region."""
    return bool(_INSTITUTION.search(name))


def signed_by(line: str) -> str | None:
    """The body that signs with a date after its name, on one line."""
    match = _SIGNED.fullmatch(line)
    return match["body"] if match and is_body(match["body"]) else None


def _of_title(line: str, body: str) -> Iterator[str]:
    text = _LEAD.sub("", line.lstrip("—―─-– "))
    for pattern in (_GOVERNMENT, _TITLED):
        if match := pattern.match(text):
            yield _trimmed(match["name"], body)
    for match in _WITHIN.finditer(text):
        yield _trimmed(match["name"], body)
    # 省总 is short for 省总工会 among unions; the text must bear it out.
    if match := _SHORT_UNION.search(text):
        name = f"{_trimmed(match['name'], body)}总工会"
        yield from [name] if name in body else []
    if match := _REGION_FIRST.match(text):
        yield match["name"]


def _trimmed(name: str, body: str) -> str:
    """The name without the words before it (记…, 走进…), unless the text repeats them."""
    return name if body.count(name) > 1 else _BEFORE.sub("", name)


def _of_front(front: Sequence[str], *, of_body: bool) -> Iterator[tuple[str, str]]:
    """Where and by whom the report was given; a court's report is not about its region."""
    patterns = (_MEETING,) if of_body else (_MEETING, _ASSEMBLY)
    for pattern in patterns:
        for line in front:
            if match := pattern.search(line):
                yield match["name"], line
    for line in front:
        if match := SPEAKER_LINE.fullmatch(line.strip("（()） ")):
            held = _RANKS.sub("", match["body"])
            # 云汀市长: the region ends with the first character of the office.
            whole = _WHOLE.fullmatch(held) or match["office"][0] not in "省市区县州盟旗镇乡村"
            yield held if whole else held + match["office"][0], line
    yield from ((line, line) for line in front if _WHOLE.fullmatch(line))


def _is_name(name: str) -> bool:
    return not (
        len(name) < 3 or _GENERIC.match(name) or _NO_PLACE.search(name) or _NO_NAME.search(name)
    )
