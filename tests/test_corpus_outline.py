"""Tables of contents, numbers on lines of their own, sizes and styles, and what is in doubt."""

from corpus.source import SourceWriter, Style
from corpus.structure import Structure, read_structure
from corpus.txt import read_txt

TEXT = "全市工会会员达到十二万人，比上年增加一成，基层组织更加健全。"
MORE = "全年慰问困难职工三千户，发放慰问金二百万元，职工满意度明显提高。"


def structure(*lines: str) -> Structure:
    return read_structure(read_txt("\n\n".join(lines).encode(), "x"))


def test_a_table_of_contents_is_kept_apart_and_gives_no_headings() -> None:
    for page in ("……3", " ........ 12", "\t5", ""):
        entries = [f"第一章 总体情况{page}", f"第二章 工作安排{page}"]
        found = structure(
            "云汀市总工会2024年工作报告",
            "目  录",
            *entries,
            "第一章 总体情况",
            TEXT,
            "第二章 工作安排",
            MORE,
        )
        assert [p.text for p in found.paragraphs if p.kind == "contents"] == [
            "目  录",
            *entries,
        ]
        assert [s.heading for s in found.sections] == ["第一章 总体情况", "第二章 工作安排"]
        assert [s.first_paragraph for s in found.sections] == [4, 5]
        assert found.doubts == ()


def test_lines_led_by_dots_need_no_title_to_be_contents() -> None:
    found = structure("工作手册", "一、会费......1", "二、经费......8", "一、会费", TEXT)
    assert [p.kind for p in found.paragraphs] == ["contents", "contents", "body"]


def test_the_word_for_contents_alone_makes_no_contents() -> None:
    found = structure("云汀市总工会", "目录", TEXT, MORE)
    assert "contents" not in {p.kind for p in found.paragraphs}


def test_the_number_of_a_chapter_on_a_line_of_its_own_is_part_of_its_heading() -> None:
    found = structure("工作报告", "第一章", "总体情况", TEXT, "第二章", "工作安排", MORE)
    assert [s.heading for s in found.sections] == ["第一章 总体情况", "第二章 工作安排"]
    assert len(found.sections[0].spans) == 2


def test_unnumbered_headings_in_smaller_type_stand_under_those_in_larger_type() -> None:
    writer = SourceWriter()
    writer.add("云汀市总工会工作报告", Style(title=True))
    for text, size in [
        ("组织建设", 16.0),
        ("新建组织", 14.0),
        (TEXT, 12.0),
        ("换届选举", 14.2),
        (MORE, 12.0),
        ("服务职工", 16.0),
        (TEXT, 12.0),
    ]:
        writer.add(text, Style(size=size, bold=0 if size == 12 else len(text)), gap=1)
    assert [s.path for s in read_structure(writer.extraction()).sections] == [
        ("组织建设",),
        ("组织建设", "新建组织"),
        ("组织建设", "换届选举"),
        ("服务职工",),
    ]


def test_a_heading_that_runs_into_its_text_nests_like_styled_ones_numbered_alike() -> None:
    writer = SourceWriter()
    for text, level in [
        ("云汀市总工会工作报告", 1),
        ("一、工作回顾", 2),
        ("（一）服务职工", 3),
        (TEXT, None),
        (f"（二）建设队伍。{MORE}", None),
        ("二、工作安排", 2),
        (TEXT, None),
    ]:
        writer.add(text, Style(level=level))
    assert [s.path for s in read_structure(writer.extraction()).sections] == [
        ("一、工作回顾",),
        ("一、工作回顾", "（一）服务职工"),
        ("一、工作回顾", "（二）建设队伍"),
        ("二、工作安排",),
    ]


def test_a_number_that_is_missing_is_a_doubt() -> None:
    found = structure("工作报告", "一、会费", TEXT, "三、经费", MORE, "四、资产", TEXT)
    assert [(d.code, d.quote, d.paragraph) for d in found.doubts] == [
        ("missing-number", "三、经费", 2)
    ]


def test_a_heading_without_text_is_a_doubt() -> None:
    found = structure("工作报告", "一、会费", TEXT, "二、经费", "三、资产", MORE)
    assert [(d.code, d.quote, d.paragraph) for d in found.doubts] == [
        ("empty-heading", "二、经费", 2)
    ]


def test_a_lone_short_line_and_a_torn_paragraph_are_doubts() -> None:
    torn = "会员们说，夜校把课堂搬进了厂区，下班就能学到本领，都盼着"
    found = structure("工作报告", "一、会费", TEXT, "师傅带徒弟", MORE, torn, "二、经费", TEXT)
    assert [(d.code, d.quote, d.paragraph) for d in found.doubts] == [
        ("caption-or-heading", "师傅带徒弟", 2),
        ("torn", torn[-24:], 4),
    ]


def wrapped(text: str, width: int) -> list[str]:
    return [text[start : start + width] for start in range(0, len(text), width)]


def test_wrapped_text_without_indents_is_put_together_by_where_lines_still_had_room() -> None:
    paragraphs = [
        "一年来全市工会建成职工服务站点二十个，新增会员一万人。" * 3,
        "全年慰问困难职工三千户，发放慰问金二百万元，职工满意度明显提高。" * 4,
        "夜校开课12期，1024人报名，结业率达到98.5%，有人从三十里外的厂区赶来上课。" * 3,
        "明年要办好十件实事，把钱用在刀刃上，让更多职工受益，让大家都满意。" * 2,
    ]
    lines = [line for text in paragraphs for line in wrapped(text, 30)]
    text = "云汀市总工会工作报告\n\n" + "\n".join(lines)
    found = read_structure(read_txt(text.encode(), "x"))
    assert [p.text for p in found.paragraphs] == paragraphs


def test_bold_words_that_begin_several_paragraphs_head_them() -> None:
    writer = SourceWriter()
    writer.add("云汀市总工会工作报告", Style(title=True))
    writer.add("一、工作回顾")
    topics = ["强化思想引领。", "服务职工群众：", "建强基层组织。"]
    rest = (
        "全年开办夜校四十二期，走访企业三百家，帮助八千名职工解决了实际困难，会员满意度逐年提高。"
    )
    for topic in topics:
        writer.add(topic + rest, Style(bold=len(topic)))
        writer.add(TEXT)
    found = read_structure(writer.extraction())
    assert [s.path for s in found.sections] == [
        ("一、工作回顾",),
        *(("一、工作回顾", topic[:-1]) for topic in topics),
    ]
    assert [len(p.section) for p in found.paragraphs] == [2, 1] * 3


def test_a_single_bold_beginning_and_bold_words_within_a_sentence_head_nothing() -> None:
    writer = SourceWriter()
    writer.add("云汀市总工会工作报告", Style(title=True))
    writer.add("强化思想引领。" + TEXT * 2, Style(bold=7))
    for _ in range(4):
        writer.add(TEXT * 2, Style(bold=6))
    assert read_structure(writer.extraction()).sections == ()


def test_a_numbered_sentence_with_nothing_under_it_can_be_found_and_cited() -> None:
    point = "（二）家庭医生签约率达到六成以上，重点人群超过八成五。"
    found = structure("工作总结", "一、主要工作", "（一）公共卫生", TEXT, point, "二、下一步", MORE)
    assert [section.heading for section in found.sections] == [
        "一、主要工作",
        "（一）公共卫生",
        point.rstrip("。"),
        "二、下一步",
    ]
    assert [paragraph.text for paragraph in found.paragraphs] == [TEXT, point, MORE]
    assert found.paragraphs[1].section == ("一、主要工作", point.rstrip("。"))
    assert found.doubts == ()
