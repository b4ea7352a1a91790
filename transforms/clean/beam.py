"""The Beam shell of the cleaner: wiring, counts, and a tagged output for rejects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics

import transforms.coders  # noqa: F401  registers the coders of the records
from transforms.clean.article import clean_article
from transforms.records import Article, RawDocument, Reject, reject

REJECTS = "rejects"


class CleanArticles(beam.PTransform):
    """RawDocument → Article; `result.articles` and `result.rejects`.

    A document on which the cleaner fails becomes a reject with the reason `clean_error`.
    """

    def expand(self, documents: beam.PCollection[RawDocument]) -> Any:
        return documents | "Clean" >> beam.ParDo(_Clean()).with_outputs(REJECTS, main="articles")


class _Clean(beam.DoFn):
    def process(self, document: RawDocument) -> Iterator[Article | beam.pvalue.TaggedOutput]:
        try:
            result = clean_article(document)
        except Exception as error:  # one bad page must not stop the run
            result = reject(document, "clean", "clean_error", f"{type(error).__name__}: {error}")
        if isinstance(result, Reject):
            Metrics.counter("clean", f"rejected_{result.reason}").inc()
            yield beam.pvalue.TaggedOutput(REJECTS, result)
            return
        Metrics.counter("clean", "articles").inc()
        for removed in result.removed:
            Metrics.counter("clean", f"removed_{removed.kind}").inc()
        yield result
