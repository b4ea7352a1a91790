"""WriteJsonl: rows into staged files, CountElements: what the manifest counts, and PublishRun: the one step at the end that makes the run visible."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import apache_beam as beam
from apache_beam.transforms.window import BoundedWindow, GlobalWindow
from apache_beam.utils.windowed_value import WindowedValue

import transforms.coders  # noqa: F401
from transforms.write.jsonl import SUFFIXES, Compression, FileRecord, JsonlWriter
from transforms.write.manifest import build_manifest, check_conservation, check_error_rate, check_ledger, totals
from transforms.write.run_directory import STAGING, drop_staged, finish, is_finished, publish, read_manifest, run_id_of, run_path

_ROLL_BYTES = 256 << 20  # a new file after this much uncompressed text: warehouses load files of this size best


@dataclass(frozen=True)
class RunOf:
    """Which run a row belongs to: `run_id`, or where this is None, the run that is named from the time of the row's window.

    Args:
        output: the directory of the runs.
        run_id: of the one run of a batch job.
    """

    output: str
    run_id: str | None = None

    def id(self, window: BoundedWindow) -> str:
        """The id of the run."""
        return self.run_id or run_id_of(int(window.start))

    def path(self, window: BoundedWindow) -> str:
        """The directory of the run."""
        return run_path(self.output, self.id(window))


def in_window(value: Any, window: BoundedWindow) -> WindowedValue:
    """`value` as a DoFn gives it at the end of a bundle: with its window."""
    return WindowedValue(value, window.max_timestamp(), (window,))


class WriteJsonl(beam.PTransform):
    """PCollection of rows of one table → PCollection of FileRecord; files are staged, not yet visible.

    Each bundle writes files of its own under names that never repeat, so a retried bundle does no harm and nothing is shuffled.
    """

    def __init__(self, run: RunOf, table: str, compression: Compression) -> None:
        self.run, self.table, self.compression = run, table, compression

    def expand(self, rows: beam.PCollection) -> beam.PCollection[FileRecord]:
        return rows | beam.ParDo(_WriteRows(self.run, self.table, self.compression)).with_output_types(FileRecord)


class _WriteRows(beam.DoFn):
    def __init__(self, run: RunOf, table: str, compression: Compression) -> None:
        self.run, self.table, self.compression = run, table, compression

    def start_bundle(self) -> None:
        self.writers: dict[BoundedWindow, JsonlWriter] = {}

    def process(self, row: Any, window: Any = beam.DoFn.WindowParam) -> Iterator[FileRecord]:
        writer = self.writers.get(window)
        if writer is None:
            name = f"{self.table}-{uuid.uuid4().hex}{SUFFIXES[self.compression]}"
            writer = self.writers[window] = JsonlWriter(f"{self.run.path(window)}/{STAGING}/{name}", self.table, self.compression)
        writer.write(row)
        if writer.uncompressed >= _ROLL_BYTES:
            yield self.writers.pop(window).close()

    def finish_bundle(self) -> Iterator[WindowedValue]:
        for window, writer in self.writers.items():
            yield in_window(writer.close(), window)


class CountElements(beam.PTransform):
    """PCollection → (name, number of elements): parts of it, to be summed.

    A batch gives one for each bundle, for a tuple for each element would have to be kept until they are summed. To ask each element for its
    window costs more than that, so the small windows of a stream do without.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def expand(self, elements: beam.PCollection) -> beam.PCollection[tuple[str, int]]:
        name = self.name
        count = beam.ParDo(_Count(name)) if elements.windowing.is_default() else beam.Map(lambda _: (name, 1))
        return elements | count.with_output_types(tuple[str, int])


class _Count(beam.DoFn):
    def __init__(self, name: str) -> None:
        self.name = name

    def start_bundle(self) -> None:
        self.count = 0

    def process(self, _: Any) -> None:
        self.count += 1

    def finish_bundle(self) -> Iterator[WindowedValue]:
        yield in_window((self.name, self.count), GlobalWindow())


class PublishRun(beam.PTransform):
    """Publishes a run: (start, staged files of all tables, counts of all stages) → its manifest, one element.

    `start` has one element a run. The counts of rows come from the files themselves, the count of documents from the graph: the two must
    agree (`check_conservation`), or the run fails and stays invisible. With a fourth input, whose one element is what the manifest says
    of the run's part of a ledger, the run waits for that part. A run that is finished stays as it is: an engine may go back and come again.

    `info`: what the manifest says beside the run's id and its counts.
    """

    def __init__(self, run: RunOf, info: dict[str, Any], compression: Compression, max_error_rate: float) -> None:
        self.run, self.info, self.compression, self.max_error_rate = run, info, compression, max_error_rate

    def expand(self, inputs: tuple[beam.PCollection, ...]) -> beam.PCollection[dict[str, Any]]:
        start, *others = inputs
        files, counts, ledger = [*map(beam.pvalue.AsList, others), ()][:3]
        published: beam.PCollection[dict[str, Any]] = start | "Publish" >> beam.Map(self._publish, files, counts, ledger)
        return published

    def _publish(
        self,
        _: Any,
        files: Iterable[FileRecord],
        counts: Iterable[tuple[str, int]],
        ledger: Iterable[dict[str, Any]],
        window: Any = beam.DoFn.WindowParam,
    ) -> dict[str, Any]:
        run = self.run.path(window)
        if is_finished(run):
            drop_staged(run)
            return read_manifest(run)
        files, stages = list(files), dict(counts)
        read = stages.get("read.documents", 0) + stages.get("read.rejects", 0)
        written = totals(files)
        check_conservation(read, written)
        check_error_rate(read, written, self.max_error_rate)
        part = next(iter(ledger), None)
        check_ledger(part, written)
        published = publish(run, files, self.compression)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        info = {"run_id": self.run.id(window), **self.info, "ledger": part}
        if not self.run.run_id:
            info["started_at"] = window.start.to_utc_datetime(has_tz=True).isoformat(timespec="seconds")
        manifest = build_manifest(info, published, stages, now)
        finish(run, manifest)
        return manifest
