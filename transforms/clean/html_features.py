"""What can be seen of the blocks of an HTML page: a row of numbers for each, which the block model weighs.

The ideas are those of readability (containers that hold much prose and few links), of boilerpipe and dragnet (text and link density of a block and its
neighbours), and of CETD (repeated structure); the headline, found by the page's own titles, anchors them. No feature depends on a language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from transforms.clean.html_hints import BITS, bits
from transforms.clean.html_tree import Tree

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]

_ENDS = frozenset(".?!।॥…\"”’'»)。؟۔")
_SENTENCE_MARKS = (". ", "? ", "! ", "।", "。", "؟", "۔")
_DIGIT = re.compile(r"\d")
_NOT_TEXT = re.compile(r"[^\w]+")  # both sides of a comparison go through it, so vowel signs may be lost
_NOISE = bits("comment", "share", "related", "ad", "nav", "footer", "signup", "sidebar", "hidden")
_HARD = bits("comment", "footer", "related", "hidden", "nav")
_SOFT = bits("related", "sidebar", "nav", "ad", "share", "signup")  # said of a wrapper that an inner "content" overrules
_CONTENT = bits("content", "main")
_SEEN_HINTS = (
    "caption",
    "sidebar",
    "related",
    "more",
    "video",
    "share",
    "nav",
    "fact",
    "title",
    "tag",
    "comment",
    "footer",
    "byline",
    "hidden",
    "signup",
    "summary",
)
_SEEN_BITS = np.array([BITS[name] for name in _SEEN_HINTS])[:, None, None]
_TAG_CODES = {tag: code for code, tags in enumerate((
    "p", "li", "td th", "div section article main", "h1", "h2", "h3", "h4 h5 h6", "dt dd", "blockquote", "button label", "figcaption caption", "footer",
    "ul ol tr", "header",
)) for tag in tags.split()}  # fmt: skip
_OTHER_TAG = 16
_HEADINGS = frozenset(("h2", "h3", "h4", "h5"))
_TITLE_STRENGTH = {"h1": 3, "h2": 2, "h3": 2}
_MIN_PROSE_WORDS = 10
_MIN_TITLE_CHARS, _MAX_TITLE_CHARS = 8, 400
_GLUED_CHARS = 800  # a block of this size may hold the whole text once more, for search engines
_MIN_REPEAT_CHARS = 25
_MAX_GLUE_CHECKS = 20
_PLACES = 6  # of a block's numbers that are summed up over elements, so that nothing is left of a sum of nothing


@dataclass(slots=True)
class Seen:
    """The blocks of a page, looked at."""

    matrix: Floats  # a row per block
    title: int | None  # index of the headline


def see(tree: Tree, titles: Iterable[str]) -> Seen:
    """Looks at the blocks of a page.

    Args:
        tree: the page; it has blocks.
        titles: every title that the page declares.
    """
    nodes = _Nodes(tree)
    path, calm = _inherited_hints(tree, nodes.sums(np.array([piece.text.count(" ") + 1 for piece in tree.pieces])).tolist())
    title, strength = _find_title(tree, titles)
    texts = _Texts(tree, nodes, calm)
    columns = [*texts.columns, *_containers(tree, nodes, texts, calm, title), *_hint_columns(tree, nodes, path)]
    matrix = np.array(columns, dtype=np.float32).T
    return Seen(np.hstack((matrix, _neighbours(matrix))), title if strength else None)


class _Nodes:
    """The elements of a page as arrays. Blocks and elements stand in document order, so that each element holds a range of both."""

    def __init__(self, tree: Tree) -> None:
        self.parents = np.array(tree.parents)
        self.depths = np.array(tree.depths)
        self.hints = np.array(tree.hints)
        self.codes = np.array([_TAG_CODES.get(tag, _OTHER_TAG) for tag in tree.tags])
        self.starts, self.ends = np.array(tree.starts), np.array(tree.ends)
        self.lasts = np.array(tree.lasts)
        self.of_pieces = np.array([piece.element for piece in tree.pieces])

    def sums(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """For every element, the sum over the blocks in it."""
        passed = np.concatenate(((0,), np.cumsum(values)))
        return passed[self.ends] - passed[self.starts]

    def own_sums(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """For every element, the sum over the blocks that stand in no inner element."""
        return np.bincount(self.of_pieces, values, len(self.parents))


def _inherited_hints(tree: Tree, words: Sequence[int]) -> tuple[list[int], list[int]]:
    """What an element and its ancestors say: as it stands, and with inner "content" overruling outer noise. Wrappers of half the page say nothing of a block."""
    half = words[0] / 2
    path, calm = [0] * len(words), [0] * len(words)
    for i, (own, parent, size) in enumerate(zip(tree.hints, tree.parents, words, strict=True)):
        if size > half:
            own &= ~_NOISE
        path[i] = path[parent] | own
        calm[i] = ((calm[parent] & ~_SOFT) if own & _CONTENT else calm[parent]) | own
    return path, calm


def _key(text: str) -> str:
    return _NOT_TEXT.sub("", text).lower()


def _find_title(tree: Tree, titles: Iterable[str]) -> tuple[int, int]:
    """The block that says what the page declares as its title, and how strong its element is; strength 0: none."""
    keys = [key for key in map(_key, titles) if len(key) >= _MIN_TITLE_CHARS]
    best, strength = 0, 0
    if not keys:
        return best, strength
    for i, piece in enumerate(tree.pieces):
        found = _TITLE_STRENGTH.get(tree.tags[piece.element], 1)
        if found <= strength or not _MIN_TITLE_CHARS < len(piece.text) <= _MAX_TITLE_CHARS:
            continue
        key = _key(piece.text)
        if len(key) >= _MIN_TITLE_CHARS and any(
            k.startswith(key) or (len(k) > 15 and key.startswith(k)) or (len(key) > 25 and key in k) for k in keys
        ):
            best, strength = i, found
    return best, strength


class _Texts:
    """The blocks by themselves."""

    def __init__(self, tree: Tree, nodes: _Nodes, calm: Sequence[int]) -> None:
        pieces, tags = tree.pieces, tree.tags
        repeats = [0] * len(pieces)
        seen: dict[str, int] = {}
        rows = []
        checks = 0
        for i, (text, element, link_chars, links, bold_chars, _) in enumerate(pieces):
            size = len(text)
            words = text.count(" ") + 1
            if size > words * 14:  # written without spaces
                words = size // 6
            sentences = sum(map(text.count, _SENTENCE_MARKS[:3] if text.isascii() else _SENTENCE_MARKS)) if size > 20 else 0
            last = text[-1]
            prose = 0.0
            if words >= _MIN_PROSE_WORDS and link_chars < 0.5 * size and (sentences or last in _ENDS):
                prose = words * (1 - link_chars / size)
                if tags[element] == "li":
                    prose *= 0.5
                if calm[element] & _HARD:
                    prose *= 0.15
            before = seen.setdefault(text, i)
            if before != i and size > _MIN_REPEAT_CHARS:
                repeats[i] = 2
                repeats[before] = max(repeats[before], 1)
                prose *= 0.3
            if size > _GLUED_CHARS and checks < _MAX_GLUE_CHECKS:
                checks += 1
                if any(len(p.text) > 80 and p.text in text for p in pieces[max(0, i - 300) : i]):
                    repeats[i] = 3
                    prose *= 0.1
            digits = len(_DIGIT.findall(text, 0, 80))
            rows.append((words, size, link_chars, prose, bold_chars, links, text[0].isupper(), digits, last == ":", last == "…" or text.endswith("..."), sentences))  # fmt: skip
        table = np.array(rows, dtype=float).T
        words, sizes, link_chars, prose, bold_chars, links, upper, digits, colon, cut, sentences = table
        self.words = words
        self.links = link_chars / sizes  # share of the characters
        self.prose = np.round(prose, _PLACES)  # words of running text
        self.columns = [words, sizes, self.links, self.prose, bold_chars / sizes, links, sizes / words, upper, digits, colon, cut, sentences / words, nodes.codes[nodes.of_pieces], np.array(repeats)]  # fmt: skip


def _containers(tree: Tree, nodes: _Nodes, texts: _Texts, calm: Sequence[int], title: int) -> list[npt.NDArray[Any]]:
    """Where the blocks stand: in the page, to the headline, to the container with the most prose, and among elements of the same kind."""
    tags, parents, pieces, hints = tree.tags, tree.parents, tree.pieces, tree.hints
    e0, up = nodes.of_pieces, nodes.parents
    linked = np.array([tags[p.element] in _HEADINGS for p in pieces]) & (texts.links > 0.8)
    own = (texts.words, texts.prose, np.round(texts.words * texts.links, _PLACES), np.ones(len(pieces)))
    w, m, k, b = map(nodes.sums, own)
    heads = nodes.sums(linked)
    total = m[0] or 1.0
    best = int(np.flatnonzero(m > 0.6 * total)[-1]) if m[0] else 0
    title_up, title_down = _distances(nodes, pieces[title].element)
    after = nodes.ends > np.maximum(title, nodes.starts)  # holds the headline or a block behind it
    prose = nodes.own_sums(texts.prose)  # as readability ranks containers
    rank = np.bincount(up, prose, len(up)) + np.bincount(up[up], prose, len(up)) / 2
    rank *= 1 - k / np.maximum(w, 1)
    rank *= np.where(np.array(calm) & _NOISE, 0.5, 1) * np.where(nodes.hints & BITS["content"], 1.25, 1)
    rank *= np.where(after, np.where(title_up + title_down < 8, 1.5, 1), 0.5)
    rank[0] = 0.0
    top = int(np.argmax(rank))
    top_up, top_down = _distances(nodes, top)
    best_up, _ = _distances(nodes, best)
    article, articles = [0] * len(up), [0]
    for e, (tag, parent) in enumerate(zip(tags, parents, strict=True)):
        article[e] = article[parent]
        if tag == "article":
            article[e] = len(articles)
            articles.append(e)

    e1 = up[e0]
    e2 = up[e1]
    e3 = up[e2]
    e4 = up[e3]
    m = m / total
    share, density, log_words = k / np.maximum(w, 1), m * total / np.maximum(w, 1), np.log1p(w)
    r = rank / (rank[top] or 1)
    count = len(pieces)
    index = np.arange(count)
    passed = np.cumsum(texts.words) - texts.words
    to_top, from_top, to_best, from_title, depth, ordinal = np.array((top_up, top_down, best_up, title_down, nodes.depths, article))[:, e0]
    near = np.flatnonzero((texts.prose > 0) & (to_top == 0) & (from_top <= 2))
    first, last = (int(near[0]), int(near[-1])) if len(near) else (0, count)
    n = np.maximum(b, 1)
    by_parent: dict[tuple, int] = {}
    by_shape: dict[tuple, int] = {}
    siblings, kin = [], []
    for piece in pieces:
        e = piece.element
        p = parents[e]
        g = parents[p]
        tag = tags[e]
        siblings.append(by_parent.setdefault((p, tag), len(by_parent)))
        kin.append(by_shape.setdefault((tag, parents[g], tags[p], hints[p], tags[g]), len(by_shape)))
    columns = [
        index / count, passed / max(1, texts.words.sum()), index - title, passed - passed[title],
        index - first, index - last, (index - first) / max(1, last - first),
        to_top, from_top, to_best, from_title,
        r[e1], r[e2], r[e3], m[e0], m[e1], m[e2], m[e3], m[e4], density[e0], density[e1], density[e2],
        share[e0], share[e1], share[e2], share[e3], log_words[e1], log_words[e2], log_words[e3], b[e1], b[e2], b[e3], (w / n)[e2], (heads / n)[e2],
        nodes.codes[e1], nodes.codes[e2], depth, ordinal, w[np.array(articles)][ordinal] / max(1, w[0]),
        np.full(count, total), np.full(count, total / max(1, w[0])), *_alike(siblings, own, total), *_alike(kin, own, total),
    ]  # fmt: skip
    return columns


def _alike(group: Sequence[int], own: Iterable[npt.NDArray[Any]], total: float) -> list[npt.NDArray[Any]]:
    """Of all blocks in the group of each block: words, share of the page's prose, number; share of links and prose in the words."""
    words, prose, links, blocks = (np.bincount(group, values)[group] for values in own)
    some = np.maximum(words, 1)
    return [words, prose / total, blocks, links / some, prose / some]


def _distances(nodes: _Nodes, anchor: int) -> tuple[Integers, Integers]:
    """For every element, the steps up from `anchor` and down again on the way to it."""
    holders: list[int] = []
    while anchor:
        holders.append(anchor)
        anchor = int(nodes.parents[anchor])
    size = len(nodes.parents)
    opened = np.bincount(np.array(holders, dtype=int), minlength=size + 1) - np.bincount(
        nodes.lasts[np.array(holders, dtype=int)], minlength=size + 1
    )
    meeting = np.cumsum(opened)[:size]  # depth of the innermost element that holds both
    return len(holders) - meeting, nodes.depths - meeting


def _hint_columns(tree: Tree, nodes: _Nodes, path: Sequence[int]) -> list[Floats]:
    """For each group: 0 where nothing says it, up to 4 where the block's own element does."""
    inline = np.array([piece.hints for piece in tree.pieces])
    e, up, hints = nodes.of_pieces, nodes.parents, nodes.hints
    own = hints[e] | inline
    one = own | hints[up[e]]
    third = up[up[e]]
    three = one | hints[third] | hints[up[third]]
    stacked = np.array((own, one, three, np.array(path)[e] | inline))
    return list(((stacked & _SEEN_BITS) > 0).sum(axis=1, dtype=np.float32))


# Columns that the neighbours' rows lend: links, prose, tag; steps to the top container, its rank, kin's prose.
_LENT = (2, 3, 12, 21, 22, 25, 56)


def _neighbours(matrix: Floats) -> Floats:
    lent = np.pad(matrix[:, _LENT], ((2, 2), (0, 0)), constant_values=-1)
    count = len(matrix)
    return np.hstack([lent[2 + step : 2 + step + count] for step in (-2, -1, 1, 2)])
