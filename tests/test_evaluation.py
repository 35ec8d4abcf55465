"""Measuring on a user's own questions: what is read, what counts as right, what is printed."""

import json
import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import SHARED

import youju
from corpus import SAMPLES, Report
from qa import (
    Answerer,
    Question,
    QuestionSetError,
    Turn,
    Wanted,
    draft_questions,
    evaluate,
    evaluation_json,
    measures,
    read_marks,
    read_question_set,
    trec_qrels,
    trec_run,
)

SAMPLE_QUESTIONS = SAMPLES.parent / "sample_questions.jsonl"
GRAIN = "青岚县今年粮食产量目标是多少？"
GRAIN_FILE = "2025年青岚县政府工作报告"
GRAIN_EVIDENCE = "粮食产量21.5万吨以上"

needs_shared = pytest.mark.skipif(
    not (SHARED / "eval").is_dir(), reason="the question sets are not at hand (../shared)"
)

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a question set: objects as JSON lines, or text as it is."""

    def write_set(*rows: object, name: str = "问题.jsonl", encoding: str = "utf-8") -> Path:
        file = tmp_path / name
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        file.write_bytes("\n".join(lines).encode(encoding))
        return file

    return write_set


def question(**fields: object) -> dict[str, object]:
    """A line of a question set."""
    return {"question": GRAIN, "report": GRAIN_FILE, "evidence": GRAIN_EVIDENCE} | fields


def test_a_question_set_says_what_is_asked_and_what_answers_it(write: Write) -> None:
    follow_up = question(
        id="f-1",
        history=[{"question": "去年呢？", "answer": "21万吨"}],
        section="二、2025年目标任务",
        kind="followup",
        evidence_alt=["21.5万吨"],
    )
    several = question(report=["甲", "乙", "甲"], evidence=["一", "二", "三"])
    read = read_question_set(write(follow_up, "", several, question(kind="unanswerable")))
    assert read[0].id == "f-1"
    assert read[0].history == (Turn("去年呢？", "21万吨"),)
    assert read[0].wanted == (Wanted(GRAIN_FILE, (GRAIN_EVIDENCE, "21.5万吨")),)
    assert read[0].sections == ("二、2025年目标任务",)
    assert read[1].id == "3"
    assert read[1].wanted == (Wanted("甲", ("一", "三")), Wanted("乙", ("二",)))
    assert read[2].wanted == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_spreadsheets_are_read_in_the_encodings_they_save(write: Write, encoding: str) -> None:
    file = write(
        "question,report,evidence,history,kind",
        '"去年，收了多少？",云汀市总工会2024年工作报告,"2.46亿元\n2.46 亿","先问\n再问",number',
        ",,,,",
        "明天下雨吗,,,,unanswerable",
        name="问题.CSV",
        encoding=encoding,
    )
    first, second = read_question_set(file)
    assert first.text == "去年，收了多少？"
    assert first.wanted == (Wanted("云汀市总工会2024年工作报告", ("2.46亿元", "2.46 亿")),)
    assert [turn.question for turn in first.history] == ["先问", "再问"]
    assert second.place.endswith("第 6 行")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("{", "第 2 行 不是 JSON"),
        ("[]", "第 2 行 不是 JSON 对象"),
        (question(question=" "), "第 2 行 question：是空的"),
        (question(question=3), "第 2 行 question：应是文字"),
        (question(question="粮食\ud800"), "第 2 行 question：有无法识别的字符"),
        (question(report=None), "第 2 行 report：没有写是哪份报告"),
        (question(report=[1]), "第 2 行 report：应是文字"),
        (question(evidence=[]), "第 2 行 evidence：是空的"),
        (question(report=["甲", "乙"]), "第 2 行 evidence：有 2 份报告、1 段原文"),
        (question(history=["先问"]), "第 2 行 history：格式不对"),
        (question(id="a b"), "第 2 行 id：'a b' 里有空白"),
        (question(id=1), "第 2 行 id：与"),
    ],
)
def test_what_is_wrong_with_a_line_is_said_with_its_place(
    write: Write, row: object, message: str
) -> None:
    file = write(question(), row, question())
    with pytest.raises(QuestionSetError) as raised:
        read_question_set(file)
    assert [problem for problem in raised.value.problems if message in problem]
    assert len(raised.value.problems) == 1
    assert "请" in str(raised.value)


def test_all_wrong_lines_are_named_but_a_message_stays_short(write: Write) -> None:
    with pytest.raises(QuestionSetError, match="另有 10 处") as raised:
        read_question_set(write(*[question(evidence=None)] * 30))
    assert len(raised.value.problems) == 30


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "a.jsonl", "没有问题"),
        (b"\xff\xff\xff", "a.jsonl", "编码无法识别"),
        ("问题,报告\n".encode(), "a.csv", "第 1 行 question：没有这一列"),
        ('question,kind\n"没有收尾,x\n'.encode(), "a.csv", "第 2 行 不是 CSV"),
        (None, "a.jsonl", "读不出来"),
    ],
)
def test_a_file_that_is_no_question_set_is_refused(
    tmp_path: Path, content: bytes | None, name: str, message: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(QuestionSetError, match=message):
        read_question_set(tmp_path / name)


def test_the_sample_questions_are_answered_well(answerer: Answerer) -> None:
    judged = evaluate(answerer, read_question_set(SAMPLE_QUESTIONS))
    measured = measures(judged)
    assert measured["questions"] == len(judged)
    assert all(item.nowhere == () for item in judged)
    assert (measured["hit@1"] or 0) >= 0.8
    assert (measured["section"] or 0) >= 0.9
    assert (measured["MRR@10"] or 0) >= (measured["hit@1"] or 0)
    assert 0 < (measured["p50_ms"] or 0) <= (measured["p95_ms"] or 0)


def test_measures_are_what_their_definitions_say(answerer: Answerer) -> None:
    """By hand: an answer in rank r has the gain 1 / log2(r + 1), the ideal one is 1."""
    passages = answerer.ask(GRAIN, top_k=10).passages
    third = passages[2]
    names = (third.report.id, third.report.file, third.report.title, GRAIN_FILE[:2])
    wanted = {third.text[:40]}
    judged = evaluate(
        answerer,
        [
            Question(str(number), GRAIN, (), (Wanted(name, tuple(wanted)),))
            for number, name in enumerate(names[:3])
        ],
    )
    assert [item.rank for item in judged] == [3, 3, 3]
    measured = measures(judged)
    assert (measured["hit@1"], measured["hit@3"], measured["hit@5"]) == (0, 1, 1)
    assert measured["MRR@10"] == pytest.approx(1 / 3, abs=1e-4)
    assert measured["nDCG@10"] == pytest.approx(1 / math.log2(4), abs=1e-4)


def test_evidence_counts_in_its_report_only_and_white_space_does_not(answerer: Answerer) -> None:
    spaced = " ".join(GRAIN_EVIDENCE)
    right = Question("1", GRAIN, (), (Wanted(GRAIN_FILE, ("没有这句", spaced)),))
    elsewhere = Question("2", GRAIN, (), (Wanted("云汀市总工会", (GRAIN_EVIDENCE,)),))
    both = Question("3", GRAIN, (), right.wanted + elsewhere.wanted)
    judged = evaluate(answerer, [right, elsewhere, both])
    assert [item.ranks for item in judged] == [(1,), (None,), (1, None)]
    assert [len(item.nowhere) for item in judged] == [0, 1, 1]
    assert [item.missed for item in judged] == [False, True, True]
    assert measures(judged)["hit@1"] == pytest.approx(2 / 3, abs=1e-4)
    assert measures(judged)["cover@5"] == 0.5


def test_reports_that_cannot_be_told_are_named(answerer: Answerer) -> None:
    unknown = Question("1", GRAIN, (), (Wanted("没有的报告", ("x",)),), place="题.csv 第 2 行")
    with pytest.raises(QuestionSetError, match=r"题.csv 第 2 行 report：索引里没有 没有的报告"):
        evaluate(answerer, [unknown])
    ambiguous = Question("1", GRAIN, (), (Wanted("云汀", ("x",)),))
    with pytest.raises(QuestionSetError, match="不止一份"):
        evaluate(answerer, [ambiguous])


def test_confidence_is_judged_by_refusals_order_and_reliability(answerer: Answerer) -> None:
    answered = Question("1", GRAIN, (), (Wanted(GRAIN_FILE, (GRAIN_EVIDENCE,)),))
    refused = Question("2", "明天下雨吗，要不要带伞", (), (), kind="unanswerable")
    result = evaluation_json(evaluate(answerer, [answered, refused]))
    assert result["figures"]["AUROC"] == 1
    assert result["figures"]["refused"] == 1
    assert result["figures"]["wrongly_refused"] == 0
    filled = [row for row in result["reliability"] if row["questions"]]
    assert [row["questions"] for row in filled] == [1, 1]
    assert [row["right"] for row in filled] == [0, 1]
    assert list(result["kinds"]) == ["unanswerable"]
    assert result["misses"] == []


def test_figures_need_no_answerable_questions(answerer: Answerer) -> None:
    measured = measures(evaluate(answerer, [Question("1", "明天下雨吗", (), ())]))
    assert measured["hit@1"] is None
    assert measured["refused"] == 1


def test_trec_files_give_the_same_figures_elsewhere(answerer: Answerer, tmp_path: Path) -> None:
    judged = evaluate(answerer, read_question_set(SAMPLE_QUESTIONS))
    (tmp_path / "qrels").write_text(trec_qrels(judged), "utf-8")
    (tmp_path / "run").write_text(trec_run(judged), "utf-8")
    command = [sys.executable, "-m", "ir_measures", "qrels", "run", "Success@1", "nDCG@10", "RR@10"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    printed = dict(line.split("\t") for line in done.stdout.splitlines())
    measured = measures(judged)
    for name, ours in (("Success@1", "hit@1"), ("nDCG@10", "nDCG@10"), ("RR@10", "MRR@10")):
        assert float(printed[name]) == pytest.approx(measured[ours], abs=1e-4)


def test_eval_prints_tables_for_people_and_json_for_programs(
    sample_data: Path, write: Write, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    questions = write(
        question(kind="number"), question(id="x", question="云汀的产改试点有哪些？", kind="list")
    )
    files = ["--run", str(tmp_path / "run"), "--qrels", str(tmp_path / "qrels")]
    arguments = ["eval", str(questions), "--data", str(sample_data)]
    assert youju.main([*arguments, "--misses", *files]) == youju.DONE
    printed = capsys.readouterr().out
    assert "hit@1" in printed
    assert "答错的 1 题" in printed
    assert f"{GRAIN_FILE}：{GRAIN_EVIDENCE[:4]}" in printed
    assert (tmp_path / "run").read_text("utf-8").startswith("1 Q0 ")
    assert (tmp_path / "qrels").read_text("utf-8").splitlines()[1].startswith("x 0 ")
    assert youju.main([*arguments, "--json"]) == youju.DONE
    result = json.loads(capsys.readouterr().out)
    assert result["figures"]["hit@1"] == 0.5
    assert [miss["id"] for miss in result["misses"]] == ["x"]


def test_eval_names_evidence_that_no_report_holds(
    sample_data: Path, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = write(question(evidence="粮食产量一亿吨"))
    arguments = ["eval", str(questions), "--data", str(sample_data), "--misses"]
    assert youju.main(arguments) == youju.NO
    printed = capsys.readouterr()
    assert f"{questions} 第 1 行 evidence：" in printed.err
    assert "  无  " in printed.out


def test_eval_says_what_it_cannot_do(
    sample_data: Path, write: Write, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    data = ["--data", str(sample_data)]
    assert youju.main(["eval", str(tmp_path / "nosuch.csv"), *data]) == youju.FAILED
    assert "nosuch.csv：读不出来" in capsys.readouterr().err
    run = ["--run", str(tmp_path / "nosuch" / "run")]
    assert youju.main(["eval", str(write(question())), *data, *run]) == youju.FAILED
    assert "无法写入" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        youju.main(["eval", *data])


def mark(**fields: object) -> dict[str, object]:
    """A line of ``feedback.jsonl``."""
    return {
        "question": GRAIN,
        "history": [],
        "report": "3ac8e3aec848",
        "quote": f"{GRAIN_EVIDENCE}，城镇新增就业3800人以上；",
        "verdict": "right",
        "time": "2025-03-01T09:30:00+08:00",
    } | fields


def test_answers_marked_as_right_become_questions(
    write: Write, sample_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    feedback = write(
        mark(),
        mark(question=f"{GRAIN} ", quote=GRAIN_EVIDENCE),
        mark(),
        mark(question="去年收了多少经费？", quote="全年收缴工会经费2.46亿元", report="moved"),
        mark(question="种了多少大豆？", verdict="wrong"),
        mark(question="先对后错？"),
        mark(question="先对后错？", verdict="wrong"),
        mark(quote="这句话已经删掉了。"),
        name="feedback.jsonl",
    )
    arguments = ["eval", "--draft", str(feedback), "--data", str(sample_data)]
    assert youju.main(arguments) == youju.NO
    printed = capsys.readouterr()
    assert "这句话已经删掉了。" in printed.err
    grain, fees = read_question_set(write(printed.out, name="草稿.jsonl"))
    assert grain.text == GRAIN
    assert len(grain.wanted) == 1
    assert len(grain.wanted[0].evidence) == 2
    assert grain.sections == ("二、2025年目标任务",)
    assert fees.wanted[0].report.startswith("云汀市总工会2024年工作报告")


def test_a_draft_keeps_what_was_asked_before_and_can_be_measured(
    write: Write, answerer: Answerer, sample_reports: tuple[Report, ...]
) -> None:
    turns = [{"question": "青岚县去年粮食产量是多少？", "answer": "21万吨"}]
    marks = read_marks(write(mark(question="今年的目标呢？", history=turns), mark()))
    questions, lost = draft_questions(marks, sample_reports)
    assert lost == ()
    assert [len(item.history) for item in questions] == [1, 0]
    assert measures(evaluate(answerer, questions))["hit@5"] == 1


@pytest.mark.parametrize(
    "wrong", [{"verdict": "maybe"}, {"time": "gestern"}, {"quote": ""}, {"history": "x"}]
)
def test_a_broken_mark_is_named(write: Write, wrong: dict[str, str]) -> None:
    with pytest.raises(QuestionSetError, match="第 2 行：不是一条标记"):
        read_marks(write(mark(), mark(**wrong)))
    with pytest.raises(QuestionSetError, match="第 1 行 不是 JSON"):
        read_marks(write("right"))


@needs_shared
@pytest.mark.parametrize("name", ["dev_union", "dev_provinces"])
def test_the_development_questions_can_be_read(name: str) -> None:
    assert len(read_question_set(SHARED / "eval" / f"{name}.jsonl")) >= 54
