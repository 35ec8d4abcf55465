"""Text files in any encoding that Chinese is written in, told apart without a mark."""

import codecs
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import Doubt, UnreadableReport
from corpus.encodings import guess_encoding
from corpus.txt import decode, read_txt

SIMPLIFIED = (
    "青岚县总工会2024年工作总结\n\n"
    "一年来，全县新建基层工会四十六家，发展会员3200人，其中货车司机、快递员等新就业形态劳动者占六成。\n"
    "“暖冬行动”走访困难职工家庭217户，发放慰问金、慰问品合计58.6万元（含爱心企业捐赠）。\n"
)
TRADITIONAL = (
    "雲汀市職工福利聯合會年度報告\n\n"
    "本會全年舉辦進修課程三十二班，參加會員1250人，較上年增加百分之十五，並協助處理勞資爭議47宗。\n"
    "「夜校進社區」計劃開設廚藝、攝影、電腦三類課程，獲街坊及僱主好評；來年將增設Excel班。\n"
)
CANTONESE = "個會仲會喺深灣開多間中心，畀啲街坊嚟飲茶傾偈，佢哋話冇諗過咁方便。\n"

ENCODED = [
    *((SIMPLIFIED, encoding) for encoding in ("utf-8", "gb18030", "gbk", "gb2312")),
    *((TRADITIONAL, encoding) for encoding in ("utf-8", "gb18030", "gbk", "big5", "cp950")),
    (TRADITIONAL + CANTONESE, "big5hkscs"),
    *((text, code) for text in (SIMPLIFIED, TRADITIONAL) for code in ("utf-16-le", "utf-16-be")),
]
MARKED = [
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
]


@pytest.mark.parametrize(("text", "encoding"), ENCODED)
def test_a_text_without_a_mark_is_read_in_its_encoding(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "x") == text


@pytest.mark.parametrize(("text", "encoding"), ENCODED)
def test_each_line_alone_is_read_in_its_encoding(text: str, encoding: str) -> None:
    for line in text.splitlines():
        assert decode(line.encode(encoding), "x") == line


@pytest.mark.parametrize(("mark", "encoding"), MARKED)
def test_a_mark_at_the_start_is_believed(mark: bytes, encoding: str) -> None:
    assert decode(mark + TRADITIONAL.encode(encoding), "x") == TRADITIONAL


@pytest.mark.parametrize("encoding", ["gb18030", "big5hkscs", "utf-16-le", "utf-16-be"])
def test_a_few_words_among_figures_tell_the_encoding(encoding: str) -> None:
    rows = "".join(f"{n}\t{n * 37}\t{n * 1009}\r\n" for n in range(60))
    text = f"Report 2024 (draft)\r\n{rows}全年合計\t人數\r\n{rows}"
    assert decode(text.encode(encoding), "x") == text.replace("\r\n", "\n")


WORDS = {
    "gb18030": [
        "工会",
        "全年",
        "会员",
        "增长",
        "服务",
        "，",
        "。",
        "职工",
        "百分之",
        "2024",
        "GDP",
    ],
    "big5hkscs": [
        "工會",
        "全年",
        "會員",
        "增長",
        "服務",
        "，",
        "。",
        "職工",
        "百分之",
        "2024",
        "GDP",
    ],
}


@pytest.mark.parametrize("encoding", WORDS)
@settings(deadline=None)  # the dictionary is read once
@given(data=st.data())
def test_any_words_of_reports_are_read_in_their_encoding(
    data: st.DataObject, encoding: str
) -> None:
    text = "".join(data.draw(st.lists(st.sampled_from(WORDS[encoding]), min_size=8)))
    assert decode(text.encode(encoding), "x") == text


@pytest.mark.parametrize(("text", "encoding"), ENCODED)
def test_broken_bytes_cost_their_characters_and_no_more(text: str, encoding: str) -> None:
    data = bytearray(text.encode(encoding) * 20)
    middle = data.index("年".encode(encoding), len(data) // 2)
    data[middle : middle + 1] = b"" if encoding == "utf-8" else b"\xff"
    read = decode(bytes(data), "x")
    whole = text * 20
    assert read[:200] == whole[:200]
    assert read[-200:] == whole[-200:]


@pytest.mark.parametrize("cut", [1, 2])
def test_a_short_file_that_is_cut_off_is_read(cut: int) -> None:
    line = "全年收缴会费二百四十万元，比上年增长百分之六"
    assert decode(line.encode()[:-cut], "x") == line[:-1] + "\ufffd"


def test_lines_with_characters_that_are_lost_are_doubtful() -> None:
    data = (SIMPLIFIED * 20).encode().replace("货车".encode(), b"\xff\xfe", 1)
    extraction = read_txt(data, "x")
    assert "\ufffd" in extraction.source
    assert extraction.doubts == (
        Doubt("broken-characters", "一年来，全县新建基层工会四十六家，发展会员3200人"[:24]),
    )
    assert read_txt(SIMPLIFIED.encode(), "x").doubts == ()


@pytest.mark.parametrize(
    "end", ["\r\n", "\r", "\v", "\x85", "\u2028", "\u2029", "\f", "\n\f", "\r\n\f\r\n"]
)
def test_every_end_of_a_line_or_a_page_parts_lines(end: str) -> None:
    text = decode(end.join(["工作总结", "全年工作", "已经完成。"]).encode(), "x")
    assert text.split("\n") == ["工作总结", "全年工作", "已经完成。"]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_stray_nuls_and_control_characters_are_left_out(encoding: str) -> None:
    text = SIMPLIFIED.replace("工会", "工\0会\x07", 1) + "\x1a"
    assert decode(text.encode(encoding), "x") == SIMPLIFIED


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("本年度の活動報告です。会員数は前年度より増加しました。", "shift_jis"),
        ("Отчёт о работе за год. Число членов выросло.", "cp1251"),
    ],
)
def test_what_is_chinese_in_no_encoding_is_refused(text: str, encoding: str) -> None:
    assert guess_encoding(text.encode(encoding)) is None
    with pytest.raises(UnreadableReport, match=r"文字编码无法识别.*请"):
        decode(text.encode(encoding), "x")


def test_a_program_is_no_text() -> None:
    with Path(sys.executable).open("rb") as program, pytest.raises(UnreadableReport, match="不是"):
        decode(program.read(200_000), "x")
