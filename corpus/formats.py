"""The types of files that are read, apart from their readers.

Whoever asks has no use for a parser, and all of them together take half a second to load.
"""

FORMATS = (
    ".docx",
    ".doc",
    ".rtf",
    ".pdf",
    ".png",
    ".jpg",
    ".jpeg",
    ".html",
    ".htm",
    ".shtml",
    ".xhtml",
    ".mht",
    ".mhtml",
    ".md",
    ".txt",
)
"""Suffixes of the files that are read."""

ARTICLES = (".md", ".markdown", ".docx")
"""Suffixes of the articles whose quotations are read."""


def formats() -> str:
    """The suffixes as messages name them."""
    return "、".join(FORMATS)
