"""What readers make of damaged files, thousands of them: a law of reading, or a clear refusal.

    python benchmarks/fuzz_readers.py [FOLDER] [--seconds N] [--seed N] [--only SUFFIX ...]
        [--keep FOLDER]

The files of FOLDER and those of tests/sound_files.py are damaged as in tests/mutations.py and read
like any file, in processes of their own with limits (30 s, 1 GB). They come in batches, each with a
sound file at its end. JSON on stdout, for each format:

    tried        damaged files
    read         read by the laws (tests/test_corpus_laws.py)
    refused      with cause and remedy
    timed out, out of memory, crashed, too long   too much for the reader, and refused as that
    unexpected   an exception that the reader did not foresee; must be 0
    against law  read, but a quote is not in its place; must be 0
    lost         batches in which an error named no file or another one, or the sound file could
                 not be read after the damaged ones; must be 0
    slowest      seconds for one file, with the start of a process where it needed one

Damaged files that show a fault are kept in the folder of ``--keep``; ``--seed`` makes the same
ones again. The exit status is 1 if one of the counts that must be 0 is not.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from pathlib import Path
from random import Random

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from mutations import mutate  # noqa: E402 - found once the path is set
from sound_files import old_word_files, sound_files  # noqa: E402
from test_corpus_laws import check_laws  # noqa: E402

from corpus import Limits, Report, ReportError, find_files, read_report, reports_json  # noqa: E402
from corpus.doc import find_soffice  # noqa: E402

LIMITS = Limits(silence=30, total=30, memory=1 << 30)
FORMATS = (".docx", ".doc", ".rtf", ".pdf", ".png", ".jpg", ".html", ".mht", ".md", ".txt")
NEED_LIBREOFFICE = frozenset({".rtf"})
FAULTS = {
    "没有进展": "timed out",
    "还没有读完": "timed out",
    "没有读完": "timed out",
    "内存不足": "out of memory",
    "崩溃": "crashed",
    "意外的错误": "unexpected",
    "读出的内容超过": "too long",
}
COUNTS = ("tried", "read", "refused", *dict.fromkeys(FAULTS.values()), "against law", "lost")
MUST_BE_NONE = ("unexpected", "against law", "lost")
BATCH = 20
PARALLEL = 2


def main() -> None:
    """Damage and read files; print what came of it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?", help="more sound files")
    parser.add_argument("--seconds", type=float, default=60, help="for each format")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="+", choices=FORMATS, default=FORMATS)
    parser.add_argument("--keep", type=Path, help="folder for damaged files that show a fault")
    options = parser.parse_args()
    table = {
        suffix: _fuzz(suffix, _seeds(suffix, options.folder), options)
        for suffix in options.only
        if find_soffice() or suffix not in NEED_LIBREOFFICE
    }
    print(json.dumps(table, ensure_ascii=False, indent=1))
    sys.exit(any(row[name] for row in table.values() for name in MUST_BE_NONE))


def _seeds(suffix: str, folder: Path | None) -> list[bytes]:
    """Sound files of a format: for .doc those of LibreOffice too."""
    files = [*sound_files(suffix), *(old_word_files() if suffix == ".doc" else [])]
    paths = find_files(folder) if folder else []
    return files + [path.read_bytes() for path in paths if path.suffix.lower() == suffix]


def _fuzz(suffix: str, files: Sequence[bytes], options: argparse.Namespace) -> dict[str, float]:
    counts = Counter(dict.fromkeys(COUNTS, 0))
    slowest = 0.0
    numbers = count(options.seed)
    deadline = time.monotonic() + options.seconds
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(PARALLEL) as threads:
        folder = Path(name)
        while time.monotonic() < deadline:
            batch = []
            for number in (next(numbers) for _ in range(BATCH)):
                random = Random(number)  # noqa: S311 - to be had again
                batch.append(folder / f"{number:06}{suffix}")
                batch[-1].write_bytes(mutate(random.choice(files), random, files))
            outcomes = list(threads.map(partial(_read, deadline=deadline), batch))
            for path, (outcome, seconds) in zip(batch, outcomes, strict=True):
                if outcome:
                    counts["tried"] += 1
                    counts[outcome] += 1
                    slowest = max(slowest, seconds)
                    _keep(path, outcome, options.keep)
                path.unlink()
            (sound := folder / f"sound{suffix}").write_bytes(files[0])
            counts["lost"] += _read(sound)[0] != "read" or "lost" in {o for o, _ in outcomes}
    return {**counts, "slowest": round(slowest, 2)}


def _read(path: Path, deadline: float = float("inf")) -> tuple[str, float]:
    """What came of a file and in how many seconds; nothing if the time for its format is up."""
    begun = time.monotonic()
    if begun > deadline:
        return "", 0.0
    try:
        report = read_report(path, file=path.name, limits=LIMITS)
    except ReportError as error:
        outcome = next((name for mark, name in FAULTS.items() if mark in error.reason), "refused")
        if error.file != path.name or "请" not in error.reason:
            outcome = "lost"
    except Exception:  # noqa: BLE001 - in a folder it would cost the files that follow
        outcome = "lost"
    else:
        outcome = _checked(report)
    return outcome, time.monotonic() - begun


def _checked(report: Report) -> str:
    try:
        check_laws(report.source, report)
        reports_json([report])
    except (AssertionError, UnicodeError):
        return "against law"
    return "read"


def _keep(path: Path, outcome: str, folder: Path | None) -> None:
    if folder and outcome not in {"read", "refused"}:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{outcome.replace(' ', '-')}-{path.name}").write_bytes(path.read_bytes())


if __name__ == "__main__":
    main()
