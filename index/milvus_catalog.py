"""Which reports are in Milvus: generations of collections, and one row that makes a report count.

    youju                      alias of the live generation's ``…_reports``
    youju_000001_reports       what stands in this module
    youju_000001_windows       vectors and token signs, see ``milvus_windows.py``
    youju_000001_paragraphs    lexical tokens, see ``milvus_paragraphs.py``

Rows of the reports' collection, by ``kind``:

    generation   format, model, dimension, mean token, user's words: what the rest depends on
    revision     a number that grows with every change, by which servers learn of it
    report       file, checksum, correction and version of a report; written last, it makes the
                 report count
    part         the report's text and statistics of that version, compressed, in pieces
    removed      a report of a folder that a user took out

A report is written from the bottom up, and taken out from the top down: a crash leaves rows that
nobody reads. Milvus has no transactions over several collections, so where a folder has one name
that is replaced, here one alias is: readers ask it once which generation is live and then use the
names of that generation.
"""

import base64
import hashlib
import json
import re
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field

import numpy as np

from corpus import Correction, Report, check_correction, corrected, report_of, reports_json

from .encoded import Vectors
from .errors import NewerFormat, StoreError
from .library import Original, original_from, original_of
from .milvus_rows import LONGEST_ID, LONGEST_TEXT, Statistics
from .milvus_server import Milvus, Row, among
from .user_words import UserWords

FORMAT = 1
"""Version of what is described here; one higher for any change."""
ALIAS = "youju"
PIECE = 60_000
"""Characters of a part; below what a field holds."""

_NAME = re.compile(rf"{ALIAS}_(\d{{6}})_reports")
_NO_VECTOR = [0.0, 0.0]
"""Every collection of Milvus must have vectors; these are never searched."""

_FIELDS: tuple[Row, ...] = (
    {"field_name": "id", "datatype": "VARCHAR", "is_primary": True, "max_length": LONGEST_ID},
    {"field_name": "kind", "datatype": "VARCHAR", "max_length": 16},
    {"field_name": "report", "datatype": "VARCHAR", "max_length": LONGEST_ID},
    {"field_name": "content", "datatype": "VARCHAR", "max_length": LONGEST_TEXT},
    {"field_name": "vector", "datatype": "FLOAT_VECTOR", "dim": len(_NO_VECTOR)},
)
_INDEX = {"field_name": "vector", "index_type": "FLAT", "metric_type": "L2"}


@dataclass(frozen=True, slots=True)
class Terms:
    """What vectors and tokens of a generation depend on.

    Attributes:
        model: identity of the encoder.
        dimension: of its vectors.
        words: the user's words that texts were cut with.
    """

    model: str
    dimension: int
    words: UserWords


@dataclass(frozen=True, slots=True)
class Generation:
    """One set of collections.

    Attributes:
        number: counts them from 1.
        terms: what they depend on.
        mean: float32 (dimension,), the mean token that signs are about.
    """

    number: int
    terms: Terms
    mean: Vectors = field(repr=False, compare=False)

    @property
    def reports(self) -> str:
        """Name of the collection of reports."""
        return name_of(self.number)

    @property
    def windows(self) -> str:
        """Name of the collection of windows."""
        return f"{ALIAS}_{self.number:06d}_windows"

    @property
    def paragraphs(self) -> str:
        """Name of the collection of paragraphs."""
        return f"{ALIAS}_{self.number:06d}_paragraphs"


@dataclass(frozen=True, slots=True)
class Header:
    """A report that counts.

    Attributes:
        original: its file.
        version: of its text and statistics; names the parts that hold them.
        parts: how many they are.
        correction: what users have corrected since it was read.
    """

    original: Original
    version: str
    parts: int
    correction: Correction


@dataclass(frozen=True, slots=True)
class Listing:
    """What the catalog of a generation says at one moment.

    Attributes:
        revision: grows with every change.
        headers: the reports that count, by id.
        removed: those of a folder that were taken out.
    """

    revision: int = 0
    headers: Mapping[str, Header] = field(default_factory=dict)
    removed: Mapping[str, Original] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Content:
    """A report as it was read, and the statistics of its text as it is searched."""

    report: Report
    statistics: Statistics


def name_of(number: int) -> str:
    """Name the collection of reports of a generation."""
    return f"{ALIAS}_{number:06d}_reports"


def numbers(milvus: Milvus) -> list[int]:
    """The generations that there are, finished or not."""
    return [int(match[1]) for name in milvus.collections() if (match := _NAME.fullmatch(name))]


def live_number(milvus: Milvus) -> int | None:
    """The generation that the alias names; None if there is none yet."""
    return next((n for n in numbers(milvus) if ALIAS in milvus.aliases(name_of(n))), None)


def create(milvus: Milvus, generation: Generation) -> None:
    """Create the collection of reports of a generation, with what it depends on.

    Raises:
        StoreError: the user has more words than a row holds.
    """
    user_words = _packed(json.dumps(generation.terms.words).encode())
    if len(user_words) > PIECE:
        raise StoreError("words.txt 里的词语太多，Milvus 的一个字段放不下。请删去用不到的行。")
    milvus.create(generation.reports, _FIELDS, _INDEX)
    terms = generation.terms
    fields = {
        "format": FORMAT,
        "model": terms.model,
        "dimension": terms.dimension,
        "words": user_words,
        "mean": _packed(generation.mean.tobytes()),
    }
    _write(milvus, generation, "generation", fields)


def drop(milvus: Milvus, number: int) -> None:
    """Drop the collections of a generation, that of reports last: it is what makes it known."""
    there = milvus.collections()
    for kind in ("windows", "paragraphs", "reports"):
        name = f"{ALIAS}_{number:06d}_{kind}"
        if name in there:
            milvus.drop(name)


def read_generation(milvus: Milvus, number: int) -> Generation | None:
    """What a generation depends on; None if it was only begun.

    Raises:
        NewerFormat: a newer version of Youju wrote it.
        StoreError: it cannot be understood.
    """
    name = name_of(number)
    milvus.load(name)
    row = milvus.get(name, ["generation"], ["content"]).get("generation")
    if row is None:
        return None
    try:
        fields = json.loads(row["content"])
        found = int(fields.pop("format"))
        if found > FORMAT:
            raise NewerFormat(f"{milvus.uri} 的 {name} 由更新版本的 youju 写成。请升级 youju。")
        mean = np.frombuffer(_unpacked(fields.pop("mean")), dtype=np.float32)
        user_words = json.loads(_unpacked(fields["words"]))
        fields["words"] = tuple((word, frequency) for word, frequency in user_words)
        return Generation(number, Terms(**fields), mean)
    except (ValueError, KeyError, TypeError, zlib.error) as error:
        raise StoreError(
            f"{milvus.uri} 的 {name} 不是 youju 写成的，或已损坏：{error}。"
            "请换一个 Milvus 数据库（地址后加 /库名），或删除这个集合。"
        ) from error


def list_reports(milvus: Milvus, generation: Generation) -> Listing:
    """Read what the catalog of a generation says.

    The revision is read first: what is written meanwhile is read again by the next look.
    """
    revision = read_revision(milvus, generation)
    headers, removed = {}, {}
    for row in milvus.every(
        generation.reports, 'kind in ["report", "removed"]', ["kind", "report", "content"]
    ):
        fields = json.loads(row["content"])
        original = original_from(fields.pop("original"))
        if row["kind"] == "removed":
            removed[row["report"]] = original
        else:
            correction = check_correction(fields.pop("correction"))
            headers[row["report"]] = Header(original, correction=correction, **fields)
    return Listing(revision, headers, removed)


def read_revision(milvus: Milvus, generation: Generation) -> int:
    """The number of the latest change; 0 if there was none."""
    row = milvus.get(generation.reports, ["revision"], ["content"]).get("revision")
    return int(row["content"]) if row else 0


def raise_revision(milvus: Milvus, generation: Generation, before: int) -> None:
    """Say that something has changed; numbers are times, so that those of two writers differ."""
    _write(milvus, generation, "revision", max(before + 1, time.time_ns()))


def write_report(
    milvus: Milvus, generation: Generation, content: Content, correction: Correction
) -> Header:
    """Write a report's parts; it counts once its header is written as well."""
    report = content.report
    text = reports_json([report]) + json.dumps(asdict(content.statistics)).encode()
    version = hashlib.sha256(text).hexdigest()[:16]
    packed = _packed(text)
    pieces = [packed[start : start + PIECE] for start in range(0, len(packed), PIECE)]
    milvus.upsert(
        generation.reports,
        (
            _row(key, "part", report.id, piece)
            for key, piece in zip(_part_ids(report.id, version, len(pieces)), pieces, strict=True)
        ),
    )
    return Header(original_of(report), version, len(pieces), correction)


def write_header(milvus: Milvus, generation: Generation, report: str, header: Header) -> None:
    """Make a report count, or have what is written of it now count instead of what did."""
    _write(milvus, generation, "report", asdict(header), report)


def write_removed(milvus: Milvus, generation: Generation, removed: Mapping[str, Original]) -> None:
    """Write down that reports of a folder were taken out."""
    for report, original in removed.items():
        fields = {"original": asdict(original)}
        _write(milvus, generation, "removed", fields, report)


def delete_removed(milvus: Milvus, generation: Generation, reports: Iterable[str]) -> None:
    """Forget that reports were taken out."""
    milvus.delete(generation.reports, [f"removed {report}" for report in reports])


def delete_headers(milvus: Milvus, generation: Generation, reports: Iterable[str]) -> None:
    """Have reports count no longer."""
    milvus.delete(generation.reports, [f"report {report}" for report in reports])


def prune(milvus: Milvus, generation: Generation, report: str, header: Header | None) -> None:
    """Delete the parts of a report that are none of its present version; all if it has none."""
    kept = _part_ids(report, header.version, header.parts) if header else ()
    where = f'kind == "part" and {among("report", [report])}'
    stale = {row["id"] for row in milvus.every(generation.reports, where, ["id"])} - {*kept}
    milvus.delete(generation.reports, sorted(stale))


def read_contents(
    milvus: Milvus, generation: Generation, headers: Mapping[str, Header]
) -> Iterator[tuple[str, Content]]:
    """Yield reports with their ids; one that is being replaced just now is left out."""
    for report, header in headers.items():
        ids = _part_ids(report, header.version, header.parts)
        found = milvus.get(generation.reports, ids, ["content"])
        if len(found) == len(ids):
            text = "".join(found[key]["content"] for key in ids)
            read, statistics = map(json.loads, _unpacked(text).splitlines())
            yield report, Content(report_of(read), Statistics(**statistics))


def searched(content: Content, header: Header) -> Report:
    """The report as it is searched and shown: with its corrections."""
    return corrected(content.report, header.correction)


def _part_ids(report: str, version: str, parts: int) -> list[str]:
    return [f"part {report} {version} {number:04d}" for number in range(parts)]


def _packed(content: bytes) -> str:
    return base64.b64encode(zlib.compress(content)).decode("ascii")


def _unpacked(text: str) -> bytes:
    return zlib.decompress(base64.b64decode(text))


def _write(
    milvus: Milvus,
    generation: Generation,
    kind: str,
    content: object,
    report: str = "",
) -> None:
    """Write a row as JSON; there is one of each kind, or one for each report."""
    row = _row(f"{kind} {report}".strip(), kind, report, json.dumps(content))
    milvus.upsert(generation.reports, [row])


def _row(key: str, kind: str, report: str, content: str) -> Row:
    return {"id": key, "kind": kind, "report": report, "content": content, "vector": _NO_VECTOR}
