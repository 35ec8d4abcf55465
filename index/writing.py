"""One writer at a time in a data folder, and what to say where it cannot be written to."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from .debris import remove_debris
from .errors import DataFolderBusy, SnapshotError
from .replacing import undo_replacing


@contextmanager
def hold_writers_off(data: Path) -> Iterator[None]:
    """Hold the writer's lock of a data folder, with what a crash may have left there tidied up.

    Raises:
        DataFolderBusy: another process holds it.
        SnapshotError: the block could not write into the folder.
    """
    try:
        data.mkdir(parents=True, exist_ok=True)
        with FileLock(data / "LOCK", timeout=0):
            undo_replacing(data)
            remove_debris(data)
            yield
    except Timeout as error:
        raise DataFolderBusy(
            f"另一个 youju 正在写入 {data}。请等它结束，或换一个 --data 文件夹。"
        ) from error
    except (FileExistsError, NotADirectoryError) as error:
        raise SnapshotError(f"{data} 不是文件夹。请用 --data 给出存放索引的文件夹。") from error
    except (OSError, sqlite3.Error) as error:
        cause = getattr(error, "strerror", None) or error
        raise SnapshotError(
            f"无法写入 {data}：{cause}。请检查磁盘空间和文件夹权限；原有的索引没有改动。"
        ) from error
