"""Milvus Lite: vectors and the BM25 function, as the page "Hybrid Search" of Milvus shows."""

from pathlib import Path

from pymilvus import AnnSearchRequest, DataType, Function, FunctionType, MilvusClient, RRFRanker
from sentence_transformers import SentenceTransformer

from .contract import paragraphs_of

NAME = "paragraphs"


class System:
    """Both joined by reciprocal rank; words are jieba's, as Milvus does by default for Chinese."""

    def __init__(self, model: Path, folder: Path) -> None:
        """Load the model and start the database in this process."""
        self._model = SentenceTransformer(str(model))
        self._client = MilvusClient(str(folder / "milvus.db"))

    def index(self, task: Path) -> None:
        """Encode the paragraphs and insert them."""
        paragraphs = list(paragraphs_of(task))
        vectors = self._model.encode_document([one.text for one in paragraphs])
        self._create(dimension=vectors.shape[1])
        rows = [
            {"id": one.id, "text": one.text, "dense": vector.tolist()}
            for one, vector in zip(paragraphs, vectors, strict=True)
        ]
        for start in range(0, len(rows), 1000):
            self._client.insert(NAME, rows[start : start + 1000])
        self._client.flush(NAME)

    def _create(self, *, dimension: int) -> None:
        schema = self._client.create_schema()
        schema.add_field("id", DataType.VARCHAR, is_primary=True, max_length=256)
        schema.add_field(
            "text",
            DataType.VARCHAR,
            max_length=65_535,
            enable_analyzer=True,
            analyzer_params={"tokenizer": "jieba"},
        )
        schema.add_field("dense", DataType.FLOAT_VECTOR, dim=dimension)
        schema.add_field("words", DataType.SPARSE_FLOAT_VECTOR)
        schema.add_function(Function("bm25", FunctionType.BM25, ["text"], ["words"]))
        indexes = self._client.prepare_index_params()
        indexes.add_index("dense", index_type="AUTOINDEX", metric_type="COSINE")
        indexes.add_index("words", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25")
        self._client.create_collection(NAME, schema=schema, index_params=indexes)

    def open(self) -> None:
        """Load the collection."""
        self._client.load_collection(NAME)

    def ask(self, question: str, k: int) -> list[str]:
        """Search both and join."""
        vector = self._model.encode_query(question).tolist()
        requests = [
            AnnSearchRequest([vector], "dense", {}, limit=k),
            AnnSearchRequest([question], "words", {}, limit=k),
        ]
        found = self._client.hybrid_search(NAME, requests, RRFRanker(), limit=k)
        return [hit["id"] for hit in found[0]]
