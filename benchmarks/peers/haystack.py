"""haystack: the pipeline of its tutorial "Creating a Hybrid Retrieval Pipeline"."""

from pathlib import Path

from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.preprocessors import RecursiveDocumentSplitter
from haystack.components.retrievers.in_memory import (
    InMemoryBM25Retriever,
    InMemoryEmbeddingRetriever,
)
from haystack.components.writers import DocumentWriter
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)

from .contract import paragraphs_of


class System:
    """BM25 and vectors joined by reciprocal rank, without that tutorial's ranker, a second model.

    The tutorial's splitter counts words, and between Chinese words there are no spaces: this is
    haystack's for characters, 500 each, at Chinese punctuation. BM25 takes each character as a
    word, as is its default.
    """

    def __init__(self, model: Path, folder: Path) -> None:
        """Load the model for documents and for questions."""
        self._model, self._file = str(model), str(folder / "store.json")
        self._asking = SentenceTransformersTextEmbedder(
            model=self._model, prefix="query: ", progress_bar=False
        )
        self._asking.warm_up()

    def index(self, task: Path) -> None:
        """Split, encode and store the paragraphs."""
        store = InMemoryDocumentStore(embedding_similarity_function="cosine")
        splitter = RecursiveDocumentSplitter(
            split_length=500,
            split_overlap=50,
            split_unit="char",
            separators=["\n\n", "\n", "。", "；", "，"],
        )
        embedder = SentenceTransformersDocumentEmbedder(
            model=self._model, prefix="passage: ", progress_bar=False
        )
        pipeline = Pipeline()
        pipeline.add_component("splitter", splitter)
        pipeline.add_component("embedder", embedder)
        pipeline.add_component("writer", DocumentWriter(store))
        pipeline.connect("splitter", "embedder")
        pipeline.connect("embedder", "writer")
        documents = [
            Document(content=one.text, meta={"paragraph": one.id}) for one in paragraphs_of(task)
        ]
        pipeline.run({"splitter": {"documents": documents}})
        store.save_to_disk(self._file)

    def open(self) -> None:
        """Load the store and put the pipeline for questions together."""
        store = InMemoryDocumentStore.load_from_disk(self._file)
        self._pipeline = Pipeline()
        self._pipeline.add_component("embedder", self._asking)
        self._pipeline.add_component("dense", InMemoryEmbeddingRetriever(store))
        self._pipeline.add_component("words", InMemoryBM25Retriever(store))
        joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion")
        self._pipeline.add_component("joiner", joiner)
        self._pipeline.connect("embedder", "dense.query_embedding")
        self._pipeline.connect("dense", "joiner")
        self._pipeline.connect("words", "joiner")

    def ask(self, question: str, k: int) -> list[str]:
        """Run the pipeline."""
        inputs = {
            "embedder": {"text": question},
            "dense": {"top_k": k},
            "words": {"query": question, "top_k": k},
            "joiner": {"top_k": k},
        }
        found = self._pipeline.run(inputs)["joiner"]["documents"]
        return [document.meta["paragraph"] for document in found]
