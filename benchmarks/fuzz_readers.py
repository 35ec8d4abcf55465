"""What readers make of damaged files, thousands of them: a law of reading, or a clear refusal.

    python benchmarks/fuzz_readers.py FOLDER [--times N] [--seed N] [--only SUFFIX] [--keep FOLDER]

The files of FOLDER, of all formats that are read, are damaged as in tests/mutations.py and read
like any file, in a process of its own with limits. JSON on stdout: for each format how many were
read or refused, how many were too much for their reader (stopped for time or memory, crashed, an
exception that nobody expected), how many were read against a law (tests/test_corpus_laws.py), and
the longest time in seconds. Damaged files that show a fault are kept in the folder of ``--keep``.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path
from random import Random

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from mutations import mutate  # noqa: E402 - found once the path is set
from test_corpus_laws import check_laws  # noqa: E402

from corpus import Limits, ReportError, find_files, read_report, reports_json  # noqa: E402
from corpus.reading import READERS  # noqa: E402

LIMITS = Limits(silence=20, total=60, memory=2 << 30)

FAULTS = {
    "没有进展": "too slow",
    "还没有读完": "too slow",
    "内存不足": "out of memory",
    "崩溃": "crashed",
    "意外的错误": "unexpected",
    "读出的内容超过": "too long",
}


def main() -> None:
    """Damage and read files; print what came of it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--times", type=int, default=1000, help="damaged files of each format")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", help="the one format to read, such as .docx")
    parser.add_argument("--keep", type=Path, help="folder for damaged files that show a fault")
    options = parser.parse_args()
    files: dict[str, list[bytes]] = defaultdict(list)
    for path in find_files(options.folder):
        if path.suffix in READERS and options.only in {None, path.suffix}:
            files[path.suffix].append(path.read_bytes())
    table = {
        suffix: _fuzz(suffix, files[suffix], options.times, options.seed, options.keep)
        for suffix in sorted(files)
    }
    print(json.dumps(table, ensure_ascii=False, indent=1))


def _fuzz(
    suffix: str, files: list[bytes], times: int, seed: int, keep: Path | None
) -> dict[str, float]:
    counts: Counter[str] = Counter()
    longest = 0.0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"file{suffix}")
        for number in range(seed, seed + times):
            random = Random(number)  # noqa: S311 - to be had again
            path.write_bytes(mutate(random.choice(files), random, files))
            begun = time.perf_counter()
            outcome = _read(path)
            longest = max(longest, time.perf_counter() - begun)
            counts[outcome] += 1
            if keep and outcome not in {"read", "refused"}:
                keep.mkdir(parents=True, exist_ok=True)
                (keep / f"{outcome.replace(' ', '-')}-{number}{suffix}").write_bytes(
                    path.read_bytes()
                )
    return {**counts, "longest": round(longest, 2)}


def _read(path: Path) -> str:
    try:
        report = read_report(path, file=path.name, limits=LIMITS)
    except ReportError as error:
        return next((fault for mark, fault in FAULTS.items() if mark in error.reason), "refused")
    try:
        check_laws(report.source, report)
        reports_json([report])
    except (AssertionError, UnicodeError):
        return "against a law"
    return "read"


if __name__ == "__main__":
    main()
