"""Building a snapshot from reports."""

import hashlib
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from corpus import SEARCHED_KINDS, Paragraph, Report, reports_json, row_of

from . import snapshot
from .dense import DenseIndex
from .embeddings import Progress, embed
from .encoder import Encoder
from .errors import DataFolderBusy, SnapshotError
from .late import LateInteraction
from .lexical import LexicalIndex
from .windows import window_ranges

CACHE = "embeddings.sqlite"


@dataclass(frozen=True, slots=True)
class Built:
    """What indexing did. ``embedded`` counts the windows that were not known before."""

    snapshot: str
    reports: int
    paragraphs: int
    windows: int
    embedded: int
    changed: bool


def build_index(
    reports: Sequence[Report],
    *,
    data: Path,
    encoder: Encoder,
    progress: Progress = lambda _done, _total: None,
) -> Built:
    """Index reports into ``data`` and make the result the live snapshot.

    Text that was embedded before is not embedded again; if nothing at all has changed, the live
    snapshot stays.

    Raises:
        DataFolderBusy: another process is indexing into ``data``.
        SnapshotError: there is nothing to index, or ``data`` cannot be written.
    """
    try:
        data.mkdir(parents=True, exist_ok=True)
        with FileLock(data / "LOCK", timeout=0):
            return _build(reports, data, encoder, progress)
    except Timeout as error:
        raise DataFolderBusy(
            f"另一个 youju 正在写入 {data}。请等它结束，或换一个 --data 文件夹。"
        ) from error
    except (FileExistsError, NotADirectoryError) as error:
        raise SnapshotError(f"{data} 不是文件夹。请用 --data 给出存放索引的文件夹。") from error
    except (OSError, sqlite3.OperationalError) as error:
        cause = getattr(error, "strerror", None) or error
        raise SnapshotError(
            f"无法写入 {data}：{cause}。请检查磁盘空间和文件夹权限；原有的索引没有改动。"
        ) from error
    except sqlite3.DatabaseError as error:
        raise SnapshotError(
            f"向量缓存 {data / CACHE} 已损坏。请删除它再试：只是要重新计算向量，别的不受影响。"
        ) from error


def _build(reports: Sequence[Report], data: Path, encoder: Encoder, progress: Progress) -> Built:
    windows = _windows(reports)
    if not len(windows):
        raise SnapshotError("这些报告里没有可以检索的正文，没有建立索引。请检查报告文件夹。")
    records = reports_json(reports)
    counts = {
        "reports": len(reports),
        "paragraphs": len(np.unique(windows[:, :2], axis=0)),
        "windows": len(windows),
    }
    live = _unchanged(data, encoder.identity, records)
    if live is not None:
        progress(0, 0)
        return Built(snapshot=live.name, **counts, embedded=0, changed=False)
    embedded = 0

    def counted(done: int, total: int) -> None:
        nonlocal embedded
        embedded = done
        progress(done, total)

    texts = [_window_text(reports[r], p, start, end) for r, p, start, end in windows.tolist()]
    embeddings = embed(texts, encoder, data / CACHE, counted)

    def fill(folder: Path) -> None:
        (folder / "reports.jsonl").write_bytes(records)
        np.save(folder / "windows.npy", windows, allow_pickle=False)
        DenseIndex.build(embeddings.vectors).save(folder / "vectors.faiss")
        LateInteraction.build(embeddings.signs, embeddings.mean).save(folder / "tokens")
        LexicalIndex.build(_lexical_texts(reports, windows)).save(folder / "lexical")

    folder = snapshot.write(data, model=encoder.identity, counts=counts, fill=fill)
    return Built(snapshot=folder.name, **counts, embedded=embedded, changed=True)


def _windows(reports: Sequence[Report]) -> NDArray[np.int32]:
    """Return int32 (windows, 4): positions of report and paragraph, range of the text."""
    rows = [
        (number, position, start, end)
        for number, report in enumerate(reports)
        for position, paragraph in enumerate(report.paragraphs)
        if paragraph.kind in SEARCHED_KINDS
        for start, end in _windows_of(paragraph)
    ]
    return np.array(rows, dtype=np.int32).reshape(-1, 4)


def _windows_of(paragraph: Paragraph) -> list[tuple[int, int]]:
    """Return the windows of a paragraph; of a table's row those of the row, not of its head."""
    begin = row_of(paragraph.text)[1] if paragraph.kind == "table" else 0
    return [(begin + a, begin + b) for a, b in window_ranges(paragraph.text[begin:])]


def _window_text(report: Report, position: int, start: int, end: int) -> str:
    """Return the text of a window as it is embedded: the report's full title in front.

    Reports of one kind say the same things of different places; the title tells them apart. A
    table's head says what the figures in its rows are.
    """
    paragraph = report.paragraphs[position]
    head = [row_of(paragraph.text)[0]] if paragraph.kind == "table" else []
    return "\n".join([report.full_title, *head, paragraph.text[start:end]])


def _lexical_texts(reports: Sequence[Report], windows: NDArray[np.int32]) -> list[str]:
    """Return a text for each searched paragraph: title, headings, the paragraph."""
    texts = []
    for number, position in dict.fromkeys(map(tuple, windows[:, :2].tolist())):
        report = reports[number]
        paragraph = report.paragraphs[position]
        texts.append("\n".join([report.full_title, *paragraph.section, paragraph.text]))
    return texts


def _unchanged(data: Path, model: str, records: bytes) -> Path | None:
    """Return the live snapshot if it was built from just these reports with this model."""
    try:
        live = snapshot.current(data)
        manifest = snapshot.verified(live)
    except SnapshotError:
        return None  # nothing there, or broken: build it anew
    same = manifest.files["reports.jsonl"] == hashlib.sha256(records).hexdigest()
    return live if same and manifest.model == model else None
