"""DropSeen, UpdateEvents and WriteLedger: the Beam side of `transforms.ledger`."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.windowed_value import WindowedValue

from transforms.coders import pack, unpack
from transforms.deduplicate.beam import MatchTexts, Rank, Text
from transforms.deduplicate.candidates import known_rank, rank
from transforms.deduplicate.sketch import sketch
from transforms.events.deduplicate import event_key
from transforms.ledger.entries import Entry, closest, entry, seen_rejects
from transforms.ledger.events import update_group
from transforms.ledger.store import Part, output_files, parts, read_file, read_rows, write_file, write_part
from transforms.records import Article, Event, Reject
from transforms.write.run_directory import is_finished

REJECTS = "rejects"


class DropSeen(beam.PTransform):
    """Deduplicated articles → `articles` that no earlier run has kept, and `rejects` (reason `seen`) of the others with their duplicates.

    `ledger`: directory, local or any fsspec URL. `near`: see `drop_seen`. Counter: ledger/seen.
    """

    def __init__(self, ledger: str, near: bool = True) -> None:
        super().__init__()
        self.ledger, self.near = ledger, near

    def expand(self, articles: beam.PCollection[Article]) -> Any:
        entries = (
            articles.pipeline
            | "Ledger" >> beam.Create([self.ledger])
            | "Files" >> beam.FlatMap(_files)
            | "SpreadFiles" >> beam.Reshuffle()
            | "Entries" >> beam.FlatMapTuple(lambda ledger, run_id, name: map(tuple, read_file(ledger, run_id, name)))
        )
        ids = (
            entries
            | "Ids" >> beam.Map(lambda e: (known_rank(e[0]), e[0])).with_output_types(tuple[Rank, str])
            | "OneId" >> beam.CombinePerKey(min)
        )
        exact = articles | "Exact" >> beam.Map(lambda a: (known_rank(a.article_id), rank(a))).with_output_types(tuple[Rank, Rank])
        found = [
            exact
            | "ExactMatches" >> beam.MapTuple(lambda known, new: (known, (new, 1.0))).with_output_types(tuple[Rank, tuple[Rank, float]])
        ]
        if self.near:
            known = entries | "KnownTexts" >> beam.Map(lambda e: (known_rank(e[0]), tuple(e[2:]))).with_output_types(tuple[Rank, Text])
            once = (
                known
                | "SameKnown" >> beam.GroupByKey()
                | "OneText" >> beam.MapTuple(lambda place, texts: (place, min(texts))).with_output_types(tuple[Rank, Text])
            )
            texts = articles | "Texts" >> beam.Map(lambda a: (rank(a), tuple(sketch(a.text)))).with_output_types(tuple[Rank, Text])
            near = texts | "Match" >> MatchTexts(once) | "New" >> beam.Filter(lambda link: link[0] > link[1][0])
            best = near | "Matches" >> beam.GroupByKey() | "Best" >> beam.MapTuple(_best).with_output_types(tuple[Rank, tuple[Rank, float]])
            found.append(best)
        seen = (
            {"id": ids, "new": found | "AllMatches" >> beam.Flatten()}
            | "IdOfMatch" >> beam.CoGroupByKey()
            | "Seen" >> beam.FlatMapTuple(_seen).with_output_types(tuple[Rank, tuple[str, float]])
        )
        packed = articles | "Pack" >> beam.Map(lambda a: (rank(a), pack(a))).with_output_types(tuple[Rank, bytes])
        joined = {"article": packed, "seen": seen} | "ByArticle" >> beam.CoGroupByKey()
        return joined | "Drop" >> beam.ParDo(_Drop()).with_output_types(Article, rejects=Reject).with_outputs(REJECTS, main="articles")


class UpdateEvents(beam.PTransform):
    """Deduplicated events of a new crawl → what is to be written of them: `update_events` for a PCollection.

    The events of earlier runs are read from their own output directories, those of the ledger's parts that still stand.
    """

    def __init__(self, ledger: str) -> None:
        super().__init__()
        self.ledger = ledger

    def expand(self, events: beam.PCollection[Event]) -> beam.PCollection[Event]:
        known = (
            events.pipeline
            | "Ledger" >> beam.Create([self.ledger])
            | "EventFiles" >> beam.FlatMap(_event_files)
            | "SpreadFiles" >> beam.Reshuffle()
            | "Known" >> beam.FlatMap(read_rows, Event).with_output_types(Event)
        )
        keyed = {
            name: rows | f"Key {name}" >> beam.Map(lambda e: (event_key(e), pack(e))).with_output_types(tuple[str, bytes])
            for name, rows in (("new", events), ("known", known))
        }
        updated: beam.PCollection[Event] = (
            keyed | "ByKey" >> beam.CoGroupByKey() | "Update" >> beam.FlatMapTuple(_update).with_output_types(Event)
        )
        return updated


class WriteLedger(beam.PTransform):
    """Kept articles → one element, the Part that was written for them. It counts once the run at `output` is published.

    Let the step that publishes the run wait for that element.
    """

    def __init__(self, ledger: str, run_id: str, output: str) -> None:
        super().__init__()
        self.ledger, self.run_id, self.output = ledger, run_id, output

    def expand(self, articles: beam.PCollection[Article]) -> beam.PCollection[Part]:
        files = articles | "WriteEntries" >> beam.ParDo(_WriteEntries(self.ledger, self.run_id)).with_output_types(tuple[str, int])
        part: beam.PCollection[Part] = (
            articles.pipeline | "OnePart" >> beam.Create([None]) | "Part" >> beam.Map(self._part, beam.pvalue.AsList(files))
        )
        return part

    def _part(self, _: None, files: Iterable[tuple[str, int]]) -> Part:
        files = sorted(files)
        part = Part(self.run_id, self.output, tuple(name for name, _ in files), sum(count for _, count in files))
        write_part(self.ledger, part)
        return part


class _WriteEntries(beam.DoFn):
    """One file a bundle, under a name that never repeats: a retried bundle does no harm, for only the files of `run.json` count."""

    def __init__(self, ledger: str, run_id: str) -> None:
        self.ledger, self.run_id = ledger, run_id

    def start_bundle(self) -> None:
        self.entries: list[Entry] = []

    def process(self, article: Article) -> None:
        self.entries.append(entry(article))

    def finish_bundle(self) -> Iterator[WindowedValue]:
        if self.entries:
            name = f"part-{uuid.uuid4().hex}.parquet"
            count = write_file(self.ledger, self.run_id, name, self.entries)
            window = GlobalWindow()
            yield WindowedValue((name, count), window.max_timestamp(), (window,))


class _Drop(beam.DoFn):
    def process(self, joined: tuple[Rank, dict[str, Any]]) -> Iterator[Article | beam.pvalue.TaggedOutput]:
        found = joined[1]
        article = unpack(Article, found["article"][0])
        if not found["seen"]:
            yield article
            return
        article_id, similarity = closest(found["seen"])
        Metrics.counter("ledger", "seen").inc()
        for row in seen_rejects(article, article_id, similarity):
            yield beam.pvalue.TaggedOutput(REJECTS, row)


def _files(ledger: str) -> list[tuple[str, str, str]]:
    return [(ledger, part.run_id, name) for part in parts(ledger) for name in part.files]


def _event_files(ledger: str) -> list[str]:
    return [name for part in parts(ledger) if is_finished(part.output) for name in output_files(part.output, "events")]


def _update(_: str, joined: dict[str, Iterable[bytes]]) -> list[Event]:
    new, known = ([unpack(Event, event) for event in joined[name]] for name in ("new", "known"))
    return update_group(new, known) if new else []


def _best(new: Rank, matches: Iterable[tuple[Rank, float, float]]) -> tuple[Rank, tuple[Rank, float]]:
    known, similarity = closest((place, similarity) for place, similarity, _ in matches)
    return known, (new, similarity)


def _seen(_: Rank, joined: dict[str, Any]) -> Iterator[tuple[Rank, tuple[str, float]]]:
    for article_id in joined["id"]:
        for new, similarity in joined["new"]:
            yield new, (article_id, similarity)
