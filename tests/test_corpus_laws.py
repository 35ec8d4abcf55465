"""Laws of reading: every quote stands in its source, and nothing of the source is thrown away."""

import contextlib
import json
from collections import Counter
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutations import mutate
from sound_files import converted, sound_files

from corpus import SEARCHED_KINDS, Report, ReportError, Section, read_folder
from corpus.doc import find_soffice
from corpus.numbering import label_of
from corpus.report_file import READERS
from corpus.source import Extraction
from corpus.structure import Structure, read_structure
from corpus.txt import read_txt

SHARED = Path(__file__).parent.parent.parent / "shared"
needs_shared = pytest.mark.skipif(
    not (SHARED / "reports").is_dir(), reason="the real reports are not at hand (../shared)"
)

HEADINGS = st.sampled_from(
    [
        "第一章 总则",
        "一、过去一年",
        "（一）工业",
        "1.技改",
        "（2）投资",
        "①招商",
        "专栏1 重点工程",
        "一是稳就业",
        "——夜校，把课堂搬进厂区。",
        "困难帮扶：结对入户，雪中送来炭火盆",
        "劳动竞赛 千人同台 干出新成绩",
        "2024年工作回顾",
    ]
)
APART = st.sampled_from(
    [
        "来源：柳溪日报",
        "□本报记者 温如初",
        "各位代表：",
        "焊工比武现场",
        "图为慰问现场。",
        "2025年1月9日",
    ]
)
BODY = st.text(
    alphabet="全年县职工增长百分之，、。；：“”《》（）12.5% 一二是", min_size=1, max_size=90
)
RUN_IN = st.builds("{}。{}".format, HEADINGS, BODY)
LINES = st.lists(
    st.tuples(st.integers(0, 3), st.booleans(), HEADINGS | APART | BODY | RUN_IN), max_size=16
)


def squashed(text: str) -> str:
    return "".join(text.split())


def places(source: str, part: Structure | Section | Report, field: str) -> list[int]:
    """Positions of all characters at a record's spans that are not white space."""
    spans = getattr(part, field)
    return [i for s in spans for i in range(s.start, s.end) if not source[i].isspace()]


def check_laws(source: str, report: Structure | Report) -> None:
    seen: Counter[int] = Counter()
    heads: set[int] = set()
    for ordinal, paragraph in enumerate(report.paragraphs, 1):
        assert paragraph.ordinal == ordinal
        spans = paragraph.spans
        assert squashed("".join(source[s.start : s.end] for s in spans)) == squashed(paragraph.text)
        assert all(a.end <= b.start for a, b in pairwise(spans))
        if paragraph.kind == "table":
            heads.update(range(spans[0].start, spans[0].end))
        seen.update(i for s in spans for i in range(s.start, s.end) if not source[i].isspace())
    in_paragraphs = set(seen)
    for section in report.sections:
        assert section.path[-1] == section.heading
        assert section.level == len(section.path)
        assert 1 <= section.first_paragraph <= len(report.paragraphs) + 1
        stands = places(source, section, "spans")
        assert squashed(section.heading) in squashed("".join(source[i] for i in stands))
        if not in_paragraphs.issuperset(stands):
            seen.update(stands)
    seen.update(places(source, report, "title_spans"))
    seen.update(places(source, report, "subtitle_spans"))
    assert set(seen) == {i for i, character in enumerate(source) if not character.isspace()}
    assert all(count == 1 or place in heads for place, count in seen.items())


def check_extraction(extraction: Extraction) -> None:
    """Hold blocks to the law: in order, true to the source, and none of its characters left out."""
    source = extraction.source
    seen = set()
    for block in extraction.blocks:
        places = [i for span in block.spans for i in range(span.start, span.end)]
        assert squashed("".join(source[i] for i in places)) == squashed(block.text)
        assert all(first.end <= second.start for first, second in pairwise(block.spans))
        seen.update(places)
    assert all(i in seen or character.isspace() for i, character in enumerate(source))
    check_laws(source, read_structure(extraction))
    source.encode()


@settings(deadline=None)  # the dictionary is read once, for the first torn line
@given(LINES)
def test_every_character_of_a_text_stands_in_exactly_one_place(
    lines: list[tuple[int, bool, str]],
) -> None:
    text = "".join(
        "\n" * (gap + 1) + ("　　" if indented else "") + line for gap, indented, line in lines
    )
    check_laws(text, read_structure(read_txt(text.encode(), "x")))


@pytest.mark.parametrize("suffix", READERS)
def test_the_laws_hold_for_sound_files_of_every_format(suffix: str) -> None:
    if suffix == ".rtf" and find_soffice() is None:
        pytest.skip("LibreOffice is not installed, which reads .rtf")
    examples = sound_files(suffix)  # a new format needs one there
    assert examples
    for data in examples:
        extraction = READERS[suffix](data, f"x{suffix}")
        assert extraction.blocks
        check_extraction(extraction)


@needs_shared
@pytest.mark.skipif(find_soffice() is None, reason="LibreOffice is not installed")
def test_the_laws_hold_for_real_reports_in_other_formats_sound_or_damaged(tmp_path: Path) -> None:
    files = sorted((SHARED / "reports").rglob("*.docx"), key=lambda path: path.stat().st_size)[:2]
    made = [path for kind in ("pdf", "html", "doc") for path in converted(files, kind, tmp_path)]
    assert len(made) == 6
    for path in made:
        check_extraction(READERS[path.suffix](path.read_bytes(), path.name))
    for path in (*files, *made[:4], *(SHARED / "reports").rglob("*.txt")):
        for number in range(3):
            data = mutate(path.read_bytes(), Random(number), ())  # noqa: S311 - to be had again
            with contextlib.suppress(ReportError):
                check_extraction(READERS[path.suffix](data, path.name))


@needs_shared
def test_the_laws_hold_for_every_real_report() -> None:
    reading = read_folder(SHARED / "reports")
    assert not reading.errors
    for report in reading.reports:
        check_laws(report.source, report)


@needs_shared
def test_every_real_report_states_its_title_date_and_organisation() -> None:
    for report in read_folder(SHARED / "reports" / "provinces").reports:
        assert report.title == Path(report.file).stem
        assert report.date is not None
        assert report.date.startswith("2025-01-")
        assert len(report.authors) == 1
        assert report.organisation is not None


@needs_shared
@pytest.mark.parametrize("key", ["000", "002"])
def test_the_gold_structure_of_the_union_reports_is_found(key: str) -> None:
    gold = json.loads((SHARED / "eval" / f"structure_{key}.json").read_text("utf-8"))
    reports = read_folder(SHARED / "reports" / "union").reports
    report = next(report for report in reports if report.file.startswith(key))
    body = [p for p in report.paragraphs if p.kind in SEARCHED_KINDS]
    found = {heading.rstrip("。") for p in report.paragraphs for heading in p.section}
    wanted = {s["heading"] for s in gold["sections"] if s["heading"]}
    wanted |= {h.rstrip("。") for s in gold["sections"] for h in s["subheadings"]}
    assert found == wanted
    for section in gold["sections"]:
        for piece in section["paragraphs"]:
            matches = [
                p
                for p in body
                if p.text.startswith(piece["start"]) and p.text.endswith(piece["end"])
            ]
            assert matches, piece
            assert section["heading"] is None or section["heading"] in matches[0].section
    for line in gold["captions"] + gold["byline"]:
        assert any(p.text == line and p.kind in {"caption", "byline"} for p in report.paragraphs)


@needs_shared
def test_the_same_report_as_text_gives_the_same_outline() -> None:
    for report in read_folder(SHARED / "reports" / "provinces").reports:
        lines = [line.strip() for line in report.source.split("\n") if line.strip()]
        for form in ("\n".join(lines), "\n\n".join(lines), "\n".join("　　" + x for x in lines)):
            again = read_structure(read_txt(form.encode("gb18030"), "x"))
            # Bold words at the start of a paragraph are headings only where bold can be seen.
            seen = [
                s.path
                for s in report.sections
                if s.level == 1 or label_of(report.source[s.spans[0].start :])
            ]
            assert [s.path for s in again.sections] == seen
            assert [p.text for p in again.paragraphs] == [p.text for p in report.paragraphs]
