"""Which entries of the ledger could match anything of a new crawl: told by 32-bit hashes, of which some agree by chance and none is missed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np

from transforms.deduplicate.candidates import known_rank
from transforms.deduplicate.compare import SHARED_KEYS, stands_in

_BYTES = 4


def hash_of_id(known: bytes) -> bytes:
    """Of a `known_rank`, whose last bytes are a hash."""
    return known[-_BYTES:]


def hashes_of_text(keys: bytes) -> bytes:
    """Of the `keys` of a sketch: their upper halves."""
    return (np.frombuffer(keys, np.uint64) >> np.uint64(32)).astype(np.uint32).tobytes()


def hash_of_key(key: str) -> bytes:
    """Of an event key."""
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=_BYTES).digest()


def union(arrays: Iterable[bytes]) -> bytes:
    """All hashes of `arrays`, sorted, each once."""
    return np.unique(np.frombuffer(b"".join(arrays), np.uint32)).tobytes()


def holds(wanted: bytes, hashes: bytes) -> int:
    """How many of `hashes` stand in `wanted`, which `union` made."""
    return int(stands_in(np.frombuffer(hashes, np.uint32), np.frombuffer(wanted, np.uint32)).sum())


def is_wanted(article_id: str, keys: bytes, wanted: bytes) -> bool:
    """Whether a known article could be an exact or near copy of a text whose hashes stand in `wanted`."""
    return bool(holds(wanted, hash_of_id(known_rank(article_id)))) or holds(wanted, hashes_of_text(keys)) >= SHARED_KEYS
