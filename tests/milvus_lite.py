"""Milvus Lite in server mode, as a process of its own."""

import os
import signal
import socket
import subprocess
import sysconfig
import time
from itertools import count
from pathlib import Path
from typing import Self

import pymilvus
from conftest import free_port

_DATABASES = count(1)


class LiteServer:
    """A running server.

    Attributes:
        uri: where it is.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self.uri = f"http://127.0.0.1:{self._port}"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start it."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self.kill()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = Path(sysconfig.get_path("scripts")) / "milvus-lite"
        log = subprocess.DEVNULL
        self._process = subprocess.Popen(
            [
                *(command, "server", "--data-dir", self._folder),
                *("--host", "127.0.0.1", "--port", str(self._port)),
            ],
            stdout=log,
            stderr=log,
            env=os.environ | {"OMP_NUM_THREADS": "1"},
        )
        deadline = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", self._port), timeout=2).close()
            except OSError:
                assert self._process.poll() is None, "Milvus Lite ended"
                assert time.monotonic() < deadline, "Milvus Lite was not ready within a minute"
                time.sleep(0.2)
            else:
                return

    def kill(self) -> None:
        """Kill it, as a power cut would."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(timeout=20)

    def new_database(self) -> str:
        """Make an empty database; returns its address."""
        name = f"youju{next(_DATABASES)}"
        client = pymilvus.MilvusClient(self.uri, timeout=10)
        client.create_database(name)
        client.close()
        return f"{self.uri}/{name}"
