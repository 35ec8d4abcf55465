"""Processes looked at from outside: the time, memory and disk that they take (Linux)."""

import json
import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

MEGABYTE = 1 << 20


class ProcessEnded(Exception):
    """A process ended, or had to be ended, before it answered."""


class Process:
    """A process that answers each line of JSON on its standard input with one on its output.

    Attributes:
        started: when it was, on the clock of ``time.perf_counter``.
    """

    def __init__(self, process: "subprocess.Popen[str]", started: float) -> None:
        """Talk to a process that is running."""
        self._process = process
        self.started = started

    def ask(self, **request: object) -> tuple[dict, float]:
        """Send a request and wait; the reply, and the seconds it took.

        Raises:
            ProcessEnded: there is no reply.
        """
        begin = time.perf_counter()
        try:
            print(json.dumps(request, ensure_ascii=False), file=self._process.stdin, flush=True)
            line = self._process.stdout.readline() if self._process.stdout else ""
        except BrokenPipeError:
            line = ""
        if not line:
            raise ProcessEnded
        return json.loads(line), time.perf_counter() - begin

    def memory(self) -> dict[str, int]:
        """MB of the process and those that it started: ``VmRSS`` now, ``VmHWM`` at the most."""
        sums = {"VmRSS": 0, "VmHWM": 0}
        for pid in _family(self._process.pid):
            for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines():
                name, _, rest = line.partition(":")
                if name in sums:
                    sums[name] += int(rest.split()[0]) * 1024
        return {name: round(size / MEGABYTE) for name, size in sums.items()}


@contextmanager
def running(
    command: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str],
    log: Path,
    limit: float,
) -> Iterator[Process]:
    """Run a command in a folder for at most ``limit`` seconds; what it says besides goes to a log.

    It is to end when its standard input does, and is killed if it does not within ten seconds.
    """
    with log.open("a", encoding="utf-8") as errors:
        started = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=os.environ | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            encoding="utf-8",
        )
        timer = Timer(limit, process.kill)
        timer.start()
        try:
            yield Process(process, started)
        finally:
            timer.cancel()
            try:
                process.communicate(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def disk(folder: Path) -> int:
    """Bytes that the files of a folder take on the disk."""
    return sum(file.stat().st_blocks * 512 for file in folder.rglob("*") if file.is_file())


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text("utf-8").split():
            yield from _family(int(child))
