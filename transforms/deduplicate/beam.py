"""DeduplicateArticles: the Beam side of `transforms.deduplicate`.

Hashes, ranks and decisions are shuffled; bodies only once, at the end, to the decisions about them. No state, no order of arrival:
every runner gives the same answer.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import apache_beam as beam
import numpy as np
import orjson
from apache_beam.metrics import Metrics
from apache_beam.transforms.combiners import Top

from transforms.coders import pack, unpack
from transforms.deduplicate.articles import METHODS, duplicate
from transforms.deduplicate.candidates import HOT, pairs, pairs_with_known, rank, sample_order
from transforms.deduplicate.compare import KEY_BYTES, SAMPLED_TEXTS, SHARED_KEYS, Match, compare, frequent_shingles, index_keys
from transforms.deduplicate.fold import fold
from transforms.deduplicate.sketch import Sketch, sketch
from transforms.records import Article, Duplicate

_BUCKET = 2  # bytes that tell a bucket: most index keys have one text, most pairs one key, and a group for each would cost more than what is in it
ROUNDS = 4  # of minimum labels: these join texts that are up to five links apart

Rank = bytes
Packed = bytes
Text = tuple[bytes, bytes, bytes]  # a Sketch: Beam has a quicker coder for plain tuples
Link = tuple[Rank, tuple[Rank, float, float]]  # a text, and one that it matches


class DeduplicateArticles(beam.PTransform):
    """Folds copies of one article into one: `deduplicate_articles` for a PCollection.

    `method`: "none", "exact" or "near". Articles must be unique by `uri`. Returns the kept articles with their `duplicates`.
    Counters (namespace `deduplicate`): exact, near, contained: articles folded; candidates: pairs compared; hot_keys: index keys left out
    because too many texts share them; unconverged: links between texts that the rounds of labels did not bring together (0 in practice).
    """

    def __init__(self, method: str = "near") -> None:
        super().__init__()
        if method not in METHODS:
            raise ValueError(f"method is one of {', '.join(METHODS)}, not {method!r}")
        self.method = method

    def expand(self, articles: beam.PCollection[Article]) -> beam.PCollection[Article]:
        if self.method == "none":
            return articles
        near = self.method == "near"
        bodies = (
            articles
            | "Describe" >> beam.Map(_describe, near)
            | "SameBody" >> beam.GroupByKey()
            | "FirstOfBody" >> beam.MapTuple(_first_of_body)
        )
        folds = {"copies": bodies | "Copies" >> beam.MapTuple(lambda first, text, copies: (first, copies))}
        if near:
            texts = bodies | "Texts" >> beam.MapTuple(lambda first, text, copies: (first, text)).with_output_types(tuple[Rank, Text])
            folds["folds"] = texts | "Near" >> _FoldNear()
        decisions = folds | "ByBody" >> beam.CoGroupByKey() | "Decide" >> beam.FlatMapTuple(_decide).with_output_types(tuple[Rank, bytes])
        packed = articles | "Pack" >> beam.Map(lambda article: (rank(article), pack(article))).with_output_types(tuple[Rank, Packed])
        joined = {"article": packed, "decisions": decisions} | "ByArticle" >> beam.CoGroupByKey()
        kept: beam.PCollection[Article] = joined | "Fold" >> beam.FlatMapTuple(_fold).with_output_types(Article)
        return kept


class MatchTexts(beam.PTransform):
    """From (rank, sketch) of different texts to (rank, (rank of a text that it matches, similarity, resemblance)), both ways.

    With `known`, texts of earlier runs by `known_rank`, only matches between a text and a known one are looked for.
    """

    def __init__(self, known: beam.PCollection[tuple[Rank, Text]] | None = None) -> None:
        super().__init__()
        self.known = known

    def expand(self, texts: beam.PCollection[tuple[Rank, Text]]) -> beam.PCollection[Link]:
        both = (texts, self.known) | "WithKnown" >> beam.Flatten() if self.known is not None else texts
        sample = both | "Sample" >> Top.Smallest(SAMPLED_TEXTS, has_defaults=False, key=lambda text: sample_order(text[0]))
        frequent = beam.pvalue.AsSingleton(
            sample | "Frequent" >> beam.Map(lambda found: frequent_shingles([Sketch(*text) for _, text in found]).tobytes())
        )
        candidates = (
            both
            | "IndexKeys" >> beam.FlatMap(_index, frequent).with_output_types(tuple[bytes, bytes])
            | "Bucket" >> beam.GroupByKey()
            | "Pairs" >> beam.FlatMap(_pairs, pairs if self.known is None else pairs_with_known).with_output_types(tuple[bytes, bytes])
            | "SharedKeys" >> beam.GroupByKey()
            | "Candidates" >> beam.FlatMap(_candidates).with_output_types(tuple[Rank, Rank])
        )
        matches: beam.PCollection[Link] = (
            {"text": both, "others": candidates}
            | "TextOfCandidate" >> beam.CoGroupByKey()
            | "Pair" >> beam.FlatMapTuple(_pair).with_output_types(tuple[bytes, Text])
            | "BothTexts" >> beam.GroupByKey()
            | "Compare" >> beam.FlatMap(_compare, frequent).with_output_types(Link)
        )
        return matches


class _FoldNear(beam.PTransform):
    """From (rank, sketch) of different texts to (rank, (rank of the kept text, similarity, resemblance)) of the folded ones."""

    def expand(self, texts: beam.PCollection[tuple[Rank, Text]]) -> beam.PCollection[Link]:
        links = texts | "Match" >> MatchTexts() | "Linked" >> beam.GroupByKey() | "Label" >> beam.MapTuple(_first_label)
        for number in range(ROUNDS):
            links = (
                links
                | f"Tell {number}" >> beam.FlatMapTuple(_tell)
                | f"Round {number}" >> beam.GroupByKey()
                | f"Least {number}" >> beam.MapTuple(_least)
            )
        groups = links | "ByLabel" >> beam.MapTuple(lambda node, label, others: (label, (node, others))) | "Group" >> beam.GroupByKey()
        folded: beam.PCollection[Link] = groups | "Resolve" >> beam.FlatMapTuple(_resolve)
        return folded


def _describe(article: Article, near: bool) -> tuple[str, tuple[Rank, tuple[bytes, ...], bytes]]:
    return article.article_id, (rank(article), tuple(sketch(article.text)) if near else (), orjson.dumps(duplicate(article)))


def _first_of_body(
    _: str, described: Iterable[tuple[Rank, tuple[bytes, ...], bytes]]
) -> tuple[Rank, tuple[bytes, ...], list[tuple[Rank, bytes]]]:
    copies = sorted(described)
    return copies[0][0], copies[0][1], [(place, about) for place, _, about in copies]


def _index(ranked: tuple[Rank, Text], frequent: bytes) -> Iterator[tuple[bytes, bytes]]:
    """A text under each of its index keys: (bucket, key + rank)."""
    first, text = ranked
    return ((key[:_BUCKET], key + first) for key in index_keys(Sketch(*text), np.frombuffer(frequent, np.uint32)))


def _pairs(
    bucket: tuple[bytes, Iterable[bytes]], choose: Callable[[Sequence[Rank]], Iterator[tuple[Rank, Rank]]]
) -> Iterator[tuple[bytes, bytes]]:
    """Each pair of texts under a key: (bucket, rank + rank)."""
    for _, same in itertools.groupby(sorted(bucket[1]), key=lambda pair: pair[:KEY_BYTES]):
        ranks = [pair[KEY_BYTES:] for pair in same]
        if len(ranks) > HOT:
            Metrics.counter("deduplicate", "hot_keys").inc()
        if len(ranks) > 1:
            yield from ((sample_order(a)[:_BUCKET], a + b) for a, b in choose(ranks))


def _candidates(bucket: tuple[bytes, Iterable[bytes]]) -> Iterator[tuple[Rank, Rank]]:
    for pair, keys in itertools.groupby(sorted(bucket[1])):
        if sum(1 for _ in keys) >= SHARED_KEYS:
            Metrics.counter("deduplicate", "candidates").inc()
            a, b = pair[: len(pair) // 2], pair[len(pair) // 2 :]
            yield a, b
            yield b, a


def _pair(first: Rank, joined: dict[str, Any]) -> Iterator[tuple[bytes, Text]]:
    for other in joined["others"]:
        yield min(first, other) + max(first, other), joined["text"][0]


def _compare(candidate: tuple[bytes, Iterable[Text]], frequent: bytes) -> Iterator[Link]:
    pair, (one, other) = candidate
    match = compare(Sketch(*one), Sketch(*other), np.frombuffer(frequent, np.uint32))
    if match:
        a, b = pair[: len(pair) // 2], pair[len(pair) // 2 :]
        yield a, (b, *match)
        yield b, (a, *match)


def _first_label(node: Rank, others: Iterable[tuple[Rank, float, float]]) -> tuple[Rank, Rank, list[tuple[Rank, float, float]]]:
    others = sorted(others)
    return node, min(node, others[0][0]), others


def _tell(
    node: Rank, label: Rank, others: list[tuple[Rank, float, float]]
) -> Iterator[tuple[Rank, tuple[Rank, list[tuple[Rank, float, float]]]]]:
    yield node, (label, others)
    for other, _, _ in others:
        yield other, (label, [])


def _least(node: Rank, told: Iterable[tuple[Rank, list[tuple[Rank, float, float]]]]) -> tuple[Rank, Rank, list[tuple[Rank, float, float]]]:
    told = list(told)
    return node, min(label for label, _ in told), next(others for _, others in told if others)


def _resolve(_: Rank, group: Iterable[tuple[Rank, list[tuple[Rank, float, float]]]]) -> Iterator[tuple[Rank, tuple[Rank, float, float]]]:
    nodes = dict(group)
    matches = {}
    for node, others in nodes.items():
        for other, *match in others:
            if other not in nodes:
                Metrics.counter("deduplicate", "unconverged").inc()
            elif node < other:
                matches[node, other] = Match(*match)
    return ((folded.rank, (folded.into, *folded.match)) for folded in fold(matches))


def _decide(first: Rank, joined: dict[str, Any]) -> Iterator[tuple[Rank, bytes]]:
    """To every folded article an empty decision, to the kept one what it says about that article."""
    into, *match = joined["folds"][0] if joined.get("folds") else (first,)
    for place, about in joined["copies"][0]:
        if place != into:
            told = Duplicate(**orjson.loads(about))
            if match:
                told = replace(told, similarity=Match(*match).similarity, kind=Match(*match).kind)
            Metrics.counter("deduplicate", told.kind).inc()
            yield place, b""
            yield into, place + orjson.dumps(told)


def _fold(place: Rank, found: dict[str, Any]) -> Iterator[Article]:
    decisions = sorted(found["decisions"])
    if b"" in decisions:
        return
    article = unpack(Article, found["article"][0])
    duplicates = tuple(Duplicate(**orjson.loads(decision[len(place) :])) for decision in decisions)
    yield replace(article, duplicates=article.duplicates + duplicates) if duplicates else article
