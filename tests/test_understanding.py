"""What is taken from a question: whom it is about, which year, and what a follow-up stands for."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from corpus import SAMPLES, Report, read_folder
from qa.comparing import parts
from qa.followups import resolve
from qa.regions import spelt_out
from qa.subjects import Subjects
from qa.times import looks_ahead, looks_back, times_in, year_of, years_of
from qa.types import Turn
from qa.understanding import understand


@pytest.fixture(scope="module")
def samples() -> dict[str, Report]:
    return {report.file: report for report in read_folder(SAMPLES).reports}


@pytest.fixture(scope="module")
def subjects(samples: Mapping[str, Report]) -> Subjects:
    county = samples["2025年青岚县政府工作报告.md"]
    others = {
        "jiangsu": "江苏省",
        "zhejiang": "浙江省",
        "guangxi": "广西壮族自治区",
        "yanbian": "延边朝鲜族自治州",
        "heilongjiang": "黑龙江省",
        "union": "黑龙江省总工会",
        "port": "云汀港务集团有限公司",
    }
    return Subjects(
        [
            *samples.values(),
            *(
                replace(county, id=key, organisation=name, title=f"2025年{name}报告")
                for key, name in others.items()
            ),
        ]
    )


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("江苏今年的目标", ["江苏省"]),
        ("苏省今年修路投多少", ["江苏省"]),
        ("苏浙两省谁的粮食多", ["江苏省", "浙江省"]),
        ("广西种多少甘蔗", ["广西壮族自治区"]),
        ("八桂大地", ["广西壮族自治区"]),
        ("延边去年来了多少游客", ["延边朝鲜族自治州"]),
        ("龙江粮食", ["黑龙江省"]),
        ("龙江工会办了几场招聘会", ["黑龙江省总工会"]),
        ("省总的经费", ["黑龙江省总工会"]),
        ("云汀市总去年慰问了多少人", ["云汀市总工会"]),
        ("云汀港务的吞吐量", ["云汀港务集团有限公司"]),
        ("《2025年青岚县政府工作报告》讲了什么", ["2025年青岚县政府工作报告"]),
        ("豫今年粮食目标", ["河南省"]),
        ("沪上的老房子", ["上海市"]),
        ("长春市总工会有什么做法", []),
        ("新的一年有什么打算", []),
        ("雄安新区落地了多少项目", []),
        ("桂今年粮食目标", ["广西壮族自治区"]),
        ("黑吉辽粮食产量", ["黑龙江省", "吉林省", "辽宁省"]),
        ("江苏区的工作", []),
        ("吉林市的地铁", []),
        ("江苏市场主体有多少", ["江苏省"]),
        ("青年职工有多少", []),
        ("贵单位的联系方式", []),
    ],
)
def test_a_question_names_its_subjects_by_any_of_their_names(
    subjects: Subjects, question: str, names: list[str]
) -> None:
    found = [mention.subject.name for mention in understand(question, subjects).mentions]
    assert found == names


def test_a_name_of_the_region_alone_does_not_mean_the_body_in_it(subjects: Subjects) -> None:
    asked = understand("云汀有多少工会会员", subjects)
    assert asked.named == frozenset()
    assert asked.touched


def test_a_title_that_is_a_mere_word_names_no_report(samples: Mapping[str, Report]) -> None:
    report = next(iter(samples.values()))
    titles = ("业务", "云汀工运纪实")
    named = Subjects([replace(report, id=title, title=title) for title in titles])
    assert named.mentioned("国内业务在哪些城市") == []
    assert [one.subject.name for one in named.mentioned("云汀工运纪实说了什么")] == ["云汀工运纪实"]


def test_a_province_without_a_report_is_known_to_have_none(subjects: Subjects) -> None:
    (mention,) = understand("香港的公屋要等几年", subjects).mentions
    assert mention.subject.reports == frozenset()


@pytest.mark.parametrize(
    ("question", "every"),
    [
        ("各省今年的粮食目标分别是多少", True),
        ("哪些省份提到了低空经济", True),
        ("每份报告怎么说养老", True),
        ("江苏是不是每个县都通了高速", False),
        ("预期增速和力争增速分别是多少", False),
        ("建在几个区", False),
    ],
)
def test_a_question_about_all_reports_is_known(
    subjects: Subjects, question: str, *, every: bool
) -> None:
    assert (understand(question, subjects).every is not None) is every


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("2024年收了多少经费", [2024]),
        ("二〇二四年收了多少经费", [2024]),
        ("今年的目标", [2025]),
        ("去年完成了多少", [2024]),
        ("前年呢", [2023]),
        ("2025粮食总产目标", [2025]),
        ("要2025年的目标，不是去年完成数", [2025]),
        ("建设2024亩果园", []),
        ("九十年代的厂房", []),
    ],
)
def test_years_are_those_of_the_report(
    samples: Mapping[str, Report], question: str, years: list[int]
) -> None:
    county = samples["2025年青岚县政府工作报告.md"]
    assert year_of(county) == 2025
    assert [time.of(county) for time in times_in(question)] == years


def test_a_question_without_a_year_may_still_ask_for_plans_or_for_results(
    subjects: Subjects, samples: Mapping[str, Report]
) -> None:
    county = samples["2025年青岚县政府工作报告.md"]
    assert looks_ahead("粮食产量目标是多少")
    assert looks_back("建成了多少公里公路")
    assert understand("粮食产量目标是多少", subjects).likely_years(county) == {2025}
    assert understand("建成了多少公里公路", subjects).likely_years(county) == {2024}
    assert understand("什么是双联系", subjects).likely_years(county) == frozenset()


@pytest.mark.parametrize(
    ("section", "text", "years"),
    [
        (("一、2024年工作回顾",), "粮食总产量26万吨。", {2024}),
        (("二、2025年工作安排", "（一）主要目标"), "粮食总产量26.5万吨。", {2025}),
        (("工作总结",), "新建公路12公里。", {2024}),
        (("下一步打算",), "新建公路12公里。", {2025}),
        (("一、2024年工作回顾",), "2020年以来累计新建公路90公里。", {2020, 2024}),
        (("把家安在职工心坎上",), "新建公路12公里。", set()),
    ],
)
def test_a_passage_speaks_of_the_years_that_it_or_its_section_names(
    samples: Mapping[str, Report], section: tuple[str, ...], text: str, years: set[int]
) -> None:
    assert years_of(samples["2025年青岚县政府工作报告.md"], section, text) == years


@pytest.mark.parametrize(
    ("earlier", "question", "resolved"),
    [
        (["江苏今年粮食产量目标是多少"], "那浙江呢？", "浙江今年粮食产量目标是多少"),
        (["江苏今年粮食产量目标是多少"], "去年呢", "江苏去年粮食产量目标是多少"),
        (["江苏今年粮食产量目标是多少"], "豫呢", "河南省今年粮食产量目标是多少"),
        (["江苏去年出口增长了多少"], "进口呢？", "江苏去年进口增长了多少"),
        (["江苏农村居民收入去年增长了多少"], "那城镇居民呢", "江苏城镇居民收入去年增长了多少"),
        (["云汀市总慰问困难职工多少人"], "女职工呢", "云汀市总慰问女职工多少人"),
        (["江苏今年粮食目标", "浙江呢"], "广西呢", "广西今年粮食目标"),
        (["江苏有多少家企业参加"], "其中民企多少家？", "江苏有多少家企业参加 其中民企多少家?"),
        (
            ["青岚县今年粮食产量目标是多少？", "就业呢？"],
            "养老呢？",
            "青岚县今年粮食产量目标是多少? 就业呢? 养老呢?",
        ),
        (
            ["江苏去年城镇新增就业多少人"],
            "2025年准备新增多少",
            "江苏2025年城镇新增就业多少人 2025年准备新增多少",
        ),
        (["江苏今年粮食目标"], "浙江今年新增就业要多少万人", "浙江今年新增就业要多少万人"),
        (["江苏今年粮食目标是多少"], "跟浙江比谁高", "江苏和浙江今年粮食目标是多少"),
        (["江苏今年粮食目标是多少"], "和广西比呢", "江苏和广西今年粮食目标是多少"),
        (["江苏今年粮食目标是多少"], "那浙江和广西呢", "浙江和广西今年粮食目标是多少"),
        (["江苏今年粮食目标是多少"], "浙江有几家医院", "浙江有几家医院"),
    ],
)
def test_a_follow_up_changes_in_the_question_before_what_it_names(
    subjects: Subjects, earlier: list[str], question: str, resolved: str
) -> None:
    assert resolve(question, [Turn(text, "") for text in earlier], subjects) == resolved


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        (
            "江苏港和浙江港吞吐量各是多少",
            [("江苏省", "江苏港吞吐量各是多少"), ("浙江省", "浙江港吞吐量各是多少")],
        ),
        ("苏浙两省粮食产量", [("江苏省", "江苏省粮食产量"), ("浙江省", "浙江省粮食产量")]),
        (
            "说说帮扶，省总花了多少，云汀市总2023年花了多少？",
            [
                ("黑龙江省总工会", "说说帮扶,省总花了多少,"),
                ("云汀市总工会", "说说帮扶,云汀市总2023年花了多少?"),
            ],
        ),
        (
            "汀心驿站2023年和2024年总数各是多少",
            [("2023年", "汀心驿站2023年总数各是多少"), ("2024年", "汀心驿站2024年总数各是多少")],
        ),
        (
            "两癌筛查去年做了多少人，今年计划多少人？",
            [("去年", "两癌筛查去年做了多少人,"), ("今年", "今年计划多少人?")],
        ),
        ("2023年到2024年增加了多少家", []),
        ("2024年比2023年多多少", []),
        ("今年也就是2025年的目标", []),
        ("江苏的粮食产量", []),
        ("江苏省和江苏谁高", []),
        ("香港和澳门哪个大", []),
    ],
)
def test_a_comparison_is_one_question_for_each_subject(
    subjects: Subjects, question: str, asked: list[Any]
) -> None:
    found = parts(understand(question, subjects))
    assert [(part.name, part.question) for part in found] == asked


@pytest.mark.parametrize(
    ("question", "spelt"),
    [
        ("京津冀GDP增速分别是多少", "北京市、天津市、河北省GDP增速分别是多少"),
        ("长三角各省市的粮食产量", "上海市、江苏省、浙江省、安徽省的粮食产量"),
        ("江苏怎么推进长三角一体化", "江苏怎么推进长三角一体化"),
        ("京津冀协同发展有什么进展", "京津冀协同发展有什么进展"),
        ("写长三角营商环境，问江苏改了几项", "写长三角营商环境，问江苏改了几项"),
    ],
)
def test_provinces_named_together_are_spelt_out(question: str, spelt: str) -> None:
    assert spelt_out(question) == spelt


def test_a_report_without_a_title_gives_no_name(samples: Mapping[str, Report]) -> None:
    untitled = [replace(one, title="", organisation=None) for one in samples.values()]
    assert Subjects(untitled).mentioned("云汀去年慰问了多少人") == []
