"""What a question costs, beside encoding it: alone, and with many clients at once.

    python benchmarks/questions.py [--data DATA] [--questions FILE] [--seconds 10] [--clients 16]

Asks a service over 10,000 made-up passages (or those of ``--data``, with the questions of a file of
JSON lines) one question after the other, then by many clients at once. No question is asked twice,
so no answer is remembered, until the last part, which asks the same again. In this process the same
questions are answered, and encoded one by one and in batches: the share of an answer that is not
encoding, and the ceiling that the encoder sets. Between other work an encoding takes a tenth longer
than one after another, as the model's weights have left the processor's cache; both are told.

Prints JSON with machine and commit, and writes it to ``benchmarks/results/questions.json``.
Milliseconds are wall time; other work on the machine counts.
"""

import argparse
import asyncio
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from made_up_reports import given_data, questions
from platformdirs import user_cache_path
from provenance import keep, provenance
from service import running_service, send

import youju  # first: it settles how many threads libraries take
from index import Encoder, HybridIndex, default_model_folder
from index.encoded import Encoded
from qa import Answerer

ALONE = 200
"""Questions that one client asks, and that are encoded one by one."""
BATCHES = (1, 2, 4, 8, 16)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, help="a data folder; made-up reports if left out")
    parser.add_argument("--questions", type=Path, help="JSON lines with `question`")
    parser.add_argument("--seconds", type=float, default=10.0, help="for which many clients ask")
    parser.add_argument("--clients", type=int, default=16)
    options = parser.parse_args()
    asked = questions(5000)
    if options.questions:
        lines = options.questions.read_text("utf-8").splitlines()
        asked = [json.loads(line)["question"] for line in lines]
    with given_data(options.data) as data:
        result = {
            **provenance(),
            "over_http": asyncio.run(over_http(data, asked, options.clients, options.seconds)),
            "in_process": in_process(data, asked[-ALONE:]),
        }
    encoding = result["in_process"]["encoding_for_answers"]["p50_ms"]
    whole = {
        "over_http": result["over_http"]["alone"],
        "in_process": result["in_process"]["answering"],
    }
    result["share_not_encoding"] = {
        where: round(1 - encoding / took["p50_ms"], 3) for where, took in whole.items()
    }
    print(keep("questions", result))
    return 0


async def over_http(
    data: Path, asked: Sequence[str], clients: int, seconds: float
) -> dict[str, Any]:
    """Ask a service: alone, in a crowd, and the same again."""
    with running_service(data) as service:
        port = service.port
        warm, alone, crowd = asked[:20], asked[20 : 20 + ALONE], asked[20 + ALONE : -ALONE]
        await one_by_one(port, warm)
        result: dict[str, Any] = {"alone": told(await one_by_one(port, alone))}
        result["asked_again"] = told(await one_by_one(port, alone[-100:]))
        took, lasted = await many(port, iter(crowd), clients, seconds)
        result[f"clients_{clients}"] = {
            **told(took),
            "questions_per_s": round(len(took) / lasted, 1),
        }
        return result


async def one_by_one(port: int, asked: Sequence[str]) -> list[float]:
    """Milliseconds of questions that one client asks."""
    return [await ask(port, question) for question in asked]


async def many(
    port: int, asked: Iterator[str], clients: int, seconds: float
) -> tuple[list[float], float]:
    """Milliseconds of questions that many clients ask for some seconds; how long it was in all."""
    took: list[float] = []
    began = time.perf_counter()

    async def client() -> None:
        for question in asked:
            took.append(await ask(port, question))
            if time.perf_counter() - began > seconds:
                return

    await asyncio.gather(*(client() for _ in range(clients)))
    return took, time.perf_counter() - began


async def ask(port: int, question: str) -> float:
    """Milliseconds of one question."""
    body = json.dumps({"question": question}).encode()
    reply = await send(port, "POST", "/api/v1/ask", body)
    if reply.status != 200:
        raise SystemExit(f"{question}: {reply.status}")
    return reply.seconds * 1000


class TimedEncoder(Encoder):
    """An encoder that notes the milliseconds that each question takes."""

    def __init__(self, model: Path) -> None:
        super().__init__(model)
        self.took: list[float] = []

    def encode_question(self, question: str) -> Encoded:
        """Encode one question."""
        began = time.perf_counter()
        encoded = super().encode_question(question)
        self.took.append((time.perf_counter() - began) * 1000)
        return encoded


def in_process(data: Path, asked: Sequence[str]) -> dict[str, Any]:
    """What encoding costs, one by one and in batches, and what the rest of an answer does."""
    encoder = TimedEncoder(default_model_folder(user_cache_path(youju.NAME)))
    answerer = Answerer(HybridIndex(data, encoder))
    answerer.warm_up()
    encoding = [timed(lambda q=q: encoder.encode_question(q)) for q in asked]
    encoder.took.clear()
    answering = [timed(lambda q=q: answerer.ask(q)) for q in asked]
    for_answers = list(encoder.took)
    model = encoder._model  # noqa: SLF001 - batches are not for the public
    ceiling = {}
    for size in BATCHES:
        parts = [asked[at : at + size] for at in range(0, len(asked), size)]
        took = sum(timed(lambda part=part: model.encode(part, "query")) for part in parts)
        ceiling[size] = round(1000 * len(asked) / took, 1)
    return {
        "encoding": told(encoding),
        "encoding_for_answers": told(for_answers),
        "answering": told(answering),
        "encoded_per_s_in_batches_of": ceiling,
    }


def timed(work: Callable[[], object]) -> float:
    """Milliseconds that it takes."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def told(took: Sequence[float]) -> dict[str, float]:
    """Count and percentiles."""
    ordered = sorted(took)
    return {
        "questions": len(ordered),
        "p50_ms": round(statistics.median(ordered), 1),
        "p95_ms": round(ordered[int(0.95 * (len(ordered) - 1))], 1),
    }


if __name__ == "__main__":
    sys.exit(main())
