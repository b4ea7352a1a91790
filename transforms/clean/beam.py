"""The Beam shell of the cleaner: wiring, counts, and a tagged output for rejects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics

import transforms.coders  # noqa: F401  registers the coders of the records
from transforms.clean.article import clean_article
from transforms.clean.furniture import MAX_FURNITURE, MIN_PAGES, add_page, page_lines
from transforms.records import Article, RawDocument, Reject, reject

REJECTS = "rejects"


class CleanArticles(beam.PTransform):
    """RawDocument → Article; `result.articles` and `result.rejects`.

    Lines that recur on many pages of a publisher are counted first, as numbers, and handed to the cleaner as a side input; only bounded input has such
    counts, pages of a stream are judged one by one. A document on which the cleaner fails becomes a reject with the reason `clean_error`.
    """

    def expand(self, documents: beam.PCollection[RawDocument]) -> Any:
        found: tuple[Any, ...] = ()
        if documents.is_bounded:
            lines = documents | "Lines" >> beam.FlatMap(page_lines).with_output_types(tuple[int, int])
            recurring = lines | "PagesPerLine" >> beam.CombinePerKey(_Pages()) | "Recurring" >> beam.FlatMap(_recurring)
            furniture = recurring | "Furniture" >> beam.CombineGlobally(_Union()).without_defaults()
            found = (beam.pvalue.AsSingleton(furniture, default_value=frozenset()),)
        clean = beam.ParDo(_Clean(), *found).with_output_types(Article, rejects=Reject)
        return documents | "Clean" >> clean.with_outputs(REJECTS, main="articles")


class _Clean(beam.DoFn):
    def process(self, document: RawDocument, furniture: frozenset[int] = frozenset()) -> Iterator[Any]:
        try:
            result = clean_article(document, furniture)
        except Exception as error:  # one bad page must not stop the run
            result = reject(document, "clean", "clean_error", f"{type(error).__name__}: {error}")
        if isinstance(result, Reject):
            _counter(f"rejected_{result.reason}").inc()
            yield beam.pvalue.TaggedOutput(REJECTS, result)
            return
        _counter("articles").inc()
        for removed in result.removed:
            _counter(f"removed_{removed.kind}").inc()
        yield result


@cache
def _counter(name: str) -> Any:
    return Metrics.counter("clean", name)


class _Pages(beam.CombineFn):
    """The pages on which a line was seen, as far as `add_page` tells them apart."""

    def create_accumulator(self) -> frozenset[int]:
        return frozenset()

    def add_input(self, pages: frozenset[int], page: int) -> frozenset[int]:
        return add_page(pages, page)

    def merge_accumulators(self, accumulators: Iterable[frozenset[int]]) -> frozenset[int]:
        merged: frozenset[int] = frozenset()
        for pages in accumulators:
            for page in pages:
                merged = add_page(merged, page)
        return merged

    def extract_output(self, pages: frozenset[int]) -> int:
        return len(pages)


def _recurring(line: tuple[int, int]) -> Iterator[int]:
    key, pages = line
    if pages >= MIN_PAGES:
        yield key


class _Union(beam.CombineFn):
    """The lines as one set; of too many, those with the smallest keys, so that the order of merging does not matter."""

    def create_accumulator(self) -> set[int]:
        return set()

    def add_input(self, lines: set[int], line: int) -> set[int]:
        lines.add(line)
        return lines

    def merge_accumulators(self, accumulators: Iterable[set[int]]) -> set[int]:
        return set().union(*accumulators)

    def extract_output(self, lines: set[int]) -> frozenset[int]:
        return frozenset(sorted(lines)[:MAX_FURNITURE]) if len(lines) > MAX_FURNITURE else frozenset(lines)
