"""JSON files of the data folder with a checksum in them, so that a flipped bit is no other value.

A snapshot's files are checked against its manifest; these stand for themselves. Files of older
versions, from before there were checksums, are read without one.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

_SUM = "sha256"


def sealed(fields: Mapping[str, Any]) -> str:
    """Return fields as JSON, with a checksum of them as the last one; equal ones give equal text.

    Args:
        fields: among them ``format``, the version of the file.
    """
    return json.dumps({**fields, _SUM: _sum_of(fields)}, ensure_ascii=False, indent=1) + "\n"


def unsealed(text: str, *, since: int) -> dict[str, Any]:
    """Return the fields of a JSON file without their checksum.

    Args:
        text: what ``sealed`` gave, or a file of an older version.
        since: the first version of the file that has a checksum.

    Raises:
        ValueError: it is no JSON object, or the checksum is not that of the fields.
    """
    fields = json.loads(text)
    if not isinstance(fields, dict):
        raise TypeError("不是 JSON 对象")
    found = fields.pop(_SUM, None)
    if found is None and int(fields.get("format", 0)) < since:
        return fields
    if found != _sum_of(fields):
        raise ValueError("校验和不符")
    return fields


def _sum_of(fields: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()
