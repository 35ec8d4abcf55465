"""What a process that reads files may take; the operating system refuses more (`setrlimit(2)`).

Of memory, what it holds before a file is not counted: a worker has a dictionary, and keeps the
models that recognise print. That limit is one of the process's data (``RLIMIT_DATA``), on Linux.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import resource
except ImportError:  # Windows: nothing is held to a limit
    resource = None  # type: ignore[assignment]

_allowed: int | None = None


def limit(name: str, value: int) -> None:
    """Set a limit of the operating system, as far as there is one."""
    kind = getattr(resource, name, None)
    if kind is not None:
        hard = resource.getrlimit(kind)[1]
        with suppress(ValueError, OSError):  # a lower limit is in force already
            resource.setrlimit(kind, (value, hard))


def allow_memory(size: int) -> None:
    """Let this process take so many bytes more than it has now."""
    global _allowed  # noqa: PLW0603 - the limit is the process's, too
    held = _held()
    if held is not None:
        _allowed = size
        limit("RLIMIT_DATA", held + size)


@contextmanager
def allow_memory_besides(size: int) -> Iterator[None]:
    """Let a block take so many bytes besides; what it keeps does not count as the file's."""
    held = _held()
    if held is None or _allowed is None:
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_DATA)[0]
    limit("RLIMIT_DATA", before + size)
    try:
        yield
    finally:
        limit("RLIMIT_DATA", before + max(0, (_held() or 0) - held))


def allow_memory_of_program(pid: int) -> None:
    """Let a program that this process has started take what is allowed here."""
    if resource is not None and _allowed is not None and hasattr(resource, "prlimit"):
        with suppress(OSError, ValueError):  # it may have ended; it has inherited a limit anyway
            resource.prlimit(pid, resource.RLIMIT_DATA, (_allowed, _allowed))


def _held() -> int | None:
    """Bytes of data that this process has; None where the system does not tell."""
    try:
        fields = Path("/proc/self/statm").read_text("ascii").split()
    except OSError:
        return None
    return None if resource is None else int(fields[5]) * resource.getpagesize()
