"""Title, date, publisher, authors, organisation and period: stated in the report, or absent."""

from pathlib import Path

import pytest

from corpus import SAMPLES, Report, read_folder, read_report
from corpus.authors import read_authors
from corpus.dates import iso_date, stated_dates
from corpus.labels import publisher_in
from corpus.metadata import metadata_of_facts, metadata_of_name
from corpus.names import names_in, speaker_in
from corpus.organisations import read_organisation
from corpus.period import is_period, read_period
from corpus.source import Fact

SHARED = Path(__file__).parent.parent.parent / "shared"
needs_shared = pytest.mark.skipif(
    not (SHARED / "reports").is_dir(), reason="the real reports are not at hand (../shared)"
)

BODY = "全县上下团结一心，围绕年初确定的目标逐项抓好落实，各项工作都取得了新的进展。"


def read(folder: Path, *lines: str, name: str = "文件名.txt") -> Report:
    """Read a report of these lines, and text after them unless it is among them."""
    path = folder / name
    path.write_text("\n".join(lines if BODY in lines else (*lines, BODY)), encoding="utf-8")
    return read_report(path, file=name)


def origins(report: Report) -> dict[str, tuple[str, str]]:
    assert len({origin.field for origin in report.origins}) == len(report.origins)
    return {origin.field: (origin.place, origin.quote) for origin in report.origins}


def test_a_government_report_names_its_date_speaker_and_region(tmp_path: Path) -> None:
    report = read(
        tmp_path,
        "2025年柳溪县政府工作报告",
        "来源：柳溪日报",
        "——2025年1月9日在柳溪县第八届人民代表大会第四次会议上",
        "县长　温如初",
        BODY,
        "一、2024年工作回顾",
        BODY,
        "二、2025年工作安排",
        BODY,
    )
    assert report.title == "2025年柳溪县政府工作报告"
    assert (report.date, report.publisher) == ("2025-01-09", "柳溪日报")
    assert (report.authors, report.organisation) == (("温如初",), "柳溪县")
    assert report.period == "2024"
    assert origins(report) == {
        "title": ("text", "2025年柳溪县政府工作报告"),
        "date": ("text", "——2025年1月9日在柳溪县第八届人民代表大会第四次会议上"),
        "publisher": ("text", "来源：柳溪日报"),
        "authors": ("text", "县长　温如初"),
        "organisation": ("text", "2025年柳溪县政府工作报告"),
        "period": ("text", "一、2024年工作回顾"),
    }


@pytest.mark.parametrize(
    "line",
    [
        "2025年1月9日在柳溪县第八届人民代表大会第四次会议上县长温如初作政府工作报告",
        "——2025年1月9日温如初县长在柳溪县第八届人民代表大会第四次会议的政府工作报告",
        "2025年1月9日在柳溪县第八届人民代表大会第四次会议上柳溪县代县长温如初同志作政府工作报告。",
        "——二〇二五年一月九日温如初在柳溪县第八届人民代表大会第四次会议上的报告",
    ],
)
def test_the_speaker_is_found_wherever_the_line_names_them(tmp_path: Path, line: str) -> None:
    report = read(tmp_path, "政府工作报告", line)
    assert (report.authors, report.date, report.organisation) == (
        ("温如初",),
        "2025-01-09",
        "柳溪县",
    )


def test_a_newspaper_report_names_its_writers_and_union(tmp_path: Path) -> None:
    report = read(tmp_path, "春风化雨", "——柳溪市总工会2023年工作纪实", "本报记者 温如初 林暮")
    assert (report.title, report.subtitle) == ("春风化雨", "——柳溪市总工会2023年工作纪实")
    assert (report.authors, report.organisation) == (("温如初", "林暮"), "柳溪市总工会")
    assert report.period == "2023"


def test_a_court_report_is_about_the_court_and_not_about_its_region(tmp_path: Path) -> None:
    report = read(
        tmp_path,
        "法院工作报告",
        "（2025年1月17日在柳溪市第八届人民代表大会第四次会议上）",
        "柳溪市中级人民法院院长　买买提·艾力（维吾尔族）",
    )
    assert (report.authors, report.organisation) == (("买买提·艾力",), "柳溪市中级人民法院")


def test_the_title_of_an_annual_report_may_stand_under_the_company(tmp_path: Path) -> None:
    report = read(tmp_path, "柳溪港务集团股份有限公司", "2024年年度报告", "二〇二五年四月")
    assert report.title == "柳溪港务集团股份有限公司2024年年度报告"
    assert (report.organisation, report.period) == ("柳溪港务集团股份有限公司", "2024")
    assert report.date == "2025-04"


def test_a_speech_named_for_its_occasion_has_that_title(tmp_path: Path) -> None:
    front = ("在柳溪市总工会第十二次代表大会上的报告", "（2023年6月20日）", "林　暮")
    report = read(tmp_path, *front)
    assert (report.title, report.organisation) == (front[0], "柳溪市总工会")
    assert (report.date, report.authors) == ("2023-06-20", ("林暮",))


def test_fields_of_one_line_end_where_the_next_begins(tmp_path: Path) -> None:
    line = "来源：柳溪日报  作者：温如初  日期：2025-01-20  浏览次数：33"
    report = read(tmp_path, "码头上的课堂", line)
    assert (report.publisher, report.authors) == ("柳溪日报", ("温如初",))
    assert report.date == "2025-01-20"
    assert [p.kind for p in report.paragraphs] == ["source", "body"]


def test_the_day_of_the_report_counts_before_that_of_its_page(tmp_path: Path) -> None:
    report = read(
        tmp_path,
        "索引号：LX-2025-001  发布机构：柳溪县人民政府办公室",
        "发布日期：2025-01-15",
        "2025年柳溪县政府工作报告",
        "（2025年1月9日）",
    )
    assert report.title == "2025年柳溪县政府工作报告"
    assert (report.date, report.publisher) == ("2025-01-09", "柳溪县人民政府办公室")


@pytest.mark.parametrize(
    "end",
    [
        ("青溪镇石桥村村民委员会", "2024年12月28日"),
        ("　　　　青溪镇石桥村村民委员会", "　　　　二〇二四年十二月二十八日"),
        ("青溪镇石桥村村民委员会　2024年12月28日",),
        ("青溪镇石桥村村民委员会", "2024年12月28日", "附件：2024年大事记", BODY),
    ],
)
def test_a_report_may_be_signed_at_its_end(tmp_path: Path, end: tuple[str, ...]) -> None:
    report = read(tmp_path, "2024年工作总结", BODY, "一、抓产业", BODY, *end)
    assert (report.organisation, report.date) == ("青溪镇石桥村村民委员会", "2024-12-28")


def test_dates_within_the_text_are_not_that_of_the_report(tmp_path: Path) -> None:
    report = read(tmp_path, "大事记", BODY, "2024年3月5日", BODY, "2024年4月1日", BODY)
    assert report.date is None


def test_a_dispatch_names_its_writers_at_its_start_or_end(tmp_path: Path) -> None:
    first = f"柳溪日报讯（记者 温如初 通讯员 林暮）{BODY}"
    report = read(
        tmp_path, "青岚茶农的新账本", first, BODY, "（原载《柳溪日报》2025年3月2日第2版）"
    )
    assert report.authors == ("温如初", "林暮")
    assert (report.publisher, report.date) == ("柳溪日报", "2025-03-02")
    assert read(tmp_path, "新账本", BODY, f"{BODY}（记者 温如初）").authors == ("温如初",)


def test_lines_of_a_list_are_neither_bylines_nor_sources(tmp_path: Path) -> None:
    lines = ["■ 队伍建设", BODY, "完成时间：2025年底前", "■ 维权", BODY, "时间：2025年3月5日", BODY]
    report = read(tmp_path, "工作要点", BODY, *lines)
    assert {p.kind for p in report.paragraphs}.isdisjoint({"byline", "source"})
    assert (report.date, report.authors) == (None, ())


def test_an_office_and_a_date_under_the_title_are_no_body(tmp_path: Path) -> None:
    report = read(tmp_path, "2024年工作总结", "柳溪县总工会办公室", "（2024年12月）")
    assert (report.date, report.organisation) == ("2024-12", "柳溪县总工会办公室")
    assert [p.kind for p in report.paragraphs] == ["byline", "byline", "body"]


def test_nothing_is_invented(tmp_path: Path) -> None:
    report = read(tmp_path)
    assert report.title == "文件名"
    assert report.title_spans == ()
    assert origins(report) == {"title": ("name", "文件名.txt")}
    fields = (report.subtitle, report.date, report.publisher, report.authors, report.organisation)
    assert fields == (None, None, None, (), None)
    assert report.period is None


def test_a_date_that_does_not_exist_is_none(tmp_path: Path) -> None:
    assert read(tmp_path, "2024年工作总结", "（2025年2月30日）").date is None


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2025年1月9日", "2025-01-09"),
        ("2025 年 1 月 9 日", "2025-01-09"),
        ("２０２５年１月９日", "2025-01-09"),
        ("发布时间：2025-01-09 10:30", "2025-01-09"),
        ("2025.1.9", "2025-01-09"),
        ("2025/1/9", "2025-01-09"),
        ("二〇二五年一月", "2025-01"),
        ("二O二五年元月九日", "2025-01-09"),
        ("二○二四年十二月二十一日", "2024-12-21"),
        ("2025年1月15日至18日", "2025-01-15"),
        ("没有日期", None),
        ("2025年13月40日", None),
        ("2025年2月30日", None),
        ("12025年1月9日", None),
        ("2025年", None),
    ],
)
def test_dates_are_as_precise_as_they_are_stated(text: str, date: str | None) -> None:
    assert iso_date(text) == date


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2025", "2025"),
        ("2025年", "2025"),
        ("2025-01", "2025-01"),
        ("20250109", "2025-01-09"),
        ("20250109103000", "2025-01-09"),
        ("2025-01-09T23:10:00+08:00", "2025-01-09"),
        ("202501091", None),
        ("2025-13", None),
    ],
)
def test_the_value_of_a_field_may_be_a_date_in_other_forms(value: str, date: str | None) -> None:
    assert next(stated_dates(value), None) == date


@pytest.mark.parametrize(
    ("line", "publisher"),
    [
        ("来源：柳溪日报作者：温如初", "柳溪日报"),
        ("来源：China Daily  作者：John Smith", "China Daily"),
        ("2025-01-20 10:30 来源：柳溪市人民政府网 【字体：大 中 小】", "柳溪市人民政府网"),
        ("（来源：《柳溪日报》）", "柳溪日报"),
        ("来源:柳溪发布(微信公众号)", "柳溪发布(微信公众号)"),
        ("摘自2025年1月20日《柳溪日报》", "柳溪日报"),
        ("《柳溪日报》2025年1月20日 第03版", "柳溪日报"),
        ("来源：  作者：温如初", None),
        ("来源：本站", None),
        ("作者：温如初", None),
    ],
)
def test_a_publisher_is_named_as_it_stands(line: str, publisher: str | None) -> None:
    assert publisher_in(line) == publisher


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("王 勇 李　明 张小明", ("王勇", "李明", "张小明")),
        ("温如初、林暮、买买提·艾力（维吾尔族）", ("温如初", "林暮", "买买提·艾力")),
        ("乌兰其其格 约翰·史密斯", ("乌兰其其格", "约翰·史密斯")),
        ("John Smith、J.K.罗琳", ("John Smith", "J.K.罗琳")),
        ("本报首席记者 温如初 实习生 林暮", ("温如初", "林暮")),
        ("市总工会 林暮 教授", ("林暮",)),
        ("温如初等", ("温如初",)),
        ("本报评论员", ()),
        ("柳溪日报社", ()),
    ],
)
def test_names_are_told_from_roles_and_bodies(text: str, names: tuple[str, ...]) -> None:
    assert names_in(text) == names


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("(温如初/文 林暮 江砚秋/图)", ("温如初",)),
        ("文/温如初 图/林暮", ("温如初",)),
        ("温如初 林暮 文/图", ("温如初", "林暮")),
        ("□ 温如初 林　暮", ("温如初", "林暮")),
        ("柳溪市总工会　林 暮", ("林暮",)),
        ("记者：温如初 林暮 摄影：江砚秋", ("温如初", "林暮")),
        ("作者：柳溪市总工会宣传教育部", ("柳溪市总工会宣传教育部",)),
        ("述职人：林 暮", ("林暮",)),
        ("编辑：温如初 审核：林暮", None),
        ("（作者系柳溪市总工会主席）", None),
    ],
)
def test_writers_are_told_from_those_who_did_other_work(
    line: str, names: tuple[str, ...] | None
) -> None:
    found = read_authors([line], "", "", [])
    assert (found and found[0]) == names
    assert read_authors([], "", "", [line]) == found


@pytest.mark.parametrize(
    "line",
    [
        "2025年1月18日在全省法院院长会议上",
        "在柳溪市第八届人民代表大会第四次会议上",
        "全市工会主席座谈会",
    ],
)
def test_a_meeting_of_office_holders_is_no_speaker(line: str) -> None:
    assert speaker_in(line) is None


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("云山彝族自治县政府工作报告", "云山彝族自治县"),
        ("2025年柳溪市滨江新区政府工作报告", "柳溪市滨江新区"),
        ("关于柳溪市2024年预算执行情况和2025年预算草案的报告", "柳溪市"),
        ("柳溪市人民代表大会常务委员会工作报告", "柳溪市人民代表大会常务委员会"),
        ("柳溪市中级人民法院工作报告", "柳溪市中级人民法院"),
        ("青岚县财政局关于2024年预算执行情况的报告", "青岚县财政局"),
        ("柳溪水务（集团）有限公司2024年年度报告", "柳溪水务（集团）有限公司"),
        ("柳溪师范学院2023—2024学年本科教学质量报告", "柳溪师范学院"),
        ("柳溪经济技术开发区管理委员会2024年工作总结", "柳溪经济技术开发区管理委员会"),
        ("青岚县青溪镇石桥村2024年工作总结", "青岚县青溪镇石桥村"),
        ("劳模精神在柳溪港务集团有限公司闪光", "柳溪港务集团有限公司"),
        ("——记柳溪市总工会", "柳溪市总工会"),
        ("——青岚县推进乡村振兴工作纪实", "青岚县"),
        ("市总工会2024年工作总结", None),
        ("集团公司2024年工作总结", None),
        ("全县教育工作总结", None),
        ("大城市病治理报告", None),
        ("产业工会工作总结", None),
        ("不负重托 谱写新篇", None),
    ],
)
def test_an_organisation_is_named_in_full_or_not_at_all(title: str, name: str | None) -> None:
    found = read_organisation([title], [], None, BODY)
    assert (found and found[0]) == name


def test_a_union_may_be_called_by_its_short_name_if_the_text_bears_it_out() -> None:
    title = "柳溪市总十一届二次全会以来精彩瞬间回眸"
    assert read_organisation([title], [], None, "柳溪市总工会组织了培训。") == (
        "柳溪市总工会",
        title,
    )
    assert read_organisation([title], [], None, BODY) is None


@pytest.mark.parametrize(
    ("titles", "headings", "date", "period"),
    [
        (["2024年工作总结和2025年工作计划"], [], None, "2024"),
        (["2025年工作要点"], [], None, None),
        (["2025年政府工作报告"], ["一、过去一年工作回顾"], "2025-01-09", "2024"),
        (["2025年政府工作报告"], ["一、工作"], "2025-01-09", None),
        (["2023年政府工作报告"], ["一、2022年和过去五年工作回顾"], "2023-01", "2018/2022"),
        (["政府工作报告"], ["一、过去五年工作回顾"], "2022-06-30", None),
        (["政府工作报告"], ["一、2024年主要工作", "二、2025年主要任务"], None, "2024"),
        (["政府工作报告"], ["一、“十三五”时期工作回顾"], None, "2016/2020"),
        (["柳溪市总工会2020—2024年工作报告"], [], None, "2020/2024"),
        (["柳溪市总工会2024年工作报告"], [], "2025-01-16", "2024"),
        (["柳溪市总工会2024年工作报告"], [], None, None),
        (["2024年上半年工作总结"], [], None, "2024-01/2024-06"),
        (["2024年1—9月工作总结"], [], None, "2024-01/2024-09"),
        (["2024年第三季度报告"], [], None, "2024-07/2024-09"),
        (["2024年1月至12月工作总结"], [], None, "2024"),
        (["社会责任报告（2024）"], [], None, "2024"),
        (["2024年1月18日抢险纪实"], [], None, None),
        (["山路上的法庭"], [], "2025-01-16", None),
    ],
)
def test_a_period_is_told_by_title_headings_and_date(
    titles: list[str], headings: list[str], date: str | None, period: str | None
) -> None:
    found = read_period(titles, headings, date, BODY)
    assert (found and found[0]) == period
    assert period is None or is_period(period)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("本报告期间为2024年1月1日至2024年12月31日。", "2024"),
        ("时间范围：2022年1月1日—2024年12月31日。", "2022/2024"),
        ("报告期：2024年1月1日至6月30日。", "2024-01/2024-06"),
        ("报告期：2024年3月5日至6月10日。", "2024-03-05/2024-06-10"),
        ("报告期内，公司收入增长。", None),
    ],
)
def test_a_report_may_say_what_time_it_reports_on(text: str, period: str | None) -> None:
    found = read_period(["年度报告"], [], None, text)
    assert (found and found[0]) == period
    assert found is None or found[1] in text


def test_what_the_file_states_stands_in_where_the_text_is_silent() -> None:
    facts = [
        Fact("date", "不详", "date: 不详"),
        Fact("date", "2025-01-20T08:00:00+08:00", "date: 2025-01-20T08:00:00+08:00"),
        Fact("authors", "温如初, 林暮", "author: 温如初, 林暮"),
        Fact("period", "近年", "period: 近年"),
        Fact("date", "2024-01-01", "created: 2024-01-01"),
    ]
    metadata = metadata_of_facts(facts)
    assert (metadata.date, metadata.authors, metadata.period) == (
        "2025-01-20",
        ("温如初", "林暮"),
        None,
    )
    assert [(o.field, o.place, o.quote) for o in metadata.origins] == [
        ("date", "file", "date: 2025-01-20T08:00:00+08:00"),
        ("authors", "file", "author: 温如初, 林暮"),
    ]


def test_a_file_name_gives_a_title_and_of_a_date_only_the_year(tmp_path: Path) -> None:
    name = "20250118柳溪市总工会.txt"
    report = read(tmp_path, name=name)
    assert (report.title, report.date) == ("20250118柳溪市总工会", "2025")
    assert origins(report) == {"title": ("name", name), "date": ("name", name)}
    assert metadata_of_name("2024年工作总结.txt").date is None
    assert read(tmp_path, "工作总结", "（2024年12月）", name=name).date == "2024-12"


def check_origins(report: Report) -> None:
    """Every field that is known says where it was read, and a quote of the text stands in it."""
    known = {
        field
        for field in ("title", "subtitle", "date", "publisher", "organisation", "period")
        if getattr(report, field)
    } | ({"authors"} if report.authors else set())
    assert origins(report).keys() == known
    source = "".join(report.source.split())
    for place, quote in origins(report).values():
        assert place != "text" or "".join(quote.split()) in source


def test_every_field_of_the_samples_says_where_it_stands() -> None:
    for report in read_folder(SAMPLES).reports:
        check_origins(report)
        assert report.organisation is not None
        assert report.period in {"2023", "2024"}


@needs_shared
def test_every_field_of_real_reports_says_where_it_stands() -> None:
    for report in read_folder(SHARED / "reports").reports:
        check_origins(report)
        assert report.organisation is not None
        if report.title.endswith("政府工作报告"):
            assert report.period == str(int(report.title[:4]) - 1)
