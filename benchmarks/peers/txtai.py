"""txtai: its embeddings database with hybrid search, as its documentation shows."""

from pathlib import Path

from txtai import Embeddings

from .contract import paragraphs_of


class System:
    """``hybrid=True``: FAISS and BM25, scores added half and half.

    Its tokeniser follows Unicode's rules, by which every Chinese character is a word. It takes the
    prompts from the model's folder.
    """

    def __init__(self, model: Path, folder: Path) -> None:
        """Load the model, and the index if there is one: it names its model itself."""
        self._folder = str(folder / "index")
        if Path(self._folder).exists():
            self._embeddings = Embeddings()
            self._embeddings.load(self._folder)
        else:
            self._embeddings = Embeddings(path=str(model), hybrid=True)

    def index(self, task: Path) -> None:
        """Index the paragraphs."""
        self._embeddings.index((one.id, one.text, None) for one in paragraphs_of(task))
        self._embeddings.save(self._folder)

    def open(self) -> None:
        """The index was loaded with the model."""

    def ask(self, question: str, k: int) -> list[str]:
        """Search."""
        return [identity for identity, _ in self._embeddings.search(question, k)]
