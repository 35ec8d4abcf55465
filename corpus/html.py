"""Web pages: the report on them, without menus, links and buttons.

A page is read in steps, each a module: ``html_archive`` takes it out of a web archive,
``html_tree`` gives the elements, ``html_styles`` and ``html_elements`` say what they mean,
``html_lines`` sets them in lines, ``html_article`` picks those of the report, ``html_facts`` reads
what the page states of itself.
"""

# lxml publishes no types.
# ruff: noqa: ANN401

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from lxml import etree

from .errors import UnreadableReport
from .html_archive import is_archive, page_in_archive
from .html_article import Article, read_article
from .html_facts import read_facts, stated_titles
from .html_lines import Line, read_lines
from .html_tree import read_tree
from .kinds import ends_sentence, kind_of_line
from .source import Extraction, Fact, SourceWriter, Style
from .types import Doubt

_OFFICE = re.compile(r"LibreOffice|OpenOffice|Microsoft (?:Word|Excel)|WPS|Kingsoft", re.IGNORECASE)
_OFFICE_KIND = re.compile(r"(?:Word|Excel)\.(?:Document|Sheet)", re.IGNORECASE)

_REQUEST = re.compile(
    r"Java\s?Script|启用脚本|浏览器版本(?:过低|太低)|请(?:先|您)?登[录陆]|扫码登录|账号登录|验证码",
    re.IGNORECASE,
)
_MISSING = re.compile(
    r"(?:页面|网页|网址|文章|内容|信息|资源|文件)[^。，]{0,8}(?:不存在|删除|找不到|下线|无法查看|无法访问)"
    r"|(?:找不到|无法访问)[^。，]{0,8}(?:页面|网页|网址)|404 Not Found",
    re.IGNORECASE,
)
_LEAST_TEXT = 50
"""Characters of sentences; with fewer, a page that asks or regrets something shows only that."""

_LONGEST_HEADING = 60


def read_html(data: bytes, file: str) -> Extraction:
    """The report on a web page that was saved from a browser or exported from a word processor.

    Raises:
        UnreadableReport: It is no web page nor an archive of one, its encoding is not known, or no
            report is on it.
    """
    root = read_tree(page_in_archive(data, file) if is_archive(data) else data, file)
    page = read_lines(root)
    if _is_office(root):
        return _extraction(Article(None, (), page.lines), ())
    article = read_article(page, stated_titles(root))
    _check(root, article, file)
    return _extraction(article, read_facts(root, article.headline))


def _is_office(root: Any) -> bool:
    """Whether a word processor wrote the page, so that all of it is the report."""
    metas = {meta.get("name", "").lower(): meta.get("content", "") for meta in root.iter("meta")}
    generator = _OFFICE.search(metas.get("generator", ""))
    return bool(generator or _OFFICE_KIND.search(metas.get("progid", "")))


def _check(root: Any, article: Article, file: str) -> None:
    """Refuse pages that hold no report.

    Raises:
        UnreadableReport: It is a frame around others, asks for scripts or a login, says that there
            is nothing, or lists articles.
    """
    if not article.lines and root.find(".//frameset") is not None:
        raise UnreadableReport(
            file,
            "网页只是框架（frameset），正文在另外的网页里。请在浏览器中单独打开正文，再另存为网页。",
        )
    if article.length < _LEAST_TEXT and any(map(_REQUEST.search, _shown(root))):
        raise UnreadableReport(
            file,
            "网页里没有正文：要运行脚本或登录后才显示。"
            "请用浏览器打开，等正文显示后另存为“网页，全部”，或把正文复制到 Word 另存为 .docx。",
        )
    if article.length < _LEAST_TEXT and any(map(_MISSING.search, _shown(root))):
        raise UnreadableReport(
            file, "网页里没有正文，只说内容不存在或已被删除。请找到仍能打开的正文，再另存为网页。"
        )
    if article.is_list or (not article.length and root.find(".//a[@href]") is not None):
        raise UnreadableReport(
            file, "网页像是首页或列表页，没有一篇完整的报告。请打开报告所在的网页，再另存为网页。"
        )


def _shown(root: Any) -> Iterator[str]:
    """The texts of a page, those for browsers without scripts too."""
    for element in root.iter(etree.Element):
        if element.tag not in {"script", "style"} and element.text:
            yield element.text
        if element.tail:
            yield element.tail


def _extraction(article: Article, facts: Sequence[Fact]) -> Extraction:
    writer = SourceWriter()
    for text in article.above:
        writer.add(text, Style(kind="source" if kind_of_line(text) == "source" else "byline"))
    if article.headline:
        writer.add(article.headline, Style(title=True))
    for line in _sober(article.lines):
        if line.table is not None:
            writer.add_table(line.table.rows, head_rows=line.table.head_rows, gap=line.gap)
        else:
            writer.add(line.text, line.style, gap=line.gap)
    doubts = [Doubt("more-pages", article.continued)] if article.continued else []
    return writer.extraction(facts=facts, doubts=doubts)


def _sober(lines: Sequence[Line]) -> list[Line]:
    """Lines without styles that do not set them apart: pages are centred or bold as a whole."""
    whole = sum(len(line.text) for line in lines)
    headings = sum(len(line.text) for line in lines if line.style.level)
    centred = sum(len(line.text) for line in lines if line.style.centred)
    sober = []
    for line in lines:
        style = line.style
        if 2 * headings > whole or (style.level and _is_paragraph(line.text)):
            style = replace(style, level=None)
        if 2 * centred > whole:
            style = replace(style, centred=False)
        sober.append(replace(line, style=style))
    return sober


def _is_paragraph(text: str) -> bool:
    """Whether a heading element was used for its looks, around a whole paragraph."""
    limit = _LONGEST_HEADING if ends_sentence(text) else 2 * _LONGEST_HEADING
    return len(text) > limit
