"""``youju verify``: the quotations of an article found, and each judged."""

import json
from pathlib import Path

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE

import youju
from corpus import read_quotations
from corpus.quotations import quoted_in

ARTICLE = """---
title: 读报告
---
# 两份报告里的数字

县政府提出，“粮食产量21.5万吨以上，城镇新增就业3800人以上”，并要求
抓好“十四五”收官。有人写成“粮食产量22.5万吨以上，城镇新增就业3800人
以上”，数字就错了。

> 清晨五点半，汀南区滨江路驿站的灯先亮了。环卫工邵广田推门进来，
> 把饭盒放进微波炉。
>
> ——《把家安在职工心坎上》

記者寫道：「市總工會給每戶困難職工建起“一戶一策”台賬」。至于“全县建成三十座大型体育场馆”，查无此事。

| 项目 | 原话 |
|---|---|
| 就业 | "城镇新增就业3860人" |
"""

WANTED = [
    (6, "verbatim", False),
    (7, "changed", True),
    (10, "verbatim", False),
    (15, "verbatim", False),
    (15, "missing", False),
    (19, "verbatim", False),
]


@pytest.fixture
def article(tmp_path: Path) -> Path:
    file = tmp_path / "文稿.md"
    file.write_text(ARTICLE, encoding="utf-8")
    return file


@pytest.fixture
def word_article(tmp_path: Path) -> Path:
    document = docx.Document()
    document.add_paragraph("县政府提出，“粮食产量21.5万吨以上”，“城镇新增就业4800人以上”。")
    document.add_paragraph("清晨五点半，汀南区滨江路驿站的灯先亮了。", style="Quote")
    style = document.styles.add_style("明显引用", WD_STYLE_TYPE.PARAGRAPH)
    document.add_paragraph("火星基地的氧气储备已经达到三百吨。", style=style)
    file = tmp_path / "文稿.docx"
    document.save(str(file))
    return file


def quoted(text: str) -> list[str]:
    return [text[start:end] for start, end in quoted_in(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("他说“一”，又说「二」和『三』。", ["一", "二", "三"]),
        ('"一" and "二"', ["一", "二"]),
        ("“外面‘里面’再“更里面”。”", ["外面‘里面’再“更里面”。"]),
        ("「外『内』外」", ["外『内』外"]),
        ("没有合上：“一直到段末", ["一直到段末"]),
        ("”先合后开“", [""]),
        ("没有引文", []),
    ],
)
def test_the_outermost_quotation_marks_count(text: str, wanted: list[str]) -> None:
    assert quoted(text) == wanted


def test_quotations_in_markdown_are_found_with_their_lines(article: Path) -> None:
    found = read_quotations(article, file=article.name)
    assert [(one.line, one.block) for one in found] == [
        (6, False),
        (7, False),
        (7, False),
        (10, True),
        (15, False),
        (15, False),
        (19, False),
    ]
    assert found[3].text.endswith("把饭盒放进微波炉。")


def test_quotations_in_word_are_found_with_their_paragraphs(word_article: Path) -> None:
    found = read_quotations(word_article, file=word_article.name)
    assert [(one.paragraph, one.line, one.block) for one in found] == [
        (1, None, False),
        (1, None, False),
        (2, None, True),
        (3, None, True),
    ]


@pytest.mark.model
def test_verbatim_altered_and_invented_quotations_are_judged_rightly(
    article: Path, sample_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = youju.main(["verify", str(article), "--data", str(sample_data), "--json"])
    assert code == youju.NO
    printed = json.loads(capsys.readouterr().out)
    judged = [(item["line"], item["status"], item["figures_differ"]) for item in printed["items"]]
    assert judged == WANTED
    assert (printed["total"], printed["skipped"]) == (6, 1)
    assert printed["items"][3]["passages"][0]["folded"] == ["script"]


@pytest.mark.model
def test_each_quotation_is_printed_with_verdict_place_difference_and_reference(
    article: Path, sample_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert youju.main(["verify", str(article), "--data", str(sample_data)]) == youju.NO
    first, second, *_, last = capsys.readouterr().out.strip().split("\n\n")
    assert first.splitlines() == [
        "第6行：“粮食产量21.5万吨以上，城镇新增就业3800人以上”",
        "  一字不差",
        "  《2025年青岚县政府工作报告》 › 二、2025年目标任务，第28段",
        "  岑叙白. 2025年青岚县政府工作报告[R]. 2025-01-08.",
    ]
    assert "有改动，数字不同！" in second
    assert "粮食产量【数字不同！原文：21.5，引作：22.5】万吨以上" in second
    assert last == (
        "核对了 6 处引文：4 处一字不差，1 处有改动（1 处数字不同），1 处没有找到；"
        "另有 1 处不足 6 个字，没有核对。"
    )


@pytest.mark.model
def test_a_word_file_is_checked_too(
    word_article: Path, sample_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert youju.main(["verify", str(word_article), "--data", str(sample_data)]) == youju.NO
    printed = capsys.readouterr().out
    assert printed.count("一字不差\n") == 2
    assert "第1段：“城镇新增就业4800人以上”\n  有改动，数字不同！" in printed
    assert "第3段：“火星基地的氧气储备已经达到三百吨。”\n  没有找到" in printed


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("“粮食产量21.5万吨以上”，“一是”", "另有 1 处不足 6 个字，没有核对"),
        ("“粮食产量21.5万吨以上”", "核对了 1 处引文：1 处一字不差"),
        ("没有引文。", "没有引文"),
    ],
)
def test_nothing_to_complain_of_is_exit_code_0(
    tmp_path: Path, sample_data: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    file = tmp_path / "文稿.md"
    file.write_text(text, encoding="utf-8")
    assert youju.main(["verify", str(file), "--data", str(sample_data)]) == youju.DONE
    assert said in capsys.readouterr().out


@pytest.mark.model
def test_what_is_too_long_to_be_checked_is_not_called_sound(
    tmp_path: Path, sample_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "文稿.md"
    file.write_text(f"“{'长' * 2001}”", encoding="utf-8")
    assert youju.main(["verify", str(file), "--data", str(sample_data)]) == youju.NO
    assert "另有 1 处超过 2000 个字，没有核对" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("没有.md", None, "文件不存在"),
        ("文稿.pdf", b"%PDF", "只核对 Markdown"),
        ("坏.docx", b"PK\x03\x04", "文件损坏"),
        ("乱.md", bytes(range(256)) * 40, "乱.md"),
    ],
)
def test_an_article_that_cannot_be_read_is_exit_code_2(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    content: bytes | None,
    said: str,
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert youju.main(["verify", str(tmp_path / name)]) == youju.FAILED
    printed = capsys.readouterr()
    assert printed.out == ""
    assert said in printed.err
