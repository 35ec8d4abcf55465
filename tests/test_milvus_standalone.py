"""The dense side against a real Milvus server, which is killed in between.

The only one that a package index carries is 2.3.5 (``milvus==2.3.5``, an embedded standalone
server). It has no BM25, so the store refuses it; vectors, upserts, deletes, aliases and recovery
are the same as in later versions. ``make test-milvus`` installs it into an environment of its own
and runs this; elsewhere ``YOUJU_MILVUS_PYTHON`` names the Python of such an environment. The server
listens on all addresses of the machine while the tests run.
"""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from conftest import free_port

from index import Milvus, MilvusStore, StoreError
from index.encoded import Encoded, normalised
from index.late import pack_signs
from index.milvus_paragraphs import Paragraphs
from index.milvus_windows import Windows

PYTHON = os.environ.get("YOUJU_MILVUS_PYTHON")

pytestmark = pytest.mark.skipif(
    PYTHON is None, reason="needs a real Milvus server: run `make test-milvus`"
)

PROGRAM = """
import sys
from milvus import MilvusServer
server = MilvusServer()
server.set_base_dir(sys.argv[1])
server.listen_port = int(sys.argv[2])
server.start()
server.wait()
"""

DIMENSION = 384
REPORTS = 30
OF_EACH = 100


class Standalone:
    """The server, as processes of their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.uri = f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start it, without waiting for it."""
        command = [str(PYTHON), "-c", PROGRAM, str(self._folder), str(self._port)]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(
            command, stdout=quiet, stderr=quiet, start_new_session=True
        )

    def kill(self) -> None:
        """Kill it and all that it started, as a power cut would."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(timeout=20)

    def reached(self) -> Milvus:
        """Connect, as soon as it answers."""
        deadline = time.monotonic() + 180
        while True:
            try:
                socket.create_connection(("127.0.0.1", self._port), timeout=2).close()
                milvus = Milvus(self.uri)
                milvus.collections()
            except (OSError, StoreError):
                assert time.monotonic() < deadline, "the server was not ready in three minutes"
                time.sleep(1)
            else:
                return milvus


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standalone]:
    server = Standalone(tmp_path_factory.mktemp("standalone"))
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="module")
def milvus(server: Standalone) -> Milvus:
    return server.reached()


@pytest.fixture(scope="module")
def vectors() -> dict[str, np.ndarray]:
    """Vectors of windows by id, near enough to one another to be told apart only by all of them."""
    random = np.random.default_rng(0)
    rows = random.normal(size=(REPORTS * OF_EACH, DIMENSION)) + 2 * random.normal(size=DIMENSION)
    ids = [f"{number // OF_EACH:02d}-{number:04d}" for number in range(len(rows))]
    return dict(zip(ids, normalised(rows), strict=True))


@pytest.fixture(scope="module")
def windows(milvus: Milvus, vectors: dict[str, np.ndarray]) -> Windows:
    windows = Windows(milvus, "youju_000001_windows", np.zeros(DIMENSION, np.float32))
    windows.create()
    windows.write((key, key[:2], encoded(vector)) for key, vector in vectors.items())
    return windows


def encoded(vector: np.ndarray) -> Encoded:
    return Encoded(vector, np.stack([vector, -vector]))


def exact(vectors: dict[str, np.ndarray], question: np.ndarray, limit: int) -> list[str]:
    return sorted(vectors, key=lambda key: -float(vectors[key] @ question))[:limit]


def tell(figure: str) -> None:
    """Print a figure, which pytest shows with -s."""
    print(f"\n{figure}")  # noqa: T201


def recall(windows: Windows, vectors: dict[str, np.ndarray]) -> float:
    """The share of the exact ten nearest that are found, over fifty questions near some vector."""
    random = np.random.default_rng(1)
    found = []
    for key in random.choice(list(vectors), 50):
        noise = random.normal(size=DIMENSION) / DIMENSION**0.5
        question = normalised(vectors[key] + noise)
        hits = {hit.id for hit in windows.nearest(question, 10)}
        found.append(len(hits & {*exact(vectors, question, 10)}) / 10)
    return float(np.mean(found))


def eventually_recalls(windows: Windows, vectors: dict[str, np.ndarray]) -> float:
    """What is written is searched within seconds: consistency is bounded."""
    deadline = time.monotonic() + 60
    while (share := recall(windows, vectors)) < 0.98 and time.monotonic() < deadline:
        time.sleep(1)
    return share


def test_a_server_without_bm25_is_refused_before_anything_is_created(milvus: Milvus) -> None:
    assert milvus.version.startswith("v2.3")
    before = milvus.collections()
    with pytest.raises(StoreError, match=r"2\.5"):
        MilvusStore(milvus, None)  # type: ignore[arg-type] - refused before a model is used
    assert milvus.collections() == before


def test_a_schema_that_it_would_accept_and_cannot_serve_is_taken_back(milvus: Milvus) -> None:
    before = milvus.collections()
    with pytest.raises(StoreError):
        Paragraphs(milvus, "youju_000009_paragraphs").create()
    assert milvus.collections() == before


def test_the_nearest_windows_are_those_of_exact_search(
    windows: Windows, vectors: dict[str, np.ndarray]
) -> None:
    assert windows.count() == len(vectors)
    share = eventually_recalls(windows, vectors)
    tell(f"recall@10 against exact search: {share:.3f}, of {len(vectors)} windows")
    assert share >= 0.98
    question = vectors["07-0712"]
    [best] = windows.nearest(question, 1)
    assert (best.id, best.report) == ("07-0712", "07")
    assert best.score == pytest.approx(1.0, abs=1e-4)


def test_only_the_wanted_reports_are_searched(
    windows: Windows, vectors: dict[str, np.ndarray]
) -> None:
    found = windows.nearest(vectors["07-0712"], 20, {"03", "11"})
    assert {hit.report for hit in found} <= {"03", "11"}
    assert len(found) == 20
    assert windows.nearest(vectors["07-0712"], 20, frozenset()) == []


def test_vectors_and_signs_come_back_as_they_were(
    windows: Windows, vectors: dict[str, np.ndarray]
) -> None:
    key = "02-0234"
    assert np.array_equal(windows.vectors([key, "none"])[key], vectors[key])
    signs = pack_signs(encoded(vectors[key]).tokens, np.zeros(DIMENSION, np.float32))
    assert np.array_equal(windows.signs([key])[key], signs)
    assert windows.missing([key, "none"]) == {"none"}


def test_writing_again_changes_nothing(windows: Windows, vectors: dict[str, np.ndarray]) -> None:
    some = {key: vectors[key] for key in list(vectors)[:500]}
    windows.write((key, key[:2], encoded(vector)) for key, vector in some.items())
    assert windows.count() == len(vectors)


def test_what_is_deleted_is_found_no_longer(
    windows: Windows, vectors: dict[str, np.ndarray]
) -> None:
    gone = {key for key in vectors if key.startswith("05")}
    windows.keep("05", ())
    for key in gone:
        del vectors[key]
    assert windows.count() == len(vectors)
    assert windows.missing(sorted(gone)) == gone
    assert eventually_recalls(windows, vectors) >= 0.98


def test_an_alias_is_switched_in_one_step(milvus: Milvus) -> None:
    for number in (1, 2):
        Windows(milvus, f"youju_00000{number}_reports", np.zeros(8, np.float32)).create()
    milvus.point("youju", "youju_000001_reports", None)
    assert milvus.aliases("youju_000001_reports") == ["youju"]
    milvus.point("youju", "youju_000002_reports", "youju_000001_reports")
    assert milvus.aliases("youju_000001_reports") == []
    assert milvus.aliases("youju_000002_reports") == ["youju"]


def test_a_killed_server_has_lost_nothing(
    server: Standalone, windows: Windows, vectors: dict[str, np.ndarray]
) -> None:
    late = normalised(np.random.default_rng(2).normal(size=(200, DIMENSION)))
    added = {f"99-{number:04d}": vector for number, vector in enumerate(late)}
    windows.write((key, "99", encoded(vector)) for key, vector in added.items())
    vectors |= added
    server.kill()  # at once: what was acknowledged is only in the server's log
    with pytest.raises(StoreError):
        windows.count()
    began = time.monotonic()
    server.start()
    again = Windows(server.reached(), "youju_000001_windows", np.zeros(DIMENSION, np.float32))
    deadline = time.monotonic() + 180
    while True:
        try:
            assert again.count() == len(vectors)
            break
        except StoreError:
            assert time.monotonic() < deadline
            time.sleep(1)
    seconds = time.monotonic() - began
    tell(f"after kill -9: {len(vectors)} windows are back in {seconds:.0f} s")
    assert eventually_recalls(again, vectors) >= 0.98
