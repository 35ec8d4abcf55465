"""Figures in report text: what counts as one, and how it is read."""

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.asked import asked
from qa.coverage import Word
from qa.figures import Figure, figures
from qa.numerals import chinese_range, factor
from qa.table_figures import row_figures
from qa.units import UNITS, same_unit, split_scale


def wordings(text: str) -> list[str]:
    return [text[figure.start : figure.end] for figure in figures(text)]


def only(text: str) -> Figure:
    (figure,) = figures(text)
    return figure


@pytest.mark.parametrize(
    ("text", "value", "unit", "quantity"),
    [
        ("云汀市实现产值50.54亿元", "50.54", "亿元", "money"),
        ("每人每月补200元/月", "200", "元/月", "money"),
        ("降到3分/千瓦时", "3", "分/千瓦时", "money"),
        ("投入资金1 860万元", "1860", "万元", "money"),
        ("惠及职工1\u2009860\u2009300.5万人次", "1860300.5", "万人次", "count"),
        ("2024 860万元", "860", "万元", "money"),
        ("达标率96.5%", "96.5", "%", "share"),
        ("达标率９６．５％", "96.5", "%", "share"),
        ("八成职工参加", "8", "成", "share"),
        ("完成百分之五", "5", "%", "share"),
        ("占四分之一", "25", "%", "share"),
        ("完成1/4的任务", "25", "%", "share"),
        ("一半职工参加", "50", "%", "share"),
        ("提高0.8个百分点", "0.8", "个百分点", "percentage-point"),
        ("增长1.5倍", "1.5", "倍", "multiple"),
        ("产值翻两番", "2", "番", "multiple"),
        ("慰问12,345户", "12345", "户", "count"),
        ("慰问１２，３４５户", "12345", "户", "count"),
        ("走访两万三千家", "23000", "家", "count"),
        ("装卸1.5万标箱", "1.5", "万标箱", "count"),
        ("培训300人(次)", "300", "人(次)", "count"),
        ("开工20件民生实事", "20", "件", "count"),
        ("五大板块", "5", "大", "count"),
        ("改良2000万亩盐碱地", "2000", "万亩", "area"),
        ("收粮880亿斤", "880", "亿斤", "weight"),
        ("浓度30微克/立方米", "30", "微克/立方米", "weight"),
        ("修路400公里", "400", "公里", "length"),
        ("产气370亿方", "370", "亿方", "volume"),
        ("外送3150亿度", "3150", "亿度", "energy"),
        ("高温38度", "38", "度", "temperature"),
        ("零下10℃的夜里", "-10", "℃", "temperature"),
        ("气温为-3.5℃", "-3.5", "℃", "temperature"),
        ("装机600万千瓦", "600", "万千瓦", "power"),
        ("发生6.8级地震", "6.8", "级", "magnitude"),
        ("历时一年半", "1.5", "年半", "duration"),
        ("历时半年", "0.5", "年", "duration"),
        ("24小时营业", "24", "小时", "duration"),
        ("年满70岁", "70", "岁", "age"),
        ("居全省第4位", "4", "位", "rank"),
        ("排名46位", "46", "位", "rank"),
        ("总量全省第一", "1", "", "rank"),
        ("居全省首位", "1", "", "rank"),
        ("跻身全省前十", "10", "", "rank"),
        ("第十一批援建队员", "11", "批", "ordinal"),
        ("第23次会议", "23", "次", "ordinal"),
        ("| 1234.5 |", "1234.5", "", "count"),
    ],
)
def test_a_figure_has_value_unit_and_quantity(
    text: str, value: str, unit: str, quantity: str
) -> None:
    figure = only(text)
    assert (figure.value, figure.unit, figure.quantity) == (Decimal(value), unit, quantity)


@pytest.mark.parametrize(
    "text",
    [
        "党的十九大以来",
        "“十四五”规划",
        "共建一带一路",
        "第一产业和第三方",
        "5G、G7、PM2.5、C919、4K",
        "7·16十里长游",
        "深化“三新”",
        "二轮土地承包",
        "三门核电",
        "五家渠、七台河、三门峡",
        "千家万户的百姓",
        "统一标准，之一，一些，一方面，一批",
        "十分重要",
        "4号线和12345热线",
        "二十届三中全会",
        "一是稳就业，二是惠民生",
        "单位：万元",
        "《关于60条措施的通知》",
        "2月30日",
        "成立",
        "红十字会",
        "五大道",
        "十届五次全会",
        "开展三年行动和五年规划",
        "一年来，过去一年，新的一年",
    ],
)
def test_a_number_in_a_name_is_no_figure(text: str) -> None:
    assert wordings(text) == []


@pytest.mark.parametrize(
    ("text", "wording", "bound", "direction"),
    [
        ("增长约5.5%左右", "约5.5%左右", "about", "up"),
        ("产量突破1600亿斤", "突破1600亿斤", "more than", None),
        ("力争达到20%", "20%", None, None),
        ("失业率控制在5%以内", "控制在5%以内", "at most", None),
        ("不低于3万元", "不低于3万元", "at least", None),
        ("惠及1.2万余户", "1.2万余户", "more than", None),
        ("惠及5万多人", "5万多人", "more than", None),
        ("历时3个多月", "3个多月", "more than", None),
        ("走访上百家企业", "上百家", "at least", None),
        ("走访近百家企业", "近百家", "about", None),
        ("近三年的账目", "三年", None, None),
        ("不足5人", "不足5人", "less than", None),
        ("下降0.3个百分点", "0.3个百分点", None, "down"),
        ("增长15%以上", "15%以上", "at least", "up"),
        ("保持40%以上增长", "40%以上", "at least", "up"),
        ("比重提高到30%", "30%", None, None),
        ("新增3000张床位", "3000张", None, None),
        ("居全省前三", "前三", "at most", None),
    ],
)
def test_qualifiers_bound_a_figure_and_give_a_direction(
    text: str, wording: str, bound: str | None, direction: str | None
) -> None:
    figure = only(text)
    assert (text[figure.start : figure.end], figure.bound, figure.direction) == (
        wording,
        bound,
        direction,
    )


def test_qualifiers_stand_as_they_are_in_the_text() -> None:
    assert only("力争突破50万辆以上").qualifiers == ("力争", "突破", "以上")
    assert only("同比增长了近5%").qualifiers == ("同比增长了", "近")


def test_a_list_of_changes_has_one_direction() -> None:
    assert [one.direction for one in figures("分别增长5%、6%和7%，占80%")] == [
        "up",
        "up",
        "up",
        None,
    ]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("5%—6%", "5", "6"),
        ("3至5年", "3", "5"),
        ("3—5万元", "30000", "50000"),
        ("8000—1万元", "8000", "10000"),
        ("两三年", "2", "3"),
        ("七八十人", "70", "80"),
        ("十五六岁", "15", "16"),
        ("十几个", "11", "19"),
        ("数百名", "200", "900"),
    ],
)
def test_a_range_has_both_ends(text: str, low: str, high: str) -> None:
    figure = only(text)
    assert (figure.base_value, figure.base_upper) == (Decimal(low), Decimal(high))


def test_from_one_figure_to_another_are_two() -> None:
    assert wordings("从5%到6%") == ["5%", "6%"]
    assert wordings("办结70.53万笔、50.54亿元") == ["70.53万笔", "50.54亿元"]


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2025年1月18日", "2025-01-18"),
        ("2025.1.18", "2025-01-18"),
        ("1月7日", "--01-07"),
        ("今年1月7日", "--01-07"),
        ("2012年", "2012"),
        ("二〇一六年", "2016"),
        ("2017年11月16日、17日", "2017-11-16/2017-11-17"),
        ("5月至8月", "--05/--08"),
        ("2016—2020年", "2016/2020"),
        ("去年底", None),
        ("上半年", None),
        ("前三季度", None),
        ("20世纪90年代", None),
    ],
)
def test_a_date_is_read_as_far_as_it_is_stated(text: str, iso: str | None) -> None:
    figure = only(text)
    assert (figure.end, figure.quantity, figure.iso, figure.value) == (len(text), "date", iso, None)


def test_figures_in_different_scales_compare_equal() -> None:
    assert only("50.54亿元").base_value == only("505400万元").base_value
    assert only("八成").base_value == only("80%").base_value
    assert only("1.2万户").base_value == only("一万二千户").base_value
    assert only("50.54亿元").base_unit == "元"


def test_traditional_script_is_read_where_it_stands() -> None:
    text = "籌資5萬億元，兩個項目"
    assert wordings(text) == ["5萬億元", "兩個"]
    assert only("5萬億元").base_value == Decimal(5 * 10**12)


SCALES = ["", "万", "亿", "万亿"]
UNIT_NAMES = sorted({unit for units in UNITS.values() for unit in units.split()})
PLAIN_UNITS = [
    unit for unit in UNIT_NAMES if unit not in {"番", "级", "年", "成", "‰"} and "半" not in unit
]
"""Units that follow any number and leave it as it is."""


@given(st.integers(2, 999_999), st.sampled_from(SCALES), st.sampled_from(PLAIN_UNITS))
def test_any_number_with_any_unit_is_one_figure(number: int, scale: str, unit: str) -> None:
    text = f"共计{number:,}{scale}{unit}。"
    figure = only(text)
    assert text[figure.start : figure.end] == f"{number:,}{scale}{unit}"
    assert figure.base_value == number * factor(scale)


def spelt(number: int) -> str:
    """A number below 10**8 in Chinese characters."""
    digits, out, zero = "零一二三四五六七八九", "", False
    if number >= 10**4:
        low = number % 10**4
        return (
            spelt(number // 10**4)
            + "万"
            + ("" if not low else ("零" if low < 1000 else "") + spelt(low))
        )
    for power, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            out += ("零" if zero and out else "") + digits[digit] + name
            zero = False
        else:
            zero = True
    return out


@given(st.integers(1, 10**8 - 1))
def test_a_spelt_number_has_its_value(number: int) -> None:
    assert chinese_range(spelt(number)) == (Decimal(number), None)


@pytest.mark.parametrize("numeral", ["十百", "一二三", "几", "数", "百千"])
def test_characters_that_make_no_number_have_no_value(numeral: str) -> None:
    assert chinese_range(numeral) is None


@given(
    st.text(
        "一二两三十百千万亿几半第前年月日至到—-、0123456789.,/%元个成余多约近以上左右分之“”《》| ",
        max_size=200,
    )
)
def test_figures_stand_in_order_within_any_text(text: str) -> None:
    end = 0
    for figure in figures(text):
        assert end <= figure.start < figure.end <= len(text)
        assert (figure.value is None) == (figure.quantity == "date")
        assert figure.upper is None or figure.value is not None
        end = figure.end


@given(st.text(max_size=100))
def test_any_text_at_all_is_read(text: str) -> None:
    assert all(text[figure.start : figure.end] for figure in figures(text))


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "A1",
        "一",
        "万",
        "1,",
        "1,111",
        "1-",
        "1至",
        "32日、",
        "3月",
        "“一",
        "1/",
        "百分之",
        "《",
        "约",
        "第1",
        "5%、",
    ],
)
def test_time_is_linear_in_the_length(piece: str) -> None:
    started = time.process_time()
    figures(piece * (20_000 // len(piece)))
    assert time.process_time() - started < 10


@given(st.sampled_from(SCALES), st.sampled_from(UNIT_NAMES))
def test_a_unit_parts_from_its_scale(scale: str, unit: str) -> None:
    assert split_scale(scale + unit) == (scale, unit)


DISTRICTS = (
    "| 区县 | 基层工会（家） | 其中新建（家） | 会员（万人） |\n"
    "| --- | --- | --- | --- |\n"
    "| 苇湾区 | 1325 | 97 | 14.2 |"
)
INDICATORS = (
    "| 指标 | 单位 | 2023年 | 增速（%） |\n"
    "| --- | --- | --- | --- |\n"
    "| 地区生产总值 | 亿元 | 1,102.3 | -0.4 |"
)


@pytest.mark.parametrize(
    ("question", "text", "words", "cell", "unit"),
    [
        ("苇湾区有多少会员", DISTRICTS, ["会员"], "14.2", "万人"),
        ("苇湾区基层工会多少家", DISTRICTS, ["基层", "工会"], "1325", "家"),
        ("地区生产总值是多少", INDICATORS, ["生产总值"], "1,102.3", "亿元"),
        ("地区生产总值增速多少", INDICATORS, ["增速"], "-0.4", "%"),
    ],
)
def test_a_tables_column_says_what_its_figures_are_of(
    question: str, text: str, words: list[str], cell: str, unit: str
) -> None:
    first = row_figures(asked(question), text, [Word((word,), 1.0) for word in words])[0]
    assert text[first.start : first.end] == cell
    assert first.unit == unit


def test_no_figure_of_a_row_answers_what_asks_for_none() -> None:
    assert row_figures(asked("苇湾区怎么样"), DISTRICTS, []) == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("万人", "名", True),
        ("天", "个工作日", True),
        ("亿元", "块钱", True),
        ("家", "万户", True),
        ("天", "个月", False),
        ("亩", "平方公里", False),
    ],
)
def test_units_of_the_same_thing_are_one(one: str, other: str, *, same: bool) -> None:
    assert same_unit(one, other) is same_unit(other, one) is same
