"""From HTML to a list of text blocks and the tree of block elements around them, in one pass of libxml2's parser and one walk, both iterative."""

from __future__ import annotations

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
_CODE = ("script", "style", "svg", "noscript")  # the bulk of most pages; cut before parsing, which halves the time
_DROPPED = dict.fromkeys(map(ord, "\x00\ufeff\u200b\u2060\u00ad"))
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
    source = _without_code(html).encode("utf-8", "replace")
    # A parser each time: one that is kept grows its table of names with every page.
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(source, parser)
    except (etree.XMLSyntaxError, ValueError):  # an empty document
        return None, False
    last = parser.error_log.last_error
    return root, last is not None and "depth" in last.message.lower()


def _without_code(html: str) -> str:
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
    buffer: list[str] = []
    link_depth = bold_depth = link_chars = bold_chars = links = inline = 0
    walker = etree.iterwalk(root, events=("start", "end"))

    def flush() -> None:
        nonlocal link_chars, bold_chars, links, inline
        if buffer:
            text = " ".join("".join(buffer).translate(_DROPPED).split())
            buffer.clear()
            if text:
                size = len(text)
                pieces.append(Piece(text, stack[-1], min(link_chars, size), links, min(bold_chars, size), inline))
        link_chars = bold_chars = links = inline = 0

    for event, element in walker:
        tag = element.tag
        block = tag in BLOCK or "-" in tag
        if event == "start":
            if tag in SKIPPED:
                walker.skip_subtree()
                continue
            own = _own_hints(element, tag) if element.attrib else 0
            if block:
                flush()
                parent = stack[-1]
                stack.append(len(tags))
                tags.append(tag)
                parents.append(parent)
                hints.append(own | TAG_BITS.get(tag, 0))
                depths.append(depths[parent] + 1)
            else:
                if own and not buffer:
                    inline |= own
                if tag == "a":
                    link_depth += 1
                    links += 1
                elif tag == "b" or tag == "strong":
                    bold_depth += 1
                elif tag == "br":
                    if _ends_line(buffer):
                        flush()
                    else:
                        buffer.append("\n")
            text = element.text
        else:
            if block:
                flush()
                stack.pop()
            elif tag == "a":
                link_depth -= 1
            elif tag == "b" or tag == "strong":
                bold_depth -= 1
            text = element.tail
        if text:
            buffer.append(text)
            if link_depth:
                link_chars += len(text)
            if bold_depth:
                bold_chars += len(text)
    flush()


def _own_hints(element: etree._Element, tag: str) -> int:
    get = element.get
    found = 0
    if tag != "body" and tag != "html":
        if value := get("class"):
            found = class_bits(value)
        if value := get("id"):
            found |= class_bits(value)
    if value := get("role") or get("itemprop"):
        found |= class_bits(value)
    style = get("style")
    if (style and "none" in style and "display" in style) or get("hidden") is not None or get("aria-hidden") == "true":
        found |= BITS["hidden"]
    return found


def _ends_line(buffer: list[str]) -> bool:
    """Whether a line break ends a paragraph: the second of two, or one after a sentence."""
    return bool(buffer) and (not buffer[-1].strip() or buffer[-1].rstrip().endswith(_SENTENCE_END))
