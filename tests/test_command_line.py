"""The command line: what it prints where, its exit codes, and what it says of bad input."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT
from filelock import FileLock

import youju
from corpus import SAMPLES

QUESTION = "青岚县今年粮食产量目标是多少？"

pytestmark = pytest.mark.model


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    shutil.copytree(SAMPLES, folder)
    return folder


def test_indexing_goes_on_after_a_bad_file_and_names_it(
    reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (reports / "坏.docx").write_bytes(b"PK\x03\x04 not a document")
    (reports / "图片.txt").write_bytes(bytes(range(256)) * 40)
    (reports / "数据.xyz").write_text("x")
    (reports / "空.txt").write_text("")
    arguments = ["index", str(reports), "--data", str(tmp_path / "data"), "--json"]
    assert youju.main(arguments) == youju.NO
    printed = capsys.readouterr()
    result = json.loads(printed.out)
    assert result["reports"] == 3
    assert sorted(item["file"] for item in result["skipped"]) == [
        "图片.txt",
        "坏.docx",
        "数据.xyz",
        "空.txt",
    ]
    for item in result["skipped"]:
        assert f"{item['file']}：{item['reason']}" in printed.err


def test_read_shows_outline_kinds_and_metadata(capsys: pytest.CaptureFixture[str]) -> None:
    assert youju.main(["read", str(SAMPLES / "云汀工运纪实.txt")]) == youju.DONE
    printed = capsys.readouterr().out
    assert "作者：江砚秋，陆知遥" in printed
    assert "日期：（未见）" in printed
    assert "# 帮扶救助：一户一策，急难面前不过夜" in printed
    assert "[图表说明] 汀南区滨江路驿站里，环卫工人正在热饭" in printed
    assert youju.main(["read", str(SAMPLES / "云汀工运纪实.txt"), "--outline"]) == youju.DONE
    assert capsys.readouterr().out in printed


def test_ask_prints_json_on_stdout_only(
    sample_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["ask", QUESTION, "--data", str(sample_data), "--json", "-k", "2"]
    assert youju.main(arguments) == youju.DONE
    printed = capsys.readouterr()
    reply = json.loads(printed.out)
    assert printed.err == ""
    assert len(reply["passages"]) == 2
    assert "21.5万吨" in reply["answer"]["text"]


def test_ask_compares_line_by_line_and_names_who_is_silent(
    sample_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    question = "青岚县和广东省今年的粮食产量目标分别是多少"
    assert youju.main(["ask", question, "--data", str(sample_data)]) == 0
    head = capsys.readouterr().out.split("\n\n[1]")[0]
    assert head == "报告里没有说到：广东省\n\n青岚县：21.5万吨以上 [1]\n广东省：没有说到"


def test_ask_says_what_is_lacking(sample_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = youju.main(["ask", "青岚县2019年粮食产量多少万吨", "--data", str(sample_data)])
    assert code == 1
    assert "问的是2019年，最接近的段落说的是" in capsys.readouterr().out


def test_ask_says_when_the_reports_do_not_answer(
    sample_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = youju.main(["ask", "明天下雨吗，要不要带伞", "--data", str(sample_data)])
    assert code == youju.NO
    assert "没有找到答案" in capsys.readouterr().out


def test_doctor_finds_a_damaged_index(
    sample_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    shutil.copytree(sample_data, data)
    assert youju.main(["doctor", "--data", str(data)]) == youju.DONE
    assert "3 份报告" in capsys.readouterr().out
    file = next(data.glob("segments/*/vectors/vectors.npy"))
    file.write_bytes(file.read_bytes()[:-1])
    assert youju.main(["doctor", "--data", str(data)]) == youju.NO
    assert "vectors.npy" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["index", "nosuch"], "文件夹不存在"),
        (["index", "file.txt"], "不是文件夹"),
        (["read", "nosuch.txt"], "文件不存在"),
        (["index", "empty"], "没有文件"),
        (["index", "reports", "--model", "nosuch/model"], "找不到模型"),
        (["ask", QUESTION], "youju index"),
        (["ask", "  "], "问题是空的"),
        (["serve", "nosuch"], "文件夹不存在"),
        (["serve", "reports", "--llm-url", "127.0.0.1:11434"], "不是网址"),
        (["ask", QUESTION, "--data", "file.txt"], "不是文件夹"),
        (["index", "reports", "--data", "file.txt"], "不是文件夹"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(
    arguments: list[str],
    message: str,
    reports: Path,
    sample_data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.txt").write_text("x")
    data = sample_data if arguments == ["ask", "  "] else tmp_path / "data"
    given = [] if "--data" in arguments or "read" in arguments else ["--data", str(data)]
    assert youju.main([*arguments, *given]) == youju.FAILED
    printed = capsys.readouterr()
    assert printed.out == ""
    assert message in printed.err
    assert "Traceback" not in printed.err


def test_the_memory_for_reading_a_file_can_be_set(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sample = str(SAMPLES / "云汀工运纪实.txt")
    monkeypatch.setenv("YOUJU_MEMORY_MB", "2048")
    assert youju.main(["read", sample]) == youju.DONE
    monkeypatch.setenv("YOUJU_MEMORY_MB", "plenty")
    assert youju.main(["read", sample]) == youju.FAILED
    assert "YOUJU_MEMORY_MB='plenty' 不是内存的大小：请" in capsys.readouterr().err


def test_a_file_name_that_is_no_text_stops_no_other_file(
    reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        Path(os.fsdecode(os.fsencode(reports) + b"/\xff\xfe.txt")).write_text("x")
        (reports / "换\n行.txt").write_text("x")
    except OSError:
        pytest.skip("this file system takes no such names")
    arguments = ["index", str(reports), "--data", str(tmp_path / "data")]
    assert youju.main(arguments) == youju.NO
    assert capsys.readouterr().err.count("文件名含有") == 2


@pytest.mark.parametrize("count", ["0", "51", "-1", "x", "1000000000"])
def test_a_number_of_passages_out_of_range_is_refused(
    count: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        youju.main(["ask", QUESTION, "-k", count])
    assert "1 到 50" in capsys.readouterr().err


def test_a_second_writer_is_told_to_wait(
    reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    with FileLock(data / "LOCK"):
        assert youju.main(["index", str(reports), "--data", str(data)]) == youju.FAILED
    assert "另一个 youju" in capsys.readouterr().err


def test_the_command_runs_in_any_folder_and_helps_at_once(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "youju", "--help"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "serve" in done.stdout
    for package in ("torch", "numpy", "fastapi", "corpus"):
        assert package not in done.stderr
