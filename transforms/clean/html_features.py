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
from transforms.clean.html_tree import Piece, Tree

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
    for e in range(len(words) - 1, 0, -1):
        words[tree.parents[e]] += words[e]
    path, calm = _inherited_hints(tree, words)
    title, strength = _find_title(tree, titles)
    texts = _Texts(tree, calm)
    columns: list[npt.NDArray[Any]] = [*texts.columns, *_containers(tree, texts, calm, title)]
    hints = [path[p.element] | p.hints for p in pieces]
    columns += _hint_columns(tree, hints)
    matrix = np.array(columns, dtype=np.float32).T
    return Seen(np.hstack((matrix, _neighbours(matrix))), title if strength else None, hints)


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
            sentences = sum(map(text.count, _SENTENCE_MARKS[:3] if text.isascii() else _SENTENCE_MARKS)) if size > 20 else 0
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
            rows.append((words, size, links, prose, piece.bold_chars / size, piece.links, size / words, text[0].isupper(), len(_DIGIT.findall(text, 0, 80)), text[-1] == ":", text[-1] == "…" or text.endswith("..."), sentences / words, _TAG_CODES.get(tree.tags[element], _OTHER_TAG)))  # fmt: skip
        self.columns = [*np.array(rows, dtype=np.float32).T, np.array(self.repeats, dtype=np.float32)]


def _containers(tree: Tree, texts: _Texts, calm: Sequence[int], title: int) -> list[npt.NDArray[Any]]:
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
    own_sums = [np.array(values, dtype=float) for values in (words, prose, links, blocks)]
    grand = [parents[p] for p in parents]
    by_parent = _Kin(zip(parents, tags, strict=True))
    above = ([parents[g] for g in grand], [tags[p] for p in parents], [tree.hints[p] for p in parents], [tags[g] for g in grand])
    by_shape = _Kin(zip(tags, *above, strict=True))
    article, articles = [0] * size, [0]
    for e in range(1, size):
        p = parents[e]
        article[e] = article[p]
        if tags[e] == "article":
            article[e] = len(articles)
            articles.append(e)
    for e in range(size - 1, 0, -1):
        if blocks[e]:
            p = parents[e]
            words[p] += words[e]
            links[p] += links[e]
            prose[p] += prose[e]
            blocks[p] += blocks[e]
            linked[p] += linked[e]
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
    w, k, b, m, r, heads = array((words, links, blocks, prose, rank, linked))
    m /= total
    share, density, log_words = k / np.maximum(w, 1), m * total / np.maximum(w, 1), np.log1p(w)
    r /= rank[top] or 1
    code = array([_TAG_CODES.get(t, _OTHER_TAG) for t in tags])
    index = np.arange(count)
    own_words = array(texts.words, dtype=float)
    passed = np.cumsum(own_words) - own_words
    to_top, from_top, to_best, from_title, depth, ordinal = array((top_up, top_down, best_up, title_down, tree.depths, article))[:, e0]
    near = np.flatnonzero((array(texts.prose) > 0) & (to_top == 0) & (from_top <= 2))
    first, last = (int(near[0]), int(near[-1])) if len(near) else (0, count)
    n = np.maximum(b, 1)
    columns = [
        index / count, passed / max(1, own_words.sum()), index - title, passed - passed[title],
        index - first, index - last, (index - first) / max(1, last - first),
        to_top, from_top, to_best, from_title,
        r[e1], r[e2], r[e3], m[e0], m[e1], m[e2], m[e3], m[e4], density[e0], density[e1], density[e2],
        share[e0], share[e1], share[e2], share[e3], log_words[e1], log_words[e2], log_words[e3], b[e1], b[e2], b[e3], (w / n)[e2], (heads / n)[e2],
        code[e1], code[e2], depth, ordinal, w[array(articles)][ordinal] / max(1, w[0]), np.full(count, total), np.full(count, total / max(1, w[0])),
        *by_parent.columns(e0, own_sums, total), *by_shape.columns(e0, own_sums, total),
    ]  # fmt: skip
    return columns


class _Kin:
    """Sums over elements of one kind, told by a key."""

    def __init__(self, keys: Iterable[tuple]) -> None:
        """Takes the kind of every element."""
        first: dict[tuple, int] = {}
        self.group = np.array([first.setdefault(key, len(first)) for key in keys])

    def columns(self, elements: Integers, sums: Sequence[npt.NDArray[Any]], total: float) -> list[npt.NDArray[Any]]:
        """For the kin of each of `elements`: from every element's words, prose, links and blocks."""
        group = self.group[elements]
        words, prose, links, blocks = (np.bincount(self.group, values)[group] for values in sums)
        some = np.maximum(words, 1)
        return [words, prose / total, blocks, links / some, prose / some]


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
    return list(((stacked & _SEEN_BITS) > 0).sum(axis=1, dtype=np.float32))


def _near(tree: Tree, piece: Piece, found: int) -> int:
    second = tree.parents[tree.parents[piece.element]]
    return found | tree.hints[second] | tree.hints[tree.parents[second]]


# Columns that the neighbours' rows lend: links, prose, tag; steps to the top container, its rank, kin's prose.
_LENT = (2, 3, 12, 21, 22, 25, 56)


def _neighbours(matrix: Floats) -> Floats:
    lent = np.pad(matrix[:, _LENT], ((2, 2), (0, 0)), constant_values=-1)
    count = len(matrix)
    return np.hstack([lent[2 + step : 2 + step + count] for step in (-2, -1, 1, 2)])
