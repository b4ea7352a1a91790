"""Evidence across documents: a line that stands on many pages of a publisher is furniture of its site, whatever it says."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from transforms.clean.blocks import text_blocks
from transforms.normalise import words
from transforms.records import RawDocument

MIN_PAGES = 4  # a line that stands on so many different pages of a publisher is furniture
MAX_SEEN = 8  # pages that are told apart per line; more are not needed to decide
MAX_LINE_CHARS = 400


def publisher_of(document: RawDocument) -> str:
    """Whose page it is: the host of its address, else the publisher that the input names, else nothing."""
    host = urlsplit(document.url).hostname if document.url else None
    return (host or document.publisher or "").removeprefix("www.")


def line_key(publisher: str, line: str) -> int:
    """A number for a line of a publisher's pages; equal for spelling variants."""
    return _hash(publisher + "\n" + " ".join(words(line)))


def page_lines(document: RawDocument) -> Iterator[tuple[int, int]]:
    """(line key, page key) of every line of a text page.

    The page key is that of the page's longest line, so that a page which was crawled twice, or an article which was published twice, counts once:
    otherwise its paragraphs would look like furniture. Pages of unknown publishers and HTML pages, whose markup tells furniture, give nothing.
    """
    publisher = publisher_of(document)
    if not publisher or document.format != "text":
        return
    lines = {block.text for block in text_blocks(document.content)}
    if lines:
        page = line_key("", max(lines, key=lambda line: (len(line), line)))
        for line in lines:
            if len(line) <= MAX_LINE_CHARS:
                yield line_key(publisher, line), page


def add_page(seen: frozenset[int], page: int) -> frozenset[int]:
    """Adds a page to those on which a line was seen; keeps the MAX_SEEN smallest, so that the order of adding does not matter."""
    return seen if page in seen else frozenset(sorted(seen | {page})[:MAX_SEEN])


def count_furniture(documents: Iterable[RawDocument]) -> Mapping[int, int]:
    """On how many different pages (at most MAX_SEEN) a line stands, by `line_key`; lines below MIN_PAGES are left out."""
    seen: dict[int, frozenset[int]] = {}
    for document in documents:
        for line, page in page_lines(document):
            seen[line] = add_page(seen.get(line, frozenset()), page)
    return {line: len(pages) for line, pages in seen.items() if len(pages) >= MIN_PAGES}


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)
