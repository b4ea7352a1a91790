"""The PTransform of watching."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.transforms.periodicsequence import PeriodicImpulse
from apache_beam.transforms.window import FixedWindows
from apache_beam.utils.timestamp import MAX_TIMESTAMP, Timestamp

from transforms.read.listing import InputFile
from transforms.watch.follower import Follower
from transforms.watch.journal import Journal


class WatchFiles(beam.PTransform):
    """The new files of the inputs as they come, each once, in one fixed window for each tick.

    Args:
        inputs: as for `ReadDocuments`.
        journal: directory that remembers what was taken; see `Follower`, also for `every` and `forget`.
        start: first tick, seconds since 1970, a multiple of `every`. Ticks in the past give what the journal says that they took.
        stop: the tick before which to end; None: never.
    """

    def __init__(self, inputs: Sequence[str], journal: str, every: int, forget: int, start: int, stop: int | None = None) -> None:
        super().__init__()
        self.take = _Take(inputs, journal, every, forget)
        self.every, self.start, self.stop = every, start, stop

    def expand(self, pbegin: beam.pvalue.PBegin) -> beam.PCollection[InputFile]:
        stop = MAX_TIMESTAMP if self.stop is None else Timestamp(self.stop)
        return (
            pbegin
            | "Ticks" >> PeriodicImpulse(Timestamp(self.start), stop, self.every)
            | "Take" >> beam.ParDo(self.take).with_output_types(InputFile)
            | "Window" >> beam.WindowInto(FixedWindows(self.every))
        )


class _Take(beam.DoFn):
    def __init__(self, inputs: Sequence[str], journal: str, every: int, forget: int) -> None:
        self.inputs, self.journal, self.every, self.forget = inputs, journal, every, forget
        self.files = Metrics.counter("watch", "files")

    def setup(self) -> None:
        self.follower = Follower(self.inputs, Journal(self.journal), self.every, self.forget)

    def process(self, _: object, tick: Any = beam.DoFn.TimestampParam) -> Iterator[InputFile]:
        for uri in self.follower.take(int(float(tick)), time.time()):
            self.files.inc()
            yield InputFile(uri)
