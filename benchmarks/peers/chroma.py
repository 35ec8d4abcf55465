"""Chroma: a persistent collection that is given vectors, as its documentation shows."""

from pathlib import Path

import chromadb
from chromadb.config import Settings
from sentence_transformers import SentenceTransformer

from .contract import paragraphs_of


class System:
    """Dense search by HNSW and cosine; searching words besides is for its hosted service only.

    The vectors come from sentence-transformers itself: Chroma's own embedding function of that
    name knows no prompts.
    """

    def __init__(self, model: Path, folder: Path) -> None:
        """Load the model and start the database."""
        self._model = SentenceTransformer(str(model))
        self._client = chromadb.PersistentClient(
            str(folder), settings=Settings(anonymized_telemetry=False)
        )

    def index(self, task: Path) -> None:
        """Encode the paragraphs and add them."""
        collection = self._client.create_collection(
            "paragraphs", configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
        )
        paragraphs = list(paragraphs_of(task))
        vectors = self._model.encode_document([one.text for one in paragraphs])
        most = self._client.get_max_batch_size()
        for start in range(0, len(paragraphs), most):
            some = paragraphs[start : start + most]
            collection.add(
                ids=[one.id for one in some],
                documents=[one.text for one in some],
                embeddings=vectors[start : start + most],
            )

    def open(self) -> None:
        """Open the collection."""
        self._collection = self._client.get_collection("paragraphs", embedding_function=None)

    def ask(self, question: str, k: int) -> list[str]:
        """Search; the passages' texts come with their ids."""
        vector = self._model.encode_query(question)
        return self._collection.query(query_embeddings=[vector], n_results=k)["ids"][0]
