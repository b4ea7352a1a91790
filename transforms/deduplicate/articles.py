"""Deduplication of a list of articles in memory: what DeduplicateArticles does in a pipeline."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from heapq import nsmallest
from operator import itemgetter
from typing import Literal, get_args

from transforms.deduplicate.candidates import pairs, rank, sample_order
from transforms.deduplicate.compare import SAMPLED_TEXTS, SHARED_KEYS, Match, compare, frequent_shingles, index_keys
from transforms.deduplicate.fold import fold
from transforms.deduplicate.sketch import sketch
from transforms.records import Article, Duplicate

Method = Literal["none", "exact", "near"]
METHODS: tuple[Method, ...] = get_args(Method)


def deduplicate_articles(articles: Iterable[Article], method: Method = "near") -> list[Article]:
    """Folds copies of one article into one, which lists them in `duplicates`.

    `method`: "none" folds nothing; "exact" folds articles of the same normalised body; "near" also edited, cut and rounded-up copies
    (docs/deduplication.md tells how). The earliest published copy is kept, then the longest, then the smallest id.
    Returns the kept articles in that order, whatever the order of `articles`; nothing is lost: the kept and their `duplicates` add up.
    """
    by_rank = {rank(article): article for article in sorted(articles, key=rank)}
    if method == "none":
        return list(by_rank.values())
    bodies: dict[str, list[bytes]] = defaultdict(list)
    for place, article in by_rank.items():
        bodies[article.article_id].append(place)
    folded = {f.rank: f for f in fold(_matches({places[0]: by_rank[places[0]] for places in bodies.values()}))} if method == "near" else {}
    duplicates: dict[bytes, list[tuple[bytes, Duplicate]]] = {place: [] for place in by_rank}
    for first, *others in bodies.values():
        into, match = (folded[first].into, folded[first].match) if first in folded else (first, None)
        for place in (first, *others):
            if place != into:
                duplicates[into].append((place, duplicate(by_rank[place], match)))
                del duplicates[place]
    return [
        replace(by_rank[kept], duplicates=tuple(told for _, told in sorted(found, key=itemgetter(0)))) for kept, found in duplicates.items()
    ]


def duplicate(article: Article, match: Match | None = None) -> Duplicate:
    """What the kept article says about a folded one; `match` is None for an exact copy."""
    similarity, kind = (match.similarity, match.kind) if match else (1.0, "exact")
    return Duplicate(article.source_id, article.uri, article.url, article.publisher, article.published_at, similarity, kind)


def _matches(articles: dict[bytes, Article]) -> dict[tuple[bytes, bytes], Match]:
    sketches = {place: sketch(article.text) for place, article in articles.items()}
    sample = nsmallest(SAMPLED_TEXTS, sketches, key=sample_order)
    frequent = frequent_shingles([sketches[place] for place in sample])
    index: dict[bytes, list[bytes]] = defaultdict(list)
    for place, text in sketches.items():
        for key in index_keys(text, frequent):
            index[key].append(place)
    shared = Counter(pair for places in index.values() for pair in pairs(places))
    found = {}
    for (a, b), keys in shared.items():
        if keys >= SHARED_KEYS and (match := compare(sketches[a], sketches[b], frequent)):
            found[a, b] = match
    return found
