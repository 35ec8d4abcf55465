"""Reading in processes of their own: a bad file costs that file, and nothing else.

A parser may loop, crash or devour memory on a file that was damaged, or made for the purpose. So
files are read by workers (`corpus.worker`), which are started by name and never forked: a fork of
a process with PyTorch or FAISS in it can hang. They serve file after file, are ended when one goes
beyond its limits, and end themselves when their parent is gone. This keeps accidents and zip bombs
away; it is no sandbox against code that a parser was made to run.
"""

import base64
import contextlib
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, Any

from .errors import ReadingUnavailable, UnreadableReport, UnsupportedFormat
from .messages import LONGEST, MessageTooLong, receive, send
from .page import PageSize
from .records import report_of
from .types import Quotation, Report

_log = logging.getLogger(__name__)

_ROOT = Path(__file__).parent.parent
"""Where a worker finds this package, installed or not."""

_ENVIRONMENT = (
    *("PATH", "HOME", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH"),
    "YOUJU_SOFFICE",
    *("APPDATA", "COMSPEC", "LOCALAPPDATA", "PATHEXT", "PROGRAMFILES", "PROGRAMFILES(X86)"),
    *("SYSTEMDRIVE", "SYSTEMROOT", "USERPROFILE", "WINDIR"),
)
"""Variables that Python, parsers and LibreOffice need; a parser has no use for others, as keys."""

_REMEMBERED = 8192
"""Bytes of what a worker last wrote on stderr that are kept to explain its end."""

_WORTH = 1.5
"""Seconds, added up, that files wait for a worker before another one is started.

It has a dictionary to read first, in which time the one that is there reads dozens of small files.
"""

_START = 300.0
"""Seconds that a worker may take to start: one on most computers, a minute on a very busy one."""

_PATIENCE = 5.0
"""Seconds that a worker which closed its pipes may take to end."""

_REFUSALS = {kind.__name__: kind for kind in (UnreadableReport, UnsupportedFormat)}

_RESULTS = ("report", "quotations", "pages", "image")
"""What the answer to a task has that was done."""

_SAVE_AGAIN = "请用原来的程序打开，另存为 .docx 或 UTF-8 文本后重试。"
_SPLIT = "请拆成几个文件后重试。"
_TOO_LONG = f"读出的内容超过 {LONGEST >> 20} MB，不像正常的报告。请确认来源，或拆成几个文件后重试。"


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may cost.

    ``silence`` is the seconds without a sign of life (`corpus.heartbeat`), ``total`` the seconds in
    all, and ``memory`` the bytes that a worker takes besides what it had before, or a program that
    it starts (on Linux; other systems hold nobody to it).
    """

    silence: float = 20
    total: float = 900
    memory: int = 352 << 20


class Workers:
    """Processes that read files, ``count`` of them at most; started when needed, and kept.

    Several threads may use them at once. ``program`` is the module that a worker runs.
    """

    def __init__(self, count: int, *, program: str = "corpus.worker") -> None:
        self._program = program
        self._places = threading.BoundedSemaphore(count)
        self._change = threading.Condition()
        self._waited = 0.0
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()

    def read(self, path: Path, *, file: str, limits: Limits) -> Report:
        """Read one file; waits while all workers are busy.

        Raises:
            ReportError: The file cannot be read, or not within its limits.
            ReadingUnavailable: No worker can be started.
        """
        return report_of(self._do({"task": "read"}, path, file, limits)["report"])

    def quotations(self, path: Path, *, file: str, limits: Limits) -> tuple[Quotation, ...]:
        """Read the quotations of one article; waits and raises as `read` does."""
        message = self._do({"task": "quotations"}, path, file, limits)
        return tuple(Quotation(**fields) for fields in message["quotations"])

    def page_sizes(self, path: Path, *, file: str, limits: Limits) -> tuple[PageSize, ...]:
        """Measure the pages of one file; waits and raises as `read` does."""
        message = self._do({"task": "measure"}, path, file, limits)
        return tuple(PageSize(**fields) for fields in message["pages"])

    def page_image(
        self, path: Path, *, file: str, number: int, width: int, limits: Limits
    ) -> bytes | None:
        """Draw a page of one file; waits and raises as `read` does."""
        task = {"task": "draw", "number": number, "width": width}
        image = self._do(task, path, file, limits)["image"]
        return None if image is None else base64.b64decode(image)

    def close(self) -> None:
        """End all workers; the files that they are at count as unreadable."""
        with self._change:
            workers = [*self._idle, *self._busy]
            self._idle.clear()
        for worker in workers:
            worker.end()

    def _do(self, task: dict[str, Any], path: Path, file: str, limits: Limits) -> dict[str, Any]:
        """Have a worker do something with a file; gives the message that it was done with."""
        with self._places:
            while True:
                worker = self._take()
                try:
                    return worker.do(task, path, file, limits)
                except _Retired:
                    continue
                finally:
                    self._put_back(worker)

    def _take(self) -> "_Worker":
        with self._change:
            if self._busy and not self._idle:
                begun = time.monotonic()
                self._change.wait_for(lambda: self._idle, max(0.0, _WORTH - self._waited))
                self._waited += time.monotonic() - begun
            if not self._idle:
                self._idle.append(_Worker(self._program))
                self._waited = 0.0
            worker = self._idle.pop()
            self._busy.add(worker)
            return worker

    def _put_back(self, worker: "_Worker") -> None:
        with self._change:
            self._busy.discard(worker)
            if not worker.ended:
                self._idle.append(worker)
                self._change.notify()


class _Retired(Exception):
    """A worker had ended by itself, idle or old, before it saw the request."""


class _Worker:
    """One process, and the threads that take what it writes."""

    def __init__(self, program: str) -> None:
        self.ended = False
        self._folder = tempfile.TemporaryDirectory(prefix="youju-", ignore_cleanup_errors=True)
        self._process, self._requests, replies, noise = _start(program, self._folder.name)
        self._messages: SimpleQueue[dict[str, Any]] = SimpleQueue()
        self._new = True
        self._noise = b""
        threading.Thread(target=self._receive_all, args=(replies,), daemon=True).start()
        self._listener = threading.Thread(target=self._remember, args=(noise,), daemon=True)
        self._listener.start()

    def do(self, task: dict[str, Any], path: Path, file: str, limits: Limits) -> dict[str, Any]:
        """Do a task; if the file was too much for this worker, that has ended afterwards."""
        request = {
            **task,
            "path": str(path.absolute()),
            "file": file,
            "silence": limits.silence,
            "total": limits.total,
            "memory": limits.memory,
        }
        try:
            with contextlib.suppress(OSError):  # where it is gone, its messages end
                send(self._requests, request)
            message = self._answer(file, limits)
        except BaseException:
            self.end()
            raise
        self._new = False
        if "long" in message:  # the rest of it may still be on its way
            self.end()
        return _done(message, file, limits)

    def end(self) -> None:
        """End the process, what it started, and what that left in its temporary folder."""
        self.ended = True
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        with contextlib.suppress(OSError):
            self._requests.close()
        self._folder.cleanup()

    def _wait_for_start(self, file: str, limits: Limits) -> None:
        """Wait for the first sign of life, so that the start is not counted as time of the file."""
        try:
            message = self._messages.get(timeout=_START)
        except Empty:
            cause = f"读取文件的进程 {_START:g} 秒还没有启动"
            raise ReadingUnavailable(f"{cause}，电脑可能太忙。请稍后重试。") from None
        if "end" in message:
            raise self._death(file, limits, seen=False)

    def _answer(self, file: str, limits: Limits) -> dict[str, Any]:
        """Wait for the message that is no sign of life."""
        seen = self._new
        if self._new:
            self._wait_for_start(file, limits)
        deadline = time.monotonic() + limits.total
        while True:
            left = deadline - time.monotonic()
            try:
                message = self._messages.get(timeout=max(0.0, min(limits.silence, left)))
            except Empty:
                raise UnreadableReport(
                    file, _too_slow(limits, stuck=left > limits.silence)
                ) from None
            if "end" in message:
                raise self._death(file, limits, seen=seen)
            if "alive" not in message:
                return message
            seen = True

    def _death(self, file: str, limits: Limits, *, seen: bool) -> Exception:
        """What it means that the process ended without an answer."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_PATIENCE)
        code = self._process.returncode
        self.end()
        self._listener.join(_PATIENCE)
        noise = self._noise.decode("utf-8", "replace").strip()
        if not seen and not self._new:
            return _Retired()
        _log.info("%s: the worker ended with %s: %s", file, code, noise)
        if not seen:
            return ReadingUnavailable(f"无法启动读取文件的进程：{noise[-200:]}。请重新安装有据。")
        # Parsers in C++ and the system itself know no other answer when memory runs out.
        if code == -9 or "bad_alloc" in noise or "MemoryError" in noise:
            return UnreadableReport(file, _lack_of_memory(limits))
        cause = f"读取时解析程序崩溃：文件多半已损坏，或者需要的内存超过 {limits.memory >> 20} MB。"
        return UnreadableReport(file, cause + _SAVE_AGAIN)

    def _receive_all(self, replies: IO[bytes]) -> None:
        """Take messages until the process ends, or sends what is none."""
        last = {"end": True}
        with replies:
            try:
                while (message := receive(replies)) is not None:
                    self._messages.put(message)
            except MessageTooLong:
                last = {"long": True}
            except ValueError:
                _log.info("the worker sent what is no message")
        self._messages.put(last)

    def _remember(self, noise: IO[bytes]) -> None:
        """Read what libraries print, and keep the end of it."""
        with noise:
            while piece := os.read(noise.fileno(), _REMEMBERED):
                self._noise = (self._noise + piece)[-_REMEMBERED:]


def _start(
    program: str, folder: str
) -> tuple["subprocess.Popen[bytes]", IO[bytes], IO[bytes], IO[bytes]]:
    """Start a worker in a session of its own, with its stdin, stdout and stderr."""
    try:
        process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-P", "-m", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=_environment(folder),
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        reason = error.strerror or str(error)
        raise ReadingUnavailable(f"无法启动读取文件的进程（{reason}）。请稍后重试。") from error
    if process.stdin is None or process.stdout is None or process.stderr is None:
        raise AssertionError("asked for pipes")
    return process, process.stdin, process.stdout, process.stderr


def _environment(folder: str) -> dict[str, str]:
    """The variables of a worker, which finds modules where this process does."""
    places = [str(_ROOT), *(str(Path(place).absolute()) for place in sys.path if place)]
    return {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ} | {
        "PYTHONPATH": os.pathsep.join(places),
        "PYTHONUTF8": str(sys.flags.utf8_mode),  # names of files mean the same to both
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), folder),
    }


def _done(message: dict[str, Any], file: str, limits: Limits) -> dict[str, Any]:
    """A worker's answer, if the task was done.

    Raises:
        ReportError: It was not.
    """
    if not message.keys().isdisjoint(_RESULTS):
        return message
    if "refused" in message:
        raise _REFUSALS[message["refused"]](message["file"], message["reason"])
    if "memory" in message:
        raise UnreadableReport(file, _lack_of_memory(limits))
    if "long" in message:
        raise UnreadableReport(file, _TOO_LONG)
    _log.info("%s: %s", file, message["trace"])
    raise UnreadableReport(file, f"读取时出现意外的错误（{message['failed']}）。{_SAVE_AGAIN}")


def _too_slow(limits: Limits, *, stuck: bool) -> str:
    if stuck:
        cause = f"读了 {limits.silence:g} 秒没有进展，已停止。文件可能已损坏，或者过于复杂。"
        return cause + _SAVE_AGAIN
    return f"读了 {limits.total:g} 秒还没有读完，已停止。{_SPLIT}"


def _lack_of_memory(limits: Limits) -> str:
    remedy = "请拆成几个文件后重试，或用环境变量 YOUJU_MEMORY_MB 调高上限。"
    return f"读取时内存不足（最多可用 {limits.memory >> 20} MB），已停止。{remedy}"
