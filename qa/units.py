"""Units of Chinese reports and the kind of quantity that each of them measures."""

import re
from typing import Literal

from .numerals import SCALE

Quantity = Literal[
    "money",
    "share",
    "percentage-point",
    "multiple",
    "count",
    "area",
    "weight",
    "length",
    "volume",
    "energy",
    "power",
    "duration",
    "age",
    "temperature",
    "magnitude",
    "score",
    "rank",
    "ordinal",
    "date",
]
"""What a figure measures. A share is of a hundred (5%) or of ten (八成), a multiple 3倍 or 两番."""

UNITS: dict[Quantity, str] = {
    "money": "元 块钱 块 美元 欧元 港元 港币 澳元 日元 英镑 卢布 元人民币 人民币 美金 角 毛钱",
    "share": "% ‰ 成",
    "percentage-point": "个百分点 百分点",
    "multiple": "倍 番",
    "area": "亩 公顷 平方公里 平方千米 平方米 平米 平方 ㎡ m² km² 公亩 顷",
    "weight": "吨 公斤 千克 克 斤 毫克 微克 kg mg 吨标准煤 吨标煤",
    "length": "公里 千米 米 厘米 毫米 微米 纳米 里 英里 海里 延米 延长米 km cm mm",
    "volume": "立方米 立方 方 升 毫升 m³ 标方 标准立方米 桶",
    "energy": "千瓦时 度电 度 kWh 焦耳 千卡 大卡",
    "power": "千瓦 瓦 兆瓦 吉瓦 kW MW GW 千伏安 马力 峰瓦",
    "duration": """
        年 年半 个月 个半月 个多月 个季度 周 个星期 个多星期 星期 周年 天 个工作日 工作日
        小时 个小时 个半小时 个多小时 分钟 秒 秒钟 刻钟 个昼夜 昼夜 学年 个学年 个年头 载
    """,
    "age": "岁 周岁",
    "temperature": "℃ 摄氏度 °C",
    "magnitude": "级",
    "score": "分",
    "count": """
        个 家 名 人 人次 位 户 项 件 台 套 条 座 所 处 场 场次 次 批 批次 种 类 张 辆 艘 架
        架次 列 只 头 匹 口 支 部 篇 册 本 份 笔 宗 起 例 桩 档 单 栋 幢 间 层 片 颗 株 棵
        枚 门 节 班 班次 组 期 届 轮 对 双 副 把 根 段 道 盏 面 幅 卷 集 首 曲 堂 席 床 床位
        车次 车皮 艘次 床次 户次 件次 项次 台次 人天 对夫妻 户家庭 标箱 标准箱 箱 TEU 吨公里
        人公里 课时 学时 字 步 环 大 方面 代表 工时 盘 盒 包 瓶 件套 台套 班列 网点 字节 束
        排 篮 款 尾 羽 点位 跨 座次 kB MB GB TB PB EFLOPS 人份 剂 剂次 针 针次 帧 赫兹 kHz
        千赫 兆赫 伏 千伏 kV 兆 波
    """,
}
"""Units of each kind, without the scale (万, 亿) before them."""


_SAME = [
    frozenset(units.split())
    for units in (
        "人 名 位 口",
        "家 户 个",
        "天 工作日 个工作日 昼夜 个昼夜 日",
        "个月 个多月 个半月",
        "小时 个小时 个多小时 个半小时",
        "星期 个星期 个多星期 周",
        "年 周年 个年头 载",
        "元 块 块钱 人民币 元人民币",
        "公里 千米 km",
        "公斤 千克 kg",
        "平方米 平米 平方 ㎡ m²",
        "平方公里 平方千米 km²",
        "立方米 立方 方 m³",
        "吨标准煤 吨标煤",
        "千瓦时 度电 度 kWh",
        "千瓦 kW",
        "℃ 摄氏度 °C",
        "个百分点 百分点",
    )
]
"""Units that measure the same, of the same size, or that count the same things."""


def same_unit(one: str, other: str) -> bool:
    """Whether two units, scales aside, are one: 万人 and 名, 天 and 个工作日."""
    first, second = split_scale(one)[1], split_scale(other)[1]
    return first == second or any(first in units and second in units for units in _SAME)


def _alternatives(units: list[str]) -> str:
    """A pattern that takes the longest unit. One in letters is none within a word."""
    longest_first = sorted(units, key=len, reverse=True)
    return "|".join(
        re.escape(unit) + ("(?![A-Za-z])" if unit[-1].isascii() and unit[-1].isalpha() else "")
        for unit in longest_first
    )


_QUANTITIES: dict[str, Quantity] = {
    unit: quantity for quantity, units in UNITS.items() for unit in units.split()
}
_ONE = f"(?:{_alternatives(list(_QUANTITIES))})"

UNIT = (
    rf"(?:{_ONE}(?:[（(](?:次|套|台|户|家|个|项|队|组|班组|园|镇|村|处|件|人)[)）])?"
    rf"(?:[/／每](?:{SCALE}?{_ONE}|日|月))?)"
)
"""A unit, also of two parts: 元/月, 微克/立方米, 人(次)."""

_SCALED = re.compile(rf"({SCALE}?)({UNIT}|$)")


def split_scale(unit: str) -> tuple[str, str]:
    """Part a unit from the scale before it: 万吨 into 万 and 吨, 千瓦 into nothing and 千瓦."""
    match = _SCALED.fullmatch(unit)
    return (match[1], match[2]) if match else ("", unit)


def quantity_of(unit: str, *, scaled: bool = False) -> Quantity:
    """What a unit measures; that of its first part, if it has two.

    Args:
        unit: without the scale before it.
        scaled: whether one stands before it. 3150亿度 are of electricity and 38度 of heat.
    """
    first = re.split(r"[/／每（(]", unit, maxsplit=1)[0]
    if first == "度" and not scaled:
        return "temperature"
    if first == "分" and first != unit:  # 3分/千瓦时
        return "money"
    return _QUANTITIES.get(first, "count")
