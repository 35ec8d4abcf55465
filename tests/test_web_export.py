"""``POST /api/v1/export``: conversations as Markdown and as Word files."""

import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from docx import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from corpus import read_report
from web.export_docx import conversation_docx
from web.export_markdown import conversation_markdown
from web.export_models import ExportRequest

DAY = "2025-03-01"
ANSWER = "粮食产量21.5万吨以上，城镇新增就业3800人以上；"
SOURCE: dict[str, Any] = {
    "text": f"今年的目标是：{ANSWER}其余照旧。",
    "highlights": [[7, 7 + len(ANSWER)]],
    "title": "2025年青岚县政府工作报告",
    "section": ["二、目标任务", "（一）总量"],
    "paragraph": 28,
    "reference": "岑叙白. 2025年青岚县政府工作报告[R]. 2025-01-08.",
    "url": "http://127.0.0.1:8000/reports/3ac8?quote=%E7%B2%AE&copy=1#p28",
}
CONVERSATION: dict[str, Any] = {
    "title": "青岚县的目标",
    "turns": [
        {
            "question": "青岚县今年粮食产量目标是多少？",
            "answerable": True,
            "answer": ANSWER,
            "sources": [SOURCE, SOURCE | {"url": None, "highlights": []}],
        },
        {
            "question": "青岚县有多少家书店？",
            "answerable": False,
            "answer": None,
            "sources": [SOURCE | {"text": "| 区县 | 书店 |\n| --- | --- |\n| 云汀 | 5 |"}],
        },
        {"question": "空的？", "answerable": False, "answer": None},
    ],
}


def conversation(**fields: object) -> ExportRequest:
    return ExportRequest.model_validate({**CONVERSATION, "format": "markdown", **fields})


def with_text(text: str, highlights: list[list[int]] | None = None) -> ExportRequest:
    source = SOURCE | {"text": text, "highlights": highlights or []}
    turn = CONVERSATION["turns"][0] | {"sources": [source]}
    return conversation(turns=[turn])


def export(url: str, form: str, **headers: str) -> httpx.Response:
    body = CONVERSATION | {"format": form}
    return httpx.post(f"{url}/api/v1/export", json=body, headers=headers, timeout=30)


def rendered(markdown: str) -> list[tuple[str, str]]:
    """The kinds of all tokens of Markdown, with their text."""
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return [
        (token.type, token.content)
        for block in parser.parse(markdown)
        for token in (block.children or [block])
    ]


@pytest.mark.model
@pytest.mark.parametrize(("form", "suffix"), [("markdown", "md"), ("docx", "docx")])
def test_a_file_is_named_after_the_conversation(server_url: str, form: str, suffix: str) -> None:
    reply = export(server_url, form)
    assert reply.status_code == 200
    disposition = reply.headers["content-disposition"]
    assert disposition.startswith(f'attachment; filename="youju.{suffix}"; ')
    name = re.search(r"filename\*=UTF-8''([^;]+)", disposition)
    assert name is not None
    assert unquote(name[1]) == f"青岚县的目标.{suffix}"
    assert reply.headers["content-type"].startswith(
        "text/markdown" if form == "markdown" else "application/vnd.openxmlformats"
    )


@pytest.mark.model
def test_our_own_words_are_in_the_language_asked_for(server_url: str) -> None:
    english = export(server_url, "markdown", **{"Accept-Language": "en"}).text
    assert "**Answer:** 粮食" in english
    assert "No answer was found" in english
    assert "[View in the report](<http://127.0.0.1" in english


@pytest.mark.model
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"format": "pdf"}, "format"),
        ({"title": " "}, "title"),
        ({"turns": []}, "turns"),
        ({"turns": [CONVERSATION["turns"][2]] * 201}, "turns"),
        (
            {"turns": [CONVERSATION["turns"][2] | {"sources": [SOURCE | {"url": "javascript:1"}]}]},
            "turns[0].sources[0].url",
        ),
        (
            {"turns": [CONVERSATION["turns"][2] | {"sources": [SOURCE | {"highlights": [[1]]}]}]},
            "turns[0].sources[0].highlights[0]",
        ),
    ],
)
def test_what_cannot_be_exported_is_refused(
    server_url: str, fields: dict[str, Any], field: str
) -> None:
    body = CONVERSATION | {"format": "docx"} | fields
    reply = httpx.post(f"{server_url}/api/v1/export", json=body)
    assert reply.status_code == 422
    assert [error["field"] for error in reply.json()["errors"]] == [field]


def test_markdown_has_questions_answers_and_numbered_sources() -> None:
    text = conversation_markdown(conversation(), DAY, "zh")
    assert text.startswith("# 青岚县的目标\n\n导出于 2025-03-01。\n\n## 青岚县今年")
    tokens = rendered(text)
    headings = [tokens[i + 1][1] for i, (kind, _) in enumerate(tokens) if kind == "heading_open"]
    assert headings[:3] == ["青岚县的目标", "青岚县今年粮食产量目标是多少？", "依据"]
    assert [kind for kind, _ in tokens].count("ordered_list_open") == 2
    strong = [tokens[i + 1][1] for i, (kind, _) in enumerate(tokens) if kind == "strong_open"]
    assert strong[:2] == ["回答：", ANSWER.rstrip("；")]
    assert "没有找到答案。下面是最接近的段落" in text
    assert "也没有接近的段落" in text
    assert "《2025年青岚县政府工作报告》二、目标任务，（一）总量，第28段" in text
    assert tokens.count(("link_open", "")) == 2


@given(
    text=st.text(min_size=1, max_size=60)
    | st.text("#*_-+=`~<>[]()!|&\\:/@.1 \n\twWhtps{}^$a。“", min_size=1, max_size=60),
    start=st.integers(0, 60),
    end=st.integers(0, 60),
)
def test_no_text_of_a_report_becomes_markup(text: str, start: int, end: int) -> None:
    written = conversation_markdown(with_text(text, [[start, end]]), DAY, "zh")
    tokens = rendered(written)
    allowed = {
        *("heading", "paragraph", "ordered_list", "list_item", "blockquote", "strong", "link"),
    }
    kinds = {kind.removesuffix("_open").removesuffix("_close") for kind, _ in tokens}
    assert kinds <= allowed | {"text", "text_special", "hardbreak", "softbreak"}
    assert tokens.count(("link_open", "")) == 1
    quoted, depth = "", 0
    for kind, content in tokens:
        depth += {"blockquote_open": 1, "blockquote_close": -1}.get(kind, 0)
        quoted += content if depth and kind in {"text", "text_special"} else ""
    control = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]|\s")
    assert control.sub("", quoted) == control.sub("", text)


def test_bare_addresses_stay_text_in_programs_that_look_for_them() -> None:
    spoken = with_text("见https://a.example和www.b.example及c@d.example")
    text = conversation_markdown(spoken, DAY, "zh")
    for bare in ("https://a.example", "www.b.example", "c@d.example"):
        assert bare not in text


def test_word_files_use_words_own_styles_with_fonts_for_chinese() -> None:
    document = Document(BytesIO(conversation_docx(conversation(), DAY, "zh")))
    assert document.core_properties.title == "青岚县的目标"
    by_style = [(p.style.name if p.style else "", p.text) for p in document.paragraphs]
    assert by_style[:3] == [
        ("Title", "青岚县的目标"),
        ("Normal", f"导出于 {DAY}。"),
        ("Heading 1", "青岚县今年粮食产量目标是多少？"),
    ]
    assert [style for style, _ in by_style].count("List Number") == 3
    (marked,) = [
        run.text
        for paragraph in document.paragraphs
        for run in paragraph.runs
        if run.font.highlight_color == WD_COLOR_INDEX.YELLOW and "粮食" in run.text
    ][:1]
    assert marked == ANSWER
    for name in {style for style, _ in by_style}:
        fonts = document.styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) in {"宋体", "黑体"}
        assert fonts.get(qn("w:eastAsiaTheme")) is None
    numbers = [
        paragraph._p.pPr.numPr.numId.val  # noqa: SLF001 - python-docx has no other way
        for paragraph in document.paragraphs
        if paragraph.style.name == "List Number"
    ]
    assert numbers[0] == numbers[1] != numbers[2]
    links = [link.url for paragraph in document.paragraphs for link in paragraph.hyperlinks]
    assert links == [SOURCE["url"]] * 2


def test_our_own_reader_finds_the_headings_of_a_word_file(tmp_path: Path) -> None:
    path = tmp_path / "对话.docx"
    path.write_bytes(conversation_docx(conversation(), DAY, "zh"))
    report = read_report(path, file=path.name)
    assert report.title == "青岚县的目标"
    headings = [section.heading for section in report.sections if section.level == 1]
    assert headings == [turn["question"] for turn in CONVERSATION["turns"]]
    assert any(ANSWER in paragraph.text for paragraph in report.paragraphs)


@settings(deadline=None, max_examples=30)
@given(text=st.text(max_size=40), start=st.integers(0, 50), end=st.integers(0, 50))
def test_any_text_makes_a_word_file(text: str, start: int, end: int) -> None:
    made = conversation_docx(with_text(text, [[start, end], [end, start + 9]]), DAY, "en")
    assert Document(BytesIO(made)).paragraphs


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_the_word_file_and_counts_its_lists_as_written(tmp_path: Path) -> None:
    path = tmp_path / "conversation.docx"
    path.write_bytes(conversation_docx(conversation(), DAY, "zh"))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "txt:Text (encoded):UTF8"]
    command += ["--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    lines = (tmp_path / "conversation.txt").read_text("utf-8-sig").splitlines()
    numbered = [line.split()[0] for line in lines if "《2025年青岚县政府工作报告》" in line]
    assert numbered == ["1.", "2.", "1."]
