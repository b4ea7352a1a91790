"""What can be seen of the blocks of an HTML page: a row of numbers for each, which the block model weighs.

The ideas are those of readability (containers that hold much prose and few links), of boilerpipe and dragnet (text and link density of a block and its
neighbours), and of CETD (repeated structure); the headline, found by the page's own titles, anchors them. No feature depends on a language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from transforms.clean.html_hints import BITS, bits
from transforms.clean.html_tree import Piece, Tree

Floats = npt.NDArray[np.float32]

_ENDS = frozenset(".?!।॥…\"”’'»)。؟۔")
_SENTENCE_MARKS = (". ", "? ", "! ", "।", "。", "؟", "۔")
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


@dataclass(slots=True)
class Seen:
    """The blocks of a page, looked at."""

    matrix: Floats  # a row per block
    title: int | None  # index of the headline
    hints: list[int]  # per block: what its element and the ancestors say, but for wrappers of most of the page


def see(tree: Tree, titles: Iterable[str]) -> Seen:
    """Looks at the blocks of a page.

    Args:
        tree: the page; it has blocks.
        titles: every title that the page declares.
    """
    pieces = tree.pieces
    words = [0] * len(tree.tags)
    for piece in pieces:
        words[piece.element] += piece.text.count(" ") + 1
    _add_up(words, tree.parents)
    path, calm = _inherited_hints(tree, words)
    title, strength = _find_title(tree, titles)
    texts = _Texts(tree, calm)
    columns = [*texts.columns, *_containers(tree, texts, calm, title)]
    hints = [path[p.element] | p.hints for p in pieces]
    columns += _hint_columns(tree, hints)
    matrix = np.array(columns, dtype=np.float32).T
    return Seen(np.hstack((matrix, _neighbours(matrix))), title if strength else None, hints)


def _add_up(values: list, parents: Sequence[int]) -> None:
    """Adds every element's value to its ancestors'."""
    for i in range(len(values) - 1, 0, -1):
        values[parents[i]] += values[i]


def _inherited_hints(tree: Tree, words: Sequence[int]) -> tuple[list[int], list[int]]:
    """What an element and its ancestors say: as it stands, and with inner "content" overruling outer noise. Wrappers of half the page say nothing of a block."""
    half = words[0] / 2
    path, calm = [0] * len(words), [0] * len(words)
    for i in range(1, len(words)):
        own, parent = tree.hints[i], tree.parents[i]
        if words[i] > half:
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

    def __init__(self, tree: Tree, calm: Sequence[int]) -> None:
        pieces = tree.pieces
        self.words = [0] * len(pieces)
        self.links = [0.0] * len(pieces)  # share of the characters
        self.prose = [0.0] * len(pieces)  # words of running text
        self.repeats = [0] * len(pieces)
        seen: dict[str, int] = {}
        rows = []
        checks = 0
        for i, piece in enumerate(pieces):
            text, element = piece.text, piece.element
            size = len(text)
            words = text.count(" ") + 1
            if size > words * 14:  # written without spaces
                words = size // 6
            links = piece.link_chars / size
            sentences = sum(map(text.count, _SENTENCE_MARKS)) if size > 20 else 0
            prose = 0.0
            if words >= _MIN_PROSE_WORDS and links < 0.5 and (sentences or text[-1] in _ENDS):
                prose = words * (1 - links)
                if tree.tags[element] == "li":
                    prose *= 0.5
                if calm[element] & _HARD:
                    prose *= 0.15
            before = seen.setdefault(text, i)
            if before != i and size > _MIN_REPEAT_CHARS:
                self.repeats[i] = 2
                self.repeats[before] = max(self.repeats[before], 1)
                prose *= 0.3
            if size > _GLUED_CHARS and checks < _MAX_GLUE_CHECKS:
                checks += 1
                if any(len(p.text) > 80 and p.text in text for p in pieces[max(0, i - 300) : i]):
                    self.repeats[i] = 3
                    prose *= 0.1
            self.words[i], self.links[i], self.prose[i] = words, links, prose
            rows.append((words, size, links, prose, piece.bold_chars / size, piece.links, size / words, text[0].isupper(), len(re.findall(r"\d", text[:80])), text[-1] == ":", text[-1] == "…" or text.endswith("..."), sentences / words, _TAG_CODES.get(tree.tags[element], _OTHER_TAG)))  # fmt: skip
        self.columns = [*np.array(rows, dtype=np.float32).T, np.array(self.repeats, dtype=np.float32)]


def _containers(tree: Tree, texts: _Texts, calm: Sequence[int], title: int) -> list[Floats]:
    """Where the blocks stand: in the page, to the headline, to the container with the most prose, and among elements of the same kind."""
    tags, parents, pieces = tree.tags, tree.parents, tree.pieces
    count, size = len(pieces), len(tags)
    words, links, prose, blocks, linked = [0.0] * size, [0.0] * size, [0.0] * size, [0] * size, [0] * size
    for i, piece in enumerate(pieces):
        e = piece.element
        words[e] += texts.words[i]
        links[e] += texts.words[i] * texts.links[i]
        prose[e] += texts.prose[i]
        blocks[e] += 1
        linked[e] += tags[e] in _HEADINGS and texts.links[i] > 0.8
    own_prose = prose[:]
    by_parent = _Kin(size)
    by_shape = _Kin(size)
    article, articles = [0] * size, [0]
    for e in range(1, size):
        p = parents[e]
        q = parents[p]
        by_parent.add(e, (p, tags[e]), words[e], prose[e], links[e], blocks[e])
        by_shape.add(e, (parents[q], tags[e], tags[p], tree.hints[p], tags[q]), words[e], prose[e], links[e], blocks[e])
        article[e] = article[p]
        if tags[e] == "article":
            article[e] = len(articles)
            articles.append(e)
    for values in (words, links, prose, blocks, linked):
        _add_up(values, parents)
    total = prose[0] or 1.0
    best = max((e for e in range(1, size) if prose[e] > 0.6 * total), default=0)
    anchor = pieces[title].element
    title_up, title_down = _distances(anchor, parents)
    after = [False] * size
    for piece in pieces[title:]:
        e = piece.element
        while not after[e]:
            after[e] = True
            e = parents[e]
    rank = [0.0] * size  # as readability ranks containers
    for e in range(1, size):
        if own_prose[e]:
            p = parents[e]
            rank[p] += own_prose[e]
            rank[parents[p]] += own_prose[e] / 2
    rank[0] = 0.0
    for e in range(1, size):
        if rank[e]:
            rank[e] *= (
                (1 - links[e] / (words[e] or 1)) * (0.5 if calm[e] & _NOISE else 1) * (1.25 if tree.hints[e] & BITS["content"] else 1)
            )
            rank[e] *= 0.5 if not after[e] else 1.5 if title_up[e] + title_down[e] < 8 else 1
    top = max(range(size), key=rank.__getitem__)
    top_up, top_down = _distances(top, parents)
    best_up, _ = _distances(best, parents)

    array = np.array
    e0 = array([p.element for p in pieces])
    up = array(parents)
    e1 = up[e0]
    e2 = up[e1]
    e3 = up[e2]
    e4 = up[e3]
    w, k, b = array(words), array(links), array(blocks)
    m = array(prose) / total
    share, density, log_words, heads = k / np.maximum(w, 1), m * total / np.maximum(w, 1), np.log1p(w), array(linked)
    r = array(rank) / (rank[top] or 1)
    code = array([_TAG_CODES.get(t, _OTHER_TAG) for t in tags])
    index = np.arange(count)
    own_words = array(texts.words, dtype=float)
    passed = np.cumsum(own_words) - own_words
    near = np.flatnonzero((array(texts.prose) > 0) & (array(top_up)[e0] == 0) & (array(top_down)[e0] <= 2))
    first, last = (int(near[0]), int(near[-1])) if len(near) else (0, count)
    ordinal = array(article)[e0]
    n = np.maximum(b, 1)
    columns = [
        index / count, passed / max(1, own_words.sum()), index - title, passed - passed[title],
        index - first, index - last, (index - first) / max(1, last - first),
        array(top_up)[e0], array(top_down)[e0], array(best_up)[e0], array(title_down)[e0],
        r[e1], r[e2], r[e3], m[e0], m[e1], m[e2], m[e3], m[e4], density[e0], density[e1], density[e2],
        share[e0], share[e1], share[e2], share[e3], log_words[e1], log_words[e2], log_words[e3], b[e1], b[e2], b[e3], (w / n)[e2], (heads / n)[e2],
        code[e1], code[e2], array(tree.depths)[e0], ordinal, w[array(articles)][ordinal] / max(1, w[0]), np.full(count, total), np.full(count, total / max(1, w[0])),
        *by_parent.columns(e0, total), *by_shape.columns(e0, total),
    ]  # fmt: skip
    return [column.astype(np.float32) for column in columns]


class _Kin:
    """Sums over elements of one kind, told by a key."""

    def __init__(self, size: int) -> None:
        self.first: dict[tuple, int] = {}
        self.group = [0] * size
        self.words, self.prose, self.links, self.blocks = [0.0] * size, [0.0] * size, [0.0] * size, [0] * size

    def add(self, element: int, key: tuple, words: float, prose: float, links: float, blocks: int) -> None:
        first = self.first.setdefault(key, element)
        self.group[element] = first
        self.words[first] += words
        self.prose[first] += prose
        self.links[first] += links
        self.blocks[first] += blocks

    def columns(self, elements: npt.NDArray[np.int64], total: float) -> list[npt.NDArray[np.float64]]:
        group = np.array(self.group)[elements]
        words, prose = np.array(self.words)[group], np.array(self.prose)[group]
        some = np.maximum(words, 1)
        return [words, prose / total, np.array(self.blocks)[group], np.array(self.links)[group] / some, prose / some]


def _distances(anchor: int, parents: Sequence[int]) -> tuple[list[int], list[int]]:
    """For every element, the steps up from `anchor` and down again on the way to it."""
    size = len(parents)
    up, down, known = [0] * size, [0] * size, {}
    e, steps = anchor, 0
    while e not in known:
        known[e] = steps
        e, steps = parents[e], steps + 1
    for i in range(size):
        if i in known:
            up[i] = known[i]
        else:
            up[i], down[i] = up[parents[i]], down[parents[i]] + 1
    return up, down


def _hint_columns(tree: Tree, hints: Sequence[int]) -> list[Floats]:
    """For each group: 0 where nothing says it, up to 4 where the block's own element does."""
    own = [tree.hints[p.element] | p.hints for p in tree.pieces]
    one = [o | tree.hints[tree.parents[p.element]] for o, p in zip(own, tree.pieces, strict=True)]
    three = [_near(tree, p, o) for o, p in zip(one, tree.pieces, strict=True)]
    stacked = np.array((own, one, three, hints))
    return [((stacked & BITS[name]) > 0).sum(axis=0).astype(np.float32) for name in _SEEN_HINTS]


def _near(tree: Tree, piece: Piece, found: int) -> int:
    second = tree.parents[tree.parents[piece.element]]
    return found | tree.hints[second] | tree.hints[tree.parents[second]]


# Columns that the neighbours' rows lend: links, prose, tag; steps to the top container, its rank, kin's prose.
_LENT = (2, 3, 12, 21, 22, 25, 56)


def _neighbours(matrix: Floats) -> Floats:
    lent = np.pad(matrix[:, _LENT], ((2, 2), (0, 0)), constant_values=-1)
    count = len(matrix)
    return np.hstack([lent[2 + step : 2 + step + count] for step in (-2, -1, 1, 2)])
