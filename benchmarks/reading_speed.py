"""How fast files are read, and what is left of their structure, beside other readers.

    python benchmarks/reading_speed.py FOLDER [--peer PYTHON ...] [--runs N]

Every file of FOLDER is read by each reader in turn, warm, N times; the median counts. A peer is
named by the Python of an environment that it is installed in (`markitdown` or `unstructured`):

    python -m venv peer && peer/bin/pip install "markitdown[docx,pdf]"

JSON on stdout: for each reader and format, files and thousand characters read per second, the
files that it refused, and of Youju's headings the share that it marks as headings: Markdown `#`
lines of markitdown, `Title` elements of unstructured. A page of a report has about a thousand
characters.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

Headings = list[str]
Reader = Callable[[Path], tuple[str, Headings]]
"""Reads a file: its text, and the lines marked as headings. Raises if it cannot."""


def main() -> None:
    """Measure this environment's reader, then each peer in its own environment."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--peer", action="append", default=[], help="a peer's Python")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(_measure(options.folder, options.runs), ensure_ascii=False))
        return
    command = [__file__, str(options.folder.resolve()), "--runs", str(options.runs), "--measure"]
    measured = []
    for python in (sys.executable, *options.peer):
        output = subprocess.run([python, *command], check=True, capture_output=True).stdout
        measured.append(json.loads(output.splitlines()[-1]))
    wanted = {
        file: set(map(_bare, read["headings"])) for file, read in measured[0]["files"].items()
    }
    table = {reader["name"]: _table(reader["files"], wanted) for reader in measured}
    print(json.dumps(table, ensure_ascii=False, indent=1))


def _table(files: dict[str, dict], wanted: dict[str, set[str]]) -> dict[str, dict[str, object]]:
    formats: dict[str, list[tuple[str, dict]]] = defaultdict(list)
    for file, read in files.items():
        formats[Path(file).suffix].append((file, read))
    table = {}
    for suffix, rows in sorted(formats.items()):
        done = [(file, read) for file, read in rows if read["error"] is None]
        seconds = sum(read["seconds"] for _, read in done) or float("inf")
        headings = [(wanted[file], set(map(_bare, read["headings"]))) for file, read in done]
        total = sum(len(ours) for ours, _ in headings)
        table[suffix] = {
            "files": len(done),
            "files_per_second": round(len(done) / seconds, 2),
            "thousand_characters_per_second": round(
                sum(read["characters"] for _, read in done) / seconds / 1000, 1
            ),
            "headings": round(sum(len(a & b) for a, b in headings) / total, 3) if total else None,
            "refused": {file: read["error"] for file, read in rows if read["error"]},
        }
    return table


def _bare(heading: str) -> str:
    return "".join(heading.split()).strip("*#—-。：:")


def _measure(folder: Path, runs: int) -> dict[str, object]:
    name, read = _reader()
    files = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.name[0] != "."):
        times = []
        text, headings, error = "", [], None
        for _ in range(runs + 1):
            start = time.perf_counter()
            try:
                text, headings = read(path)
            except Exception as failure:  # noqa: BLE001 - a peer may fail in any way
                error = f"{type(failure).__name__}: {failure}"[:200]
                break
            times.append(time.perf_counter() - start)
        files[str(path.relative_to(folder))] = {
            "seconds": statistics.median(times[1:]) if times[1:] else None,
            "characters": len("".join(text.split())),
            "headings": headings,
            "error": error,
        }
    return {"name": name, "files": files}


def _reader() -> tuple[str, Reader]:
    """The reader that is installed in this environment."""
    for name, make in (
        ("youju", _youju),
        ("markitdown", _markitdown),
        ("unstructured", _unstructured),
    ):
        try:
            return name, make()
        except ImportError:
            continue
    raise SystemExit("no reader is installed in this environment")


def _youju() -> Reader:
    from corpus import read_report  # noqa: PLC0415 - not there in a peer's environment

    def read(path: Path) -> tuple[str, Headings]:
        report = read_report(path, file=path.name)
        return report.source, [section.heading for section in report.sections]

    return read


def _markitdown() -> Reader:
    from markitdown import MarkItDown  # noqa: PLC0415 - as above

    converter = MarkItDown()

    def read(path: Path) -> tuple[str, Headings]:
        text = converter.convert(str(path)).text_content
        return text, [line for line in text.splitlines() if line.startswith("#")]

    return read


def _unstructured() -> Reader:
    from unstructured.partition.auto import partition  # noqa: PLC0415 - as above

    def read(path: Path) -> tuple[str, Headings]:
        elements = partition(str(path), languages=["chi_sim"])
        text = "\n".join(element.text for element in elements)
        return text, list(_titles(elements))

    return read


def _titles(elements: list) -> Iterator[str]:
    return (element.text for element in elements if element.category == "Title")


if __name__ == "__main__":
    main()
