"""Beam transforms of the event coder: they only wire, count and route errors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import apache_beam as beam
from apache_beam.metrics import Metrics

from transforms.coders import pack, unpack
from transforms.events.deduplicate import event_key, merge_group
from transforms.events.extract import extract_events
from transforms.records import Article, Event, Reject, reject

EVENTS, REJECTS = "events", "rejects"


class _Extract(beam.DoFn):
    def __init__(self) -> None:
        self.events = Metrics.counter("extract", "events")
        self.errors = Metrics.counter("extract", "extract_error")

    def process(self, article: Article) -> Iterator[Article | beam.pvalue.TaggedOutput]:
        try:
            events = extract_events(article)
        except Exception as error:
            # An article row without events would claim that there are none, so the article and its copies become rejects.
            failed = reject(article, "extract", "extract_error", f"{type(error).__name__}: {error}")
            sources = [(article.uri, article.source_id), *((copy.uri, copy.source_id) for copy in article.duplicates)]
            for uri, source_id in sources:
                self.errors.inc()
                yield beam.pvalue.TaggedOutput(REJECTS, replace(failed, uri=uri, source_id=source_id))
            return
        self.events.inc(len(events))
        yield article
        for event in events:
            yield beam.pvalue.TaggedOutput(EVENTS, event)


@dataclass
class ExtractEvents(beam.PTransform):
    """Articles to `articles` (the same), `events` and `rejects`: `extract_events` on each."""

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, articles: beam.PCollection[Article]) -> beam.pvalue.DoOutputsTuple:
        extract = beam.ParDo(_Extract()).with_output_types(Article, events=Event, rejects=Reject)
        return articles | extract.with_outputs(EVENTS, REJECTS, main="articles")


@dataclass
class DeduplicateEvents(beam.PTransform):
    """Events to events: the tellings of one act become one event, as in `deduplicate_events`."""

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, events: beam.PCollection[Event]) -> beam.PCollection[Event]:
        return (
            events
            | "KeyByAct" >> beam.Map(lambda event: (event_key(event), pack(event))).with_output_types(tuple[str, bytes])
            | "GroupByAct" >> beam.GroupByKey()
            | "Merge" >> beam.FlatMapTuple(_merge).with_output_types(Event)
        )


def _merge(_: str, packed: Iterable[bytes]) -> list[Event]:
    return merge_group(unpack(Event, event) for event in packed)
