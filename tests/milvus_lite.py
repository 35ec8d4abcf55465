"""Milvus for tests: Lite in server mode, as a process of its own, or a server that runs already."""

import os
import signal
import socket
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Self

import pymilvus
from conftest import free_port

_DATABASES = count(1)
TOKEN = os.environ.get("YOUJU_STORE_TOKEN", "")


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
        return _new_database(self.uri)


class LiveServer:
    """A server that runs already, elsewhere."""

    def __init__(self, uri: str) -> None:
        self._uri = uri.rstrip("/")
        self._made: list[str] = []

    def new_database(self) -> str:
        """Make an empty database; returns its address."""
        self._made.append(_new_database(self._uri))
        return self._made[-1]

    def drop(self) -> None:
        """Drop what was made."""
        for uri in self._made:
            client = pymilvus.MilvusClient(uri, token=TOKEN)
            for name in client.list_collections():
                for alias in client.list_aliases(name)["aliases"]:
                    client.drop_alias(alias)
                client.drop_collection(name)
            client.close()
            client = pymilvus.MilvusClient(self._uri, token=TOKEN)
            client.drop_database(uri.rpartition("/")[2])
            client.close()


@contextmanager
def milvus_server(folder: Path) -> Iterator[LiteServer | LiveServer]:
    """Start Milvus Lite, or use the server that is named in the environment."""
    uri = os.environ.get("YOUJU_MILVUS_URI")
    if uri is None:
        with LiteServer(folder) as lite:
            yield lite
        return
    live = LiveServer(uri)
    try:
        yield live
    finally:
        live.drop()


def _new_database(uri: str) -> str:
    name = f"youju_{os.getpid()}_{next(_DATABASES)}"
    client = pymilvus.MilvusClient(uri, token=TOKEN, timeout=10)
    client.create_database(name)
    client.close()
    return f"{uri}/{name}"
