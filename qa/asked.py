"""What a question asks for: a number, a share, a time, a place, a reason, yes or no, or the whole.

Rules over the words that ask and the nouns beside them; nothing is looked up in the reports.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Literal

from corpus import segmenter
from index import simplified

from .numerals import SCALE
from .units import UNIT, Quantity, quantity_of, split_scale

AskedKind = Literal[
    "number",
    "share",
    "money",
    "rank",
    "when",
    "where",
    "who",
    "which",
    "what-is",
    "why",
    "how",
    "yes-no",
    "whole",
]
"""The kind of answer: ``which`` names one or several things, ``what-is`` is a definition, ``how``
the means, ``whole`` everything there is about a topic."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for.

    ``units`` are those that the question names (多少家, 几万亩), ``quantities`` what the figure
    that answers can measure, likeliest first; both are empty where no figure is asked for.
    ``change`` is whether it is by how much something rose or fell. ``focus`` is the noun asked
    about, in Simplified script, where it is easily told (多少个老旧小区).
    """

    kind: AskedKind
    units: frozenset[str] = frozenset()
    quantities: tuple[Quantity, ...] = ()
    change: bool = False
    focus: str | None = None


FIGURES: frozenset[AskedKind] = frozenset({"number", "share", "money", "rank", "when"})
"""Kinds that a figure, a rank or a date answers."""

_MEASURES: tuple[Quantity, ...] = (
    "count",
    "money",
    "weight",
    "area",
    "length",
    "volume",
    "energy",
    "power",
    "multiple",
    "duration",
    "share",
)
"""What 多少 can ask for where nothing more is said."""

_SHARES: tuple[Quantity, ...] = ("share", "percentage-point", "multiple")
_NOUNS: tuple[tuple[str, tuple[Quantity, ...]], ...] = (
    (r"增速|增长率|增幅|涨幅|降幅|同比|增长|下降率?|跌幅", _SHARES),
    (
        r"比例|比重|占比|份额|百分比|强度|[^效功频汇税费利速概]率|税率|费率|利率|覆盖面|达标|之比",
        ("share",),
    ),
    (r"面积|耕地|农田|土地|林地|草原|湿地|沙子|沙地|绿化|造林|治沙|种植|播种", ("area", "count")),
    (
        r"产量|总产|吞吐量?|货运量|运量|储量|粮食?|煤炭|钢|排放量|垃圾",
        ("weight", "volume", "energy", "count"),
    ),
    (r"用水量|蓄水量|库容|天然气|供水", ("volume", "weight")),
    (r"电量|用电|发电|耗电|能耗|耗能", ("energy", "weight")),
    (r"装机|功率|容量", ("power", "volume")),
    (r"里程|长度|全长|路程|距离|航道|公路|铁路|高速|管网|管道", ("length", "count")),
    (r"气温|温度|水温", ("temperature",)),
    (r"震级|地震", ("magnitude",)),
    (r"时间|时长|工期|期限|寿命期|时限", ("duration",)),
    (r"年龄|岁数|年纪|寿命", ("age", "duration")),
    (r"分数|得分|满分|评分", ("score",)),
    (r"人数|人口|人次|户数|数量|个数|家数|件数|次数|总数|职工|会员", ("count",)),
    (
        (
            r"GDP|生产总值|总产值|产值|增加值|经济总量|收入|支出|投资|资金|金额|总额|经费|贷款|财政|预算|补贴|补助|工资|薪"
            r"|奖金|价格?|存款|税收?|营收|利润|出口|进口|进出口|贸易|社零|零售|成交额|交易额|销售额|额|费用?|钱|债务?|余额|造价"
            r"|成本|款项?|融资|保费|低保|标准|赔偿|待遇"
        ),
        ("money",),
    ),
)
_NOUN = tuple((re.compile(pattern), quantities) for pattern, quantities in _NOUNS)
_ASKS_FIGURE_AT_END = re.compile(
    r"(?:增速|增长率|增幅|涨幅|降幅|目标|总量|总额|总值|占比|比例|比重|产量|面积|人数|人口|金额|数量|规模|里程|收入|产值"
    r"|GDP|生产总值|均价|价格|工资|吞吐量|发电量|用电量|装机|覆盖率|[^效]率|投资额?|增加值|排名|名次|时间|日期)"
    r"(?:数据|数字|指标|目标|是)?(?:呢|啊|呀)?$"
)
_TARGET = re.compile(r"(?:预期|增长)?(?:目标|指标|数据|数字|任务|计划|预测)(?:值|数)?$")
_COMPARED = re.compile(r"(?:的?情况)?(?:对比|比较)(?:一下)?$")
_RISES = re.compile(
    r"(?:增长|增速|增幅|涨幅|降幅|提高|提升|上涨|上调|下调|下降|降低|减少|回落|涨|降|压减|缩短|升|跌)了?(?:了|到底)?$"
)

_SPAN = r"(?:年|个?多?月|天|周|个?小时|分钟|个?星期|个?工作日|学时)"
_END = r"(?=[呢啊呀吗嘛吧哦哈呗了的]{0,3}(?:[\s，,。？?！!；;、]|$))"
_OPEN = r"(?<![这那近前好哪十数某老无未第每])"
"""Not before 几 in 这几年, 十几, 老几."""

# What asks, by the name of the rule. At each place of a question the first that fits counts.
_RULES: tuple[tuple[str, str], ...] = (
    (
        "share",
        r"百分之(?:几|多少)|多[大少]的?(?:比例|比重|份额|占比)|几成|几分之几|(?:多少|几)个?百分点",
    ),
    (
        "rank",
        r"第\s?(?:几|多少)|排(?:在|到|名)?(?:全\S{1,2})?(?:第?几|多少)位?|第?几名(?!职工)|(?:什么|啥)(?:名次|位次)",
    ),
    (
        "when",
        (
            r"(?:什么|啥|哪个?)时[候间]|啥时|何时|几时|何[年月日]|哪[一几两]?(?:年|个?月|天|日)|几[月号点](?!球)|多会儿|多咱"
            r"|什么日子|哪个季度"
        ),
    ),
    ("duration", rf"多长时间|多久|{_OPEN}几{_SPAN}|多少{_SPAN}"),
    ("size", r"多[大高长远宽深厚重快](?:的?(?:面积|规模|金额|年纪|岁数|距离|里程|幅度))?"),
    ("price", rf"(?:多少|{_OPEN}几)个?(?:钱|块钱?|毛钱?)|(?:什么|啥)价"),
    ("amount", rf"多少(?!有[些点])|{_OPEN}几(?=多|{SCALE}|{UNIT})(?![十百千]\S)"),
    (
        "why",
        (
            r"为什么|为啥|为何|为嘛|凭什么|凭啥|何以|(?:怎么|咋)(?:会|就|没|不)|(?:什么|啥)(?:原因|缘故)"
            r"|原因(?:是什么|何在|在哪)"
        ),
    ),
    (
        "means",
        r"(?:靠|用|凭|通过|采取|拿)(?:什么|啥)|(?:什么|啥)(?:办法|措施|举措|做法|途径|方式|手段|法子|招)|怎么办",
    ),
    (
        "meaning",
        r"(?:什么|啥)意思|什么叫|啥叫|何谓|何为|怎么理解|指的?是?(?:什么|啥|哪)|什么是|啥是",
    ),
    ("state", rf"(?:怎么样|咋样|怎样|如何){_END}"),
    ("manner", r"怎么|咋|怎样|如何"),
    (
        "where",
        (
            r"哪里|哪儿|何[处地]|(?:什么|啥)(?:地方|地儿|位置)|[在去到从]哪(?![个些家一几两三位条项])"
            r"|哪个?(?:地方|省|市|县|区|城市|国家|镇|街道|乡|村)"
        ),
    ),
    ("who", r"谁|哪(?:一|几)?位|何人|(?:什么|啥)人(?!群)|哪[个些]人"),
    ("which", r"哪(?!怕)"),
    (
        "choice",
        r"是否|能否|可否|有无|可不可以|(?P<verb>[\u4e00-\u9fff])不(?P=verb)|(?P<did>[\u4e00-\u9fff])没(?P=did)",
    ),
    ("what", r"什么|啥"),
    ("polar", rf"(?:吗|没有|[没不么呗]){_END}"),
)
_ASKING = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _RULES))
_KINDS: dict[str, AskedKind] = {
    "when": "when",
    "why": "why",
    "means": "how",
    "manner": "how",
    "meaning": "what-is",
    "state": "whole",
    "where": "where",
    "who": "who",
    "which": "which",
    "choice": "yes-no",
    "what": "which",
    "polar": "yes-no",
}
_SIZES: dict[str, tuple[Quantity, ...]] = {
    "高": ("length", *_SHARES, "money"),
    "长": ("length", "duration"),
    "远": ("length",),
    "宽": ("length",),
    "深": ("length",),
    "厚": ("length",),
    "重": ("weight",),
    "快": ("share", "length"),
    "大": ("area", "money", "count", *_SHARES, "weight", "volume", "power"),
}
_LOOSE_SCALE = re.compile("个[万亿]")  # 几个亿元
_SCALED_UNIT = re.compile(rf"{SCALE}?{UNIT}")
_HAN = re.compile(r"[\u4e00-\u9fffA-Za-z]{1,16}")
_LONGEST_NOUN = 12
_REACH = 40
"""Characters on both sides of what asks that can say more about it."""
_WHICH = re.compile(
    r"(?:些|几|[一两三四五六七八九十\d]{1,2})?[个家项种所条类段届次款部场支件批座份名位]?"
)
_NO_NOUN = frozenset(
    re.findall(
        r"\S+",
        """
        了 过 是 在 有 来 用 被 给 去 能 才 到 从 而 由 对 把 呢 啊 呀 吗 吧 的 得 地 要 会 开 建
        办 进 下 上 当 就 将 还 已 已经 可以 可 应 达 没 没有 不 不能 也 都 又 呗 一 一下 参加
        通过 享受 遇难 受益 参与 用于 获得 需要 完成 实现 达到
        """,
    )
)
"""Words that no noun goes on with."""
_OF_AGE = re.compile(r"(?:今年|岁数|年纪|年龄|人)$")
_DEFINED = re.compile(r"(?:[“\"「][^”\"」]{1,12}[”\"」]|[^的，,。？?\s]{2,10})(?:是|指)(?:个)?$")


@dataclass(frozen=True, slots=True)
class _Asking:
    """The words that ask, by which rule, and the question before and after them."""

    rule: str
    words: str
    before: str
    after: str


def asked(question: str) -> Asked:
    """What a question asks for in the first place.

    A word that asks for a thing comes before 吗 and 是不是: “还改吗，改多少个” asks for a number.
    """
    return asked_all(question)[0]


def asked_all(question: str) -> list[Asked]:
    """Everything that a question asks for, the main thing first and then as it stands.

    Args:
        question: in either script, also several sentences, or only a topic (2025年GDP增速目标).

    Returns:
        At least one; no two are equal.
    """
    form = simplified(unicodedata.normalize("NFKC", question))
    found = list(dict.fromkeys(_found(form)))
    if not found:
        return [_topic(form)]
    return sorted(found, key=lambda one: one.kind in {"yes-no", "whole"})


def asking_ranges(text: str) -> list[tuple[int, int]]:
    """Where the words stand that ask for a figure or a time, with the unit: 什么时候, 多少天.

    Args:
        text: in legible form, as ``index.legible`` gives it.

    Returns:
        Character ranges, in order.
    """
    ranges = []
    for match in _ASKING.finditer(text):
        start, end = match.span()
        if match["amount"]:
            ranges.append((start, end + len(_unit_at(text[end : end + _REACH]))))
        elif match["when"] or match["duration"] or match["price"]:
            ranges.append((start, end))
    return ranges


def _found(form: str) -> Iterator[Asked]:
    for match in _ASKING.finditer(form):
        rule = next(name for name, _ in _RULES if match[name])
        start, end = match.span()
        asking = _Asking(
            rule, match.group(), form[max(start - _REACH, 0) : start], form[end : end + _REACH]
        )
        yield _READ.get(rule, _by_rule)(asking)


def _by_rule(asking: _Asking) -> Asked:
    kind = _KINDS[asking.rule]
    return Asked(kind, quantities=("date",) if kind == "when" else ())


def _topic(form: str) -> Asked:
    """A statement: one that ends with the name of a figure asks for it."""
    bare = _COMPARED.sub("", form.rstrip(" 。.？?！!\n"))
    if not _ASKS_FIGURE_AT_END.search(bare):
        return Asked("whole")
    if re.search(r"(?:排名|名次)\S{0,2}$", bare):
        return Asked("rank", quantities=("rank", "ordinal"))
    if re.search(r"(?:时间|日期)\S?$", bare):
        return Asked("when", quantities=("date",))
    return _number(_nearest(bare), before=bare)


def _share(asking: _Asking) -> Asked:
    units = frozenset({"%"}) if "百分之" in asking.words else frozenset[str]()
    units = frozenset({"个百分点"}) if "百分点" in asking.words else units
    return Asked("share", units, _SHARES, change=bool(_RISES.search(asking.before)))


def _rank(asking: _Asking) -> Asked:
    said = re.search(r"[位名批届次个期轮代]$", asking.words + asking.after[:1])
    unit = said.group() if said else ""
    places = unit in {"", "位", "名"}
    quantities: tuple[Quantity, ...] = ("rank", "ordinal") if places else ("ordinal",)
    return Asked("rank", frozenset({unit} - {""}), quantities)


def _duration(asking: _Asking) -> Asked:
    unit = re.sub(r"^(?:多少|几|多长时间|多久)", "", asking.words)
    return Asked("number", frozenset({unit} - {""}), ("duration",))


def _size(asking: _Asking) -> Asked:
    named = _nearest(asking.words)
    if named:  # 多大面积
        return _number(named, before="")
    size = asking.words[1]
    if size == "大" and _OF_AGE.search(asking.before):
        return _number(("age",), before="")
    near = _nearest(_clause(asking.before)) if size in "大高" else ()
    return _number(tuple(dict.fromkeys((*near, *_SIZES[size]))), before=asking.before)


def _price(asking: _Asking) -> Asked:
    return Asked("money", frozenset(), ("money",), change=bool(_RISES.search(asking.before)))


def _amount(asking: _Asking) -> Asked:
    after = asking.after.removeprefix("个") if _LOOSE_SCALE.match(asking.after) else asking.after
    unit = _unit_at(after)
    noun = _noun(after[len(unit) :])
    if unit:
        scale, base = split_scale(unit)
        one = quantity_of(base, scaled=bool(scale))
        kind: AskedKind = "money" if one == "money" else "share" if one in _SHARES else "number"
        return Asked(kind, frozenset({unit}), (one,), bool(_RISES.search(asking.before)), noun)
    near = (_nearest(noun) or ("count",)) if noun else _nearest(_clause(asking.before))
    return replace(_number(near, before=asking.before), focus=noun)


def _what(asking: _Asking) -> Asked:
    at_end = re.match(r"[呢啊呀的]?(?:[\s，,。？?！!]|$)", asking.after)
    defined = at_end and _DEFINED.search(_clause(asking.before))
    return Asked("what-is" if defined else "which", focus=None if at_end else _noun(asking.after))


def _which(asking: _Asking) -> Asked:
    counted = _WHICH.match(asking.after)
    return Asked("which", focus=_noun(asking.after[counted.end() if counted else 0 :]))


_READ = {
    "share": _share,
    "rank": _rank,
    "duration": _duration,
    "size": _size,
    "price": _price,
    "amount": _amount,
    "what": _what,
    "which": _which,
}


def _number(near: tuple[Quantity, ...], *, before: str) -> Asked:
    """A number asked for without a unit, given what the nouns beside it can be measured in."""
    change = bool(_RISES.search(_TARGET.sub("", before).rstrip("是为达到了")))
    if change and not set(near) & set(_SHARES):
        near = (*_SHARES, *near)
    if near[:1] == ("money",) and _TARGET.search(before.rstrip("是为达到了约有")):
        near = (*near, *_SHARES)  # 社零目标: by how much it is to grow, more often than how much
    first = near[0] if near else None
    kind: AskedKind = "share" if first == "share" else "money" if first == "money" else "number"
    others = () if near else _MEASURES
    return Asked(kind, quantities=tuple(dict.fromkeys((*near, *others))), change=change)


def _clause(before: str) -> str:
    return re.split(r"[，,。？?！!；;\s]", before)[-1]


def _nearest(words: str) -> tuple[Quantity, ...]:
    """What the last noun of known measure in some words is measured in."""
    bare = _TARGET.sub("", words.rstrip("是为达到了约有"))
    ends = [
        (match.end(), -match.start(), quantities)
        for pattern, quantities in _NOUN
        for match in pattern.finditer(bare)
    ]
    return max(ends, key=lambda end: end[:2])[2] if ends else ()


def _unit_at(words: str) -> str:
    """The unit that words begin with; 家庭, 人才 and 项目 are words of their own."""
    match = _SCALED_UNIT.match(words)
    if not match:
        return ""
    word = next(iter(segmenter().cut(words[:8], HMM=False)))
    return match.group() if len(word) <= len(match.group()) else ""


def _noun(words: str) -> str | None:
    """The noun that words begin with, up to what is no part of one; None if that is all."""
    han = _HAN.match(words.removeprefix("的"))
    parts = takewhile(lambda word: word not in _NO_NOUN, segmenter().cut(han[0] if han else ""))
    noun = "".join(parts)
    return noun if 1 < len(noun) <= _LONGEST_NOUN else None
