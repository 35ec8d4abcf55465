"""LlamaIndex: its vector store and its BM25 retriever, fused, as its documentation shows."""

from pathlib import Path

from llama_index.core import (
    Document,
    StorageContext,
    VectorStoreIndex,
    load_index_from_storage,
)
from llama_index.core.llms import MockLLM
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.retrievers.fusion_retriever import FUSION_MODES
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.retrievers.bm25 import BM25Retriever

from .contract import paragraphs_of

BIGRAMS = r"(?=([㐀-鿿]{2}|(?<![A-Za-z0-9])[A-Za-z0-9]+))"
"""Pairs of characters, for the retriever's own pattern makes one word of a whole clause."""


class System:
    """Reciprocal rank fusion of both, from "Reciprocal Rerank Fusion Retriever".

    Chunks of 512 tokens, what the model takes, instead of 1,024. Questions are asked as they are;
    no language model writes others.
    """

    def __init__(self, model: Path, folder: Path) -> None:
        """Load the model."""
        self._embedding = HuggingFaceEmbedding(
            model_name=str(model), query_instruction="query: ", text_instruction="passage: "
        )
        self._dense, self._words = str(folder / "dense"), str(folder / "words")

    def index(self, task: Path) -> None:
        """Split and encode the paragraphs, and count their words."""
        documents = [
            Document(
                text=one.text,
                metadata={"id": one.id},
                excluded_embed_metadata_keys=["id"],
            )
            for one in paragraphs_of(task)
        ]
        nodes = SentenceSplitter(chunk_size=512, chunk_overlap=50)(documents)
        index = VectorStoreIndex(nodes, embed_model=self._embedding)
        index.storage_context.persist(self._dense)
        BM25Retriever.from_defaults(nodes=nodes, skip_stemming=True, token_pattern=BIGRAMS).persist(
            self._words
        )

    def open(self) -> None:
        """Load both retrievers."""
        storage = StorageContext.from_defaults(persist_dir=self._dense)
        index = load_index_from_storage(storage, embed_model=self._embedding)
        words = BM25Retriever.from_persist_dir(self._words)
        # What it was made with is not saved.
        words.skip_stemming, words.token_pattern = True, BIGRAMS
        self._retrievers = [index.as_retriever(), words]
        self._fusion = QueryFusionRetriever(
            self._retrievers,
            llm=MockLLM(),
            mode=FUSION_MODES.RECIPROCAL_RANK,
            num_queries=1,
            use_async=False,
        )

    def ask(self, question: str, k: int) -> list[str]:
        """Ask both and fuse."""
        for one in (*self._retrievers, self._fusion):
            one.similarity_top_k = k
        return [found.node.metadata["id"] for found in self._fusion.retrieve(question)]
