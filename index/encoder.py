"""The encoder: a sentence-transformers model that turns questions and windows into vectors."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
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


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text encoded, by one forward pass.

    Attributes:
        vector: float32 (dimension,), L2-normalised.
        tokens: float32 (tokens, dimension), rows L2-normalised: the last layer's vectors of the
            text's own tokens, without prompt and special tokens. No rows for a model that has
            no token vectors.
    """

    vector: Vectors
    tokens: Vectors


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
        # Only tokenizers of transformers mark special tokens; other models, such as static ones,
        # have no token vectors to leave them out of.
        self._special = torch.tensor(getattr(self._model.tokenizer, "all_special_ids", []))
        self._question_prompt = self._prompt_length("query")
        self._window_prompt = self._prompt_length("document", "passage", "corpus")
        # Hugging Face's fast tokenizers keep padding and truncation as state; two threads at once
        # raise "Already borrowed".
        self._turn = threading.Lock()

    def encode_question(self, question: str) -> Encoded:
        """Encode one question.

        Traditional script is turned into Simplified first: the encoders know it better.
        """
        encode = self._model.encode_query
        return self._encode([simplified(question)], encode, self._question_prompt)[0]

    def encode_windows(self, texts: Sequence[str]) -> list[Encoded]:
        """Encode windows, in their order; between two batches questions have their turn.

        Batches are as the texts come: those of like length should stand together.
        """
        encode, prompt = self._model.encode_document, self._window_prompt
        batches = (list(texts[start : start + BATCH]) for start in range(0, len(texts), BATCH))
        return [item for batch in batches for item in self._encode(batch, encode, prompt)]

    def _encode(
        self, texts: list[str], encode: Callable[..., Any], prompt_length: int
    ) -> list[Encoded]:
        with self._turn:
            outputs: list[dict[str, torch.Tensor]] = encode(
                texts, batch_size=BATCH, output_value=None, show_progress_bar=False
            )
        return [
            Encoded(
                vector=_normalised(output["sentence_embedding"]),
                tokens=_normalised(self._own_tokens(output, prompt_length)),
            )
            for output in outputs
        ]

    def _prompt_length(self, *names: str) -> int:
        """Count the tokens of the first of these prompts that the model has."""
        prompts = self._model.prompts or {}
        prompt = next((prompts[name] for name in names if prompts.get(name)), "")
        if not prompt or not len(self._special):
            return 0
        return len(self._model.tokenizer(prompt, add_special_tokens=False)["input_ids"])

    def _own_tokens(self, output: dict[str, torch.Tensor], prompt_length: int) -> torch.Tensor:
        """Return the vectors of a text's own tokens: (tokens, dimension)."""
        vectors = output.get("token_embeddings")
        if vectors is None or vectors.shape[-1] != self.dimension or not len(self._special):
            return torch.zeros(0, self.dimension)
        attended = output["attention_mask"].cpu().bool()
        own = attended & ~torch.isin(output["input_ids"].cpu(), self._special)
        return vectors.cpu()[own][prompt_length:]


def _normalised(vectors: torch.Tensor) -> Vectors:
    unit = torch.nn.functional.normalize(vectors.float(), dim=-1)
    return np.asarray(unit.cpu().numpy(), dtype=np.float32)


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
