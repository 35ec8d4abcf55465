"""How well pages are read that are pictures: reports, printed, scanned and read back.

    python benchmarks/recognised_pages.py REPORT [REPORT ...] [--pages N]

LibreOffice makes a PDF file of each report, and the first N pages of it are drawn at 200 dpi. They
are read as pictures, sound and spoilt, and as a scanned PDF file; beside it, as a PDF file with its
text. What is read is compared with the report's own text on these pages:

    characters  of the text on the pages
    accuracy    1 - edit distance / characters; white space and width of characters do not count
    headings    found again, of those on the pages
    paragraphs  found again whole, of those that stand whole on the pages: every line joined to the
                line that it belongs to, and to no other
    seconds     a page

A heading or paragraph is found again if no more than a tenth of its characters differ. Where each
page is a file, those that go on from page to page are no whole ones.
"""

import argparse
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import pypdfium2
from PIL import Image

from corpus import Paragraph, Report, Span, read_report

_DPI = 200
_DIFFERENT = 0.1
_SUREST = 4
"""Characters in a row that are the same by no accident."""


@dataclass(frozen=True, slots=True)
class _Part:
    """What stands on some pages: the text, headings and whole paragraphs, all of them squashed."""

    text: str
    headings: tuple[str, ...]
    paragraphs: tuple[str, ...]


@dataclass(slots=True)
class _Row:
    """A row of the table, added up over files."""

    pages: int
    characters: int = 0
    errors: int = 0
    headings: int = 0
    headings_kept: int = 0
    paragraphs: int = 0
    paragraphs_kept: int = 0
    seconds: float = 0.0

    def add(self, wanted: _Part, found: _Part) -> None:
        self.characters += len(wanted.text)
        self.errors += _distance(wanted.text, found.text)
        self.headings += len(wanted.headings)
        self.headings_kept += _kept(wanted.headings, found.headings)
        self.paragraphs += len(wanted.paragraphs)
        self.paragraphs_kept += _kept(wanted.paragraphs, found.paragraphs)

    def __str__(self) -> str:
        accuracy = 1 - self.errors / max(1, self.characters)
        headings = f"{self.headings_kept}/{self.headings}"
        paragraphs = f"{self.paragraphs_kept}/{self.paragraphs}"
        return (
            f"{self.characters:>10}  {accuracy:>8.4f}  {headings:>8}  {paragraphs:>10}  "
            f"{self.seconds / self.pages:>7.1f}"
        )


def main() -> None:
    """Print a table for every report named on the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("reports", nargs="+", type=Path)
    parser.add_argument("--pages", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for path in options.reports:
            report = read_report(path, file=path.name)
            printed = _printed(path, report, Path(folder))
            first = _first_pages(printed, options.pages)
            layers, images = _drawn(first)
            print(f"\n{path.name}, {len(images)} pages")
            print(f"{'':<24}characters  accuracy  headings  paragraphs  seconds")
            for name, row in _rows(report, first, layers, images):
                print(f"{name:<24}{row}", flush=True)


def _rows(
    report: Report, printed: Path, layers: Sequence[str], images: Sequence[Image.Image]
) -> Iterator[tuple[str, _Row]]:
    folder = printed.parent
    whole = _part(report, *_stretch(report, "".join(layers)))
    yield "PDF with its text", _read([(printed, whole)], pages=len(images))
    parts = [_part(report, *_stretch(report, layer)) for layer in layers]
    first = folder / "first.png"
    images[0].save(first)
    read_report(first, file=first.name)  # so that the models are loaded
    for name, suffix, spoilt, options in _PICTURES:
        files = []
        for number, (image, part) in enumerate(zip(images, parts, strict=True)):
            files.append((folder / f"page{number}.{suffix}", part))
            spoilt(image).save(files[-1][0], dpi=(_DPI, _DPI), **options)
        yield name, _read(files, pages=len(images))
    scan = folder / "scan.pdf"
    images[0].save(scan, save_all=True, append_images=images[1:], resolution=_DPI)
    yield "PDF, scanned", _read([(scan, whole)], pages=len(images))


def _turned(image: Image.Image) -> Image.Image:
    return image.rotate(1, Image.Resampling.BICUBIC, fillcolor="white")


def _headlong(image: Image.Image) -> Image.Image:
    return image.transpose(Image.Transpose.ROTATE_180)


_PICTURES: Sequence[tuple[str, str, Callable[[Image.Image], Image.Image], dict[str, object]]] = (
    ("PNG", "png", Image.Image.copy, {}),
    ("JPEG, quality 60", "jpg", Image.Image.copy, {"quality": 60}),
    ("PNG, askew by 1 degree", "png", _turned, {}),
    ("PNG, upside down", "png", _headlong, {}),
)
"""Pictures made of a page: a name, the suffix, what is done to it, and how it is saved."""


def _read(files: Iterable[tuple[Path, _Part]], *, pages: int) -> _Row:
    """Read files, and compare each with what it should say."""
    row = _Row(pages=pages)
    for path, wanted in files:
        begun = time.perf_counter()
        read = read_report(path, file=path.name)
        row.seconds += time.perf_counter() - begun
        row.add(wanted, _part(read, 0, len(read.source)))
    return row


def _printed(path: Path, report: Report, folder: Path) -> Path:
    """The report as a PDF file; plain text is handed over in an encoding that is recognised."""
    copy = folder / f"report{path.suffix}"
    if path.suffix == ".txt":
        copy.write_text(report.source, encoding="utf-8-sig")
    else:
        copy.write_bytes(path.read_bytes())
    profile = (folder / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless"]
    convert = ["--convert-to", "pdf", "--outdir", str(folder), str(copy)]
    subprocess.run([*command, *convert], check=True, stdout=sys.stderr)
    return copy.with_suffix(".pdf")


def _first_pages(path: Path, count: int) -> Path:
    """A PDF file of the first pages of another."""
    target = path.with_stem("pages")
    with pypdfium2.PdfDocument(path) as document, pypdfium2.PdfDocument.new() as pages:
        pages.import_pages(document, list(range(min(count, len(document)))))
        pages.save(target)
    return target


def _drawn(path: Path) -> tuple[list[str], list[Image.Image]]:
    """The text layers and the pictures of the pages of a PDF file."""
    with pypdfium2.PdfDocument(path) as document:
        layers = [page.get_textpage().get_text_range() for page in document]
        images = [page.render(scale=_DPI / 72).to_pil().convert("RGB") for page in document]
    return layers, images


def _stretch(report: Report, layer: str) -> tuple[int, int]:
    """From where to where the source of a report stands on pages with this text layer."""
    places = [i for i, character in enumerate(report.source) if not character.isspace()]
    source = "".join(report.source[i] for i in places)
    matcher = SequenceMatcher(None, source, "".join(layer.split()), autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size >= _SUREST]
    if not blocks:
        raise SystemExit(f"{report.file}: nothing of the text is found on its pages")
    return places[blocks[0].a], places[blocks[-1].a + blocks[-1].size - 1] + 1


def _part(report: Report, start: int, end: int) -> _Part:
    """What of a report lies in a stretch of its source, page furniture left out."""
    furniture = [p for p in report.paragraphs if p.kind == "furniture"]
    hidden = {i for p in furniture for span in p.spans for i in range(span.start, span.end)}
    text = "".join(report.source[i] for i in range(start, end) if i not in hidden)

    def inside(spans: Sequence[Span]) -> bool:
        return bool(spans) and start <= spans[0].start and spans[-1].end <= end

    return _Part(
        _squashed(text),
        tuple(_squashed(s.heading) for s in report.sections if inside(s.spans)),
        tuple(
            _squashed(_own(p)) for p in report.paragraphs if p not in furniture and inside(p.spans)
        ),
    )


def _own(paragraph: Paragraph) -> str:
    """A paragraph's text, without the head that every row of a table repeats."""
    return paragraph.text.rpartition("\n")[2]


def _squashed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _kept(wanted: Iterable[str], found: Iterable[str]) -> int:
    """How many of the texts are found again, each once."""
    left = list(found)
    kept = 0
    for text in wanted:
        most = int(_DIFFERENT * len(text))
        alike = (x for x in left if abs(len(x) - len(text)) <= most and _distance(x, text) <= most)
        match = next(alike, None)
        if match is not None:
            left.remove(match)
            kept += 1
    return kept


def _distance(first: str, second: str) -> int:
    """Levenshtein's edit distance."""
    above = list(range(len(second) + 1))
    for row, character in enumerate(first, 1):
        current = [row]
        for column, other in enumerate(second):
            replaced = above[column] + (character != other)
            current.append(min(replaced, above[column + 1] + 1, current[column] + 1))
        above = current
    return above[-1]


if __name__ == "__main__":
    main()
