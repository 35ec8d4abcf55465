"""Any sentence-transformers model, run by PyTorch, on a GPU where there is one."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from transformers.utils import logging as transformers_logging

from .cores import cores
from .encoded import Encoded, normalised, prompt_tokens
from .errors import ModelUnavailable


class TorchModel:
    """A loaded model. Not safe from several threads.

    Attributes:
        dimension: length of a vector.
    """

    runtime = "PyTorch"

    def __init__(self, folder: Path) -> None:
        """Load a sentence-transformers folder.

        Raises:
            ModelUnavailable: its files cannot be loaded.
        """
        torch.set_num_threads(cores())  # youju.py lets other libraries have one each
        # No bar for the two seconds that loading weights takes.
        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            self._model = SentenceTransformer(
                str(folder), trust_remote_code=False, local_files_only=True
            )
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise ModelUnavailable(
                f"无法载入模型 {folder}：{error}。请检查 --model 是否指向完整的 "
                "sentence-transformers 模型文件夹。"
            ) from error
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        # Only tokenizers of transformers mark special tokens; other models, such as static ones,
        # have no token vectors to leave them out of.
        tokenizer = self._model.tokenizer
        ids = (
            getattr(tokenizer, f"{name}_token_id", None)
            for name in ("bos", "eos", "cls", "sep", "pad", "unk")
        )
        self._special = torch.tensor(sorted({number for number in ids if number is not None}))
        self._prompts = {
            "query": self._prompt("query"),
            "document": self._prompt("document", "passage", "corpus"),
        }

    def encode(self, texts: Sequence[str], task: str) -> list[Encoded]:
        """Encode texts as one batch; ``task`` is "query" or "document"."""
        encode = self._model.encode_query if task == "query" else self._model.encode_document
        outputs: Any = encode(
            list(texts), batch_size=len(texts), output_value=None, show_progress_bar=False
        )
        return [
            Encoded(
                vector=normalised(_array(output["sentence_embedding"])),
                tokens=normalised(self._own_tokens(output, self._prompts[task])),
            )
            for output in outputs
        ]

    def _prompt(self, *names: str) -> list[int]:
        """Return the token ids of the first of these prompts that the model has."""
        prompts = self._model.prompts or {}
        prompt = next((prompts[name] for name in names if prompts.get(name)), "")
        if not prompt or not len(self._special):
            return []
        ids: list[int] = self._model.tokenizer(prompt, add_special_tokens=False)["input_ids"]
        return ids

    def _own_tokens(self, output: dict[str, torch.Tensor], prompt: list[int]) -> NDArray[Any]:
        """Return the vectors of a text's own tokens: (tokens, dimension)."""
        vectors = output.get("token_embeddings")
        if vectors is None or vectors.shape[-1] != self.dimension or not len(self._special):
            return np.zeros((0, self.dimension))
        attended = output["attention_mask"].cpu().bool()
        ids = output["input_ids"].cpu()
        own = attended & ~torch.isin(ids, self._special)
        return _array(vectors.cpu()[own][prompt_tokens(ids[own].tolist(), prompt) :])


def _array(vectors: torch.Tensor) -> NDArray[Any]:
    return vectors.float().cpu().numpy()
