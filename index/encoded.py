"""What an encoder makes of a text."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""float32 (n, dimension), each row L2-normalised."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text encoded, by one forward pass.

    Attributes:
        vector: float32 (dimension,), L2-normalised.
        tokens: float32 (tokens, dimension), rows L2-normalised: the last layer's vectors of the
            text's own tokens, without prompt and special tokens. Characters that the model does
            not know are left out, for each would match any other. No rows for a model that has no
            token vectors.
    """

    vector: Vectors
    tokens: Vectors


def normalised(vectors: NDArray[Any]) -> Vectors:
    """Scale vectors, in the last axis, to length 1; one of length 0 stays."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)


def prompt_tokens(ids: Iterable[int], prompt: Iterable[int]) -> int:
    """Count the tokens at a text's beginning that are its prompt's.

    Not always all of them: the space that ends a prompt may be one token with the word after it,
    which is the text's.
    """
    count = 0
    for one, other in zip(ids, prompt, strict=False):
        if one != other:
            break
        count += 1
    return count
