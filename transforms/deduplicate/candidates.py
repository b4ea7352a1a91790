"""Which pairs of texts are worth comparing, and in which order texts rank."""

from __future__ import annotations

import hashlib
import itertools
import struct
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from transforms.records import Article

HOT = 1000  # an index key with more texts than this is left out: furniture that the frequency of shingles did not show
_ALL_PAIRS = 16  # a key's texts up to which every pair of them is a candidate

_UNKNOWN = 1 << 63
_KNOWN = bytes(12)  # no time and length of an article packs to zeros
_REST = {4: "-01-01", 7: "-01"}  # completes a year or a month, which datetime does not read


def rank(article: Article) -> bytes:
    """The place of an article among its copies, as 32 bytes: the smallest is kept.

    The earliest published comes first (unknown times last), then the longest, then by id; the uri makes it unique.
    """
    size = min(len(article.text), 0xFFFFFFFF)
    uri = hashlib.blake2b(article.uri.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    identity = article.article_id.encode("utf-8", "surrogatepass")[:12].ljust(12, b"\0")
    return struct.pack(">QI", _instant(article.published_at), 0xFFFFFFFF - size) + identity + uri


def sample_order(place: bytes) -> bytes:
    """Orders ranks by chance, the same chance in every run: by the id of the article, which is a hash."""
    return place[12:]


def known_rank(article_id: str) -> bytes:
    """The rank of an article of an earlier run: before all ranks of this run."""
    return _KNOWN + hashlib.blake2b(article_id.encode("utf-8", "surrogatepass"), digest_size=20).digest()


def is_known(place: bytes) -> bool:
    """Whether a rank is one of an earlier run."""
    return place.startswith(_KNOWN)


def _instant(published: str | None) -> int:
    """Seconds in UTC, offset so that none is negative; a date without a time or zone counts from its first instant in UTC."""
    if not published:
        return _UNKNOWN
    try:
        moment = datetime.fromisoformat(published + _REST.get(len(published), ""))
    except ValueError:
        return _UNKNOWN
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()) + (1 << 62)


def pairs(ranks: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Candidate pairs among the texts under one index key, smaller rank first; none when the key is hot.

    Many texts are linked to the first one and each to the next: that joins them without comparing all with all.
    """
    ranks = sorted(ranks)
    if len(ranks) <= _ALL_PAIRS:
        yield from itertools.combinations(ranks, 2)
    elif len(ranks) <= HOT:
        yield from ((ranks[0], other) for other in ranks[1:])
        yield from itertools.pairwise(ranks[1:])


def pairs_with_known(ranks: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Candidate pairs of a known and a new text under one index key; none when the key is hot. Of many known texts the first ones stand for all."""
    known = sorted(place for place in ranks if is_known(place))[:_ALL_PAIRS]
    if len(ranks) <= HOT:
        yield from itertools.product(known, sorted(place for place in ranks if not is_known(place)))
