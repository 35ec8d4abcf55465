"""What can go wrong while building, opening or searching the index.

    IndexingError
    ├── ModelUnavailable  the encoder cannot be had: not installed, damaged, or not to be loaded
    ├── SnapshotError     snapshot missing, broken, made by a newer version or by another model
    │   └── NewerFormat   a newer version wrote it, and no older one may touch it
    ├── DataFolderBusy    another process writes to this data folder
    ├── StoreError        Milvus cannot be reached, is too old, or holds what does not fit
    ├── DumpError         a dump cannot be written, or is not one that can be restored
    └── UserFileError     a file that the user wrote by hand has a line that means nothing

Every message names the thing, the cause and the remedy, in Chinese.
"""


class IndexingError(Exception):
    """Base of all errors of this package."""


class ModelUnavailable(IndexingError):
    """The encoder cannot be had: its weights are not installed, are damaged, or do not load."""


class SnapshotError(IndexingError):
    """The snapshot is missing, broken, made by a newer version, or made by another model."""


class NewerFormat(SnapshotError):
    """A newer version of Youju wrote this; it is sound, as far as can be told."""


class DataFolderBusy(IndexingError):
    """Another process writes to this data folder."""


class StoreError(IndexingError):
    """Milvus cannot be reached, refuses, is too old, or holds what another model made."""


class DumpError(IndexingError):
    """A dump cannot be written; or it is none, is damaged, or may not be restored there."""


class UserFileError(IndexingError):
    """A file that the user wrote by hand, of synonyms or of words, cannot be read."""
