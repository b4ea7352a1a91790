"""An HTML page, read: its blocks with the evidence of the markup, what it declares about itself, and whether it is an article at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from transforms.clean.blocks import SURE, Block, HtmlPage, text_blocks
from transforms.clean.html_features import Seen, see
from transforms.clean.html_kinds import markup_kind
from transforms.clean.html_metadata import Declared, declared
from transforms.clean.html_model import trees
from transforms.clean.html_tree import Tree, block_tree, without_code
from transforms.records import RemovedKind

_MARKUP = re.compile(r"<[^<>]*>")
THRESHOLD = 0.4  # of Block.main, from which a block counts as part of the article
_DOUBT = 0.15  # of Block.main, from which the text of a block is looked at, too
_REACH = 5  # blocks around such a block and the headline: bylines, dates, topics
_MIN_BODY_CHARS = 300  # of an articleBody that may stand in for the page's own text
_MIN_HIDDEN_SHARE = 0.5  # of an articleBody that the page must show, else the articleBody is the text
_MIN_TEXT_CHARS = 200  # of a page that declares itself a video and is an article all the same
_LINKED = 0.8  # share of a block's characters inside links, from which it is a link and no text
_MIN_HEADLINE_CHARS = 25
_MIN_PARAGRAPH_CHARS = 80
_MIN_LISTED = 6  # linked headlines of a page that declares itself a list; twice as many without that


@dataclass(slots=True)
class OpenPage:
    """A page, parsed and looked at."""

    tree: Tree
    declared: Declared
    seen: Seen | None  # None when the page has no text


def open_page(html: str, url: str | None = None) -> OpenPage:
    """Parses a page and looks at its blocks; the first half of `html_blocks`."""
    tree = block_tree(html)
    says = declared(tree, url)
    return OpenPage(tree, says, see(tree, says.headlines) if tree.pieces else None)


def html_blocks(html: str, url: str | None = None) -> HtmlPage:
    """Reads an HTML page.

    Args:
        html: the decoded page, however malformed.
        url: its web address, if known.

    Returns:
        The page's blocks in order, each with the likelihood that it belongs to the article; what the page declares about itself; and the reason why it
        is no article, if it is none.
    """
    page = open_page(html, url)
    meta = page.declared.meta
    if page.tree.cut_off:
        # deeper than libxml2 goes: the text without any evidence
        return HtmlPage(text_blocks(unescape(_MARKUP.sub("\n", without_code(html)))), meta=meta)
    if page.seen is None:
        body = page.declared.article_body
        return HtmlPage(_body_blocks(body) if body else [], meta=meta)
    likely = trees().probabilities(page.seen.matrix).tolist()
    tree = page.tree
    blocks = [Block(p.text, tree.tags[p.element], markup_kind(tree, p), m) for p, m in zip(tree.pieces, likely, strict=True)]
    if page.declared.article_body:
        blocks = _with_body(blocks, page.declared.article_body, page.seen.title)
    near, far = _apart(blocks, page.seen.title)
    return HtmlPage(near, far, meta, _not_an_article(page, blocks))


def _apart(blocks: list[Block], title: int | None) -> tuple[list[Block], list[tuple[int, RemovedKind, str]]]:
    """Parts the blocks that need a second look from those far from any text, which are the most of most pages."""
    reach = [False] * len(blocks)
    for i, block in enumerate(blocks):
        if i == title or (block.main or 0.0) >= _DOUBT:
            reach[max(0, i - _REACH) : i + _REACH + 1] = [True] * len(blocks[max(0, i - _REACH) : i + _REACH + 1])
    if not any(reach):
        return blocks, []
    near: list[Block] = []
    far: list[tuple[int, RemovedKind, str]] = []
    for block, close in zip(blocks, reach, strict=True):
        if close:
            near.append(block)
        else:
            far.append((len(near), block.kind or "teaser", block.text))
    return near, far


def _body_blocks(body: str) -> list[Block]:
    """The text of a JSON-LD `articleBody`, which may be HTML, escaped twice."""
    if "&lt;" in body:
        body = unescape(body)
    if "</p>" in body or "<br" in body or "<div" in body:
        found = [Block(p.text, "p") for p in block_tree(body).pieces]
    else:
        found = text_blocks(body)
    for block in found:
        block.tag, block.main = "p", SURE
    return found


def _with_body(blocks: list[Block], body: str, title: int | None) -> list[Block]:
    """Weighs the articleBody: it confirms blocks that it contains, and stands in for a text that the page does not show."""
    own = _body_blocks(body)
    whole = _squeeze("".join(b.text for b in own))
    shown = 0
    for block in blocks:
        if len(block.text) > 40 and (key := _squeeze(block.text)) in whole:
            shown += len(key)
            block.main = max(block.main or 0.0, SURE)
    if len(whole) < _MIN_BODY_CHARS or shown >= _MIN_HIDDEN_SHARE * len(whole):
        return blocks
    if sum(len(b.text) for b in blocks if (b.main or 0) >= THRESHOLD) >= len(whole):
        return blocks
    for block in blocks:
        block.main = 0.0
    place = 0 if title is None else title + 1
    return blocks[:place] + own + blocks[place:]


def _squeeze(text: str) -> str:
    return "".join(text.split())


def _not_an_article(page: OpenPage, blocks: list[Block]) -> str | None:
    """Why the page is no article, or None. A page that declares an article is taken at its word.

    On a list page every running text stands between linked headlines; in an article several paragraphs follow one another.
    """
    says = page.declared
    if says.says_article:
        return None
    if says.says_video and sum(len(b.text) for b in blocks if (b.main or 0.0) >= THRESHOLD) < _MIN_TEXT_CHARS:
        return "a video page without a text"
    headlines = longest = run = 0
    for piece in page.tree.pieces:
        if piece.link_chars >= _LINKED * len(piece.text):
            headlines += len(piece.text) >= _MIN_HEADLINE_CHARS
            run = 0
        elif len(piece.text) >= _MIN_PARAGRAPH_CHARS:
            run += len(piece.text)
            longest = max(longest, run)
    if headlines >= (_MIN_LISTED if says.says_list else 2 * _MIN_LISTED) and longest < _MIN_BODY_CHARS:
        return f"a list of {headlines} linked headlines"
    return None
