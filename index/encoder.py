"""The encoder: a sentence-transformers model that turns questions and windows into vectors.

The default model runs on OpenVINO, which gives the same vectors in half the time and loads in one
second instead of ten; any other model, and any model where there is a GPU, on PyTorch. PyTorch is
imported only then.
"""

import shutil
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from .batches import Batches
from .default_model import model_identity
from .encoded import Encoded
from .errors import ModelUnavailable
from .tokens import simplified
from .turns import Turns

BATCH = 32
BUSY_SECONDS = 10.0
"""For how long after a question the next one is expected: meanwhile windows are encoded one by one,
30 ms each, so that none waits long for its turn. In batches they take two thirds of the time."""


class Model(Protocol):
    """A model loaded into the memory of the library that runs it.

    Attributes:
        runtime: that library.
        dimension: length of a vector.
    """

    runtime: str
    dimension: int

    def encode(self, texts: Sequence[str], task: str) -> list[Encoded]:
        """Encode texts as one batch; ``task`` is "query" or "document"."""


class Encoder:
    """A loaded model. Safe to use from several threads; they take turns.

    Attributes:
        identity: stable name of the weights and tokenizer; vectors of different identities
            cannot be compared.
        dimension: length of a vector.
        runtime: the library that runs the model.
    """

    def __init__(self, model: str | Path) -> None:
        """Load a sentence-transformers model from a folder, or by its name on a model hub.

        Raises:
            ModelUnavailable: there is no such model, or its files cannot be loaded.
        """
        folder = _model_folder(model)
        self.identity = model_identity(folder)
        self._model = _load(folder)
        self.dimension = self._model.dimension
        self.runtime = self._model.runtime
        # Tokenizers keep padding and truncation as state, and a second inference at the same time
        # would only take the cores of the first.
        self._turns = Turns()
        self._batches = Batches(self._turns, lambda texts: self._model.encode(texts, "query"))

    def encode_question(self, question: str) -> Encoded:
        """Encode one question.

        Traditional script is turned into Simplified first: the encoders know it better. Questions
        of other threads that wait for the model are encoded with it.
        """
        return self._batches.encoded(simplified(question))

    def undisturbed(self) -> AbstractContextManager[None]:
        """Hold back the windows that another thread encodes for a block, but not for long."""
        return self._turns.before_windows()

    def encode_windows(self, texts: Sequence[str]) -> list[Encoded]:
        """Encode windows, in their order; between two batches questions have their turn.

        Batches are as the texts come: those of like length should stand together.
        """
        encoded: list[Encoded] = []
        while len(encoded) < len(texts):
            with self._turns.of_windows():
                size = 1 if self._turns.since_question < BUSY_SECONDS else BATCH
                some = texts[len(encoded) : len(encoded) + size]
                encoded += self._model.encode(some, "document")
        return encoded


def _load(folder: Path) -> Model:
    if shutil.which("nvidia-smi") is None:
        try:
            from .openvino_bert import OpenVinoBert, runs  # noqa: PLC0415
        except ImportError:  # there is no wheel for every platform
            pass
        else:
            if runs(folder):
                return OpenVinoBert(folder)
    from .torch_model import TorchModel  # noqa: PLC0415 - its import takes seconds

    return TorchModel(folder)


def _model_folder(model: str | Path) -> Path:
    if Path(model).is_dir():
        return Path(model)
    from huggingface_hub import snapshot_download  # noqa: PLC0415 - only for named models

    try:
        return Path(snapshot_download(str(model)))
    except (OSError, ValueError) as error:
        raise ModelUnavailable(
            f"找不到模型 {model}：本机没有这个文件夹，也没能从模型库取得。"
            "请给出 sentence-transformers 模型所在的文件夹，或检查网络。"
        ) from error
