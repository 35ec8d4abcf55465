"""Numbers that are part of names and idioms (“十四五”, 五家渠, 千家万户) and so no figures."""

import re
from bisect import bisect_right

from corpus import segmenter

_LONGEST_WORD = 6
_QUOTED = re.compile(r"[“「『‘\"][^“”「」『』‘’\"\n。，；]{1,14}[”」』’\"]|《[^《》\n]{1,80}》")
_CONGRESS = re.compile(r"(?:十[四五六七八九]|二十[一二]?)(?:大|届)")
# 统一, 之一, 每一家, 星期三: not a number of its own.
_BEFORE = re.compile(
    r"[统唯同单逐专划合归某任每这那哪另其进新下首万如]一|[之不周]一(?!年)|[去的]一年|(?:星期|礼拜|周|初|高|拜|第)[一二三四五六七]"
)
_VAGUE_ONE = re.compile(
    r"一(?![座所名台艘架辆幢栋]|人次|亩|公顷|吨|公?斤|公里|米|[天年周]|小时|分钟|个月|个多月|成|倍|番|万|亿)"
)
_BARE_POWER = re.compile(r"[百千万亿](?![零一二两三四五六七八九十百千万亿])")
_NEVER = re.compile(
    r"[一二三四五六七八九十百千万]+(?:[方里度分角块字届级面班节步道门支](?!课|岗位|以上|队伍)|期(?!间))|[一二]轮"
    r"|[一二三四五六七八九十]+(?:次全会|大[道街厦]|年(?:专项)?(?:行动|计划|规划|攻坚))|一年来"
)
_NOT_TENTHS = re.compile(r"成[立为果员功都本长效交熟绩品像套人就型对年分因语份形千片群]")


def quoted_names(text: str) -> list[tuple[int, int]]:
    """Character ranges of short phrases in quotation marks and of titles in 《》, in order."""
    return [match.span() for match in _QUOTED.finditer(text)]


def is_name(
    text: str,
    span: tuple[int, int],
    *,
    quoted: list[tuple[int, int]],
    chinese: bool = False,
    counts: bool = True,
) -> bool:
    """Whether a number with its unit is part of a name or an idiom.

    Args:
        text: in Simplified script.
        span: where the numeral starts and the unit ends.
        quoted: what ``quoted_names`` found in ``text``.
        chinese: whether the numeral is in Chinese characters.
        counts: whether the unit counts things: in a quoted name, 6小时 is still a duration.
    """
    start, end = span
    index = bisect_right(quoted, (start, len(text))) - 1
    if index >= 0 and quoted[index][1] > start:
        opening, closing = quoted[index]
        if text[opening] == "《" or chinese or (counts and end + 1 < closing):
            return True
    return chinese and (_is_idiom(text, start, end) or _is_word(text, start, end))


def _is_idiom(text: str, start: int, end: int) -> bool:
    if start and _BEFORE.match(text, start - 1):
        return True
    if _BARE_POWER.match(text, start) and text[start - 1 : start] not in set("上近超数几过逾破"):
        return True
    return any(pattern.match(text, start) for pattern in (_CONGRESS, _VAGUE_ONE, _NEVER)) or bool(
        text[end - 1] == "成" and _NOT_TENTHS.match(text, end - 1)
    )


def _is_word(text: str, start: int, end: int) -> bool:
    """Whether the dictionary has a word that starts with the numeral and ends after the unit."""
    words = segmenter().FREQ
    return any(
        words.get(text[start:stop], 0) > 0
        for stop in range(end + 1, min(end + _LONGEST_WORD, len(text)) + 1)
    )
