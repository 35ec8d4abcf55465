"""How often the encoding of a piece of a report is guessed right, beside other detectors.

    python benchmarks/guess_encodings.py FOLDER [--pieces N]

Pieces of 8 to 1000 characters are cut from the reports of FOLDER as they are, with figures between
the words as in a table, and as lists of rare characters as in names; in Simplified script, and in
Traditional script as OpenCC converts it. Each is encoded in every encoding that has its characters.
A guess is right if it gives the same text. JSON on stdout: for each detector, length and encoding
the share that was right. The detectors `chardet` and `charset_normalizer` take part if they are
installed.
"""

import argparse
import importlib
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import opencc

sys.path.insert(0, str(Path(__file__).parent.parent))

from corpus import read_folder
from corpus.encodings import guess_encoding

LENGTHS = (8, 15, 30, 100, 1000)
ENCODINGS = ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be")

Detector = Callable[[bytes], str | None]


def main() -> None:
    """Cut pieces, let every detector guess, print the shares."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pieces", type=int, default=200, help="pieces of each length and kind")
    options = parser.parse_args()
    simplified = "\n".join(report.source for report in read_folder(options.folder).reports)
    scripts = {
        "Simplified": simplified,
        "Traditional": opencc.OpenCC("s2t").convert(simplified),
        "Traditional (HK)": opencc.OpenCC("s2hk").convert(simplified),
    }
    right: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for script, text in scripts.items():
        for length, piece in _pieces(text, options.pieces):
            for encoding in ENCODINGS:
                if script == "Simplified" and encoding == "big5hkscs":
                    continue
                data = piece.encode(encoding, "ignore")
                wanted = data.decode(encoding)
                for name, guess in _detectors().items():
                    found = _decoded(data, guess(data)) == wanted
                    right[name][f"{length} {script} {encoding}"].append(found)
    table = {
        name: {case: round(sum(found) / len(found), 4) for case, found in cases.items()}
        for name, cases in right.items()
    }
    print(json.dumps(table, indent=1))


def _pieces(text: str, count: int) -> Iterator[tuple[int, str]]:
    random = Random(0)  # noqa: S311 - to be had again
    rare = sorted({character for character in text if "\u4e00" <= character < "\ua000"})

    def words(length: int) -> str:
        start = random.randrange(len(text) - length)
        return text[start : start + length]

    for length in LENGTHS:
        for _ in range(count):
            yield length, words(length)
            yield length, "".join(random.choices(rare, k=length))
            cells = (f"{words(4)}\t{random.randrange(99_999)}\t" for _ in range(length // 8))
            yield length, "".join(cells)


def _decoded(data: bytes, encoding: str | None) -> str | None:
    try:
        return data.decode(encoding, "replace") if encoding else None
    except LookupError:
        return None


def _detectors() -> dict[str, Detector]:
    detectors: dict[str, Detector] = {"youju": guess_encoding}
    for name in ("chardet", "charset_normalizer"):
        try:
            detect = importlib.import_module(name).detect
        except ModuleNotFoundError:
            continue
        detectors[name] = lambda data, detect=detect: detect(data)["encoding"]
    return detectors


if __name__ == "__main__":
    main()
