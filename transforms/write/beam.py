"""WriteJsonl: rows into staged files, CountElements: what the manifest counts, and PublishRun: the one step at the end that makes the run visible."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import apache_beam as beam
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.windowed_value import WindowedValue

import transforms.coders  # noqa: F401
from transforms.write.jsonl import SUFFIXES, Compression, FileRecord, JsonlWriter
from transforms.write.manifest import build_manifest, check_conservation, check_error_rate, check_ledger, totals
from transforms.write.run_directory import STAGING, publish, write_manifest

_ROLL_BYTES = 256 << 20  # a new file after this much uncompressed text: warehouses load files of this size best


class WriteJsonl(beam.PTransform):
    """PCollection of rows of one table → PCollection of FileRecord; files are staged, not yet visible.

    Each bundle writes files of its own under names that never repeat, so a retried bundle does no harm and nothing is shuffled.
    """

    def __init__(self, run: str, table: str, compression: Compression) -> None:
        self.run, self.table, self.compression = run, table, compression

    def expand(self, rows: beam.PCollection) -> beam.PCollection[FileRecord]:
        return rows | beam.ParDo(_WriteRows(self.run, self.table, self.compression)).with_output_types(FileRecord)


class _WriteRows(beam.DoFn):
    def __init__(self, run: str, table: str, compression: Compression) -> None:
        self.run, self.table, self.compression = run, table, compression

    def start_bundle(self) -> None:
        self.writer: JsonlWriter | None = None

    def process(self, row: Any) -> Iterator[FileRecord]:
        if self.writer is None:
            name = f"{self.table}-{uuid.uuid4().hex}{SUFFIXES[self.compression]}"
            self.writer = JsonlWriter(f"{self.run}/{STAGING}/{name}", self.table, self.compression)
        self.writer.write(row)
        if self.writer.uncompressed >= _ROLL_BYTES:
            yield self.writer.close()
            self.writer = None

    def finish_bundle(self) -> Iterator[WindowedValue]:
        if self.writer is not None:
            window = GlobalWindow()
            yield WindowedValue(self.writer.close(), window.max_timestamp(), (window,))
            self.writer = None


class CountElements(beam.PTransform):
    """PCollection → (name, number of elements), one for each bundle: a tuple for each element would have to be kept until they are summed."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def expand(self, elements: beam.PCollection) -> beam.PCollection[tuple[str, int]]:
        return elements | beam.ParDo(_Count(self.name)).with_output_types(tuple[str, int])


class _Count(beam.DoFn):
    def __init__(self, name: str) -> None:
        self.name = name

    def start_bundle(self) -> None:
        self.count = 0

    def process(self, _: Any) -> None:
        self.count += 1

    def finish_bundle(self) -> Iterator[WindowedValue]:
        window = GlobalWindow()
        yield WindowedValue((self.name, self.count), window.max_timestamp(), (window,))


class PublishRun(beam.PTransform):
    """Staged files of all tables and the counts of all stages → the published run, whose manifest is the result's one element.

    The counts of rows come from the files themselves, the count of documents from the graph: the two must agree
    (`check_conservation`), or the run fails and stays invisible. With a third input, whose one element is what the manifest says of the
    run's part of a ledger, the run waits for that part.
    """

    def __init__(self, run: str, info: dict[str, Any], compression: Compression, max_error_rate: float) -> None:
        self.run, self.info, self.compression, self.max_error_rate = run, info, compression, max_error_rate

    def expand(self, inputs: tuple[beam.PCollection, ...]) -> beam.PCollection[dict[str, Any]]:
        files, counts, *ledger = inputs
        return (
            files.pipeline
            | "One run" >> beam.Create([None])
            | "Publish" >> beam.Map(self._publish, *(beam.pvalue.AsList(rows) for rows in (files, counts, *ledger)))
        )

    def _publish(
        self, _: None, files: Iterable[FileRecord], counts: Iterable[tuple[str, int]], ledger: Iterable[dict[str, Any]] = ()
    ) -> dict[str, Any]:
        files, stages = list(files), dict(counts)
        read = stages.get("read.documents", 0) + stages.get("read.rejects", 0)
        written = totals(files)
        check_conservation(read, written)
        check_error_rate(read, written, self.max_error_rate)
        part = next(iter(ledger), None)
        check_ledger(part, written)
        published = publish(self.run, files, self.compression)
        manifest = build_manifest({**self.info, "ledger": part}, published, stages, datetime.now(UTC).isoformat(timespec="seconds"))
        write_manifest(self.run, manifest)
        return manifest
