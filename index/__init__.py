"""Paragraphs found again: windows, vectors and words, kept in snapshots on disk."""

from .building import Built, build_index, correct_report
from .corrections import Changes
from .default_model import default_model_folder, model_identity, verify_model_folder
from .embeddings import Progress
from .encoder import Encoder
from .errors import DataFolderBusy, IndexingError, ModelUnavailable, SnapshotError, UserFileError
from .hybrid import HybridIndex
from .snapshot import Manifest, inspect_index
from .tokens import legible, normalised, simplified, tokens, words
from .types import Expansion, Hit, Query, Respelling, Window

__all__ = [
    "Built",
    "Changes",
    "DataFolderBusy",
    "Encoder",
    "Expansion",
    "Hit",
    "HybridIndex",
    "IndexingError",
    "Manifest",
    "ModelUnavailable",
    "Progress",
    "Query",
    "Respelling",
    "SnapshotError",
    "UserFileError",
    "Window",
    "build_index",
    "correct_report",
    "default_model_folder",
    "inspect_index",
    "legible",
    "model_identity",
    "normalised",
    "simplified",
    "tokens",
    "verify_model_folder",
    "words",
]
