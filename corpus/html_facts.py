"""What a web page states of itself beside its text: title, date, source and writer.

Chinese government sites state it in ``<meta>`` as 《政府网站发展指引》 (国办发〔2017〕47号) says,
news sites in Open Graph, Dublin Core or JSON-LD (schema.org).
"""

# lxml publishes no types.
# ruff: noqa: ANN401

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from lxml import etree

from .dates import stated_dates
from .html_tree import SAVED_FROM
from .source import Fact
from .types import Field

_NAMES: dict[Field, tuple[str, ...]] = {
    "title": ("articletitle", "og:title", "dc.title", "dcterms.title", "twitter:title"),
    "date": (
        *("pubdate", "article:published_time", "dc.date", "dcterms.date", "dcterms.issued"),
        *("dcterms.created", "publishdate", "publish_time", "publish-date"),
    ),
    "publisher": ("contentsource", "dc.publisher", "dcterms.publisher", "source"),
    "authors": ("author", "article:author", "og:article:author", "dc.creator", "dcterms.creator"),
}
"""Names of ``<meta>`` in lower case, those of most trust first."""

_ADDRESSES = (SAVED_FROM, "og:url")
"""Where the page came from; the address of an article often has its date."""

_OWN_ADDRESSES = ("og:url", SAVED_FROM)
"""Where the page stands on line, beside its canonical link, those of most trust first."""

_SOURCE = re.compile(r"(?:信息|文章|稿件)?来源\s*[:：]\s*|\s+原创稿?$")
"""What stands around the name in the ``<meta>`` for the source."""

_SENT = re.compile(r"\bvar\s+ct\s*=\s*[\"'](\d{10})[\"']")
"""When an article on WeChat was sent, in seconds since 1970; the page shows it by a script."""

_CHINA = timezone(timedelta(hours=8))

_SITES = ("og:site_name", "sitename")
"""Who runs the site: the publisher, where no source is stated."""

_ARTICLE = frozenset({"Article", "NewsArticle", "Report", "BlogPosting", "WebPage"})
_KEYS: dict[Field, str] = {
    "title": "headline",
    "date": "datePublished",
    "publisher": "publisher",
    "authors": "author",
}
"""Properties of articles in JSON-LD (https://schema.org/Article)."""

_SEPARATOR = re.compile(r"\s*(?:[_|｜»]|--+|\s[-–—]\s)\s*")
_PAPER = re.compile(
    r"([一-鿿]{2,10}(?:[日晚早晨时]报|工人报))(?:社|网|多媒体)?(?:数字报|电子[报版])?"
)
"""A newspaper or its electronic edition, as pages name them in ``<title>``."""

_SITE = r"(?:网|网站|政府|日报|晚报|报社|频道|在线|公众号|平台|门户|新闻|总工会|客户端|首页)"
_SITE_END = re.compile(rf"\s*[-–—]\s*[^-–—\s]{{0,20}}{_SITE}$")
_SITE_NAME = re.compile(rf".{{0,24}}{_SITE}")
_NOTHING = frozenset(
    (
        *(
            "无",
            "暂无",
            "未知",
            "不详",
            "佚名",
            "管理员",
            "系统管理员",
            "网站管理员",
            "微信公众平台",
        ),
        *("admin", "administrator", "null", "none", "undefined", "-", "/"),
    )
)
"""Values that content management systems fill in where nobody stated one."""

_LONGEST = 200
"""Characters of a statement that is shown, and of a value that is one."""


def read_facts(root: Any, headline: str | None) -> tuple[Fact, ...]:
    """What the page states, by field and in order of trust; ``headline`` is the title it shows."""
    metas = _metas(root)
    articles = list(_articles(root))
    found: list[Fact | None] = []
    for field, names in _NAMES.items():
        found += [_fact(field, *metas[name]) for name in names if name in metas]
        found += [_fact(field, *_stated(article, _KEYS[field])) for article in articles]
    found += [_fact("publisher", *stated) for stated in _accounts(root)]
    found += [_fact("publisher", *stated) for stated in _papers(root)]
    found += [_fact("publisher", *metas[name]) for name in _SITES if name in metas]
    for dates in (_times(root), _sent(root), _addresses(root, metas)):
        found += [_fact("date", *stated) for stated in dates]
    found += [Fact("url", address, statement) for address, statement in _urls(root, metas)]
    sites = [metas[name][0] for name in _SITES if name in metas]
    found += [_fact("title", _title(text, headline, sites), text) for text in _titles(root)]
    return tuple(fact for fact in found if fact is not None)


def stated_titles(root: Any) -> list[str]:
    """All that the page says is its title, as it stands, with the name of the site and all."""
    metas = _metas(root)
    stated = [metas[name][0] for name in _NAMES["title"] if name in metas]
    for article in _articles(root):
        stated += _texts(article.get(_KEYS["title"]))
    return stated + _titles(root)


def _titles(root: Any) -> list[str]:
    titles = (" ".join((title.text or "").split()) for title in root.iterfind("head/title"))
    return [title for title in titles if title][:1]


def _fact(field: Field, value: str, statement: str) -> Fact | None:
    stated = " ".join(value.split())
    if field == "publisher":
        stated = _SOURCE.sub("", stated)
    if field == "date":
        stated = next(iter(stated_dates(stated)), "")
    address = stated.lower().startswith(("http:", "https:", "www."))
    says_nothing = stated.lower() in _NOTHING or (field != "date" and stated.isdecimal())
    if not 0 < len(stated) <= _LONGEST or address or says_nothing:
        return None
    return Fact(field, stated, statement[:_LONGEST])


def _metas(root: Any) -> dict[str, tuple[str, str]]:
    """The first ``<meta>`` of each name that says something: its value, and the whole of it."""
    found: dict[str, tuple[str, str]] = {}
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or "").strip().lower()
        content = meta.get("content", "").strip()
        if name and content:
            text = etree.tostring(meta, encoding="unicode", with_tail=False).replace("/>", ">")
            found.setdefault(name, (content, text))
    return found


def _articles(root: Any) -> Iterator[dict[str, Any]]:
    """The articles that the page describes in JSON-LD."""
    for script in root.iter("script"):
        if script.get("type", "").strip().lower() != "application/ld+json":
            continue
        try:
            data = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        items = data.get("@graph", [data]) if isinstance(data, dict) else data
        for item in items if isinstance(items, list) else ():
            kinds = item.get("@type") if isinstance(item, dict) else None
            if _ARTICLE.intersection([kinds] if isinstance(kinds, str) else _texts(kinds)):
                yield item


def _stated(article: dict[str, Any], key: str) -> tuple[str, str]:
    """A property of an article: its value, and how it is stated."""
    value = article.get(key)
    text = "、".join(_texts(value))
    return text, f'"{key}": {json.dumps(value, ensure_ascii=False)}'


def _texts(value: object) -> list[str]:
    """The texts in a value of JSON-LD: itself, the names of things, or those of a list of them."""
    items = value if isinstance(value, list) else [value]
    named = (item.get("name") if isinstance(item, dict) else item for item in items)
    return [text for text in named if isinstance(text, str)]


def _times(root: Any) -> Iterator[tuple[str, str]]:
    for time in root.iter("time"):
        if time.get("datetime"):
            statement = etree.tostring(time, encoding="unicode", with_tail=False)
            yield time.get("datetime"), " ".join(statement.split())
            return


def _papers(root: Any) -> Iterator[tuple[str, str]]:
    """The newspaper that ``<title>`` names beside the title."""
    for title in _titles(root):
        for part in _SEPARATOR.split(title.replace("-", "_")):
            if match := _PAPER.fullmatch(part):
                yield match[1], title


def _sent(root: Any) -> Iterator[tuple[str, str]]:
    """The day on which an article on WeChat was sent."""
    if root.find(".//*[@id='js_name']") is None:
        return
    for script in root.iter("script"):
        if match := _SENT.search(script.text or ""):
            yield datetime.fromtimestamp(int(match[1]), _CHINA).date().isoformat(), match[0]
            return


def _addresses(root: Any, metas: Mapping[str, tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The days in the addresses that the page says are its own."""
    stated = [metas[name][0] for name in _ADDRESSES if name in metas]
    stated += [link.get("href", "") for link in root.iterfind(".//link[@rel='canonical']")]
    for address in stated:
        for day in stated_dates(address):
            if len(day) == len("2025-01-18"):
                yield day, address


def _urls(root: Any, metas: Mapping[str, tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The addresses of the page itself, with how it states them."""
    for link in root.iterfind(".//link[@rel='canonical']"):
        statement = etree.tostring(link, encoding="unicode", with_tail=False).replace("/>", ">")
        yield link.get("href", ""), statement[:_LONGEST]
    for name in _OWN_ADDRESSES:
        if name in metas:
            yield metas[name][0], metas[name][1][:_LONGEST]


def _accounts(root: Any) -> Iterator[tuple[str, str]]:
    """The account that published an article on WeChat; the page names it without a label."""
    for element in root.iterfind(".//*[@id='js_name']"):
        name = " ".join("".join(element.itertext()).split())
        yield name, f'<{element.tag} id="js_name">{name}</{element.tag}>'


def _title(text: str, headline: str | None, sites: list[str]) -> str:
    """The title of a page without the name of the site and of its departments."""
    if headline and headline in text:
        return headline
    for site in sites:
        text = text.removesuffix(site).rstrip(" _-–—|｜»")
    parts = [part for part in _SEPARATOR.split(text) if part]
    if not parts:
        return ""
    named = len(parts) > 1 and _SITE_NAME.fullmatch(parts[0])
    return _SITE_END.sub("", parts[-1] if named else parts[0])
