"""What a block is, if it is no part of the article, as the markup has it."""

from __future__ import annotations

from transforms.clean.html_hints import bits
from transforms.clean.html_tree import Piece, Tree
from transforms.records import RemovedKind

# The first that an element says counts, and the nearest element that says anything. Comments go with what stands below an article.
_KINDS: tuple[tuple[int, RemovedKind], ...] = (
    (bits("comment", "footer"), "footer"),
    (bits("related"), "related"),
    (bits("share"), "share"),
    (bits("ad"), "ad"),
    (bits("nav"), "nav"),
    (bits("caption"), "caption"),
    (bits("tag"), "tag"),
    (bits("byline"), "byline"),
    (bits("date"), "date"),
    (bits("signup"), "promo"),
    (bits("sidebar", "more", "list"), "teaser"),
    (bits("header"), "nav"),
)
_ANY = sum(found for found, _ in _KINDS)
_REACH = 5  # elements
_MAX_META_CHARS = 120  # longer than any byline, date or list of topics
_META = frozenset(("tag", "byline", "date"))


def markup_kind(tree: Tree, piece: Piece) -> RemovedKind | None:
    """The kind that the nearest element says, or None."""
    found, element = tree.hints[piece.element] | piece.hints, piece.element
    for _ in range(_REACH):
        if found & _ANY:
            for mask, kind in _KINDS:
                if found & mask and not (kind in _META and len(piece.text) > _MAX_META_CHARS):
                    return kind
        element = tree.parents[element]
        found = tree.hints[element]
    return None
