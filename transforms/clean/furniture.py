"""Evidence across documents: a line that stands on many pages of a publisher is furniture of its site, whatever it says."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from transforms.clean.blocks import single_spaced
from transforms.records import RawDocument

MIN_PAGES = 4  # a line that stands on so many different pages of a publisher is furniture
MAX_LINE_CHARS = 280  # furniture is short; most paragraphs are longer, and need not be counted
MAX_FURNITURE = 1_000_000  # lines of a run; about 60 MB in each worker


def publisher_of(document: RawDocument) -> str:
    """Whose page it is: the host of its address, else the publisher that the input names, else nothing."""
    try:
        host = urlsplit(document.url).hostname if document.url else None
    except ValueError:  # no address at all
        host = None
    return (host or document.publisher or "").removeprefix("www.")


def line_key(publisher: str, line: str) -> int:
    """A number for a line of a publisher's pages."""
    key = f"{publisher}\n{line}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(key, digest_size=8).digest(), "big", signed=True)


def page_lines(document: RawDocument) -> Iterator[tuple[int, int]]:
    """(line key, page key) of every short line of a text page.

    The page key is that of the page's longest line, so that a page which was crawled twice, or an article which was published twice, counts once:
    otherwise its paragraphs would look like furniture. Pages of unknown publishers and HTML pages, whose markup tells furniture, give nothing.
    """
    publisher = publisher_of(document)
    if not publisher or document.format != "text":
        return
    lines = document.content.split("\n")
    page = line_key("", max(lines, key=len).strip())
    for line in {single_spaced(line) for line in lines if len(line) <= MAX_LINE_CHARS}:
        if line:
            yield line_key(publisher, line), page


def add_page(pages: frozenset[int], page: int) -> frozenset[int]:
    """Adds a page to those on which a line was seen; more than MIN_PAGES are not told apart."""
    return pages if len(pages) >= MIN_PAGES or page in pages else pages | {page}


def find_furniture(documents: Iterable[RawDocument]) -> frozenset[int]:
    """Keys of the lines that stand on at least MIN_PAGES different pages of their publisher."""
    pages: dict[int, frozenset[int]] = {}
    for document in documents:
        for line, page in page_lines(document):
            pages[line] = add_page(pages.get(line, frozenset()), page)
    return frozenset(line for line, found in pages.items() if len(found) >= MIN_PAGES)
