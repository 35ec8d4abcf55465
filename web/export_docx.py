"""A conversation as a Word file: headings, numbered lists and quotations in Word's own styles."""

import re
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_COLOR_INDEX
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from .export_models import ExportRequest, ExportSource, ExportTurn, pieces
from .export_words import (
    ANSWER,
    EXPORTED,
    NEAREST,
    NOT_ANSWERED,
    NOTHING_NEAR,
    OPEN,
    SOURCES,
    place,
)
from .problems import Language

_TEXT_FONT, _HEADING_FONT = "宋体", "黑体"
"""Fonts that every Chinese Word has; other programs replace them by one for Chinese."""

_STYLES = {
    "Normal": _TEXT_FONT,
    "Title": _HEADING_FONT,
    "Heading 1": _HEADING_FONT,
    "Heading 2": _HEADING_FONT,
    "List Number": _TEXT_FONT,
    "List Continue": _TEXT_FONT,
    "Quote": _TEXT_FONT,
}

_NOT_IN_XML = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def conversation_docx(conversation: ExportRequest, day: str, language: Language) -> bytes:
    """Write a conversation: each question as a heading, then its answer and numbered sources.

    Args:
        conversation: as it was sent.
        day: of the export, ISO 8601.
        language: of our own words.
    """
    document = Document()
    _set_fonts(document)
    properties = document.core_properties
    properties.title, properties.author = _plain(conversation.title), "有据 Youju"
    properties.comments = ""
    properties.created = properties.modified = datetime.now(UTC).replace(tzinfo=None)
    document.add_paragraph(_plain(conversation.title), style="Title")
    document.add_paragraph(EXPORTED.say(language, day=day))
    for turn in conversation.turns:
        _add_turn(document, turn, language)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _set_fonts(document: WordDocument) -> None:
    """Fonts for Chinese: without them Word takes one for Japanese, or none that has the characters.

    The template names its fonts by theme, which goes before any name.
    """
    styles: Any = document.styles.element
    for spoken in styles.iter(qn("w:lang")):
        spoken.set(qn("w:eastAsia"), "zh-CN")
    for name, font in _STYLES.items():
        style: Any = document.styles[name]
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:ascii"), "Times New Roman")
        fonts.set(qn("w:hAnsi"), "Times New Roman")
        fonts.set(qn("w:eastAsia"), font)
        style.font.italic = False  # slanted Chinese is hard to read
    document.styles["Normal"].font.size = Pt(11)


def _add_turn(document: WordDocument, turn: ExportTurn, language: Language) -> None:
    document.add_heading(_plain(turn.question), level=1)
    if not turn.answerable:
        words = NOT_ANSWERED if turn.sources else NOTHING_NEAR
        document.add_paragraph(words.say(language))
    elif turn.answer:
        answer = document.add_paragraph()
        answer.add_run(ANSWER.say(language)).bold = True
        answer.add_run(_plain(turn.answer))
    if not turn.sources:
        return
    document.add_heading((SOURCES if turn.answerable else NEAREST).say(language), level=2)
    numbering = _fresh_numbering(document)
    for source in turn.sources:
        _add_source(document, source, numbering, language)


def _add_source(
    document: WordDocument, source: ExportSource, numbering: int, language: Language
) -> None:
    item = document.add_paragraph(_plain(place(source, language)), style="List Number")
    properties = item._p.get_or_add_pPr().get_or_add_numPr()  # noqa: SLF001 - the way to OOXML
    properties.get_or_add_ilvl().val = 0
    properties.get_or_add_numId().val = numbering
    quotation = document.add_paragraph(style="Quote")
    for piece, marked in pieces(source):
        run = quotation.add_run(_plain(piece))
        if marked:
            run.bold = True
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW
    if source.reference:
        document.add_paragraph(_plain(source.reference), style="List Continue")
    if source.url is not None:
        link = document.add_paragraph(style="List Continue")
        _add_link(link, OPEN.say(language), source.url)


def _fresh_numbering(document: WordDocument) -> int:
    """A list that begins at 1 again, in the style "List Number"; gives its number."""
    style: Any = document.styles["List Number"]
    numbering: Any = document.part.numbering_part.element
    known = numbering.num_having_numId(style.element.pPr.numPr.numId.val)
    fresh = numbering.add_num(known.abstractNumId.val)
    fresh.add_lvlOverride(ilvl=0).add_startOverride(1)
    number: int = fresh.numId
    return number


def _add_link(paragraph: Paragraph, words: str, url: str) -> None:
    """A link; python-docx reads them and has no way to write one."""
    link = OxmlElement("w:hyperlink")
    link.set(
        qn("r:id"), paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    )
    run = paragraph.add_run(words)
    run.underline = True
    link.append(run._r)  # noqa: SLF001 - the way to OOXML
    paragraph._p.append(link)  # noqa: SLF001 - as above


def _plain(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return _NOT_IN_XML.sub("", text)
