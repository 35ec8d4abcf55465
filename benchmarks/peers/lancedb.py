"""LanceDB: a table with vectors and a full-text index, as its page "Hybrid Search" shows."""

from pathlib import Path

import lancedb
from lancedb.index import FTS
from lancedb.rerankers import RRFReranker
from sentence_transformers import SentenceTransformer

from .contract import paragraphs_of


class System:
    """Vectors and BM25 joined by its default, reciprocal rank.

    Words are pairs of characters: its jieba wants a dictionary that has to be fetched. Vectors are
    compared one by one, as its documentation advises below 100,000.
    """

    def __init__(self, model: Path, folder: Path) -> None:
        """Load the model and open the database."""
        self._model = SentenceTransformer(str(model))
        self._database = lancedb.connect(str(folder))

    def index(self, task: Path) -> None:
        """Encode the paragraphs, add them, and index their words."""
        paragraphs = list(paragraphs_of(task))
        vectors = self._model.encode_document([one.text for one in paragraphs])
        rows = [
            {"id": one.id, "text": one.text, "vector": vector}
            for one, vector in zip(paragraphs, vectors, strict=True)
        ]
        table = self._database.create_table("paragraphs", rows)
        words = FTS(
            base_tokenizer="ngram",
            ngram_min_length=2,
            ngram_max_length=2,
            stem=False,
            remove_stop_words=False,
        )
        table.create_index("text", config=words)

    def open(self) -> None:
        """Open the table."""
        self._table = self._database.open_table("paragraphs")
        self._reranker = RRFReranker()

    def ask(self, question: str, k: int) -> list[str]:
        """Search both and join."""
        search = (
            self._table.search(query_type="hybrid")
            .vector(self._model.encode_query(question))
            .text(question)
            .distance_type("cosine")
            .rerank(self._reranker)
            .limit(k)
        )
        return [row["id"] for row in search.to_list()]
