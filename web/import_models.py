"""The contract of uploads: files that are read and indexed in the background."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from index import IMPORT_ID

from .models import Output


def _checked(identity: str) -> str:
    if not IMPORT_ID.fullmatch(identity):
        raise PydanticCustomError("import_id", "unusable")
    return identity


ImportId = Annotated[
    str,
    AfterValidator(_checked),
    Field(json_schema_extra={"pattern": f"^{IMPORT_ID.pattern}$"}),
]


class ImportItem(Output):
    """A file that was uploaded, and what becomes of it."""

    id: str
    file: str = Field(description="Its name, as reports list it: 上传/2025年报.docx.")
    state: Literal["waiting", "reading", "indexing", "done", "failed"]
    done: int = Field(description="While `indexing`: windows embedded so far.")
    total: int = Field(description="While `indexing`: windows to be embedded.")
    report: str | None = Field(description="When `done`: the id of the report.")
    reason: str | None = Field(description="When `failed`: why, and what to do, in Chinese.")


class ImportList(Output):
    """Uploads, in the order they came."""

    items: list[ImportItem]
    total: int


class RemovedItem(Output):
    """A report of the indexed folder that was taken out; its file is untouched."""

    id: str
    file: str
    title: str


class RemovedList(Output):
    """The reports that were taken out of the indexed folder."""

    items: list[RemovedItem]
    total: int
