"""Services that run over a data folder: where each is, and a question asked there.

A command that has to load model and index answers in seconds, a service that has them in hundredths
of one. So a service writes into its data folder where it is found, and ``youju ask`` looks there
before it loads anything. This module imports little for the same reason.

    data/services/<random>.json     address, process id, model, and a token for asking

Only the owner may read the file: whoever can read it could read the reports as well, and the token
allows no more than to ask them. It is made anew at each start. The service holds a lock on the file
for as long as it lives, which the system lets go of even when the process is killed, so a file that
nobody holds a lock on is stale, whoever has the process id or the port by now.
"""

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

try:
    import fcntl
except ImportError:  # Windows: no service tells where it is, and each command loads for itself
    fcntl = None  # type: ignore[assignment]

FOLDER = "services"

_SECONDS = 15.0
"""How long a service may take to answer; it gives up itself after ten."""

_LARGEST_REPLY = 16 << 20


@dataclass(frozen=True, slots=True)
class Service:
    """A service over a data folder.

    Attributes:
        address: such as ``http://127.0.0.1:8000/``.
        pid: of its process.
        model: what it was given as ``--model``; None for the default.
        token: allows to ask, where the service wants to know who asks.
    """

    address: str
    pid: int
    model: str | None
    token: str = field(repr=False)


@contextmanager
def announced(data: Path, service: Service) -> Iterator[None]:
    """Tell for a block where a service is. A folder that cannot be written to is served as well."""
    with ExitStack() as ending:
        if fcntl is not None:
            with suppress(OSError):
                _announce(data / FOLDER, service, ending)
        yield


def services(data: Path) -> Iterator[Service]:
    """The services that run over a data folder, as far as this user may know them."""
    for file in _files(data / FOLDER):
        with suppress(OSError, ValueError, TypeError), file.open("rb") as stream:
            if _is_held(stream.fileno()):
                yield Service(**json.load(stream))


def ask(data: Path, question: str, *, top_k: int | None, model: str | None) -> Any | None:  # noqa: ANN401 - the reply is JSON
    """Ask a service that runs over a data folder.

    Args:
        data: the data folder.
        question: the question.
        top_k: how many passages at the most; the service decides if None.
        model: what the command was given as ``--model``.

    Returns:
        The reply of ``POST /api/v1/ask``; None if no service with this model answers from the live
        snapshot, be it that there is none, or that it is busy or refuses the question.
    """
    body: dict[str, object] = {"question": question}
    if top_k is not None:
        body["top_k"] = top_k
    for service in services(data):
        if service.model == model:
            reply = _post(service, "/api/v1/ask", body)
            if reply is not None and _live_snapshot(data) in {reply["snapshot"], None}:
                return reply
    return None


def _announce(folder: Path, service: Service, ending: ExitStack) -> None:
    """Write the file, and have ``ending`` remove it."""
    folder.mkdir(mode=0o700, exist_ok=True)
    _remove_stale(folder)
    file = folder / f"{secrets.token_hex(8)}.json"
    unfinished = file.with_suffix(".new")
    # Stays open: closing it lets go of the lock.
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    stream = ending.enter_context(os.fdopen(descriptor, "wb"))
    fcntl.flock(stream, fcntl.LOCK_EX)
    stream.write(json.dumps(asdict(service)).encode())
    stream.flush()
    unfinished.rename(file)
    ending.callback(_remove, file)


def _remove(file: Path) -> None:
    with suppress(OSError):
        file.unlink()
        file.parent.rmdir()  # unless there is another service


def _remove_stale(folder: Path) -> None:
    for file in _files(folder):
        with suppress(OSError), file.open("rb") as stream:
            if not _is_held(stream.fileno()):
                file.unlink()


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.json"))


def _is_held(descriptor: int) -> bool:
    """Whether another process, or another part of this one, holds a lock on a file."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def _post(service: Service, path: str, body: dict[str, object]) -> Any | None:  # noqa: ANN401 - as above
    """Send JSON; the JSON that comes back with 200, else None.

    By the address itself, whatever proxy the environment names: it is this machine's.
    """
    address = urlsplit(service.address)
    connection = HTTPConnection(address.hostname or "", address.port, timeout=_SECONDS)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {service.token}"}
    try:
        connection.request("POST", path, json.dumps(body).encode(), headers)
        reply = connection.getresponse()
        return json.loads(reply.read(_LARGEST_REPLY)) if reply.status == 200 else None
    except (OSError, HTTPException, ValueError):
        return None
    finally:
        connection.close()


def _live_snapshot(data: Path) -> str | None:
    """The first word of ``CURRENT``, see ``index/snapshot.py``; a service follows in seconds.

    None where there is none, as for reports that are kept in Milvus.
    """
    try:
        return (data / "CURRENT").read_text("ascii").partition(" ")[0].strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError):
        return ""
