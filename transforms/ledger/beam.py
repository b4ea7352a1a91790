"""DropSeen, UpdateEvents and WriteLedger: the Beam side of `transforms.ledger`."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.transforms.window import BoundedWindow
from apache_beam.utils.windowed_value import WindowedValue

from transforms.coders import pack, unpack
from transforms.deduplicate.beam import MatchTexts, Rank, Text
from transforms.deduplicate.candidates import known_rank, rank
from transforms.deduplicate.sketch import sketch
from transforms.events.deduplicate import event_key
from transforms.ledger.entries import Entry, closest, entry, seen_rejects
from transforms.ledger.events import update_group
from transforms.ledger.filter import hash_of_id, hash_of_key, hashes_of_text, holds, is_wanted, union
from transforms.ledger.store import Part, output_files, parts, read_file, read_rows, write_file, write_part
from transforms.records import Article, Event, Reject
from transforms.write.beam import RunOf, in_window
from transforms.write.run_directory import is_finished

REJECTS = "rejects"


class DropSeen(beam.PTransform):
    """Deduplicated articles → `articles` that no earlier run has kept, and `rejects` (reason `seen`) of the others with their duplicates.

    `ledger`: directory, local or any fsspec URL. `near`: see `drop_seen`. Counter: ledger/seen. Only entries that could match an article of
    this crawl are shuffled: a small crawl is cheap whatever the size of the ledger (`transforms.ledger.filter`).
    """

    def __init__(self, ledger: str, near: bool = True) -> None:
        super().__init__()
        self.ledger, self.near = ledger, near

    def expand(self, articles: beam.PCollection[Article]) -> Any:
        exact = articles | "Exact" >> beam.Map(lambda a: (known_rank(a.article_id), rank(a))).with_output_types(tuple[Rank, Rank])
        texts = articles | "Texts" >> beam.Map(lambda a: (rank(a), tuple(sketch(a.text)))).with_output_types(tuple[Rank, Text])
        hashes = [exact | "HashOfId" >> beam.MapTuple(lambda known, _: hash_of_id(known)).with_output_types(bytes)]
        if self.near:
            hashes.append(texts | "HashesOfText" >> beam.MapTuple(lambda _, text: hashes_of_text(text[0])).with_output_types(bytes))
        wanted = hashes | "AllHashes" >> beam.Flatten() | "Wanted" >> beam.CombineGlobally(_Union()).without_defaults()
        entries = (
            wanted
            | "Files" >> beam.FlatMap(lambda _, ledger: _files(ledger), self.ledger)
            | "SpreadFiles" >> beam.Reshuffle()
            | "Entries" >> beam.FlatMap(_read_wanted, beam.pvalue.AsSingleton(wanted)).with_output_types(tuple[str, Text])
        )
        ids = (
            entries
            | "Ids" >> beam.MapTuple(lambda article_id, _: (known_rank(article_id), article_id)).with_output_types(tuple[Rank, str])
            | "OneId" >> beam.CombinePerKey(min)
        )
        found = [
            exact
            | "ExactMatches" >> beam.MapTuple(lambda known, new: (known, (new, 1.0))).with_output_types(tuple[Rank, tuple[Rank, float]])
        ]
        if self.near:
            known = entries | "KnownTexts" >> beam.MapTuple(lambda article_id, text: (known_rank(article_id), text)).with_output_types(
                tuple[Rank, Text]
            )
            once = known | "OneText" >> beam.CombinePerKey(min)
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
        hashes = events | "HashOfKey" >> beam.Map(lambda e: hash_of_key(event_key(e))).with_output_types(bytes)
        wanted = hashes | "Wanted" >> beam.CombineGlobally(_Union()).without_defaults()
        known = (
            wanted
            | "EventFiles" >> beam.FlatMap(lambda _, ledger: _event_files(ledger), self.ledger)
            | "SpreadFiles" >> beam.Reshuffle()
            | "Known" >> beam.FlatMap(read_rows, Event).with_output_types(Event)
            | "Told" >> beam.Filter(lambda e, wanted: holds(wanted, hash_of_key(event_key(e))), beam.pvalue.AsSingleton(wanted))
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
    """(start, kept articles) → one element a run, the Part that was written for them. It counts once the run is published.

    `start` has one element a run. Let the step that publishes the run wait for the result.
    """

    def __init__(self, ledger: str, run: RunOf) -> None:
        super().__init__()
        self.ledger, self.run = ledger, run

    def expand(self, inputs: tuple[beam.PCollection, beam.PCollection[Article]]) -> beam.PCollection[Part]:
        start, articles = inputs
        files = articles | "WriteEntries" >> beam.ParDo(_WriteEntries(self.ledger, self.run)).with_output_types(tuple[str, int])
        part: beam.PCollection[Part] = start | "Part" >> beam.Map(self._part, beam.pvalue.AsList(files))
        return part

    def _part(self, _: Any, files: Iterable[tuple[str, int]], window: Any = beam.DoFn.WindowParam) -> Part:
        files = sorted(files)
        run_id, output = self.run.id(window), self.run.path(window)
        part = Part(run_id, output, tuple(name for name, _ in files), sum(count for _, count in files))
        if not is_finished(output):  # else an engine has gone back, and the part of the published run stays
            write_part(self.ledger, part)
        return part


class _WriteEntries(beam.DoFn):
    """One file a bundle, under a name that never repeats: a retried bundle does no harm, for only the files of `run.json` count."""

    def __init__(self, ledger: str, run: RunOf) -> None:
        self.ledger, self.run = ledger, run

    def start_bundle(self) -> None:
        self.entries: defaultdict[BoundedWindow, list[Entry]] = defaultdict(list)

    def process(self, article: Article, window: Any = beam.DoFn.WindowParam) -> None:
        self.entries[window].append(entry(article))

    def finish_bundle(self) -> Iterator[WindowedValue]:
        for window, entries in self.entries.items():
            name = f"part-{uuid.uuid4().hex}.parquet"
            yield in_window((name, write_file(self.ledger, self.run.id(window), name, entries)), window)


class _Union(beam.CombineFn):
    """Joins arrays of 32-bit hashes, as bytes, into one sorted array."""

    def create_accumulator(self) -> list[bytes]:
        return []

    def add_input(self, arrays: list[bytes], array: bytes) -> list[bytes]:
        arrays.append(array)
        return arrays

    def merge_accumulators(self, accumulators: Iterable[list[bytes]]) -> list[bytes]:
        return [union(array for arrays in accumulators for array in arrays)]

    def compact(self, arrays: list[bytes]) -> list[bytes]:
        return [union(arrays)]

    def extract_output(self, arrays: list[bytes]) -> bytes:
        return union(arrays)


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


def _read_wanted(file: tuple[str, str, str], wanted: bytes) -> Iterator[tuple[str, Text]]:
    return ((e.article_id, (e.keys, e.shingles, e.figures)) for e in read_file(*file) if is_wanted(e.article_id, e.keys, wanted))


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
