"""sentence-transformers and a product of matrices: what every question costs at the least."""

from pathlib import Path

import numpy as np
from sentence_transformers import SentenceTransformer

from .contract import paragraphs_of


class System:
    """Vectors of whole paragraphs in a NumPy array, as sbert.net's "Semantic Search" has them."""

    def __init__(self, model: Path, folder: Path) -> None:
        """Load the model."""
        self._model = SentenceTransformer(str(model))
        self._vectors, self._ids = folder / "vectors.npy", folder / "ids.npy"

    def index(self, task: Path) -> None:
        """Encode the paragraphs."""
        paragraphs = list(paragraphs_of(task))
        np.save(self._vectors, self._model.encode_document([one.text for one in paragraphs]))
        np.save(self._ids, np.array([one.id for one in paragraphs]))

    def open(self) -> None:
        """Read the arrays."""
        self.vectors, self.ids = np.load(self._vectors), np.load(self._ids)

    def ask(self, question: str, k: int) -> list[str]:
        """Rank all paragraphs."""
        scores = self.vectors @ self._model.encode_query(question)
        return [str(one) for one in self.ids[np.argsort(-scores)[:k]]]
