"""Structure from plain text: headings, captions, torn paragraphs, and what stands apart."""

from pathlib import Path

import pytest

from corpus import Report, read_report


def read(folder: Path, text: str, name: str = "报告.txt") -> Report:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_report(path, file=name)


def outline(report: Report) -> list[tuple[int, str]]:
    return [(section.level, section.heading) for section in report.sections]


def texts(report: Report, kind: str = "body") -> list[str]:
    return [paragraph.text for paragraph in report.paragraphs if paragraph.kind == kind]


LONG = "全县上下团结一心，围绕年初确定的目标逐项抓好落实，各项工作都取得了新的进展。"
NEWS = """

暖在心坎上

——柳溪市总工会工作纪实

□本报记者 温如初

这一年，柳溪市的职工感到娘家人离自己更近了，大事小情都有人管、有人问。

困难帮扶：结对入户，雪中送来炭火盆

年初，市总工会把困难职工的家底摸了一遍，逐户建立档案，逐户确定联系人，并与民



政部门共享名单，做到一户不漏。

技能比武：同台竞技，比出一身真功夫

比武设了焊工、钳工、电工等十二个工种，参赛选手从车间一路比到市里，前三名记功。



柳溪市焊工比武现场

获奖选手回到车间当起师傅，带出的徒弟也陆续拿到了证书，班组之间形成了比学的风气。
"""


def test_levels_follow_the_kind_of_number(tmp_path: Path) -> None:
    lines = ["工作报告", "第一章 总体情况", "第一节 经济", "一、工业", "（一）产值", "1.规上企业"]
    lines += [
        LONG,
        "2.小微企业",
        LONG,
        "（1）用工",
        LONG,
        "①招聘",
        LONG,
        "(二) 效益",
        LONG,
        "二、农业",
        LONG,
    ]
    report = read(tmp_path, "\n".join(lines))
    assert outline(report) == [
        (1, "第一章 总体情况"),
        (2, "第一节 经济"),
        (3, "一、工业"),
        (4, "（一）产值"),
        (5, "1.规上企业"),
        (5, "2.小微企业"),
        (6, "（1）用工"),
        (7, "①招聘"),
        (4, "(二) 效益"),
        (3, "二、农业"),
    ]
    assert report.paragraphs[3].section[-3:] == ("2.小微企业", "（1）用工", "①招聘")


def test_a_run_in_heading_leads_a_section_and_stays_in_its_paragraph(tmp_path: Path) -> None:
    first = f"（一）稳住基本盘，经济回升向好。{LONG}"
    report = read(tmp_path, f"工作报告\n一、过去一年\n{first}\n{LONG}\n（二）守住底线。{LONG}\n")
    assert report.paragraphs[0].text == first
    assert [paragraph.section[-1] for paragraph in report.paragraphs] == [
        "（一）稳住基本盘，经济回升向好",
        "（一）稳住基本盘，经济回升向好",
        "（二）守住底线",
    ]
    span = report.sections[1].spans[0]
    assert report.source[span.start : span.end] == "（一）稳住基本盘，经济回升向好"


@pytest.mark.parametrize(
    "text",
    [
        f"全年办成三件事。一是修好了路；二是通上了水；三是亮起了灯。{LONG}",
        f"一是修好了路；二是通上了水；三是亮起了灯。{LONG}",
        f"三、四线城市的房价保持平稳，住房成交量有所回升。{LONG}",
        f"1.05万户居民用上了天然气。{LONG}",
        f"一是新建便民站点120个，惠及居民3万户。{LONG}",
    ],
)
def test_a_number_in_running_text_is_no_heading(tmp_path: Path, text: str) -> None:
    report = read(tmp_path, f"工作报告\n一、过去一年\n{LONG}\n{text}\n")
    assert outline(report) == [(1, "一、过去一年")]
    assert report.paragraphs[1].text == text


def test_short_points_are_headings_of_their_own_paragraph_only(tmp_path: Path) -> None:
    points = [f"一是稳就业促增收。{LONG}", f"二是优服务暖民心。{LONG}"]
    report = read(tmp_path, "\n".join(["工作报告", "一、过去一年", *points, LONG]))
    assert [paragraph.section for paragraph in report.paragraphs] == [
        ("一、过去一年", "一是稳就业促增收"),
        ("一、过去一年", "二是优服务暖民心"),
        ("一、过去一年",),
    ]


def test_numbered_lines_without_text_between_them_are_a_list(tmp_path: Path) -> None:
    report = read(tmp_path, f"工作报告\n一、安排\n{LONG}\n1.修桥\n2.铺路\n3.通水\n{LONG}\n")
    assert outline(report) == [(1, "一、安排")]
    assert texts(report, "list") == ["1.修桥", "2.铺路", "3.通水"]


def test_the_closing_address_is_not_part_of_the_last_point(tmp_path: Path) -> None:
    lines = [
        "工作报告",
        "一、过去一年",
        "（一）工业",
        LONG,
        "（二）农业",
        LONG,
        f"各位代表！{LONG}",
    ]
    report = read(tmp_path, "\n".join(lines))
    assert report.paragraphs[-1].section == ("一、过去一年",)
    assert report.paragraphs[-1].kind == "body"


def test_newspaper_headings_are_told_from_captions(tmp_path: Path) -> None:
    report = read(tmp_path, NEWS)
    assert outline(report) == [
        (1, "困难帮扶：结对入户，雪中送来炭火盆"),
        (1, "技能比武：同台竞技，比出一身真功夫"),
    ]
    assert texts(report, "caption") == ["柳溪市焊工比武现场"]
    assert report.paragraphs[-1].section == ("技能比武：同台竞技，比出一身真功夫",)


def test_a_paragraph_torn_in_mid_word_is_joined(tmp_path: Path) -> None:
    report = read(tmp_path, NEWS)
    joined = next(text for text in texts(report) if text.startswith("年初"))
    assert "并与民政部门共享名单" in joined
    assert joined.endswith("一户不漏。")


def test_a_paragraph_is_joined_across_a_caption(tmp_path: Path) -> None:
    torn = NEWS.replace("与民\n", "与民\n\n\n\n志愿者上门慰问职工家庭\n")
    report = read(tmp_path, torn)
    assert any("并与民政部门共享名单" in text for text in texts(report))
    assert "志愿者上门慰问职工家庭" in texts(report, "caption")


def test_a_fragment_before_a_heading_is_left_and_marked(tmp_path: Path) -> None:
    report = read(tmp_path, NEWS.replace("政部门共享名单，做到一户不漏。", ""))
    fragment = next(p for p in report.paragraphs if p.text.startswith("年初"))
    assert fragment.text.endswith("与民")
    assert fragment.torn
    assert len(report.sections) == 2


def test_groups_parted_by_spaces_are_a_heading(tmp_path: Path) -> None:
    headings = ["劳动竞赛 千人同台 干出新成绩", "权益维护 主动上门 解开心里结"]
    report = read(tmp_path, "\n\n".join(["纪实", LONG, headings[0], LONG, headings[1], LONG]))
    assert outline(report) == [(1, heading) for heading in headings]


def test_headings_without_a_shape_are_known_by_being_alike(tmp_path: Path) -> None:
    headings = ["帮困解难暖人心", "练兵比武强本领", "维权服务筑和谐"]
    lines = ["纪实", LONG, headings[0], LONG, headings[1], LONG, headings[2], LONG]
    report = read(tmp_path, "\n\n".join(lines).replace(LONG, f"{LONG}\n\n\n\n志愿者包饺子\n", 1))
    assert outline(report) == [(1, heading) for heading in headings]
    assert texts(report, "caption") == ["志愿者包饺子"]


def test_a_lone_short_line_in_plain_text_is_a_caption(tmp_path: Path) -> None:
    report = read(tmp_path, f"纪实\n\n{LONG}\n\n端午节包粽子比赛\n\n{LONG}\n")
    assert texts(report, "caption") == ["端午节包粽子比赛"]


def test_a_dashed_line_alone_is_a_subheading(tmp_path: Path) -> None:
    lines = [
        "纪实",
        LONG,
        "服务职工：点滴小事，汇成一片大海",
        LONG,
        "——夜校，把课堂搬进厂区。",
        LONG,
    ]
    lines += ["民主管理：事事公开，职工心里有本账", LONG]
    report = read(tmp_path, "\n\n".join(lines))
    assert outline(report)[:2] == [
        (1, "服务职工：点滴小事，汇成一片大海"),
        (2, "夜校，把课堂搬进厂区"),
    ]


def test_a_heading_behind_its_text_is_called_back_to_it(tmp_path: Path) -> None:
    lines = ["纪实", LONG, f"产业工人队伍建设改革开了个好头。{LONG}", LONG]
    lines += ["产业工人队伍：强筋壮骨，铺就一条成才路", "法律援助：有求必应，撑起一把遮阳伞"]
    report = read(tmp_path, "\n\n".join([*lines, f"律师走进工地。{LONG}"]))
    first, second = (section.heading for section in report.sections)
    assert [paragraph.section for paragraph in report.paragraphs] == [
        (),
        (first,),
        (first,),
        (second,),
    ]


def test_a_heading_without_text_takes_none_that_is_not_its_own(tmp_path: Path) -> None:
    lines = ["纪实", LONG, LONG, "文体活动：锣鼓喧天，唱响一路好风光"]
    report = read(tmp_path, "\n\n".join([*lines, "法律援助：有求必应，撑起一把遮阳伞", LONG]))
    assert [paragraph.section for paragraph in report.paragraphs] == [
        (),
        (),
        ("法律援助：有求必应，撑起一把遮阳伞",),
    ]


def test_unnumbered_headings_of_a_report_enclose_numbered_ones(tmp_path: Path) -> None:
    lines = [
        "政府工作报告",
        LONG,
        "2024年工作回顾",
        LONG,
        f"（一）工业。{LONG}",
        "2025年工作安排",
        LONG,
    ]
    report = read(tmp_path, "\n".join(lines))
    assert outline(report) == [(1, "2024年工作回顾"), (2, "（一）工业"), (1, "2025年工作安排")]


def test_lines_wrapped_at_one_width_are_paragraphs_again(tmp_path: Path) -> None:
    paragraph = LONG * 6
    wrapped = ["　　" + paragraph[:28]]
    wrapped += [paragraph[start : start + 30] for start in range(28, len(paragraph), 30)]
    lines = ["政府工作报告", "一、过去一年", *wrapped, *wrapped, "二、今年安排", *wrapped]
    report = read(tmp_path, "\n".join(lines))
    assert texts(report) == [paragraph] * 3
    assert outline(report) == [(1, "一、过去一年"), (1, "二、今年安排")]


def test_what_stands_apart_is_kept_with_its_kind(tmp_path: Path) -> None:
    lines = [
        "2025年柳溪县政府工作报告",
        "来源：柳溪日报",
        "2025年1月9日在柳溪县第八届人民代表大会第四次会议上",
    ]
    lines += [
        "柳溪县县长　温如初",
        "各位代表：",
        LONG,
        "一、回顾",
        f"各位代表！{LONG}",
        "各位代表！",
        LONG,
    ]
    report = read(tmp_path, "\n".join(lines))
    assert texts(report, "source") == [lines[1]]
    assert texts(report, "byline") == lines[2:4]
    assert texts(report, "salutation") == ["各位代表：", "各位代表！"]
    assert texts(report) == [LONG, f"各位代表！{LONG}", LONG]


@pytest.mark.parametrize(
    "line",
    [
        "（温如初/文 林暮 何川/图）",
        "□本报记者 温如初",
        "通讯员 林暮",
        "2025年1月9日",
        "责任编辑：何川",
    ],
)
def test_a_byline_is_no_heading_and_no_body(tmp_path: Path, line: str) -> None:
    report = read(tmp_path, f"纪实\n\n{LONG}\n\n{LONG}\n\n{line}\n")
    assert texts(report, "byline") == [line]


@pytest.mark.parametrize(
    "line",
    [
        "图为志愿者在车站帮助旅客提行李。",
        "图1 全市会员人数变化",
        "职工在文化宫练习书法 林暮摄",
        "县长温如初(右一)看望一线职工",
    ],
)
def test_a_caption_is_known_by_its_words(tmp_path: Path, line: str) -> None:
    report = read(tmp_path, f"纪实\n\n{LONG}\n\n{line}\n\n{LONG}\n")
    assert texts(report, "caption") == [line]
    assert not report.sections


def test_a_signature_at_the_end_is_no_heading(tmp_path: Path) -> None:
    report = read(tmp_path, f"工作总结\n\n{LONG}\n\n柳溪县总工会\n\n2025年1月9日\n")
    assert texts(report, "byline") == ["柳溪县总工会", "2025年1月9日"]
    assert not report.sections
