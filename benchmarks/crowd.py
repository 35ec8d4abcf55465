"""Many clients at once: whoever is let in is answered soon, the others hear at once when to return.

    python benchmarks/crowd.py [--clients 200] [--seconds 60] [--data DATA]

Starts a service over the sample reports (or those of ``--data``). That many clients come within a
second and ask without a pause; one that gets 503 waits as long as ``Retry-After`` says. Prints
counts and percentiles, and ends with 1 where a limit is broken, as on a machine that does other
work meanwhile:

- answered questions take 2 s at the 95th percentile;
- everything else is 503 with ``Retry-After``, within 100 ms at the 95th percentile once it is sent;
- ``/livez`` answers within 100 ms at the 99th percentile all the while;
- 10 s after the crowd has left, a single question takes no more than twice what it took before.
"""

import argparse
import asyncio
import itertools
import json
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from service import Reply, running_service, send

_QUESTIONS = (
    "青岚县今年粮食产量目标是多少？",
    "云汀市总工会去年新建了多少家基层工会？",
    "城镇新增就业的目标是多少？",
    "困难职工帮扶做了哪些工作？",
    "空气质量优良天数比率要保持在多少？",
    "产业工人队伍建设改革有什么进展？",
    "货车司机入会有多少人？",
    "今年的重点工作有哪些？",
)
_NUMBERS = itertools.count(1)


@dataclass
class Heard:
    """What clients got, in seconds."""

    statuses: Counter[int] = field(default_factory=Counter)
    answered: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    alive: list[float] = field(default_factory=list)
    without_retry: int = 0


def main() -> int:
    """Run it; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--data", type=Path, help="a data folder; the sample reports if left out")
    options = parser.parse_args()
    with running_service(options.data) as service:
        return asyncio.run(measure(service.port, options.clients, options.seconds))


async def measure(port: int, clients: int, seconds: float) -> int:
    """Let the crowd in and judge what it got; returns the exit code."""
    before = await alone(port)
    heard = Heard()
    until = time.perf_counter() + seconds
    await asyncio.gather(
        watch(port, until, heard), *(client(port, until, heard) for _ in range(clients))
    )
    await asyncio.sleep(10)
    after = await alone(port)
    return judge(heard, before, after, seconds)


async def client(port: int, until: float, heard: Heard) -> None:
    """Come within the first second, and ask until it is time to go."""
    await asyncio.sleep(random.random())  # noqa: S311 - no secret
    while time.perf_counter() < until:
        reply = await ask(port)
        heard.statuses[reply.status] += 1
        if reply.status == 200:
            heard.answered.append(reply.seconds)
        else:
            heard.refused.append(reply.seconds)
            heard.without_retry += reply.retry_after is None
            await asyncio.sleep(reply.retry_after or 1)


async def watch(port: int, until: float, heard: Heard) -> None:
    """See how quickly the service says that it is alive."""
    while time.perf_counter() < until:
        heard.alive.append((await send(port, "GET", "/livez")).seconds)
        await asyncio.sleep(0.1)


async def alone(port: int) -> float:
    """The median time of a question while nobody else asks."""
    took = sorted([(await ask(port)).seconds for _ in range(15)])
    return took[len(took) // 2]


async def ask(port: int) -> Reply:
    """One question."""
    body = json.dumps({"question": any_question()}).encode()
    return await send(port, "POST", "/api/v1/ask", body)


def any_question() -> str:
    """A question, other than any before: answers are remembered."""
    return f"{random.choice(_QUESTIONS)}（第{next(_NUMBERS)}问）"  # noqa: S311 - no secret


def judge(heard: Heard, before: float, after: float, seconds: float) -> int:
    """Print what was measured, and what is not as it must be."""
    answered, refused, alive = (
        percentiles(values) for values in (heard.answered, heard.refused, heard.alive)
    )
    print(f"statuses: {dict(sorted(heard.statuses.items()))}")
    print(f"answered: {len(heard.answered) / seconds:.0f}/s, {told(answered)}")
    print(f"refused:  {len(heard.refused) / seconds:.0f}/s, {told(refused)}")
    print(f"/livez:   {len(heard.alive)}, {told(alive)}")
    print(f"alone:    {before * 1000:.0f} ms before, {after * 1000:.0f} ms after")
    checks = {
        "a reply was neither 200 nor 503": heard.statuses.keys() <= {200, 503},
        "a refusal did not say when to come back": heard.without_retry == 0,
        "answers take more than 2 s (p95)": answered[1] <= 2,
        "refusals take more than 100 ms (p95)": refused[1] <= 0.1,
        "/livez takes more than 100 ms (p99)": alive[2] <= 0.1,
        "it did not recover": after <= 2 * before + 0.02,
    }
    broken = [what for what, holds in checks.items() if not holds]
    print("\n".join(f"BROKEN: {what}" for what in broken) or "all limits are kept")
    return 1 if broken else 0


def percentiles(values: list[float]) -> tuple[float, float, float]:
    """Median, 95th and 99th percentile."""
    ordered = sorted(values) or [0.0]
    p50, p95, p99 = (ordered[int(part * (len(ordered) - 1))] for part in (0.5, 0.95, 0.99))
    return p50, p95, p99


def told(values: tuple[float, float, float]) -> str:
    """Percentiles in words."""
    return "p50 {:.0f} ms, p95 {:.0f} ms, p99 {:.0f} ms".format(*(1000 * v for v in values))


if __name__ == "__main__":
    sys.exit(main())
