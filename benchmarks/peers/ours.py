"""Youju with everything on: windows, both searches, late interaction, answer, citations."""

# First: it sets how many threads libraries may have, as the command line does.
import youju  # noqa: F401, I001
from pathlib import Path

from corpus import read_reports
from index import Encoder, HybridIndex, build_index
from qa import Answerer

REPORTS = "reports.jsonl"
"""The reports of a task's folder, as they were read."""


class System:
    """As `youju index` and `youju serve` put it together."""

    def __init__(self, model: Path, folder: Path) -> None:
        """Load the model."""
        self._encoder = Encoder(model)
        self._folder = folder

    def index(self, task: Path) -> None:
        """Build a snapshot from the reports that the paragraphs of the task are from."""
        build_index(read_reports(task / REPORTS), data=self._folder, encoder=self._encoder)

    def open(self) -> None:
        """Open the snapshot."""
        self._answerer = Answerer(HybridIndex(self._folder, self._encoder))

    def ask(self, question: str, k: int) -> list[str]:
        """Answer the question; the passages carry their paragraphs."""
        passages = self._answerer.ask(question, top_k=k).passages
        return [f"{passage.report.id}#p{passage.paragraph}" for passage in passages]
