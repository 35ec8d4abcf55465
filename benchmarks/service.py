"""A running service for the measurements of load, and a client that takes little of its cores."""

import asyncio
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "corpus" / "samples"

_START_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Service:
    """A service that answers questions."""

    port: int
    pid: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, and how long after the request was sent. Status 0 is none."""

    status: int
    seconds: float
    retry_after: float | None = None


@contextmanager
def running_service(data: Path | None) -> Iterator[Service]:
    """Serve a data folder, or the sample reports, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "youju", "serve", "--port", "0"]
        command += ["--data", str(data)] if data else [str(SAMPLES), "--data", folder]
        process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
        try:
            yield Service(_port(process), process.pid)
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.communicate(timeout=30)
            process.kill()


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _port(process: "subprocess.Popen[str]") -> int:
    """The port that the service tells once it is ready."""
    deadline = time.monotonic() + _START_SECONDS
    for line in process.stderr or ():
        if match := re.search(r"http://127\.0\.0\.1:(\d+)/", line):
            return int(match[1])
        print(line, end="", file=sys.stderr)
        if time.monotonic() > deadline:
            break
    raise SystemExit("the service did not start")


async def send(port: int, method: str, path: str, body: bytes = b"") -> Reply:
    """One request on a connection of its own.

    Clients of libraries take as much time as the service does for a question; this is the protocol
    and no more.
    """
    started = time.perf_counter()
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return Reply(0, time.perf_counter() - started)
    try:
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        reply = await reader.read()
    except OSError:
        return Reply(0, time.perf_counter() - started)
    finally:
        writer.close()
    return _reply(reply, time.perf_counter() - started)


def _reply(reply: bytes, seconds: float) -> Reply:
    head = reply.partition(b"\r\n\r\n")[0].decode("latin-1").lower()
    status = re.match(r"http/1\.1 (\d{3})", head)
    retry = re.search(r"\r\nretry-after: (\d+)", head)
    return Reply(int(status[1]) if status else 0, seconds, float(retry[1]) if retry else None)


def resources(pid: int) -> tuple[int, int, int]:
    """Memory in bytes, open files and threads of a process (Linux)."""
    folder = Path(f"/proc/{pid}")
    pages = int((folder / "statm").read_text().split()[1])
    files, threads = (len(list((folder / name).iterdir())) for name in ("fd", "task"))
    return pages * os.sysconf("SC_PAGE_SIZE"), files, threads
