"""WatchFiles: the unbounded source of a stream of files."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import apache_beam as beam
from apache_beam.io.restriction_trackers import OffsetRange, OffsetRestrictionTracker
from apache_beam.io.watermark_estimators import ManualWatermarkEstimator
from apache_beam.pvalue import PBegin
from apache_beam.transforms.core import RestrictionProvider
from apache_beam.transforms.window import FixedWindows, TimestampedValue
from apache_beam.utils.timestamp import Duration, Timestamp

from transforms.watch.plan import Window
from transforms.watch.source import Watch, next_window


class WatchFiles(beam.PTransform):
    """The files of each window, as one list in a window of one second that closes at once: `next_window` for a pipeline.

    A list goes out when the run of the one before is published. What the engine remembers is the number of the next window.
    """

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self.watch = watch

    def expand(self, begin: PBegin) -> beam.PCollection[list[str]]:
        files: beam.PCollection[list[str]] = (
            begin
            | "Begin" >> beam.Impulse()
            | "Look" >> beam.ParDo(_Look(self.watch)).with_output_types(list[str])
            | "Windows" >> beam.WindowInto(FixedWindows(1))
        )
        return files


class _Numbers(OffsetRestrictionTracker):
    """Numbers of windows: there is no end to them, and no half that another worker could look for."""

    def is_bounded(self) -> bool:
        return False

    def try_split(self, fraction: float) -> Any:
        return super().try_split(fraction) if fraction == 0 else None


class _NumbersProvider(RestrictionProvider):
    def initial_restriction(self, _: Any) -> OffsetRange:
        return OffsetRange(0, 1 << 62)

    def create_tracker(self, numbers: OffsetRange) -> _Numbers:
        return _Numbers(numbers)

    def restriction_size(self, _: Any, numbers: OffsetRange) -> int:
        return 1

    def split(self, _: Any, numbers: OffsetRange) -> Iterator[OffsetRange]:
        yield numbers

    def truncate(self, _: Any, numbers: OffsetRange) -> None:
        return None


_NUMBERS = beam.DoFn.RestrictionParam(_NumbersProvider())
_WATERMARK = beam.DoFn.WatermarkEstimatorParam(ManualWatermarkEstimator.default_provider())


class _Look(beam.DoFn):
    def __init__(self, watch: Watch) -> None:
        self.watch = watch

    @beam.DoFn.unbounded_per_element()
    def process(self, _: bytes, numbers: Any = _NUMBERS, watermark: Any = _WATERMARK) -> Iterator[TimestampedValue]:
        reached = watermark.current_watermark() or Timestamp(0)
        found = next_window(self.watch, numbers.current_restriction().start, float(reached))
        if not isinstance(found, Window):
            # Flink loses a watermark now and then; a later one makes good for it.
            watermark.set_watermark(max(reached, Timestamp(int(time.time()))))
            numbers.defer_remainder(Duration(found.seconds))
        elif numbers.try_claim(found.number):
            yield TimestampedValue(list(found.files), Timestamp(found.begin))
            watermark.set_watermark(max(reached, Timestamp(found.begin + 1)))
            numbers.defer_remainder(Duration(0.5))
