"""What of a text takes part in comparisons: hashes of its word 5-grams, and its figures with the words around them.

Everything is computed on arrays of code points, because a Python loop over words would cost more than all the rest of the stage.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import regex
from numpy.typing import NDArray

from transforms.normalise import FOLDED_CHARACTERS, compose, fold_glides

Hashes = NDArray[np.uint64]

SHINGLE = 5  # words
SAMPLE = 512  # shingles that a sketch keeps: most news articles are kept whole
KEYS = 48  # of these, how many may serve as index keys
FIGURES = 128

_LIMIT = 0x30000  # no living script has letters above the third plane
_OUTSIDE, _LETTER, _DIGIT, _JOINER = range(4)
_DROPPED = _LIMIT  # stands for a code point that keys leave out
_BASE = np.uint64(0x100000001B3)
_NUMBER = np.uint64(1)  # stands for any number beside another one
_UPPER = np.uint64(32)


class Sketch(NamedTuple):
    """A text's bottom-k sketch (A. Broder, 1997): the smallest hashes of its shingles, which two texts pick alike.

    `keys`: the KEYS smallest, 8 bytes each. `shingles`: the upper 4 bytes of the SAMPLE smallest, ascending.
    `figures`: at most FIGURES pairs of 4 bytes: a hash of the two words before and after a number, and a hash of the number.
    """

    keys: bytes
    shingles: bytes
    figures: bytes


def sketch(text: str) -> Sketch:
    """The sketch of `text`. Spelling variants, case, punctuation and space make no difference (transforms.normalise)."""
    words, is_number = _words(text)
    hashes = np.unique(_shingles(words))[:SAMPLE]
    return Sketch(hashes[:KEYS].tobytes(), _upper(hashes).tobytes(), _figures(words, is_number).tobytes())


def _figures(words: Hashes, is_number: NDArray[np.bool_]) -> NDArray[np.uint32]:
    at = np.flatnonzero(is_number)[:FIGURES]
    around = np.zeros(len(words) + 4, np.uint64)
    around[2:-2] = np.where(is_number, _NUMBER, words)
    context = np.zeros(len(at), np.uint64)
    for place in (0, 1, 3, 4):
        context = context * _BASE + around[at + place]
    return np.column_stack((_upper(_mix(context)), _upper(words[at])))


def _upper(hashes: Hashes) -> NDArray[np.uint32]:
    return (hashes >> _UPPER).astype(np.uint32)


def _words(text: str) -> tuple[Hashes, NDArray[np.bool_]]:
    """The hash of every word, and whether it is a number. `12,759` and `12759` are one number."""
    folded, kinds, powers = _tables()
    text = fold_glides(compose(text).casefold())
    points = folded[np.minimum(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32), _LIMIT - 1)]
    points = points[points != _DROPPED]
    kind = kinds[points]
    joiners = np.flatnonzero(kind == _JOINER)
    if len(joiners):
        kind[joiners] = _OUTSIDE
        joiners = joiners[(joiners > 0) & (joiners < len(kind) - 1)]
        joiners = joiners[(kind[joiners - 1] == _DIGIT) & (kind[joiners + 1] == _DIGIT)]
        points, kind = np.delete(points, joiners), np.delete(kind, joiners)
    inside = kind != _OUTSIDE
    edges = np.flatnonzero(np.diff(inside, prepend=False, append=False))
    starts, lengths = edges[::2], np.diff(edges)[::2]
    if not len(starts):
        return np.empty(0, np.uint64), np.empty(0, bool)
    first = np.cumsum(lengths) - lengths  # where each word starts among the letters
    place = np.arange(first[-1] + lengths[-1]) - np.repeat(first, lengths)
    hashes = np.add.reduceat(points[inside] * powers[np.minimum(place, len(powers) - 1)], first)
    return _mix(hashes), kind[starts] == _DIGIT


@lru_cache(maxsize=1)
def _tables() -> tuple[Hashes, NDArray[np.uint8], Hashes]:
    """By code point: what it is folded to, and its kind; and the powers that tell the places in a word apart."""
    folded = np.arange(_LIMIT, dtype=np.uint64)
    for point, written in FOLDED_CHARACTERS.items():
        folded[point] = _DROPPED if written is None else ord(written)
    everything = "".join(map(chr, range(_LIMIT)))
    kinds = np.zeros(_LIMIT, np.uint8)
    for kind, pattern in ((_LETTER, r"[\p{L}\p{M}\p{N}]"), (_DIGIT, r"\p{Nd}"), (_JOINER, ",")):
        kinds[[match.start() for match in regex.finditer(pattern, everything)]] = kind
    powers = np.array([pow(int(_BASE), place, 1 << 64) for place in range(64)], np.uint64)
    return folded, kinds, powers


def _shingles(words: Hashes) -> Hashes:
    """The hash of every run of SHINGLE words; a shorter text is one shingle."""
    if not len(words):
        return words
    size = min(SHINGLE, len(words))
    count = len(words) - size + 1
    hashes = words[:count].copy()
    for place in range(1, size):
        hashes = hashes * _BASE + words[place : place + count]
    return _mix(hashes)


def _mix(values: Hashes) -> Hashes:
    """The finaliser of splitmix64 (S. Vigna, public domain): spreads every input bit over all output bits."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
