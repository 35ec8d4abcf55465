"""How soon the service is ready, and how soon commands answer, with 10,000 passages.

    python benchmarks/starting.py [--data DATA] [--question QUESTION] [--runs 5]

Uses an index of 10,000 made-up passages, or that of ``--data``. Prints JSON with machine and
commit, and writes it to ``benchmarks/results/starting.json``: medians, in seconds, of:

- ``ready``: from the start of ``youju serve`` to the first 200 of ``/readyz``;
- ``first_question``: the first question after that;
- ``ask_with_service``, ``ask_alone``: ``youju ask`` from start to end;
- ``version``, ``help``: ``youju --version`` and ``--help``;

and the memory of the service in MB: all of it, and what is no file that others could use as well.
Files have been read before, as on any machine that runs Youju every day; other work on the machine
counts.
"""

import argparse
import http.client
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from made_up_reports import given_data, questions
from provenance import keep, provenance
from service import ROOT, free_port

COMMAND = (sys.executable, "-m", "youju")

_START_SECONDS = 120


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, help="a data folder; made-up reports if left out")
    parser.add_argument("--question", default=questions(1)[0])
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with given_data(options.data) as data:
        result = measure(data, options.question, options.runs)
    print(keep("starting", {**provenance(), "runs": options.runs, **result}))
    return 0


def measure(data: Path, question: str, runs: int) -> dict[str, object]:
    """The medians."""
    ready, first, memory = [], [], {}
    for _ in range(runs):
        began = time.perf_counter()
        with started(data) as (process, port):
            ready.append(time.perf_counter() - began)
            first.append(timed(lambda port=port: ask(port, question)))
            memory = memory_of(process.pid)
    asking = [*COMMAND, "ask", question, "--data", str(data)]
    alone = [timed(lambda: run(asking)) for _ in range(runs)]
    with started(data):
        time.sleep(0.5)  # it tells where it is once it is ready
        beside = [timed(lambda: run(asking)) for _ in range(runs)]
    took = {
        "ready": ready,
        "first_question": first,
        "ask_with_service": beside,
        "ask_alone": alone,
        "version": [timed(lambda: run([*COMMAND, "--version"])) for _ in range(runs)],
        "help": [timed(lambda: run([*COMMAND, "--help"])) for _ in range(runs)],
    }
    return {name: round(statistics.median(values), 3) for name, values in took.items()} | memory


@contextmanager
def started(data: Path) -> "Iterator[tuple[subprocess.Popen[bytes], int]]":
    """A service that has just become ready, and its port."""
    port = free_port()
    command = [*COMMAND, "serve", "--data", str(data), "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + _START_SECONDS
        while not is_ready(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("the service did not start")
            time.sleep(0.01)
        yield process, port
    finally:
        process.terminate()
        process.wait()


def is_ready(port: int) -> bool:
    """Whether ``/readyz`` says 200."""
    try:
        return send(port, "GET", "/readyz") == 200
    except (OSError, http.client.HTTPException):
        return False


def ask(port: int, question: str) -> None:
    """Ask one question over HTTP."""
    if send(port, "POST", "/api/v1/ask", json.dumps({"question": question}).encode()) != 200:
        raise SystemExit("the first question was not answered")


def send(port: int, method: str, path: str, body: bytes | None = None) -> int:
    """One request; returns the status."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json"})
        reply = connection.getresponse()
        reply.read()
        return reply.status
    finally:
        connection.close()


def run(command: list[str]) -> None:
    """Run a command; that the reports do not answer is no failure."""
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False)
    if done.returncode not in {0, 1}:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}")


def timed(work: Callable[[], object]) -> float:
    """Seconds that it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def memory_of(pid: int) -> dict[str, float]:
    """Resident memory in MB, and how much of it is anonymous (Linux)."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return {}
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return {
        name: round(int(lines[field].split()[0]) / 1000)
        for name, field in (("memory_mb", "VmRSS"), ("memory_own_mb", "RssAnon"))
    }


if __name__ == "__main__":
    sys.exit(main())
