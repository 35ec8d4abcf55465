"""Folders and files of reports: which files there are, and each of them read."""

import atexit
import hashlib
import os
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from .corrections import corrected, corrected_by, read_sidecar
from .errors import BadCorrection, FolderError, ReportError, UnreadableReport, UnsupportedFormat
from .html import read_html
from .isolation import Limits, Workers
from .markdown import read_markdown
from .metadata import metadata_of_facts, metadata_of_name
from .page import PageSize
from .pdf import read_pdf
from .picture import read_picture
from .quotations import Quotation
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


FORMATS = tuple(READERS)
"""Suffixes of the files that are read."""

SAMPLES = Path(__file__).parent / "samples"
"""The sample reports that come with the project."""

LIMITS = Limits()

_LARGEST_FILE = 200 << 20
"""Bytes of a file that is read; reports with many pictures have a tenth of it."""

_PARALLEL = min(2, os.cpu_count() or 1)
"""Files that are read at a time. Each worker has the dictionary and its parsers in memory."""

_WORKERS = Workers(_PARALLEL)
atexit.register(_WORKERS.close)


@dataclass(frozen=True, slots=True)
class Reading:
    """A folder of reports, read: the reports, and the files that could not be read."""

    reports: tuple[Report, ...]
    errors: tuple[ReportError, ...]


def find_files(folder: Path) -> list[Path]:
    """All visible regular files below ``folder``, in an order that does not change.

    Hidden files, lock files of Office programs, corrections of the files beside them and links that
    lead out of the folder are left out.

    Raises:
        FolderError: There is no such folder, or no file in it.
    """
    if not folder.exists():
        raise FolderError(f"{folder}：文件夹不存在。请检查路径。")
    if not folder.is_dir():
        raise FolderError(f"{folder}：不是文件夹。请给出存放报告的文件夹。")
    root = folder.resolve()
    files = [
        path
        for path in folder.rglob("*")
        if _is_visible(path.relative_to(folder))
        and path.is_file()
        and path.resolve().is_relative_to(root)
        and not _corrects_another(path)
    ]
    if not files:
        raise FolderError(f"{folder}：文件夹里没有文件。请放入报告（{_formats()}）后重试。")
    return sorted(files, key=lambda path: path.relative_to(folder).as_posix())


def _leading_out(folder: Path) -> list[ReportError]:
    """Links that are not followed, each with the reason, so that nobody thinks it was read."""
    root = folder.resolve()
    links = sorted(
        path.relative_to(folder)
        for path in folder.rglob("*")
        if path.is_symlink() and path.is_file() and not path.resolve().is_relative_to(root)
    )
    reason = "这是指向文件夹之外的链接，没有读取。请把文件本身放进来。"
    return [UnreadableReport(link.as_posix(), reason) for link in links if _is_visible(link)]


def read_folder(
    folder: Path,
    *,
    limits: Limits = LIMITS,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Reading:
    """Read every report below ``folder`` with its correction; a bad file stops no other.

    ``progress`` is told after every file how many are done, and how many there are.

    Raises:
        FolderError: There is no such folder, or no file in it.
        ReadingUnavailable: No process can be started to read files.
    """
    paths = find_files(folder)

    def read(path: Path) -> tuple[Report | None, ReportError | None]:
        try:
            return read_corrected(path, file=path.relative_to(folder).as_posix(), limits=limits)
        except ReportError as error:
            return None, error

    results: list[tuple[Report | None, ReportError | None]] = []
    with ThreadPoolExecutor(_PARALLEL) as threads:
        try:
            for result in threads.map(read, paths):
                results.append(result)
                progress(len(results), len(paths))
        except BaseException:  # as when the user has had enough: do not wait for slow files
            threads.shutdown(wait=False, cancel_futures=True)
            _WORKERS.close()
            raise
    return Reading(
        tuple(report for report, _ in results if report),
        (*(error for _, error in results if error), *_leading_out(folder)),
    )


def read_corrected(
    path: Path, *, file: str, limits: Limits = LIMITS
) -> tuple[Report, BadCorrection | None]:
    """Read one report and apply the correction beside it, if there is one.

    A correction that cannot be used is returned as an error beside the report, read without it.

    Raises:
        UnsupportedFormat, UnreadableReport, ReadingUnavailable: As for `read_report`.
        BadCorrection: The file is a correction, and the report that it corrects is not there.
    """
    wanted = corrected_by(path)
    if wanted and wanted.suffix.lower() in READERS and not wanted.is_file():
        raise BadCorrection(
            file, f"旁边没有它要更正的报告 {wanted.name}。请把两个文件放在一起，或删除它。"
        )
    report = read_report(path, file=file, limits=limits)
    try:
        return corrected(report, read_sidecar(path, file=file)), None
    except BadCorrection as error:
        return report, error


def read_report(path: Path, *, file: str, limits: Limits = LIMITS) -> Report:
    """Read one report; ``file`` is its path relative to the folder, with forward slashes.

    It is read in a process of its own, so that a bad file can neither stop nor crash this one.

    Raises:
        UnsupportedFormat: There is no reader for files of this type.
        UnreadableReport: It is broken, is not what its name says, holds no text, or goes beyond
            the limits.
        ReadingUnavailable: No process can be started to read files.
    """
    return _WORKERS.read(path, file=file, limits=limits)


def read_quotations(path: Path, *, file: str, limits: Limits = LIMITS) -> tuple[Quotation, ...]:
    """All quotations of an article, in order; it is read in a process of its own.

    Raises:
        UnsupportedFormat: It is neither Markdown nor a Word file (``.docx``).
        UnreadableReport: It is not there, too large or broken, or goes beyond the limits.
        ReadingUnavailable: No process can be started to read files.
    """
    return _WORKERS.quotations(path, file=file, limits=limits)


def page_sizes(path: Path, *, file: str, limits: Limits = LIMITS) -> tuple[PageSize, ...]:
    """The pages of a report's file, measured in a process of its own.

    Raises:
        UnsupportedFormat: Files of this type have no pages.
        UnreadableReport: It is broken, or goes beyond the limits.
        ReadingUnavailable: No process can be started to read files.
    """
    return _WORKERS.page_sizes(path, file=file, limits=limits)


def page_image(
    path: Path, *, file: str, number: int, width: int, limits: Limits = LIMITS
) -> bytes | None:
    """A page of a report's file as a PNG image, drawn in a process of its own.

    Args:
        path: the file.
        file: its name, for messages.
        number: of the page, from 1.
        width: of the image in pixels; less for very long pages, and for pictures that have less.
        limits: what it may cost.

    Returns:
        The image; None if there is no such page, or it is broken.

    Raises:
        UnsupportedFormat: Files of this type have no pages.
        UnreadableReport: It is broken, or goes beyond the limits.
        ReadingUnavailable: No process can be started to read files.
    """
    return _WORKERS.page_image(path, file=file, number=number, width=width, limits=limits)


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
        raise UnsupportedFormat(file, f"{kind}。请另存为 {_formats()} 后重试。")
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


def _corrects_another(path: Path) -> bool:
    report = corrected_by(path)
    return report is not None and report.is_file()


def _is_visible(relative: Path) -> bool:
    return not any(part.startswith((".", "~$")) for part in relative.parts)


def _formats() -> str:
    return "、".join(FORMATS)
