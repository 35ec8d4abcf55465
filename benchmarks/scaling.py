"""How search scales: 10⁴ to 10⁶ windows, cost of each stage, recall, memory, disk, time to build.

    python benchmarks/scaling.py [--sizes 10000,100000] [--data FOLDER]

Real reports (those in ``../shared`` if they are there, else the samples) are embedded; what is
missing to a size is made of them (``made_collection.py``) and written by the same code that writes
any segment, without embedding. Each size is then opened and asked in a process of its own. A
million takes 9 GB of disk and about a quarter of an hour on two cores. The result goes to
``benchmarks/results/scaling.json``.

What is measured is all of a search besides encoding the question: reading it (spelling, synonyms),
BM25, the nearest windows, scoring the candidates and late interaction. Recall compares the first
windows of the dense side with those of an exact search.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from made_collection import Maker
from own_questions import FILE as OWN_QUESTIONS
from platformdirs import user_cache_path
from provenance import keep, provenance

import youju  # noqa: F401  it settles how many threads libraries use before they are loaded
from corpus import SAMPLES, read_folder
from index import Encoder, HybridIndex, build_index, default_model_folder
from index.contents import live_contents
from index.corrections import FILE as CORRECTIONS
from index.corrections import corrections_json
from index.hybrid import CANDIDATES, WINDOWS_FOR_CANDIDATES
from index.merging import LARGEST
from index.segment import Segment, write_segment
from index.snapshot import ORDER, write
from index.user_words import FILE as WORDS

ROOT = Path(__file__).parent.parent
SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
SHARED = ROOT.parent / "shared"
QUESTIONS = 150
HITS = 30
"""As many as an answer asks for."""
ROUNDS = 3


def main() -> None:
    """Build each size, measure it, and write the result."""
    arguments = _arguments()
    if arguments.measure:
        print(json.dumps(measured(arguments.measure)))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.data or Path(temporary)
        result = {**provenance(), "questions": _questions_from(), "sizes": {}}
        for size, seconds in grown(folder / "data", sorted(arguments.sizes)):
            command = [sys.executable, __file__, "--measure", str(folder / "data")]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
            figures = {"built_s": round(seconds, 1), **json.loads(done.stdout.splitlines()[-1])}
            result["sizes"][str(size)] = figures
            print(size, json.dumps(figures), flush=True)
            keep("scaling", result)


def grown(data: Path, sizes: Sequence[int]) -> Iterator[tuple[int, float]]:
    """Yield each size once an index of it is live, with the seconds that its segments took."""
    encoder = _encoder()
    shared = SHARED / "reports"
    folder = shared if shared.is_dir() else SAMPLES
    kept = user_cache_path("youju") / "benchmarks" / "reports"  # so that they are embedded once
    build_index(read_folder(folder).reports, data=kept, encoder=encoder)
    real = live_contents(kept, encoder.identity)
    maker, seconds = Maker(real.segments), 0.0
    mean, model = real.segments[0].mean, encoder.identity
    words = real.segments[0].manifest.words
    parts = [one.part(np.ones(len(one.entries), np.bool_)) for one in real.segments]
    shutil.rmtree(data, ignore_errors=True)
    segments = [write_segment(data, parts, mean=mean, model=model, words=words)]
    for size in sizes:
        while (missing := size - sum(len(segment.windows) for segment in segments)) > 0:
            part = maker.part(min(missing, LARGEST))
            begun = time.perf_counter()
            segments.append(write_segment(data, [part], mean=mean, model=model, words=words))
            seconds += time.perf_counter() - begun
        _make_live(data, segments, model, (real.folder / WORDS).read_bytes())
        yield size, seconds


def _make_live(data: Path, segments: Sequence[Segment], model: str, words: bytes) -> None:
    order = [
        (number, place)
        for number, segment in enumerate(segments)
        for place in range(len(segment.entries))
    ]

    def fill(folder: Path) -> None:
        np.save(folder / ORDER, np.array(order, np.int32), allow_pickle=False)
        (folder / CORRECTIONS).write_text(corrections_json({}), "utf-8")
        (folder / WORDS).write_bytes(words)

    counts = {
        "reports": len(order),
        "paragraphs": sum(len(segment.first_windows) for segment in segments),
        "windows": sum(len(segment.windows) for segment in segments),
    }
    sums = {segment.folder.name: segment.sum for segment in segments}
    write(data, model=model, counts=counts, segments=sums, fill=fill)


def measured(data: Path) -> dict[str, object]:
    """Open an index and ask it."""
    encoder = _encoder()
    before = _memory()
    begun = time.perf_counter()
    index = HybridIndex(data, encoder)
    opened = time.perf_counter() - begun
    questions = [index.understand(question) for question in _questions()]
    for query in questions:
        index.search(query, limit=HITS)  # encodes it, and reads what is mapped for the first time
    stages = _stages(index)
    searched, dense = index._segments, index._segments.dense  # noqa: SLF001
    some = {report.id for report in index.reports[:3]}
    half = {report.id for report in index.reports[::2]}
    asked: dict[str, Callable[[int], object]] = {
        "search": lambda n: index.search(index.understand(questions[n].question), limit=HITS),
        **stages,
        "among 3 reports": lambda n: index.search(questions[n], limit=HITS, reports=some),
        "among half of the reports": lambda n: index.search(questions[n], limit=HITS, reports=half),
    }
    return {
        "reports": len(index.reports),
        "paragraphs": index.paragraphs,
        "windows": len(searched.windows),
        "segments": len(searched.by_sum),
        "tokens": sum(len(s.postings.vocabulary) for s in searched.lexical._segments),  # noqa: SLF001
        "open_s": round(opened, 2),
        "memory_before_mb": before,
        "ms": {name: _times(ask, len(questions)) for name, ask in asked.items()},
        "memory_mb": _memory(),
        "disk_mb": round(sum(f.stat().st_size for f in data.rglob("*") if f.is_file()) / 1e6),
        "recall": _recall(index, [index._encoded(query.wording).vector for query in questions]),  # noqa: SLF001
        "exact": dense.is_exact,
        "load": round(os.getloadavg()[0], 1),
    }


def _stages(index: HybridIndex) -> dict[str, Callable[[int], object]]:
    """The stages of a search by name, each given the number of a question."""
    texts = _questions()
    queries = [index.understand(text) for text in texts]
    encoded = [index._encoded(query.wording) for query in queries]  # noqa: SLF001
    weights = [index._understanding.weights(query) for query in queries]  # noqa: SLF001
    segments = index._segments  # noqa: SLF001
    terms = [index._lexical.terms(some) for some in weights]  # noqa: SLF001
    rows = [index._candidates(e.vector, t, None) for e, t in zip(encoded, terms, strict=True)]  # noqa: SLF001
    windows = [segments.windows_of(some) for some in rows]
    return {
        "reading the question": lambda n: (
            index.understand(texts[n]),
            index._understanding.weights(queries[n]),  # noqa: SLF001
        ),
        "BM25": lambda n: segments.lexical.best(segments.lexical.terms(weights[n]), CANDIDATES),
        "nearest windows": lambda n: segments.dense.nearest(
            encoded[n].vector, WINDOWS_FOR_CANDIDATES
        ),
        "scores of candidates": lambda n: (
            segments.lexical.scores_of(terms[n], rows[n]),
            segments.dense.cosines(encoded[n].vector, windows[n]),
        ),
        "late interaction": lambda n: segments.late.scores(encoded[n].tokens, windows[n][:30]),
    }


def _times(ask: Callable[[int], object], count: int) -> dict[str, float]:
    """Milliseconds of a question: of the clock, and of all cores together."""
    clock, cpu = [], []
    for _ in range(ROUNDS):
        for number in range(count):
            begun, used = time.perf_counter(), time.process_time()
            ask(number)
            cpu.append(1000 * (time.process_time() - used))
            clock.append(1000 * (time.perf_counter() - begun))
    return {
        "p50": round(float(np.percentile(clock, 50)), 2),
        "p95": round(float(np.percentile(clock, 95)), 2),
        "cpu_p50": round(float(np.percentile(cpu, 50)), 2),
        "cpu_p95": round(float(np.percentile(cpu, 95)), 2),
    }


def _recall(index: HybridIndex, vectors: Sequence[np.ndarray]) -> dict[str, float]:
    """Share of the nearest windows, by exact search, among as many first ones of the dense side."""
    asked = np.stack(vectors)
    rows = [one.vectors.rows for one in live_contents(index.data, index.encoder.identity).segments]
    blocks = [some[a : a + 20_000] @ asked.T for some in rows for a in range(0, len(some), 20_000)]
    exact = np.concatenate(blocks).T
    found = [index._segments.dense.nearest(one, WINDOWS_FOR_CANDIDATES)[0] for one in vectors]  # noqa: SLF001
    recall = {}
    for first in (10, 100):
        best = np.argpartition(-exact, first, axis=1)[:, :first]
        pairs = zip(found, best, strict=True)
        shares = [len(np.intersect1d(some[:first], nearest)) / first for some, nearest in pairs]
        recall[f"@{first}"] = round(float(np.mean(shares)), 4)
    return recall


def _memory() -> dict[str, float]:
    """Resident memory in MB: all, what is our own, what is mapped from files; the most so far."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    fields = dict(line.split(":", 1) for line in lines)
    names = {"all": "VmRSS", "own": "RssAnon", "mapped": "RssFile", "peak": "VmHWM"}
    return {key: round(int(fields[name].split()[0]) / 1024) for key, name in names.items()}


def _questions() -> list[str]:
    files = sorted((SHARED / "eval").glob("*.jsonl")) or [OWN_QUESTIONS]
    lines = [line for file in files for line in file.read_text("utf-8").splitlines()]
    return [json.loads(line)["question"] for line in lines][:QUESTIONS]


def _questions_from() -> str:
    return "shared/eval" if (SHARED / "eval").is_dir() else OWN_QUESTIONS.name


def _encoder() -> Encoder:
    return Encoder(default_model_folder(user_cache_path("youju")))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--sizes", type=lambda text: [int(n) for n in text.split(",")], default=SIZES
    )
    parser.add_argument("--data", type=Path, help="keep the index below this folder")
    parser.add_argument("--measure", type=Path, help="only measure the index in this folder")
    return parser.parse_args()


if __name__ == "__main__":
    main()
