"""Folders and files of reports: which files there are, and each of them read."""

import atexit
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from .corrections import corrected, corrected_by, read_sidecar
from .errors import BadCorrection, FolderError, ReportError, UnreadableReport
from .formats import FORMATS, formats
from .isolation import Limits, Workers
from .page import PageSize
from .types import Quotation, Report

SAMPLES = Path(__file__).parent / "samples"
"""The sample reports that come with the project."""

LIMITS = Limits()

_PARALLEL = min(2, os.cpu_count() or 1)
"""Files that are read at a time. Each worker has the dictionary and its parsers in memory."""

_AHEAD = 4 * _PARALLEL
"""Files that are read before they are asked for."""

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
        raise FolderError(f"{folder}：文件夹里没有文件。请放入报告（{formats()}）后重试。")
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
    reports: list[Report] = []
    errors: list[ReportError] = []
    for one in read_each(folder, limits=limits, progress=progress):
        if isinstance(one, Report):
            reports.append(one)
        else:
            errors.append(one)
    return Reading(tuple(reports), tuple(errors))


def read_each(
    folder: Path,
    *,
    limits: Limits = LIMITS,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Iterator[Report | ReportError]:
    """Read the reports below ``folder`` one after another, only a few of them ahead.

    So they need not all be in memory, and some are read while others are being indexed.

    Args:
        folder: the folder.
        limits: what a file may cost.
        progress: as of ``read_folder``.

    Returns:
        The reports, and in between what is wrong with files that could not be read, or with
        corrections that could not be used.

    Raises:
        FolderError: There is no such folder, or no file in it; raised at once.
        ReadingUnavailable: No process can be started to read files.
    """
    return _read_each(folder, find_files(folder), limits, progress)


def _read_each(
    folder: Path, paths: Sequence[Path], limits: Limits, progress: Callable[[int, int], None]
) -> Iterator[Report | ReportError]:
    def read(path: Path) -> tuple[Report | None, ReportError | None]:
        try:
            return read_corrected(path, file=path.relative_to(folder).as_posix(), limits=limits)
        except ReportError as error:
            return None, error

    with ThreadPoolExecutor(_PARALLEL) as threads:
        try:
            left = iter(paths)
            ahead = deque(threads.submit(read, path) for path in islice(left, _AHEAD))
            for done in range(1, len(paths) + 1):
                result = ahead.popleft().result()
                ahead.extend(threads.submit(read, path) for path in islice(left, 1))
                progress(done, len(paths))
                yield from filter(None, result)
        except BaseException:  # as when the user has had enough: do not wait for slow files
            threads.shutdown(wait=False, cancel_futures=True)
            _WORKERS.close()
            raise
    yield from _leading_out(folder)


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
    if wanted and wanted.suffix.lower() in FORMATS and not wanted.is_file():
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


def _corrects_another(path: Path) -> bool:
    report = corrected_by(path)
    return report is not None and report.is_file()


def _is_visible(relative: Path) -> bool:
    return not any(part.startswith((".", "~$")) for part in relative.parts)
