"""How much of the machine's arithmetic indexing makes use of.

    python benchmarks/arithmetic.py [REPORTS] [--runs N]

The peak is what large products of float32 matrices reach with as many threads as the model has. The
encoder's operations are those of its matrices: for a token of a text of n tokens, in each layer

    2 (4 h² + 2 h f) + 4 n h        h: hidden size, f: feed-forward size

of multiplying and adding (Hoffmann et al., "Training Compute-Optimal Large Language Models", 2022,
appendix F, forward only). Embeddings are looked up, and what padding costs is not counted as work.

A folder of reports, the sample reports if none is given, is indexed N times into empty folders.
Measured are the seconds that the model takes, and those of indexing from reports that have been
read to a snapshot that is synced. The medians are written to
``benchmarks/results/arithmetic.json``; `make bench-docs` puts them into docs/benchmarks.md.
"""

# First: it sets how many threads libraries may have, as the command line does.
import youju  # noqa: F401, I001
import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import torch
from platformdirs import user_cache_path
from provenance import keep, provenance
from tokenizers import Tokenizer

from corpus import SAMPLES, Report, read_folder
from index import Encoder, build_index, cores, default_model_folder
from index.encoded import Encoded
from index.encoder import Model

SIDE = 2048
"""Rows and columns of the matrices that are multiplied, 16 MB each."""


class Counting:
    """A loaded model that remembers what it encodes.

    Attributes:
        texts: what was encoded.
        seconds: that encoding took.
    """

    def __init__(self, model: Model) -> None:
        """Stand in front of a model."""
        self._model = model
        self.texts: list[str] = []
        self.seconds = 0.0

    def encode(self, texts: Sequence[str], task: str) -> list[Encoded]:
        """Encode and remember."""
        begin = time.perf_counter()
        encoded = self._model.encode(texts, task)
        self.seconds += time.perf_counter() - begin
        self.texts += texts
        return encoded


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("reports", type=Path, nargs="?", default=SAMPLES)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    folder = default_model_folder(user_cache_path("youju"))
    encoder = Encoder(folder)
    reports = read_folder(options.reports).reports
    index(reports, encoder, folder)  # the first batches wait for things to load
    runs, peaks = [], []
    for _ in range(options.runs):
        runs.append(index(reports, encoder, folder))
        peaks.append(peak())
    results = {
        "made": provenance(),
        "runtime": encoder.runtime,
        "threads": cores(),
        "runs": options.runs,
        "peak_gflops": round(max(peaks), 1),
    }
    for name in runs[0]:
        results[name] = round(median(run[name] for run in runs), 1)
    for name in ("model", "indexing"):
        results[f"{name}_share"] = round(results[f"{name}_gflops"] / max(peaks), 3)
    print(keep("arithmetic", results))


def peak() -> float:
    """Operations of a product of matrices, in thousand millions per second; the best of ten."""
    torch.set_num_threads(cores())
    left, right = torch.rand(SIDE, SIDE), torch.rand(SIDE, SIDE)
    best = float("inf")
    for _ in range(10):
        begin = time.perf_counter()
        torch.mm(left, right)
        best = min(best, time.perf_counter() - begin)
    return 2 * SIDE**3 / best / 1e9


def index(reports: Sequence[Report], encoder: Encoder, folder: Path) -> dict[str, float]:
    """Index reports anew: tokens, and per second tokens and operations, of both as above."""
    model = encoder._model  # noqa: SLF001 - it is watched, not changed
    counting = Counting(model)
    encoder._model = counting  # noqa: SLF001
    try:
        with tempfile.TemporaryDirectory() as data:
            begin = time.perf_counter()
            build_index(reports, data=Path(data), encoder=encoder)
            seconds = time.perf_counter() - begin
    finally:
        encoder._model = model  # noqa: SLF001
    counted = lengths(counting.texts, folder)
    tokens = sum(counted)
    work = operations(counted, json.loads((folder / "config.json").read_text("utf-8")))
    return {
        "tokens": tokens,
        "mflop_per_token": work / tokens / 1e6,
        "model_tokens_per_second": tokens / counting.seconds,
        "indexing_tokens_per_second": tokens / seconds,
        "model_gflops": work / counting.seconds / 1e9,
        "indexing_gflops": work / seconds / 1e9,
    }


def lengths(texts: Sequence[str], folder: Path) -> list[int]:
    """Tokens of each text, with the prompt of documents, as the model in a folder sees it."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    settings = json.loads((folder / "config_sentence_transformers.json").read_text("utf-8"))
    prompt = settings["prompts"]["document"]
    return [len(one.ids) for one in tokenizer.encode_batch([prompt + text for text in texts])]


def operations(lengths: Sequence[int], config: dict[str, int]) -> float:
    """Floating-point operations to encode texts of these lengths in tokens."""
    hidden, inner = config["hidden_size"], config["intermediate_size"]
    matrices = 2 * (4 * hidden**2 + 2 * hidden * inner)
    of_texts = (length * (matrices + 4 * length * hidden) for length in lengths)
    return float(config["num_hidden_layers"] * sum(of_texts))


if __name__ == "__main__":
    main()
