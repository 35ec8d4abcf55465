"""How long questions take while 10,000 paragraphs are indexed anew, beside how long they take idle.

    python benchmarks/asking_while_indexing.py [--paragraphs N] [--seconds N]

A service (`youju serve`, a process of its own) answers from the sample reports. One client asks one
question after the other, each another one, first while nothing else is done and then while uploaded
reports, with N paragraphs of made-up text in all, are read and indexed. Printed as JSON: questions,
errors, p50 and p95 in milliseconds for both, how many times as long the p95 is, and what indexing
took. The exit status is 1 if a question was not answered, or if the p95 is more than three times
that of the idle service.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from conftest import free_port, wait_until_ready

from corpus import SAMPLES
from web import Client
from web.import_models import ImportItem

ROOT = Path(__file__).parent.parent
MOST_TIMES = 3.0
PER_REPORT = 500

_THINGS = ("公路", "学校", "水库", "公园", "医院", "粮库", "桥梁", "厂房", "车站", "图书馆")
_DEEDS = ("新建", "改造", "加固", "扩建", "启用", "验收", "规划", "修缮")
_ENDS = ("群众出行更加方便。", "年内全部完工。", "投入使用后运行平稳。", "得到了各方好评。")


def main() -> int:
    """Serve, ask, upload, ask meanwhile, and compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--paragraphs", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=20.0, help="how long to ask idle")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        command = [sys.executable, "-m", "youju", "serve", str(SAMPLES), "--no-watch"]
        command += ["--data", f"{folder}/data", "--port", str(port)]
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ)
        try:
            url = f"http://127.0.0.1:{port}"
            wait_until_ready(f"{url}/readyz", process)
            result = measure(url, Path(folder), options.paragraphs, options.seconds)
        finally:
            process.terminate()
            process.wait()
    print(json.dumps(result, ensure_ascii=False, indent=1))
    good = not result["errors"] and result["times"] <= MOST_TIMES
    return 0 if good else 1


def measure(url: str, folder: Path, paragraphs: int, seconds: float) -> dict[str, float]:
    """Ask an idle service, then one that indexes."""
    chance = random.Random(1)  # noqa: S311 - nothing secret
    files = [write(folder, number, chance) for number in range(paragraphs // PER_REPORT)]
    over = threading.Event()
    threading.Timer(seconds, over.set).start()
    idle, errors = ask_until(url, over, chance)
    over.clear()
    began = time.monotonic()
    with Client(url, timeout=900) as client:
        uploads = client.upload(files)
        watching = threading.Thread(target=wait_for, args=(client, uploads, over))
        watching.start()
        busy, more = ask_until(url, over, chance)
        watching.join()
        took = time.monotonic() - began
        reports = len(list(client.reports()))
    p95 = [quantile(times) for times in (idle, busy)]
    return {
        "paragraphs": paragraphs,
        "reports": reports,
        "indexing_s": round(took, 1),
        "idle_questions": len(idle),
        "idle_p50_ms": round(statistics.median(idle), 1),
        "idle_p95_ms": round(p95[0], 1),
        "busy_questions": len(busy),
        "busy_p50_ms": round(statistics.median(busy), 1),
        "busy_p95_ms": round(p95[1], 1),
        "busy_max_ms": round(max(busy), 1),
        "times": round(p95[1] / p95[0], 2),
        "errors": errors + more,
    }


def write(folder: Path, number: int, chance: random.Random) -> Path:
    """Write a report of made-up text, each sentence another one."""
    lines = [f"云汀市第{number}片区2024年工作报告", ""]
    for paragraph in range(PER_REPORT):
        sentences = [
            f"{chance.choice(_DEEDS)}{chance.choice(_THINGS)}{chance.randrange(1, 999)}处，"
            f"投资{chance.randrange(10, 99999)}万元，{chance.choice(_ENDS)}"
            for _ in range(chance.randrange(1, 3))
        ]
        lines.append(f"第{number}片区第{paragraph}项：{''.join(sentences)}")
    file = folder / f"第{number}片区.txt"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


def ask_until(url: str, over: threading.Event, chance: random.Random) -> tuple[list[float], int]:
    """Ask one question after the other; returns milliseconds for each, and errors."""
    times, errors = [], 0
    while not over.is_set():
        thing, deed = chance.choice(_THINGS), chance.choice(_DEEDS)
        question = {"question": f"今年{deed}{thing}{chance.randrange(10**6)}处了吗？"}
        request = urllib.request.Request(
            f"{url}/api/v1/ask",
            data=json.dumps(question).encode(),
            headers={"Content-Type": "application/json"},
        )
        began = time.perf_counter()
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:
                reply.read()
        except OSError:
            errors += 1
        times.append((time.perf_counter() - began) * 1000)
    return times, errors


def wait_for(client: Client, uploads: list[ImportItem], over: threading.Event) -> None:
    """Wait until uploads are settled."""
    client.wait_for(uploads)
    over.set()


def quantile(times: list[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(times, n=20)[-1]


if __name__ == "__main__":
    sys.exit(main())
