"""What is left when writers are killed (SIGKILL) at random moments of indexing and swapping.

    python benchmarks/killed_writers.py [--indexing N] [--serving N] [--seed N]

`youju index` of a folder whose reports all change from one round to the next is killed between the
first change in the data folder and its end: what answers afterwards must be the old reports or the
new ones, all of them. Then a service (`youju serve`) to which reports are uploaded and
from which reports are deleted is killed: whatever it acknowledged must hold after the next start,
and the rest may. After every kill the data folder must open; every file of it is checked then.

Printed as JSON are the kills, how many left the old state, the new one, or something to tidy up,
and the violations, which must be none: the exit status is 1 otherwise.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import httpx
from platformdirs import user_cache_path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from conftest import free_port, wait_until_ready

from index import Encoder, HybridIndex, IndexingError, default_model_folder, find_faults

ROOT = Path(__file__).parent.parent
PLACES = ("北川", "南川", "东川", "西川")
VERSIONS = ("十二", "三十")
UPLOADS = 4
"""In a round, at the most."""


def main() -> int:
    """Kill, look, and count."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--indexing", type=int, default=200, help="kills while indexing")
    parser.add_argument("--serving", type=int, default=20, help="kills while serving")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)  # noqa: S311 - nothing secret
    encoder = Encoder(default_model_folder(user_cache_path("youju")))
    counts: Counter[str] = Counter()
    violations: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        indexing = KilledIndexing(Path(folder) / "indexing", encoder, chance)
        number = 0
        while counts["indexing killed"] < options.indexing:
            violations += indexing.round(number, counts)
            number += 1
        serving = KilledService(Path(folder) / "serving", encoder, chance)
        for number in range(options.serving):
            violations += serving.round(number, counts)
        violations += serving.end(counts)
    print(json.dumps({**counts, "violations": violations}, ensure_ascii=False, indent=1))
    return 1 if violations else 0


def text(place: str, figure: str) -> str:
    """A small report."""
    return f"{place}县2024年工作报告\n\n一、公园\n\n{place}县全年新建公园{figure}座。\n"


def command(*arguments: object) -> list[str]:
    """A command of Youju in a process of its own."""
    return [sys.executable, "-m", "youju", *map(str, arguments)]


def figures_in(data: Path, encoder: Encoder) -> dict[str, str]:
    """The figure of every report, as a data folder answers."""
    index = HybridIndex(data, encoder)
    found = {}
    for report in index.reports:
        [hit] = index.search("全年新建公园多少座？", limit=1, reports={report.id})
        found[report.file] = hit.paragraph.text.partition("公园")[2].partition("座")[0]
    return found


class KilledIndexing:
    """Kills `youju index`."""

    def __init__(self, root: Path, encoder: Encoder, chance: random.Random) -> None:
        """Index both versions once, so that all vectors are known, and measure how long it takes.

        Args:
            root: where folders may be made.
            encoder: the default model.
            chance: when to kill.
        """
        self._reports, self._data = root / "reports", root / "data"
        self._reports.mkdir(parents=True)
        self._encoder, self._chance = encoder, chance
        self._live = 0
        for version in (1, 0, 1, 0):
            self._write(version)
            with self._writer() as process:
                began = time.monotonic()
                process.wait()
            self._seconds = time.monotonic() - began

    def round(self, number: int, counts: Counter[str]) -> list[str]:
        """Change all reports, index them, kill that, and look."""
        other = 1 - self._live
        self._write(other)
        with self._writer() as process:
            time.sleep(self._chance.uniform(0, self._seconds))
            process.kill()
        counts["indexing killed" if process.returncode else "indexing ended before"] += 1
        try:
            figures = figures_in(self._data, self._encoder)
        except IndexingError as error:
            return [f"round {number} of indexing: {error}"]
        known = [{f"{place}.txt": figure for place in PLACES} for figure in VERSIONS]
        if figures not in known:
            return [f"round {number} of indexing: a mixture, {figures}"]
        live = known.index(figures)
        counts["new reports answer" if live == other else "old reports answer"] += 1
        counts["something to tidy up"] += bool(find_faults(self._data))
        self._seconds *= 0.9 if live == other else 1.1  # so that about half are old
        self._live = live
        return []

    def _writer(self) -> "subprocess.Popen[bytes]":
        """Start indexing; it has just begun to change the data folder."""
        before = self._state()
        process = subprocess.Popen(
            command("index", self._reports, "--data", self._data),
            cwd=ROOT,
            stderr=subprocess.DEVNULL,
        )
        while process.poll() is None and self._state() == before:
            time.sleep(0.0005)
        return process

    def _write(self, version: int) -> None:
        for place in PLACES:
            (self._reports / f"{place}.txt").write_text(text(place, VERSIONS[version]), "utf-8")

    def _state(self) -> tuple[int, ...]:
        folders = ("snapshots", "segments", "originals")
        paths = (self._data, *(self._data / name for name in folders))
        return tuple(path.stat().st_mtime_ns for path in paths if path.exists())


class KilledService:
    """Kills a service that reports are uploaded to and deleted from."""

    def __init__(self, root: Path, encoder: Encoder, chance: random.Random) -> None:
        """Index one report to begin with.

        Args:
            root: where folders may be made.
            encoder: the default model.
            chance: what to do and when to kill.
        """
        reports, self._data = root / "reports", root / "data"
        reports.mkdir(parents=True)
        (reports / "北川.txt").write_text(text("北川", "十二"), "utf-8")
        subprocess.run(
            command("index", reports, "--data", self._data),
            cwd=ROOT,
            check=True,
            stderr=subprocess.DEVNULL,
        )
        self._encoder, self._chance = encoder, chance
        self._must: dict[str, set[str | None]] = {}
        self._uploaded = 0

    def round(self, number: int, counts: Counter[str]) -> list[str]:
        """Start, see what was promised, upload and delete, kill, and see whether it opens."""
        violations = self.end(counts, kill=True)
        try:
            figures_in(self._data, self._encoder)
        except IndexingError as error:
            violations.append(str(error))
        counts["service killed"] += 1
        return [f"round {number} of serving: {violation}" for violation in violations]

    def end(self, counts: Counter[str], *, kill: bool = False) -> list[str]:
        """Start the service and see what was promised; then end it, or go on and kill it."""
        port = free_port()
        process = subprocess.Popen(
            command("serve", "--data", self._data, "--port", port),
            cwd=ROOT,
            stderr=subprocess.DEVNULL,
        )
        with process, httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            try:
                wait_until_ready(f"http://127.0.0.1:{port}/readyz", process)
                violations = self._kept(client)
                if kill:
                    self._act(client, process, counts)
            finally:
                process.kill()
        return violations

    def _kept(self, client: httpx.Client) -> list[str]:
        """What was acknowledged and does not hold."""
        deadline = time.monotonic() + 60
        while any(one["state"] not in {"done", "failed"} for one in _items(client, "imports")):
            if time.monotonic() > deadline:
                return ["uploads are not settled within a minute"]
            time.sleep(0.1)
        figures = figures_in(self._data, self._encoder)
        violations = [
            f"{file} is {figures.get(file)}, not {allowed}"
            for file, allowed in self._must.items()
            if figures.get(file) not in allowed
        ]
        self._must = {file: {figures.get(file)} for file in self._must}
        return violations

    def _act(
        self, client: httpx.Client, process: "subprocess.Popen[bytes]", counts: Counter[str]
    ) -> None:
        """Upload and delete until the service is killed, some moment later."""
        killing = threading.Timer(self._chance.uniform(0, 1.2), process.kill)
        killing.start()
        with suppress(httpx.HTTPError):
            for _ in range(self._chance.randrange(1, UPLOADS + 1)):
                if self._chance.random() < 1 / 4:
                    self._delete(client, counts)
                else:
                    self._upload(client, counts)
                time.sleep(self._chance.uniform(0, 0.2))
        killing.join()

    def _upload(self, client: httpx.Client, counts: Counter[str]) -> None:
        self._uploaded += 1
        place, figure = f"第{self._uploaded % 12}", str(self._uploaded)
        file = f"上传/{place}.txt"
        self._must.setdefault(file, {None}).add(figure)
        content = text(place, figure).encode()
        reply = client.post("/api/v1/reports", files={"files": (f"{place}.txt", content)})
        if reply.status_code == httpx.codes.ACCEPTED:
            counts["uploads acknowledged"] += 1
            self._must[file] = {figure}

    def _delete(self, client: httpx.Client, counts: Counter[str]) -> None:
        reports = [one for one in _items(client, "reports") if one["file"].startswith("上传/")]
        waiting = {one["file"] for one in _items(client, "imports") if one["state"] != "done"}
        reports = [one for one in reports if one["file"] not in waiting]
        if reports:
            report = self._chance.choice(reports)
            allowed = self._must.setdefault(report["file"], set())
            allowed.add(None)
            reply = client.delete(f"/api/v1/reports/{report['id']}")
            if reply.status_code == httpx.codes.NO_CONTENT:
                counts["deletions acknowledged"] += 1
                self._must[report["file"]] = {None}


def _items(client: httpx.Client, what: str) -> list[dict[str, str]]:
    items: list[dict[str, str]] = client.get(f"/api/v1/{what}").raise_for_status().json()["items"]
    return items


if __name__ == "__main__":
    sys.exit(main())
