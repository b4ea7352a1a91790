"""What an HTML page declares about itself: JSON-LD first, then OpenGraph and meta elements, then its `time` elements.

https://schema.org/NewsArticle, https://ogp.me; the less known meta names were met on news sites.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import orjson
import regex

from transforms.clean.blocks import PageMeta
from transforms.clean.html_dates import most_precise
from transforms.clean.html_tree import Tree
from transforms.clean.metadata import NO_NAME
from transforms.clean.phrases import phrases
from transforms.normalise import fold, words

_ARTICLE_TYPES = frozenset(
    [
        "newsarticle",
        "article",
        "blogposting",
        "reportagenewsarticle",
        "liveblogposting",
        "analysisnewsarticle",
        "opinionnewsarticle",
        "backgroundnewsarticle",
        "reviewnewsarticle",
        "report",
        "socialmediaposting",
        "techarticle",
        "scholarlyarticle",
        "advertisercontentarticle",
        "satiricalarticle",
        "askpublicnewsarticle",
    ]
)
_VIDEO_TYPES = frozenset(("videoobject", "video", "movie", "tvepisode", "clip", "broadcastevent"))
_LIST_TYPES = frozenset(("collectionpage", "searchresultspage", "itemlist", "mediagallery", "imagegallery", "profilepage"))
_PUBLISHED = (
    "article:published_time", "og:published_time", "datepublished", "article:published", "article.published", "og:article:published_time",
    "publish-date", "publish_date", "publishdate", "published_date", "published-date", "published_at", "pubdate", "publication_date",
    "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date", "dcterms.date",
    "article_date_original", "originalpublicationdate", "bt:pubdate", "created", "date",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "og:modified_time", "og:updated_time", "datemodified", "article:modified", "last-modified", "modified", "lastmod",
    "dcterms.modified", "dc.date.modified", "updated", "updated_at",
)  # fmt: skip
_AUTHORS = (
    "author",
    "article:author",
    "article:author_name",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "byl",
    "byline",
    "authors",
)
_SITE_NAMES = ("og:site_name", "application-name", "apple-mobile-web-app-title", "publisher", "dc.publisher", "article:publisher_name")
_DESCRIPTIONS = ("og:description", "description", "twitter:description", "dc.description", "sailthru.description")
_TITLES = ("og:title", "twitter:title", "title", "dc.title", "sailthru.title", "parsely-title")
_TAGS = ("article:tag", "parsely-tags", "sailthru.tags", "news_keywords", "keywords")
_READ = frozenset((*_PUBLISHED, *_MODIFIED, *_AUTHORS, *_SITE_NAMES, *_DESCRIPTIONS, *_TITLES, *_TAGS, "og:type", "og:url"))
_MAX_NODES = 20_000  # of all JSON-LD of a page; a hostile page must not cost more than a large one
_MAX_TAGS = 40
_MAX_NAME = 60

_TAG = regex.compile(r"<[^<>]{0,2000}>")
_LABEL = regex.compile(
    r"^(?:by|written by|reported by|author|posted by|story by|curated by|द्वारा|लेखक|रिपोर्ट|रिपोर्टर)\s*[:\-–—]?\s+", regex.I
)
_EDITOR = regex.compile(r"^(?:edited|published|translated|compiled|updated|reviewed|fact[- ]?checked) by\b|^(?:संपादक|संपादन)\s*:", regex.I)
_AND = regex.compile(r"\s*(?:,|;|\||&| and | और | एवं | तथा |(?<=\p{L}{5})\.\s)\s*", regex.I)
_DESK = regex.compile(
    r"\b(?:desk|bureau|team|staff|news|newsroom|media|network|online|admin|web|editor|editors|agency|agencies|correspondent|tv|times|live|digital|press|wire|com|blog|sports?|entertainment|writers?|reporters?|contributors?|producers?|columnists?)\b|डेस्क|ब्यूरो|न्यूज|न्यूज़|टीम|संवाददाता|टाइम्स|समाचार|एजेंसी|लाइव",
    regex.I,
)
_TAG_BREAK = regex.compile(r"[,;|،]")
_SEPARATOR = regex.compile(r"\s+(?:[|•·»:]|::|[-–—])\s+|\s*[|»]\s*")


@dataclass(slots=True)
class Declared:
    """What a page declares about itself."""

    meta: PageMeta = field(default_factory=PageMeta)
    headlines: tuple[str, ...] = ()  # every title that it declares, best first
    article_body: str | None = None  # of JSON-LD: the whole text, or its beginning
    says_article: bool = False
    says_video: bool = False
    says_list: bool = False


def declared(tree: Tree, url: str | None = None) -> Declared:
    """Reads what a page declares about itself.

    Args:
        tree: the page.
        url: its web address, to complete relative links and to tell the site's name in titles.
    """
    found = _meta_elements(tree)
    nodes = list(_nodes(tree.json_ld))
    types = {name for node in nodes for name in _types(node)}
    article = _article_node(nodes, found)
    meta, out = PageMeta(), Declared()
    out.meta = meta

    publisher = (
        _name(article.get("publisher")) or _first(found, _SITE_NAMES) or next((_name(n) for n in nodes if "website" in _types(n)), None)
    )
    meta.publisher = publisher
    headlines = [
        _text(article.get("headline")),
        _text(article.get("name")),
        *(v for key in _TITLES for v in found.get(key, ())),
        next(filter(None, map(_clean, tree.titles)), None),
    ]
    site = {fold(name) for name in (publisher, _first(found, _SITE_NAMES)) if name}
    out.headlines = tuple(dict.fromkeys(without_site(h, site, url) for h in headlines if h))
    meta.title = out.headlines[0] if out.headlines else None
    meta.description = _first(found, _DESCRIPTIONS) or _text(article.get("description"))
    meta.published_at = most_precise([_text(article.get("datePublished")), *_all(found, _PUBLISHED), *_publication_times(tree)])
    meta.modified_at = most_precise([_text(article.get("dateModified")), *_all(found, _MODIFIED)])
    canonical = next((href for link in tree.links if link.get("rel", "").lower() == "canonical" and (href := link.get("href"))), None)
    meta.url = _canonical(canonical, found, article, url)
    names = list(_names(article.get("author"))) or list(_names(article.get("creator"))) or _all(found, _AUTHORS)
    meta.byline, meta.agency = people(names, publisher)
    meta.agency = meta.agency or people(list(_names(article.get("sourceOrganization"))), publisher)[1]
    meta.tags = _tags(found, article)

    body = article.get("articleBody")
    out.article_body = body if isinstance(body, str) and body.strip() else None
    kind = (_first(found, ("og:type",)) or "").lower()
    out.says_article = bool(article) or kind.endswith("article")
    out.says_video = not article and (kind.startswith("video") or bool(types & _VIDEO_TYPES))
    out.says_list = not article and bool(types & _LIST_TYPES)
    return out


def _meta_elements(tree: Tree) -> dict[str, list[str]]:
    """Values by lower-case name, in page order."""
    found: dict[str, list[str]] = {}
    for attributes in tree.metas:
        get = attributes.get
        key, value = get("property") or get("name") or get("itemprop"), get("content")
        if key and value and (key := key.strip().lower()) in _READ and (value := _clean(value)):
            found.setdefault(key, []).append(value)
    return found


def _publication_times(tree: Tree) -> list[str]:
    """Times that are marked as the publication's."""
    dates: list[str] = []
    for attributes in tree.times:
        get = attributes.get
        if get("datetime") and len(dates) < 3 and _is_publication(get("itemprop"), get("class"), get("pubdate")):
            dates.append(get("datetime", ""))
    return dates


def _is_publication(itemprop: str | None, css_class: str | None, pubdate: str | None) -> bool:
    return pubdate is not None or itemprop == "datePublished" or "publish" in (css_class or "").lower()


def _nodes(json_ld: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Every object of the page's JSON-LD that has a type, outer ones first. No recursion: depth is the page's choice."""
    budget = _MAX_NODES
    for source in json_ld:
        level: list[Any] = [_load(source)]
        while level and budget > 0:
            below: list[Any] = []
            for item in level:
                budget -= 1
                if isinstance(item, dict):
                    if _types(item):
                        yield item
                    below.extend(v for v in item.values() if isinstance(v, dict | list))
                elif isinstance(item, list):
                    below.extend(v for v in item if isinstance(v, dict | list))
            level = below


def _load(source: str) -> Any:
    try:
        return orjson.loads(source)
    except ValueError:
        pass
    source = (
        regex.sub(r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/)\s*$", "", source)
        .strip()
        .rstrip(";")
    )
    try:  # raw line breaks inside strings are the commonest mistake
        return json.loads(source, strict=False)
    except (ValueError, RecursionError):
        return None


def _types(node: dict[str, Any]) -> list[str]:
    value = node.get("@type")
    values = value if isinstance(value, list) else [value]
    return [v.rpartition("/")[2].lower() for v in values if isinstance(v, str)]


def _article_node(nodes: list[dict[str, Any]], found: dict[str, list[str]]) -> dict[str, Any]:
    """The object that describes the page's article: of several (teasers are marked up, too) the one with the page's own title, else the first with most said."""
    articles = [n for n in nodes if _ARTICLE_TYPES.intersection(_types(n))]
    if len(articles) < 2:
        return articles[0] if articles else {}
    title = fold(_first(found, _TITLES) or "")

    def rank(node: dict[str, Any]) -> tuple[bool, int]:
        headline = fold(_text(node.get("headline")) or _text(node.get("name")) or "")
        same = bool(headline and title) and (headline.startswith(title[:40]) or title.startswith(headline[:40]))
        return same, sum(key in node for key in ("headline", "datePublished", "author", "articleBody", "publisher", "mainEntityOfPage"))

    return max(articles, key=rank)


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        value = next((v for v in value if isinstance(v, str)), None)
    if isinstance(value, dict):
        value = value.get("@value")
    return _clean(value) or None if isinstance(value, str) else None


def _clean(value: str) -> str:
    """`value` without entities and elements, which many systems put into JSON and attributes, and with single spaces."""
    if "&" in value:
        value = html.unescape(html.unescape(value))
    if "<" in value:
        value = _TAG.sub(" ", value)
    return " ".join(value.replace("\u200b", " ").split())


def _name(value: Any) -> str | None:
    return next(_names(value), None)


def _names(value: Any) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            item = item.get("name")
        if isinstance(item, list):
            item = ", ".join(v for v in item if isinstance(v, str))
        if isinstance(item, str) and (text := _clean(item)):
            yield text


def _first(found: dict[str, list[str]], keys: Iterable[str]) -> str | None:
    return next((found[key][0] for key in keys if key in found), None)


def _all(found: dict[str, list[str]], keys: Iterable[str]) -> list[str]:
    return [value for key in keys for value in found.get(key, ())]


def people(names: list[str], publisher: str | None = None) -> tuple[tuple[str, ...], str | None]:
    """Parts the names of an author field into people and a news agency; desks, sites, editors and links are neither.

    Returns:
        The people, without labels such as "By", in the field's order; and the agency's short name.
    """
    agencies = phrases().agencies
    own = fold(publisher or "")
    found: dict[str, str] = {}
    agency = None
    for field_value in names:
        for name in _AND.split(_LABEL.sub("", field_value)):
            name = _LABEL.sub("", name).strip(" .-–—:•")
            key = " ".join(words(name))
            if key in agencies:
                agency = agency or agencies[key]
            elif 1 < len(name) <= _MAX_NAME and not _EDITOR.search(name) and _is_person(name, own):
                found.setdefault(key, name)
    return tuple(found.values()), agency


def _is_person(name: str, publisher: str) -> bool:
    if any(c in name for c in "/@<>{}_") or any(c.isdigit() for c in name) or _DESK.search(name) or NO_NAME.search(name):
        return False
    return not f"{publisher} ".startswith(f"{fold(name)} ") and len(name.split()) <= 6


def without_site(title: str, site: set[str], url: str | None = None) -> str:
    """`title` without the site's name behind or before it: a part between separators that is the publisher's name or stands in the host name."""
    host = "".join(words((urlsplit(url).hostname or "").removeprefix("www."))) if url else ""
    cuts = list(_SEPARATOR.finditer(title))
    end, start = len(title), 0
    for cut in reversed(cuts):
        if not _is_site(title[cut.end() : end], site, host):
            break
        end = cut.start()
    for cut in cuts:
        if cut.end() >= end or not _is_site(title[start : cut.start()], site, host):
            break
        start = cut.end()
    return title[start:end].strip() or title


def _is_site(part: str, site: set[str], host: str) -> bool:
    key = fold(part)
    if any(key == name or key.removesuffix(".com") == name for name in site):
        return True
    joined = "".join(words(part))
    return len(joined) > 2 and bool(host) and (joined in host or host.startswith(joined))


def _canonical(link: str | None, found: dict[str, list[str]], article: dict[str, Any], url: str | None) -> str | None:
    page = article.get("mainEntityOfPage")
    page = page.get("@id") if isinstance(page, dict) else page
    for value in (link, _first(found, ("og:url",)), page, article.get("url")):
        if not isinstance(value, str):
            continue
        try:
            full = urljoin(url or "", value.strip())
            parts = urlsplit(full)
        except ValueError:
            continue
        # a front page as the canonical address of an article is a template's mistake
        if parts.scheme in ("http", "https") and parts.netloc and parts.path.strip("/"):
            return full
    return url


def _tags(found: dict[str, list[str]], article: dict[str, Any]) -> tuple[str, ...]:
    given = _all(found, ("article:tag",))
    for value in (article.get("keywords"), *(found.get(key) for key in _TAGS[1:])):
        if given:
            break
        given = list(_names(value))
    tags = (part.strip(" .#") for value in given for part in _TAG_BREAK.split(value))
    unique = {fold(tag): tag for tag in reversed([t for t in tags if 1 < len(t) <= _MAX_NAME])}
    return tuple(reversed(unique.values()))[:_MAX_TAGS]
