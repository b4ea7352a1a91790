"""SelectArticles: keeps the articles that the user asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import apache_beam as beam
from apache_beam.metrics import Metrics

import transforms.coders  # noqa: F401
from transforms.records import Article, Reject
from transforms.select import select_article


class SelectArticles(beam.PTransform):
    """PCollection[Article] → the wanted ones, and `rejects` for the others."""

    def __init__(self, min_chars: int, languages: Collection[str]) -> None:
        self.min_chars, self.languages = min_chars, frozenset(languages)

    def expand(self, articles: beam.PCollection[Article]) -> beam.pvalue.DoOutputsTuple:
        return articles | beam.ParDo(_Select(self.min_chars, self.languages)).with_output_types(Article, rejects=Reject).with_outputs(
            "rejects", main="articles"
        )


class _Select(beam.DoFn):
    def __init__(self, min_chars: int, languages: frozenset[str]) -> None:
        self.min_chars, self.languages = min_chars, languages

    def process(self, article: Article) -> Iterator[Article | beam.pvalue.TaggedOutput]:
        selected = select_article(article, self.min_chars, self.languages)
        if isinstance(selected, Reject):
            Metrics.counter("select", selected.reason).inc()
            yield beam.pvalue.TaggedOutput("rejects", selected)
        else:
            yield selected
