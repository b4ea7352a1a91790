"""DetectLanguage: the Beam side of `transforms.language`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics

from transforms import coders  # noqa: F401  (registers the coders of the records)
from transforms.language import DETECTORS, with_language
from transforms.records import Article, Reject, reject

REJECTS = "rejects"


class DetectLanguage(beam.PTransform):
    """Fills `language`, `language_confidence`, `script` and `other_languages` of every article from its body.

    `detector`: "khabar" (the default, `detect_language`) or "langdetect" (that package's own answers).
    Returns the main output `articles` and the tagged output `rejects`.
    """

    def __init__(self, detector: str = "khabar") -> None:
        super().__init__()
        self.detector = detector

    def expand(self, articles: beam.PCollection[Article]) -> Any:
        return articles | beam.ParDo(_Detect(self.detector)).with_output_types(Article, rejects=Reject).with_outputs(
            REJECTS, main="articles"
        )


class _Detect(beam.DoFn):
    def __init__(self, name: str) -> None:
        self.name = name

    def setup(self) -> None:
        self.detect = DETECTORS[self.name]

    def process(self, article: Article) -> Iterable[Article | beam.pvalue.TaggedOutput]:
        try:
            told = with_language(article, self.detect)
        except Exception as error:  # one page must not stop the run
            Metrics.counter("language", "language_error").inc()
            yield beam.pvalue.TaggedOutput(REJECTS, reject(article, "language", "language_error", f"{type(error).__name__}: {error}"))
            return
        Metrics.counter("language", told.language).inc()
        yield told
