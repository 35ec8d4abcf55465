"""Files made to exhaust a reader, uploaded to a service: what each costs, and who notices.

    python benchmarks/hostile_files.py [--only WORD] [--keep FOLDER]

Each file is uploaded to a running service over the sample reports, which is asked questions
meanwhile. Printed for each are what became of it, the seconds until that was known, and the most
memory that a process which read it held (Linux). The exit status is 1 unless every file was refused
by name, or read, within 30 s and 512 MB, the service answered every question, and ``/livez`` took
at most 100 ms (p99). ``--keep`` leaves the files in a folder.
"""

import argparse
import asyncio
import os
import struct
import sys
import tempfile
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from itertools import accumulate
from pathlib import Path

from crowd import Heard, alone, ask, percentiles, told, watch
from service import ROOT, running_service

sys.path[:0] = [str(ROOT / "tests")]
from printed_pages import line, page, pdf  # noqa: E402

from web import Client  # noqa: E402

MOST_SECONDS = 30.0
MOST_MEMORY = 512 << 20
TEXT = "全县全年新建公园十二座。"

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONSHIPS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="a" Target="word/document.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>'
    "</Relationships>"
)


def docx(body: str, *, before: str = "", members: int = 0) -> bytes:
    """A Word file: the inside of its body, a document type before it, empty members beside it."""
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", _TYPES)
        package.writestr("_rels/.rels", _RELATIONSHIPS)
        document = f'<?xml version="1.0"?>{before}<w:document {_W}><w:body>{body}</w:body>'
        package.writestr("word/document.xml", document + "</w:document>")
        for number in range(members):
            package.writestr(f"word/media/{number}", b"")
    return written.getvalue()


def paragraph(inside: str) -> str:
    """A paragraph of a Word file."""
    return f"<w:p><w:r><w:t>{TEXT}</w:t>{inside}</w:r></w:p>"


def docx_that_lies() -> bytes:
    """A Word file that says its document unpacks to a kilobyte, where it does to 256 MB."""
    package = bytearray(docx(" " * (1 << 28)))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = package.find(signature)
        while at >= 0:
            (size,) = struct.unpack_from("<I", package, at + offset)
            struct.pack_into("<I", package, at + offset, min(size, 1000))
            at = package.find(signature, at + 4)
    return bytes(package)


def laughs() -> str:
    """The "billion laughs": entities of entities."""
    entities = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    return f'<!DOCTYPE x [<!ENTITY a "ha">{entities}]>'


def objects(numbered: list[bytes]) -> bytes:
    """A PDF file of these objects, the catalogue first."""
    parts = [b"%PDF-1.7\n"]
    parts += [b"%d 0 obj\n%s\nendobj\n" % item for item in enumerate(numbered, 1)]
    *places, length = accumulate(map(len, parts))
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(places) + 1, table)
    end += b"trailer <</Size %d/Root 1 0 R>>\n" % (len(places) + 1)
    return b"".join([*parts, end, b"startxref\n%d\n%%%%EOF" % length])


def stream(content: bytes, more: bytes = b"") -> bytes:
    """A compressed stream of a PDF file."""
    packed = zlib.compress(content, 9)
    return b"<</Length %d/Filter/FlateDecode%s>>stream\n%s\nendstream" % (len(packed), more, packed)


_CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
_PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"


def forms() -> bytes:
    """A page with a form that has ten forms, each of which has ten, and so on."""
    page_with = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</XObject<</F 5 0 R>>>>>>"
    )
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F %d 0 R>>>>"
    inner = [stream(b"/F Do " * 10, form % (number + 1)) for number in range(5, 15)]
    return objects([_CATALOG, _PAGES, page_with, stream(b"/F Do"), *inner, stream(b"", form % 5)])


def drawn(operators: bytes) -> bytes:
    """A PDF file with a page of these operators."""
    plain = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<>>>>"
    return objects([_CATALOG, _PAGES, plain, stream(operators)])


def png(width: int, height: int) -> bytes:
    """A picture of so many pixels, most of them missing."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n"
    for kind, content in (
        (b"IHDR", head),
        (b"IDAT", zlib.compress(bytes(1 << 20))),
        (b"IEND", b""),
    ):
        check = struct.pack(">I", zlib.crc32(kind + content))
        data += struct.pack(">I", len(content)) + kind + content + check
    return data


def rtf(inside: str) -> bytes:
    """An RTF file."""
    return rf"{{\rtf1\ansi {inside}}}".encode("ascii")


FILES: dict[str, Callable[[], bytes]] = {
    "zip bomb.docx": lambda: docx(" " * (1 << 28)),
    "zip bomb that lies.docx": docx_that_lies,
    "three million breaks.docx": lambda: docx(paragraph("<w:br/>" * 3_000_000)),
    "three million paragraphs.docx": lambda: docx("<w:p/>" * 3_000_000),
    "a million short paragraphs.docx": lambda: docx(paragraph("") * 1_000_000),
    "300,000 members.docx": lambda: docx(paragraph(""), members=300_000),
    "nested 100,000 deep.docx": lambda: docx("<w:tbl><w:tr><w:tc>" * 100_000),
    "foreign entity.docx": lambda: docx(
        paragraph("&x;"), before='<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    ),
    "billion laughs.docx": lambda: docx(paragraph("&j;"), before=laughs()),
    "three million paragraphs.rtf": lambda: rtf(r"A\par " * 3_000_000),
    "nested 200,000 deep.rtf": lambda: rtf("{" * 200_000 + "A" + "}" * 200_000),
    "not closed.rtf": lambda: rtf("{" * 1_000_000),
    "loop.pdf": lambda: objects([_CATALOG, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"]),
    "100,000 pages.pdf": lambda: objects(
        [
            _CATALOG,
            b"<</Type/Pages/Count 100000/Kids[%s]>>" % (b"3 0 R " * 100_000),
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
        ]
    ),
    "locked.pdf": lambda: pdf([page([line(TEXT, 90, 90)])], encrypt="secret"),
    "forms in forms.pdf": forms,
    "a gigabyte of spaces.pdf": lambda: drawn(b" " * (1 << 30)),
    "ten million operators.pdf": lambda: drawn(b"0 0 m 9 9 l S\n" * 10_000_000),
    "200,000 nested tags.html": lambda: (
        b"<html><body><h1>A</h1>" + b"<div>" * 200_000 + b"<p>B</p>"
    ),
    "a cell as wide as a million.html": lambda: (
        b"<html><body><h1>A</h1><table>"
        + b'<tr><td colspan="1000000" rowspan="65534">B</td></tr>' * 1000
        + b"</table>"
    ),
    "three million breaks.html": lambda: b"<html><body><p>A" + b"<br>" * 3_000_000,
    "200,000 nested quotes.md": lambda: b">" * 200_000 + b" A",
    "200,000 brackets.md": lambda: b"[" * 200_000 + b"A" + b"](b)" * 200_000,
    "three million lines.txt": lambda: b"A\n" * 3_000_000,
    "2.5 gigapixels.png": lambda: png(50_000, 50_000),
}
"""Files by the names they are uploaded with."""


def main() -> int:
    """Upload them one by one; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", default="", help="only files whose names have this in them")
    parser.add_argument("--keep", type=Path, help="where to leave the files")
    options = parser.parse_args()
    bad = 0
    with tempfile.TemporaryDirectory() as temporary, running_service(None) as service:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        before = asyncio.run(alone(service.port))
        with noticed(service.port) as heard:
            for name in filter(lambda name: options.only in name, FILES):
                (folder / name).write_bytes(FILES[name]())
                bad += not borne(service.port, service.pid, folder / name)
    alive = percentiles(heard.alive)
    print(f"/livez: {len(heard.alive)}, {told(alive)}; a question alone {before * 1000:.0f} ms")
    asked = percentiles(heard.answered)
    print(f"questions: {len(heard.answered)}, {told(asked)}, statuses {dict(heard.statuses)}")
    kept = not bad and alive[2] <= 0.1 and set(heard.statuses) == {200}
    print("all limits are kept" if kept else "BROKEN")
    return 0 if kept else 1


def borne(port: int, pid: int, file: Path) -> bool:
    """Upload a file, and print what became of it; whether that was within the limits."""
    with Client(f"http://127.0.0.1:{port}", timeout=120) as client, most_memory(pid) as most:
        began = time.monotonic()
        [done] = client.wait_for(client.upload([file]))
        took = time.monotonic() - began
        if done.report is not None:
            client.remove(done.report)
    within = took <= MOST_SECONDS and most[0] <= MOST_MEMORY
    print(
        f"{'ok ' if within else 'BAD'} {file.name}: {file.stat().st_size >> 10} kB, {done.state}, "
        f"{took:.1f} s, {most[0] >> 20} MB. {done.reason or ''}",
        flush=True,
    )
    return within


@contextmanager
def noticed(port: int) -> Iterator[Heard]:
    """Ask the service all the time, and whether it is alive."""
    heard, over = Heard(), threading.Event()

    async def go_on() -> None:
        while not over.is_set():
            await watch(port, time.perf_counter() + 0.5, heard)
            reply = await ask(port)
            heard.statuses[reply.status] += 1
            heard.answered.append(reply.seconds)

    thread = threading.Thread(target=lambda: asyncio.run(go_on()))
    thread.start()
    try:
        yield heard
    finally:
        over.set()
        thread.join()


@contextmanager
def most_memory(pid: int) -> Iterator[list[int]]:
    """The most resident memory that a process which one has started holds during a block."""
    most, over = [0], threading.Event()

    def look() -> None:
        while not over.wait(0.05):
            most[0] = max([most[0], *map(memory_of, below(pid))])

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield most
    finally:
        over.set()
        thread.join()


def below(pid: int) -> Iterator[int]:
    """The processes that one has started, and those that they have."""
    parents = dict(_parents())
    for child, parent in parents.items():
        ancestor: int | None = parent
        while ancestor not in (pid, None):
            ancestor = parents.get(ancestor)
        if ancestor == pid:
            yield child


def _parents() -> Iterator[tuple[int, int]]:
    """Every process and the one that started it."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            yield int(folder.name), int((folder / "stat").read_text().rpartition(")")[2].split()[1])


def memory_of(pid: int) -> int:
    """Resident bytes of a process that are its own; 0 once it has ended."""
    with suppress(OSError):
        _, resident, shared, *_ = map(int, Path(f"/proc/{pid}/statm").read_text().split())
        return (resident - shared) * os.sysconf("SC_PAGE_SIZE")
    return 0


if __name__ == "__main__":
    sys.exit(main())
