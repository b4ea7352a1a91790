"""Beam transforms of the event coder: they only wire, count and route errors."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import apache_beam as beam
from apache_beam.metrics import Metrics

from transforms.coders import pack, unpack
from transforms.events.deduplicate import event_key, merge_group
from transforms.events.extract import extract_events
from transforms.records import Article, Event, Reject, reject

EVENTS, REJECTS = "events", "rejects"
_KEY_BYTES = 16  # of the hash of an event key
_BUCKET = 2  # bytes of it that tell the bucket


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
            | "KeyByAct" >> beam.Map(_by_act).with_output_types(tuple[bytes, bytes])
            | "Bucket" >> beam.GroupByKey()
            | "Merge" >> beam.FlatMapTuple(_merge).with_output_types(Event)
        )


def _by_act(event: Event) -> tuple[bytes, bytes]:
    """(bucket, key + event). Most acts are told once, and a group for each would cost more than its event."""
    key = hashlib.blake2b(event_key(event).encode(), digest_size=_KEY_BYTES).digest()
    return key[:_BUCKET], key + pack(event)


def _merge(_: bytes, keyed: Iterable[bytes]) -> Iterator[Event]:
    for _, same in itertools.groupby(sorted(keyed), key=lambda act: act[:_KEY_BYTES]):
        yield from merge_group(unpack(Event, act[_KEY_BYTES:]) for act in same)
