"""Folders and files of reports: which files there are, and each of them read."""

import hashlib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .docx import read_docx
from .errors import FolderError, ReportError, UnreadableReport, UnsupportedFormat
from .markdown import read_markdown
from .source import Extraction
from .structure import Structure, read_structure
from .txt import read_txt
from .types import Doubt, Report

READERS: dict[str, Callable[[bytes, str], Extraction]] = {
    ".docx": read_docx,
    ".md": read_markdown,
    ".txt": read_txt,
}


SAMPLES = Path(__file__).parent / "samples"
"""The sample reports that come with the project."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A folder of reports, read: the reports, and the files that could not be read."""

    reports: tuple[Report, ...]
    errors: tuple[ReportError, ...]


def find_files(folder: Path) -> list[Path]:
    """All visible regular files below ``folder``, in an order that does not change.

    Hidden files, lock files of Office programs and links that lead out of the folder are left out.

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
    ]
    if not files:
        raise FolderError(f"{folder}：文件夹里没有文件。请放入报告（{_formats()}）后重试。")
    return sorted(files, key=lambda path: path.relative_to(folder).as_posix())


def read_folder(folder: Path) -> Reading:
    """Read every report below ``folder``; a file that cannot be read stops no other.

    Raises:
        FolderError: There is no such folder, or no file in it.
    """
    reports: list[Report] = []
    errors: list[ReportError] = []
    for path in find_files(folder):
        file = path.relative_to(folder).as_posix()
        try:
            reports.append(read_report(path, file=file))
        except ReportError as error:
            errors.append(error)
    return Reading(tuple(reports), tuple(errors))


def read_report(path: Path, *, file: str) -> Report:
    """Read one report; ``file`` is its path relative to the folder, with forward slashes.

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
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise UnreadableReport(file, "文件不存在。请检查路径。") from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnreadableReport(file, f"无法打开（{reason}）。请检查文件权限。") from error
    extraction = reader(data, file)
    if not extraction.blocks:
        raise UnreadableReport(file, "没有文字。请确认文件不是空的，也不是只有图片。")
    return _report(path, file, data, extraction)


def report_id(file: str) -> str:
    """The id of a report: from its place in the folder, so that it survives edits.

    The path is NFC-normalised first: the same name differs in bytes between file systems.
    """
    name = unicodedata.normalize("NFC", file)
    return hashlib.sha256(name.encode()).hexdigest()[:12]


def _report(path: Path, file: str, data: bytes, extraction: Extraction) -> Report:
    structure = read_structure(extraction)
    return Report(
        id=report_id(file),
        file=file,
        sha256=hashlib.sha256(data).hexdigest(),
        title=structure.title or path.stem,
        subtitle=structure.subtitle,
        date=structure.metadata.date,
        publisher=structure.metadata.publisher,
        authors=structure.metadata.authors,
        organisation=structure.metadata.organisation,
        source=extraction.source,
        sections=structure.sections,
        paragraphs=structure.paragraphs,
        title_spans=structure.title_spans,
        subtitle_spans=structure.subtitle_spans,
        doubts=_doubts(path, extraction, structure),
    )


def _doubts(path: Path, extraction: Extraction, structure: Structure) -> tuple[Doubt, ...]:
    untitled = () if structure.title else (Doubt("title-from-name", path.stem),)
    return (*untitled, *extraction.doubts, *structure.doubts)


def _is_visible(relative: Path) -> bool:
    return not any(part.startswith((".", "~$")) for part in relative.parts)


def _formats() -> str:
    return "、".join(READERS)
