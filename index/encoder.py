"""The encoder: a sentence-transformers model that turns questions and windows into vectors."""

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from huggingface_hub import snapshot_download
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from transformers.utils import logging as transformers_logging

from .default_model import model_identity
from .errors import ModelUnavailable
from .tokens import simplified

Vectors = NDArray[np.float32]
"""float32 (n, dimension), each row L2-normalised."""

BATCH = 32


class Encoder:
    """A loaded model. Safe to use from several threads; they take turns.

    Attributes:
        identity: stable name of the weights and tokenizer; vectors of different identities
            cannot be compared.
        dimension: length of a vector.
    """

    def __init__(self, model: str | Path) -> None:
        """Load a sentence-transformers model from a folder, or by its name on a model hub.

        Raises:
            ModelUnavailable: there is no such model, or its files cannot be loaded.
        """
        folder = _model_folder(model)
        # No bar for the two seconds that loading weights takes.
        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            self._model = SentenceTransformer(
                str(folder), trust_remote_code=False, local_files_only=True
            )
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise ModelUnavailable(
                f"无法载入模型 {model}：{error}。请检查 --model 是否指向完整的 "
                "sentence-transformers 模型文件夹。"
            ) from error
        self.identity = model_identity(folder)
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        # Hugging Face's fast tokenizers keep padding and truncation as state; two threads at once
        # raise "Already borrowed".
        self._turn = threading.Lock()

    def encode_question(self, question: str) -> Vectors:
        """Encode one question; returns float32 (dimension,), L2-normalised.

        Traditional script is turned into Simplified first: the encoders know it better.
        """
        with self._turn:
            vector = self._model.encode_query(
                simplified(question), normalize_embeddings=True, show_progress_bar=False
            )
        return np.asarray(vector, dtype=np.float32)

    def encode_windows(self, texts: Sequence[str]) -> Vectors:
        """Encode windows; returns float32 (len(texts), dimension), rows L2-normalised."""
        with self._turn:
            vectors = self._model.encode_document(
                list(texts),
                batch_size=BATCH,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), self.dimension)


def _model_folder(model: str | Path) -> Path:
    if Path(model).is_dir():
        return Path(model)
    try:
        return Path(snapshot_download(str(model)))
    except (OSError, ValueError) as error:
        raise ModelUnavailable(
            f"找不到模型 {model}：本机没有这个文件夹，也没能从模型库取得。"
            "请给出 sentence-transformers 模型所在的文件夹，或检查网络。"
        ) from error
