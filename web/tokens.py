"""Tokens: who may come in, and who may change anything.

They are kept in ``tokens.json`` of the data folder, as hashes only. A token is 256 random bits, so
nobody finds one by trying, however fast the hash is: SHA-256 is enough. A slow hash, as passwords
need it, would only let anyone keep a core busy by sending wrong tokens; and counting tries would
let anyone lock out those who come from the same address.
"""

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from filelock import FileLock, Timeout

from .errors import TokenError

Role = Literal["ask", "manage"]
"""``ask`` reads, asks, verifies, cites and gives feedback; ``manage`` also changes the reports."""

ROLES: tuple[Role, ...] = get_args(Role)

FILE = "tokens.json"
FORMAT = 1

LONGEST_NAME = 60

_PREFIX = "youju_"
"""So that people, and programs that look for secrets in published files, know what it is."""

_LOCK_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Token:
    """What is kept of a token.

    Attributes:
        name: whose it is, or what it is for; unique.
        role: what it allows.
        sha256: of the token in UTF-8, in hexadecimal.
        created: ISO 8601, with the zone.
    """

    name: str
    role: Role
    sha256: str
    created: str


class TokenFile:
    """The tokens of one data folder; changes of the file count at once.

    As long as there is no file, nobody needs a token. Once there is one, everybody does, even if
    all tokens are removed from it: taking the last one away must not let everybody in.
    """

    def __init__(self, data: Path) -> None:
        self.path = data / FILE
        self._read: tuple[tuple[int, int, int], tuple[Token, ...]] | None = None

    def tokens(self) -> tuple[Token, ...] | None:
        """The tokens, oldest first; None if there is no file.

        Raises:
            TokenError: the file cannot be read.
        """
        try:
            status = self.path.stat()
            version = (status.st_ino, status.st_size, status.st_mtime_ns)
            if self._read is None or self._read[0] != version:
                self._read = (version, _parsed(self.path.read_text("utf-8")))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise TokenError(
                f"令牌文件 {self.path} 无法读取（{error}）。请恢复它，或删除后用 youju token add "
                "重新添加令牌。"
            ) from error
        return self._read[1]

    def find(self, secret: str) -> Token | None:
        """The token that this is; None if it is none.

        Takes as long whether and where it is found.

        Raises:
            TokenError: the file cannot be read.
        """
        digest = _digest(secret)
        found = None
        for token in self.tokens() or ():
            if hmac.compare_digest(token.sha256, digest):
                found = token
        return found

    def add(self, name: str, role: Role) -> str:
        """Make a token; what is returned is kept nowhere else.

        Raises:
            TokenError: the name is taken or none, or the file cannot be read or written.
        """
        name = name.strip()
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            raise TokenError(f"令牌的名称须为一行文字，最多 {LONGEST_NAME} 个字。")
        secret = _PREFIX + secrets.token_urlsafe(32)
        with self._alone():
            tokens = self.tokens() or ()
            if any(token.name == name for token in tokens):
                raise TokenError(
                    f"已有名为“{name}”的令牌。请另取名称，或先用 youju token remove {name} 移除它。"
                )
            now = datetime.now(UTC).astimezone().isoformat(timespec="seconds")
            self._write((*tokens, Token(name, role, _digest(secret), now)))
        return secret

    def remove(self, name: str) -> int:
        """Take a token back; returns how many are left.

        Raises:
            TokenError: there is none of this name, or the file cannot be read or written.
        """
        with self._alone():
            tokens = self.tokens() or ()
            rest = [token for token in tokens if token.name != name]
            if len(rest) == len(tokens):
                raise TokenError(f"没有名为“{name}”的令牌。现有的见 youju token list。")
            self._write(rest)
        return len(rest)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold off other programs that would change the file."""
        lock = FileLock(self.path.with_suffix(".lock"), timeout=_LOCK_SECONDS)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except (Timeout, OSError) as error:
            raise TokenError(f"不能写入 {self.path.parent}（{error}）。请检查权限。") from error
        with lock:
            lock.release()  # once of twice; the end of this block is the other time
            yield

    def _write(self, tokens: Iterable[Token]) -> None:
        """Replace the file whole; on Unix only its owner may read it."""
        content = {"format": FORMAT, "tokens": [asdict(token) for token in tokens]}
        new = self.path.with_suffix(".new")
        try:
            new.unlink(missing_ok=True)
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(json.dumps(content, ensure_ascii=False, indent=1).encode())
                file.flush()
                os.fsync(file.fileno())
            new.replace(self.path)
        except OSError as error:
            raise TokenError(f"不能写入 {self.path}（{error}）。请检查权限和磁盘空间。") from error


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


def _parsed(text: str) -> tuple[Token, ...]:
    """The tokens in a file's text.

    Raises:
        ValueError: that is no list of tokens, or one of a newer version.
        TypeError, KeyError: as above.
    """
    content: dict[str, Any] = json.loads(text)
    if content["format"] != FORMAT:
        raise ValueError(f"格式 {content['format']}，本版本只认 {FORMAT}")
    tokens = tuple(Token(**fields) for fields in content["tokens"])
    if not all(
        token.role in ROLES and isinstance(token.sha256, str) and token.sha256.isascii()
        for token in tokens
    ):
        raise ValueError("内容不合格式")
    return tokens
