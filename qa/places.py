"""Places that a question names: cities, counties and countries, whether or not reports know them.

A question about 成都 is not answered by what a report says about another city, however alike the
words are. The names come from jieba's dictionary, which marks those of places; of these only names
of an administrative level are taken, for the rest are often no names at all (大街, 新建).
"""

import re
from functools import cache

from corpus import segmenter, words_in

_LEVEL = re.compile(r"(?![各全本我该某两]).{2,}[市县区州盟旗]")
_PLACE = re.compile(r"^(\S+) \d+ ns$", re.MULTILINE)
"""A place in jieba's dictionary, with its frequency and its part of speech."""
_COUNTRIES = frozenset(
    re.findall(
        r"\S+",
        """
        美国 英国 法国 德国 日本 韩国 朝鲜 俄罗斯 印度 越南 泰国 新加坡 马来西亚 印尼 印度尼西亚
        菲律宾 缅甸 老挝 柬埔寨 蒙古国 哈萨克斯坦 巴基斯坦 伊朗 伊拉克 沙特 以色列 土耳其 埃及
        南非 尼日利亚 肯尼亚 加拿大 墨西哥 巴西 阿根廷 智利 澳大利亚 澳洲 新西兰 意大利 西班牙
        葡萄牙 荷兰 比利时 瑞士 瑞典 挪威 丹麦 芬兰 波兰 乌克兰 希腊 奥地利 欧盟 欧洲 非洲
        """,
    )
)


def places_in(text: str) -> list[tuple[int, int]]:
    """The ranges of a text that name a city, a county or a country, in order.

    Args:
        text: in Simplified script.
    """
    return [
        (start, end)
        for word, start, end in words_in(text)
        if word in _COUNTRIES or word in _names()
    ]


@cache
def _names() -> frozenset[str]:
    """Cities with and without 市; counties and the like only by their full names."""
    with segmenter().get_dict_file() as file:
        places = _PLACE.findall(file.read().decode())
    full = set(filter(_LEVEL.fullmatch, places))
    return frozenset(full | {name[:-1] for name in full if name.endswith("市")})
