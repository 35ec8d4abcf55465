"""A worker whose readers do what parsers do at their worst; test_corpus_isolation.py runs it."""

import ctypes
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from corpus import messages, report_file, worker
from corpus.errors import UnreadableReport
from corpus.heartbeat import alive
from corpus.source import Extraction
from corpus.txt import read_txt


def loop_in_c(data: bytes, file: str) -> Extraction:
    """Backtrack for years without giving the interpreter's lock away; tell the process first."""
    _tell_process(data)
    re.match(r"(a+)+$", "a" * 60 + "b")
    return read_txt(data, file)


def wait_for_child(data: bytes, file: str) -> Extraction:
    """Wait for a program that does not end; the program tells its process."""
    _start_child(data).wait()
    return read_txt(data, file)


def crash_beside_child(data: bytes, file: str) -> Extraction:
    """Crash while a program that was started is running."""
    with _start_child(data):
        while not Path(data.decode()).exists():
            time.sleep(0.01)
        ctypes.string_at(0)
    return read_txt(data, file)


def sleep(data: bytes, file: str) -> Extraction:
    """Wait in Python; tell the process first."""
    _tell_process(data)
    time.sleep(999)
    return read_txt(data, file)


def work_slowly(data: bytes, file: str) -> Extraction:
    """Take as many seconds as the file says, showing life all the time."""
    end = time.monotonic() + float(data)
    while time.monotonic() < end:
        alive()
        time.sleep(0.01)
    return read_txt(b"Done.", file)


def devour_memory(data: bytes, file: str) -> Extraction:
    """Take 64 MB at a time, and never give them back."""
    taken = []
    while True:
        taken.append(bytearray(64 << 20))


def hide_lack_of_memory(data: bytes, file: str) -> Extraction:
    """Take lack of memory for a broken file, as a reader does that expects any exception."""
    try:
        return devour_memory(data, file)
    except Exception as error:
        raise UnreadableReport(file, "文件损坏。") from error


def crash(data: bytes, file: str) -> Extraction:
    """Read where there is no memory; leave a file behind."""
    Path(os.environ["TMPDIR"], "left behind").write_bytes(data)
    Path(data.decode()).write_text(os.environ["TMPDIR"], encoding="utf-8")
    ctypes.string_at(0)
    return read_txt(data, file)


def give_up(data: bytes, file: str) -> Extraction:
    """End the process."""
    raise SystemExit(data)


def nest(data: bytes, file: str) -> Extraction:
    """Recurse for ever."""
    return nest(data, file)


def stumble(data: bytes, file: str) -> Extraction:
    """Have a bug."""
    raise KeyError(data)


def be_noisy(data: bytes, file: str) -> Extraction:
    """Print like an old library, on all streams, and read what was meant for the worker."""
    assert sys.stdin.read() == ""
    for descriptor in (1, 2):
        os.write(descriptor, b"warning: noise\n" * 20_000)
    sys.stdout.write("warning: more noise")
    return read_txt(data, file)


def be_talkative(data: bytes, file: str) -> Extraction:
    """Return more text than a message may hold."""
    messages.LONGEST = 1 << 10
    return read_txt("全年工作已经完成。\n".encode() * 50, file)


def show_process(data: bytes, file: str) -> Extraction:
    """Return the number of the process."""
    return read_txt(f"{os.getpid()}".encode(), file)


def show_environment(data: bytes, file: str) -> Extraction:
    """Return the names of all variables."""
    return read_txt("\n".join(os.environ).encode(), file)


def _start_child(data: bytes) -> "subprocess.Popen[bytes]":
    command = (
        "import os, sys, time\n"
        "with open(sys.argv[1] + '~', 'w') as note: note.write(str(os.getpid()))\n"
        "os.rename(sys.argv[1] + '~', sys.argv[1])\n"
        "time.sleep(999)"
    )
    return subprocess.Popen([sys.executable, "-c", command, data.decode()])


def _tell_process(data: bytes) -> None:
    Path(data.decode()).write_text(str(os.getpid()), encoding="utf-8")


READERS: dict[str, Callable[[bytes, str], Extraction]] = {
    f".{reader.__name__}": reader
    for reader in (
        loop_in_c,
        wait_for_child,
        crash_beside_child,
        sleep,
        work_slowly,
        devour_memory,
        hide_lack_of_memory,
        crash,
        give_up,
        nest,
        stumble,
        be_noisy,
        be_talkative,
        show_environment,
        show_process,
    )
}

if __name__ == "__main__":
    report_file.READERS.update(READERS)
    worker.GRACE = 0.5
    worker.BEAT = 0.0
    worker.segmenter = dict  # processes start faster where the dictionary waits until it is needed
    worker.main()
