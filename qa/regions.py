"""China's provinces by all the names that people write: 黑龙江, 龙江, 黑; 上海, 沪上, 申城.

One character alone is a name only where nothing else can be meant: 豫今年…, 晋省, 黑吉辽三省.
"""

import re
from collections.abc import Iterable, Iterator

_PROVINCES = """
北京市 北京 京城 /京
天津市 天津 津城 津门 津沽 /津
河北省 河北 燕赵 /冀
山西省 山西 三晋 /晋
内蒙古自治区 内蒙古 内蒙 /蒙
辽宁省 辽宁 辽沈 /辽
吉林省 吉林 吉林省 /吉
黑龙江省 黑龙江 龙江 /黑
上海市 上海 沪上 申城 /沪 /申
江苏省 江苏 /苏
浙江省 浙江 /浙
安徽省 安徽 江淮大地 /皖
福建省 福建 八闽 /闽
江西省 江西 赣鄱 /赣
山东省 山东 齐鲁 /鲁
河南省 河南 中原大地 /豫
湖北省 湖北 荆楚 /鄂
湖南省 湖南 三湘 潇湘 /湘
广东省 广东 南粤 /粤
广西壮族自治区 广西 八桂 /桂
海南省 海南 琼州 /琼
重庆市 重庆 山城重庆 /渝
四川省 四川 巴蜀 天府之国 /川 /蜀
贵州省 贵州 /黔 /贵
云南省 云南 彩云之南 /滇 /云
西藏自治区 西藏 /藏
陕西省 陕西 三秦 /陕 /秦
甘肃省 甘肃 陇原 /甘 /陇
青海省 青海 /青
宁夏回族自治区 宁夏 /宁
新疆维吾尔自治区 新疆 天山南北 /新
香港特别行政区 香港 /港
澳门特别行政区 澳门 /澳
台湾省 台湾 /台
"""
"""Full name, other names, and after a slash the names of one character."""

_ALONE = frozenset("冀晋蒙辽沪苏浙皖闽赣鲁豫鄂湘粤渝蜀黔滇陕")
"""Names of one character that mean little else when they are a word by themselves."""

NAMES: dict[str, str] = {}
"""The full name of a province by each of its longer names."""

_CHARACTERS: dict[str, str] = {}
for _line in _PROVINCES.split("\n"):
    for _name in _line.split()[1:]:
        (_CHARACTERS if _name.startswith("/") else NAMES)[_name.lstrip("/")] = _line.split()[0]

_ANY = f"[{''.join(_CHARACTERS)}]"
_TOGETHER = re.compile(rf"{_ANY}{{2,6}}(?=(?:[两二三四五六]|这几|等)(?:省|地|省[市区]|市))")
_BEFORE_TIME = re.compile(
    rf"(?<![\u4e00-\u9fff]){_ANY}{{1,6}}(?=今年|去年|明年|前年|(?:19|20)\d\d|GDP|(?:地区)?生产总值|粮食)"
)
"""桂今年…, 黑吉辽粮食产量: at the beginning, before a year or what every province reports."""
# Not 新 before 区: 雄安新区, 新区建设.
_WITH_LEVEL = re.compile(rf"{_ANY}(?=省(?![级总直委份里内]))|[京津沪渝](?=市)|[蒙桂藏宁](?=区)")


GROUPS: dict[str, tuple[str, ...]] = {
    "东三省": ("辽宁省", "吉林省", "黑龙江省"),
    "东北三省": ("辽宁省", "吉林省", "黑龙江省"),
    "京津冀": ("北京市", "天津市", "河北省"),
    "长三角": ("上海市", "江苏省", "浙江省", "安徽省"),
    "成渝": ("四川省", "重庆市"),
    "中部六省": ("山西省", "安徽省", "江西省", "河南省", "湖北省", "湖南省"),
    "西北五省": ("陕西省", "甘肃省", "青海省", "宁夏回族自治区", "新疆维吾尔自治区"),
}
"""Provinces that are named together."""

_GROUP = re.compile(
    rf"(?P<name>{'|'.join(GROUPS)})(?:地区|区域)?(?:各?(?:省市区?|省份|省区市|省|地))?"
    r"(?!.{0,2}(?:一体化|协同|城市群|双城|经济圈|都市圈|战略|发展|建设|示范区))"
)


def spelt_out(question: str) -> str:
    """A question with the provinces of a group by name: 京津冀GDP增速 asks about three.

    Not where the group is a subject of its own, as in 长三角一体化, nor beside a province's name:
    a question about 江苏 for an article on 长三角 is about 江苏.
    """
    if any(name in question for name in NAMES):
        return question
    return _GROUP.sub(lambda match: "、".join(GROUPS[match["name"]]), question)


def names_of(region: str) -> tuple[str, ...]:
    """The longer names of a province besides its full one; none for other regions."""
    return tuple(name for name, full in NAMES.items() if full == region)


def abbreviations(text: str, words: Iterable[tuple[str, int]]) -> Iterator[tuple[int, int, str]]:
    """Names of one character in a text: where each begins and ends, and the province's full name.

    Args:
        text: in Simplified script.
        words: those of the text, in order, with where each begins.
    """
    found: dict[int, str] = {}
    for match in (*_TOGETHER.finditer(text), *_BEFORE_TIME.finditer(text)):
        found |= {match.start() + i: _CHARACTERS[one] for i, one in enumerate(match.group())}
    for match in _WITH_LEVEL.finditer(text):
        found[match.start()] = _CHARACTERS[match.group()]
    for word, start in words:
        if _ALONE.issuperset(word):  # 豫, or several: 苏浙皖
            found |= {start + i: _CHARACTERS[one] for i, one in enumerate(word)}
    for start in sorted(found):
        yield start, start + 1, found[start]
