"""Whether written sentences are borne out by the passages they cite."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import read_corrected
from qa import Passage, faults_of, whole

TEXT = """青石镇2025年工作报告

一、2024年工作回顾

粮食产量突破1.6万吨，同比增长5.2%，其中玉米占八成。建成学校12所，镇党委提出“把好事办到门口”。

二、2025年工作安排

粮食产量稳定在1.7万吨以上，3月底前开工水渠。接待来访380—400人次，排名全县第二位。
"""


@pytest.fixture(scope="module")
def passages(tmp_path_factory: pytest.TempPathFactory) -> tuple[Passage, Passage]:
    file = tmp_path_factory.mktemp("support") / "青石镇.txt"
    file.write_text(TEXT, "utf-8")
    report, error = read_corrected(Path(file), file=file.name)
    assert error is None
    first, second = [whole(report, p) for p in report.paragraphs if p.kind == "body"]
    return first, second


SOUND = [
    (0, "2024年粮食产量超过1.6万吨，增长5.2%。"),
    (0, "粮食产量突破16000吨。"),
    (0, "玉米占80%。"),
    (0, "建成十二所学校。"),
    (0, "镇党委提出“把好事办到门口”。"),
    (0, "镇党委提出“把好事 办到门口。”"),
    (0, "《青石镇2025年工作报告》说到了这件事。"),
    (1, "2025年粮食产量稳定在1.7万吨以上。"),
    (1, "粮食产量1.7万吨。"),
    (1, "今年接待380—400人次，居全县第2位。"),
]


@pytest.mark.parametrize(("source", "sentence"), SOUND)
def test_what_the_passage_says_has_no_faults(
    passages: tuple[Passage, Passage], source: int, sentence: str
) -> None:
    assert faults_of(sentence, [passages[source]]) == []


FALSE = [
    (0, "粮食产量突破1.7万吨。", "figure", "突破1.7万吨"),
    (0, "粮食产量突破1.6万元。", "figure", "突破1.6万元"),
    (0, "粮食产量不足1.6万吨。", "figure", "不足1.6万吨"),
    (0, "粮食产量下降5.2%。", "figure", "5.2%"),
    (0, "粮食产量增长5%。", "figure", "5%"),
    (0, "粮食产量增长0.2%。", "figure", "0.2%"),
    (0, "2023年粮食产量突破1.6万吨。", "figure", "2023年"),
    (0, "建成2所学校。", "figure", "2所"),
    (0, "编号为2的学校建成了。", "figure", "2"),
    (0, "镇党委提出“把好事办到家门口”。", "quote", "把好事办到家门口"),
    (0, "详见http://evil.invalid/a?b=1。", "address", "http://evil.invalid/a?b=1"),
    (1, "接待380—500人次。", "figure", "380—500人次"),
    (1, "居全县第一位。", "figure", "第一位"),
    (1, "粮食产量突破1.6万吨。", "figure", "突破1.6万吨"),
]


@pytest.mark.parametrize(("source", "sentence", "kind", "text"), FALSE)
def test_what_the_passage_does_not_say_is_named(
    passages: tuple[Passage, Passage], source: int, sentence: str, kind: str, text: str
) -> None:
    faults = faults_of(sentence, [passages[source]])
    assert [(fault.kind, fault.text) for fault in faults] == [(kind, text)]
    assert faults[0].zh
    assert faults[0].en


def test_any_of_several_sources_will_do(passages: tuple[Passage, Passage]) -> None:
    assert faults_of("粮食产量由1.6万吨增加到1.7万吨以上。", passages) == []


def test_a_sentence_without_a_source_is_not_borne_out() -> None:
    assert [fault.kind for fault in faults_of("粮食丰收。", [])] == ["uncited"]


def test_a_row_of_a_table_has_the_units_of_its_head(tmp_path: Path) -> None:
    file = tmp_path / "青石镇.md"
    file.write_text(
        "# 青石镇2024年工作报告\n\n| 作物 | 产量（万吨） |\n|---|---|\n| 玉米 | 1.3 |\n", "utf-8"
    )
    report, _ = read_corrected(file, file=file.name)
    row = next(whole(report, p) for p in report.paragraphs if p.kind == "table")
    assert faults_of("玉米产量1.3万吨。", [row]) == []
    assert [fault.text for fault in faults_of("玉米产量1.3万元。", [row])] == ["1.3万元"]


@given(st.integers(0, 10**9))
def test_a_number_that_is_not_there_is_always_named(
    passages: tuple[Passage, Passage], number: int
) -> None:
    expected = [] if number == 12 else ["figure"]
    assert [f.kind for f in faults_of(f"建成学校{number}所。", [passages[0]])] == expected


@given(st.text(max_size=200))
def test_any_text_can_be_judged(passages: tuple[Passage, Passage], sentence: str) -> None:
    faults_of(sentence, passages)
