"""Paragraphs found again: windows, vectors and words, kept in snapshots on disk."""

from .building import Change, build_index, change_index, correct_report
from .cores import cores
from .corrections import Changes
from .default_model import (
    default_model_folder,
    model_identity,
    renew_model_folder,
    verify_model_folder,
)
from .dump import Dumped, restore_dump, write_dump
from .embeddings import Progress
from .encoder import Encoder
from .errors import (
    DataFolderBusy,
    DumpError,
    IndexingError,
    ModelUnavailable,
    NewerFormat,
    SnapshotError,
    StoreError,
    UserFileError,
)
from .faults import Fault, find_faults
from .files import sha256_of
from .hybrid import HybridIndex
from .imports import IMPORT_ID, Import, enqueue, find_import, imports, receive, settle, waiting
from .indexer import Built
from .library import (
    Library,
    Original,
    is_kept,
    keep,
    original_of,
    original_path,
    read_library,
    read_original,
)
from .manifests import Manifest
from .milvus_index import MilvusIndex, index_into_milvus
from .milvus_server import Milvus
from .milvus_store import MilvusStore
from .repair import Repaired, repair
from .snapshot import inspect_index, live_snapshot
from .store import Index
from .tokens import legible, normalised, numbers, simplified, tokens, words
from .types import Expansion, Hit, Query, Respelling, Window

__all__ = [
    "IMPORT_ID",
    "Built",
    "Change",
    "Changes",
    "DataFolderBusy",
    "DumpError",
    "Dumped",
    "Encoder",
    "Expansion",
    "Fault",
    "Hit",
    "HybridIndex",
    "Import",
    "Index",
    "IndexingError",
    "Library",
    "Manifest",
    "Milvus",
    "MilvusIndex",
    "MilvusStore",
    "ModelUnavailable",
    "NewerFormat",
    "Original",
    "Progress",
    "Query",
    "Repaired",
    "Respelling",
    "SnapshotError",
    "StoreError",
    "UserFileError",
    "Window",
    "build_index",
    "change_index",
    "cores",
    "correct_report",
    "default_model_folder",
    "enqueue",
    "find_faults",
    "find_import",
    "imports",
    "index_into_milvus",
    "inspect_index",
    "is_kept",
    "keep",
    "legible",
    "live_snapshot",
    "model_identity",
    "normalised",
    "numbers",
    "original_of",
    "original_path",
    "read_library",
    "read_original",
    "receive",
    "renew_model_folder",
    "repair",
    "restore_dump",
    "settle",
    "sha256_of",
    "simplified",
    "tokens",
    "verify_model_folder",
    "waiting",
    "words",
    "write_dump",
]
