"""Messages between a worker and its parent: JSON, each with its length in four bytes before it.

Nothing is pickled: what a parser was tricked into sending is data and never code.
"""

import json
import struct
from typing import IO, Any

from .records import record_fields

LONGEST = 100 << 20
"""Bytes that a message may have; those of long reports have a hundredth of it."""

_LENGTH = struct.Struct(">I")


class MessageTooLong(Exception):
    """A message has more bytes than it may have."""


def send(stream: IO[bytes], message: dict[str, Any]) -> None:
    """Write one message; records become objects.

    Raises:
        MessageTooLong: Nothing was written.
        OSError: The other end is gone.
    """
    # A file's name may hold bytes of no encoding, which Python shows as lone surrogates.
    text = json.dumps(message, default=record_fields, ensure_ascii=False)
    data = text.encode("utf-8", "surrogatepass")
    if len(data) > LONGEST:
        raise MessageTooLong
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def receive(stream: IO[bytes]) -> dict[str, Any] | None:
    """Read one message; None where the stream ends.

    Raises:
        MessageTooLong: Its bytes are left unread.
        ValueError: It is no message.
    """
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    length: int = _LENGTH.unpack(head)[0]
    if length > LONGEST:
        raise MessageTooLong
    data = stream.read(length)
    if len(data) < length:
        return None
    message: dict[str, Any] = json.loads(data.decode("utf-8", "surrogatepass"))
    return message
