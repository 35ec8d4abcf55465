"""What an answer tells besides its passages: what they lack, why they were found, comparisons."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import Paragraph, Report, Span, Text, read_folder
from index import Encoder, Hit, HybridIndex, build_index
from qa import Answerer
from qa.coverage import Word, content_words, coverage
from qa.duplicates import duplicates_last
from qa.places import places_in
from qa.subjects import Subjects
from qa.understanding import understand


def named(text: str) -> list[str]:
    return [text[start:end] for start, end in places_in(text)]


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("成都市总工会的补助标准", ["成都市"]),
        ("苏州和杭州哪个多", ["苏州", "杭州"]),
        ("德国的最低工资", ["德国"]),
        ("西湖区有多少家工会", ["西湖区"]),
        ("各省分别是多少", []),
        ("全市建了多少个小区", []),
        ("社区里谁管这件事", []),
        ("大街上的驿站", []),
    ],
)
def test_cities_counties_and_countries_are_places(question: str, places: list[str]) -> None:
    assert named(question) == places


words = st.lists(
    st.builds(
        Word,
        st.tuples(st.text("粮食产量目标工会", min_size=1, max_size=4)),
        st.floats(min_value=0.1, max_value=9),
    ),
    max_size=5,
)
texts = st.text("粮食产量目标工会，", max_size=30)


@given(words, texts, texts)
def test_coverage_is_a_share_and_grows_with_what_is_said(
    asked: list[Word], said: str, more: str
) -> None:
    alone, longer = (coverage(asked, [text], "") for text in (said, said + more))
    assert 0 <= alone <= longer <= 1 + 1e-9
    assert coverage(asked, [said, more], "") >= alone
    assert coverage(asked, [said], more) >= alone


@pytest.mark.model
def test_what_is_asked_by_one_is_said_of_each(sample_data: Path, encoder: Encoder) -> None:
    index = HybridIndex(sample_data, encoder)
    query = index.understand("疗养一天补多少钱")
    understood = understand(query.text, Subjects(index.reports))
    words = content_words(understood, query, index.rarity(understood.text))
    assert [word.held("每人每天补贴二百元") for word in words if "一天" in word.forms] == [1.0]


@pytest.mark.model
def test_another_year_is_told(answerer: Answerer) -> None:
    answer = answerer.ask("青岚县2019年的粮食产量目标是多少？")
    assert not answer.answerable
    lack = next(lack for lack in answer.lacks if lack.kind == "other-year")
    assert lack.asked == ("2019年",)
    assert lack.found
    assert "2019年" in lack.zh
    assert all(year in lack.zh for year in lack.found)


@pytest.mark.model
def test_a_place_that_no_report_knows_is_told(answerer: Answerer) -> None:
    answer = answerer.ask("成都市总工会疗休养每人每天补助多少")
    assert not answer.answerable
    assert "成都市" in answer.silent
    assert any(lack.kind == "not-named" and lack.asked == ("成都市",) for lack in answer.lacks)


@pytest.mark.model
def test_a_figure_of_another_kind_is_told(answerer: Answerer) -> None:
    answer = answerer.ask("火星基地的氧气储备排第几名")
    assert not answer.answerable
    assert any(lack.kind == "no-figure" and "名次" in lack.zh for lack in answer.lacks)


@pytest.mark.model
def test_an_answer_lacks_nothing(answerer: Answerer) -> None:
    answer = answerer.ask("青岚县今年粮食产量目标是多少？")
    assert answer.answerable
    assert answer.lacks == answer.silent == answer.comparison == ()


@pytest.mark.model
def test_a_passage_says_why_it_was_found(answerer: Answerer) -> None:
    why = answerer.ask("青岚县今年粮食产量目标是多少？").passages[0].why
    assert "粮食" in "".join(why.words)
    assert why.named
    assert 0 < why.similarity <= 1


@pytest.mark.model
def test_a_comparison_has_a_line_for_each_with_its_figure(answerer: Answerer) -> None:
    answer = answerer.ask("青岚县和广东省今年的粮食产量目标分别是多少")
    known, unknown = answer.comparison
    assert (known.subject, unknown.subject) == ("青岚县", "广东省")
    assert known.figure is not None
    assert isinstance(known.figure.value, Decimal)
    assert known.figure.unit.endswith(("吨", "斤"))
    passage = answer.passages[(known.passage or 0) - 1]
    assert passage.subject == "青岚县"
    assert unknown.passage is unknown.figure is None
    assert "广东省" in answer.silent


@pytest.mark.model
def test_a_question_about_all_reports_has_a_line_for_each(answerer: Answerer) -> None:
    answer = answerer.ask("每份报告里的疗休养补助标准分别是多少")
    assert len(answer.comparison) == len(answerer.reports)
    assert len(answer.passages) == len(answerer.reports)
    said = {line.subject for line in answer.comparison if line.passage is not None}
    assert said
    assert said.isdisjoint(answer.silent)
    assert said | set(answer.silent) == {line.subject for line in answer.comparison}


def hit(text: str, score: float) -> Hit:
    report = draft_report(text)
    return Hit(report, report.paragraphs[0], (0, len(text)), score, 0.9, 1.0)


def draft_report(text: str) -> Report:
    paragraph = Paragraph(1, text, "body", (), (Span(0, len(text)),))
    return Report(
        "r",
        "r.txt",
        "",
        "报告",
        None,
        None,
        None,
        (),
        None,
        text=Text(text, (), (paragraph,)),
    )


SAID = "全市新建基层工会512家，注销撤并47家，发展会员5.1万人，其中快递员、网约车司机1.24万人。"


def test_what_was_said_already_goes_behind_the_others() -> None:
    hits = [hit(SAID, 3), hit(SAID.replace("其中", "包括"), 2), hit("开办职工夜校42期。", 1)]
    assert duplicates_last(hits) == [hits[0], hits[2], hits[1]]


def test_the_same_words_with_other_numbers_are_another_years() -> None:
    hits = [hit(SAID, 3), hit(SAID.replace("512", "498"), 2), hit("开办职工夜校42期。", 1)]
    assert duplicates_last(hits) == hits


@given(st.lists(st.text("工会会员12", max_size=8), max_size=20))
def test_no_hit_is_lost_and_the_best_stays_first(texts: list[str]) -> None:
    hits = [hit(text, -rank) for rank, text in enumerate(texts)]
    ordered = duplicates_last(hits)
    assert sorted(ordered, key=lambda one: -one.score) == hits
    assert ordered[:1] == hits[:1]


@pytest.mark.model
def test_where_the_same_is_said_again_is_told(encoder: Encoder, tmp_path: Path) -> None:
    text = (
        "# 鹭鸣县总工会{}\n\n## 一、主要工作\n\n"
        "全县新建基层工会86家，发展会员4300人，其中货车司机和快递员620人，全部纳入互助保障。\n\n"
        "开办职工夜校42期，培训2100人次，走访困难职工300户，发放慰问金90万元。\n"
    )
    folder = tmp_path / "reports"
    folder.mkdir()
    for name in ("工作报告（草案）", "工作报告"):
        (folder / f"{name}.md").write_text(text.format(name), "utf-8")
    build_index(read_folder(folder).reports, data=tmp_path / "data", encoder=encoder)
    answer = Answerer(HybridIndex(tmp_path / "data", encoder)).ask("新建了多少家基层工会？")
    first, *rest = answer.passages
    (also,) = first.also
    assert {first.report.title, also.report.title} == {
        "鹭鸣县总工会工作报告（草案）",
        "鹭鸣县总工会工作报告",
    }
    assert "86家" in also.report.paragraphs[also.paragraph - 1].text
    assert "86家" not in rest[0].text


@pytest.mark.model
def test_one_without_a_report_gets_no_other_ones_passages(answerer: Answerer) -> None:
    question = "青岚县和广东省今年的粮食产量目标分别是多少"
    everything = {report.id for report in answerer.reports}
    assert (
        answerer.ask(question, reports=everything).comparison == answerer.ask(question).comparison
    )
