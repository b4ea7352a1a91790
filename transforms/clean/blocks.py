"""One model of a page for both routes: a list of blocks, and what the page says about itself.

A text page gives a block per line; an HTML page gives a block per block element (`transforms.clean.html`), with more evidence.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from transforms.records import RemovedKind

SURE = 0.9  # of Block.main


@dataclass(slots=True)
class Block:
    """A piece of a page that stands on lines of its own, in page order.

    The fields below `text` are evidence that only HTML gives; a block of a text page leaves them at their defaults.
    """

    text: str  # white space folded; never empty
    tag: str | None = None  # nearest block element: p, h1, li, figcaption, td, blockquote …
    kind: RemovedKind | None = None  # what the markup makes of it, should it be no part of the article
    main: float | None = None  # how likely the block lies in the main content, 0 to 1; None when nothing is known


@dataclass(slots=True)
class PageMeta:
    """What a page says about itself in JSON-LD, OpenGraph or meta elements. Empty when it says nothing."""

    title: str | None = None
    byline: tuple[str, ...] = ()
    published_at: str | None = None  # ISO 8601, as precise as the page is
    modified_at: str | None = None
    agency: str | None = None
    publisher: str | None = None
    url: str | None = None  # canonical
    description: str | None = None  # the standfirst
    tags: tuple[str, ...] = ()


@dataclass(slots=True)
class HtmlPage:
    """An HTML page, read."""

    blocks: list[Block] = field(default_factory=list)
    removed: list[tuple[int, RemovedKind, str]] = field(default_factory=list)  # far from any text: index of the block behind it, kind, text
    meta: PageMeta = field(default_factory=PageMeta)
    not_an_article: str | None = None  # why the page is no article (a list, a category, a video page), else None


_DROPPED = "\x00\ufeff\u200b\u2060\u00ad"  # invisible, and in the way of every comparison
_LINE_BREAKS = "\r\u2028\u2029"  # not str.splitlines, which also breaks at characters that pages use as white space


def text_blocks(text: str) -> list[Block]:
    """The blocks of a plain-text page: its lines, without empty ones; white space inside a line is folded to one space."""
    for char in _DROPPED:
        text = text.replace(char, "")
    for char in _LINE_BREAKS:
        text = text.replace(char, "\n")
    return [Block(spaced) for line in text.split("\n") if (spaced := single_spaced(line))]


def single_spaced(line: str) -> str:
    """A line with its white space folded to single spaces."""
    if line.isprintable() and "  " not in line:  # most lines: no white space but single spaces
        return line.strip(" ")
    return " ".join(line.split())
