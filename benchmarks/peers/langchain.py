"""LangChain with FAISS, as its tutorial "Build a semantic search engine" does it."""

from pathlib import Path

from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from .contract import paragraphs_of

SEPARATORS = ["\n\n", "\n", "。", "；", "，", ""]
"""Its guide to splitting languages without spaces between words adds their punctuation."""


class System:
    """Dense search: FAISS is given vectors and knows no words.

    Chunks of 500 characters, half of the tutorial's 1,000, which the model's 512 tokens would cut
    short. The prompts are those of the model's own folder.
    """

    def __init__(self, model: Path, folder: Path) -> None:
        """Load the model."""
        self._embeddings = HuggingFaceEmbeddings(
            model_name=str(model),
            encode_kwargs={"prompt_name": "document"},
            query_encode_kwargs={"prompt_name": "query"},
        )
        self._folder = str(folder)

    def index(self, task: Path) -> None:
        """Split and encode the paragraphs."""
        splitter = RecursiveCharacterTextSplitter(
            chunk_size=500, chunk_overlap=50, separators=SEPARATORS, keep_separator="end"
        )
        documents = [
            Document(page_content=one.text, metadata={"id": one.id}) for one in paragraphs_of(task)
        ]
        chunks = splitter.split_documents(documents)
        FAISS.from_documents(chunks, self._embeddings).save_local(self._folder)

    def open(self) -> None:
        """Load the index, which is a pickle that the process before wrote."""
        self._store = FAISS.load_local(
            self._folder, self._embeddings, allow_dangerous_deserialization=True
        )

    def ask(self, question: str, k: int) -> list[str]:
        """Search by similarity."""
        return [one.metadata["id"] for one in self._store.similarity_search(question, k=k)]
