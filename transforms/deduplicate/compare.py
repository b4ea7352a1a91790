"""Whether two texts are tellings of one article, told from their sketches."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.deduplicate.sketch import KEYS, SAMPLE, Sketch
from transforms.records import DuplicateKind

INDEX_KEYS = 32  # a text's keys in the index of candidates
KEY_BYTES = 8  # of an index key; the lowest byte first, so that any part of it is evenly spread
SHARED_KEYS = 2  # candidates share at least so many
SAMPLED_TEXTS = 1000  # the frequency of shingles is told from so many texts

_SHARED = 0.22  # least share of the smaller text that stands in the other one
_SHINGLES = 15  # least number of common shingles …
_SHORT = 0.7  # … or this share of a text that has hardly more than that
_SAME = 0.65  # resemblance (Jaccard) from which two texts are the same one, whatever else they resemble
_CONFLICTS = 0.05  # largest share of figures that may differ between the same words
_FREQUENT = 0.01  # share of texts from which a shingle is a site's furniture …
_FREQUENT_TEXTS = 10  # … if it stands in more texts than this


class Match(NamedTuple):
    """Two texts that tell one article. `similarity`: share of the smaller one's shingles that the other has too."""

    similarity: float
    resemblance: float

    @property
    def kind(self) -> DuplicateKind:
        """What the smaller text is to the larger one."""
        return "near" if self.same else "contained"

    @property
    def same(self) -> bool:
        """Edited copies of each other, not only a part in common."""
        return self.resemblance >= _SAME


def compare(one: Sketch, other: Sketch, frequent: NDArray[np.uint32]) -> Match | None:
    """How much text the two have in common; None when too little, or when the same words stand around different figures.

    `frequent`: shingles that count for nothing, from `frequent_shingles`.
    """
    a, b = np.frombuffer(one.shingles, np.uint32), np.frombuffer(other.shingles, np.uint32)
    # a cut sample says nothing about hashes above its largest
    limit = min((int(sample[-1]) for sample in (a, b) if len(sample) == SAMPLE), default=None)
    a, b = own_shingles(a, frequent), own_shingles(b, frequent)
    if limit is not None:
        a, b = a[a <= limit], b[b <= limit]
    smaller = min(len(a), len(b))
    shared = int(stands_in(a, b).sum())
    if not shared or shared < _SHARED * smaller or shared < min(_SHINGLES, _SHORT * smaller) or _figures_differ(one.figures, other.figures):
        return None
    return Match(round(shared / smaller, 4), round(shared / (len(a) + len(b) - shared), 4))


def own_shingles(shingles: NDArray[np.uint32], frequent: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """`shingles` without the frequent ones; all of them if most are frequent, for then the text itself was published many times."""
    own = shingles[~stands_in(shingles, frequent)]
    return own if 2 * len(own) > len(shingles) else shingles


def stands_in(hashes: NDArray[np.uint32], ascending: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Which of `hashes` stand in the other array; several times as fast on arrays of this size as `np.isin`, which knows no order."""
    if not len(ascending):
        return np.zeros(len(hashes), np.bool_)
    return ascending[np.minimum(np.searchsorted(ascending, hashes), len(ascending) - 1)] == hashes


def index_keys(text: Sketch, frequent: NDArray[np.uint32]) -> list[bytes]:
    """The hashes by which the text is looked up: at most INDEX_KEYS of 8 bytes. Texts that share two of them are worth comparing."""
    keys = np.frombuffer(text.keys, np.uint64)
    if len(keys) < KEYS / 2:
        return [key.tobytes() for key in keys]
    upper = np.frombuffer(text.shingles, np.uint32)[: len(keys)]
    own = keys[stands_in(upper, own_shingles(upper, frequent))]
    return [key.tobytes() for key in own[:INDEX_KEYS]]


def frequent_shingles(texts: Collection[Sketch] | Iterable[Sketch]) -> NDArray[np.uint32]:
    """Shingles in more than 1 % of `texts` (a sample of different texts): menus, notices, teasers that a whole site prints."""
    texts = list(texts)
    if len(texts) <= _FREQUENT_TEXTS:
        return np.empty(0, np.uint32)
    shingles, counts = np.unique(np.concatenate([np.frombuffer(text.shingles, np.uint32) for text in texts]), return_counts=True)
    return shingles[counts > max(_FREQUENT_TEXTS, _FREQUENT * len(texts))]


def _figures_differ(one: bytes, other: bytes) -> bool:
    """Template texts repeat the words and change the figures; republished texts keep both."""
    a, b = _by_context(one), _by_context(other)
    common = a.keys() & b.keys()
    conflicts = sum(a[context].isdisjoint(b[context]) for context in common)
    return conflicts > _CONFLICTS * len(common)


def _by_context(figures: bytes) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for context, number in np.frombuffer(figures, np.uint32).reshape(-1, 2).tolist():
        found.setdefault(context, set()).add(number)
    return found
