"""One report's file, read in this process: by the reader for its type, then by its structure.

Only workers import this (see `corpus.isolation`): the parsers take long to load, and what a bad
file does to them must happen nowhere else.
"""

import hashlib
import unicodedata
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from .errors import UnreadableReport, UnsupportedFormat
from .formats import formats
from .html import read_html
from .markdown import read_markdown
from .metadata import metadata_of_facts, metadata_of_name
from .pdf import read_pdf
from .picture import read_picture
from .source import Extraction
from .structure import Structure, read_structure
from .txt import read_txt
from .types import Doubt, Report, Text
from .word_file import read_word

READERS: dict[str, Callable[[bytes, str], Extraction]] = {
    ".docx": read_word,
    ".doc": read_word,
    ".rtf": read_word,
    ".pdf": read_pdf,
    ".png": read_picture,
    ".jpg": read_picture,
    ".jpeg": read_picture,
    ".html": read_html,
    ".htm": read_html,
    ".shtml": read_html,
    ".xhtml": read_html,
    ".mht": read_html,
    ".mhtml": read_html,
    ".md": read_markdown,
    ".txt": read_txt,
}
"""The reader for each of `FORMATS`."""

_LARGEST_FILE = 200 << 20
"""Bytes of a file that is read; reports with many pictures have a tenth of it."""


def read_in_process(path: Path, *, file: str) -> Report:
    """What `read_report` does, in this process and without limits on time and memory.

    The file is read once: text and hash are of the same bytes, even if it changes meanwhile.

    Raises:
        UnsupportedFormat: There is no reader for files of this type.
        UnreadableReport: It is broken, is not what its name says, or holds no text.
    """
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in file):
        readable = file.encode("unicode_escape").decode("ascii")
        raise UnreadableReport(readable, "文件名含有无法显示的字符。请改名后重试。")
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        kind = f"不支持 {path.suffix} 文件" if path.suffix else "文件名没有扩展名，看不出格式"
        raise UnsupportedFormat(file, f"{kind}。请另存为 {formats()} 后重试。")
    data = read_bytes(path, file)
    extraction = reader(data, file)
    if not extraction.blocks:
        raise UnreadableReport(file, "没有文字。请确认文件不是空的，也不是只有图片。")
    return _report(file, data, extraction)


def read_bytes(path: Path, file: str) -> bytes:
    """A file's bytes.

    Raises:
        UnreadableReport: It is not there, cannot be opened, or is too large for a report.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(_LARGEST_FILE + 1)
    except FileNotFoundError as error:
        raise UnreadableReport(file, "文件不存在。请检查路径。") from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnreadableReport(file, f"无法打开（{reason}）。请检查文件权限。") from error
    if len(data) > _LARGEST_FILE:
        raise UnreadableReport(
            file, f"文件超过 {_LARGEST_FILE >> 20} MB。请删去大图，或拆成几个文件后重试。"
        )
    return data


def report_id(file: str) -> str:
    """The id of a report: from its place in the folder, so that it survives edits.

    The path is NFC-normalised first: the same name differs in bytes between file systems.
    """
    name = unicodedata.normalize("NFC", file)
    return hashlib.sha256(name.encode()).hexdigest()[:12]


def _report(file: str, data: bytes, extraction: Extraction) -> Report:
    structure = read_structure(extraction)
    stated = structure.metadata.or_else(metadata_of_facts(extraction.facts))
    metadata = stated.or_else(metadata_of_name(PurePosixPath(file).name))
    return Report(
        id=report_id(file),
        file=file,
        sha256=hashlib.sha256(data).hexdigest(),
        title=metadata.title or PurePosixPath(file).stem,
        subtitle=metadata.subtitle,
        date=metadata.date,
        publisher=metadata.publisher,
        authors=metadata.authors,
        organisation=metadata.organisation,
        text=Text(extraction.source, structure.sections, structure.paragraphs),
        title_spans=structure.title_spans,
        subtitle_spans=structure.subtitle_spans,
        period=metadata.period,
        edition=metadata.edition,
        url=metadata.url,
        document_type=metadata.document_type,
        origins=metadata.origins,
        doubts=_doubts(file, extraction, structure, untitled=stated.title is None),
    )


def _doubts(
    file: str, extraction: Extraction, structure: Structure, *, untitled: bool
) -> tuple[Doubt, ...]:
    from_name = (Doubt("title-from-name", PurePosixPath(file).stem),) if untitled else ()
    return (*from_name, *extraction.doubts, *structure.doubts)
