"""From HTML to a list of text blocks and the tree of block elements around them, in one pass of libxml2's parser and one walk, both iterative."""

from __future__ import annotations

import re
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
    **dict.fromkeys(BLOCK, _BORDER),
    **{tag: _HIDDEN_BORDER if "-" in tag else _HIDDEN for tag in SKIPPED},
    "a": _LINK,
    "b": _BOLD,
    "strong": _BOLD,
    "br": _BREAK,
}
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

    root: etree._Element | None = None
    cut_off: bool = False  # nested deeper than the parser goes; what follows is missing
    tags: list[str] = field(default_factory=lambda: ["html"])
    parents: list[int] = field(default_factory=lambda: [0])
    hints: list[int] = field(default_factory=lambda: [0])  # what class, id, role and name of the element say
    depths: list[int] = field(default_factory=lambda: [0])
    pieces: list[Piece] = field(default_factory=list)


def parse(html: str) -> tuple[etree._Element | None, bool]:
    """Parses a page, however broken: its root, None when there is nothing in it, and whether it is nested deeper than the parser goes."""
    source = without_code(html).encode("utf-8", "replace")
    # A parser each time: one that is kept grows its table of names with every page.
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(source, parser)
    except (etree.XMLSyntaxError, ValueError):  # an empty document
        return None, False
    last = parser.error_log.last_error
    return root, last is not None and "depth" in last.message.lower()


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
    """Parses a page and walks it once."""
    root, cut_off = parse(html)
    tree = Tree(root, cut_off)
    if tree.root is not None:
        _walk(tree, tree.root)
    return tree


def _walk(tree: Tree, root: etree._Element) -> None:
    tags, parents, hints, depths, pieces = tree.tags, tree.parents, tree.hints, tree.depths, tree.pieces
    stack = [0]
    buffer: list[str] = []  # the block's text so far, from its first character that is no white space
    started = False  # whether there was any text, be it white space
    link_depth = bold_depth = link_chars = bold_chars = links = inline = 0
    walker = etree.iterwalk(root, events=("start", "end"))

    def flush() -> None:
        text = "".join(buffer)
        text = " ".join((text if text.isascii() else _DROPPED.sub("", text)).split())
        buffer.clear()
        if text:
            size = len(text)
            pieces.append(Piece(text, stack[-1], min(link_chars, size), links, min(bold_chars, size), inline))

    for event, element in walker:
        tag = element.tag
        role = _ROLES.get(tag) or (_BORDER if "-" in tag else _INLINE)
        start = event == "start"
        if role <= _HIDDEN_BORDER or (role == _BREAK and start and started and _ends_line(buffer)):
            if buffer:
                flush()
            started = False
            link_chars = bold_chars = links = inline = 0
        elif role == _BREAK and start:
            buffer.append("\n")
            started = True
        if start:
            if role in (_HIDDEN, _HIDDEN_BORDER):
                walker.skip_subtree()
                continue
            own = _own_hints(element, tag)
            if role == _BORDER:
                parent = stack[-1]
                stack.append(len(tags))
                tags.append(tag)
                parents.append(parent)
                hints.append(own | TAG_BITS.get(tag, 0))
                depths.append(depths[parent] + 1)
            else:
                if own and not started:
                    inline |= own
                if role == _LINK:
                    link_depth += 1
                    links += 1
                elif role == _BOLD:
                    bold_depth += 1
            text = element.text
        else:
            if role == _BORDER:
                stack.pop()
            elif role == _LINK:
                link_depth -= 1
            elif role == _BOLD:
                bold_depth -= 1
            text = element.tail
        if text:
            started = True
            if buffer or not text.isspace():
                buffer.append(text)
            if link_depth:
                link_chars += len(text)
            if bold_depth:
                bold_chars += len(text)
    if buffer:
        flush()


_TELLING = frozenset(("class", "id", "role", "itemprop", "style", "hidden", "aria-hidden"))


def _own_hints(element: etree._Element, tag: str) -> int:
    found = 0
    role = itemprop = None
    for name, value in element.items():
        if name not in _TELLING:
            continue
        if name == "class" or name == "id":
            if tag != "body" and tag != "html":
                found |= class_bits(value)
        elif name == "role":
            role = value
        elif name == "itemprop":
            itemprop = value
        elif name == "style":
            if "none" in value and "display" in value:
                found |= BITS["hidden"]
        elif name == "hidden" or (name == "aria-hidden" and value == "true"):
            found |= BITS["hidden"]
    if named := role or itemprop:
        found |= class_bits(named)
    return found


def _ends_line(buffer: list[str]) -> bool:
    """Whether a line break ends a paragraph: the second of two, or one after a sentence."""
    return not buffer or not buffer[-1].strip() or buffer[-1].rstrip().endswith(_SENTENCE_END)
