"""The same questions on the same reports, asked of Youju and of other ways to search them.

    python benchmarks/peers_quality.py REPORTS QUESTIONS.jsonl ... [--peer NAME ...]

Every report of the folder REPORTS is extracted to a text file, so that no reader is favoured, and
every system indexes these files with the same model, Youju's default, each with the defaults that
its documentation gives. Asked are the questions of the sets (the format of `youju eval`) that the
reports answer and that stand alone, since the peers know no conversation; all systems return 5
passages. A passage is right if it comes from the right report and holds the evidence.

Each peer is installed in an environment of its own in the folder `--cache`, about 1.5 GB each.

Printed is a table in Markdown: hit@1, 3 and 5; of the right passages found, the share whose section
is right, where the system gives sections; the median length of a passage in characters (one that is
long is right more easily, and says less where); milliseconds for a question, median; seconds to
index. `--json` prints every answer, too.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# ruff: noqa: PLC0415 - what a system needs is installed in its own environment only

RETURNED = 5
"""Passages that each system returns."""

TORCH = "torch==2.13.0"
"""The same PyTorch for all: the encoder's speed is not what is compared."""

Found = list[dict[str, Any]]
"""Passages, best first: ``file`` (the stem), ``text``, ``section`` (None if it gives none)."""
Search = Callable[[str], Found]
Make = Callable[[list[Path], str], Search]
"""Index text files with the sentence-transformers model in a folder."""


@dataclass(frozen=True)
class System:
    """A system: what to install for it, none if it is Youju, and how it is used."""

    make: Make
    packages: tuple[str, ...] = ()


def main() -> None:
    """Measure each system in its own environment and print a table."""
    options = _options()
    if options.measure:
        name, work = options.measure
        print(json.dumps(_measure(SYSTEMS[name].make, Path(work)), ensure_ascii=False))
        return
    questions = _prepare(options.reports, options.questions, options.cache / "work")
    measured = {}
    for name in ["youju", *(options.peer or [peer for peer in SYSTEMS if peer != "youju"])]:
        print(f"{name} ...", file=sys.stderr)
        try:
            python = _environment(SYSTEMS[name].packages, options.cache)
            measured[name] = _run(python, name, options.cache / "work")
        except subprocess.CalledProcessError as error:
            print(f"{name} is left out: {error}", file=sys.stderr)
    rows = {name: _figures(result, questions) for name, result in measured.items()}
    _print(rows)
    if options.json:
        options.json.write_text(json.dumps(measured, ensure_ascii=False, indent=1), "utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("reports", type=Path, nargs="?")
    parser.add_argument("questions", type=Path, nargs="*")
    parser.add_argument("--peer", action="append", choices=[n for n in SYSTEMS if n != "youju"])
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache/youju/peers")
    parser.add_argument("--json", type=Path, help="write every answer to this file")
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not options.measure and not options.questions:
        parser.error("REPORTS and QUESTIONS are needed")
    return options


def _prepare(reports: Path, sets: Sequence[Path], work: Path) -> list[Any]:
    """Write the texts, the questions and the model's folder where every system finds them."""
    from platformdirs import user_cache_path

    from corpus import read_folder
    from index import default_model_folder
    from qa import read_question_set

    texts = work / "texts"
    texts.mkdir(parents=True, exist_ok=True)
    for old in texts.iterdir():
        old.unlink()
    for report in read_folder(reports).reports:
        (texts / f"{Path(report.file).stem}.txt").write_text(report.source, "utf-8")
    read = [question for file in sets for question in read_question_set(file)]
    questions = [question for question in read if question.wanted and not question.history]
    model = default_model_folder(user_cache_path("youju"))
    task = {"model": str(model), "questions": [question.text for question in questions]}
    (work / "task.json").write_text(json.dumps(task, ensure_ascii=False), "utf-8")
    return questions


def _environment(packages: Sequence[str], cache: Path) -> str:
    """Return the Python of an environment with these packages; made if it does not exist."""
    if not packages:
        return sys.executable
    folder = cache / packages[0]
    python = folder / "bin" / "python"
    done = folder / "installed"
    if not done.exists() or done.read_text("utf-8").split() != [*packages]:
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        install = [python, "-m", "pip", "install", "--quiet", TORCH]
        subprocess.run(install, check=True, stdout=sys.stderr)
        subprocess.run([*install, *packages], check=True, stdout=sys.stderr)
        done.write_text("\n".join(packages), "utf-8")
    return str(python)


def _run(python: str, name: str, work: Path) -> dict[str, Any]:
    """Measure one system in its own environment."""
    offline = {"HF_HUB_OFFLINE": "1", "ANONYMIZED_TELEMETRY": "False"}
    root = str(Path(__file__).parent.parent)
    environment = os.environ | offline | ({"PYTHONPATH": root} if name == "youju" else {})
    environment.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    command = [python, __file__, "--measure", name, str(work)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def _measure(make: Make, work: Path) -> dict[str, Any]:
    task = json.loads((work / "task.json").read_text("utf-8"))
    start = time.perf_counter()
    search = make(sorted((work / "texts").iterdir()), task["model"])
    indexing = time.perf_counter() - start
    search(task["questions"][0])  # the first answer waits for things to load
    answers = []
    for question in task["questions"]:
        start = time.perf_counter()
        found = search(question)[:RETURNED]
        answers.append({"ms": 1000 * (time.perf_counter() - start), "passages": found})
    return {"indexing": indexing, "answers": answers}


def _figures(result: dict[str, Any], questions: Sequence[Any]) -> dict[str, float | None]:
    """Judge as ``youju eval`` does; a question about several reports needs one of them."""
    from qa import squash

    ranks, sections = [], []
    for question, answer in zip(questions, result["answers"], strict=True):
        right = [
            passage
            for passage in answer["passages"]
            if any(
                squash(passage["file"]).startswith(squash(wanted.report))
                and any(squash(text) in squash(passage["text"]) for text in wanted.evidence)
                for wanted in question.wanted
            )
        ]
        ranks.append(answer["passages"].index(right[0]) + 1 if right else None)
        if right and right[0]["section"] is not None and question.sections:
            path = squash("".join(right[0]["section"]))
            headings = [squash(heading) for heading in question.sections]
            sections.append(any(h in path or (path and path in h) for h in headings))
    lengths = [len(found["text"]) for answer in result["answers"] for found in answer["passages"]]
    return {
        **{f"hit@{k}": _share(rank is not None and rank <= k for rank in ranks) for k in (1, 3, 5)},
        "section": _share(iter(sections)) if sections else None,
        "characters": statistics.median(lengths),
        "ms": statistics.median(answer["ms"] for answer in result["answers"]),
        "indexing": result["indexing"],
    }


def _share(values: Any) -> float:  # noqa: ANN401 - any iterable of truth
    known = list(values)
    return sum(known) / len(known)


def _print(rows: dict[str, dict[str, float | None]]) -> None:
    places = {"characters": 0, "ms": 1, "indexing": 0}
    columns = list(next(iter(rows.values())))
    table = [["", *columns], ["---"] * (len(columns) + 1)]
    for name, row in rows.items():
        cells = ["" if row[c] is None else f"{row[c]:.{places.get(c, 3)}f}" for c in columns]
        table.append([name, *cells])
    print("\n".join(f"| {' | '.join(row)} |" for row in table))


def _youju(files: list[Path], model: str) -> Search:
    import tempfile

    from corpus import read_folder
    from index import Encoder, HybridIndex, build_index
    from qa import Answerer

    encoder = Encoder(model)
    data = Path(tempfile.mkdtemp())
    build_index(read_folder(files[0].parent).reports, data=data, encoder=encoder)
    answerer = Answerer(HybridIndex(data, encoder))

    def search(question: str) -> Found:
        return [
            {
                "file": Path(passage.report.file).stem,
                "text": passage.text,
                "section": passage.section,
            }
            for passage in answerer.ask(question, top_k=RETURNED).passages
        ]

    return search


def _langchain(**splitting: int) -> Make:
    """LangChain: its text splitter, HuggingFaceEmbeddings, the FAISS vector store."""

    def make(files: list[Path], model: str) -> Search:
        from langchain_community.document_loaders import TextLoader
        from langchain_community.vectorstores import FAISS
        from langchain_huggingface import HuggingFaceEmbeddings
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        documents = [d for file in files for d in TextLoader(file, encoding="utf-8").load()]
        chunks = RecursiveCharacterTextSplitter(**splitting).split_documents(documents)
        store = FAISS.from_documents(chunks, HuggingFaceEmbeddings(model_name=model))

        def search(question: str) -> Found:
            return [
                _found(document.metadata["source"], document.page_content)
                for document in store.similarity_search(question, k=RETURNED)
            ]

        return search

    return make


def _llama_index(files: list[Path], model: str) -> Search:
    """LlamaIndex: SimpleDirectoryReader, SentenceSplitter, VectorStoreIndex."""
    from llama_index.core import SimpleDirectoryReader, VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    documents = SimpleDirectoryReader(input_files=files).load_data()
    index = VectorStoreIndex.from_documents(
        documents,
        transformations=[SentenceSplitter()],
        embed_model=HuggingFaceEmbedding(model_name=model),
    )
    retriever = index.as_retriever(similarity_top_k=RETURNED)

    def search(question: str) -> Found:
        return [
            _found(found.node.metadata["file_name"], found.node.get_content())
            for found in retriever.retrieve(question)
        ]

    return search


def _txtai(files: list[Path], model: str) -> Search:
    """Txtai: hybrid Embeddings over the lines of the files, each of which is a paragraph."""
    from txtai import Embeddings

    lines = [
        (file.name, line)
        for file in files
        for line in file.read_text("utf-8").splitlines()
        if line.strip()
    ]
    embeddings = Embeddings(path=model, hybrid=True)
    embeddings.index([(number, text, None) for number, (_, text) in enumerate(lines)])

    def search(question: str) -> Found:
        return [_found(*lines[number]) for number, _ in embeddings.search(question, RETURNED)]

    return search


def _haystack(files: list[Path], model: str) -> Search:
    """Haystack: BM25 and embedding retrievers joined by rank, its tutorial on hybrid retrieval.

    Without that tutorial's ranker, which is a second model.
    """
    from haystack import Pipeline
    from haystack.components.converters import TextFileToDocument
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.preprocessors import DocumentSplitter
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

    store = InMemoryDocumentStore()
    indexing = Pipeline()
    indexing.add_component("converter", TextFileToDocument())
    indexing.add_component(
        "splitter", DocumentSplitter(split_by="word", split_length=512, split_overlap=32)
    )
    indexing.add_component("embedder", SentenceTransformersDocumentEmbedder(model=model))
    indexing.add_component("writer", DocumentWriter(store))
    for sender, receiver in (
        ("converter", "splitter"),
        ("splitter", "embedder"),
        ("embedder", "writer"),
    ):
        indexing.connect(sender, receiver)
    indexing.run({"converter": {"sources": files}})
    asking = Pipeline()
    asking.add_component("embedder", SentenceTransformersTextEmbedder(model=model))
    asking.add_component("dense", InMemoryEmbeddingRetriever(store))
    asking.add_component("bm25", InMemoryBM25Retriever(store))
    asking.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
    asking.connect("embedder", "dense.query_embedding")
    asking.connect("dense", "joiner")
    asking.connect("bm25", "joiner")

    def search(question: str) -> Found:
        result = asking.run({"embedder": {"text": question}, "bm25": {"query": question}})
        documents = result["joiner"]["documents"][:RETURNED]
        return [_found(document.meta["file_path"], document.content) for document in documents]

    return search


def _found(file: str, text: str) -> dict[str, Any]:
    return {"file": Path(file).stem, "text": text, "section": None}


_LANGCHAIN = (
    "langchain-huggingface",
    "sentence-transformers",
    "langchain-community",
    "langchain-text-splitters",
    "faiss-cpu",
)

SYSTEMS = {
    "youju": System(_youju),
    # The class's defaults (4,000 characters), and the tutorial's (1,000).
    "langchain": System(_langchain(), _LANGCHAIN),
    "langchain-1000": System(_langchain(chunk_size=1000, chunk_overlap=200), _LANGCHAIN),
    "llama-index": System(_llama_index, ("llama-index-core", "llama-index-embeddings-huggingface")),
    "txtai": System(_txtai, ("txtai",)),
    "haystack": System(_haystack, ("haystack-ai", "sentence-transformers-haystack")),
}
"""How each is used, as its documentation shows."""

if __name__ == "__main__":
    main()
