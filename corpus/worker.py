"""The process that reads files, so that what a bad file does to its parser is done to nobody else.

`corpus.isolation` starts it as ``python -m corpus.worker``, writes requests to its stdin and reads
messages from its stdout: signs of life while it reads, then the report or why there is none. It
reads the quotations of articles, and measures and draws pages, in the same way.
"""

import base64
import contextlib
import faulthandler
import os
import queue
import signal
import threading
import time
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from lxml import etree

from .errors import ReportError
from .heartbeat import listen
from .messages import MessageTooLong, receive, send
from .page_images import draw_in_process, measure_in_process
from .quotations import quotations_in_process
from .records import fields_of
from .report_file import read_in_process
from .resource_limits import allow_memory, limit
from .words import segmenter

_IDLE = 60.0
"""Seconds without a request after which a worker ends, so that a server is rid of it."""

_FILES = 1000
"""Files after which a worker ends, so that what parsers leak does not add up."""

BEAT = 1.0
"""Seconds between two signs of life that are passed on."""

GRACE = 10.0
"""Seconds beyond its limits after which a worker ends itself, for its parent seems to be gone."""

_LARGEST_WRITTEN = 1 << 30
"""Bytes that a file may have which a parser, or a program that it starts, writes."""


def main() -> None:
    """Read files as requested, until the parent is gone or has had no request for a while."""
    requests, replies = _own_streams()
    waiting: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_receive_all, args=(requests, waiting), daemon=True).start()
    limit("RLIMIT_CORE", 0)
    limit("RLIMIT_FSIZE", _LARGEST_WRITTEN)
    segmenter()
    parent = _Parent(replies)
    listen(parent.alive)
    send(replies, {"alive": True})
    for _ in range(_FILES):
        try:
            request = waiting.get(timeout=_IDLE)
        except queue.Empty:
            break
        parent.start(request["silence"])
        allow_memory(request["memory"])
        limit("RLIMIT_CPU", _processor_seconds(request["total"]))
        answer = _answer(request)
        parent.finish(answer)
        if "memory" in answer:
            break
    # Without Python's own way out, which waits for the thread that waits for the parent.
    os._exit(0)


def _own_streams() -> tuple[IO[bytes], IO[bytes]]:
    """The pipes to the parent, out of reach of libraries that print and programs they start."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    return requests, replies


def _receive_all(requests: IO[bytes], waiting: "queue.SimpleQueue[dict[str, Any]]") -> None:
    """Hand on what the parent asks; once it is gone, end at once, with all that was started."""
    with contextlib.suppress(OSError):
        while (request := receive(requests)) is not None:
            waiting.put(request)
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _processor_seconds(total: float) -> int:
    """What all cores can do in the time for one file: ends a program that outlived its worker."""
    return int(time.process_time() + (total + GRACE) * (os.cpu_count() or 1))


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    try:
        return _do(request, Path(request["path"]), request["file"])
    except Exception as error:  # noqa: BLE001 - whatever one file does, the next one is read
        if _lacks_memory(error):
            return {"memory": True}
        if isinstance(error, ReportError):
            return {"refused": type(error).__name__, "file": error.file, "reason": error.reason}
        return {"failed": type(error).__name__, "trace": traceback.format_exc()}


def _do(request: dict[str, Any], path: Path, file: str) -> dict[str, Any]:
    match request["task"]:
        case "quotations":
            return {"quotations": [asdict(one) for one in quotations_in_process(path, file=file)]}
        case "measure":
            return {"pages": measure_in_process(path, file=file)}
        case "draw":
            number, width = request["number"], request["width"]
            image = draw_in_process(path, file=file, number=number, width=width)
            return {"image": None if image is None else base64.b64encode(image).decode("ascii")}
        case _:
            return {"report": fields_of(read_in_process(path, file=file))}


def _lacks_memory(error: BaseException | None) -> bool:
    """Whether memory ran out, also where a reader took that for a broken file."""
    while error is not None:
        if isinstance(error, MemoryError) or _is_from_libxml2(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def _is_from_libxml2(error: BaseException) -> bool:
    """Whether lxml says that memory ran out, for which it has no other exception."""
    return isinstance(error, etree.XMLSyntaxError) and error.code == etree.ErrorTypes.ERR_NO_MEMORY


class _Parent:
    """Tells the parent how reading goes, and ends this process when it does not go on.

    The parent would end it first. But where the parent was killed, a loop in C that holds the
    interpreter's lock keeps every thread of Python's from noticing. `faulthandler` needs no lock.
    """

    def __init__(self, replies: IO[bytes]) -> None:
        self._replies = replies
        self._lock = threading.Lock()
        self._silence = 0.0
        self._last = 0.0

    def start(self, silence: float) -> None:
        """Begin with a file that gives a sign of life at least every ``silence`` seconds."""
        with self._lock:
            self._silence = silence
            self._show_life()

    def alive(self) -> None:
        """Pass a reader's sign of life on, unless the last one was a moment ago."""
        with self._lock:
            if self._silence and time.monotonic() >= self._last + BEAT:
                self._show_life()

    def finish(self, answer: dict[str, Any]) -> None:
        """Send what came of the file."""
        with self._lock:
            self._silence = 0.0
            try:
                send(self._replies, answer)
            except MessageTooLong:
                send(self._replies, {"long": True})
            faulthandler.cancel_dump_traceback_later()

    def _show_life(self) -> None:
        faulthandler.dump_traceback_later(self._silence + GRACE, exit=True)
        self._last = time.monotonic()
        send(self._replies, {"alive": True})


if __name__ == "__main__":
    main()
