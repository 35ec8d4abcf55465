"""What is left when the disk is full, or a single call of the system fails, at every point.

    python benchmarks/failing_disks.py [--every N]

Needs Linux and a C compiler: failing_disks.c is built and put before the C library, and lets calls
fail in the thread that indexes. For indexing, correcting, taking out, uploading, dumping and
restoring on a lived-in data folder, the calls are counted first. Then each is tried again, on a
fresh copy, once for every call: with a disk that is full from that call on (ENOSPC for all that
needs room), and with that call alone failing (EIO on writing, making, renaming and syncing).

Afterwards the old state must answer, if an error was told, or the new one, if none was; the error
must be one that is meant for users; nothing may be left behind; and trying again must succeed.
Printed as JSON are the faults tried, the errors told, and the violations, which must be none: the
exit status is 1 otherwise. ``--every`` tries every N-th fault only.
"""

import argparse
import ctypes
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from platformdirs import user_cache_path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from lived_in_data import EAST, NORTH, answers, live_in

from corpus import read_folder
from index import (
    Change,
    Encoder,
    HybridIndex,
    IndexingError,
    build_index,
    change_index,
    correct_report,
    default_model_folder,
    find_faults,
    imports,
    read_library,
    receive,
    restore_dump,
    write_dump,
)

SOURCE = Path(__file__).with_suffix(".c")
SHIM = "YOUJU_FAILING_DISKS"

Act = Callable[[Path], object]


def main() -> int:
    """Build the shim, begin again below it, and try every fault."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--every", type=int, default=1)
    options = parser.parse_args()
    if SHIM not in os.environ:
        return below_shim()
    shim = ctypes.CDLL(os.environ[SHIM])
    shim.arm.argtypes = [ctypes.c_long, ctypes.c_int]
    shim.disarm.restype = ctypes.c_long
    counts: Counter[str] = Counter()
    violations: list[str] = []
    encoder = Encoder(default_model_folder(user_cache_path("youju")))
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        whole = live_in(root, encoder)
        for name, act in acts(root, whole, encoder):
            for full in (True, False):
                trial = Trial(shim, whole, root / "copy", encoder, full=full)
                violations += trial.run(name, act, options.every, counts)
    print(json.dumps({**counts, "violations": violations}, ensure_ascii=False, indent=1))
    return 1 if violations else 0


def below_shim() -> int:
    """Run this script again with the shim before the C library."""
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "failing_disks.so"
        compiler = ["cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE), "-ldl"]
        subprocess.run(compiler, check=True)
        environment = os.environ | {SHIM: str(library), "LD_PRELOAD": str(library)}
        return subprocess.run([sys.executable, *sys.argv], env=environment, check=False).returncode


def acts(root: Path, whole: Path, encoder: Encoder) -> Iterator[tuple[str, Act]]:
    """What is tried, by name."""
    folder = root / "edited"
    folder.mkdir()
    (folder / "北川.txt").write_text(NORTH.replace("十二", "五十二"), "utf-8")
    reports = read_folder(folder).reports
    first = HybridIndex(whole, encoder).reports[0].id
    uploaded = {key for key, one in read_library(whole).reports.items() if one.uploaded}
    dump = root / "dump.zip"
    write_dump(whole, dump)
    yield (
        "index",
        lambda data: build_index(reports, data=data, encoder=encoder, folder=folder),
    )
    yield (
        "correct",
        lambda data: correct_report(first, {"publisher": "晚报"}, data=data, encoder=encoder),
    )
    yield (
        "take out",
        lambda data: change_index(Change(taken_out=uploaded), data=data, encoder=encoder),
    )
    yield "upload", lambda data: receive(data, io.BytesIO(EAST.encode()), "中川.txt")
    yield "dump", lambda data: write_dump(data, fresh(root / "new.zip"))
    yield (
        "restore",
        lambda data: restore_dump(dump, data=data, encoder=encoder, replace=True),
    )


def fresh(file: Path) -> Path:
    """The name of a file that is not there."""
    file.unlink(missing_ok=True)
    return file


class Trial:
    """Tries one act with every fault of a kind."""

    def __init__(
        self, shim: ctypes.CDLL, whole: Path, copy: Path, encoder: Encoder, *, full: bool
    ) -> None:
        """Prepare.

        Args:
            shim: what lets calls fail.
            whole: the data folder; it stays as it is.
            copy: where copies of it are made.
            encoder: the default model.
            full: whether the disk is full from a call on, or that call alone fails.
        """
        self._shim, self._whole, self._copy = shim, whole, copy
        self._encoder, self._full = encoder, full
        self._before = self._state(whole)

    def run(self, name: str, act: Act, every: int, counts: Counter[str]) -> list[str]:
        """Count the calls, then let each fail."""
        act(self._fresh())  # so that vectors of a first time are no longer to be computed
        shutil.copyfile(self._copy / "embeddings.sqlite", self._whole / "embeddings.sqlite")
        data = self._fresh()
        self._shim.arm(1 << 40, self._full)
        act(data)
        calls = self._shim.disarm()
        after = self._state(data)
        violations = []
        kind = "full" if self._full else "error"
        for succeeding in range(0, calls, every):
            counts[f"{name}, {kind}"] += 1
            violation = self._try(act, succeeding, after, counts)
            if violation:
                violations.append(f"{name}, {kind} after {succeeding} calls: {violation}")
        return violations

    def _try(self, act: Act, succeeding: int, after: object, counts: Counter[str]) -> str | None:
        data, told = self._fresh(), None
        self._shim.arm(succeeding, self._full)
        try:
            act(data)
        except (IndexingError, OSError) as error:
            told = str(error)
        except Exception as error:  # noqa: BLE001 - that there is one is the finding
            return f"not meant for users: {error!r}"
        finally:
            self._shim.disarm()
        counts["errors told"] += told is not None
        state = self._state(data)
        if state != (after if told is None else self._before):
            return f"neither as before nor as told ({told})"
        if told is not None and (faults := find_faults(data)):
            return f"left behind: {faults[0].reason}"
        if told is not None:
            act(data)
        return None if self._state(data) == after else "trying again gives something else"

    def _state(self, data: Path) -> object:
        queue = [one.original for one in imports(data)]
        return answers(data, self._encoder), queue, read_library(data)

    def _fresh(self) -> Path:
        if self._copy.exists():
            shutil.rmtree(self._copy)
        return Path(shutil.copytree(self._whole, self._copy))


if __name__ == "__main__":
    sys.exit(main())
