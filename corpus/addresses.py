"""Addresses of reports on line, as references give them."""

import re
from urllib.parse import urlsplit

_ADDRESS = re.compile(r"https?://[^\s\"'<>\\^`{|}\x00-\x1f\x7f]+", re.IGNORECASE)


def is_url(text: str) -> bool:
    """Whether a text is an absolute address on the web, ``http`` or ``https``, and nothing else."""
    if not _ADDRESS.fullmatch(text):
        return False
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - raises if it is none
    except ValueError:
        return False
    return bool(parts.hostname)
