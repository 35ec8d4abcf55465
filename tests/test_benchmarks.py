"""Benchmarks say what they measured: tasks in BEIR's layout, measures, processes, tables."""

import json
import sys
from pathlib import Path

import pytest
from conftest import ROOT
from platformdirs import user_cache_path

from index import default_model_folder

BENCHMARKS = ROOT / "benchmarks"
sys.path.append(str(BENCHMARKS))

import processes  # noqa: E402
import tables  # noqa: E402
from environments import REQUIREMENTS  # noqa: E402
from tasks import Task, measure, sample_task  # noqa: E402


@pytest.fixture(scope="module")
def task(tmp_path_factory: pytest.TempPathFactory) -> Task:
    return sample_task(tmp_path_factory.mktemp("tasks"))


def test_a_task_has_the_layout_of_beir(task: Task) -> None:
    corpus = _lines(task.folder / "corpus.jsonl")
    queries = _lines(task.folder / "queries.jsonl")
    head, *qrels = (task.folder / "qrels" / "test.tsv").read_text("utf-8").splitlines()
    assert all(one.keys() == {"_id", "title", "text"} for one in corpus)
    assert all(one.keys() == {"_id", "text"} for one in queries)
    assert head == "query-id\tcorpus-id\tscore"
    known, asked = {one["_id"] for one in corpus}, {one["_id"] for one in queries}
    rows = [row.split("\t") for row in qrels]
    assert {row[0] for row in rows} == asked
    assert {row[1] for row in rows} <= known
    assert len(known) == task.paragraphs > 100
    assert len(asked) == len(task.queries) > 100


def test_whoever_finds_all_at_once_is_right_and_whoever_finds_nothing_is_not(task: Task) -> None:
    assert measure(task, task.relevant)["hit@1"] == 1
    assert measure(task, task.relevant)["MRR@10"] == 1
    assert measure(task, {query: ["nothing"] for query in task.queries})["hit@5"] == 0


def test_of_passages_from_one_paragraph_the_first_counts(task: Task) -> None:
    found = {query: ["other", "other", "other", *right] for query, right in task.relevant.items()}
    assert measure(task, found)["hit@1"] == 0
    assert measure(task, found)["hit@3"] == 1
    assert measure(task, found)["MRR@10"] == 0.5


@pytest.mark.model
def test_the_process_of_youju_indexes_in_one_life_and_answers_in_another(
    task: Task, tmp_path: Path
) -> None:
    data = tmp_path / "index"
    data.mkdir()
    model = str(default_model_folder(user_cache_path("youju")))
    options = {
        "folder": BENCHMARKS,
        "environment": {"PYTHONPATH": str(ROOT)},
        "log": tmp_path / "log",
        "limit": 100,
    }
    command = [sys.executable, "-m", "peers", "ours", model, str(data)]
    with processes.running(command, **options) as process:
        assert process.ask(do="index", task=str(task.folder))[0] == {}
        memory = process.memory()
    assert memory["VmHWM"] >= memory["VmRSS"] > 100
    assert processes.disk(data) > 100_000
    question = next(iter(task.queries))
    with processes.running(command, **options) as process:
        process.ask(do="open")
        reply, seconds = process.ask(do="ask", question=task.queries[question], k=3)
    assert len(reply["found"]) == 3
    assert set(reply["found"]) & set(task.relevant[question])
    assert seconds > 0


def test_a_process_that_ends_early_is_told_from_one_that_answers(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('no model')"]
    log = tmp_path / "log"
    with (
        processes.running(command, folder=tmp_path, environment={}, log=log, limit=10) as process,
        pytest.raises(processes.ProcessEnded),
    ):
        process.ask(do="load")
    assert "no model" in log.read_text("utf-8")


def test_every_peer_has_exact_versions_and_none_brings_its_own_pytorch() -> None:
    files = sorted(REQUIREMENTS.glob("*.txt"))
    assert files
    for file in files:
        assert (BENCHMARKS / "peers" / f"{file.stem}.py").exists()
        _, *packages = file.read_text("utf-8").splitlines()
        assert all(package.count("==") == 1 for package in packages)
        assert not any(package.startswith(("torch==", "nvidia", "triton")) for package in packages)


@pytest.mark.parametrize(
    ("file", "language"), [("benchmarks.md", "en"), ("benchmarks.zh.md", "zh")]
)
def test_the_tables_in_the_documents_are_those_of_the_results(file: str, language: str) -> None:
    document = (ROOT / "docs" / file).read_text("utf-8")
    assert tables.renewed(document, language) == document, "run `make bench-docs`"


def _lines(file: Path) -> list[dict]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]
