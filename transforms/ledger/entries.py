"""What the ledger remembers of an article, and the drop of articles that it remembers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from heapq import nsmallest
from typing import NamedTuple, TypeVar

from transforms.deduplicate.candidates import known_rank, pairs_with_known, rank, sample_order
from transforms.deduplicate.compare import SAMPLED_TEXTS, SHARED_KEYS, compare, frequent_shingles, index_keys
from transforms.deduplicate.sketch import Sketch, sketch
from transforms.ledger.filter import hash_of_id, hashes_of_text, is_wanted, union
from transforms.records import Article, Reject, reject


class Entry(NamedTuple):
    """One kept article of an earlier run: its exact key, where it came from, and the sketch of its body."""

    article_id: str
    source_id: str
    keys: bytes
    shingles: bytes
    figures: bytes

    @property
    def sketch(self) -> Sketch:
        """The part that near-duplicates are told by."""
        return Sketch(self.keys, self.shingles, self.figures)


def entry(article: Article) -> Entry:
    """The entry of a kept article; it depends on the written row alone, so that a ledger can be rebuilt from output directories."""
    return Entry(article.article_id, article.source_id, *sketch(article.text))


def drop_seen(articles: Iterable[Article], seen: Iterable[Entry], near: bool = True) -> tuple[list[Article], list[Reject]]:
    """Parts deduplicated `articles` into new ones, and rejects of those that an earlier run has kept, with their duplicates.

    `near`: also edited and cut copies count as seen, not only the same normalised body.
    """
    articles = list(articles)
    texts = {rank(a): sketch(a.text) for a in articles} if near else {}
    wanted = union([*(hash_of_id(known_rank(a.article_id)) for a in articles), *(hashes_of_text(text.keys) for text in texts.values())])
    entries = {known_rank(e.article_id): e for e in seen if is_wanted(e.article_id, e.keys, wanted)}
    best = _matches(texts, entries)
    new: list[Article] = []
    rejects: list[Reject] = []
    for article in articles:
        place = known_rank(article.article_id)
        found = [*([(place, 1.0)] if place in entries else []), *([best[rank(article)]] if rank(article) in best else [])]
        if found:
            rejects += seen_rejects(article, *closest((entries[known].article_id, similarity) for known, similarity in found))
        else:
            new.append(article)
    return new, rejects


def seen_rejects(article: Article, article_id: str, similarity: float) -> list[Reject]:
    """The rejects of an article that an earlier run has kept as `article_id`, and of the documents folded into it."""
    message = f"an earlier run has article {article_id}, similarity {similarity:g}"
    first = reject(article, "deduplicate", "seen", message)
    return [first, *(Reject(d.uri, d.source_id, first.stage, first.reason, message, first.sample) for d in article.duplicates)]


Key = TypeVar("Key", str, bytes)


def closest(found: Iterable[tuple[Key, float]]) -> tuple[Key, float]:
    """The one of the greatest similarity, the smallest key among equals."""
    return min(found, key=lambda match: (-match[1], match[0]))


def _matches(texts: dict[bytes, Sketch], entries: dict[bytes, Entry]) -> dict[bytes, tuple[bytes, float]]:
    texts = texts | {place: e.sketch for place, e in entries.items()}
    frequent = frequent_shingles([texts[place] for place in nsmallest(SAMPLED_TEXTS, texts, key=sample_order)])
    index: dict[bytes, list[bytes]] = defaultdict(list)
    for place, text in texts.items():
        for key in index_keys(text, frequent):
            index[key].append(place)
    shared = Counter(pair for places in index.values() for pair in pairs_with_known(places))
    found: dict[bytes, list[tuple[bytes, float]]] = defaultdict(list)
    for (known, new), keys in shared.items():
        if keys >= SHARED_KEYS and (match := compare(texts[known], texts[new], frequent)):
            found[new].append((known, match.similarity))
    return {new: closest(matches) for new, matches in found.items()}
