"""Words before and after a figure that say how it is meant: bounds, intent, growth."""

import re
from dataclasses import dataclass
from typing import Literal

Bound = Literal["about", "at least", "at most", "more than", "less than"]
Direction = Literal["up", "down"]

_BEFORE: dict[Bound, str] = {
    "at least": "不低于 不少于 不小于 至少 最少 最低",
    "at most": "不超过 不高于 不多于 不大于 至多 最多 最高 控制在",
    "more than": "超过 超出 突破 高于 大于 多于 逾 超 破",
    "less than": "低于 少于 小于 不足 不到 未满",
    "about": "大约 约 将近 接近 近 约为",
}
_AFTER: dict[Bound, str] = {
    "at least": "以上 及以上 或以上",
    "at most": "以下 及以下 以内 之内",
    "more than": "多 余 出头",
    "about": "左右 上下 许",
}
_WAYS: dict[Direction, str] = {
    "up": "增长 增加 提高 提升 上升 上涨 上调 上浮 扩大 加快 增 升 涨 高 快",
    "down": "下降 减少 降低 压减 压降 压缩 缩小 缩短 收窄 下滑 下跌 下调 回落 负增长 精简 减 降 低",
}


def _longest_first(words: list[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_BOUND_BEFORE = {word: bound for bound, words in _BEFORE.items() for word in words.split()}
_BOUND_AFTER = {word: bound for bound, words in _AFTER.items() for word in words.split()}
_CHANGE = {word: way for way, words in _WAYS.items() for word in words.split()}
_CHANGES = _longest_first(list(_CHANGE))

REACH = 12
"""Characters before a figure in which its qualifiers stand."""

_LEADING = re.compile(
    rf"(?P<change>(?:同比|环比|年均|平均|累计|分别|实际|名义|均)?(?P<way>(?<!新)(?:{_CHANGES}))(?:了|幅度)?)?"
    r"(?P<reach>(?:力争)?(?:达到|达|稳定在|保持在|为|实现|完成)|力争|争取|确保)?"
    rf"(?P<bound>(?<![最附邻临靠])(?:{_longest_first(list(_BOUND_BEFORE))}|上(?=[百千万])))?(?=.\Z)",
    re.DOTALL,
)
_RECENT = re.compile(r"[\d一二两三四五六七八九十几]{1,4}(?:年|个月|天|周)")
"""After 近, a time until now and not nearly so long a one."""
_TRAILING = re.compile(
    rf"(?P<bound>{_longest_first(list(_BOUND_AFTER))})?(?:的?(?P<change>增长|增速|增幅|涨幅|降幅))?"
)


@dataclass(frozen=True, slots=True)
class Qualified:
    """What the words around a figure say, and the range of the figure with those that bound it."""

    start: int
    end: int
    words: tuple[str, ...]
    bound: Bound | None
    direction: Direction | None


def qualify(form: str, start: int, end: int, *, inside: str, after: int) -> Qualified:
    """Read the qualifiers around a figure.

    Args:
        form: the text, in Simplified script.
        start: where the figure starts.
        end: where it ends.
        inside: a qualifier within it (1.2万余), or an empty text.
        after: where the figure before it ends.
    """
    leading = _named(_LEADING.search(form[max(start - REACH, after) : start + 1]))
    trailing = _named(_TRAILING.match(form, end))
    if leading.get("bound") == "近" and _RECENT.match(form, start):
        del leading["bound"]
    words = [leading.get(name, "") for name in ("change", "reach", "bound")]
    words += [inside, trailing.get("bound", ""), trailing.get("change", "")]
    first, last = leading.get("bound", ""), trailing.get("bound", "") or inside
    return Qualified(
        start=start - len(first),
        end=end + len(trailing.get("bound", "")),
        words=tuple(word for word in words if word),
        bound=_BOUND_AFTER.get(last) or ("at least" if first == "上" else _BOUND_BEFORE.get(first)),
        direction=_direction(leading.get("way", ""), trailing.get("change", "")),
    )


def _named(match: re.Match[str] | None) -> dict[str, str]:
    return {name: words for name, words in match.groupdict().items() if words} if match else {}


def _direction(way: str, change: str) -> Direction | None:
    if change == "降幅":
        return "down"
    return _CHANGE.get(way, "up" if change else None)
