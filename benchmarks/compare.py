"""Youju beside other ways to search the same paragraphs with the same model, on this machine.

    python benchmarks/compare.py
    python benchmarks/compare.py --reports REPORTS --questions SET.jsonl ... --squad CMRC.json

Every system (``peers/``) runs in a process and an environment of its own, one at a time, in random
order, on tasks in BEIR's layout (``tasks.py``): Youju's sample reports with their questions, a
folder of reports with question sets in the format of `youju eval`, and every N-th paragraph of a
set like CMRC 2018's (CC BY-SA 4.0, https://github.com/ymcui/cmrc2018). All are given the same
paragraphs with the report's title in front, and the default model's folder. How each is set up
stands in its module; it is what its documentation recommends.

Each run of a task indexes it in a new process and an empty folder, then asks every question in
another new process. The sample reports are measured `--runs` times, the medians count; the other
tasks once, since quality does not vary. Measured from outside:

    hit@1 … nDCG@10  of the paragraphs found (ir_measures)
    p50, p95         milliseconds from a question to its passages, encoding included
    per second       paragraphs indexed and saved, by a process that has loaded the model
    first answer     seconds from the start of a process to its answer, the index being there
    memory           MB resident after the questions, and at the most while indexing
    disk             kB that the index takes

Linux only. What has been measured at this commit is not measured again, so that an interrupted run
goes on, and a task or a peer can be added; `--again` forgets it. The results are written to
``benchmarks/results/peers.json``; `make bench-docs` makes tables and plots of them.
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
from environments import REQUIREMENTS, environment
from platformdirs import user_cache_path
from processes import ProcessEnded, disk, running
from provenance import provenance
from tasks import DEPTH, Task, measure, report_task, sample_task, squad_task

from index import default_model_folder

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "benchmarks" / "results" / "peers.json"
OURS = "ours"
SYSTEMS = {
    OURS: "Youju",
    "exact": "sentence-transformers, NumPy",
    "langchain": "LangChain, FAISS",
    "llama_index": "LlamaIndex, hybrid",
    "haystack": "haystack, hybrid",
    "txtai": "txtai, hybrid",
    "chroma": "Chroma",
    "lancedb": "LanceDB, hybrid",
    "milvus": "Milvus Lite, hybrid",
}
"""What the systems are called; the keys are the modules in ``peers``."""

QUIET = {
    "HF_HUB_OFFLINE": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "PYTHONPATH": "",
}
"""Nothing is fetched or reported while it is measured."""

LIMIT = 1800.0
"""Seconds after which a process is given up."""

Figures = dict[str, float]
"""What one run of one task measured."""


@dataclass(frozen=True)
class Place:
    """Where the runs of this commit are kept, and with which model they are made."""

    folder: Path
    environments: Path
    model: Path

    def record(self, task: Task, system: str, run: int) -> Path:
        """The file with the figures of a run; another one if task or versions have changed."""
        requirements = REQUIREMENTS / f"{system}.txt"
        versions = requirements.read_bytes() if requirements.exists() else b""
        key = f"{task.digest}-{hashlib.sha256(versions).hexdigest()[:8]}"
        return self.folder / "figures" / task.name / key / f"{system}-{run}.json"


def main() -> None:
    """Measure what has not been measured, and write the results."""
    options = _options()
    commit = str(provenance()["commit"]).rstrip("+")  # results that were written are a change too
    place = Place(
        options.cache / "runs" / commit,
        options.cache / "environments",
        default_model_folder(user_cache_path("youju")),
    )
    if options.again:
        shutil.rmtree(place.folder, ignore_errors=True)
    tasks = _tasks(options, place.folder / "tasks")
    systems = [OURS, *(options.peer or [name for name in SYSTEMS if name != OURS])]
    pythons = dict(_pythons(systems, place.environments))
    load = os.getloadavg()[0]
    begin = time.monotonic()
    for run, task, system in _jobs(tasks, list(pythons), options.runs):
        file = place.record(task, system, run)
        if not file.exists():
            _note(f"{time.monotonic() - begin:5.0f} s  run {run}, {task.name}: {SYSTEMS[system]}")
            try:
                figures = _measure(task, system, pythons[system], place)
            except ProcessEnded:
                _note(f"{system} ended early and is left out: {place.folder / system}.log")
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(figures), "utf-8")
    results = _results(tasks, place, options.runs) | {"load_before": round(load, 2)}
    options.results.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", "utf-8")
    _note(f"{time.monotonic() - begin:5.0f} s  written to {options.results}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    peers = [name for name in SYSTEMS if name != OURS]
    parser.add_argument("--peer", action="append", choices=peers, help="default: all")
    parser.add_argument("--reports", type=Path, help="a folder of reports to ask besides")
    parser.add_argument("--questions", type=Path, nargs="+", help="question sets on --reports")
    parser.add_argument("--squad", type=Path, help="a question set in SQuAD layout to ask besides")
    parser.add_argument("--every", type=int, default=8, help="of --squad, every N-th paragraph")
    parser.add_argument("--runs", type=int, default=5, help="of the sample reports")
    parser.add_argument("--again", action="store_true", help="measure all of it anew")
    parser.add_argument("--cache", type=Path, default=user_cache_path("youju") / "benchmarks")
    parser.add_argument("--results", type=Path, default=RESULTS)
    options = parser.parse_args()
    if (options.reports is None) != (options.questions is None):
        parser.error("--reports and --questions belong together")
    if options.runs < 1 or options.every < 1:
        parser.error("--runs and --every are 1 at the least")
    return options


def _tasks(options: argparse.Namespace, folder: Path) -> list[Task]:
    tasks = [sample_task(folder)]
    if options.reports:
        tasks.append(report_task(folder, options.reports, options.questions))
    if options.squad:
        tasks.append(squad_task(folder, options.squad, options.every))
    return tasks


def _pythons(systems: Sequence[str], environments: Path) -> Iterator[tuple[str, str]]:
    """The interpreter of each system; who cannot be installed is left out."""
    for system in systems:
        if not (REQUIREMENTS / f"{system}.txt").exists():
            yield system, sys.executable
            continue
        try:
            yield system, str(environment(system, environments))
        except subprocess.CalledProcessError as error:
            _note(f"{system} is left out: {error}")


def _jobs(
    tasks: Sequence[Task], systems: Sequence[str], runs: int
) -> Iterator[tuple[int, Task, str]]:
    """Runs, tasks and systems in the order of measuring: each round in an order of its own."""
    for run in range(1, runs + 1):
        for task in tasks if run == 1 else tasks[:1]:
            for system in random.sample(systems, len(systems)):
                yield run, task, system


def _measure(task: Task, system: str, python: str, place: Place) -> Figures:
    index = place.folder / "index"
    shutil.rmtree(index, ignore_errors=True)
    index.mkdir(parents=True)

    def process():  # noqa: ANN202 - what running() gives
        return running(
            [python, "-m", "peers", system, str(place.model), str(index)],
            folder=Path(__file__).parent,
            environment=QUIET | ({"PYTHONPATH": str(ROOT)} if system == OURS else {}),
            log=place.folder / f"{system}.log",
            limit=LIMIT,
        )

    with process() as indexing:
        indexing.ask(do="load")
        _, seconds = indexing.ask(do="index", task=str(task.folder))
        most = indexing.memory()["VmHWM"]
    found, times = {}, []
    with process() as asking:
        asking.ask(do="open")
        for number, (key, text) in enumerate(task.queries.items()):
            reply, took = asking.ask(do="ask", question=text, k=DEPTH)
            found[key] = reply["found"]
            if number == 0:
                first = time.perf_counter() - asking.started
            else:  # the first answer waits for things to load
                times.append(1000 * took)
        resident = asking.memory()["VmRSS"]
    return {
        **measure(task, found),
        "p50_ms": float(np.quantile(times, 0.5)),
        "p95_ms": float(np.quantile(times, 0.95)),
        "per_second": task.paragraphs / seconds,
        "first_answer_s": first,
        "resident_mb": resident,
        "indexing_mb": most,
        "disk_kb": disk(index) / 1000,
    }


def _results(tasks: Sequence[Task], place: Place, runs: int) -> dict[str, object]:
    """What was measured of these tasks: of each figure the median, and the single runs."""
    measured: dict[str, dict[str, object]] = {}
    for task in tasks:
        rows = measured.setdefault(task.name, {})
        for system in SYSTEMS:
            files = [place.record(task, system, run) for run in range(1, runs + 1)]
            done = [json.loads(file.read_text("utf-8")) for file in files if file.exists()]
            if done:
                middle = {name: round(median(one[name] for one in done), 4) for name in done[0]}
                rows[system] = {"median": middle, "runs": done}
    systems = [name for name in SYSTEMS if any(name in rows for rows in measured.values())]
    return {
        "made": provenance() | {"model": place.model.name},
        "systems": {name: SYSTEMS[name] for name in systems},
        "requirements": {
            name: (REQUIREMENTS / f"{name}.txt").read_text("utf-8").splitlines()[1:]
            for name in systems
            if (REQUIREMENTS / f"{name}.txt").exists()
        },
        "tasks": {
            task.name: {
                "paragraphs": task.paragraphs,
                "characters": task.characters,
                "questions": len(task.queries),
            }
            for task in tasks
        },
        "measured": measured,
    }


def _note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
