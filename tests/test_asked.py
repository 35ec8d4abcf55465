"""What a question asks for, and which figures of a sentence can answer it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answers import answers
from qa.asked import FIGURES, Asked, asked, asked_all, asking_ranges
from qa.figures import figures


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("云汀市一共有多少家企业？", "number"),
        ("青岚县修了几个公园", "number"),
        ("地铁现在有多长了", "number"),
        ("12345热线办了多少桩", "number"),
        ("项目要多久建成？", "number"),
        ("失业金能领几个月", "number"),
        ("地震几级？", "number"),
        ("2025年粮食总产目标", "number"),
        ("旅游收入占多大比例啊", "share"),
        ("外贸增长百分之几", "share"),
        ("底薪线涨多少了", "share"),
        ("云汀市2025年GDP增速目标", "share"),
        ("参加的职工有几成", "share"),
        ("疗养一天补几块钱", "money"),
        ("青岚县2024年GDP总量", "money"),
        ("总投资多少亿元", "money"),
        ("去年捐了多少善款", "money"),
        ("吞吐量排全省第几？", "rank"),
        ("这是第几批援建队", "rank"),
        ("云汀市空气质量排名", "rank"),
        ("桥是哪一年修好的", "when"),
        ("啥时候开工", "when"),
        ("开工时间", "when"),
        ("运动会在哪儿办", "where"),
        ("培训班跑哪儿上课去了", "where"),
        ("路费谁出？", "who"),
        ("哪位劳模捐了钱", "who"),
        ("有哪些行业建了工会", "which"),
        ("搞了个啥活动", "which"),
        ("三个实验室都叫啥", "which"),
        ("送温暖会在哪家企业开的", "which"),
        ("合格率有多高", "share"),
        ("修路花了几个亿元", "money"),
        ("咋样才能落户", "how"),
        ("成效如何", "whole"),
        ("有哪怕一点进展，就讲讲", "whole"),
        ("工人平均多大岁数", "number"),
        ("“三量”是什么意思？", "what-is"),
        ("什么是厂务公开", "what-is"),
        ("“双创”是什么？", "what-is"),
        ("为啥要请社会机构帮忙", "why"),
        ("产量怎么会下降", "why"),
        ("政府打算咋过紧日子", "how"),
        ("靠什么给干部减负", "how"),
        ("医保卡怎么转走", "how"),
        ("晋升渠道是不是通了", "yes-no"),
        ("电梯还给装不？", "yes-no"),
        ("老房子给不给改", "yes-no"),
        ("高铁通车了没", "yes-no"),
        ("办运动会不耽误干活吗", "yes-no"),
        ("讲讲云汀市的养老工作", "whole"),
        ("那青岚县呢", "whole"),
        ("这几年的扶贫工作", "whole"),
        ("好几个项目停了", "whole"),
        ("", "whole"),
    ],
)
def test_a_question_asks_for_one_kind_of_answer(question: str, kind: str) -> None:
    assert asked(question).kind == kind


@pytest.mark.parametrize(
    ("question", "units", "quantity", "focus"),
    [
        ("改造多少個老舊小區", {"个"}, "count", "老旧小区"),
        ("新增多少张养老床位？", {"张"}, "count", "养老床位"),
        ("要建多少万亩高标准农田", {"万亩"}, "area", "高标准农田"),
        ("总投资一共多少亿元", {"亿元"}, "money", None),
        ("要增长百分之几", {"%"}, "share", None),
        ("提高几个百分点", {"个百分点"}, "share", None),
        ("多少职工参加了竞赛", set(), "count", "职工"),
        ("有多少家庭享受补贴", set(), "count", "家庭"),
        ("引进多少人才", set(), "count", "人才"),
        ("下拨了多少经费", set(), "money", "经费"),
        ("绿化面积多大", set(), "area", None),
        ("外送电量目标是多少", set(), "energy", None),
        ("等几个小时", {"个小时"}, "duration", None),
        ("排第几位", {"位"}, "rank", None),
        ("是第几届", {"届"}, "ordinal", None),
        ("哪天开的", set(), "date", None),
    ],
)
def test_the_unit_and_the_noun_say_what_the_figure_measures(
    question: str, units: set[str], quantity: str, focus: str | None
) -> None:
    one = asked(question)
    assert (one.units, one.quantities[0], one.focus) == (units, quantity, focus)


def test_a_question_of_several_has_its_thing_before_its_yes_or_no() -> None:
    assert [one.kind for one in asked_all("还给改厨房吗？改多少个")] == ["number", "yes-no"]
    assert [one.kind for one in asked_all("地震哪天发生的，几级？")] == ["when", "number"]


def test_growth_is_asked_for_as_a_change() -> None:
    assert asked("今年打算增长多少").change
    assert not asked("产量是多少").change


@given(st.text("多少几哪什么啥谁第个亿元年月吗不是怎么为 ？，云汀增速目标", max_size=60))
def test_any_question_asks_for_something(question: str) -> None:
    every = asked_all(question)
    assert len(set(every)) == len(every) >= 1
    assert asked(question) == every[0]
    assert all(bool(one.quantities) == (one.kind in FIGURES) for one in every)


@pytest.mark.parametrize(
    ("question", "text", "words", "first"),
    [
        ("多少座公园", "新建公园14座、累计达到97座", ["新建", "公园"], "14座"),
        ("累计多少座公园", "新建公园14座、累计达到97座", ["累计"], "97座"),
        ("粮食产量目标是多少", "增长5%左右，粮食产量90亿斤以上", ["粮食", "产量"], "90亿斤以上"),
        ("经济增速多少", "产值8.2亿元、增长5.8%、居全省第一", ["产值"], "5.8%"),
        ("排第几", "产值8.2亿元、增长5.8%、居全省第一", ["产值"], "第一"),
        ("占比多少", "占比提高3个百分点、达到42%", ["占比"], "42%"),
        ("哪天开的会", "1月15日，县总工会召开3次会议", ["会"], "1月15日"),
        ("花了多少钱", "7501万元资金救助9.5万户职工", ["救助"], "7501万元"),
        ("救助多少户", "7501万元资金救助9.5万户职工", ["救助"], "9.5万户"),
        ("上半年增长多少", "占比12%，收入增长7%", [], "7%"),
    ],
)
def test_the_figure_that_fits_and_stands_nearest_answers(
    question: str, text: str, words: list[str], first: str
) -> None:
    best = answers(asked(question), text, dict.fromkeys(words, 1.0))[0]
    assert text[best.start : best.end] == first


def test_a_sentence_without_a_fitting_figure_cannot_answer() -> None:
    assert answers(asked("排第几"), "产值8.2亿元") == []
    assert answers(asked("花了多少钱"), "走访35户") == []


def test_a_question_for_no_figure_is_not_answered_by_one() -> None:
    assert answers(asked("为什么停产"), "停产3天") == []


@given(
    st.text("云汀增长共计达到约，、。0123456789%亿元万个年月日第", max_size=80),
    st.dictionaries(st.text("云汀增长", max_size=2), st.floats(0, 10), max_size=4),
    st.sampled_from(["多少个", "增长多少", "多少钱", "哪年", "第几", "多久", "多大"]),
)
def test_answers_are_figures_of_the_text(text: str, words: dict[str, float], question: str) -> None:
    what: Asked = asked(question)
    best = answers(what, text, words)
    assert set(best) <= set(figures(text))
    assert all(figure.quantity in what.quantities for figure in best)


@pytest.mark.parametrize(
    ("question", "asking"),
    [
        ("他们一共干了多少天？", ["多少天"]),
        ("什么时候开工，投了多少亿元", ["什么时候", "多少亿元"]),
        ("几万亩地改了多久", ["几万亩", "多久"]),
        ("今年还改不改厕所", []),
    ],
)
def test_the_words_that_ask_are_told_from_what_is_asked_about(
    question: str, asking: list[str]
) -> None:
    assert [question[start:end] for start, end in asking_ranges(question)] == asking
