"""Matching Chinese: numerals, slips and synonyms find what reports write otherwise."""

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from conftest import SHARED
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import chinese_value
from index import Encoder, HybridIndex, UserFileError, build_index, numbers, tokens
from index.lexical import LexicalIndex
from index.numerals import numerals
from index.spelling import Spelling
from index.synonyms import BUILT_IN, Synonyms, read_synonyms
from index.tokens import Tokenizer, legible, normalised
from index.types import Query
from index.understanding import Understanding
from index.user_words import read_words, tokenizer_with, words_text

TEXTS = [
    "云汀市全年建成高标准农田十二万亩，农田灌溉条件明显改善。",
    "帮助农民工追回工资，农民工子女就近入学。",
    "云汀市总工会为困难职工发放慰问金，职工代表大会审议了工会工作报告。",
    "市总工会举办技能竞赛。",
    "县总工会慰问一线职工。",
    "港口货物吞吐量增长5%，青云高铁全线开工。",
    "营商环境持续优化，工伤认定时限缩短一半。",
    "工伤认定实行网上办理，养老机构床位增加三百张。",
    "工伤认定申请当日受理。社会消费品零售总额增长6%。",
    "青岚县耕地和农田保护面积稳定，改造旱厕2300座。",
    "农田水利建设投入两千三百万元。",
]


def lexical(words: str = "") -> LexicalIndex:
    return LexicalIndex.build(TEXTS, tokenizer_with(tuple((word, None) for word in words.split())))


@cache
def understanding() -> Understanding:
    return Understanding(lexical(), read_synonyms(BUILT_IN))


@pytest.fixture
def understood() -> Callable[[str], Query]:
    return understanding().query


# Numerals


def chinese(number: int) -> str:
    """Write a number as it is read out; a writer independent of the reader that is tested."""
    for unit, value in (("亿", 10**8), ("万", 10**4)):
        if number >= value:
            high, low = divmod(number, value)
            gap = "零" if 0 < low < value // 10 else ""
            return chinese(high) + unit + gap + (chinese(low) if low else "")
    digits = "零一二三四五六七八九"
    text = "".join(
        digits[int(digit)] + (unit if digit != "0" else "")
        for digit, unit in zip(f"{number:04}", "千百十 ", strict=True)
    )
    return re.sub("零+", "零", text.replace(" ", "")).strip("零") or "零"


@settings(deadline=None)  # the dictionary is read once
@given(st.text("0123456789５abZz.%+-_#&/,，、 年月日万亿百分之点五二十个℃①½", max_size=14))
def test_numbers_are_the_tokens_with_a_digit(text: str) -> None:
    assert numbers(text) == {token for token in tokens(text) if any(map(str.isdigit, token))}


@given(st.integers(0, 10**12))
def test_a_number_has_one_token_in_all_writings(number: int) -> None:
    writings = [f"{number}", f"{number:,}", chinese(number), f"{number}".translate(FULL_WIDTH)]
    if number >= 10**4:
        writings += [f"{decimal(number, 10**4)}万", f"{decimal(number, 10**8)}亿"]
    if number == 1:
        writings.remove("一")  # 一个 is an article
    for writing in writings:
        assert str(number) in tokens(f"共{writing}个"), writing


FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def decimal(number: int, unit: int) -> str:
    whole, rest = divmod(number, unit)
    digits = f"{rest:0{len(str(unit)) - 1}}".rstrip("0")
    return f"{whole}.{digits}" if digits else f"{whole}"


@given(st.integers(0, 10**12))
def test_chinese_numerals_are_read_as_they_are_written(number: int) -> None:
    assert chinese_value(chinese(number)) == number


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("一百二十万人", ["1200000"]),
        ("120万人", ["1200000"]),
        ("1,200,000人", ["1200000"]),
        ("1 200 000人", ["1200000"]),
        ("1\u2009860.5万元", ["18605000"]),
        ("12 345 678", []),
        ("2024 860元", []),
        ("两千三百家", ["2300"]),
        ("两千三百多家", ["2300"]),
        ("13.7万亿元", ["13700000000000"]),
        ("三点五万亿元", ["3500000000000"]),
        ("3亿5000万", ["350000000"]),
        ("百分之五", ["5%"]),
        ("百分之三点五", ["3.5%"]),
        ("百分之百", ["100%"]),
        ("5.0%", ["5%"]),
        ("占三成以上", ["30%"]),
        ("三成五左右", ["35%"]),
        ("二〇二五年一月十八日", ["2025", "1月", "1月18日"]),
        ("二零二五年", ["2025"]),
        ("二○二五年", ["2025"]),
        ("2025年1月18日", ["1月", "1月18日"]),
        ("2025-01-18", ["2025", "1月", "1月18日"]),
        ("新建3所学校", []),
        ("2025年增长5%", []),
    ],
)
def test_numbers_are_found_in_canonical_form(text: str, canonical: list[str]) -> None:
    assert numerals(normalised(text)) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "十九大",
        "二十大精神",
        "一带一路",
        "三农",
        "十五五规划",
        "五一劳动奖章",
        "十分重要",
        "千方百计",
        "数十万人",
        "二三十个",
        "三三制",
        "两成员单位",
        "第三成立",
        "一成不变",
        "三点五十分",
        "一个",
    ],
)
def test_numerals_in_names_and_idioms_are_no_numbers(text: str) -> None:
    assert numerals(text) == []
    assert set(Tokenizer().words(text)) <= set(tokens(text))


# Slips


@pytest.mark.parametrize(
    ("question", "wrong", "right"),
    [
        ("今年建多少高标准农天", "农天", "农田"),
        ("农名工子女怎么上学", "农名工", "农民工"),
        ("工伤认订多久", "认订", "认定"),
        ("货物吞土量多少", "吞土量", "吞吐量"),
        ("营商环镜怎么样", "环镜", "环境"),
        ("市总公会办了什么", "公会", "工会"),
        ("建多少青运高铁全线", "青运高铁", "青云高铁"),
        ("今年建多少高標準農天", "农天", "农田"),
    ],
)
def test_slips_are_put_right_by_the_reports(
    understood: Callable[[str], Query], question: str, wrong: str, right: str
) -> None:
    query = understood(question)
    assert [(item.wrong, item.right) for item in query.respellings] == [(wrong, right)]
    [item] = query.respellings
    assert query.legible[item.start : item.end] == wrong
    assert query.text == query.legible.replace(wrong, right)


@pytest.mark.parametrize(
    "question",
    ["龚正市长讲了什么", "晋省哪年通高速", "他在港口工作吗", "公证处几点开门", "谁是行业公会会长"],
)
def test_what_the_reports_do_not_say_is_not_put_right(
    understood: Callable[[str], Query], question: str
) -> None:
    assert understood(question).respellings == ()


@settings(deadline=None)  # the dictionary is read once
@given(st.data())
def test_words_of_the_reports_are_never_put_right(data: st.DataObject) -> None:
    known = sorted({word for text in TEXTS for word in Tokenizer().cut(text) if len(word) > 1})
    words = data.draw(st.lists(st.sampled_from(known), min_size=1, max_size=8))
    assert understanding().query("，".join(words)).respellings == ()


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the public question sets")
def test_proper_questions_are_left_alone() -> None:
    sets = json.loads((SHARED / "data" / "cmrc2018_trial.json").read_text("utf-8"))
    paragraphs = [paragraph for entry in sets["data"] for paragraph in entry["paragraphs"]]
    index = LexicalIndex.build([paragraph["context"] for paragraph in paragraphs], Tokenizer())
    spelling = Spelling(index)
    questions = [legible(qa["question"]) for paragraph in paragraphs for qa in paragraph["qas"]]
    changed = [question for question in questions if spelling.respellings(question)]
    assert len(changed) <= len(questions) / 200


@pytest.mark.parametrize(
    "question",
    ["2025年社零增长5%", "2025年社零增長5%", "２０２５年社零增长５％", "２０２５年社零增長5％"],
)
def test_script_and_width_make_no_difference(
    understood: Callable[[str], Query], question: str
) -> None:
    assert understood(question).text == "2025年社零增长5%"


@settings(deadline=None)  # as above
@given(st.text("社零农田增长改造旱厕２2%％ＧＤＰgdp，", max_size=12))
def test_full_and_half_width_are_searched_alike(text: str) -> None:
    full = text.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    half = text.translate({code + 0xFEE0: code for code in range(0x21, 0x7F)})
    one, other = (understanding().weights(understanding().query(form)) for form in (full, half))
    assert one == other


# Synonyms and words of the user


def test_synonyms_that_reports_hold_are_searched_for(understood: Callable[[str], Query]) -> None:
    query = understood("社零目标和茅房改造")
    found = [(expansion.word, expansion.synonyms) for expansion in query.expansions]
    assert found == [("社零", ("社会消费品零售总额",)), ("茅房", ("旱厕",))]
    assert query.text == "社零目标和茅房改造"


def test_a_synonym_counts_less_than_the_word_itself() -> None:
    weights = understanding().weights(understanding().query("改造茅房"))
    assert 0 < weights["旱厕"] < weights["改造"]


def test_a_word_inside_another_has_no_synonyms() -> None:
    synonyms = Synonyms([("会保", "保密会")], Tokenizer())
    assert list(synonyms.expansions("社会保险")) == []


def test_every_built_in_word_stands_in_one_group_only() -> None:
    groups = read_synonyms(BUILT_IN)
    words = [word for group in groups for word in group]
    assert len(groups) > 80
    assert sorted(words) == sorted(set(words))


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("", ()),
        ("# 注释\n\n茅房 旱厕\n", (("茅房", "旱厕"),)),
        ("﻿茅房、旱厕 # 注释\n", (("茅房", "旱厕"),)),
        ("GDP=生產總值＝经济总量\r\n", (("gdp", "生产总值", "经济总量"),)),
    ],
)
def test_synonyms_are_read_in_each_writing(tmp_path: Path, text: str, groups: object) -> None:
    file = tmp_path / "synonyms.txt"
    file.write_text(text, "utf-8")
    assert read_synonyms(file) == groups


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("茅房 旱厕\n孤零零\n".encode(), "第 2 行：一组同义词至少要有两个"),
        ("茅房 茅房\n".encode(), "第 1 行：一组同义词至少要有两个"),
        (" ".join(map(str, range(99))).encode(), "第 1 行：一组同义词最多 20 个"),
        (("长" * 41 + " 短").encode(), "超过 40 个字"),
        ("茅房 旱厕\n".encode("gb18030"), "不是 UTF-8"),
        (b"#\n" * 20_001, "超过 20000 行"),
        (b"#" * 1_000_001, "超过 1 MB"),
    ],
)
def test_wrong_synonyms_are_named_with_their_line(
    tmp_path: Path, data: bytes, message: str
) -> None:
    file = tmp_path / "synonyms.txt"
    file.write_bytes(data)
    with pytest.raises(UserFileError, match=f"synonyms.txt.*{message}"):
        read_synonyms(file)


def test_a_folder_in_place_of_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "words.txt").mkdir()
    with pytest.raises(UserFileError, match="无法读取"):
        read_words(tmp_path / "words.txt")


def test_words_are_read_in_the_format_of_jieba(tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_text("云計算 5\n青云高铁 3 nz\n浔溪 ns\n# 注释\n岚山\n", "utf-8")
    words = read_words(file)
    assert dict(words) == {"云计算": 5, "青云高铁": 3, "浔溪": None, "岚山": None}
    file.write_text(words_text(words), "utf-8")
    assert read_words(file) == words


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("浔溪 很多\n", "第 1 行：“浔溪 很多”不合格式"),
        ("岚山\n云汀 3 ns 多余\n", "第 2 行"),
        ("长" * 41, "超过 40 个字"),
    ],
)
def test_wrong_words_are_named_with_their_line(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "words.txt"
    file.write_text(text, "utf-8")
    with pytest.raises(UserFileError, match=f"words.txt.*{message}"):
        read_words(file)


def test_a_word_of_the_user_is_one_token_and_no_one_elses() -> None:
    assert "岚碳通" in lexical("岚碳通").tokenizer.words("开通了岚碳通平台")
    assert "岚碳通" not in Tokenizer().cut("开通了岚碳通平台")


@pytest.mark.model
def test_changed_words_rebuild_the_index_and_changed_synonyms_do_not(
    tmp_path: Path, encoder: Encoder, sample_reports: tuple
) -> None:
    def build() -> bool:
        return build_index(sample_reports[:1], data=tmp_path, encoder=encoder).changed

    assert build()
    assert not build()
    (tmp_path / "words.txt").write_text("岚碳通 5 n\n", "utf-8")
    assert build()
    assert not build()
    (tmp_path / "synonyms.txt").write_text("岚碳通 报告\n", "utf-8")
    assert not build()
    index = HybridIndex(tmp_path, encoder)
    query = index.understand("岚碳通")
    assert [expansion.synonyms for expansion in query.expansions] == [("报告",)]
    assert index.search(query, limit=3) == index.search("岚碳通", limit=3)
    (tmp_path / "synonyms.txt").write_text("岚碳通\n", "utf-8")
    with pytest.raises(UserFileError, match="第 1 行"):
        HybridIndex(tmp_path, encoder)
    (tmp_path / "words.txt").write_text("岚碳通 五\n", "utf-8")
    with pytest.raises(UserFileError, match="第 1 行"):
        build()
