"""A service under varied load for a long time: memory, open files and threads stay as they are.

    python benchmarks/soak.py [--minutes 10] [--data DATA]

A few clients ask, check quotations, read, send nonsense and go away, against a service over the
sample reports (or those of ``--data``). Its resources are noted all the while. Prints them, and
ends with 1 if the median memory of the last fifth of the time is more than 5 % above that of the
second (after the first it counts as warm), if files or threads have grown, or if the service had an
error. For a night: ``--minutes 120``. Linux only.
"""

import argparse
import asyncio
import json
import random
import sys
import time
from collections import Counter
from pathlib import Path
from statistics import median

from crowd import any_question
from rude_clients import QUESTION, drop
from service import resources, running_service, send

CLIENTS = 4
PAUSE = 0.15
"""Seconds between a client's requests: other work of the machine should be possible."""

GROWTH = 1.05


def main() -> int:
    """Run it; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--data", type=Path, help="a data folder; the sample reports if left out")
    options = parser.parse_args()
    with running_service(options.data) as service:
        return asyncio.run(measure(service.port, service.pid, options.minutes * 60))


async def measure(port: int, pid: int, seconds: float) -> int:
    """Keep it busy and note what it holds; returns the exit code."""
    statuses: Counter[int] = Counter()
    until = time.perf_counter() + seconds
    clients = [asyncio.create_task(client(port, until, statuses)) for _ in range(CLIENTS)]
    noted: list[tuple[int, int, int]] = []
    while time.perf_counter() < until:
        await asyncio.sleep(min(5.0, seconds / 50))
        noted.append(resources(pid))
    await asyncio.gather(*clients)
    return judge(noted, statuses)


async def client(port: int, until: float, statuses: Counter[int]) -> None:
    """Do one thing after another."""
    some = asyncio.Semaphore(1)
    number = 0
    while time.perf_counter() < until:
        number += 1
        if random.random() < 0.05:  # noqa: S311 - no secret
            await drop(port, some)
        else:
            method, path, body = request(number)
            statuses[(await send(port, method, path, body)).status] += 1
        await asyncio.sleep(PAUSE)


def request(number: int) -> tuple[str, str, bytes]:
    """One request of several kinds, most of them questions."""
    question = any_question()
    ask = ("POST", "/api/v1/ask", written(question=question + str(number % 997), top_k=10))
    return random.choice(  # noqa: S311 - no secret
        [
            *[ask] * 6,
            ("POST", "/api/v1/verify", written(quote=f"粮食产量{number % 99}万吨以上")),
            ("POST", "/api/v1/proofread", written(text=f"据报告，“粮食产量{number % 99}万吨”。")),
            ("POST", "/v1/chat/completions", chat(question)),
            ("GET", "/api/v1/reports", b""),
            ("GET", "/metrics", b""),
            ("GET", "/", b""),
            ("POST", "/api/v1/ask", QUESTION[-30:]),
            ("GET", f"/nowhere/{number}", b""),
        ]
    )


def written(**fields: object) -> bytes:
    """A body."""
    return json.dumps(fields, ensure_ascii=False).encode()


def chat(question: str) -> bytes:
    """The body of a question as OpenAI's clients ask it."""
    return written(model="youju", messages=[{"role": "user", "content": question}])


def judge(noted: list[tuple[int, int, int]], statuses: Counter[int]) -> int:
    """Print what was noted, and what is not as it must be."""
    fifth = max(1, len(noted) // 5)
    warm, last = noted[fifth : 2 * fifth], noted[-fifth:]
    before, after = (
        [median(column) for column in zip(*part, strict=True)] for part in (warm, last)
    )
    growth = after[0] / before[0]
    print(f"replies: {sum(statuses.values())}, {dict(sorted(statuses.items()))}")
    print(f"memory:  {before[0] / 2**20:.0f} MiB, then {after[0] / 2**20:.0f} MiB ({growth:.3f})")
    print(f"files:   {before[1]:.0f}, then {after[1]:.0f}")
    print(f"threads: {before[2]:.0f}, then {after[2]:.0f}")
    checks = {
        "memory grows": growth <= GROWTH,
        "open files grow": after[1] <= before[1] + 5,
        "threads grow": after[2] <= before[2] + 2,
        "the service had an error": not any(status >= 500 and status != 503 for status in statuses),
        "a request got no reply": statuses[0] == 0,
    }
    broken = [what for what, holds in checks.items() if not holds]
    print("\n".join(f"BROKEN: {what}" for what in broken) or "all limits are kept")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
