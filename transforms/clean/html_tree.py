"""From HTML to a list of text blocks, the tree of block elements around them, and what the page declares, in one pass of libxml2's parser."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from transforms.clean.html_hints import BITS, TAG_BITS, class_bits

SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "iframe",
        "object",
        "embed",
        "canvas",
        "video",
        "audio",
        "select",
        "textarea",
        "head",
        "amp-ad",
        "amp-analytics",
        "amp-sidebar",
        "amp-consent",
    ]
)
BLOCK = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "button",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "label",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
# What an element does to the text around it. Custom elements, which have a hyphen in their names, are block elements, too.
_BORDER, _HIDDEN_BORDER, _HIDDEN, _LINK, _BOLD, _BREAK, _INLINE = range(1, 8)
_ROLES = {
    **dict.fromkeys(("span", "em", "i", "img", "time", "font", "u", "small", "input", "meta", "link"), _INLINE),
    **dict.fromkeys(BLOCK, _BORDER),
    **{tag: _HIDDEN_BORDER if "-" in tag else _HIDDEN for tag in SKIPPED},
    "a": _LINK,
    "b": _BOLD,
    "strong": _BOLD,
    "br": _BREAK,
}
_DECLARING = frozenset(("meta", "link", "time", "title", "script"))
_CODE = ("script", "style", "svg", "noscript")  # the bulk of most pages; cut before parsing, which halves the time
_DROPPED = re.compile("[\ufeff\u200b\u2060\u00ad]")  # the parser drops NUL
_SENTENCE_END = (".", "?", "!", "।", "॥", "۔", ":", '"', "”")


class Piece(NamedTuple):
    """A text block: the text between two borders of block elements."""

    text: str
    element: int  # index of the block element that it stands in
    link_chars: int
    links: int
    bold_chars: int
    hints: int  # of inline elements that the block starts with


@dataclass(slots=True)
class Tree:
    """The block elements of a page in document order, so that a parent comes before its children; 0 is the page itself."""

    cut_off: bool = False  # nested deeper than the parser goes; what follows is missing
    tags: list[str] = field(default_factory=lambda: ["html"])
    parents: list[int] = field(default_factory=lambda: [0])
    hints: list[int] = field(default_factory=lambda: [0])  # what class, id, role and name of the element say
    depths: list[int] = field(default_factory=lambda: [0])
    pieces: list[Piece] = field(default_factory=list)
    starts: list[int] = field(default_factory=lambda: [0])  # of each element the index of its first piece,
    ends: list[int] = field(default_factory=lambda: [0])  # of the first piece behind it,
    lasts: list[int] = field(default_factory=lambda: [0])  # and of the first element behind it
    metas: list[Mapping[str, str]] = field(default_factory=list)  # attributes of all meta elements, and so on
    links: list[Mapping[str, str]] = field(default_factory=list)
    times: list[Mapping[str, str]] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)  # text of title elements
    json_ld: list[str] = field(default_factory=list)  # text of JSON-LD scripts


def without_code(html: str) -> str:
    """The page without its scripts (JSON-LD stays), styles and drawings. Upper-case and unclosed elements are left to the parser: they only cost time."""
    for name in _CODE:
        start, close, kept, last = f"<{name}", f"</{name}>", [], 0
        begin = html.find(start)
        while begin >= 0:
            after = begin + len(start)
            end = html.find(close, after)
            if end < 0:
                break
            head = html[after : html.find(">", after, after + 2000) + 1]
            if html[after : after + 1] in " \n\t\r>/" and "ld+json" not in head and not head.endswith("/>"):
                kept.append(html[last:begin])
                last = end + len(close)
                begin = html.find(start, last)
            else:
                begin = html.find(start, end if "ld+json" in head else after)
        if last:
            html = " ".join((*kept, html[last:]))
    return html


def block_tree(html: str) -> Tree:
    """Parses a page, however broken."""
    reader = _Reader()
    source = without_code(html).encode("utf-8", "replace")
    # A parser each time: one that is kept grows its table of names with every page.
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, target=reader)
    try:
        etree.fromstring(source, parser)
    except (etree.XMLSyntaxError, ValueError):  # an empty document
        return Tree()
    last = parser.error_log.last_error
    reader.tree.cut_off = last is not None and "depth" in last.message.lower()
    return reader.tree


class _Reader:
    """Takes the parser's events, without a tree of elements in between: that saves a fifth of the time, and any recursion."""

    __slots__ = (
        "bold_chars",
        "bold_depth",
        "buffer",
        "declared",
        "hidden",
        "hints",
        "link_chars",
        "link_depth",
        "links",
        "stack",
        "started",
        "tree",
    )

    def __init__(self) -> None:
        self.tree = Tree()
        self.stack = [0]  # open block elements
        self.hidden = 0  # depth inside an element whose text is not shown
        self.declared: list[str] | None = None  # the text of the title or JSON-LD element that is open
        self.link_depth = self.bold_depth = 0
        # of the block so far:
        self.buffer: list[str] = []  # its text, from its first character that is no white space
        self.started = False  # whether there was any text, be it white space
        self.link_chars = self.bold_chars = self.links = self.hints = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag in _DECLARING:
            self._declare(tag, attributes)
        if self.hidden:
            self.hidden += 1
            return
        role = _ROLES.get(tag) or _unknown(tag)
        if role == _BORDER:
            self._flush()
            tree, parent = self.tree, self.stack[-1]
            self.stack.append(len(tree.tags))
            tree.tags.append(tag)
            tree.parents.append(parent)
            hints = TAG_BITS.get(tag, 0)
            tree.hints.append(hints | _own_hints(tag, attributes) if attributes else hints)
            tree.depths.append(tree.depths[parent] + 1)
            tree.starts.append(len(tree.pieces))
            tree.ends.append(0)
            tree.lasts.append(0)
            return
        if role in (_HIDDEN, _HIDDEN_BORDER):
            self.hidden = 1
            if role == _HIDDEN_BORDER:
                self._flush()
            return
        if role == _BREAK:
            if self.started and _ends_line(self.buffer):
                self._flush()
            else:
                self.buffer.append("\n")
                self.started = True
        if attributes and not self.started:
            self.hints |= _own_hints(tag, attributes)
        if role == _LINK:
            self.link_depth += 1
            self.links += 1
        elif role == _BOLD:
            self.bold_depth += 1

    def end(self, tag: str) -> None:
        if self.declared is not None and tag in _DECLARING:
            (self.tree.titles if tag == "title" else self.tree.json_ld).append("".join(self.declared))
            self.declared = None
        if self.hidden:
            self.hidden -= 1
            if not self.hidden and _ROLES.get(tag) == _HIDDEN_BORDER:
                self._flush()
            return
        role = _ROLES.get(tag) or _unknown(tag)
        if role == _BORDER:
            self._flush()
            self._close()
        elif role == _LINK:
            self.link_depth -= 1
        elif role == _BOLD:
            self.bold_depth -= 1

    def data(self, text: str) -> None:
        if self.declared is not None:
            self.declared.append(text)
        if self.hidden:
            return
        self.started = True
        if self.buffer or not text.isspace():
            self.buffer.append(text)
        if self.link_depth:
            self.link_chars += len(text)
        if self.bold_depth:
            self.bold_chars += len(text)

    def close(self) -> None:
        self._flush()
        while self.stack:
            self._close()

    def _close(self) -> None:
        """Ends the innermost block element."""
        tree, element = self.tree, self.stack.pop()
        tree.ends[element] = len(tree.pieces)
        tree.lasts[element] = len(tree.tags)

    def _flush(self) -> None:
        """Ends the block."""
        if self.buffer:
            text = "".join(self.buffer)
            text = " ".join((text if text.isascii() else _DROPPED.sub("", text)).split())
            self.buffer.clear()
            if text:
                size = len(text)
                piece = Piece(text, self.stack[-1], min(self.link_chars, size), self.links, min(self.bold_chars, size), self.hints)
                self.tree.pieces.append(piece)
        self.started = False
        self.link_chars = self.bold_chars = self.links = self.hints = 0

    def _declare(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "meta":
            self.tree.metas.append(attributes)
        elif tag == "time":
            self.tree.times.append(attributes)
        elif tag == "link":
            self.tree.links.append(attributes)
        elif tag == "title" or "ld+json" in attributes.get("type", ""):
            self.declared = []


def _unknown(tag: str) -> int:
    return _BORDER if "-" in tag else _INLINE


def _own_hints(tag: str, attributes: Mapping[str, str]) -> int:
    found = 0
    role = itemprop = ""
    for name, value in attributes.items():
        if name in ("class", "id"):
            if tag not in ("body", "html"):
                found |= class_bits(value)
        elif name == "role":
            role = value
        elif name == "itemprop":
            itemprop = value
        elif (
            name == "hidden" or (name == "style" and "none" in value and "display" in value) or (name == "aria-hidden" and value == "true")
        ):
            found |= BITS["hidden"]
    if named := role or itemprop:
        found |= class_bits(named)
    return found


def _ends_line(buffer: list[str]) -> bool:
    """Whether a line break ends a paragraph: the second of two, or one after a sentence."""
    return not buffer or not buffer[-1].strip() or buffer[-1].rstrip().endswith(_SENTENCE_END)
