"""Files that users write by hand in the data folder: ``synonyms.txt`` and ``words.txt``.

Text in UTF-8, one entry on a line; ``#`` begins a comment. What cannot be read is named with its
line, rather than left out in silence.
"""

from collections.abc import Iterator
from pathlib import Path

from .errors import UserFileError

LARGEST = 1_000_000
"""Bytes of the largest file that is read."""
MOST_LINES = 20_000
LONGEST_WORD = 40
"""Characters of the longest word."""


def entries(file: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a file that hold an entry, with their numbers; none if there is no file.

    Raises:
        UserFileError: the file is no UTF-8 text, is too large, or cannot be read.
    """
    try:
        if file.stat().st_size > LARGEST:
            raise UserFileError(f"{file} 超过 {LARGEST // 1_000_000} MB。请删去用不到的行。")
        lines = file.read_text("utf-8-sig").splitlines()
    except FileNotFoundError:
        return
    except UnicodeDecodeError as error:
        raise UserFileError(f"{file} 不是 UTF-8 编码的文本。请用 UTF-8 另存一次。") from error
    except OSError as error:
        raise UserFileError(f"无法读取 {file}：{error.strerror}。请检查文件权限。") from error
    if len(lines) > MOST_LINES:
        raise UserFileError(f"{file} 超过 {MOST_LINES} 行。请删去用不到的行。")
    for number, line in enumerate(lines, 1):
        if entry := line.partition("#")[0].strip():
            yield number, entry


def wrong_line(file: Path, number: int, cause: str) -> UserFileError:
    """Return the error that names a line of a file."""
    return UserFileError(f"{file} 第 {number} 行：{cause}")
